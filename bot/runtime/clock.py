"""The clock: due appointments become events, messages expire, old rows go. APScheduler wakes the upkeep only.

A stall or a jump of the clock loses nothing and doubles nothing: appointments are rows, and what is late is judged in
the turn, not here. The tick counts elapsed time: a scheduler of wall-clock times stands still after a step back, and
after a step of a year forward it lists thirty million missed ticks (measured: three minutes, two gigabytes).
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.dialogue.failures import StoreAwayError
from bot.runtime.metrics import Metrics
from bot.runtime.timer import MonotonicTimer, Timer
from bot.runtime.zones import follow_zones
from bot.store.store import Store

log = logging.getLogger(__name__)

TICK_S = 1.0
EXPIRE_S = 30.0
UPKEEP_S = 3600
HEAR_FIRST_S = 60.0  # what people wrote while we were away comes before what is due, if the channel tells it by then
AT_ONCE = 500  # due appointments, then the worker is woken


@dataclass(slots=True)
class Clock:
    """`on_due` is called when events were made, so that the worker wakes at once. `heard`: see `HEAR_FIRST_S`."""

    store: Store
    now: Callable[[], int]
    metrics: Metrics
    on_due: Callable[[], None]
    timer: Timer = field(default_factory=MonotonicTimer)
    heard: asyncio.Event | None = None
    _stopped: asyncio.Event = field(default_factory=asyncio.Event)
    _keeping_up: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def run(self) -> None:
        """Tick until stopped."""
        scheduler = AsyncIOScheduler(
            job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1}, timezone="UTC"
        )
        scheduler.add_job(self._keep_up_safely)  # at once: a process that is restarted every day must tidy too
        scheduler.add_job(self._keep_up_safely, "interval", seconds=UPKEEP_S)
        scheduler.start()
        await self._safely(self.follow_zones)
        try:
            await self._tick_until_stopped()
        finally:
            async with self._keeping_up:  # what is under way is finished, not cut
                scheduler.shutdown(wait=False)

    def stop(self) -> None:
        self._stopped.set()

    async def tick(self) -> int:
        """Bring what is due; returns how many. Idle, this is one indexed look."""
        now, moved = self.now(), 0
        earliest = await self.store.next_due()
        while earliest is not None and earliest <= now:
            count = await self.store.due(now, AT_ONCE)
            if not count:  # another clock holds them
                break
            moved += count
            self.metrics.count("appointments_due", count)
            self.on_due()
            earliest = await self.store.next_due()
        return moved

    async def expire(self) -> int:
        """Drop messages that are no longer worth sending."""
        count = await self.store.expire(self.now())
        self.metrics.count("sends_expired", count)
        return count

    async def follow_zones(self) -> None:
        """At the start: what is booked by rules of time zones that have changed since comes at its time of day."""
        self.metrics.count("appointments_rebooked", await follow_zones(self.store, self.now()))

    async def keep_up(self) -> None:
        """Delete what is done and old; the store holds back when the clock has jumped."""
        done = await self.store.upkeep(self.now())
        if done.held_back:
            self.metrics.count("upkeep_held_back")
            log.warning(
                "nothing was tidied: this is the first time, or the clock has jumped",
                extra={"action": "upkeep-held-back"},
            )

    async def _hear_first(self, heard: asyncio.Event) -> None:
        waits = [asyncio.create_task(event.wait()) for event in (heard, self._stopped)]
        await asyncio.wait(waits, timeout=HEAR_FIRST_S, return_when=asyncio.FIRST_COMPLETED)
        for wait in waits:
            wait.cancel()

    async def _tick_until_stopped(self) -> None:
        if self.heard is not None:
            await self._hear_first(self.heard)
        expire_at = self.timer.seconds()
        while not self._stopped.is_set():
            await self._safely(self.tick)
            if self.timer.seconds() >= expire_at:
                expire_at = self.timer.seconds() + EXPIRE_S
                await self._safely(self.expire)
            await self.timer.wait(self._stopped, TICK_S)

    async def _keep_up_safely(self) -> None:
        async with self._keeping_up:
            if not self._stopped.is_set():
                await self._safely(self.keep_up)

    async def _safely(self, work: Callable[[], Awaitable[object]]) -> None:
        """A clock that ends leaves people without their safety questions: whatever fails comes again."""
        try:
            await work()
        except StoreAwayError:
            self.metrics.count("clock_store_away")
        except Exception:
            self.metrics.count("clock_failed")
            log.exception("the clock's work failed", extra={"action": "clock-failed"})
