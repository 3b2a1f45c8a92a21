"""Messages that cannot be read yet, after a restart: fetched a few at a time, each in its turn."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

import pytest
from nio import Event, RoomGetEventError, RoomGetEventResponse

from bot.channels.matrix import undecrypted
from bot.channels.matrix.position import Unread
from bot.channels.matrix.undecrypted import AT_ONCE, Patience, Undecrypted

ROOM, NOW = "!room:example.org", 1_800_000_000
MANY = 2 * AT_ONCE + 5


def said(name: str) -> dict[str, Any]:
    content = {"msgtype": "m.text", "body": "hallo"}
    known = {"event_id": name, "sender": "@ada:example.org", "origin_server_ts": NOW * 1000, "room_id": ROOM}
    return {**known, "type": "m.room.message", "content": content}


@dataclass
class Homeserver:
    """What nio's client asks it. `readable`: events that it tells; of others it tells none."""

    readable: set[str] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)
    hangs: bool = False

    async def room_get_event(self, room: str, name: str) -> Any:
        assert room == ROOM
        self.asked.append(name)
        if self.hangs:
            await asyncio.Event().wait()
        if name not in self.readable:
            return RoomGetEventError("not found", "M_NOT_FOUND")
        answer = RoomGetEventResponse()
        answer.event = Event.parse_event(said(name))
        return answer


def remembered(homeserver: Homeserver) -> tuple[Undecrypted, list[str]]:
    names = [f"$event-{number:03}" for number in range(MANY)]
    waiting = Undecrypted(homeserver, Patience(tell_s=300), lambda: NOW)
    waiting.remember([Unread(ROOM, name, NOW - 400) for name in names], {})
    return waiting, names


async def test_a_flood_that_was_remembered_is_fetched_a_few_at_a_time_each_in_its_turn() -> None:
    homeserver = Homeserver()
    waiting, names = remembered(homeserver)
    for _ in range(3):
        assert waiting.is_behind
        before = len(homeserver.asked)
        await waiting.retried()
        assert len(homeserver.asked) - before <= AT_ONCE
    assert homeserver.asked[: 2 * AT_ONCE] == names[: 2 * AT_ONCE]  # the oldest first
    assert set(homeserver.asked) == set(names)
    assert not waiting.is_behind

    homeserver.readable = set(names)
    found = []
    while waiting.names:
        found += await waiting.retried()
    assert sorted(event.event_id for _, event in found) == names


async def test_nobody_is_told_that_something_cannot_be_read_before_it_was_asked_for() -> None:
    homeserver = Homeserver()
    waiting, names = remembered(homeserver)
    homeserver.readable = set(names)
    while waiting.names:
        await waiting.retried()
        assert waiting.overdue() == []


async def test_a_homeserver_that_tells_none_of_them_keeps_nobody_waiting_for_each(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(undecrypted, "ASK_S", 0.05)
    homeserver = Homeserver()
    homeserver.hangs = True
    waiting, names = remembered(homeserver)

    async with asyncio.timeout(0.05 * AT_ONCE / 2):
        assert await waiting.retried() == []

    assert homeserver.asked == names[:AT_ONCE]
    homeserver.hangs, homeserver.readable = False, set(names)
    assert [event.event_id for _, event in await waiting.retried()] == names[AT_ONCE : 2 * AT_ONCE]
