"""A member to whom everything goes well: calm mornings, every exercise fine, every offer taken, questions answered."""

from collections.abc import Iterator

from tests.dialogue.month import Month, easy
from tests.dialogue.room import Room


def glad(question: str, tokens: set[str]) -> str | None:
    """Answers the questions that were put off, too."""
    return "now" if question == "soft-now" else easy(question, tokens)


def lives(room: Room, days: int) -> Iterator[Room]:
    """After each day from the second on."""
    room.first_day()
    month = Month(room, answer=glad)
    for _ in range(days - 1):
        month.lives(1)
        yield room
