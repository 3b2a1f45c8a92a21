"""Receiving: sync → arrivals → inbox together with the new position; only then is the homeserver asked for more.

nio decrypts; everything else is ours. Its own loop saves the position before anybody has the messages, hangs on one
error, and asks a thousand times a second on another.
"""

import asyncio
import hashlib
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

from nio import MessageDirection

from bot.channels.channel import Intake, TokenRefusedError
from bot.channels.matrix.direct import Direct
from bot.channels.matrix.errors import UNREACHED, code_of, http_status, is_error, is_limited, is_token_refused, wait_of
from bot.channels.matrix.housekeeping import keep_house, tell_read
from bot.channels.matrix.position import CURSOR, Position, load
from bot.channels.matrix.sending import Sending
from bot.channels.matrix.timeline import Batch, Timeline
from bot.channels.undivided import undivided
from bot.dialogue.failures import StoreAwayError

log = logging.getLogger(__name__)

LONG_POLL_MS = 30_000
FIRST_SYNC_S = 900.0  # all rooms with all their members
STORE_AWAY_S, TROUBLE_S = 5.0, 60.0  # the longest pauses
GAP_PAGES = 100
PAGE = 100  # homeservers give no more at once
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


@dataclass(frozen=True, slots=True)
class Lines:
    """What the channel itself says in a room that is not, or no longer, a private one."""

    crowded: str
    plain: str


class _TroubleError(Exception):
    """The homeserver did not answer as it should. `wait_s`: what it asked for."""

    def __init__(self, what: str, wait_s: float = 0.0) -> None:
        super().__init__(what)
        self.wait_s = wait_s


@dataclass(slots=True)
class Receiving:
    """Of one account. `now`: epoch microseconds."""

    client: Any
    sending: Sending
    timeline: Timeline
    homes: Homes
    lines: Lines
    direct: Direct
    now: Callable[[], int]
    poll_ms: int = LONG_POLL_MS
    _failures: int = 0
    _is_first: bool = True
    _to_read: dict[str, str] = field(default_factory=dict)
    _is_noted: bool = False  # which rooms are private
    _errands: asyncio.Task[None] | None = None

    async def run(self, intake: Intake) -> None:
        """Until cancelled. Raises `TokenRefusedError`."""
        try:
            await self._run(intake)
        finally:
            if self._errands is not None:
                self._errands.cancel()

    async def _run(self, intake: Intake) -> None:
        position = await self._begun(intake)
        while True:
            try:
                answer = await self._synced(position)
                batch, following = await self._read(answer, position)
            except _TroubleError as trouble:
                await self._pause("matrix-unreachable", str(trouble), TROUBLE_S, at_least=trouble.wait_s)
                continue
            position = await self._kept(intake, batch, position, following)
            self._failures = 0
            try:
                await self._chores(batch)
            except Exception as error:  # noqa: BLE001  the arrivals are written; whoever writes next must be heard
                _left_undone("matrix-chores", error)

    async def _begun(self, intake: Intake) -> Position:
        while True:
            try:
                position = load(await intake.position(CURSOR))
            except StoreAwayError:
                await self._pause("matrix-store-away", "the database is away", STORE_AWAY_S)
            else:
                self.timeline.undecrypted.remember(position.unread)
                self.timeline.invitations.pending.update(position.invitations)
                return position

    async def _synced(self, position: Position) -> Any:
        """One answer, decrypted in place. The first one tells all rooms, whatever the position."""
        self.client.next_batch = ""  # nio would leave an answer that it knows undecrypted
        try:
            async with asyncio.timeout(FIRST_SYNC_S):
                answer = await self.client.sync(
                    timeout=0 if self._is_first else self.poll_ms,
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
        self.sending.ready.set()
        return answer

    def _check(self, answer: Any) -> None:
        if is_token_refused(answer):
            raise TokenRefusedError("the homeserver no longer accepts the token")
        if is_error(answer):
            wait = wait_of(answer) if is_limited(answer) else 0.0
            raise _TroubleError(code_of(answer) or str(http_status(answer)), wait)

    async def _read(self, answer: Any, position: Position) -> tuple[Batch, Position]:
        """Whatever may fail comes first: after it, nothing that was heard may get lost."""
        joined = answer.rooms.join
        events = {room: await self._events(room, info.timeline, position) for room, info in joined.items()}
        now, batch = self.now(), Batch()
        for room, info in answer.rooms.invite.items():
            self.timeline.invitations.hear(room, info.invite_state)
        for room, happened in events.items():
            await self.timeline.take(batch, room, happened, now)
        for room in answer.rooms.leave:
            self.timeline.left(batch, room, answer.next_batch, now)
        await self.timeline.catch_up(batch, now)
        following = Position(
            token=answer.next_batch,
            unread=self.timeline.undecrypted.names,
            invitations=dict(self.timeline.invitations.pending),
        )
        return batch, following

    async def _events(self, room: str, timeline: Any, position: Position) -> list[Any]:
        """What happened in a room since the position. Nobody waits for answers to what was before the very first."""
        if position.token is None:
            return []
        if not timeline.limited:
            return list(timeline.events)
        return [*await self._gap(room, timeline.prev_batch, position.token), *timeline.events]

    async def _gap(self, room: str, start: str, since: str) -> list[Any]:
        """What a sync left out, oldest first."""
        pages: list[Any] = []
        for _ in range(GAP_PAGES):
            try:
                page = await self.client.room_messages(room, start, since, MessageDirection.back, PAGE)
            except UNREACHED as error:
                raise _TroubleError(type(error).__name__) from None
            self._check(page)
            pages += page.chunk
            if not page.chunk or page.end in {None, start}:
                return pages[::-1]
            start = page.end
        log.error("a gap is too long to be closed", extra={"action": "matrix-gap", "events": len(pages)})
        return pages[::-1]

    async def _kept(self, intake: Intake, batch: Batch, position: Position, following: Position) -> Position:
        """Write what came and the position in one transaction. While the store is away, the answer is kept."""
        if following == position and not batch.arrivals:
            return position
        while True:
            try:
                for home in batch.homes:
                    await self.homes.moved_in(home.person, home.room)
                await undivided(intake.receive(batch.arrivals, cursor=(CURSOR, following.dump())))
            except StoreAwayError:
                await self._pause("matrix-store-away", "the database is away", STORE_AWAY_S)
            else:
                return following

    async def _chores(self, batch: Batch) -> None:
        """What may be lost with the process, and what the encryption needs."""
        for room, what in batch.crowded.items():
            await self.sending.say(room, self.lines.crowded, _transaction("crowded", room, what))
        for room in batch.plain:
            if not await self.timeline.invitations.encrypt(room):
                await self.sending.say(room, self.lines.plain, _transaction("plain", room, room))
                self.timeline.invitations.entered(room)
                batch.leave.append(room)
        for room in batch.leave:
            await self.timeline.invitations.leave(room)
        await keep_house(self.client, self.sending.keys)
        self._to_read |= batch.read
        self._is_noted = self._is_noted and not batch.homes
        if self._errands is None or self._errands.done():
            self._errands = asyncio.create_task(self._run_errands())

    async def _run_errands(self) -> None:
        """What another homeserver may take minutes for; meanwhile the coach goes on listening."""
        try:
            while self._to_read:
                read, self._to_read = self._to_read, {}
                await tell_read(self.client, read)
            await self.timeline.invitations.carry_out()
            if not self._is_noted:
                self._is_noted = True  # before: another may be entered meanwhile
                if not await self.direct.note():
                    self._is_noted = False
        except Exception as error:  # noqa: BLE001  see above
            _left_undone("matrix-errands", error)

    async def _pause(self, action: str, why: str, longest: float, *, at_least: float = 0.0) -> None:
        self._failures += 1
        delay = max(at_least, min(longest, 2.0 ** min(self._failures - 1, 6)))
        log.warning("receiving from Matrix pauses", extra={"action": action, "why": why, "s": delay})
        await asyncio.sleep(delay)


def _left_undone(action: str, error: Exception) -> None:
    log.error("something is left undone in Matrix rooms", extra={"action": action, "error": type(error).__name__})


def _transaction(kind: str, room: str, what: str) -> str:
    return f"{kind}.{hashlib.sha256(f'{room} {what}'.encode()).hexdigest()[:32]}"
