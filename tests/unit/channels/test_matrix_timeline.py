"""One event that our own code fails on makes nobody deaf, whether it can be read at once or later."""

import asyncio
from typing import Any

from nio import AsyncClient, Event, MatrixRoom

from bot.channels.matrix.drawing import TAPS
from bot.channels.matrix.invitations import Invitations
from bot.channels.matrix.keys import Keys
from bot.channels.matrix.marks import Marks
from bot.channels.matrix.reactions import Reactions
from bot.channels.matrix.rooms import InvitePolicy, Rooms
from bot.channels.matrix.sending import Sending
from bot.channels.matrix.timeline import Batch, Timeline
from bot.channels.matrix.undecrypted import Undecrypted
from bot.channels.matrix.uploads import Uploads
from bot.channels.wall_clock import now_us
from bot.dialogue.events import MediaReceived, TextReceived, Unreadable
from tests.channel.telegram_parts import Drawn, Shelf

COACH, ADA, ROOM, QUESTION = "@coach:example.org", "@ada:example.org", "!room:example.org", "$question"
NOW = 1_800_000_000_000_000


def event(name: str, kind: str, content: dict[str, Any]) -> Any:
    known = {"event_id": name, "sender": ADA, "origin_server_ts": NOW // 1000, "room_id": ROOM}
    return Event.parse_event({**known, "type": kind, "content": content})


FATAL = event("$fatal", "m.reaction", {"m.relates_to": {"rel_type": "m.annotation", "event_id": QUESTION, "key": "1"}})
WORDS = event("$words", "m.room.message", {"msgtype": "m.text", "body": "hallo"})
SAID = [("$fatal", MediaReceived(what=Unreadable.OTHER)), ("$words", TextReceived(text="hallo"))]


async def _nowhere(_: str) -> list[str]:
    return []


def timeline() -> Timeline:
    """To its question no reaction can be understood: its answers are no signs."""
    client: Any = AsyncClient("https://example.org", COACH)
    client.rooms[ROOM] = MatrixRoom(ROOM, COACH)
    rooms, marks = Rooms(client, COACH), Marks()
    uploads = Uploads(client, Drawn(), Shelf())
    sending = Sending(client, rooms, Keys(client), uploads, marks, lambda _: None, asyncio.Event())
    sending.shown[QUESTION] = {TAPS: {1: "yes"}}
    return Timeline(
        rooms=rooms,
        undecrypted=Undecrypted(client),
        invitations=Invitations(client, rooms, InvitePolicy(), now_us),
        reactions=Reactions(client, sending),
        marks=marks,
        rooms_of=_nowhere,
    )


async def test_what_comes_behind_an_event_that_fails_is_heard() -> None:
    batch = Batch()
    await timeline().take(batch, ROOM, [FATAL, WORDS], NOW)
    assert [(arrival.source, arrival.event) for arrival in batch.arrivals] == SAID


async def test_what_could_not_be_read_first_and_then_fails_takes_nothing_else_with_it() -> None:
    batch, heard = Batch(), timeline()
    for late in (FATAL, WORDS):
        heard.undecrypted.hold(ROOM, late)
    await heard.catch_up(batch, NOW)
    assert [(arrival.source, arrival.event) for arrival in batch.arrivals] == SAID
