"""Who is no longer in the store goes from the web chat's own file too.

An erasure clears it at once, where the worker is in this process and lives on. This finds the rest: an erasure cut off
by SIGKILL or made by another process or `rueckgrat erase`, and people who never consented and went after a day.
"""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass

from bot.channels.web.channel import WebChannel
from bot.dialogue.failures import StoreAwayError
from bot.store.store import Store

log = logging.getLogger(__name__)

FIRST_S = 60.0
EVERY_S = 3600.0
QUIET_US = 30_000_000  # the goodbye may be read for so long; what was just written is on its way into the inbox
AT_ONCE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Departed:
    """`now`: epoch microseconds."""

    store: Store
    web: WebChannel
    now: Callable[[], int]

    async def run(self) -> None:
        """Until cancelled."""
        wait = FIRST_S
        while True:
            await asyncio.sleep(wait)
            wait = EVERY_S
            try:
                await self.sweep()
            except StoreAwayError:
                log.warning("the web chat was not swept", extra={"action": "sweep-store-away"})

    async def sweep(self) -> int:
        """Forget rooms nobody in the store belongs to; how many."""
        quiet = {address.key: address for address in await self.web.quiet_rooms(self.now() - QUIET_US)}
        gone = 0
        keys = list(quiet)
        for start in range(0, len(keys), AT_ONCE):
            unknown = await self.store.unknown(keys[start : start + AT_ONCE])
            await self.web.forget(*(quiet[key] for key in sorted(unknown)))
            gone += len(unknown)
        return gone
