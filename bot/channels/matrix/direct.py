"""Which rooms are private, noted at the account (`m.direct`): its other clients then list them as people, not rooms."""

import logging
import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from bot.channels.matrix.rooms import Rooms
from bot.channels.matrix.wire import Wire, WireError

log = logging.getLogger(__name__)

EVERY_S = 60.0  # all of them are written each time: thousands of rooms are hundreds of kilobytes
Noted = dict[str, list[str]]  # by person


@dataclass(slots=True)
class Direct:
    """Of one account. Only a courtesy: what becomes of it is logged. `clock`: seconds that only grow."""

    client: Any
    rooms: Rooms
    clock: Callable[[], float] = time.monotonic
    _noted_at: float = -math.inf

    async def note(self) -> bool:
        """Ours are added, those we are in no more go; what else is noted there stays. False: it is too soon again."""
        if self.clock() - self._noted_at < EVERY_S:
            return False
        self._noted_at = self.clock()
        try:
            known = await noted(self.client)
            wanted = self._wanted(known)
            if wanted != known:
                await Wire(self.client).put(_path(self.client), wanted)
        except WireError as error:
            log.info("private rooms are not noted", extra={"action": "matrix-direct", "error": str(error)})
        return True

    def _wanted(self, known: Noted) -> Noted:
        wanted = {person: [room for room in rooms if self.rooms.known(room)] for person, rooms in known.items()}
        for room, person in self.rooms.private():
            theirs = wanted.setdefault(person, [])
            if room not in theirs:
                theirs.append(room)
        return {person: rooms for person, rooms in wanted.items() if rooms}


async def noted(client: Any) -> Noted:
    """As it stands at the account. Raises `WireError`."""
    try:
        found = await Wire(client).get(_path(client))
    except WireError as error:
        if error.status == 404:  # nothing has been noted yet
            return {}
        raise
    return {person: [str(room) for room in rooms] for person, rooms in found.items() if isinstance(rooms, list)}


def _path(client: Any) -> str:
    return f"user/{quote(client.user_id, safe='')}/account_data/m.direct"
