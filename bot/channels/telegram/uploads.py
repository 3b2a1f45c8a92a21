"""Pictures by their remote id: uploaded once, one upload at a time a picture, and anew when the id is refused."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from telegram.error import TelegramError

from bot.channels.channel import Media, PictureFile, Pictures
from bot.channels.picturing import digest_of, drawn, unusable
from bot.channels.telegram.api import Wire
from bot.channels.telegram.errors import is_bad_picture
from bot.dialogue.failures import StoreAwayError
from bot.dialogue.messages import Picture

log = logging.getLogger(__name__)

File = str | PictureFile  # a remote id, or what is to be uploaded
Post = Callable[[File], Awaitable[Wire]]


@dataclass(slots=True)
class Uploads:
    """`media` may be away with the store: then a picture is uploaded once more, and the message still leaves."""

    pictures: Pictures
    media: Media
    _under_way: dict[tuple[str, str], asyncio.Lock] = field(default_factory=dict)

    async def post(self, picture: Picture, post: Post) -> Wire:
        """Post by remote id where one is known. Raises `PictureUnusableError`, or what `post` raises.

        A member's own picture is uploaded for this one send and not remembered.
        """
        if picture.own:
            return await _accepted(post, await drawn(self.pictures, picture))
        digest, kind = digest_of(self.pictures, picture), picture.form.value
        known = await self._find(digest, kind)
        if known is not None:
            try:
                return await post(known)
            except TelegramError as error:
                if not is_bad_picture(error):
                    raise
            await self._forget(digest, kind, known)
        file = await drawn(self.pictures, picture)  # before the queue: each waits for it once, not for the others too
        async with self._under_way.setdefault((digest, kind), asyncio.Lock()):
            found = await self._find(digest, kind)
            if found is None:  # the first of several uploads, the others find its id
                sent = await _accepted(post, file)
                await self._remember(digest, kind, sent)
                self._under_way.pop((digest, kind), None)
                return sent
        return await _accepted(post, found)

    async def _find(self, digest: str, kind: str) -> str | None:
        try:
            return await self.media.find(digest, kind)
        except StoreAwayError:
            return None

    async def _remember(self, digest: str, kind: str, sent: Wire) -> None:
        remote = remote_id(sent)
        if remote is None:
            return
        try:
            await self.media.remember(digest, kind, remote)
        except StoreAwayError:
            log.info("an upload is not remembered", extra={"action": "media-store-away"})

    async def _forget(self, digest: str, kind: str, refused: str) -> None:
        log.warning("an upload's id was refused", extra={"action": "media-refused"})
        if await self._find(digest, kind) != refused:
            return  # somebody else has uploaded it anew
        try:
            await self.media.forget(digest, kind)
        except StoreAwayError:
            log.info("an upload is not forgotten", extra={"action": "media-store-away"})


async def _accepted(post: Post, file: File) -> Wire:
    try:
        return await post(file)
    except TelegramError as error:
        if is_bad_picture(error):
            raise unusable(error) from None
        raise


def remote_id(sent: Wire) -> str | None:
    """A photo comes in several sizes, the last is the largest; an animation with sound is none, and not remembered."""
    sizes, film = sent.get("photo"), sent.get("animation")
    found = sizes[-1] if isinstance(sizes, list) and sizes else film
    remote = found.get("file_id") if isinstance(found, dict) else None
    return remote if isinstance(remote, str) else None
