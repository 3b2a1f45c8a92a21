"""Moving together: which day a tap counts for, and what is added up."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.coach.challenge import Plan, active_day_of, day_ends, score, suggest_goal
from bot.library.library import Library

MONDAY = date(2026, 11, 23)
PLAN = Plan(begins=MONDAY, weeks=2, goal=30)
DAYS = [MONDAY + timedelta(days=offset) for offset in range(14)]


@pytest.mark.parametrize(
    ("utc", "day"),
    [
        (datetime(2026, 11, 24, 1, 59, tzinfo=UTC), date(2026, 11, 23)),  # 02:59 in Berlin: still yesterday evening
        (datetime(2026, 11, 24, 2, 0, tzinfo=UTC), date(2026, 11, 24)),
        (datetime(2026, 3, 29, 0, 59, tzinfo=UTC), date(2026, 3, 28)),  # the night without a second hour
        (datetime(2026, 3, 29, 1, 0, tzinfo=UTC), date(2026, 3, 29)),
        (datetime(2026, 10, 25, 1, 59, tzinfo=UTC), date(2026, 10, 24)),  # the night with two
        (datetime(2026, 10, 25, 2, 0, tzinfo=UTC), date(2026, 10, 25)),
    ],
)
def test_an_evening_lasts_until_three(library: Library, utc: datetime, day: date) -> None:
    assert active_day_of(utc, "Europe/Berlin", library.thresholds.challenge) == day


@given(
    st.dates(date(2026, 1, 1), date(2027, 12, 31)),
    st.sampled_from(["Europe/Berlin", "America/New_York", "Asia/Kolkata"]),
)
def test_a_day_ends_where_the_next_begins(library: Library, day: date, zone: str) -> None:
    rules, end = library.thresholds.challenge, None
    end = day_ends(day, zone, rules)

    assert active_day_of(end, zone, rules) == day + timedelta(days=1)
    assert active_day_of((end.astimezone(UTC) - timedelta(seconds=1)), zone, rules) == day


def test_too_few_people_are_told_no_total(library: Library) -> None:
    rules = library.thresholds.challenge
    told = [score(PLAN, {}, people=people, covered=0, today=MONDAY, rules=rules).is_told for people in (1, 3, 4, 50)]

    assert told == [False, False, True, True]


def test_a_finished_week_carries_its_two_quietest_days(library: Library) -> None:
    rules = library.thresholds.challenge
    active = {DAYS[0]: 5, DAYS[1]: 5, DAYS[2]: 5, DAYS[3]: 5, DAYS[4]: 5}

    during = score(PLAN, active, people=5, covered=0, today=DAYS[6], rules=rules)
    after = score(PLAN, active, people=5, covered=0, today=DAYS[7], rules=rules)

    assert (during.total, after.total) == (25, 35)
    assert after.is_reached


def test_whoever_may_not_train_counts_as_the_others_do(library: Library) -> None:
    found = score(PLAN, {DAYS[0]: 4}, people=6, covered=2, today=DAYS[0], rules=library.thresholds.challenge)

    assert (found.total, found.this_week, found.today) == (6, 6, 4)


TAPS = st.dictionaries(st.sampled_from(DAYS), st.integers(0, 40))


@given(TAPS, st.sampled_from(DAYS), st.sampled_from(DAYS), st.integers(1, 40), st.data())
def test_a_tap_never_lowers_anything(
    library: Library, active: dict[date, int], today: date, tapped: date, people: int, data: st.DataObject
) -> None:
    covered = data.draw(st.integers(0, people))
    rules = library.thresholds.challenge
    before = score(PLAN, active, people=people, covered=covered, today=today, rules=rules)
    more = {**active, tapped: active.get(tapped, 0) + 1}
    after = score(PLAN, more, people=people, covered=covered, today=today, rules=rules)

    assert after.total >= before.total
    assert after.this_week >= before.this_week
    assert after.today >= before.today


@given(TAPS, st.integers(0, 13))
def test_the_end_of_a_day_never_lowers_the_total(library: Library, active: dict[date, int], offset: int) -> None:
    rules = library.thresholds.challenge
    today = MONDAY + timedelta(days=offset)
    now = score(PLAN, active, people=5, covered=0, today=today, rules=rules)
    tomorrow = score(PLAN, active, people=5, covered=0, today=today + timedelta(days=1), rules=rules)

    assert tomorrow.total >= now.total


def test_after_the_last_day_only_the_total_stands(library: Library) -> None:
    found = score(
        PLAN,
        {DAYS[13]: 4},
        people=5,
        covered=0,
        today=PLAN.last_day + timedelta(days=9),
        rules=library.thresholds.challenge,
    )

    assert (found.week, found.today, found.this_week, found.total) == (3, 0, 0, 4)


@pytest.mark.parametrize(("people", "weeks", "goal"), [(1, 1, 2), (4, 2, 16), (50, 4, 420)])
def test_the_goal_can_be_reached_by_ordinary_people(library: Library, people: int, weeks: int, goal: int) -> None:
    rules = library.thresholds.challenge

    assert suggest_goal(people, weeks, own_days=rules.own_days, goal_percent=rules.goal_percent) == goal
