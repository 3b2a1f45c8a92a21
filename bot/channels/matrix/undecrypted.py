"""Messages whose keys have not come: tried again with every sync, and in the end said aloud, once a day in a room.

They are named in the sync position before it moves on, so a restart does not forget them, how long they have waited,
and what was said; after it they are fetched anew, a few with each sync. Nobody is asked for the key: clients pass keys
on to their own person's devices only. It comes with a message that was under way, or with the sender's next one.
"""

import asyncio
import heapq
import logging
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from nio import MegolmEvent
from nio.exceptions import EncryptionError, LocalProtocolError

from bot.channels.matrix.errors import UNREACHED, is_error
from bot.channels.matrix.position import Unread
from bot.channels.matrix.updates import is_undecrypted

log = logging.getLogger(__name__)

MOST, MOST_A_ROOM = 5000, 500  # whoever floods one room with unreadable messages takes nothing from the others
AT_ONCE = 20  # asked of the homeserver before one sync is written: nobody's words wait for thousands of others
ASK_S = 5.0  # nor longer than this for its answers
DAY_S = 24 * 3600
GIVEN_UP_S = DAY_S


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds after which the person is told."""

    tell_s: float = 300.0


@dataclass(slots=True)
class _Held:
    room: str
    event: Any  # nio's; `None` until it is fetched anew after a restart
    since: int
    told: bool = False
    asked: int = 0  # how often it was to be fetched

    @property
    def is_new(self) -> bool:
        """To this process: it may well be readable."""
        return self.event is None and not self.asked


@dataclass(slots=True)
class Undecrypted:
    """Of one account. `clock`: epoch seconds. `told`: rooms in which it was said, and when."""

    client: Any
    patience: Patience = field(default_factory=Patience)
    clock: Callable[[], float] = time.time
    told: dict[str, int] = field(default_factory=dict)
    _held: dict[str, _Held] = field(default_factory=dict)

    def hold(self, room: str, event: Any) -> None:
        known = str(event.source.get("event_id"))
        if known in self._held:
            return
        here = sum(held.room == room for held in self._held.values())
        if here >= MOST_A_ROOM or len(self._held) >= MOST:
            log.error("too many unread messages", extra={"action": "matrix-undecrypted"})
            return
        self._held[known] = _Held(room, event, int(self.clock()))

    @property
    def names(self) -> tuple[Unread, ...]:
        return tuple(Unread(held.room, event, held.since, held.told) for event, held in self._held.items())

    def remember(self, names: Iterable[Unread], told: Mapping[str, int]) -> None:
        """What is open, and nothing else."""
        now = int(self.clock())
        self._held = {each.event: _Held(each.room, None, each.since or now, each.told) for each in names}
        self.told = dict(told)

    async def retried(self) -> list[tuple[str, Any]]:
        """Those that can be read by now, with their rooms; oldest first."""
        now = self.clock()
        self._held = {name: held for name, held in self._held.items() if now - held.since <= GIVEN_UP_S}
        with suppress(TimeoutError):
            async with asyncio.timeout(ASK_S):
                await asyncio.gather(*map(self._fetch, self._turn()))
        found = []
        for name, held in list(self._held.items()):
            event = self._decrypted(held.event)
            if event is not None:
                del self._held[name]
                found.append((held.room, event))
        return found

    @property
    def is_behind(self) -> bool:
        """Some have not been asked for once."""
        return any(held.is_new for held in self._held.values())

    def _turn(self) -> list[str]:
        """Those that are fetched next: whichever waited longest for it, the oldest first."""
        unknown = (name for name, held in self._held.items() if held.event is None)
        return heapq.nsmallest(AT_ONCE, unknown, key=lambda name: self._held[name].asked)

    def overdue(self) -> list[str]:
        """The rooms in which somebody must be told; none of them twice within a day."""
        now = int(self.clock())
        self.told = {room: at for room, at in self.told.items() if now - at < DAY_S}
        rooms = []
        for held in self._held.values():
            if held.told or held.is_new or now - held.since < self.patience.tell_s:
                continue
            held.told = True
            log.warning("a message cannot be read", extra={"action": "matrix-undecrypted"})
            if held.room not in self.told:
                self.told[held.room] = now
                rooms.append(held.room)
        return rooms

    def _decrypted(self, event: Any) -> Any:
        if not isinstance(event, MegolmEvent):
            readable = event is not None and not is_undecrypted(event.source)
            return event if readable else None
        try:
            return self.client.decrypt_event(event)
        except (EncryptionError, LocalProtocolError):
            return None

    async def _fetch(self, name: str) -> None:
        held = self._held[name]
        held.asked += 1
        try:
            answer = await self.client.room_get_event(held.room, name)
        except UNREACHED:
            return
        if not is_error(answer):
            answer.event.room_id = held.room
            held.event = answer.event
