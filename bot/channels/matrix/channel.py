"""Matrix as a channel: one account with one device, its own sync loop, everything encrypted."""

import asyncio
import logging
from collections.abc import Callable, Iterable
from typing import Any

from bot.channels.channel import Delivery, Intake, Media, Pictures, Receipt
from bot.channels.matrix.account import Access, close_account, keep_vouching, open_account, pulse_of
from bot.channels.matrix.direct import Direct
from bot.channels.matrix.erasing import Erasing
from bot.channels.matrix.errands import Errands, Lines
from bot.channels.matrix.gaps import Gaps
from bot.channels.matrix.invitations import Invitations
from bot.channels.matrix.keys import Keys
from bot.channels.matrix.marks import Marks
from bot.channels.matrix.pulse import Pulse
from bot.channels.matrix.reactions import Reactions
from bot.channels.matrix.receiving import LONG_POLL_MS, Homes, Receiving
from bot.channels.matrix.rooms import InvitePolicy, Rooms
from bot.channels.matrix.sending import Sending
from bot.channels.matrix.timeline import Timeline
from bot.channels.matrix.undecrypted import Patience, Undecrypted
from bot.channels.matrix.updates import NAME
from bot.channels.matrix.uploads import Uploads
from bot.channels.wall_clock import now_us
from bot.dialogue.events import Address

__all__ = ["Access", "InvitePolicy", "Lines", "MatrixChannel", "Patience", "open_channel"]


class MatrixChannel:
    """Made by `open_channel`, which has logged in."""

    name = NAME

    def __init__(
        self,
        opened: tuple[Any, Pulse, Access],
        *,
        pictures: Pictures,
        media: Media,
        homes: Homes,
        policy: InvitePolicy,
        lines: Lines,
        patience: Patience,
        poll_ms: int,
        now: Callable[[], int],
    ) -> None:
        self._client, self._pulse, self._access = client, _, _ = opened
        self.account: str = client.user_id
        self.device: str = client.device_id
        self._rooms = rooms = Rooms(client, self.account)
        self._erasing = Erasing(client, rooms)
        keys = Keys(client)
        uploads = Uploads(client, pictures, media)
        marks = Marks()
        self._sending = Sending(client, rooms, keys, uploads, marks, self._erasing.done.discard, asyncio.Event())
        self._invitations = invitations = Invitations(client, rooms, policy, now)
        timeline = Timeline(
            rooms=rooms,
            undecrypted=Undecrypted(client, patience, lambda: now() / 1_000_000),
            invitations=invitations,
            reactions=Reactions(client, self._sending),
            marks=marks,
            rooms_of=homes.rooms_of,
        )
        gaps = Gaps(client, now)
        errands = Errands(self._sending, timeline, gaps, Direct(client, rooms), lines, homes.language_of)
        self._receiving = Receiving(client, self._sending, timeline, gaps, homes, errands, now, poll_ms)

    def __repr__(self) -> str:
        return f"MatrixChannel({self.account}, {self.device})"

    @property
    def heard(self) -> asyncio.Event:
        """Set once everything that was said before this process began stands in the inbox."""
        return self._receiving.heard

    async def receive(self, intake: Intake) -> None:
        """Until cancelled. Raises `TokenRefusedError`."""
        await self._pulse.beat()
        beside = [asyncio.create_task(work) for work in (self._pulse.run(), keep_vouching(self._client, self._access))]
        try:
            await self._receiving.run(intake)
        finally:
            for task in beside:
                task.cancel()

    async def send(self, delivery: Delivery) -> Receipt:
        return await self._sending.send(delivery)

    def rooms_alone(self) -> list[Address]:
        """Private rooms out of which nothing has been taken back since the start, or since somebody came back."""
        alone = ((room, person) for room, person in self._rooms.private() if room not in self._erasing.done)
        return [Address(self.name, self.account, person, room) for room, person in alone]

    def forget(self, *addresses: Address) -> None:
        """Take back what was about one person, in the background."""
        self._sending.shown.clear()  # it holds their words too; what else it holds can be asked for again
        for address in addresses:
            self._erasing.take_back(address.room)

    async def leave(self, rooms: Iterable[str]) -> int:
        """Of these rooms, those we are in and not alone with one person; how many."""
        there = [room for room in rooms if self._rooms.known(room) and self._rooms.crowded(room)]
        for room in there:
            await self._invitations.leave(room)
        return len(there)

    async def aclose(self) -> None:
        await self._erasing.aclose()
        await self._sending.aclose()
        await close_account(self._client)


async def open_channel(
    access: Access,
    *,
    pictures: Pictures,
    media: Media,
    homes: Homes,
    lines: Lines,
    policy: InvitePolicy | None = None,
    patience: Patience | None = None,
    poll_ms: int = LONG_POLL_MS,
    now: Callable[[], int] = now_us,
) -> MatrixChannel:
    """Log in or restore. Raises `TokenRefusedError`, `RetryLaterError` or `NotSentError`."""
    logging.getLogger("nio").setLevel(logging.ERROR)  # it names rooms and people
    logging.getLogger("peewee").setLevel(logging.ERROR)
    client = await open_account(access)
    return MatrixChannel(
        (client, pulse_of(client, access), access),
        pictures=pictures,
        media=media,
        homes=homes,
        policy=policy or InvitePolicy(),
        lines=lines,
        patience=patience or Patience(),
        poll_ms=poll_ms,
        now=now,
    )
