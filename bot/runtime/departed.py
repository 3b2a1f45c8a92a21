"""Who is no longer in the store goes from the web chat's own file too, and from Matrix rooms what was theirs alone.

And the coach itself goes from Matrix rooms whose round ended a week ago: there it would go on hearing every word.

An erasure clears it at once, where the worker is in this process and lives on. This finds the rest: an erasure cut off
by SIGKILL or made by another process or `rueckgrat erase`, and people who never consented and went after a day.
"""

import asyncio
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.dialogue.events import Address
from bot.dialogue.failures import StoreAwayError
from bot.dialogue.rounds import STAYS
from bot.store.store import Store

if TYPE_CHECKING:  # platforms take memory and time to load
    from bot.channels.matrix.channel import MatrixChannel
    from bot.channels.web.channel import WebChannel

log = logging.getLogger(__name__)

FIRST_S = 60.0
EVERY_S = 3600.0
QUIET_US = 30_000_000  # the goodbye may be read for so long; what was just written is on its way into the inbox
AT_ONCE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Departed:
    """`now`: epoch microseconds."""

    store: Store
    now: Callable[[], int]
    web: "WebChannel | None" = None
    matrix: "MatrixChannel | None" = None

    async def run(self) -> None:
        """Until cancelled."""
        wait = FIRST_S
        while True:
            await asyncio.sleep(wait)
            wait = EVERY_S
            try:
                await self.sweep()
            except StoreAwayError:
                log.warning("nothing was swept", extra={"action": "sweep-store-away"})
            except Exception as error:  # noqa: BLE001  a full disk, a homeserver's answer: the next time will do
                log.error(  # noqa: TRY400  its class says enough
                    "nothing was swept", extra={"action": "sweep-failed", "error": type(error).__name__}
                )

    async def sweep(self) -> int:
        """Forget rooms nobody in the store belongs to, and leave those whose round is long over; how many."""
        gone = 0
        if self.web is not None:
            unknown = await self._unknown(await self.web.quiet_rooms(self.now() - QUIET_US))
            await self.web.forget(*unknown)
            gone += len(unknown)
        if self.matrix is not None:
            unknown = await self._unknown(self.matrix.rooms_alone())
            self.matrix.forget(*unknown)
            gone += len(unknown) + await self.matrix.leave(await self._left_over(self.matrix))
        return gone

    async def _left_over(self, matrix: "MatrixChannel") -> list[str]:
        now = self.now()
        async with self.store.rounds(now) as desk:
            return await desk.left_over(matrix.name, matrix.account, now - STAYS // timedelta(microseconds=1))

    async def _unknown(self, rooms: Iterable[Address]) -> list[Address]:
        known = {address.key: address for address in rooms}
        keys, found = list(known), set[str]()
        for start in range(0, len(keys), AT_ONCE):
            found |= await self.store.unknown(keys[start : start + AT_ONCE])
        return [known[key] for key in sorted(found)]
