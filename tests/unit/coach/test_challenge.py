"""Moving together: which day a tap counts for, and what is added up."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.coach.challenge import Plan, active_day_of, carry, day_ends, score, suggest_goal
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
    rules = library.thresholds.challenge
    end = day_ends(day, zone, rules)

    assert active_day_of(end, zone, rules) == day + timedelta(days=1)
    assert active_day_of((end.astimezone(UTC) - timedelta(seconds=1)), zone, rules) == day


# Everywhere summer time begins and ends in another way: at one, two, three or midnight, by an hour or half of one, over
# three o'clock itself (Chatham), with a day left out (Apia) or two hours (Troll).
ZONES = (
    *("Europe/Berlin", "Europe/Helsinki", "Atlantic/Azores", "America/New_York", "America/Havana", "America/Nuuk"),
    *("Australia/Lord_Howe", "Pacific/Chatham", "Pacific/Apia", "Africa/Casablanca", "Antarctica/Troll", "Asia/Beirut"),
    *("Asia/Kathmandu", "Asia/Kolkata", "Pacific/Kiritimati", "UTC"),
)


def _turns(zone: str) -> list[datetime]:
    """When the clock is put forward or back there."""
    there, hours = ZoneInfo(zone), [datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=h) for h in range(366 * 24)]
    offsets = [hour.astimezone(there).utcoffset() for hour in hours]
    return [hours[at] for at in range(1, len(hours)) if offsets[at] != offsets[at - 1]]


@pytest.mark.parametrize("zone", ZONES)
def test_days_follow_each_other_without_a_gap_over_every_turn_of_the_clock(library: Library, zone: str) -> None:
    """Minute by minute around each of them: a day never comes back, and each ends when it is said to."""
    rules = library.thresholds.challenge
    for turn in _turns(zone):
        minutes = [turn + timedelta(minutes=minute) for minute in range(-300, 300)]
        days = [active_day_of(minute, zone, rules) for minute in minutes]
        assert days == sorted(days)
        assert (days[-1] - days[0]).days <= 1
        for minute, day in zip(minutes, days, strict=True):
            assert day_ends(day - timedelta(days=1), zone, rules) <= minute < day_ends(day, zone, rules)


@pytest.mark.parametrize(("people", "movers", "told"), [(3, 3, False), (50, 3, False), (3, 4, False), (4, 4, True)])
def test_a_total_is_told_once_four_people_have_moved(library: Library, people: int, movers: int, *, told: bool) -> None:
    rules = library.thresholds.challenge
    found = score(PLAN, {DAYS[0]: 1}, {}, people=people, movers=movers, today=MONDAY, rules=rules)

    assert found.is_told is told  # one person's own days among three who rest are no sum


@pytest.mark.parametrize(
    ("days", "own", "carried"),
    [
        ([5, 5, 5, 5, 5, 0, 0], [5, 5, 5, 5, 5], 10),  # jokers: the two quietest count as the other five
        ([5, 5, 5, 5, 5, 5, 5], [7, 7, 7, 7, 7], 0),
        (
            [3, 3, 3, 3, 3, 3, 3],
            [7, 7, 7, 0],
            7,
        ),  # nobody's day is quiet; who could not move counts as the three others
        ([1, 0, 0, 0, 0, 0, 0], [1, 0, 0, 0], 0),
        ([2, 2, 2, 2, 2, 2, 2], [7, 6, 1, 0, 0], 8),  # the other four have 3 on average: two, three and three more
        ([1, 1, 0, 0, 0, 0, 0], [2], 0),  # nobody is there to be averaged
        ([1, 1, 1, 1, 1, 1, 1], [], 0),  # all have left since
    ],
)
def test_a_finished_weeks_missed_days_are_carried(
    library: Library, days: list[int], own: list[int], carried: int
) -> None:
    assert carry(days, own, library.thresholds.challenge) == carried


def test_what_was_carried_is_added_to_the_total_only(library: Library) -> None:
    rules = library.thresholds.challenge
    found = score(PLAN, {DAYS[0]: 4, DAYS[7]: 2}, {1: 9, 3: 70}, people=6, movers=6, today=DAYS[7], rules=rules)

    assert (found.today, found.total) == (2, 15)


WEEKS_DAYS = st.lists(st.sets(st.integers(0, 6)), min_size=1, max_size=12)  # each person's days of one week


def _seven(people: list[set[int]]) -> list[int]:
    return [sum(day in days for days in people) for day in range(7)]


@given(WEEKS_DAYS, st.data())
def test_a_tap_never_lowers_a_weeks_sum_and_no_sum_is_more_than_all_could_do(
    library: Library, people: list[set[int]], data: st.DataObject
) -> None:
    rules = library.thresholds.challenge

    def total(found: list[set[int]]) -> int:
        days = _seven(found)
        return sum(days) + carry(days, [len(own) for own in found], rules)

    before = total(people)
    who, day = data.draw(st.integers(0, len(people) - 1)), data.draw(st.integers(0, 6))
    after = total([days | {day} if number == who else days for number, days in enumerate(people)])

    assert sum(_seven(people)) <= before <= after <= 7 * len(people)


@given(WEEKS_DAYS)
def test_whoever_cannot_move_counts_at_least_as_the_others_average(library: Library, people: list[set[int]]) -> None:
    rules = library.thresholds.challenge
    own = [*(len(days) for days in people), 0]

    assert carry(_seven(people), own, rules) >= sum(own) // len(people)


def test_after_the_last_day_only_the_total_stands(library: Library) -> None:
    late = PLAN.last_day + timedelta(days=9)
    found = score(PLAN, {DAYS[13]: 4, late: 3}, {}, people=5, movers=5, today=late, rules=library.thresholds.challenge)

    assert (found.today, found.total) == (0, 4)


@pytest.mark.parametrize(("people", "weeks", "goal"), [(1, 1, 2), (4, 2, 16), (50, 4, 420)])
def test_the_goal_can_be_reached_by_ordinary_people(library: Library, people: int, weeks: int, goal: int) -> None:
    rules = library.thresholds.challenge

    assert suggest_goal(people, weeks, own_days=rules.own_days, goal_percent=rules.goal_percent) == goal
