"""A member who lives day after day: trains when the prompt comes and answers, or puts off, what is asked behind it."""

from collections.abc import Iterator
from typing import Any

from bot.dialogue.conversation import follow
from bot.dialogue.flows.session import SESSION
from bot.dialogue.portioning import PORTION_FLOWS
from bot.dialogue.questions import Question
from tests.dialogue.room import Room

MOST = 40  # taps of a day; more is a loop
GOES_WELL = ("go", "more", "longer", "fine", "show")
ANSWERS = {
    "days": "7", "average": "3", "own": "garden", "own-now": "4", "fear": "2", "activity": "some", "work": "sitting",
    "minutes": "10", "likes": "second", "equipment": "=", "helped": "warmth", "soft-now": "now", "list-4": "none",
    "places": "+low-left +seat-left =",
    "mood-consent": "yes", "mood-interest": "never", "mood-low": "never",
}  # fmt: skip


def waiting(room: Room) -> Question[Any] | None:
    """The question that stands open."""
    state = room.member.open
    ask = None if state is None else follow(state).waiting
    return None if ask is None else ask.question


def tokens(room: Room) -> list[str]:
    last = room.visible[room.order[-1]]
    return [button.data.rpartition(".")[2] for row in last.buttons for button in row]


def trains(room: Room, *, morning: str = "3", after: str = "2") -> int:
    """From the prompt to the end of the exercises; the taps it took."""
    room.until_due("prompt")
    taps = 0
    while (question := waiting(room)) is not None and question.id == "pain-morning":
        room.taps(morning)
        taps += 1
    while room.member.open is not None and room.member.open.flow == SESSION.name:
        offered = tokens(room)
        room.taps(next((token for token in GOES_WELL if token in offered), after))
        taps += 1
        assert taps < MOST, room.texts
    return taps


def portions(room: Room, *, later: tuple[str, ...] = ()) -> Iterator[str]:
    """Each question asked behind the exercises, answered or put off."""
    for _ in range(MOST):
        if room.member.open is None or room.member.open.flow not in PORTION_FLOWS:
            return
        question = waiting(room)
        assert question is not None
        yield question.id
        if question.id in later or question.id not in {*ANSWERS, "name"}:
            room.taps("~")
        elif question.id == "name":
            room.says("Kim")
        else:
            for token in ANSWERS[question.id].split():
                room.taps(token, after_s=60)
    raise AssertionError(room.texts)
