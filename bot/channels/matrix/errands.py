"""What the coach does in rooms besides hearing and answering. Any homeserver may take minutes for it; nobody waits.

Three strands: the keys, without which nobody is understood, courtesies, and everything else.
"""

import asyncio
import hashlib
import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from bot.channels.channel import DeliveryError, NotSentError, RetryLaterError, TokenRefusedError
from bot.channels.matrix.direct import Direct
from bot.channels.matrix.gaps import Gaps
from bot.channels.matrix.housekeeping import keep_house, tell_read
from bot.channels.matrix.position import Invitation
from bot.channels.matrix.sending import Sending
from bot.channels.matrix.timeline import Batch, Timeline
from bot.dialogue.failures import StoreAwayError

log = logging.getLogger(__name__)

SAY_AGAIN_S = 15.0
BETWEEN = "\n\n"


@dataclass(frozen=True, slots=True)
class Lines:
    """What the channel itself says in a room that is not, or no longer, a private one; by language, the first first."""

    crowded: Mapping[str, str]
    plain: Mapping[str, str]
    beside: Mapping[str, str]  # there is an encrypted room instead


def in_words(line: Mapping[str, str], language: str | None) -> str:
    """In the language of the one who is there; in each, where it is not known."""
    return line.get(language or "") or BETWEEN.join(line.values())


@dataclass(slots=True)
class Errands:
    """Of one account. `language_of`: the language of the first of these people who is a member; `None`: nobody is.

    `clock`: seconds that only grow.
    """

    sending: Sending
    timeline: Timeline
    gaps: Gaps
    direct: Direct
    lines: Lines
    language_of: Callable[[list[str]], Awaitable[str | None]]
    clock: Callable[[], float] = time.monotonic
    _to_read: dict[str, str] = field(default_factory=dict)
    _plain: dict[str, None] = field(default_factory=dict)
    _to_leave: dict[str, None] = field(default_factory=dict)
    _say_at: dict[str, float] = field(default_factory=dict)  # words that were put off, by room
    _is_noted: bool = False  # which rooms are private
    _house: asyncio.Task[None] | None = None
    _rooms: asyncio.Task[None] | None = None
    _courtesies: asyncio.Task[None] | None = None
    refused: TokenRefusedError | None = None

    def keep_house(self) -> None:
        """After each sync. What is not done when it comes again is still to be done then."""
        if self._house is None or self._house.done():
            self._house = asyncio.create_task(keep_house(self.sending.client, self.sending.keys))

    def go(self, batch: Batch) -> None:
        """`batch` is written."""
        self._to_read |= batch.read
        self._plain |= dict.fromkeys(batch.plain)
        behind = (room for room in self.timeline.behind if self.timeline.rooms.known(room))
        self._to_leave |= dict.fromkeys((*batch.leave, *behind))
        self._is_noted = self._is_noted and not batch.homes
        if self._rooms is None or self._rooms.done():
            works = (self._say_that_crowded, self._see_to_plain, self._leave, self.gaps.close, self._join)
            self._rooms = asyncio.create_task(self._run(*works))
        if self._courtesies is None or self._courtesies.done():
            self._courtesies = asyncio.create_task(self._run(self._read, self._note))

    def cancel(self) -> None:
        for task in (self._house, self._rooms, self._courtesies):
            if task is not None:
                task.cancel()

    async def _run(self, *works: Callable[[], Awaitable[None]]) -> None:
        for work in works:
            try:
                await work()
            except TokenRefusedError as error:
                self.refused = error
            except Exception as error:  # noqa: BLE001  one errand must not stand in the way of the others
                log.error(  # noqa: TRY400  its words may name people
                    "something is left undone in Matrix rooms",
                    extra={"action": "matrix-errands", "error": type(error).__name__},
                )

    async def _say_that_crowded(self) -> None:
        rooms = self.timeline.rooms
        for room, what in list(self.timeline.crowded.items()):
            if rooms.crowded(room) and not await self._said(room, self.lines.crowded, "crowded", what):
                continue
            if self.timeline.crowded.get(room) == what:
                del self.timeline.crowded[room]

    async def _see_to_plain(self) -> None:
        """Encrypt it, where we may; else open another, say so and leave. The invitation is kept until that is done."""
        invitations = self.timeline.invitations
        for room in list(self._plain):
            invitation = invitations.pending.get(room)
            if invitation is not None and not await invitations.encrypt(room):
                if not await self._instead(invitation):
                    continue
                invitations.entered(room)
                self._to_leave[room] = None
            self._plain.pop(room)

    async def _instead(self, invitation: Invitation) -> bool:
        """False: it is put off."""
        room = invitation.room
        if self._say_at.get(room, 0.0) > self.clock():
            return False
        opened = await self.timeline.invitations.open_beside(invitation)
        if opened is None:
            self._say_at[room] = self.clock() + SAY_AGAIN_S
            return False
        return await self._said(room, self.lines.beside if opened else self.lines.plain, "plain", room)

    async def _leave(self) -> None:
        while self._to_leave:
            room = next(iter(self._to_leave))
            self._to_leave.pop(room)
            if await self.timeline.invitations.leave(room):
                self.timeline.behind.pop(room, None)

    async def _read(self) -> None:
        while self._to_read:
            read, self._to_read = self._to_read, {}
            await tell_read(self.sending.client, read)

    async def _join(self) -> None:
        await self.timeline.invitations.carry_out()

    async def _note(self) -> None:
        if not self._is_noted:
            self._is_noted = True  # before: another may be entered meanwhile
            if not await self.direct.note():
                self._is_noted = False

    async def _said(self, room: str, line: Mapping[str, str], kind: str, what: str) -> bool:
        """False: it is put off. The same words go under the same number, so nobody reads them twice."""
        if self._say_at.get(room, 0.0) > self.clock():
            return False
        try:
            language = await self.language_of(self.timeline.rooms.others(room))
        except StoreAwayError:
            language = None
        try:
            await self.sending.say(room, in_words(line, language), _transaction(kind, room, what))
        except (RetryLaterError, NotSentError):
            self._say_at[room] = self.clock() + SAY_AGAIN_S
            return False
        except DeliveryError as error:
            log.warning("a notice is not sent", extra={"action": "matrix-notice", "error": type(error).__name__})
        self._say_at.pop(room, None)
        return True


def _transaction(kind: str, room: str, what: str) -> str:
    return f"{kind}.{hashlib.sha256(f'{room} {what}'.encode()).hexdigest()[:32]}"
