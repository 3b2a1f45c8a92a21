"""The worker: claims members with waiting events, steps them in memory, saves everything with one commit.

A batch fails one member at a time. Alarm words and /notfall are looked for before a document is read, so nothing
broken can hide them.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from bot.coach.alarm import AlarmDetector
from bot.dialogue.events import Address
from bot.dialogue.failures import BadArrivalError, StoreAwayError
from bot.dialogue.kit import Kit
from bot.runtime.documents import Documents
from bot.runtime.groups import answer_groups
from bot.runtime.linking import Linking
from bot.runtime.living import Lived, Living
from bot.runtime.metrics import Metrics
from bot.runtime.placing import place_edits
from bot.runtime.wishes import apply_wishes
from bot.store.store import Store
from bot.store.turns import TurnBatch

log = logging.getLogger(__name__)

MEMBERS_A_BATCH = 300
FEWEST_MEMBERS = 16
EVENTS_A_MEMBER = 20
BREATH_S = 0.05  # polls and websockets are never held up longer than this
BATCH_S = 0.1  # a batch steps no longer than this, then commits what is done
RETRY_AFTER_US = 300_000  # twice at most, and short: /notfall may stand behind what failed
BACK_OFF_S = (1.0, 2.0, 5.0)
IDLE_POLL_S = 1.0


@dataclass(slots=True)
class Worker:
    """One worker loop. `on_committed` wakes the senders, `on_erased` clears what channels keep of an address.

    `on_emptied`: of a place that stays while its history went. `batch_s`: a batch steps no longer than this.
    """

    store: Store
    kit: Kit
    detector: AlarmDetector
    now: Callable[[], int]
    metrics: Metrics
    on_committed: Callable[[], None]
    on_erased: Callable[[Sequence[Address]], Awaitable[None]]
    on_emptied: Callable[[Sequence[Address]], Awaitable[None]] | None = None
    batch_s: float = BATCH_S
    documents: Documents = field(default_factory=Documents)
    _wake: asyncio.Event = field(default_factory=asyncio.Event)
    _stopping: bool = False
    _members: int = MEMBERS_A_BATCH  # so many a batch, as many as it has time for

    def wake(self) -> None:
        """There may be something to do."""
        self._wake.set()

    def stop(self) -> None:
        """Finish the batch under way, then return from `run`."""
        self._stopping = True
        self._wake.set()

    async def run(self) -> None:
        """Work until stopped. A store that is away is waited for; nothing hot-loops."""
        failures = 0
        while not self._stopping:
            try:
                worked = await self.work_once()
                failures = 0
            except StoreAwayError:
                delay = BACK_OFF_S[min(failures, len(BACK_OFF_S) - 1)]
                failures += 1
                self.metrics.count("worker_store_away")
                log.warning("the database is away, trying again", extra={"action": "worker-store-away", "s": delay})
                await asyncio.sleep(delay)
                continue
            if worked == 0:
                await self._rest()

    async def _rest(self) -> None:
        self._wake.clear()
        try:
            async with asyncio.timeout(IDLE_POLL_S):
                await self._wake.wait()
        except TimeoutError:
            pass

    async def work_once(self, members: int | None = None) -> int:
        """One batch; returns how many members and groups had something. A database error halves it, down to one."""
        members = self._members if members is None else members
        try:
            return await self._batch(members)
        except StoreAwayError:
            raise
        except BadArrivalError:
            if members == 1:
                raise
            return await self.work_once(max(1, members // 2))

    async def _batch(self, members: int) -> int:
        now = self.now()
        erased: list[Address] = []
        async with self.store.turns(now, members=members, events=EVENTS_A_MEMBER) as batch:
            if not batch.claims and not batch.strangers:
                return 0
            living = Living(kit=self.kit, detector=self.detector, ids=self.store.ids, now=now, documents=self.documents)
            lives = await self._live_all(batch, living)
            await place_edits(batch.places, lives, self.store.ids, now)
            await batch.save([lived.outcome for lived in lives])
            await self._give_back(batch, lives, now)
            for claim, lived in zip(batch.claims, lives, strict=False):  # a batch may stop before its last claims
                await apply_wishes(batch.rounds, claim, lived.outcome.facts, self.kit, self.store.ids, now)
            await answer_groups(batch, self.kit, self.detector, self.store.ids, now)
            linking = Linking(batch=batch, living=living)
            for claim, lived in zip(batch.claims, lives, strict=False):
                await linking.carry_out(claim, lived.wishes)
            erased = [address for lived in lives if lived.outcome.erase for address in lived.addresses]
        if erased:
            await self.on_erased(erased)
        if linking.emptied and self.on_emptied is not None:
            await self.on_emptied(linking.emptied)
        self.metrics.count("turns", sum(lived.turns for lived in lives))
        self.on_committed()
        return len(batch.claims) + len(batch.strangers)

    async def _live_all(self, batch: TurnBatch, living: Living) -> list[Lived]:
        lives: list[Lived] = []
        loop = asyncio.get_running_loop()
        began = breathed = loop.time()
        for claim in batch.claims:
            lives.append(living.live(claim))
            if loop.time() - began > self.batch_s:
                # The others stay in the inbox: SQLite's one writer is wanted by intake and receipts too. Next time so
                # many are not claimed in vain.
                self._members = max(FEWEST_MEMBERS, min(MEMBERS_A_BATCH, 2 * len(lives)))
                break
            if loop.time() - breathed > BREATH_S:
                await asyncio.sleep(0)
                breathed = loop.time()
        else:
            self._members = min(MEMBERS_A_BATCH, 2 * self._members)
        return lives

    async def _give_back(self, batch: TurnBatch, lives: Sequence[Lived], now: int) -> None:
        returned = [event for lived in lives for event in lived.returned]
        if returned:
            self.metrics.count("events_returned", len(returned))
            await batch.return_events(returned, now + RETRY_AFTER_US)
        for lived in lives:
            for event, error in lived.set_aside:
                self.metrics.count("events_set_aside")
                log.error("an event was set aside", extra={"action": "event-set-aside", "event": event, "error": error})
                await batch.set_aside(event, error)
