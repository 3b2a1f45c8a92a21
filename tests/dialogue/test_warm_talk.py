"""A prompt waits ten minutes after the last message, two hours at most, whatever the talk was about."""

from datetime import datetime, timedelta

import pytest

from bot.dialogue.flows.session import PROMPT
from bot.dialogue.messages import Priority
from tests.dialogue.room import Room


@pytest.fixture
def room() -> Room:
    made = Room()
    made.first_day()
    return made


def prompts(room: Room, until: datetime) -> list[datetime]:
    """When a prompt came until then; what the weeks bring beside it stands elsewhere."""
    came: list[datetime] = []
    while waiting := sorted(
        (booked.due, kind) for (kind, _), booked in room.appointments.items() if booked.due < until
    ):
        turn = room.until_due(waiting[0][1])
        asks = any(message.priority is Priority.PROMPT for message in turn.messages)
        came += [room.now] if waiting[0][1] == PROMPT and asks else []
    room.now = max(room.now, until)
    return came


def eight(room: Room) -> datetime:
    return min(booked.due for (kind, _), booked in room.appointments.items() if kind == PROMPT)


@pytest.mark.parametrize("said", ["hallo", "/hilfe", "danke dir"])
def test_a_prompt_waits_ten_minutes_after_whatever_was_said_though_nothing_stands_open(room: Room, said: str) -> None:
    due = eight(room)
    room.lives_until(due - timedelta(minutes=2))
    room.says(said, after_s=1)
    assert room.member.open is None
    heard = room.now

    (came,) = prompts(room, due + timedelta(hours=1))
    assert came >= heard + timedelta(minutes=10)


def test_who_goes_on_writing_for_two_hours_is_not_asked_that_day(room: Room) -> None:
    due = eight(room)
    room.lives_until(due - timedelta(minutes=2))
    came: list[datetime] = []
    for _ in range(28):
        room.says("danke dir", after_s=1)
        came += prompts(room, room.now + timedelta(minutes=5))
    came += prompts(room, due + timedelta(hours=8))
    assert came == []
