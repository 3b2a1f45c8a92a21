"""After weeks: it does not move, or it is good enough to keep with less. Both are offers and need numbers."""

from dataclasses import replace

import pytest

from bot.coach.records import DayRecord, History
from bot.coach.standing import MAINTENANCE, PLATEAU, find_standing
from bot.library.library import Library
from tests.unit.coach.training_days import follow, trained


def lived(weeks: int, first: float, last: float, *, done: bool = True) -> History:
    """The first week with one number, all later ones with another."""
    days = tuple(
        DayRecord(
            day=day,
            morning=first if day <= 7 else last,
            session=trained(before=first if day <= 7 else last) if done and day % 2 else None,
            missed=not done,
        )
        for day in range(1, 7 * weeks + 1)
    )
    return History(days=days)


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (6, 5, PLATEAU),
        (5, 5, PLATEAU),
        (5, 6, PLATEAU),
        (6, 4, None),  # two points
        (4, 2.5, None),  # more than 30 %
        (3, 2, MAINTENANCE),
        (2, 2, MAINTENANCE),
    ],
)
def test_after_seven_weeks(library: Library, first: float, last: float, expected: str | None) -> None:
    assert find_standing(lived(7, first, last), 50, library.thresholds) == expected


def test_whoever_hardly_trained_has_no_plateau(library: Library) -> None:
    assert find_standing(lived(7, 5, 5, done=False), 50, library.thresholds) is None


def test_six_weeks_are_too_short_and_unknown_weeks_say_nothing(library: Library) -> None:
    history = lived(7, 5, 5)

    assert find_standing(history, 43, library.thresholds) is None
    assert find_standing(replace(history, days=history.days[7:]), 50, library.thresholds) is None
    assert find_standing(History(), 50, library.thresholds) is None


def test_weeks_no_longer_kept_day_by_day_count_too(library: Library) -> None:
    history = lived(7, 5, 5)

    kept = replace(history, days=history.days[7:], weeks=((1, 5.0),))

    assert find_standing(kept, 50, library.thresholds) == PLATEAU


def test_the_gate_recommends_it_beside_the_day(library: Library) -> None:
    course = follow(library, lived(7, 2, 2).days)

    assert course[-1].gate.advice == (MAINTENANCE,)
