"""One delivery as one Bot API call: text, photo, animation, or an edit of one of these.

A picture is uploaded once and then re-sent by its file id; the caption carries the text. A text too long for a caption
goes without the picture: the words matter more. The remote id of a message with media ends in `m`, because Telegram
edits captions and texts by different calls.
"""

import asyncio
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from telegram import Bot, InputFile, InputMediaAnimation, InputMediaPhoto
from telegram import Message as Sent
from telegram.constants import ParseMode
from telegram.error import TelegramError

from bot.channels.channel import Delivery, Media, Pictures, Receipt
from bot.channels.botapi.drawing import fits_caption, html, keyboard
from bot.channels.botapi.errors import is_bad_file, is_bad_markup, is_unmodified, translated
from bot.dialogue.markup import plain
from bot.dialogue.messages import Form, Picture

WITH_MEDIA = "m"


@dataclass(slots=True)
class Sending:
    """Everything that leaves through this account."""

    bot: Bot
    pictures: Pictures
    media: Media
    _uploads: defaultdict[str, asyncio.Lock] = field(default_factory=lambda: defaultdict(asyncio.Lock))

    async def send(self, delivery: Delivery) -> Receipt:
        """Try once. Raises a `DeliveryError`."""
        try:
            return await self._tried(delivery, ParseMode.HTML)
        except TelegramError as error:
            if not is_bad_markup(error):
                raise translated(error) from None
        try:
            return await self._tried(delivery, None)
        except TelegramError as error:
            raise translated(error) from None

    async def _tried(self, delivery: Delivery, mode: ParseMode | None) -> Receipt:
        words = html(delivery.message.text) if mode else plain(delivery.message.text)
        if delivery.edits is not None:
            return await self._edit(delivery, words, mode)
        message = delivery.message
        if message.picture is not None and fits_caption(message):
            return await self._send_picture(delivery, message.picture, words, mode)
        sent = await self.bot.send_message(
            chat_id=int(delivery.address.room),
            text=words,
            parse_mode=mode,
            reply_markup=keyboard(message),
            disable_notification=message.silent,
        )
        return Receipt(remote=str(sent.message_id))

    async def _edit(self, delivery: Delivery, words: str, mode: ParseMode | None) -> Receipt:
        remote = delivery.edits or ""
        number = int(remote.removesuffix(WITH_MEDIA))
        message, room = delivery.message, int(delivery.address.room)
        shared: dict[str, Any] = {
            "chat_id": room,
            "message_id": number,
            "reply_markup": keyboard(message),
        }
        try:
            if message.picture is not None and remote.endswith(WITH_MEDIA):
                await self._edit_picture(message.picture, words, mode, shared)
            elif remote.endswith(WITH_MEDIA):
                await self.bot.edit_message_caption(caption=words, parse_mode=mode, **shared)
            else:
                await self.bot.edit_message_text(text=words, parse_mode=mode, **shared)
        except TelegramError as error:
            if not is_unmodified(error):
                raise
        return Receipt(remote=remote)

    async def _edit_picture(self, picture: Picture, words: str, mode: ParseMode | None, shared: dict[str, Any]) -> None:
        kind = InputMediaPhoto if picture.form is Form.STILL else InputMediaAnimation
        file = await self._file(picture)
        changed = await self.bot.edit_message_media(media=kind(file, caption=words, parse_mode=mode), **shared)
        if isinstance(changed, Sent):
            await self._remember(picture, changed)

    async def _send_picture(self, delivery: Delivery, picture: Picture, words: str, mode: ParseMode | None) -> Receipt:
        """By file id where it is known; the first of several at the same time uploads, the others wait for it."""
        digest = self.pictures.digest(picture)
        known = await self.media.find(digest, picture.form.value)
        if known is not None:
            try:
                return await self._post(delivery, picture, known, words, mode)
            except TelegramError as error:
                if not is_bad_file(error):
                    raise
                await self.media.forget(digest, picture.form.value)
        async with self._uploads[digest]:
            return await self._post(delivery, picture, await self._file(picture), words, mode)

    async def _file(self, picture: Picture) -> str | InputFile:
        known = await self.media.find(self.pictures.digest(picture), picture.form.value)
        if known is not None:
            return known
        drawn = await self.pictures.picture(picture)
        ending = {"image/png": "png", "video/mp4": "mp4", "image/gif": "gif"}.get(drawn.mime, "bin")
        return InputFile(drawn.data, filename=f"{picture.figure}-{picture.level}.{ending}", attach=True)

    async def _post(
        self, delivery: Delivery, picture: Picture, file: str | InputFile, words: str, mode: ParseMode | None
    ) -> Receipt:
        shared: dict[str, Any] = {
            "chat_id": int(delivery.address.room),
            "caption": words,
            "parse_mode": mode,
            "reply_markup": keyboard(delivery.message),
            "disable_notification": delivery.message.silent,
        }
        if picture.form is Form.STILL:
            sent = await self.bot.send_photo(photo=file, **shared)
        else:
            sent = await self.bot.send_animation(animation=file, **shared)
        if not isinstance(file, str):
            await self._remember(picture, sent)
        return Receipt(remote=f"{sent.message_id}{WITH_MEDIA}")

    async def _remember(self, picture: Picture, sent: Sent) -> None:
        remote = sent.photo[-1].file_id if sent.photo else sent.animation.file_id if sent.animation else None
        if remote is not None:
            await self.media.remember(self.pictures.digest(picture), picture.form.value, remote)
