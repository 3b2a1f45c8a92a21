"""The worked example of the clinical rules gives exactly its decisions: usual pain 3, bridge on form 2 at 3 × 10."""

from collections.abc import Iterator

import pytest

from bot.coach.place import Place
from bot.coach.records import DayRecord
from bot.library.library import Library
from tests.unit.coach.training_days import follow, trained

MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY, SUNDAY = range(1, 8)


def two_weeks(*, monday_morning_after: float | None = 3, last_morning: float = 3) -> list[DayRecord]:
    return [
        DayRecord(day=MONDAY, session=trained(before=3, after=4)),
        DayRecord(day=TUESDAY, morning=3),
        DayRecord(day=WEDNESDAY, session=trained(before=2, after=3)),
        DayRecord(day=THURSDAY, morning=3),
        DayRecord(day=FRIDAY, session=trained()),
        DayRecord(day=SATURDAY, morning=3),
        DayRecord(day=SUNDAY),
        DayRecord(day=7 + MONDAY, session=trained()),
        DayRecord(day=7 + TUESDAY, morning=monday_morning_after),
        DayRecord(day=7 + WEDNESDAY, session=trained(before=3, after=6)),
        DayRecord(day=7 + THURSDAY, morning=last_morning),
    ]


def changes(library: Library, days: list[DayRecord]) -> Iterator[tuple[int, str, str, Place]]:
    for day in follow(library, days, Place(2, 3, 3)):
        (decision,) = day.decisions
        if decision.change.value != "hold":
            yield day.day, decision.change.value, decision.rule, decision.place


def test_the_example(library: Library) -> None:
    assert list(changes(library, two_weeks())) == [
        (THURSDAY, "dose_up", "R_DOSE", Place(2, 4, 3)),
        (7 + TUESDAY, "level_up", "R_LEVEL", Place(3, 1, 3)),
        (7 + WEDNESDAY, "level_down", "R_RED2", Place(2, 2, 3)),
    ]


def test_the_doses_of_the_example(library: Library) -> None:
    bridge = library.exercises["bruecke"]

    assert [bridge.amount(step) for step in (3, 4, 1, 2)] == [10, 12, 6, 8]


def test_a_morning_of_5_is_a_flare_up_on_that_day(library: Library) -> None:
    found = follow(library, two_weeks(last_morning=5), Place(2, 3, 3))

    assert [day.gate.mode.value for day in found] == ["normal"] * 10 + ["flare"]


def test_without_the_morning_after_monday_all_stays(library: Library) -> None:
    found = follow(library, two_weeks(monday_morning_after=None)[:9], Place(2, 3, 3))

    assert found[-1].decisions[0].reason == "reason/R_HOLD/morning"


@pytest.mark.parametrize("rest_days", range(5))
def test_nothing_rises_before_saturday(library: Library, rest_days: int) -> None:
    more = [DayRecord(day=7 + FRIDAY + n, morning=3) for n in range(rest_days)]

    assert all(change[1] != "dose_up" for change in changes(library, [*two_weeks()[9:], *more]))
