"""The sender of one channel account: outbox → channel, paced, in order, receipts in small groups.

At most `OPEN_SENDS` messages are unsettled at any moment, so a SIGKILL repeats at most so many answers. Prompts are
marked before they are tried and never sent twice.
"""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.channels.channel import Channel, TokenRefusedError
from bot.dialogue.failures import StoreAwayError
from bot.dialogue.messages import Priority
from bot.runtime.delivering import Delivered, deliver, reason_to_drop
from bot.runtime.metrics import Metrics
from bot.runtime.pacing import Pacing
from bot.store.rows import SendRow, Settlement
from bot.store.store import Store

log = logging.getLogger(__name__)

OPEN_SENDS = 16
GATHER_S = 0.002  # a finished send waits so long for others to share its transaction
IDLE_S = 1.0
LATE_EMERGENCY_US = 60_000_000
BACK_OFF_S = (1.0, 2.0, 5.0)
STOP_S = 10.0
LAST_TRIES = 4


@dataclass(slots=True)
class Sender:
    """`rate`: messages a second over all rooms, 0 for no limit of our own. `on_posted`: the worker has new events."""

    store: Store
    channel: Channel
    now: Callable[[], int]
    metrics: Metrics
    rate: float
    on_posted: Callable[[], None]
    _open: dict[str, asyncio.Task[Delivered]] = field(default_factory=dict)
    _held: dict[str, float] = field(default_factory=dict)
    _finished: list[Delivered] = field(default_factory=list)
    _wake: asyncio.Event = field(default_factory=asyncio.Event)
    _stopping: bool = False
    _failures: int = 0
    _pacing: Pacing | None = None

    @property
    def pacing(self) -> Pacing:
        if self._pacing is None:
            self._pacing = Pacing(self.rate)
        return self._pacing

    def wake(self) -> None:
        """There may be something to send."""
        self._wake.set()

    def stop(self) -> None:
        """Claim nothing more; settle what is under way, then return from `run`."""
        self._stopping = True
        self._wake.set()

    async def run(self) -> None:
        """Send until stopped. Raises `TokenRefusedError` when the platform no longer accepts the account."""
        await self._clear_marks()
        while not self._stopping:
            try:
                started = await self._round()
                self._failures = 0
            except StoreAwayError:
                await self._back_off()
                continue
            if not started:
                await self._rest()
        await self._drain()

    async def _clear_marks(self) -> None:
        while not self._stopping:
            try:
                await self.store.left_trying(self.channel.name, self.channel.account, self.now())
            except StoreAwayError:
                await self._back_off()
            else:
                return

    async def _round(self) -> bool:
        """Settle what has finished and begin what may leave now; false when there was nothing to do."""
        self._collect()
        now, clock = self.now(), self.now() / 1e6
        room, worst = self._room(clock)
        finished, self._finished = self._finished, []
        posted = [event for done in finished for event in done.posted]
        try:
            rows = await self.store.settle_and_claim(
                [done.settlement for done in finished],
                self.channel.name,
                self.channel.account,
                now,
                room,
                self._busy(clock),
                posted=posted,
                worst=worst,
            )
        except StoreAwayError:
            self._finished = finished + self._finished
            raise
        await self._follow_moves(finished)
        if posted:
            self.on_posted()
        dropped = [settlement for row in rows if (settlement := self._begin(row, clock)) is not None]
        if dropped:
            await self.store.settle(dropped, now)
        return bool(rows or finished)

    def _room(self, clock: float) -> tuple[int, int]:
        """How many sends may begin, and down to which priority."""
        free = OPEN_SENDS - len(self._open)
        prompts = min(free, self.pacing.budget(clock, urgent=False))
        if prompts > 0:
            return prompts, int(Priority.GROUP)
        return max(0, min(free, self.pacing.budget(clock, urgent=True))), int(Priority.ANSWER)

    def _busy(self, clock: float) -> list[str]:
        self._held = {address: until for address, until in self._held.items() if until > clock}
        return [*self._open, *self._held]

    def _begin(self, row: SendRow, clock: float) -> Settlement | None:
        """Start a send; or say that it is dropped; or hold its room for a while."""
        reason = reason_to_drop(row)
        if reason is not None:
            self.metrics.count("sends_dropped")
            return Settlement.dropped(row.id, reason)
        if row.priority == Priority.EMERGENCY and self.now() - row.created > LATE_EMERGENCY_US:
            self.metrics.count("emergency_late")
        wait = self.pacing.room_wait(row.address.room, clock, private=row.address.private)
        if wait > 0 and row.repeat:
            self._held[row.address_key] = clock + wait
            return None
        self.pacing.take(row.address.room, clock, private=row.address.private)
        self._open[row.address_key] = asyncio.create_task(self._send(row, wait))
        return None

    async def _send(self, row: SendRow, wait: float) -> Delivered:
        if wait > 0:  # a prompt that was marked cannot be put back; it waits here
            await asyncio.sleep(wait)
        try:
            return await deliver(self.channel, row, self.now())
        finally:
            self._wake.set()

    def _collect(self) -> None:
        for address in [address for address, task in self._open.items() if task.done()]:
            task = self._open.pop(address)
            error = task.exception()
            if error is not None:
                raise error
            self._finished.append(self._noted(task.result()))

    def _noted(self, done: Delivered) -> Delivered:
        if done.token_refused:
            raise TokenRefusedError("the platform refuses the token")
        if done.pause_s:
            self.metrics.count("sends_paused")
            clock = self.now() / 1e6
            self.pacing.pause(done.row.address.room, clock, done.pause_s, whole_platform=done.whole_platform)
        if done.settlement.remote is not None:
            self.metrics.count("sends")
        return done

    async def _follow_moves(self, finished: list[Delivered]) -> None:
        for done in finished:
            if done.moved_to is not None:
                room = done.row.address.room
                await self.store.room_moved(self.channel.name, self.channel.account, room, done.moved_to)

    async def _rest(self) -> None:
        """Until woken, a send finishes, or a held room is free again."""
        self._wake.clear()
        if any(task.done() for task in self._open.values()):
            await asyncio.sleep(GATHER_S)
            return
        clock = self.now() / 1e6
        waits = [until - clock for until in self._held.values()]
        if self.pacing.budget(clock, urgent=False) <= 0:
            waits.append(self.pacing.whole_wait(clock))
        try:
            async with asyncio.timeout(min([IDLE_S, *(max(wait, 0.005) for wait in waits)])):
                await self._wake.wait()
        except TimeoutError:
            return
        if len(self._open) > 1:
            await asyncio.sleep(GATHER_S)

    async def _settle_last(self) -> None:
        """Receipts that are not written would be sends repeated by the next process."""
        settlements = [done.settlement for done in self._finished]
        posted = [event for done in self._finished for event in done.posted]
        for _ in range(LAST_TRIES if settlements else 0):
            try:
                await self.store.settle(settlements, self.now(), posted=posted)
            except StoreAwayError:
                await self._back_off()
            else:
                return

    async def _back_off(self) -> None:
        delay = BACK_OFF_S[min(self._failures, len(BACK_OFF_S) - 1)]
        self._failures += 1
        self.metrics.count("sender_store_away")
        await asyncio.sleep(delay)

    async def _drain(self) -> None:
        """The end: let open sends finish and write their receipts."""
        if self._open:
            await asyncio.wait(self._open.values(), timeout=STOP_S)
        self._collect()
        await self._settle_last()
        for task in self._open.values():
            task.cancel()
        await asyncio.gather(*self._open.values(), return_exceptions=True)
