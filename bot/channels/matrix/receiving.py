"""Receiving: sync → arrivals → inbox together with the new position; only then does the saved position move on.

nio decrypts; everything else is ours. Its own loop saves the position before anybody has the messages, hangs on one
error, and asks a thousand times a second on another.
"""

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

from nio import MegolmEvent
from nio.exceptions import EncryptionError

from bot.channels.channel import Intake, TokenRefusedError
from bot.channels.matrix.errands import Errands
from bot.channels.matrix.errors import UNREACHED, code_of, http_status, is_error, is_limited, is_token_refused, wait_of
from bot.channels.matrix.gaps import PAGE, GapError, Gaps
from bot.channels.matrix.position import CURSOR, Gap, Position, load
from bot.channels.matrix.sending import Sending
from bot.channels.matrix.timeline import Batch, Timeline
from bot.channels.matrix.unwritten import Unwritten
from bot.channels.matrix.updates import whole
from bot.channels.undivided import undivided
from bot.dialogue.failures import StoreAwayError

log = logging.getLogger(__name__)

LONG_POLL_MS = 30_000
WAITING_POLL_MS = 2_000  # where something else is to be done soon
FIRST_SYNC_S = 900.0  # all rooms with all their members
STORE_AWAY_S, TROUBLE_S = 5.0, 60.0  # the longest pauses
MOVE_S = 5.0  # so long a new home may take to be written
GAPS_S = 15.0  # so long a sync's gaps may keep everybody waiting; what is not told by then is asked for beside
FIRST_GAPS_S = 60.0  # and the first one's: they may tell what must not be sent again
_STATE = ["m.room.member", "m.room.encryption", "m.room.tombstone", "m.room.create", "m.room.power_levels"]
_NOTHING: dict[str, Any] = {"types": []}
FILTER: dict[str, Any] = {
    "presence": _NOTHING,
    "account_data": _NOTHING,
    # All members, not only those who write: whether a room is private depends on who is there.
    "room": {"timeline": {"limit": PAGE}, "ephemeral": _NOTHING, "account_data": _NOTHING, "state": {"types": _STATE}},
}


class Homes(Protocol):
    """Where people live. Raises `StoreAwayError`."""

    async def moved_in(self, person: str, room: str) -> None:
        """From now on this is the person's private room; what stood under another one follows."""

    async def rooms_of(self, person: str) -> list[str]:
        """Where the person is known."""

    async def language_of(self, people: list[str]) -> str | None:
        """The language of the first of them who is a member; `None`: nobody is."""


class _TroubleError(Exception):
    """The homeserver did not answer as it should. `wait_s`: what it asked for."""

    def __init__(self, what: str, wait_s: float = 0.0) -> None:
        super().__init__(what)
        self.wait_s = wait_s


@dataclass(slots=True)
class Receiving:
    """Of one account. `now`: epoch microseconds; `clock`: seconds that only grow."""

    client: Any
    sending: Sending
    timeline: Timeline
    gaps: Gaps
    homes: Homes
    errands: Errands
    now: Callable[[], int]
    poll_ms: int = LONG_POLL_MS
    clock: Callable[[], float] = time.monotonic
    heard: asyncio.Event = field(default_factory=asyncio.Event)  # what came before this process stands in the inbox
    _failures: int = 0
    _store_failures: int = 0
    _write_at: float = 0.0  # the store is away: when to try again
    _is_first: bool = True
    _unwritten: Unwritten = field(default_factory=Unwritten)

    async def run(self, intake: Intake) -> None:
        """Until cancelled. Raises `TokenRefusedError`."""
        try:
            await self._run(intake)
        finally:
            self.errands.cancel()

    async def _run(self, intake: Intake) -> None:
        position = await self._begun(intake)
        while self.errands.refused is None:
            fresh = Batch()
            try:
                answer = await self._synced(position)
                fresh, following = await self._read(answer, position)
            except _TroubleError as trouble:
                await self._pause("matrix-unreachable", str(trouble), TROUBLE_S, at_least=trouble.wait_s)
                if self._unwritten.position is None:
                    continue
            else:
                self._failures = 0
                if fresh.arrivals or following != position:
                    self._unwritten.take(fresh, following)
                position = following
                self.errands.keep_house()
            position = await self._written(intake, fresh, position)
        raise self.errands.refused

    async def _begun(self, intake: Intake) -> Position:
        while True:
            try:
                position = load(await intake.position(CURSOR))
            except StoreAwayError:
                await self._pause("matrix-store-away", "the database is away", STORE_AWAY_S)
            else:
                self._go_back_to(position)
                self.timeline.marks.begin(position.key, position.heard, self.now())
                return position

    def _go_back_to(self, position: Position) -> None:
        """What it names is told by nobody else."""
        self.timeline.undecrypted.remember(position.unread, position.told)
        self.timeline.invitations.pending.update(position.invitations)
        self.timeline.crowded.update(position.crowded)
        self.timeline.behind.update(position.behind)
        self.gaps.remember(position.gaps)

    async def _synced(self, position: Position) -> Any:
        """One answer, decrypted in place. The first one tells all rooms, whatever the position."""
        self.client.next_batch = ""  # nio would leave an answer that it knows undecrypted
        try:
            async with asyncio.timeout(FIRST_SYNC_S):
                answer = await self.client.sync(
                    timeout=0 if self._is_first else self._poll_ms,
                    sync_filter=FILTER,
                    since=position.token,
                    full_state=self._is_first or None,
                )
        except UNREACHED as error:
            raise _TroubleError(type(error).__name__) from None
        except Exception as error:
            log.exception("a sync cannot be read", extra={"action": "matrix-sync-broken"})
            raise _TroubleError(type(error).__name__) from None
        self._check(answer)
        if answer.device_key_count.signed_curve25519 == 0:  # nio overlooks that none are left
            self.client.olm.uploaded_key_count = 0
        self._is_first = False
        return answer

    def _check(self, answer: Any) -> None:
        if is_token_refused(answer):
            raise TokenRefusedError("the homeserver no longer accepts the token")
        if is_error(answer):
            wait = wait_of(answer) if is_limited(answer) else 0.0
            raise _TroubleError(code_of(answer) or str(http_status(answer)), wait)

    @property
    def _poll_ms(self) -> int:
        is_behind = self.gaps.open or self.timeline.crowded or self.timeline.undecrypted.is_behind
        is_hurried = self._unwritten.position is not None or is_behind
        return min(self.poll_ms, WAITING_POLL_MS) if is_hurried else self.poll_ms

    async def _read(self, answer: Any, position: Position) -> tuple[Batch, Position]:
        """Whatever may fail comes first: after it, nothing that was heard may get lost. Then sending may begin."""
        earlier = not self.sending.ready.is_set()
        until = self.clock() + (FIRST_GAPS_S if earlier else GAPS_S)
        joined = answer.rooms.join
        events = {room: await self._events(room, info.timeline, position, until) for room, info in joined.items()}
        left = answer.rooms.leave
        last = {room: await self._last_events(room, info.timeline, position, until) for room, info in left.items()}
        now, batch = self.now(), Batch()
        for room, info in answer.rooms.invite.items():
            self.timeline.invitations.hear(room, info.invite_state)
        for room, missing in self.gaps.taken():
            await self.timeline.take(batch, room, missing, now, earlier=True)
        for room, happened in events.items():
            await self.timeline.take(batch, room, happened, now, earlier=earlier)
        self.sending.ready.set()
        for room, happened in last.items():
            await self.timeline.left(batch, room, happened, answer.next_batch, now)
        await self.timeline.catch_up(batch, now)
        await self.timeline.bring_home(batch)
        following = Position(
            token=answer.next_batch,
            unread=self.timeline.undecrypted.names,
            invitations=dict(self.timeline.invitations.pending),
            gaps=tuple(self.gaps.open.values()),
            crowded=dict(self.timeline.crowded),
            told=dict(self.timeline.undecrypted.told),
            key=self.timeline.marks.key,
            heard=self.timeline.marks.kept(now),
            behind=dict(self.timeline.behind),
        )
        return batch, following

    async def _events(self, room: str, timeline: Any, position: Position, until: float) -> list[Any]:
        """What happened in a room since the position. Nobody waits for answers to what was before the very first."""
        if position.token is None:
            return []
        told = list(timeline.events)
        if not timeline.limited or self.timeline.own_from([whole(event) for event in told]):
            return told
        gap = Gap(room, timeline.prev_batch, position.token, self.now())
        try:
            async with asyncio.timeout(max(0.0, until - self.clock())):
                return [*await self.gaps.events(gap), *told]
        except (GapError, TimeoutError) as error:
            self.gaps.hold(gap, str(error) or type(error).__name__)
            return told

    async def _last_events(self, room: str, timeline: Any, position: Position, until: float) -> list[Any]:
        """The same of a room that we are out of; nio leaves these undecrypted."""
        return [self._decrypted(event, room) for event in await self._events(room, timeline, position, until)]

    def _decrypted(self, event: Any, room: str) -> Any:
        if not isinstance(event, MegolmEvent):
            return event
        event.room_id = room
        try:
            return self.client.decrypt_event(event)
        except EncryptionError:
            return event  # its key may come later

    async def _written(self, intake: Intake, fresh: Batch, newest: Position) -> Position:
        """Write what waits and its position in one transaction; from where receiving goes on.

        While the store is away it goes on from the newest, and what is urgent is answered without the store.
        """
        waiting = self._unwritten
        if waiting.position is None:
            self.heard.set()
            self.errands.go(fresh)
            return newest
        if self._store_failures:
            intake.help_meanwhile(fresh.arrivals)
        if self._write_at > self.clock():
            return newest
        try:
            await self._moved_in(waiting.batch)
            await undivided(intake.receive(waiting.batch.arrivals, cursor=(CURSOR, waiting.position.dump())))
        except StoreAwayError:
            intake.help_meanwhile(waiting.batch.arrivals)
            self._put_off()
            return newest
        self._store_failures, self._write_at = 0, 0.0
        position = waiting.position
        if waiting.is_full:
            self._go_back_to(position)
        self.heard.set()
        self.errands.go(waiting.written())
        return position

    async def _moved_in(self, batch: Batch) -> None:
        """May be done again. Raises `StoreAwayError`, also where the store hangs."""
        try:
            async with asyncio.timeout(MOVE_S):
                for home in batch.homes:
                    await self.homes.moved_in(home.person, home.room)
        except TimeoutError:
            raise StoreAwayError("a write hangs") from None

    def _put_off(self) -> None:
        delay = min(STORE_AWAY_S, 2.0 ** min(self._store_failures, 6))
        self._store_failures += 1
        self._write_at = self.clock() + delay
        log.warning("nothing from Matrix can be written", extra={"action": "matrix-store-away", "s": delay})

    async def _pause(self, action: str, why: str, longest: float, *, at_least: float = 0.0) -> None:
        self._failures += 1
        delay = max(at_least, min(longest, 2.0 ** min(self._failures - 1, 6)))
        log.warning("receiving from Matrix pauses", extra={"action": action, "why": why, "s": delay})
        await asyncio.sleep(delay)
