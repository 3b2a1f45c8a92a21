"""After weeks: it does not move, or it is good enough to keep with less. Both are offers and need numbers."""

from dataclasses import replace

import pytest

from bot.coach.records import DayRecord, History
from bot.coach.standing import MAINTENANCE, NOT_BETTER, PLATEAU, WORSE, find_standing
from bot.library.library import Library
from bot.library.screening import Episode
from tests.unit.coach.training_days import follow, trained


def lived(weeks: int, first: float, last: float, *, done: bool = True, told: Episode = Episode.CHRONIC) -> History:
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
    return History(days=days, told=told)


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (6, 5, PLATEAU),
        (5, 5, PLATEAU),
        (5, 6, PLATEAU),
        (5, 7, WORSE),
        (3, 7, WORSE),
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


def test_getting_worse_is_told_however_little_was_trained(library: Library) -> None:
    assert find_standing(lived(7, 3, 5, done=False), 50, library.thresholds) == WORSE


@pytest.mark.parametrize(
    ("told", "day", "expected"),
    [
        (Episode.ACUTE, 35, None),
        (Episode.ACUTE, 36, NOT_BETTER),
        (Episode.SUBACUTE, 36, None),
        (Episode.SUBACUTE, 50, NOT_BETTER),
        (Episode.CHRONIC, 36, None),
        (Episode.CHRONIC, 50, PLATEAU),
    ],
)
def test_the_weeks_after_which_a_practice_is_named_are_those_of_the_phase(
    library: Library, told: Episode, day: int, expected: str | None
) -> None:
    """Between the fourth and the sixth week of a fresh episode, whether or not much was trained."""
    assert find_standing(lived(7, 5, 5, told=told), day, library.thresholds) == expected
    if told is not Episode.CHRONIC:
        assert find_standing(lived(7, 5, 5, told=told, done=False), day, library.thresholds) == expected


def test_an_activity_that_goes_worse_is_no_reason_to_stay_silent(library: Library) -> None:
    history = lived(7, 5, 5)

    assert find_standing(replace(history, own=((1, 6.0), (49, 3.0))), 50, library.thresholds) == PLATEAU
    assert find_standing(replace(history, own=((1, 3.0), (49, 6.0))), 50, library.thresholds) is None


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
