"""What was decided weeks ago still counts, however much was decided since: rises have their days between them (I3)."""

from datetime import timedelta

import pytest

from bot.coach.records import Change
from bot.dialogue import facts as f
from bot.dialogue.history import history_of
from tests.dialogue.diary import LIBRARY, Diary, grown

HOLD = f.Decided(
    exercise="bruecke",
    change="hold",
    rule="R_HOLD",
    level=2,
    dose_step=1,
    sets=2,
    inputs=(("good", "1"),) * 12,
    sources=("D_DESIGN",),
)
RISE = f.Decided(exercise="katze-kuh", change="level_up", rule="R_LEVEL", level=3, dose_step=1, sets=2, levels=1)


def after_rise(days: int, *, a_day: int) -> Diary:
    """So many days behind a rise, each with so many exercises about which all stays."""
    member, now = grown()
    diary = Diary(member.known, now)
    diary.notes(RISE)
    for _ in range(days):
        diary.now += timedelta(days=1)
        diary.notes(*(HOLD,) * a_day)
    return diary


@pytest.mark.parametrize(("days", "a_day"), [(6, 9), (13, 5), (13, 9)])
def test_a_rise_is_remembered_as_long_as_the_rules_ask_for_it(days: int, a_day: int) -> None:
    """Two sessions of five exercises a day: forty decisions were four days, and rises want seven or fourteen."""
    rises = [
        change
        for change in history_of(after_rise(days, a_day=a_day).known, LIBRARY).changes
        if (change.exercise, change.change) == ("katze-kuh", Change.LEVEL_UP)
    ]

    assert rises
    assert rises[-1].day == grown()[1].date().toordinal()


def test_what_is_older_than_its_days_goes() -> None:
    diary = after_rise(36, a_day=9)

    assert all(each.decided != RISE for each in diary.known.changed)
    assert len(diary.known.decisions) == 40
