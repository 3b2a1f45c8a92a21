"""One delivery as one Bot API call: text, photo, animation, or an edit of one of these.

A caption carries the text. A text too long for a caption goes without the picture, as one that cannot be drawn does:
two messages would not be sent both or neither, and the words matter more. The remote id of a message with a picture
ends in `m`, because Telegram edits captions and texts by different calls.
"""

from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from telegram.error import BadRequest, TelegramError

from bot.channels.channel import (
    AmbiguousError,
    Delivery,
    EditGoneError,
    PaperFile,
    PictureFile,
    Receipt,
    UnreachableError,
)
from bot.channels.joining import leading
from bot.channels.picturing import PictureLateError, PictureUnusableError, lesser
from bot.channels.telegram.api import Api, Upload, Wire
from bot.channels.telegram.drawing import bare, covered, fits_caption, html, keyboard
from bot.channels.telegram.errors import is_bad_markup, is_unmodified, translated
from bot.channels.telegram.links import linked
from bot.channels.telegram.uploads import File, Uploads
from bot.dialogue.messages import Form, Message, Picture

WITH_MEDIA = "m"
_NO_PREVIEW = {"is_disabled": True}
_ENDINGS = {"image/png": "png", "image/jpeg": "jpg", "video/mp4": "mp4", "image/gif": "gif"}


@dataclass(frozen=True, slots=True)
class _Words:
    text: str
    mode: str | None


@dataclass(slots=True)
class Sending:
    """Everything that leaves through this account for a member."""

    api: Api
    uploads: Uploads
    username: str = ""  # the bot's, for links

    async def send(self, delivery: Delivery) -> Receipt:
        """Try once. Raises a `DeliveryError`."""
        if delivery.edits is None and delivery.message.only_edit:
            raise EditGoneError
        try:
            return await self._sent(delivery)
        except TelegramError as error:
            raise translated(error) from None

    async def _sent(self, delivery: Delivery) -> Receipt:
        """With our markup, then without it if Telegram does not understand it."""
        text, push = linked(delivery.message.text, self.username), _push(delivery)
        try:
            return await self._tried(delivery, _Words(covered(push, text) if push else html(text), "HTML"))
        except BadRequest as error:
            if not is_bad_markup(error):
                raise
        return await self._tried(delivery, _Words(bare(text), None))

    async def _tried(self, delivery: Delivery, words: _Words) -> Receipt:
        target = _target(delivery)
        picture = delivery.message.picture
        if picture is not None:
            picture = leading(picture, lambda words: linked(words, self.username))
        paper = await delivery.paper() if delivery.paper and delivery.edits is None else None
        if paper is not None and fits_caption(delivery.message):
            return await self._filed(delivery, paper, words, target)
        shown = delivery.edits is not None and delivery.edits.endswith(WITH_MEDIA)
        unfinished = False
        if picture is not None and fits_caption(delivery.message):
            for one in lesser(picture):
                try:
                    receipt = await self._pictured(delivery, one, words, target)
                except PictureLateError:
                    unfinished = True
                except PictureUnusableError:
                    continue
                else:
                    return replace(receipt, unfinished=unfinished)
            if shown:  # the old picture must not stay under the new words
                raise EditGoneError
        if shown:
            return await self._captioned(delivery, words, target)
        return replace(await self._worded(delivery, words, target), unfinished=unfinished)

    async def _filed(self, delivery: Delivery, paper: PaperFile, words: _Words, target: Wire) -> Receipt:
        values = {**target, "caption": words.text, "parse_mode": words.mode, "disable_content_type_detection": True}
        upload = Upload("document", paper.name, paper.data, paper.mime)
        await delivery.look_again()
        return _receipt(_answer(await self.api.call("sendDocument", values, upload=upload)), WITH_MEDIA)

    async def _worded(self, delivery: Delivery, words: _Words, target: Wire) -> Receipt:
        values = {**target, "text": words.text, "parse_mode": words.mode, "link_preview_options": _NO_PREVIEW}
        await delivery.look_again()
        if delivery.edits is None:
            receipt = _receipt(await self.api.call("sendMessage", values))
        else:
            receipt = await self._edited(delivery.edits, self.api.call("editMessageText", values))
        await self._pin(delivery.message, {"chat_id": target["chat_id"], "message_id": int(receipt.remote)})
        return receipt

    async def _pin(self, message: Message, which: Wire) -> None:
        """Where the bot may: without the right the card stands in the chat like any other message."""
        with suppress(TelegramError):
            if message.pin:
                await self.api.call("pinChatMessage", which | {"disable_notification": True})
            if message.unpin:
                await self.api.call("unpinChatMessage", which)

    async def _captioned(self, delivery: Delivery, words: _Words, target: Wire) -> Receipt:
        if not fits_caption(delivery.message):
            raise EditGoneError
        values = {**target, "caption": words.text, "parse_mode": words.mode}
        await delivery.look_again()
        return await self._edited(delivery.edits or "", self.api.call("editMessageCaption", values))

    async def _pictured(self, delivery: Delivery, picture: Picture, words: _Words, target: Wire) -> Receipt:
        caption = {"caption": words.text, "parse_mode": words.mode}
        if delivery.edits is None:
            hidden = {"has_spoiler": True} if _push(delivery) else {}
            post = partial(self._post, delivery, picture, target | caption | hidden)
            return _receipt(await self.uploads.post(picture, post), WITH_MEDIA)
        swap = partial(self._swap, delivery, picture, target, caption)
        return await self._edited(
            delivery.edits.removesuffix(WITH_MEDIA) + WITH_MEDIA, self.uploads.post(picture, swap)
        )

    async def _post(self, delivery: Delivery, picture: Picture, values: Wire, file: File) -> Wire:
        await delivery.look_again()  # others' uploads of the same picture may have taken long
        kind = _kind(picture)
        method = "sendPhoto" if picture.form is Form.STILL else "sendAnimation"
        if isinstance(file, str):
            return _answer(await self.api.call(method, {**values, kind: file}))
        upload = _upload(picture, kind, file)
        return _answer(await self.api.call(method, values | _measures(picture, file), upload=upload))

    async def _swap(self, delivery: Delivery, picture: Picture, target: Wire, caption: Wire, file: File) -> Wire:
        await delivery.look_again()
        media: Wire = {"type": _kind(picture), **{name: value for name, value in caption.items() if value is not None}}
        if isinstance(file, str):
            return _answer(await self.api.call("editMessageMedia", {**target, "media": {**media, "media": file}}))
        upload = _upload(picture, "picture", file)
        media |= {"media": "attach://picture", **_measures(picture, file)}
        return _answer(await self.api.call("editMessageMedia", {**target, "media": media}, upload=upload))

    async def _edited(self, remote: str, call: Any) -> Receipt:
        """What says already what it should is as good as edited."""
        try:
            await call
        except BadRequest as error:
            if not is_unmodified(error):
                raise
        return Receipt(remote=remote)


def _push(delivery: Delivery) -> str | None:
    """An edit notifies nobody, so it hides nothing."""
    return delivery.message.push if delivery.edits is None else None


def _target(delivery: Delivery) -> Wire:
    """Where it goes, what it edits, and the buttons: what all calls share."""
    chat, _, topic = delivery.address.room.partition("/")
    try:
        target: Wire = {"chat_id": int(chat), "reply_markup": keyboard(delivery.message)}
        thread = {"message_thread_id": int(topic)} if topic else {}
    except ValueError:
        raise UnreachableError from None
    if delivery.edits is None:
        return target | thread | _quiet(delivery.message)
    try:
        return target | {"message_id": int(delivery.edits.removesuffix(WITH_MEDIA))}
    except ValueError:
        raise EditGoneError from None


def _quiet(message: Message) -> Wire:
    return {"disable_notification": True} if message.silent else {}


def _kind(picture: Picture) -> str:
    return "photo" if picture.form is Form.STILL else "animation"


def _upload(picture: Picture, field: str, file: PictureFile) -> Upload:
    name = f"{picture.figure}-{picture.level}.{_ENDINGS.get(file.mime, 'bin')}"
    return Upload(field, name, file.data, file.mime)


def _measures(picture: Picture, file: PictureFile) -> Wire:
    """Without them a client shows an animation as a square until it is loaded."""
    if picture.form is Form.STILL:
        return {}
    return {"width": file.width, "height": file.height, "duration": max(1, round(file.seconds or 0))}


def _answer(result: object) -> Wire:
    return result if isinstance(result, dict) else {}


def _receipt(result: object, ending: str = "") -> Receipt:
    number = _answer(result).get("message_id")
    if not isinstance(number, int):
        raise AmbiguousError
    return Receipt(remote=f"{number}{ending}")
