"""Over ten weeks: Sunday's news are true and each is told once; breaks at the desk vary, with everyday ideas."""

import pytest

from bot.dialogue.facts import BreakTaken, Decided, PortionAsked
from bot.dialogue.flows.desk import IDEAS
from bot.dialogue.flows.week import NEWS
from bot.dialogue.weeks import ANNOUNCED
from tests.dialogue.month import Month, keen
from tests.dialogue.room import Room, the_kit


def busy(question: str, tokens: set[str]) -> str | None:
    """At a desk, taking every break."""
    return {"desk-break": "done", "soft-now": "now", "fear": "1"}.get(question) or keen(question, tokens)


@pytest.fixture(scope="module")
def ten_weeks() -> Room:
    room = Room()
    room.first_day()
    return Month(room, answer=busy).lives(70).room


def test_each_sunday_tells_something_else_and_an_exercise_only_where_it_really_comes(ten_weeks: Room) -> None:
    told = [
        fact.portion.removeprefix(ANNOUNCED)
        for fact in ten_weeks.known_facts(PortionAsked)
        if fact.portion.startswith(ANNOUNCED)
    ]
    joined = {fact.exercise for fact in ten_weeks.known_facts(Decided) if fact.change == "start"}

    assert len(told) == len(set(told)) >= 6
    assert set(NEWS) >= {"cards", "together", "walk", "other"} <= set(told)
    exercises = [name for name in told if name not in NEWS]
    assert exercises
    assert set(exercises[:-1]) <= joined  # the last one may still be to come


def test_breaks_show_every_move_of_the_desk_and_most_ideas(ten_weeks: Room) -> None:
    taken = [fact.exercise for fact in ten_weeks.known_facts(BreakTaken)]
    moves = set(the_kit().library.thresholds.playlists["desk"])

    assert {"aufstehen-recken", "sitz-becken", "sitz-drehung"} < moves
    assert moves <= set(taken)
    assert len(IDEAS) >= 12
    assert len(set(taken) & set(IDEAS)) >= 10
