"""A member to whom everything goes well: calm mornings, every exercise fine, every offer taken, questions answered."""

from collections.abc import Iterator
from itertools import count, islice

from tests.dialogue.month import Month, easy
from tests.dialogue.room import Room


def glad(question: str, tokens: set[str]) -> str | None:
    """Answers the questions that were put off, too."""
    return "now" if question == "soft-now" else easy(question, tokens)


def lives(room: Room, days: int) -> Iterator[Room]:
    """After each day from the second on. The life of a room in which nothing has happened is lived once, and copied."""
    return islice(_lives(room) if room.has_begun else _lived(room), days - 1)


def _lives(room: Room) -> Iterator[Room]:
    room.first_day()
    month = Month(room, answer=glad)
    while True:
        month.lives(1)
        yield room


def _lived(room: Room) -> Iterator[Room]:
    days, going_on = _LIVES.setdefault((room.language, room.now, room.channel), ([], _lives(room)))
    for number in count():
        if number == len(days):
            days.append(next(going_on).copy())
        yield days[number].copy()


_LIVES: dict[tuple[object, ...], tuple[list[Room], Iterator[Room]]] = {}
