"""Notices keys that are older than the conversation, as after a backup was brought back.

With them the coach would write what nobody can read, and could not read what members write. A count beside the keys and
the same count at the homeserver go up every hour; if the homeserver's is ahead, the keys have been here before.
"""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from bot.channels.matrix.wire import Wire, WireError

log = logging.getLogger(__name__)

EVERY_S = 3600.0
_KIND = "de.rueckgrat.pulse"


@dataclass(slots=True)
class Pulse:
    """`keep` writes the count beside the keys."""

    client: Any
    count: int
    keep: Callable[[int], None]

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            await asyncio.sleep(EVERY_S)
            await self.beat()

    async def beat(self) -> None:
        """First here, then there: cut off between the two, ours is ahead, which means nothing."""
        self.count += 1
        try:
            self.keep(self.count)
            await Wire(self.client).put(_path(self.client), {"device": self.client.device_id, "count": self.count})
        except (WireError, OSError) as error:
            log.warning("the age of the keys is not noted", extra={"action": "matrix-pulse", "error": str(error)})


async def count_there(client: Any) -> int:
    """What the homeserver knows for this device; 0 if nothing. Raises `WireError`."""
    try:
        found = await Wire(client).get(_path(client))
    except WireError as error:
        if error.status == 404:
            return 0
        raise
    count = found.get("count")
    return count if found.get("device") == client.device_id and isinstance(count, int) else 0


def _path(client: Any) -> str:
    return f"user/{quote(client.user_id, safe='')}/account_data/{_KIND}"
