"""Who leads: leases on rows, renewed while held. A second process gets one clear line; a lost lease ends its holder."""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

from bot.dialogue.failures import StoreAwayError
from bot.runtime.timer import MonotonicTimer, Timer
from bot.store.leases import NODE_TTL
from bot.store.store import Store

log = logging.getLogger(__name__)

TTL_US = 30_000_000
RENEW_S = 10.0
ASK_AGAIN_S = 0.5
PATIENCE_S = 35.0  # a process that was killed leaves leases that are still running


class AlreadyRunningError(Exception):
    """Somebody else holds what this process needs."""


@dataclass(slots=True)
class Leadership:
    """The leases of this process. `on_lost` is called with the name of one that somebody else has taken.

    A lost node means that another process may make the same ids: whoever is told must end this process.
    """

    store: Store
    owner: str
    now: Callable[[], int]
    on_lost: Callable[[str], None] = lambda _name: None
    alone: bool = False  # a lock on the database file already keeps every other process out
    timer: Timer = field(default_factory=MonotonicTimer)
    _held: set[str] = field(default_factory=set)
    _node: int | None = None
    _renewing: asyncio.Task[None] | None = None
    _closed: asyncio.Event = field(default_factory=asyncio.Event)

    async def take_node(self) -> int:
        """Claim the number from which this process's ids are made."""
        self._node = await self.store.node(self.owner, self.now())
        self._keep()
        return self._node

    async def lead(self, name: str, *, patience_s: float = 0.0) -> None:
        """Take a lease, waiting for an old one to run out. Raises `AlreadyRunningError` naming what is held."""
        if self.alone:
            return
        until = self.timer.seconds() + patience_s
        while not await self.store.acquire(name, self.owner, self.now(), TTL_US):
            if self.timer.seconds() >= until:
                raise AlreadyRunningError(f"another process already runs here and holds {name!r}; stop it first")
            await self.timer.wait(self._closed, ASK_AGAIN_S)
        self._held.add(name)
        self._keep()

    async def renew(self) -> None:
        """Put all deadlines off. What somebody else has taken meanwhile is no longer ours."""
        if self._node is not None:
            node = f"node:{self._node}"
            if not await self.store.renew(node, self.owner, self.now(), NODE_TTL):
                self._node = None
                self._lost(node)
        for name in sorted(self._held):
            if not await self.store.renew(name, self.owner, self.now(), TTL_US):
                self._held.discard(name)
                self._lost(name)

    def _lost(self, name: str) -> None:
        log.error("a lease was lost", extra={"action": "lease-lost", "lease": name})
        self.on_lost(name)

    def _keep(self) -> None:
        if self._renewing is None:
            self._renewing = asyncio.create_task(self._renew_until_closed(), name="leases")

    async def _renew_until_closed(self) -> None:
        while True:
            await self.timer.wait(self._closed, RENEW_S)
            if self._closed.is_set():
                return
            with suppress(StoreAwayError):  # the deadline decides; the next round tries again
                await self.renew()

    async def aclose(self) -> None:
        """Give everything back at once."""
        self._closed.set()
        if self._renewing is not None:
            await asyncio.gather(self._renewing, return_exceptions=True)
        for name in self._held:
            with suppress(StoreAwayError):
                await self.store.release(name, self.owner)
        self._held.clear()
