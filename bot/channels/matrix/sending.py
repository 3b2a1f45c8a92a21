"""One delivery as Matrix events: a picture, then the words, then seeded reactions. Each has its own transaction id.

The ids are made of the outbox row's, which is never reused, so whatever is tried again is shown once. A send is never
cancelled: nio would wait for its key exchange for ever. Rooms are served one send at a time.
"""

import asyncio
import logging
from collections import OrderedDict
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any
from zlib import crc32

from bot.channels.channel import Delivery, DeliveryError, EditGoneError, Receipt, RetryLaterError, UnreachableError
from bot.channels.matrix.drawing import TAPS, Content, bare, content_of, edit_of, notice_of, seeds
from bot.channels.matrix.errors import is_error, raised, translated
from bot.channels.matrix.rooms import Rooms
from bot.channels.matrix.uploads import Uploads
from bot.channels.picturing import PictureUnusableError
from bot.dialogue.messages import Message

log = logging.getLogger(__name__)

REMEMBERED = 5000
LAST_SENDS_S = 10.0
MOVING_S = 5.0  # a room that was upgraded: its successor is being joined
_BETWEEN = " "  # in a receipt, between the event and the picture above it


@dataclass(slots=True)
class Sending:
    """Everything that leaves through this account."""

    client: Any
    rooms: Rooms
    uploads: Uploads
    ready: asyncio.Event  # set by the first sync: before it, nio knows no rooms
    shown: OrderedDict[str, Content] = field(default_factory=OrderedDict)  # event → what stands there now
    _locks: dict[str, asyncio.Lock] = field(default_factory=dict)
    _under_way: set[asyncio.Task[Any]] = field(default_factory=set)

    async def send(self, delivery: Delivery) -> Receipt:
        """Try once. Raises a `DeliveryError`."""
        await self.ready.wait()
        task = asyncio.create_task(self._sent(delivery))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        return await asyncio.shield(task)

    async def say(self, room: str, words: str, transaction: str) -> None:
        """A line of the channel's own; what becomes of it is only logged."""
        try:
            async with self._lock(room):
                await self._event(room, "m.room.message", notice_of(words), transaction)
        except DeliveryError as error:
            log.warning("a notice is not sent", extra={"action": "matrix-notice", "error": type(error).__name__})

    async def aclose(self) -> None:
        if self._under_way:
            await asyncio.wait(set(self._under_way), timeout=LAST_SENDS_S)

    async def _sent(self, delivery: Delivery) -> Receipt:
        message, room = delivery.message, delivery.address.room
        if delivery.edits is None and message.only_edit:
            raise EditGoneError
        if self.rooms.moved_to(room) is not None:
            raise RetryLaterError(MOVING_S)
        if not self.rooms.known(room) or (
            delivery.address.private and self.rooms.partner(room) != delivery.address.person
        ):
            raise UnreachableError  # left; or a third person is there, who must not read along
        async with self._lock(room):
            if delivery.edits is not None:
                return await self._edited(room, message, delivery.edits, private=delivery.address.private)
            return await self._new(room, delivery)

    async def _edited(self, room: str, message: Message, edits: str, *, private: bool) -> Receipt:
        """A question becomes its answer. Another picture, or another question, is a new message: edits do not ring."""
        event, _, figure = edits.partition(_BETWEEN)
        if message.picture is not None and self._figure(message) != figure:
            raise EditGoneError
        content = content_of(replace(message, push=None))  # an edit notifies nobody, so it hides nothing
        if private and TAPS in content:
            await self._strip(room, event, message)
            raise EditGoneError
        await self._event(room, "m.room.message", edit_of(content, event), f"{message.id}")
        self._remember(event, content)
        return Receipt(remote=edits)

    async def _strip(self, room: str, event: str, message: Message) -> None:
        """The old question loses its answers, where we still know its words."""
        known = self.shown.get(event)
        if known is not None and TAPS in known:
            stripped = bare(known)
            await self._event(room, "m.room.message", edit_of(stripped, event), f"{message.id}s")
            self._remember(event, stripped)

    async def _new(self, room: str, delivery: Delivery) -> Receipt:
        message, figure = delivery.message, ""
        if message.picture is not None:
            with suppress(PictureUnusableError):
                picture = await self.uploads.content(message.picture, encrypted=self.rooms.encrypted(room))
                await self._event(room, "m.room.message", picture, f"{message.id}p")
                figure = self._figure(message)
        paper = await delivery.paper() if delivery.paper else None
        if paper is not None:
            content = await self.uploads.paper(paper, encrypted=self.rooms.encrypted(room))
            await self._event(room, "m.room.message", content, f"{message.id}f")
        content = content_of(message)
        event = await self._event(room, "m.room.message", content, f"{message.id}")
        self._remember(event, content)
        await self._seed(room, event, message)
        return Receipt(remote=f"{event}{_BETWEEN}{figure}" if figure else event)

    async def _seed(self, room: str, event: str, message: Message) -> None:
        """Only a courtesy: the first one that is refused ends it."""
        for place, key in enumerate(seeds(message)):
            relation = {"rel_type": "m.annotation", "event_id": event, "key": key}
            try:
                await self._event(room, "m.reaction", {"m.relates_to": relation}, f"{message.id}r{place}")
            except DeliveryError:
                return

    async def _event(self, room: str, kind: str, content: Content, transaction: str) -> str:
        try:
            answer = await self.client.room_send(room, kind, content, tx_id=transaction, ignore_unverified_devices=True)
        except Exception as error:  # noqa: BLE001  nio raises what it likes; all of it may be tried again
            # Left behind by a failed key exchange, this would hold up every later send. Our lock: nobody waits for it.
            self.client.sharing_session.pop(room, None)
            raise raised(error) from None
        if is_error(answer):
            raise translated(answer)
        return str(answer.event_id)

    def _figure(self, message: Message) -> str:
        picture = message.picture
        if picture is None:
            return ""
        own = f"/{crc32(picture.own.encode()):08x}" if picture.own else ""
        return f"{picture.figure}/{picture.level}/{picture.form.value}/{picture.theme}{own}"

    def _lock(self, room: str) -> asyncio.Lock:
        return self._locks.setdefault(room, asyncio.Lock())

    def _remember(self, event: str, content: Content) -> None:
        self.shown[event] = content
        self.shown.move_to_end(event)
        while len(self.shown) > REMEMBERED:
            self.shown.popitem(last=False)
