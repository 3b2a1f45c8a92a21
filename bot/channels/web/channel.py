"""The web chat as a channel: keeps what each room shows and pushes it to every open page of that room."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field

from bot.channels.channel import Delivery, EditGoneError, Intake, PaperFile, Pictures, Receipt, RetryLaterError
from bot.channels.emergency import is_emergency_command
from bot.channels.web.frames import Said, line_content, write_frame
from bot.channels.web.gallery import Gallery, Shown
from bot.channels.web.limits import Doors, Limits
from bot.channels.web.origins import Origins
from bot.channels.web.page import STATIC_VERSION, chrome_language
from bot.channels.web.session import Keys
from bot.channels.web.socket import Socket
from bot.channels.web.transcript import Line, Transcript
from bot.dialogue.events import Address, Arrival, Event
from bot.dialogue.failures import StoreAwayError
from bot.dialogue.markup import escape
from bot.dialogue.messages import Attachment, Kind, Message

OWN = "m-"  # remote ids of the member's own lines: the page's id behind this mark
_PRUNE_EVERY_S = 3600
_STORE_RETRY_S = 5.0


def real_time(_address: Address) -> int:
    return time.time_ns() // 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class WebSettings:
    """What the operator decides. `emergency_text` takes a language and gives our marked text, without any database."""

    origins: Origins
    emergency_text: Callable[[str], str]
    emergency_number: str = "112"
    names_emergency: Callable[[str], bool] = is_emergency_command
    default_language: str = "de"
    limits: Limits = field(default_factory=Limits)


class WebChannel:
    """One web chat. With `demo`, a visitor may move their own clock by `on_time(address, "event" | "morning")`.

    `clock` tells the time a member's page shows, which the demo shifts.
    """

    name = "web"
    account = "local"

    def __init__(
        self,
        *,
        transcript: Transcript,
        keys: Keys,
        pictures: Pictures,
        settings: WebSettings,
        clock: Callable[[Address], int] = real_time,
        demo: bool = False,
        on_time: Callable[[Address, str], Awaitable[None]] | None = None,
        papers: Callable[[Address, Attachment], Awaitable[PaperFile | None]] | None = None,
    ) -> None:
        if demo and on_time is None:
            raise ValueError("the demo's time control needs on_time")
        self.settings = settings
        self.keys = keys
        self.gallery = Gallery(pictures)
        self.demo = demo
        self._transcript = transcript
        self._clock = clock
        self._on_time = on_time
        self.papers = papers
        self._intake: Intake | None = None
        self._rooms: dict[str, set[Socket]] = {}
        self._doors = Doors(settings.limits)
        self._closed = False

    # The channel's side: what the runtime calls.

    async def receive(self, intake: Intake) -> None:
        """Let the pages write until cancelled; meanwhile drop what is too old to be kept."""
        self._intake = intake
        try:
            while True:
                with suppress(StoreAwayError):  # the next hour will do
                    await self._transcript.prune()
                await asyncio.sleep(_PRUNE_EVERY_S)
        finally:
            self._intake = None

    async def send(self, delivery: Delivery) -> Receipt:
        """Keep the line, then show it. The outbox row's id is the remote id, so a repeated send changes nothing."""
        shown = await self._shown(delivery.message)
        line = self._line(delivery, shown)
        await delivery.look_again()
        room = delivery.address.room
        try:
            if delivery.edits is None:
                kept = await self._transcript.append(room, line)
            else:
                edited = await self._transcript.edit(room, delivery.edits, line)
                if edited is None:
                    raise EditGoneError
                kept = edited
        except StoreAwayError as error:
            raise RetryLaterError(_STORE_RETRY_S, whole_platform=True) from error
        self.push(delivery.address, self._line_frame(delivery.address, kept))
        return Receipt(remote=kept.remote, unfinished=shown.unfinished)

    async def forget(self, *addresses: Address) -> None:
        """Erase the rooms and their return codes from the file, and clear every open page of them."""
        if not addresses:
            return
        for address in addresses:  # open pages first: clearing the file may take a while, and a goodbye follows
            self.push(address, write_frame("forgotten"))
        await self._transcript.forget(*(address.room for address in addresses))

    async def quiet_rooms(self, since: int) -> list[Address]:
        """Rooms of which something is kept and in which nothing was said since then (epoch microseconds)."""
        return [Address(self.name, self.account, room, room) for room in await self._transcript.quiet(since)]

    async def empty(self, address: Address) -> None:
        """Erase what the room shows, in the file and on every open page; who it belongs to stays."""
        await self._transcript.empty(address.room)
        self.push(address, await self.history(address))

    async def aclose(self) -> None:
        """Send every page away; they come back by themselves."""
        self._closed = True
        for sockets in self._rooms.values():
            for socket in sockets:
                socket.close(1012)

    async def _shown(self, message: Message) -> Shown:
        return await self.gallery.show(message.picture) if message.picture else Shown(None, None, unfinished=False)

    def _line(self, delivery: Delivery, shown: Shown) -> Line:
        message, file = delivery.message, shown.file
        return Line(
            remote=str(message.id),
            place=self.place(),
            at=self._clock(delivery.address),
            text=message.text if file or not message.picture else _told(message),
            buttons=message.buttons,
            picture=shown.picture,
            width=file.width if file else 0,
            height=file.height if file else 0,
            urgent=message.kind is Kind.EMERGENCY,
            file=message.file,
        )

    # The pages' side: what sockets and routes call.

    def open_door(self, network: str) -> bool:
        return not self._closed and self._doors.enter(network)

    def close_door(self, network: str) -> None:
        self._doors.leave(network)

    async def serve(self, socket: Socket, address: Address) -> None:
        """Keep a socket in its room while it is open."""
        sockets = self._rooms.setdefault(address.room, set())
        sockets.add(socket)
        try:
            await socket.run()
        finally:
            sockets.discard(socket)
            if not sockets and self._rooms.get(address.room) is sockets:
                del self._rooms[address.room]

    def push(self, address: Address, frame: str) -> None:
        for socket in tuple(self._rooms.get(address.room, ())):
            socket.push(frame)

    def place(self) -> int:
        return self._transcript.place()

    async def take(self, address: Address, source: str, event: Event) -> None:
        if self._intake is None:
            raise StoreAwayError("not receiving")
        await self._intake.receive([Arrival(source=source, address=address, event=event, at=real_time(address))])

    async def history(self, address: Address) -> str:
        lines = await self._transcript.load(address.room)
        return write_frame(
            "history",
            lines=[line_content(line, self.gallery) for line in lines],
            now=self._clock(address) // 1000,
            version=STATIC_VERSION,
        )

    async def show_own(self, address: Address, frame: Said, text: str, place: int) -> None:
        line = Line(remote=OWN + frame.id, place=place, at=self._clock(address), mine=True, text=escape(text))
        self.push(address, self._line_frame(address, await self._transcript.append(address.room, line)))

    async def make_code(self, address: Address) -> str | None:
        """None before anything was written: there is nothing to come back to, and nothing is stored."""
        if not await self._transcript.load(address.room, 1):
            return None
        return await self.keys.make_code(address.person)

    async def shift_time(self, address: Address, to: str) -> None:
        if self._on_time is not None:
            await self._on_time(address, to)

    def urgent_answer(self, text: str, language: str | None) -> str | None:
        if not self.settings.names_emergency(text):
            return None
        return self.settings.emergency_text(chrome_language(language or "", self.settings.default_language))

    def static_line(self, address: Address, text: str) -> str:
        """Shown at once, kept nowhere."""
        place = self.place()
        return self._line_frame(
            address, Line(remote=f"static-{place}", place=place, at=self._clock(address), text=text, urgent=True)
        )

    def _line_frame(self, address: Address, line: Line) -> str:
        return write_frame("line", line=line_content(line, self.gallery), now=self._clock(address) // 1000)


def _told(message: Message) -> str:
    """The text of a message whose picture could not be drawn: its description stands in."""
    alt = escape(message.picture.alt) if message.picture else ""
    return f"{message.text}\n\n*{alt}*" if alt else message.text
