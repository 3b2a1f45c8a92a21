"""One open websocket. A message is acknowledged only after the inbox has it; frames are taken in order."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

from starlette.websockets import WebSocket, WebSocketDisconnect

from bot.channels.clean import clean
from bot.channels.web.frames import (
    BadFrameError,
    CodeWanted,
    Frame,
    Pinged,
    Said,
    Tapped,
    TimeWanted,
    read_frame,
    write_frame,
)
from bot.channels.web.limits import Bucket, Limits
from bot.dialogue.events import Address, ButtonTapped, Event, TextReceived
from bot.dialogue.failures import StoreAwayError

QUEUED = 256  # frames a slow browser may lag behind before it is told to come back


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """Who opened the socket, before anything is stored about them."""

    address: Address
    language: str | None  # the browser's first choice, e.g. "de" or "en-GB"


class Conversation(Protocol):
    """What a socket asks of the channel."""

    demo: bool

    def urgent_answer(self, text: str, language: str | None) -> str | None:
        """A static answer to a cry for help; None for any other text."""

    async def take(self, address: Address, source: str, event: Event) -> None:
        """Hand an event to the inbox. Raises `StoreAwayError`."""

    async def history(self, address: Address) -> str: ...

    async def show_own(self, address: Address, frame: Said, text: str, place: int) -> None: ...

    async def make_code(self, address: Address) -> str | None: ...

    async def shift_time(self, address: Address, to: str) -> None: ...

    def place(self) -> int: ...

    def static_line(self, address: Address, text: str) -> str: ...

    def push(self, address: Address, frame: str) -> None: ...


@dataclass(frozen=True, slots=True)
class Close:
    """The last thing in a socket's queue."""

    code: int


class Socket:
    """Reads frames and writes what is pushed until either side ends."""

    def __init__(self, websocket: WebSocket, visitor: Visitor, conversation: Conversation, limits: Limits) -> None:
        self._websocket = websocket
        self._visitor = visitor
        self._conversation = conversation
        self._limits = limits
        self._bucket = Bucket(limits.frames_per_s, limits.burst, time.monotonic)
        self._queue: asyncio.Queue[str | Close] = asyncio.Queue(QUEUED)
        self._helped: set[str] = set()  # cries for help already answered from static text

    def push(self, frame: str) -> None:
        """Queue a frame. Too slow a browser is closed; it comes back and reads the history."""
        try:
            self._queue.put_nowait(frame)
        except asyncio.QueueFull:
            self.close(1013)

    def close(self, code: int) -> None:
        if self._queue.full():
            self._queue.get_nowait()
        self._queue.put_nowait(Close(code))

    async def run(self) -> None:
        writer = asyncio.create_task(self._write())
        reader = asyncio.create_task(self._read())
        try:
            await asyncio.wait({writer, reader}, return_when=asyncio.FIRST_COMPLETED)
            if not writer.done() and reader.exception() is None and reader.result():
                await writer  # a last word is on its way
        finally:
            for task in (writer, reader):
                task.cancel()
            await asyncio.gather(writer, reader, return_exceptions=True)
        for task in (writer, reader):
            if not task.cancelled() and (error := task.exception()) is not None:
                raise error

    async def _write(self) -> None:
        try:
            while not isinstance(item := await self._queue.get(), Close):
                await self._websocket.send_text(item)
            await self._websocket.close(item.code)
        except (WebSocketDisconnect, RuntimeError):
            return  # gone in the middle of a send; the page comes back by itself

    async def _read(self) -> bool:
        """True when a last word was queued, False when the browser has gone."""
        if not await self._greet():
            return self._end("away", 1013)
        while True:
            received = await self._websocket.receive()
            if received["type"] == "websocket.disconnect":
                return False
            raw = received.get("text")
            if raw is None or len(raw) > self._limits.frame_bytes or len(raw.encode()) > self._limits.frame_bytes:
                return self._end("too_long", 1009)
            if not self._bucket.take():
                return self._end("too_fast", 1008)
            try:
                frame = read_frame(raw, demo=self._conversation.demo)
            except BadFrameError:
                return self._end("not_understood", 1007)
            try:
                await self._answer(frame)
            except StoreAwayError:
                self.push(write_frame("notice", word="away"))

    def _end(self, notice: str, code: int) -> bool:
        self.push(write_frame("notice", word=notice))
        self.close(code)
        return True

    async def _greet(self) -> bool:
        try:
            self.push(await self._conversation.history(self._visitor.address))
        except StoreAwayError:
            return False
        return True

    async def _answer(self, frame: Frame) -> None:
        match frame:
            case Pinged():
                self.push(write_frame("pong"))
            case CodeWanted():
                await self._show_code()
            case TimeWanted(to=to):
                await self._conversation.shift_time(self._visitor.address, to)
            case Said():
                await self._said(frame)
            case Tapped():
                event = ButtonTapped(data=frame.data, message=frame.message, language=self._visitor.language)
                await self._taken(frame, lambda: self._take(frame, event))

    async def _said(self, frame: Said) -> None:
        place = self._conversation.place()  # before the inbox has it: an answer must not come to stand above it
        text = clean(frame.text)
        event = TextReceived(text=text, language=self._visitor.language)
        help_text = self._conversation.urgent_answer(text, self._visitor.language)

        async def store() -> None:
            await self._take(frame, event)
            await self._conversation.show_own(self._visitor.address, frame, text, place)

        if await self._taken(frame, store, within_s=None if help_text is None else self._limits.emergency_wait_s):
            return
        if help_text is not None and frame.id not in self._helped:
            self._helped.add(frame.id)
            self.push(self._conversation.static_line(self._visitor.address, help_text))

    async def _taken(
        self, frame: Said | Tapped, store: Callable[[], Awaitable[None]], *, within_s: float | None = None
    ) -> bool:
        """Store, then acknowledge; tell the page to try again when that was not possible."""
        try:
            async with asyncio.timeout(within_s):
                await store()
        except (StoreAwayError, TimeoutError):
            self.push(write_frame("away", id=frame.id))
            return False
        self.push(write_frame("ack", id=frame.id))
        self._conversation.push(self._visitor.address, write_frame("typing"))
        return True

    async def _take(self, frame: Said | Tapped, event: Event) -> None:
        await self._conversation.take(self._visitor.address, f"{self._visitor.address.person}:{frame.id}", event)

    async def _show_code(self) -> None:
        code = await self._conversation.make_code(self._visitor.address)
        self.push(write_frame("code", code=code) if code else write_frame("notice", word="no_code_yet"))
