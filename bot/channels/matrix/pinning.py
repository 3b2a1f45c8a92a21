"""What stands at the top of a room: one card of ours, beside what others have pinned. Without the right it is left."""

import logging
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from bot.channels.matrix.updates import identifier
from bot.channels.matrix.wire import Wire, WireError

log = logging.getLogger(__name__)

LOOKED_AT = 20  # whose the pinned messages are is asked one by one


@dataclass(slots=True)
class Pins:
    """Of one account. What becomes of a pin is only logged: the card stands in the room like any other message."""

    client: Any

    async def put(self, room: str, event: str) -> None:
        """Instead of our older ones."""
        try:
            pinned = await self._pinned(room)
            if event not in pinned:
                kept = [each for each in pinned[-LOOKED_AT:] if not await self._is_ours(room, each)]
                await self._say(room, [*pinned[:-LOOKED_AT], *kept, event])
        except WireError as error:
            log.info("nothing can be pinned", extra={"action": "matrix-pin", "error": str(error)})

    async def take(self, room: str, event: str) -> None:
        try:
            pinned = await self._pinned(room)
            if event in pinned:
                await self._say(room, [each for each in pinned if each != event])
        except WireError as error:
            log.info("nothing can be unpinned", extra={"action": "matrix-pin", "error": str(error)})

    async def _pinned(self, room: str) -> list[str]:
        try:
            found = await Wire(self.client).get(_path(room, "state/m.room.pinned_events"))
        except WireError as error:
            if error.status == 404:  # nobody has pinned anything yet
                return []
            raise
        listed = found.get("pinned")
        return [each for each in listed if identifier(each)] if isinstance(listed, list) else []

    async def _is_ours(self, room: str, event: str) -> bool:
        try:
            found = await Wire(self.client).get(_path(room, f"event/{quote(event, safe='')}"))
        except WireError:
            return False
        return bool(found.get("sender") == self.client.user_id)

    async def _say(self, room: str, pinned: list[str]) -> None:
        await Wire(self.client).put(_path(room, "state/m.room.pinned_events"), {"pinned": pinned})


def _path(room: str, rest: str) -> str:
    return f"rooms/{quote(room, safe='')}/{rest}"
