"""An easier week: every fifth, or earlier; then seven days with fewer sets and no rise, counted once."""

from dataclasses import replace

import pytest

from bot.coach.course import CourseDay
from bot.coach.records import RISES, DayRecord, Mode
from bot.library.library import Library
from tests.unit.coach.training_days import EASY, PROFILE, follow, trained


def calm(days: int, **changed: DayRecord) -> list[DayRecord]:
    """Training on every second day; `changed` days by their number, as in d5=…"""
    usual = [
        DayRecord(day=day, session=trained()) if day % 2 else DayRecord(day=day, morning=3)
        for day in range(1, days + 1)
    ]
    return [changed.get(f"d{record.day}", record) for record in usual]


def eased(course: list[CourseDay]) -> list[int]:
    return [day.day for day in course if day.gate.rule == "R_DELOAD"]


def test_the_fifth_and_the_tenth_week_are_easier(library: Library) -> None:
    course = follow(library, calm(80))

    assert eased(course) == [*range(29, 36), *range(64, 71)]
    for day in course:
        if day.gate.eased:
            assert (day.gate.mode, day.gate.sets_less, day.gate.volume_percent) == (Mode.REDUCED, 1, 60)
            assert not any(decision.change in RISES for decision in day.decisions)
            assert day.decisions[0].reason in {"reason/R_HOLD/deload", "reason/R_HOLD/decided"}


def test_forms_and_doses_stay_in_it(library: Library) -> None:
    course = {day.day: day for day in follow(library, calm(40))}

    assert course[28].places == course[35].places


@pytest.mark.parametrize("gap", [7, 10])
def test_days_away_are_rest_already(library: Library, gap: int) -> None:
    away = [record for record in calm(56) if not 15 < record.day < 15 + gap]

    assert eased(follow(library, away))[:1] == [15 + gap + (15 + gap + 1) % 2 + 28]


def test_a_hard_week_brings_it_earlier(library: Library) -> None:
    efforts = {9: 8, 11: 6, 13: 8, 15: 6}
    hard = {
        f"d{day}": DayRecord(day=day, session=trained(record=replace(EASY, effort=e))) for day, e in efforts.items()
    }

    assert eased(follow(library, calm(20, **hard)))[0] in range(12, 18)


def test_a_usual_that_creeps_up_brings_it_earlier(library: Library) -> None:
    days = [replace(record, morning=3 + (record.day > 14)) if record.day % 2 == 0 else record for record in calm(28)]

    assert eased(follow(library, days))
    assert not eased(follow(library, calm(28)))


def test_three_small_days_in_ten_bring_it_and_its_own_days_do_not_count(library: Library) -> None:
    days = [
        DayRecord(day=day, session=trained(before=5, after=5))
        if day % 2
        else DayRecord(day=day, morning=5, sleep=2 if day in {10, 12, 14} else 7)
        for day in range(1, 41)
    ]

    found = eased(follow(library, days, profile=replace(PROFILE, pain_average=5)))

    assert found[:7] == [*range(found[0], found[0] + 7)]
    assert found[0] in range(15, 18)
    assert not [day for day in found[7:] if day < found[0] + 28]
