"""One open websocket. A message is acknowledged only after the inbox has it; frames are taken in order.

Reading never waits for the store: a call for help is heard also behind words that wait for it.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol

from starlette.websockets import WebSocket, WebSocketDisconnect

from bot.channels.clean import clean
from bot.channels.web.frames import (
    BadFrameError,
    CodeWanted,
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
        self._frames: asyncio.Queue[Said | Tapped | CodeWanted | TimeWanted] = asyncio.Queue(limits.frames_waiting)
        self._helped: set[str] = set()  # cries for help already answered from static text
        self._calls: dict[str, asyncio.Task[None]] = {}  # cries for help that the inbox does not have yet

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
        taker = asyncio.create_task(self._take_all())
        try:
            await asyncio.wait({writer, reader, taker}, return_when=asyncio.FIRST_COMPLETED)
            if not writer.done() and reader.done() and reader.exception() is None and reader.result():
                await writer  # a last word is on its way
        finally:
            for task in (writer, reader, taker, *self._calls.values()):
                task.cancel()
            await asyncio.gather(writer, reader, taker, *self._calls.values(), return_exceptions=True)
        for task in (writer, reader, taker):
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
                await self._taken_all()
                return False
            trouble = self._heard(received.get("text"))
            if trouble is not None:
                await self._taken_all()
                return self._end(*trouble)

    def _heard(self, raw: str | None) -> tuple[str, int] | None:
        """Put a frame behind those that wait; or why the connection ends."""
        if raw is None or len(raw) > self._limits.frame_bytes or len(raw.encode()) > self._limits.frame_bytes:
            return "too_long", 1009
        if not self._bucket.take() or self._frames.full():
            return "too_fast", 1008
        try:
            frame = read_frame(raw, demo=self._conversation.demo)
        except BadFrameError:
            return "not_understood", 1007
        if isinstance(frame, Pinged):
            self.push(write_frame("pong"))
            return None
        if isinstance(frame, Said):
            self._listen_for_help(frame)
        self._frames.put_nowait(frame)
        return None

    async def _take_all(self) -> None:
        """One frame after the other, in the order in which they came."""
        while True:
            frame = await self._frames.get()
            try:
                await self._answer(frame)
            except StoreAwayError:
                self.push(write_frame("notice", word="away"))
            finally:
                self._frames.task_done()

    async def _taken_all(self) -> None:
        """What was said before the page went is kept, if the store is there."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._frames.join(), self._limits.store_wait_s)

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

    async def _answer(self, frame: Said | Tapped | CodeWanted | TimeWanted) -> None:
        match frame:
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

        async def store() -> None:
            await self._take(frame, event)
            await self._conversation.show_own(self._visitor.address, frame, text, place)

        stored = await self._taken(frame, store)
        call = self._calls.pop(frame.id, None)
        if call is not None:
            call.cancel()
        if call is not None and not stored:
            self._help(frame, text)

    def _listen_for_help(self, frame: Said) -> None:
        """A call for help that the inbox does not have in a moment is answered without it."""
        text = clean(frame.text)
        if frame.id not in self._calls and self._conversation.urgent_answer(text, self._visitor.language) is not None:
            self._calls[frame.id] = asyncio.create_task(self._help_soon(frame, text))

    async def _help_soon(self, frame: Said, text: str) -> None:
        await asyncio.sleep(self._limits.emergency_wait_s)
        self._help(frame, text)

    def _help(self, frame: Said, text: str) -> None:
        help_text = self._conversation.urgent_answer(text, self._visitor.language)
        if help_text is not None and frame.id not in self._helped:
            self._helped.add(frame.id)
            self.push(self._conversation.static_line(self._visitor.address, help_text))

    async def _taken(self, frame: Said | Tapped, store: Callable[[], Awaitable[None]]) -> bool:
        """Store, then acknowledge; tell the page to try again when that was not possible."""
        try:
            async with asyncio.timeout(self._limits.store_wait_s):
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
