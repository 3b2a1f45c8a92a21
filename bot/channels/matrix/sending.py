"""One delivery as Matrix events: a picture, then the words, then seeded reactions. Each has its own transaction id.

The ids are made of the outbox row's, which is never reused, so whatever is tried again is shown once. A send is never
cancelled half-way: the keys it handed out would be unknown to the next. Rooms are served one event at a time: a call
for help does not wait for a picture that is drawn or uploaded for its room.
"""

import asyncio
import logging
import math
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar
from zlib import crc32

from bot.channels.channel import Delivery, DeliveryError, EditGoneError, Receipt, RetryLaterError, UnreachableError
from bot.channels.joining import leading
from bot.channels.matrix.drawing import TAPS, Content, bare, content_of, edit_of, notice_of, replaced, seeds, title_of
from bot.channels.matrix.errors import UNREACHED, is_error, raised, translated
from bot.channels.matrix.keys import Keys
from bot.channels.matrix.marks import MARK, Marks
from bot.channels.matrix.pinning import Pins
from bot.channels.matrix.reading import own_message
from bot.channels.matrix.rooms import Rooms
from bot.channels.matrix.uploads import Uploads
from bot.channels.picturing import PictureLateError, PictureUnusableError, lesser
from bot.dialogue.messages import Kind, Message, Picture

log = logging.getLogger(__name__)

REMEMBERED = 5000
LAST_SENDS_S = 10.0
MOVING_S = 5.0  # a room that was upgraded: its successor is being joined
TYPING_AFTER_S, TYPING_AGAIN_S, TYPING_MS = 1.0, 25.0, 30_000
SPARING_S = 3600.0  # after a refusal for too many events: no reactions for so long
_Work = TypeVar("_Work")
_BETWEEN = " "  # in a receipt, between the event and the picture above it


@dataclass(frozen=True, slots=True)
class _Place:
    """A room, and the one person who is meant; `None`: whoever is there."""

    room: str
    person: str | None = None


@dataclass(slots=True)
class Sending:
    """Everything that leaves through this account."""

    client: Any
    rooms: Rooms
    keys: Keys
    uploads: Uploads
    marks: Marks
    on_own: Callable[[str], None]  # something about one person alone goes into this room
    ready: asyncio.Event  # set by the first sync: before it, nio knows no rooms
    shown: OrderedDict[str, Content] = field(default_factory=OrderedDict)  # event → what stands there now
    clock: Callable[[], float] = time.monotonic
    typing_again_s: float = TYPING_AGAIN_S
    _limited_at: float = -math.inf
    _stills: OrderedDict[str, str] = field(default_factory=OrderedDict)  # words → the still above them, or nothing
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
        """A line of the channel's own. Raises a `DeliveryError`."""
        await self._event(_Place(room), notice_of(words), transaction, self.marks.over(room, transaction))

    async def aclose(self) -> None:
        if self._under_way:
            await asyncio.wait(set(self._under_way), timeout=LAST_SENDS_S)

    async def _sent(self, delivery: Delivery) -> Receipt:
        message, address = delivery.message, delivery.address
        place = _Place(address.room, address.person if address.private else None)
        if delivery.edits is None and message.only_edit:
            raise EditGoneError
        if self.rooms.moved_to(place.room) is not None or self.rooms.is_awaited(place.room):
            raise RetryLaterError(MOVING_S, only_here=True)
        self._see_to_it(place)
        if delivery.edits is not None:
            await delivery.look_again()
            event = delivery.edits.partition(_BETWEEN)[0]
            if message.only_edit and message.picture is not None and event in self._stills:
                return await self._completed(place, delivery, event)
            return await self._edited(place, message, delivery.edits)
        return await self._new(place, delivery)

    def _see_to_it(self, place: _Place) -> None:
        """That we are there, and alone with the one it is for. Raises `UnreachableError`."""
        stranger = place.person is not None and self.rooms.partner(place.room) != place.person
        if stranger or not self.rooms.known(place.room):
            raise UnreachableError  # left; or a third person is there, who must not read along

    async def _edited(self, place: _Place, message: Message, edits: str) -> Receipt:
        """A question becomes its answer. Another picture, or another question, is a new message: edits do not ring."""
        event, _, figure = edits.partition(_BETWEEN)
        if message.picture is not None and self._figure(message) != figure:
            raise EditGoneError
        content = content_of(replace(message, push=None))  # an edit notifies nobody, so it hides nothing
        is_card = message.kind is Kind.CHALLENGE and message.silent  # of a round: it stays where it stands, and quiet
        if place.person is not None and TAPS in content and not is_card:
            await self._strip(place, event, message)
            raise EditGoneError
        known = self.shown.get(event, {})
        await self._show(place, edit_of(content, event), message, "e")
        self._remember(event, content)
        if known.get(TAPS) != content.get(TAPS):
            await self._seed(place, event, message)  # a new day, a new sign
        await self._pin(place, event, message)
        return Receipt(remote=edits)

    async def _strip(self, place: _Place, event: str, message: Message) -> None:
        """The old question loses its answers; after a restart its words are asked of the homeserver."""
        known = self.shown.get(event) or await own_message(self.client, place.room, event)
        if known is not None and {TAPS, "body", "formatted_body"} <= known.keys():
            stripped = bare(known)
            await self._show(place, edit_of(stripped, event), message, "s")
            self._remember(event, stripped)

    async def _new(self, place: _Place, delivery: Delivery) -> Receipt:
        message, figure, still, late = delivery.message, "", "", False
        shown_before = self.marks.heard.get(self.marks.of(message, place.room, ""))
        if shown_before is not None:  # by an earlier process, whatever this database knows
            return self._receipt(shown_before, self._figure(message))
        encrypted = self.rooms.encrypted(place.room)
        if message.picture is not None:
            coach = f"https://matrix.to/#/{self.client.user_id}"
            shown = leading(message.picture, lambda _: coach, typed="!start")
            picture, late = await self._patiently(place, self._best(shown, encrypted=encrypted))
            if picture is not None:
                if message.picture.own:
                    self.on_own(place.room)
                await delivery.look_again()
                still = await self._show(place, picture, message, "p")
                figure = self._figure(message)
        paper = await self._patiently(place, delivery.paper()) if delivery.paper else None
        if paper is not None:
            self.on_own(place.room)
            content = await self._patiently(place, self.uploads.paper(paper, title_of(message), encrypted=encrypted))
            await delivery.look_again()
            await self._show(place, content, message, "f")
        content = content_of(message)
        await delivery.look_again()
        event = await self._show(place, content, message, "")
        self._remember(event, content)
        await self._seed(place, event, message)
        await self._pin(place, event, message)
        if late:
            self._stills[event] = still
            while len(self._stills) > REMEMBERED:
                self._stills.popitem(last=False)
        return self._receipt(event, figure, late=late)

    def _receipt(self, event: str, figure: str, *, late: bool = False) -> Receipt:
        return Receipt(remote=f"{event}{_BETWEEN}{figure}" if figure else event, unfinished=late)

    async def _completed(self, place: _Place, delivery: Delivery, event: str) -> Receipt:
        """The still becomes its film, without a sound; a picture of which nothing was there comes below, once.

        Not where the homeserver counts our events: the words are whole without it.
        """
        message, edits = delivery.message, delivery.edits or ""
        still = self._stills[event]
        if message.picture is None or self.clock() - self._limited_at < SPARING_S:
            raise EditGoneError
        try:
            content = await self.uploads.content(message.picture, encrypted=self.rooms.encrypted(place.room))
        except PictureUnusableError:
            raise EditGoneError from None
        if message.picture.own:
            self.on_own(place.room)
        await delivery.look_again()
        await self._show(place, replaced(content, still) if still else content, message, "v")
        self._stills.pop(event, None)
        return Receipt(remote=edits)

    async def _best(self, picture: Picture, *, encrypted: bool) -> tuple[Content | None, bool]:
        """The picture, or the still of a film that is not drawn yet, or nothing; true if a better one comes."""
        late = False
        for one in lesser(picture):
            try:
                return await self.uploads.content(one, encrypted=encrypted), late
            except PictureLateError:
                late = True
            except PictureUnusableError:
                continue
        return None, late

    async def _patiently(self, place: _Place, work: Awaitable[_Work]) -> _Work:
        """A typing notice, only where somebody waits for more than a moment; renewed before clients take it away."""
        task = asyncio.ensure_future(work)
        done, _ = await asyncio.wait({task}, timeout=TYPING_AFTER_S)
        while not task.done():
            await self._type(place, typing=True)
            await asyncio.wait({task}, timeout=self.typing_again_s)
        if not done:
            await self._type(place, typing=False)
        return task.result()

    async def _type(self, place: _Place, *, typing: bool) -> None:
        try:
            await self.client.room_typing(place.room, typing, TYPING_MS)
        except UNREACHED as error:
            log.info("no typing notice", extra={"action": "matrix-typing", "error": type(error).__name__})

    async def _seed(self, place: _Place, event: str, message: Message) -> None:
        """Only a courtesy: not where the homeserver counts our events, and the first one that is refused ends it."""
        if self.clock() - self._limited_at < SPARING_S:
            return
        for number, key in enumerate(seeds(message)):
            relation = {"rel_type": "m.annotation", "event_id": event, "key": key}
            try:
                await self._call(place, "m.reaction", {"m.relates_to": relation}, f"{message.id}r{number}")
            except DeliveryError:
                return

    async def _pin(self, place: _Place, event: str, message: Message) -> None:
        if message.pin:
            await Pins(self.client).put(place.room, event)
        if message.unpin:
            await Pins(self.client).take(place.room, event)

    async def _show(self, place: _Place, content: Content, message: Message, part: str) -> str:
        """A part of a message; its event. An edit's transaction is that of the words, whatever it becomes."""
        transaction = f"{message.id}{'' if part == 'e' else part}"
        return await self._event(place, content, transaction, self.marks.of(message, place.room, part))

    async def _event(self, place: _Place, content: Content, transaction: str, mark: str) -> str:
        """What stands there already is not sent again."""
        known = self.marks.heard.get(mark)
        if known is not None:
            return known
        return await self._call(place, "m.room.message", {**content, MARK: mark}, transaction)

    async def _call(self, place: _Place, kind: str, content: Content, transaction: str) -> str:
        room = place.room
        try:
            async with self._lock(room):
                answer = await self._put(place, kind, content, transaction)
        except DeliveryError as error:
            self._note(error)
            raise
        except Exception as error:  # noqa: BLE001  nio raises what it likes; all of it may be tried again
            raise raised(error) from None
        if is_error(answer):
            refused = translated(answer)
            self._note(refused)
            raise refused
        return str(answer.event_id)

    async def _put(self, place: _Place, kind: str, content: Content, transaction: str) -> Any:
        room = place.room
        if self.rooms.encrypted(room):
            await self.keys.share(room)
        self._see_to_it(place)  # again: somebody may have come while keys were fetched. From here on nothing waits
        return await self.client.room_send(room, kind, content, tx_id=transaction, ignore_unverified_devices=True)

    def _note(self, error: DeliveryError) -> None:
        if isinstance(error, RetryLaterError) and error.whole_platform:
            self._limited_at = self.clock()

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
