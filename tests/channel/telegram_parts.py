"""What a Telegram channel is given in these tests: an inbox and upload ids in memory, pictures read from real files."""

import asyncio
import io
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import av
from PIL import Image

from bot.channels.channel import Arrival, Delivery, PictureFile
from bot.channels.telegram.channel import TelegramChannel, Webhook, open_channel
from bot.dialogue.events import Address, Event
from bot.dialogue.failures import StoreAwayError
from bot.dialogue.messages import Button, Form, Message, Picture
from tests.botapi import TOKEN, BotApi
from tests.botapi.rooms import Room

ACCOUNT = TOKEN.partition(":")[0]
PATIENCE = 10.0
BLUR = "LMO:^dt2~VM*_2t6aeM|t6ayR*oe"  # as a still of the bridge has it


def png(side: int = 64, colour: str = "teal") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (side, side), colour).save(out, "PNG")
    return out.getvalue()


def mp4(width: int = 64, height: int = 48) -> bytes:
    out = io.BytesIO()
    with av.open(out, "w", format="mp4") as film:
        stream = film.add_stream("libx264", rate=10)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        for _ in range(10):
            film.mux(stream.encode(av.VideoFrame(width, height, "yuv420p")))
        film.mux(stream.encode())
    return out.getvalue()


@dataclass
class Inbox:
    """A durable inbox in memory: each source once, arrivals and position together; `away` as a database may be."""

    away: bool = False
    arrivals: list[Arrival] = field(default_factory=list)
    positions: dict[str, str] = field(default_factory=dict)
    tries: int = 0
    urgent: list[Arrival] = field(default_factory=list)  # heard while nothing could be written
    _changed: asyncio.Event = field(default_factory=asyncio.Event)

    async def receive(self, arrivals: Sequence[Arrival], *, cursor: tuple[str, str] | None = None) -> None:
        self.tries += 1
        self._changed.set()
        if self.away:
            raise StoreAwayError
        known = {arrival.source for arrival in self.arrivals}
        self.arrivals += [arrival for arrival in arrivals if arrival.source not in known]
        if cursor is not None:
            self.positions[cursor[0]] = cursor[1]

    def help_meanwhile(self, arrivals: Sequence[Arrival]) -> None:
        self.urgent += arrivals
        self._changed.set()

    async def position(self, name: str) -> str | None:
        if self.away:
            raise StoreAwayError
        return self.positions.get(name)

    @property
    def events(self) -> list[Event]:
        return [arrival.event for arrival in self.arrivals]

    async def until(self, true: Callable[["Inbox"], bool]) -> None:
        async with asyncio.timeout(PATIENCE):
            while not true(self):
                self._changed.clear()
                await self._changed.wait()

    async def holds(self, count: int) -> list[Event]:
        """The events, once there are so many."""
        await self.until(lambda inbox: len(inbox.arrivals) >= count)
        return self.events


@dataclass
class Shelf:
    """Upload ids in memory; `away` with the store."""

    away: bool = False
    known: dict[tuple[str, str], str] = field(default_factory=dict)

    def _here(self) -> None:
        if self.away:
            raise StoreAwayError

    async def find(self, digest: str, kind: str) -> str | None:
        self._here()
        return self.known.get((digest, kind))

    async def remember(self, digest: str, kind: str, remote: str) -> None:
        self._here()
        self.known[digest, kind] = remote

    async def forget(self, digest: str, kind: str) -> None:
        self._here()
        self.known.pop((digest, kind), None)


@dataclass
class Drawn:
    """Pictures by figure, or by figure and form, as bytes; a figure that is not there cannot be drawn."""

    files: dict[str, bytes] = field(default_factory=dict)
    drawing: asyncio.Event | None = None  # set once they are drawn
    slow: frozenset[Form] = frozenset(Form)  # which of them are waited for

    def digest(self, picture: Picture) -> str:
        return f"{picture.figure}:{picture.level}"

    async def picture(self, picture: Picture) -> PictureFile:
        data = self.files.get(f"{picture.figure}/{picture.form.value}") or self.files[picture.figure]
        await asyncio.sleep(0)
        if self.drawing is not None and picture.form in self.slow:
            await self.drawing.wait()
        clip = picture.form is Form.CLIP
        return PictureFile(
            data=data,
            mime="video/mp4" if clip else "image/png",
            width=64,
            height=48 if clip else 64,
            digest=self.digest(picture),
            seconds=1.0 if clip else None,
            blur="" if clip else BLUR,
        )


@asynccontextmanager
async def channel_to(
    double: BotApi, *, pictures: Drawn | None = None, media: Shelf | None = None, webhook: Webhook | None = None
) -> AsyncIterator[TelegramChannel]:
    channel = await open_channel(
        TOKEN, double.url, pictures=pictures or Drawn(), media=media or Shelf(), webhook=webhook
    )
    try:
        yield channel
    finally:
        await channel.aclose()


@asynccontextmanager
async def receiving(channel: TelegramChannel, inbox: Inbox) -> AsyncIterator[asyncio.Task[None]]:
    task = asyncio.create_task(channel.receive(inbox))
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def address_of(room: Room) -> Address:
    return Address("telegram", ACCOUNT, str(room.id), str(room.id), private=room.id > 0)


def delivery(
    room: Room,
    text: str,
    *,
    buttons: Sequence[Sequence[tuple[str, str]]] = (),
    picture: Picture | None = None,
    edits: str | None = None,
    only_edit: bool = False,
    silent: bool = False,
    push: str | None = None,
) -> Delivery:
    rows = tuple(tuple(Button(label=label, data=data) for label, data in row) for row in buttons)
    message = Message(id=1, text=text, buttons=rows, picture=picture, only_edit=only_edit, silent=silent, push=push)
    return Delivery(address=address_of(room), message=message, edits=edits)
