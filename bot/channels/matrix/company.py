"""Who is with us in a room, who was when something was said there, and who was when we were put out."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from bot.channels.matrix.direct import noted
from bot.channels.matrix.rooms import IN, Rooms, memberships
from bot.channels.matrix.updates import identifier
from bot.channels.matrix.wire import Wire, WireError

ASK_S = 5.0  # so long a homeserver may take to tell who was in a room that we are no longer in


async def company_of(rooms: Rooms, room: str) -> list[str] | None:
    """Everybody but the coach, also of a room that we are no longer in; `None` where nobody tells."""
    if rooms.known(room):
        return rooms.others(room)
    try:
        async with asyncio.timeout(ASK_S):
            return await _as_we_left(rooms, room)
    except (WireError, TimeoutError):
        return None


def company_at(events: Sequence[Mapping[str, Any]], after: Iterable[str], account: str) -> list[frozenset[str]]:
    """Who was there with us at each event, told backwards from who is there after all of them."""
    there, found = set(after), []
    for event in reversed(events):
        found.append(frozenset(there))
        person = identifier(event.get("state_key"))
        if event.get("type") == "m.room.member" and person is not None and person != account:
            (there.add if memberships(event)[0] in IN else there.discard)(person)
    return found[::-1]


async def _as_we_left(rooms: Rooms, room: str) -> list[str] | None:
    """Whom we are asked back by, the homeserver does not tell: that it was a private room is noted at the account."""
    try:
        told = await Wire(rooms.client).get(f"rooms/{quote(room, safe='')}/members")
    except WireError:
        alone = await noted(rooms.client)
        return [person for person, theirs in alone.items() if room in theirs] or None
    there = [each for each in told.get("chunk", []) if isinstance(each, Mapping) and memberships(each)[1] in IN]
    people = [identifier(each.get("state_key")) for each in there]
    return [person for person in people if person is not None and person != rooms.account]
