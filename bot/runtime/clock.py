"""The clock: due appointments become events, messages expire, old rows go. APScheduler only wakes it.

A stall or a jump of the clock loses nothing and doubles nothing: appointments are rows, and what is late is judged in
the turn, not here.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.dialogue.failures import StoreAwayError
from bot.runtime.metrics import Metrics
from bot.store.store import Store

log = logging.getLogger(__name__)

TICK_S = 1
EXPIRE_S = 30
UPKEEP_S = 3600


@dataclass(slots=True)
class Clock:
    """`on_due` is called when events were made, so that the worker wakes at once."""

    store: Store
    now: Callable[[], int]
    metrics: Metrics
    on_due: Callable[[], None]
    _stopped: asyncio.Event = field(default_factory=asyncio.Event)
    _working: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def run(self) -> None:
        """Tick until stopped."""
        scheduler = AsyncIOScheduler(
            job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1}, timezone="UTC"
        )
        scheduler.add_job(self._guarded(self.tick), "interval", seconds=TICK_S)
        scheduler.add_job(self._guarded(self.expire), "interval", seconds=EXPIRE_S)
        scheduler.add_job(self._guarded(self.keep_up), "interval", seconds=UPKEEP_S)
        scheduler.start()
        try:
            await self.tick_safely()
            await self._stopped.wait()
        finally:
            async with self._working:  # what is under way is finished, not cut
                scheduler.shutdown(wait=False)

    def stop(self) -> None:
        self._stopped.set()

    async def tick(self) -> int:
        """Bring what is due; returns how many. Idle, this is one indexed look."""
        now = self.now()
        earliest = await self.store.next_due()
        if earliest is None or earliest > now:
            return 0
        moved = await self.store.due(now)
        self.metrics.count("appointments_due", moved)
        self.on_due()
        return moved

    async def tick_safely(self) -> None:
        await self._guarded(self.tick)()

    async def expire(self) -> None:
        """Drop messages that are no longer worth sending."""
        self.metrics.count("sends_expired", await self.store.expire(self.now()))

    async def keep_up(self) -> None:
        """Delete what is done and old; the store holds back when the clock has jumped."""
        done = await self.store.upkeep(self.now())
        if done.held_back:
            log.warning("upkeep held back: the clock has jumped", extra={"action": "upkeep-held-back"})

    def _guarded(self, work: Callable[[], Awaitable[object]]) -> Callable[[], Awaitable[None]]:
        async def guarded() -> None:
            if self._stopped.is_set():
                return
            async with self._working:
                try:
                    await work()
                except StoreAwayError:
                    self.metrics.count("clock_store_away")

        return guarded
