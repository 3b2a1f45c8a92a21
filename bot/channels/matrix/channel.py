"""Matrix as a channel: one account with one device, its own sync loop, everything encrypted."""

import asyncio
import logging
from collections.abc import Callable
from typing import Any

from bot.channels.channel import Delivery, Intake, Media, Pictures, Receipt
from bot.channels.matrix.account import Access, close_account, open_account
from bot.channels.matrix.invitations import Invitations
from bot.channels.matrix.keys import Keys
from bot.channels.matrix.reactions import Reactions
from bot.channels.matrix.receiving import LONG_POLL_MS, Homes, Lines, Receiving
from bot.channels.matrix.rooms import InvitePolicy, Rooms
from bot.channels.matrix.sending import Sending
from bot.channels.matrix.timeline import Timeline
from bot.channels.matrix.undecrypted import Patience, Undecrypted
from bot.channels.matrix.updates import NAME
from bot.channels.matrix.uploads import Uploads
from bot.channels.wall_clock import now_us

__all__ = ["Access", "InvitePolicy", "Lines", "MatrixChannel", "Patience", "open_channel"]


class MatrixChannel:
    """Made by `open_channel`, which has logged in."""

    name = NAME

    def __init__(
        self,
        client: Any,
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
        self._client = client
        self.account: str = client.user_id
        self.device: str = client.device_id
        rooms = Rooms(client, self.account)
        keys = Keys(client)
        self._sending = Sending(client, rooms, keys, Uploads(client, pictures, media), asyncio.Event())
        timeline = Timeline(
            rooms=rooms,
            undecrypted=Undecrypted(client, patience),
            invitations=Invitations(client, rooms, policy, now),
            reactions=Reactions(client, self._sending),
        )
        self._receiving = Receiving(client, self._sending, timeline, homes, lines, now, poll_ms)

    def __repr__(self) -> str:
        return f"MatrixChannel({self.account}, {self.device})"

    async def receive(self, intake: Intake) -> None:
        """Until cancelled. Raises `TokenRefusedError`."""
        await self._receiving.run(intake)

    async def send(self, delivery: Delivery) -> Receipt:
        return await self._sending.send(delivery)

    async def aclose(self) -> None:
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
    return MatrixChannel(
        await open_account(access),
        pictures=pictures,
        media=media,
        homes=homes,
        policy=policy or InvitePolicy(),
        lines=lines,
        patience=patience or Patience(),
        poll_ms=poll_ms,
        now=now,
    )
