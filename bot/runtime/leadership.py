"""Who leads: leases on rows, renewed while held. A second process gets one clear line; a lost lease ends its holder."""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

from bot.dialogue.failures import StoreAwayError
from bot.store.leases import NODE_TTL
from bot.store.store import Store

log = logging.getLogger(__name__)

TTL_US = 30_000_000
RENEW_S = 10.0
PATIENCE_S = 35.0  # a process that was killed leaves leases that are still running


class AlreadyRunningError(Exception):
    """Somebody else holds what this process needs."""


@dataclass(slots=True)
class Leadership:
    """The leases of this process. `on_lost` is called with the name of one that somebody else has taken."""

    store: Store
    owner: str
    now: Callable[[], int]
    on_lost: Callable[[str], None] = lambda _name: None
    alone: bool = False  # a lock on the database file already keeps every other process out
    _held: set[str] = field(default_factory=set)
    _node: int | None = None
    _renewing: asyncio.Task[None] | None = None

    async def take_node(self) -> int:
        """Claim the number from which this process's ids are made."""
        self._node = await self.store.node(self.owner, self.now())
        self._keep()
        return self._node

    async def lead(self, name: str, *, patience_s: float = 0.0) -> None:
        """Take a lease, waiting for an old one to run out. Raises `AlreadyRunningError` naming what is held."""
        if self.alone:
            return
        waited = 0.0
        while not await self.store.acquire(name, self.owner, self.now(), TTL_US):
            if waited >= patience_s:
                raise AlreadyRunningError(f"another process already runs here and holds {name!r}; stop it first")
            await asyncio.sleep(0.5)
            waited += 0.5
        self._held.add(name)
        self._keep()

    def _keep(self) -> None:
        if self._renewing is None:
            self._renewing = asyncio.create_task(self._renew_for_ever(), name="leases")

    async def _renew_for_ever(self) -> None:
        while True:
            await asyncio.sleep(RENEW_S)
            with suppress(StoreAwayError):  # the deadline decides; the next round tries again
                await self._renew()

    async def _renew(self) -> None:
        if self._node is not None:
            await self.store.renew(f"node:{self._node}", self.owner, self.now(), NODE_TTL)
        for name in sorted(self._held):
            if not await self.store.renew(name, self.owner, self.now(), TTL_US):
                log.error("a lease was lost", extra={"action": "lease-lost", "lease": name})
                self._held.discard(name)
                self.on_lost(name)

    async def aclose(self) -> None:
        """Give everything back at once."""
        if self._renewing is not None:
            self._renewing.cancel()
            await asyncio.gather(self._renewing, return_exceptions=True)
        for name in self._held:
            with suppress(StoreAwayError):
                await self.store.release(name, self.owner)
        self._held.clear()
