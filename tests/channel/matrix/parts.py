"""A Matrix channel on a real homeserver, with an inbox in memory behind it."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.channels.channel import Delivery
from bot.channels.matrix.channel import Access, InvitePolicy, Lines, MatrixChannel, Patience, open_channel
from bot.channels.wall_clock import now_us
from bot.dialogue.events import Address
from bot.dialogue.messages import Button, Message, Picture
from tests.channel.matrix.member import PATIENCE, MatrixMember
from tests.channel.telegram_parts import Drawn, Inbox, Shelf
from tests.servers.synapse import Account, Synapse

CROWDED, PLAIN, BESIDE = "We are no longer alone.", "Only in encrypted rooms.", "Another room is open."
LINES = Lines(crowded={"en": CROWDED}, plain={"en": PLAIN}, beside={"en": BESIDE})
POLL_MS = 300


@dataclass
class Homes:
    """Who moved in where."""

    moves: list[tuple[str, str]] = field(default_factory=list)

    async def language_of(self, people: list[str]) -> str | None:
        return "en" if people else None

    async def rooms_of(self, person: str) -> list[str]:  # noqa: ARG002  nobody is known anywhere
        return []

    async def moved_in(self, person: str, room: str) -> None:
        self.moves.append((person, room))


@dataclass
class Coach:
    """A channel that receives into an inbox."""

    channel: MatrixChannel
    inbox: Inbox
    homes: Homes
    task: asyncio.Task[None]

    async def known(self, room: str, *, still: bool = True) -> None:
        """Until the coach has heard that it is in this room, or is no longer."""
        async with asyncio.timeout(PATIENCE):
            while self.channel._rooms.known(room) is not still:  # noqa: ASYNC110  nobody tells
                await asyncio.sleep(0.02)


@dataclass
class Seat:
    """Where a coach sits: account and folder, the same after every restart."""

    synapse: Synapse
    account: Account
    folder: Path
    inbox: Inbox = field(default_factory=Inbox)
    media: Shelf = field(default_factory=Shelf)
    pictures: Drawn = field(default_factory=Drawn)
    homeserver: str = ""  # where it is reached, if not directly

    @property
    def access(self) -> Access:
        return Access(
            homeserver=self.homeserver or self.synapse.url,
            user=self.account.user,
            store=self.folder / "matrix",
            password=self.account.password,
        )

    @asynccontextmanager
    async def taken(self, **given: Any) -> AsyncIterator[Coach]:
        """A coach that receives; `policy`, `patience` and `now` as the channel knows them."""
        homes = Homes()
        channel = await open_channel(
            self.access,
            pictures=self.pictures,
            media=self.media,
            homes=homes,
            lines=LINES,
            policy=given.get("policy", InvitePolicy()),
            patience=given.get("patience", Patience()),
            poll_ms=POLL_MS,
            now=given.get("now", now_us),
        )
        task = asyncio.create_task(channel.receive(self.inbox))
        try:
            yield Coach(channel, self.inbox, homes, task)
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            await channel.aclose()


async def in_a_room(seat: Seat, member: MatrixMember) -> None:
    """The member has asked the coach in, and was greeted."""
    async with seat.taken():
        await member.invite(seat.account.user)
        await seat.inbox.holds(1)
        await member.coach_is_in(seat.account.user)


def delivery(
    seat: Seat,
    member: MatrixMember,
    text: str,
    *,
    number: int = 1,
    buttons: Sequence[tuple[str, str]] = (),
    reactions: bool = False,
    picture: Picture | None = None,
    edits: str | None = None,
) -> Delivery:
    rows = tuple((Button(label=label, data=data),) for label, data in buttons)
    message = Message(id=number, text=text, buttons=rows, reactions=reactions, picture=picture)
    address = Address("matrix", seat.account.user, member.account.user, member.room)
    return Delivery(address=address, message=message, edits=edits)
