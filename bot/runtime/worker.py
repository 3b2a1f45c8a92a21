"""The worker: claims members with waiting events, steps them in memory, saves everything with one commit.

A batch fails one member at a time: whatever cannot be saved is halved down to one event of one member, which comes
again and is set aside at the third attempt. The worker goes on in any case. Alarm words and /notfall are looked for
before a document is read, so nothing broken can hide them.
"""

import asyncio
import logging
import math
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from bot.coach.alarm import AlarmDetector
from bot.dialogue.events import Address
from bot.dialogue.failures import StoreAwayError
from bot.dialogue.kit import Kit
from bot.runtime.documents import Documents
from bot.runtime.group_taps import Answer
from bot.runtime.groups import answer_groups
from bot.runtime.helped import Helped
from bot.runtime.linking import Linking
from bot.runtime.lived import Lived
from bot.runtime.living import Living
from bot.runtime.metrics import Metrics
from bot.runtime.placing import place_edits
from bot.runtime.standby import ATTEMPTS
from bot.runtime.wishes import apply_wishes, concerns_rounds, ends_session, is_wish
from bot.store.round_rooms import person_of
from bot.store.rows import Claim, Waiting
from bot.store.store import Store
from bot.store.turns import TurnBatch

log = logging.getLogger(__name__)

MEMBERS_A_BATCH = 300
FEWEST_MEMBERS = 16
EVENTS_A_MEMBER = 20
BREATH_S = 0.05  # polls and websockets are never held up longer than this
BATCH_S = 0.1  # a batch steps no longer than this, then commits what is done
HURRY = 5  # and a fifth of that for what the clock brought, when people's answers wait for the same commit
RETRY_AFTER_US = 300_000  # twice at most, and short: /notfall may stand behind what failed
NEWER_WAITS_US = 2_000_000  # until what is left to newer code is looked at again
BACK_OFF_S = (1.0, 2.0, 5.0)
IDLE_POLL_S = 1.0
_Tell: TypeAlias = Callable[[TurnBatch, Claim, Exception, int], Awaitable[None]]


def _is_clocks(claim: Claim) -> bool:
    return all(event.address is None for event in claim.events)


@dataclass(slots=True)
class Worker:
    """One worker loop. `on_committed` wakes the senders, `on_erased` clears what channels keep of an address.

    `on_emptied`: of a place that stays while its history went. `on_answered`: words beside buttons that were tapped.
    `batch_s`: a batch steps no longer than this, by the clock `seconds`.
    """

    store: Store
    kit: Kit
    detector: AlarmDetector
    now: Callable[[], int]
    metrics: Metrics
    on_committed: Callable[[], None]
    on_erased: Callable[[Sequence[Address]], Awaitable[None]]
    on_emptied: Callable[[Sequence[Address]], Awaitable[None]] | None = None
    on_answered: Callable[[Sequence[Answer]], None] = lambda _: None
    batch_s: float = BATCH_S
    seconds: Callable[[], float] = time.monotonic
    documents: Documents = field(default_factory=Documents)
    helped: Helped = field(default_factory=Helped)
    _wake: asyncio.Event = field(default_factory=asyncio.Event)
    _stopping: bool = False
    _members: int = MEMBERS_A_BATCH  # so many a batch, as many as it has time for
    _has_told: bool = False  # that there is newer code

    def wake(self) -> None:
        """There may be something to do."""
        self._wake.set()

    def stop(self) -> None:
        """Finish the batch under way, then return from `run`."""
        self._stopping = True
        self._wake.set()

    async def run(self) -> None:
        """Work until stopped. A store that is away is waited for; nothing hot-loops, and nothing ends the worker."""
        failures = 0
        while not self._stopping:
            try:
                worked = await self.work_once()
                failures = 0
                self.helped.worked()
            except StoreAwayError:
                self.helped.cannot_work()
                await self._back_off(failures, "worker_store_away", "the database is away, trying again")
                failures += 1
            except Exception as error:  # noqa: BLE001  whatever it is: a worker that ended would answer nobody any more
                await self._back_off(failures, "worker_failed", f"the worker failed: {type(error).__name__}")
                failures += 1
            else:
                if worked == 0:
                    await self._rest()

    async def _back_off(self, failures: int, metric: str, words: str) -> None:
        delay = BACK_OFF_S[min(failures, len(BACK_OFF_S) - 1)]
        self.metrics.count(metric)
        log.warning(words, extra={"action": metric.replace("_", "-"), "s": delay})
        await asyncio.sleep(delay)

    async def _rest(self) -> None:
        self._wake.clear()
        try:
            async with asyncio.timeout(IDLE_POLL_S):
                await self._wake.wait()
        except TimeoutError:
            pass

    async def work_once(self, members: int | None = None) -> int:
        """One batch; returns how many members and groups had something. An error halves it, down to one event."""
        members = self._members if members is None else members
        events = EVENTS_A_MEMBER
        while True:
            try:
                return await self._batch(members, events)
            except StoreAwayError:
                raise
            except Exception as error:  # noqa: BLE001  one member's trouble, whatever it is, must not stop the others
                self.metrics.count("batches_failed")
                if members == events == 1:
                    return await self._give_up(error)
                events = 1 if members == 1 else events
                members = max(1, members // 2)

    async def _batch(self, members: int, events: int) -> int:
        now = self.now()
        async with self.store.turns(now, members=members, events=events) as batch:
            if not batch.claims and not batch.strangers:
                return 0
            living = self._living(now)
            lives = await self._live_all(batch, living)
            await place_edits(batch.places, lives, self.store.ids, now)
            await batch.save([lived.outcome for lived in lives])
            batch.forget_strangers(
                {
                    person_of(stored.address)
                    for claim, lived in zip(batch.claims, lives, strict=False)
                    if lived.outcome.erase
                    for stored in claim.addresses
                }
            )
            await self._note_ages(batch, lives)
            await self._give_back(batch, lives, now)
            sharers = await self._sharers(batch, lives)
            for claim, lived in zip(batch.claims, lives, strict=False):  # a batch may stop before its last claims
                await self._apply_wishes(batch, claim, lived, now, shares=claim.member in sharers)
            heard = await answer_groups(batch, self.kit, self.detector, self.store.ids, now)
            await self._fail(batch, heard.failed, now)
            linking = Linking(batch=batch, living=living)
            for claim, lived in zip(batch.claims, lives, strict=False):
                await linking.carry_out(claim, lived.wishes)
        self.on_answered(heard.answers)
        await self._tell_channels(lives, linking)
        self.metrics.count("turns", sum(lived.turns for lived in lives))
        self.on_committed()
        return len(batch.claims) + len(batch.strangers)

    async def _note_ages(self, batch: TurnBatch, lives: Sequence[Lived]) -> None:
        """Whoever has just said to be under 18, or of age after all: cards in groups take in nobody younger."""
        for minor, note in ((True, batch.rounds.bar), (False, batch.rounds.admit)):
            people = {person_of(where) for lived in lives if lived.minor is minor for where in lived.addresses}
            if people:
                await note(people)

    async def _sharers(self, batch: TurnBatch, lives: Sequence[Lived]) -> set[int]:
        """Whose sessions of this batch count in a round: one question for all. If it raises, each is asked about."""
        ended = [lived.outcome.member for lived in lives if ends_session(lived.outcome.facts)]
        if not ended:
            return set()
        try:
            async with batch.apart():
                return await batch.rounds.sharers(ended)
        except StoreAwayError:
            raise
        except Exception as error:  # noqa: BLE001  whatever is wrong with the rounds, the turns stand
            log.warning("rounds were not found", extra={"action": "sharers-failed", "error": type(error).__name__})
            return set(ended)

    async def _apply_wishes(self, batch: TurnBatch, claim: Claim, lived: Lived, now: int, *, shares: bool) -> None:
        """A round that raises is the round's trouble: the member's turn stands, above all where it was an alarm."""
        facts = lived.outcome.facts
        if not concerns_rounds(facts, shares=shares):
            return
        try:
            async with batch.apart():
                await apply_wishes(batch.rounds, claim, facts, self.kit, self.store.ids, now)
        except StoreAwayError:
            raise
        except Exception as error:  # noqa: BLE001  whatever is wrong with a round
            self.metrics.count("wishes_failed")
            log.warning("a wish failed", extra={"action": "wish-failed", "error": type(error).__name__})
            if is_wish(facts):
                await batch.send(self._living(now).standby.line(claim, None))

    def _living(self, now: int) -> Living:
        return Living(
            kit=self.kit,
            detector=self.detector,
            ids=self.store.ids,
            now=now,
            documents=self.documents,
            helped=self.helped,
        )

    async def _tell_channels(self, lives: Sequence[Lived], linking: Linking) -> None:
        """What is erased goes from the channels too. All is committed by now: nothing is undone if one fails."""
        erased = [address for lived in lives if lived.outcome.erase for address in lived.addresses]
        try:
            if erased:
                await self.on_erased(erased)
            if linking.emptied and self.on_emptied is not None:
                await self.on_emptied(linking.emptied)
        except Exception as error:  # noqa: BLE001  a channel's trouble is no member's
            self.metrics.count("erasures_not_told")
            log.warning("a channel was not told", extra={"action": "erasure-not-told", "error": type(error).__name__})

    async def _give_up(self, failure: Exception) -> int:
        """The oldest event cannot be saved with what it causes: help is given, and it comes again or is set aside."""
        log.error("one event cannot be saved", extra={"action": "turn-unsaved", "error": type(failure).__name__})
        for tell in (self._save_standby, self._only_tell, self._say_nothing):
            if await self._is_told(tell, failure):
                self.on_committed()
                return 1
        name = type(failure).__name__
        now = self.now()
        await self.store.give_up_oldest(now, now + RETRY_AFTER_US, ATTEMPTS, name)
        return 1

    async def _is_told(self, tell: _Tell, failure: Exception) -> bool:
        now = self.now()
        try:
            async with self.store.turns(now, members=1, events=1) as batch:
                for claim in batch.claims:
                    await tell(batch, claim, failure, now)
        except StoreAwayError:
            raise
        except Exception as error:  # noqa: BLE001  what was refused before may be refused again: with less, then
            log.warning("not even this", extra={"action": "standby-failed", "error": type(error).__name__})
            return False
        return True

    async def _save_standby(self, batch: TurnBatch, claim: Claim, failure: Exception, now: int) -> None:
        lived = self._living(now).standby.without_document(claim, failure)
        await batch.save([lived.outcome])
        await self._give_back(batch, [lived], now)

    async def _only_tell(self, batch: TurnBatch, claim: Claim, failure: Exception, now: int) -> None:
        """The member's row takes nothing: the words leave without it."""
        lived = self._living(now).standby.without_document(claim, failure)
        await batch.send(lived.outcome.sends)
        await self._give_back(batch, [lived], now)

    async def _say_nothing(self, batch: TurnBatch, claim: Claim, failure: Exception, now: int) -> None:
        """The outbox takes nothing either: the event comes again or goes."""
        await self._fail(batch, [(event, failure) for event in claim.events], now)

    async def _live_all(self, batch: TurnBatch, living: Living) -> list[Lived]:
        lives: list[Lived] = []
        began = breathed = self.seconds()
        answered = math.inf  # when people's events were through, if there were any: they come first
        for claim in batch.claims:
            if lives and answered == math.inf and _is_clocks(claim) and not _is_clocks(batch.claims[0]):
                answered = self.seconds()
            lives.append(living.live(claim))
            if self.seconds() > min(began + self.batch_s, answered + self.batch_s / HURRY):
                # The others stay in the inbox: SQLite's one writer is wanted by intake and receipts too. Next time so
                # many are not claimed in vain.
                self._members = max(FEWEST_MEMBERS, min(MEMBERS_A_BATCH, 2 * len(lives)))
                break
            if self.seconds() - breathed > BREATH_S:
                await asyncio.sleep(0)
                breathed = self.seconds()
        else:
            self._members = min(MEMBERS_A_BATCH, 2 * self._members)
        return lives

    async def _give_back(self, batch: TurnBatch, lives: Sequence[Lived], now: int) -> None:
        returned = [event for lived in lives for event in lived.returned]
        if returned:
            self.metrics.count("events_returned", len(returned))
            await batch.return_events(returned, now + RETRY_AFTER_US)
        waits = [event for lived in lives for event in lived.waits]
        if waits:
            await self._leave_waiting(batch, waits, now)
        for lived in lives:
            for event, error in lived.set_aside:
                await self._set_aside(batch, event, error)

    async def _leave_waiting(self, batch: TurnBatch, events: Sequence[int], now: int) -> None:
        self.metrics.count("events_left_to_newer_code", len(events))
        if not self._has_told:
            self._has_told = True
            log.warning("documents of newer code are left to it: update this installation", extra={"action": "newer"})
        await batch.put_off(events, now + NEWER_WAITS_US)

    async def _fail(self, batch: TurnBatch, failed: Sequence[tuple[Waiting, Exception]], now: int) -> None:
        """Events that raised: again in a moment, set aside at the third attempt."""
        returned = [waiting.id for waiting, _ in failed if waiting.attempts + 1 < ATTEMPTS]
        if returned:
            self.metrics.count("events_returned", len(returned))
            await batch.return_events(returned, now + RETRY_AFTER_US)
        for waiting, error in failed:
            if waiting.id not in returned:
                await self._set_aside(batch, waiting.id, type(error).__name__)

    async def _set_aside(self, batch: TurnBatch, event: int, error: str) -> None:
        self.metrics.count("events_set_aside")
        log.error("an event was set aside", extra={"action": "event-set-aside", "event": event, "error": error})
        await batch.set_aside(event, error)
