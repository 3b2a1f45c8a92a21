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
from bot.dialogue.markup import escape, plain
from bot.dialogue.messages import Kind, Message, Priority
from bot.dialogue.wire import encode
from bot.runtime.delivering import SECOND, Delivered, Papers, deliver, look_at, reason_to_drop
from bot.runtime.fulfilling import LatePictures
from bot.runtime.metrics import Metrics
from bot.runtime.pacing import Pacing
from bot.runtime.timer import MonotonicTimer, Timer
from bot.store.rows import SendRow, Settlement, State
from bot.store.store import Store

log = logging.getLogger(__name__)

OPEN_SENDS = 28
# Down to which priority how many sends may be open: prompts that hang leave room for answers, these for emergencies.
SLOTS = ((Priority.GROUP, OPEN_SENDS - 4), (Priority.ANSWER, OPEN_SENDS - 2), (Priority.EMERGENCY, OPEN_SENDS))
GATHER_S = 0.002  # a finished send waits so long for others to share its transaction
IDLE_S = 1.0
LEAST_REST_S = 0.005
WATCH_S = 5.0
LATE_EMERGENCY_US = 60 * SECOND
BACK_OFF_S = (1.0, 2.0, 5.0)
NEVER_LEFT_SOME = 3  # so many in a row that could not leave: the platform is away, not one room
STOP_S = 10.0
LAST_TRIES = 4


@dataclass(frozen=True, slots=True)
class _Open:
    """A send under way."""

    row: SendRow
    task: asyncio.Task[Delivered]


@dataclass(slots=True)
class Sender:
    """`rate`: messages a second over all rooms, 0 for no limit of our own; `finds_rate`: the most, see `Pacing`.

    `on_posted`: the worker has new events.
    """

    store: Store
    channel: Channel
    now: Callable[[], int]
    metrics: Metrics
    rate: float
    on_posted: Callable[[], None]
    papers: Papers | None = None
    late: LatePictures | None = None
    static_help: Callable[[str], str] = str  # the text of /notfall in a language
    on_help: Callable[[], None] = lambda: None  # other senders have an emergency text to send
    finds_rate: bool = False
    timer: Timer = field(default_factory=MonotonicTimer)
    _open: dict[int, "_Open"] = field(default_factory=dict)  # by row: one an address, and an emergency beside it
    _held: dict[str, float] = field(default_factory=dict)  # by our own pacing; emergencies do not wait for it
    _paused: dict[str, float] = field(default_factory=dict)  # by the platform
    _finished: list[Delivered] = field(default_factory=list)
    _again_at: int = 0  # when the earliest message that was put off may be tried again
    _wake: asyncio.Event = field(default_factory=asyncio.Event)
    _stop: asyncio.Event = field(default_factory=asyncio.Event)
    _pacing: Pacing = field(init=False)
    _marks_in_doubt: bool = True
    _token_refused: bool = False
    _store_failures: int = 0
    _never_left: int = 0
    _watch_at: float = 0.0
    _late: set[int] = field(default_factory=set)  # emergency texts that were counted as late

    def __post_init__(self) -> None:
        self._pacing = Pacing(self.rate, finds=self.finds_rate)

    def wake(self) -> None:
        """There may be something to send."""
        self._wake.set()

    def stop(self) -> None:
        """Claim nothing more; settle what is under way, then return from `run`."""
        self._stop.set()
        self._wake.set()

    async def run(self) -> None:
        """Send until stopped. Raises `TokenRefusedError` when the platform no longer accepts the account."""
        while not self._stop.is_set() and not self._token_refused:
            try:
                goes_on = await self._round()
                self._store_failures = 0
            except StoreAwayError:
                await self._back_off()
                continue
            if not goes_on:
                await self._rest()
        await self._drain()
        if self._token_refused:
            raise TokenRefusedError("the platform refuses the token")

    async def _round(self) -> bool:
        """Settle what has finished and begin what may leave now; true when there may be more."""
        self._wake.clear()  # before the look: whoever writes a message from here on wakes the next round
        self._collect()
        if self._token_refused:
            return True
        await self._clear_marks()
        clock = self.timer.seconds()
        await self._watch_emergencies(clock)
        limit, worst = self._allowance(clock)
        if limit < 1 and not self._finished:
            return False
        rows = await self._settle_and_claim(clock, limit, worst)
        for row in rows:
            self._begin(row, clock)
        return bool(self._finished) or 0 < limit <= len(rows)

    def _allowance(self, clock: float) -> tuple[int, Priority]:
        """How many sends may begin, and down to which priority."""
        for worst, slots in SLOTS[1:] if self._marks_in_doubt else SLOTS:
            limit = min(slots - len(self._open), slots // 2, self._pacing.budget(clock, worst))
            if limit > 0:
                return limit, worst
        return 0, Priority.EMERGENCY

    async def _settle_and_claim(self, clock: float, limit: int, worst: Priority) -> list[SendRow]:
        finished, self._finished = self._finished, []
        posted = [event for done in finished for event in done.posted]
        try:
            await self._follow_moves(finished)
            busy, held = self._busy(clock)
            rows = await self.store.settle_and_claim(
                [done.settlement for done in finished],
                self.channel.name,
                self.channel.account,
                self.now(),
                limit,
                busy,
                held=held,
                posted=posted,
                worst=int(worst),
            )
        except StoreAwayError:
            self._finished = finished + self._finished
            self._marks_in_doubt = True  # a commit whose answer was lost may have marked prompts
            raise
        if posted:
            self.on_posted()
        return rows

    def _busy(self, clock: float) -> tuple[set[str], set[str]]:
        """Addresses to which nothing may go, and those to which only an emergency may.

        An emergency waits neither for our own pacing nor for what is still on its way into its room: a film that
        uploads, a platform that is silent. It is always a new message, so nothing is out of order by it.
        """
        self._paused = {address: until for address, until in self._paused.items() if until > clock}
        self._held = {address: until for address, until in self._held.items() if until > clock}
        urgent = {row.address_key for row in self._under_way() if row.priority == Priority.EMERGENCY}
        return urgent | set(self._paused), {row.address_key for row in self._under_way()} | set(self._held)

    def _under_way(self) -> list[SendRow]:
        return [one.row for one in self._open.values()]

    def _begin(self, row: SendRow, clock: float) -> None:
        """Start a send; or drop it; or hold its room for a while."""
        reason = reason_to_drop(row)
        if reason is not None:
            self._finish(Delivered(row=row, settlement=Settlement.dropped(row.id, reason)))
            return
        room, private = row.address.house, row.address.private
        pause = self._pacing.pause_left(room, clock)
        wait = pause
        if row.priority != Priority.EMERGENCY:
            wait = self._pacing.room_wait(room, clock, private=private)
        if wait > 0:
            held = self._paused if pause > 0 else self._held
            held[row.address_key] = clock + wait
            if not row.repeat:  # it is marked: it must be given back
                later = Settlement.later(row.id, self.now() + int(wait * SECOND))
                self._finished.append(Delivered(row=row, settlement=later))
            return
        self._pacing.take(room, clock, private=private)
        self._open[row.id] = _Open(row, asyncio.create_task(self._send(row)))
        next_in = self._pacing.room_wait(room, clock, private=private)
        if next_in > 0:
            self._held[row.address_key] = clock + next_in

    async def _send(self, row: SendRow) -> Delivered:
        try:
            return await deliver(self.channel, row, self.now, self.papers, look_at(self.store, row))
        finally:
            self._wake.set()

    def _collect(self) -> None:
        for row in [row for row, one in self._open.items() if one.task.done()]:
            self._finish(self._open.pop(row).task.result())

    def _finish(self, done: Delivered) -> None:
        """Note what a send means for those that follow; it is settled in the next round."""
        self._finished.append(done)
        self._token_refused = self._token_refused or done.token_refused
        clock = self.timer.seconds()
        if done.pause_s:
            if not done.only_here:
                self._pacing.pause(done.row.address.house, clock, done.pause_s, whole_platform=done.whole_platform)
            self._paused[done.row.address_key] = clock + done.pause_s
            self.metrics.count("sends_paused")
        self._never_left = self._never_left + 1 if done.never_left else 0
        if self._never_left >= NEVER_LEFT_SOME:
            self._pacing.pause_all(clock, BACK_OFF_S[min(self._never_left - NEVER_LEFT_SOME, len(BACK_OFF_S) - 1)])
        if done.unfinished is not None and self.late is not None:
            self.late.follow(done.row, done.unfinished)
        settlement = done.settlement
        if settlement.state is State.READY:
            earlier = self._again_at > self.now()
            self._again_at = min(self._again_at, settlement.not_before) if earlier else settlement.not_before
        counted = {State.SENT: "sends", State.READY: "sends_again"}
        self.metrics.count(counted.get(settlement.state, f"sends_{settlement.state.value}"))

    async def _follow_moves(self, finished: list[Delivered]) -> None:
        for done in finished:
            if done.moved_to is not None:
                room = done.row.address.room
                await self.store.room_moved(self.channel.name, self.channel.account, room, done.moved_to)
            if done.help_here is not None:
                await self.store.help.instead(done.row, self._card, self.now(), here=done.help_here)
                self.on_help()
            if done.lost:
                async with self.store.rounds(self.now()) as desk:
                    await desk.lost(done.row.address)

    async def _clear_marks(self) -> None:
        """Prompts of which nobody knows whether they left are not tried again. New ones wait until this is done."""
        under_way = [*self._under_way(), *(done.row for done in self._finished)]
        if self._marks_in_doubt and all(row.repeat for row in under_way):
            await self.store.left_trying(self.channel.name, self.channel.account, self.now())
            self._marks_in_doubt = False

    async def _watch_emergencies(self, clock: float) -> None:
        """Each emergency text that has waited for a minute is counted once and tried at the other addresses."""
        if clock < self._watch_at:
            return
        self._watch_at = clock + WATCH_S
        now = self.now()
        waiting = await self.store.help.late(self.channel.name, self.channel.account, now - LATE_EMERGENCY_US)
        for late in waiting:
            if late.id in self._late:
                continue
            written = await self.store.help.instead(late, self._card, now, here=False)
            self.metrics.count("emergency_late")
            log.error(
                "an emergency text waits for over a minute",
                extra={"action": "emergency-late", "channel": self.channel.name, "elsewhere": written},
            )
            if written:
                self.on_help()
        self._late = {late.id for late in waiting}

    def _card(self, number: int, language: str) -> bytes:
        """Nothing in it that a platform could refuse: no markup, no button, no picture."""
        words = escape(plain(self.static_help(language)))
        message = Message(id=number, text=words, kind=Kind.EMERGENCY, priority=Priority.EMERGENCY)
        return encode(message)

    async def _rest(self) -> None:
        """Until woken, a send finishes, or something may leave again."""
        clock = self.timer.seconds()
        waits = [IDLE_S, *(until - clock for held in (self._held, self._paused) for until in held.values())]
        if self._again_at > self.now():
            waits.append((self._again_at - self.now()) / SECOND)
        if self._pacing.budget(clock, Priority.PROMPT) <= 0:
            waits.append(self._pacing.whole_wait(clock))
        await self.timer.wait(self._wake, max(LEAST_REST_S, min(waits)))
        if 0 < sum(one.task.done() for one in self._open.values()) < len(self._open):
            await self.timer.wait(self._stop, GATHER_S)

    async def _back_off(self) -> None:
        delay = BACK_OFF_S[min(self._store_failures, len(BACK_OFF_S) - 1)]
        self._store_failures += 1
        self.metrics.count("sender_store_away")
        await self.timer.wait(self._stop, delay)

    async def _drain(self) -> None:
        """The end: let open sends finish and write their receipts."""
        if self.late is not None:
            await self.late.aclose()
        if self._open:
            await asyncio.wait([one.task for one in self._open.values()], timeout=STOP_S)
        self._collect()
        await self._settle_last()
        late = [one.task for one in self._open.values()]
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)

    async def _settle_last(self) -> None:
        """Receipts that are not written would be sends repeated by the next process."""
        finished, self._finished = self._finished, []
        posted = [event for done in finished for event in done.posted]
        for attempt in range(LAST_TRIES if finished else 0):
            try:
                await self._follow_moves(finished)
                await self.store.settle([done.settlement for done in finished], self.now(), posted=posted)
            except StoreAwayError:
                await self.timer.wait(asyncio.Event(), BACK_OFF_S[min(attempt, len(BACK_OFF_S) - 1)])
            else:
                return
        if finished:
            log.error("receipts were not written", extra={"action": "receipts-lost", "sends": len(finished)})
