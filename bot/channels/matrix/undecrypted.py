"""Messages whose keys have not come: tried again with every sync, asked for, and in the end said aloud.

They are named in the sync position before it moves on, so a restart does not forget them.
"""

import logging
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from nio import MegolmEvent
from nio.exceptions import EncryptionError, LocalProtocolError

from bot.channels.matrix.errors import UNREACHED, is_error
from bot.channels.matrix.updates import is_undecrypted

log = logging.getLogger(__name__)

MOST, MOST_A_ROOM = 5000, 500  # whoever floods one room with unreadable messages takes nothing from the others
GIVEN_UP_S = 24 * 3600.0


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds after which the sender's devices are asked for the key, and after which the person is told."""

    ask_s: float = 60.0
    tell_s: float = 300.0


@dataclass(slots=True)
class _Held:
    room: str
    event: Any  # nio's; `None` until it is fetched anew after a restart
    since: float
    asked: bool = False
    told: bool = False


@dataclass(slots=True)
class Undecrypted:
    """Of one account."""

    client: Any
    patience: Patience = field(default_factory=Patience)
    clock: Callable[[], float] = time.monotonic
    _held: dict[str, _Held] = field(default_factory=dict)

    def hold(self, room: str, event: Any) -> None:
        known = str(event.source.get("event_id"))
        if known in self._held:
            return
        here = sum(held.room == room for held in self._held.values())
        if here >= MOST_A_ROOM or len(self._held) >= MOST:
            log.error("too many unread messages", extra={"action": "matrix-undecrypted"})
            return
        self._held[known] = _Held(room, event, self.clock())

    @property
    def names(self) -> tuple[tuple[str, str], ...]:
        """Room and event of each."""
        return tuple((held.room, event) for event, held in self._held.items())

    def remember(self, names: Iterable[tuple[str, str]]) -> None:
        """What was open when the last process ended."""
        for room, event in names:
            self._held.setdefault(event, _Held(room, None, self.clock()))

    async def retried(self) -> list[tuple[str, Any]]:
        """Those that can be read by now, with their rooms; oldest first."""
        found = []
        for name, held in list(self._held.items()):
            if self.clock() - held.since > GIVEN_UP_S:
                del self._held[name]
                continue
            if held.event is None:
                held.event = await self._fetched(held.room, name)
            event = self._decrypted(held.event)
            if event is not None:
                del self._held[name]
                found.append((held.room, event))
        return found

    async def overdue(self) -> list[str]:
        """Ask for keys whose time has come; the rooms in which somebody must be told."""
        rooms = []
        for held in list(self._held.values()):
            waited = self.clock() - held.since
            if waited >= self.patience.ask_s and not held.asked:
                held.asked = True
                await self._ask(held.event)
            if waited >= self.patience.tell_s and not held.told:
                held.told = True
                log.warning("a message cannot be read", extra={"action": "matrix-undecrypted"})
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

    async def _fetched(self, room: str, name: str) -> Any:
        try:
            answer = await self.client.room_get_event(room, name)
        except UNREACHED:
            return None
        if is_error(answer):
            return None
        answer.event.room_id = room
        return answer.event

    async def _ask(self, event: Any) -> None:
        if not isinstance(event, MegolmEvent):
            return
        try:
            await self.client.request_room_key(event)
        except (LocalProtocolError, *UNREACHED):
            return  # asked already, or not reached: their own next message brings the key
