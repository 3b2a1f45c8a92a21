"""A hundred perfect days: every exercise of the programme rises, one question a session, and none is starved.

Ten weeks take every exercise two forms up, a hundred days each to the end of its ladder: what is heaviest rests 48
hours by the clock, so that somebody who trains every day at one time has it every third day. Every fifth week is
easier.
"""

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

import pytest

from bot.dialogue.facts import ExerciseDone, SessionStarted
from bot.dialogue.member import Placed
from bot.library.exercise import HOUSEHOLD
from tests.dialogue import perfect
from tests.dialogue.room import Room, the_kit

THREE = ("beckenkippen", "bruecke", "kniebeuge")  # so that the numbers stay true however many exercises there are


def lives(days: int) -> Iterator[Room]:
    library = the_kit().library
    few = library.model_copy(update={"exercises": {name: library.exercises[name] for name in THREE}})
    return perfect.lives(Room(kit=replace(the_kit(), library=few)), days)


def is_at_ceiling(placed: Placed) -> bool:
    """The last form before one that wants something not every home has: nobody said that there is any."""
    exercise = the_kit().library.exercises[placed.exercise]
    top = next((each.level - 1 for each in exercise.levels if set(each.equipment) - HOUSEHOLD), exercise.top_level)
    return (placed.level, placed.dose_step) == (top, exercise.top_step)


@pytest.fixture(scope="module")
def programmes() -> list[tuple[Placed, ...]]:
    return [room.member.known.programme for room in lives(100)]


def test_ten_weeks_take_every_exercise_two_forms_up(programmes: list[tuple[Placed, ...]]) -> None:
    assert {placed.exercise for placed in programmes[68]} == set(THREE)
    assert all(placed.level > 2 for placed in programmes[68])


def test_at_last_every_exercise_reaches_its_ceiling(programmes: list[tuple[Placed, ...]]) -> None:
    assert all(is_at_ceiling(placed) for placed in programmes[-1])
    assert {placed.exercise: placed.level for placed in programmes[-1]} == {
        "beckenkippen": 4,
        "bruecke": 4,
        "kniebeuge": 3,  # the fourth carries a backpack
    }


def test_nothing_rises_by_more_than_a_step_a_session(programmes: list[tuple[Placed, ...]]) -> None:
    for before, after in pairwise(programmes):
        known = {placed.exercise: placed for placed in before}
        for placed in after:
            old = known.get(placed.exercise, placed)
            assert (placed.level, placed.dose_step) in {
                (old.level, old.dose_step),
                (old.level, old.dose_step + 1),
                (old.level + 1, 1),
            }


def test_every_fifth_week_is_easier() -> None:
    room = list(lives(75))[-1]
    begun = [dated for dated in room.facts if isinstance(dated.fact, SessionStarted)]
    first = begun[0].day

    eased = {
        (dated.day - first).days // 7 for dated in begun if isinstance(dated.fact, SessionStarted) and dated.fact.eased
    }

    assert eased
    assert all(week % 5 == 4 for week in eased)


def test_one_question_a_session_asks_for_more_in_turn() -> None:
    room = list(lives(20))[-1]
    asked = [dated for dated in room.facts if isinstance(dated.fact, ExerciseDone) and dated.fact.more is not None]

    assert len({dated.day for dated in asked}) == len(asked) > 10
    assert len({dated.fact.exercise for dated in asked if isinstance(dated.fact, ExerciseDone)}) > 1


def test_the_morning_number_within_the_hour_counts_as_the_one_before() -> None:
    room = list(lives(4))[-1]

    assert [memo.before for memo in room.member.known.sessions] == [3, 2, 2, 2]
