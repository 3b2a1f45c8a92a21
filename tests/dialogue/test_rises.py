"""A hundred and twenty perfect sessions: every exercise of the programme rises, and none is starved by another.

One question a session says that more would go, and a member of unknown fear may have one new form a week: sixty
sessions give every exercise a new form, and a hundred and twenty take each to the end of its ladder.
"""

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

import pytest

from bot.dialogue.facts import Decided, ExerciseDone
from bot.dialogue.member import Placed
from tests.dialogue.room import Room, the_kit

THREE = ("beckenkippen", "bruecke", "kniebeuge")  # so that the numbers stay true however many exercises there are
TAPS = ("go", "show", "fine", "yes", "3")  # whatever of these the open question has


def is_there(room: Room, token: str) -> bool:
    last = room.visible[room.order[-1]]
    return any(button.data.endswith(f".{token}") for row in last.buttons for button in row)


def lives(sessions: int) -> Iterator[Room]:
    """After each session: every morning calm, every exercise fine, more would have gone, every offer is taken."""
    library = the_kit().library
    few = library.model_copy(update={"exercises": {name: library.exercises[name] for name in THREE}})
    room = Room(kit=replace(the_kit(), library=few))
    room.first_day()
    for _ in range(sessions - 1):
        room.until_due("prompt")
        while room.member.open is not None:
            room.taps(next(token for token in TAPS if is_there(room, token)), after_s=40)
        yield room


def is_at_ceiling(placed: Placed) -> bool:
    exercise = the_kit().library.exercises[placed.exercise]
    return (placed.level, placed.dose_step) == (exercise.top_level, exercise.top_step)


@pytest.fixture(scope="module")
def programmes() -> list[tuple[Placed, ...]]:
    return [room.member.known.programme for room in lives(120)]


def test_sixty_sessions_give_every_exercise_a_new_form(programmes: list[tuple[Placed, ...]]) -> None:
    assert {placed.exercise for placed in programmes[58]} == set(THREE)
    assert all(placed.level > 1 for placed in programmes[58])


def test_at_last_every_exercise_reaches_its_ceiling(programmes: list[tuple[Placed, ...]]) -> None:
    assert all(is_at_ceiling(placed) for placed in programmes[-1])


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


def test_one_question_a_session_asks_for_more() -> None:
    room = list(lives(12))[-1]
    asked = [done for done in room.known_facts(ExerciseDone) if done.more is not None]

    assert len(asked) == 12
    assert len({done.exercise for done in asked}) > 1
    assert any(made.change == "dose_up" for made in room.known_facts(Decided))


def test_the_morning_number_within_the_hour_counts_as_the_one_before() -> None:
    room = list(lives(3))[-1]

    assert [memo.before for memo in room.member.known.sessions] == [3, 3, 3]
