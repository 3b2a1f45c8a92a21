"""From settings to a running coach and back: what is started in which order, and how it ends without losing anything.

Stop order: receiving ends first, then the worker finishes its batch, then the senders settle what is under way.
"""

import asyncio
import logging
import signal
import sys
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.channels.channel import AnswersTaps, Channel, TokenRefusedError
from bot.channels.console import ConsoleChannel
from bot.channels.wall_clock import now_us
from bot.dialogue.events import Address
from bot.dialogue.failures import StoreAwayError
from bot.runtime.clock import Clock
from bot.runtime.collector import spare_collector
from bot.runtime.departed import Departed
from bot.runtime.failures import CannotStartError, DatabaseAwayError, HomeserverAwayError, TelegramAwayError
from bot.runtime.filelock import FileLock
from bot.runtime.fulfilling import LatePictures
from bot.runtime.group_taps import Answer
from bot.runtime.helped import Helped
from bot.runtime.intake import StoreIntake
from bot.runtime.kitting import Kitted, read_kit
from bot.runtime.leadership import PATIENCE_S, AlreadyRunningError, Leadership
from bot.runtime.logs import set_up_logging
from bot.runtime.metrics import Metrics
from bot.runtime.naming import owner_name
from bot.runtime.opening import Opened, open_channels
from bot.runtime.pictures import DrawnPictures, draw_ahead, open_pictures
from bot.runtime.preparing import bring_up_to_date, lock_file, look_at_folders, reach_store
from bot.runtime.reporting import PaperMaker
from bot.runtime.rounds import RoundKeeper
from bot.runtime.sender import Sender
from bot.runtime.worker import Worker
from bot.settings import Settings
from bot.store.rows import NewerStoreError
from bot.store.store import Store

log = logging.getLogger(__name__)

DRAIN_S = 15.0
DRAWS, TIDIES = "draw ahead", "departed"
METRICS = "metrics"
BESIDE = {DRAWS, TIDIES, METRICS}  # what the coach can do without until its next start
SERVING = {"http", METRICS}  # these end by themselves when they are told to
MATRIX_MOST = 50.0  # messages a second: about what a Synapse on SQLite takes; what a homeserver allows is found
DRAIN_POLL_S = 0.1
Now = Callable[[], int]  # epoch microseconds
CANNOT_OPEN = (
    *(AlreadyRunningError, NewerStoreError),
    *(TokenRefusedError, HomeserverAwayError, TelegramAwayError),
)


@dataclass(slots=True)
class Coach:
    """Everything that runs in this process."""

    settings: Settings
    kitted: Kitted
    store: Store
    leadership: Leadership
    metrics: Metrics
    pictures: DrawnPictures
    opened: Opened
    now: Now
    lock: FileLock | None = None
    worker: Worker | None = None
    clock: Clock | None = None
    rounds: RoundKeeper | None = None
    senders: list[Sender] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    helped: Helped = field(default_factory=Helped)
    _receiving: list[asyncio.Task[None]] = field(default_factory=list)
    _working: list[asyncio.Task[None]] = field(default_factory=list)
    _ended: asyncio.Event = field(default_factory=asyncio.Event)
    _stopping: bool = False

    def wake_senders(self) -> None:
        for sender in self.senders:
            sender.wake()

    def wake_worker(self) -> None:
        if self.worker is not None:
            self.worker.wake()

    async def start(self, roles: frozenset[str]) -> None:
        """Leases first, then whoever works, then whoever receives."""
        self.leadership.on_lost = self._lost
        self.opened.missing = self._missing
        if self.opened.time_control is not None:
            self.opened.time_control.on_posted = self.wake_worker
        if "worker" in roles:
            self.worker = self._make_worker()
            self._working.append(self._task(self.worker.run(), "worker"))
        if "clock" in roles:
            await self.leadership.lead("clock", patience_s=PATIENCE_S)
            self.clock = self._make_clock()
            self._working.append(self._task(self.clock.run(), "clock"))
            self.rounds = self._make_rounds()
            self._working.append(self._task(self.rounds.run(), "rounds"))
        for channel in self.opened.channels:
            await self._start_channel(channel)
        if self.opened.channels and self.settings.draw_ahead:
            self._receiving.append(self._task(draw_ahead(self.pictures, self.kitted.kit.library), DRAWS))
        if self.opened.web is not None or self.opened.matrix is not None:
            departed = Departed(store=self.store, web=self.opened.web, matrix=self.opened.matrix, now=self.now)
            self._receiving.append(self._task(departed.run(), TIDIES))
        if self.opened.front is not None and self.opened.app is not None:
            self._receiving.append(self._task(self.opened.front.serve(self.opened.app), "http"))
        if self.opened.metrics_front is not None and self.opened.metrics_app is not None:
            self._receiving.append(self._task(self.opened.metrics_front.serve(self.opened.metrics_app), METRICS))

    async def _start_channel(self, channel: Channel) -> None:
        await self.leadership.lead(f"channel:{channel.name}:{channel.account}", patience_s=PATIENCE_S)
        sender = Sender(
            store=self.store,
            channel=channel,
            now=self.now,
            metrics=self.metrics,
            rate={"telegram": self.settings.telegram_rate, "matrix": MATRIX_MOST}.get(channel.name, 0),
            finds_rate=channel.name == "matrix",
            on_posted=self.wake_worker,
            papers=PaperMaker.of_all(self.store, self.kitted.kit, self.pictures, self.now),
            static_help=self.kitted.static_help,
            on_help=self.wake_senders,
            late=LatePictures(self.store, self.pictures, self.now, self.wake_senders),
        )
        self.senders.append(sender)
        self._working.append(self._task(sender.run(), f"sender {channel.name}"))
        intake = self.intake_for(channel)
        self._receiving.append(self._task(channel.receive(intake), f"receive {channel.name}"))

    def intake_for(self, channel: Channel) -> StoreIntake:
        return StoreIntake(
            store=self.store,
            channel=channel,
            detector=self.kitted.detector,
            static_help=self.kitted.static_help,
            now=self.now,
            on_received=self.wake_worker,
            helped=self.helped,
        )

    def _make_clock(self) -> Clock:
        heard = self.opened.matrix.heard if self.opened.matrix is not None else None
        return Clock(store=self.store, now=self.now, metrics=self.metrics, on_due=self.wake_worker, heard=heard)

    def _make_worker(self) -> Worker:
        return Worker(
            store=self.store,
            kit=self.kitted.kit,
            detector=self.kitted.detector,
            now=self.now,
            metrics=self.metrics,
            on_committed=self.wake_senders,
            on_erased=self._forget,
            on_emptied=self._empty,
            helped=self.helped,
            on_answered=self._answer_taps,
        )

    def _make_rounds(self) -> RoundKeeper:
        return RoundKeeper(
            store=self.store,
            kit=self.kitted.kit,
            now=self.now,
            metrics=self.metrics,
            on_written=self.wake_senders,
        )

    def _answer_taps(self, answers: Sequence[Answer]) -> None:
        """Where taps can be answered; one whose channel runs in another process just stops spinning there."""
        known = {c.account: c for c in self.opened.channels if isinstance(c, AnswersTaps)}
        for answer in answers:
            if answer.where.account in known:
                known[answer.where.account].answer_tap(answer.query, answer.words)

    async def _forget(self, addresses: Sequence[Address]) -> None:
        """What channels keep of an address goes with the member."""
        for address in addresses:
            if self.opened.web is not None and address.channel == "web":
                await self.opened.web.forget(address)
        self._take_back(addresses)

    def _missing(self) -> list[str]:
        """What `/readyz` names: parts that failed, channels that do not receive."""
        if self._stopping:
            return ["stopping"]
        receiving = {task.get_name() for task in self._receiving if not task.done()}
        deaf = [name for c in self.opened.channels if (name := f"receive {c.name}") not in receiving | set(self.failed)]
        return [*self.failed, *deaf]

    async def _empty(self, addresses: Sequence[Address]) -> None:
        """What a place shows of a history that was erased; the place itself stays."""
        for address in addresses:
            if self.opened.web is not None and address.channel == "web":
                await self.opened.web.empty(address)
        self._take_back(addresses)

    def _take_back(self, addresses: Sequence[Address]) -> None:
        """Pictures and files in Matrix rooms; the rest of a conversation is the member's own."""
        if self.opened.matrix is not None:
            self.opened.matrix.forget(*(address for address in addresses if address.channel == "matrix"))

    def _lost(self, name: str) -> None:
        """Whoever lost a lease must not lead on, and without a node number ids could repeat: the process ends."""
        self.failed.append(f"lease {name}")
        self._ended.set()

    def _task(self, coroutine: Coroutine[Any, Any, None], name: str) -> asyncio.Task[None]:
        task = asyncio.create_task(coroutine, name=name)
        task.add_done_callback(self._task_ended)
        return task

    def _task_ended(self, task: asyncio.Task[None]) -> None:
        """A channel whose token is refused stops alone, as does what only helps; any other failure ends the process."""
        if task.cancelled() or task.exception() is None:
            return
        error = task.exception()
        if task.get_name() in BESIDE:
            log.error("a part has failed", extra={"action": "part-failed", "part": task.get_name()}, exc_info=error)
            return
        self.failed.append(task.get_name())
        if isinstance(error, TokenRefusedError):
            log.error("the platform refuses the token", extra={"action": "token-refused", "part": task.get_name()})
            if len(self.opened.channels) > 1:
                return
        else:
            log.error("a part has failed", extra={"action": "part-failed", "part": task.get_name()}, exc_info=error)
        self._ended.set()

    async def until_ended(self, stop: asyncio.Event) -> None:
        waits = [asyncio.create_task(stop.wait()), asyncio.create_task(self._ended.wait())]
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        for wait in waits:
            wait.cancel()

    async def until_input_ends(self, console: ConsoleChannel) -> None:
        """The input is over, and everything it caused has been said."""
        name = f"receive {console.name}"
        await asyncio.wait([task for task in self._receiving if task.get_name() == name])
        for _ in range(int(DRAIN_S / DRAIN_POLL_S)):
            counts = await self.store.counts()
            if not counts["inbox waiting"] and not await self.store.waiting_sends(console.name, console.account):
                return
            await asyncio.sleep(DRAIN_POLL_S)

    async def stop(self) -> None:
        """Gracefully: no new events, the batch under way is finished, open sends are settled."""
        self._stopping = True
        for front in (self.opened.front, self.opened.metrics_front):
            if front is not None:
                await front.stop()
        await _end([task for task in self._receiving if task.get_name() not in SERVING], cancel=True)
        if self.clock is not None:
            self.clock.stop()
        if self.rounds is not None:
            self.rounds.stop()
        if self.worker is not None:
            self.worker.stop()
        for sender in self.senders:
            sender.stop()
        await _end(self._working, cancel=False)
        for channel in self.opened.channels:
            await channel.aclose()
        await _end(self._receiving, cancel=False)
        await self.opened.aclose()
        await self.pictures.aclose()
        await self.leadership.aclose()
        await self.store.aclose()
        if self.lock is not None:
            self.lock.release()


async def _end(tasks: Sequence[asyncio.Task[None]], *, cancel: bool) -> None:
    for task in tasks if cancel else ():
        task.cancel()
    if not tasks:
        return
    _, late = await asyncio.wait(tasks, timeout=DRAIN_S)
    for task in late:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def open_coach(
    settings: Settings, roles: frozenset[str], *, new_bot: bool = False, now: Now = now_us, kitted: Kitted | None = None
) -> Coach:
    """Open everything. `now`: epoch microseconds; `kitted`: read already. Raises `CannotStartError` with one line.

    A server's database that is away is waited for, and calls for help are answered meanwhile.
    """
    kitted = kitted or read_kit(settings)
    look_at_folders(settings, roles)
    lock = lock_file(settings)
    while True:
        store = await reach_store(settings, kitted, roles, now)
        try:
            return await _open_with(store, settings, kitted, roles, lock, now, new_bot=new_bot)
        except StoreAwayError:
            if settings.is_sqlite:
                raise DatabaseAwayError("RUECKGRAT_DATABASE_URL: the database cannot be reached") from None
            log.warning("the database went away while starting", extra={"action": "start-store-away"})


async def _open_with(
    store: Store,
    settings: Settings,
    kitted: Kitted,
    roles: frozenset[str],
    lock: FileLock | None,
    now: Now,
    *,
    new_bot: bool,
) -> Coach:
    leadership = Leadership(store=store, owner=owner_name(), now=now, alone=lock is not None)
    try:
        await bring_up_to_date(settings, store)
        await leadership.take_node()
        pictures = open_pictures(settings, kitted.root)
        opened = await open_channels(settings, kitted, store, pictures, roles, now, new_bot=new_bot)
    except CANNOT_OPEN as error:
        await leadership.aclose()
        await store.aclose()
        raise CannotStartError(str(error)) from None
    except BaseException:
        await leadership.aclose()
        await store.aclose()
        raise
    return Coach(
        settings=settings,
        kitted=kitted.with_doors(opened.doors),
        store=store,
        leadership=leadership,
        metrics=opened.metrics,
        pictures=pictures,
        opened=opened,
        lock=lock,
        now=now,
    )


async def run(settings: Settings, *, roles: frozenset[str], new_bot: bool = False) -> int:
    """`rueckgrat run`: until SIGTERM or SIGINT. Returns the exit code."""
    set_up_logging(settings.log_level)
    try:
        coach = await open_coach(settings, roles, new_bot=new_bot)
    except CannotStartError as error:
        print(error, file=sys.stderr)  # noqa: T201  the operator's one line
        return 1
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    spare_collector()
    try:
        await coach.start(roles)
        if coach.opened.address:
            print(f"Rückgrat: {coach.opened.address}", flush=True)  # noqa: T201  where to find it
        await coach.until_ended(stop)
    except AlreadyRunningError as error:
        print(error, file=sys.stderr)  # noqa: T201  the operator's one line
        coach.failed.append("lease")
    finally:
        await coach.stop()
    return 1 if coach.failed else 0
