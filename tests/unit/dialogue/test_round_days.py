"""Which of a card's buttons counts, wherever and whenever it is tapped."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.coach.challenge import Plan, active_day_of
from bot.dialogue.events import Tapped
from bot.dialogue.rounds import RoundTap, counts_now
from tests.dialogue.room import the_kit
from tests.unit.coach.test_challenge import ZONES


@given(st.datetimes(datetime(2026, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)), st.sampled_from(ZONES))  # noqa: DTZ001  bounds have no zone
def test_at_every_moment_exactly_one_day_can_be_tapped(now: datetime, zone: str) -> None:
    """Of the round's days, whichever a button carries: today's, and on no other day before or after the round."""
    rules = the_kit().library.thresholds.challenge
    today = active_day_of(now, zone, rules)
    plan = Plan(begins=today - timedelta(days=3), weeks=1, goal=9)
    days = [today + timedelta(days=offset) for offset in range(-9, 9)]

    assert [day for day in days if counts_now(RoundTap(1, day, Tapped.MOVED), now, zone, plan, rules)] == [today]
    over = Plan(begins=today - timedelta(days=8), weeks=1, goal=9)
    assert not any(counts_now(RoundTap(1, day, Tapped.MOVED), now, zone, over, rules) for day in days)
