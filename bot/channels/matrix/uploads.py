"""Pictures as files on the homeserver: encrypted for encrypted rooms, uploaded once and reused for a month.

The key of an encrypted file travels in the event, so one upload serves all rooms. A member's own picture is uploaded
for its one message and remembered nowhere.
"""

import asyncio
import json
import logging
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from io import BytesIO
from typing import Any

from bot.channels.channel import Media, PaperFile, PictureFile, Pictures, RetryLaterError
from bot.channels.matrix.erasing import OWN
from bot.channels.matrix.errors import UNREACHED, is_error, is_limited, is_token_refused, translated
from bot.channels.picturing import PictureUnusableError, digest_of, drawn
from bot.dialogue.failures import StoreAwayError
from bot.dialogue.messages import Form, Picture

log = logging.getLogger(__name__)

UNREACHED_S = 5.0
STILL_S = 10.0  # a picture stands above its words here and cannot follow them; a call for help waits for neither
KEPT_S = 30 * 24 * 3600  # homeservers tidy away old media
BLUR = "xyz.amorgan.blurhash"  # MSC 2448, and the name clients look for
PDF, COVER = "application/pdf", Picture(figure="welcome")
_ENDINGS = {"image/png": "png", "image/jpeg": "jpg", "video/mp4": "mp4", "image/gif": "gif"}

Content = dict[str, Any]


@dataclass(slots=True)
class Uploads:
    """`media` may be away with the store: then a picture is uploaded once more, and the message still leaves."""

    client: Any
    pictures: Pictures
    media: Media
    clock: Callable[[], float] = time.time  # epoch seconds
    _under_way: dict[tuple[str, str], asyncio.Lock] = field(default_factory=dict)

    async def content(self, picture: Picture, *, encrypted: bool) -> Content:
        """The content of the event that shows it. Raises `PictureUnusableError` or a `DeliveryError`."""
        shown = await self._uploaded(picture, encrypted=encrypted)
        still = picture.form is Form.STILL
        info = _measures(shown)
        if not still:
            info |= {"fi.mau.loop": True, "fi.mau.autoplay": True, "fi.mau.no_audio": True}
        info |= await self._thumbnail(picture, shown, encrypted=encrypted)
        ending = _ENDINGS.get(str(shown["mimetype"]), "bin")
        name = f"picture.{ending}" if picture.own else f"{picture.figure}-{picture.level}.{ending}"
        kind = "m.image" if still else "m.video"
        content: Content = {
            "msgtype": kind,
            "body": picture.alt or name,
            "filename": name,
            "info": info,
            "m.mentions": {},
        }
        return content | _place(shown, "file", "url") | ({OWN: True} if picture.own else {})

    async def paper(self, paper: PaperFile, named: str, *, encrypted: bool) -> Content:
        """The content of the event with a file in it, uploaded for this one. Raises a `DeliveryError`.

        `named`: what it is, in the member's language, for whoever cannot see the file.
        """
        try:
            answer, keys = await self.client.upload(
                lambda *_: BytesIO(paper.data),
                content_type=paper.mime,
                filename=paper.name,
                encrypt=encrypted,
                filesize=len(paper.data),
            )
        except UNREACHED:
            raise RetryLaterError(UNREACHED_S) from None
        if is_error(answer):
            raise translated(answer)
        place = {"file": {**keys, "url": answer.content_uri}} if encrypted else {"url": answer.content_uri}
        info: Content = {"size": len(paper.data), "mimetype": paper.mime}
        if paper.mime == PDF:  # no page of it: only a picture of the library may be uploaded beside it, once for all
            with suppress(PictureUnusableError):
                info |= await self._thumbnail(
                    COVER, await self._uploaded(COVER, encrypted=encrypted), encrypted=encrypted
                )
        words: Content = {
            "msgtype": "m.file",
            "body": named or paper.name,
            "filename": paper.name,
            "m.mentions": {},
            OWN: True,
        }
        return {**words, "info": info, **place}

    async def _thumbnail(self, picture: Picture, shown: Content, *, encrypted: bool) -> Content:
        """A film shows its still until it plays; a still is its own. `shown`: the picture as it is uploaded."""
        if picture.form is not Form.STILL:
            try:
                shown = await self._uploaded(replace(picture, form=Form.STILL), encrypted=encrypted)
            except PictureUnusableError:
                return {}
        blurred = {BLUR: shown[BLUR]} if BLUR in shown else {}  # a film's too: it stands for what is not there yet
        return {"thumbnail_info": _measures(shown), **_place(shown, "thumbnail_file", "thumbnail_url"), **blurred}

    async def _uploaded(self, picture: Picture, *, encrypted: bool) -> Content:
        if picture.own:
            return await self._upload(await self._drawn(picture), encrypted=encrypted)
        digest, kind = digest_of(self.pictures, picture), f"{picture.form.value}{'-encrypted' if encrypted else ''}"
        known = await self._find(digest, kind)
        if known is not None:
            return known
        file = await self._drawn(picture)  # before the queue: each waits for it once, not for the others too
        async with self._under_way.setdefault((digest, kind), asyncio.Lock()):
            known = await self._find(digest, kind)
            if known is not None:
                return known
            shown = await self._upload(file, encrypted=encrypted)
            await self._remember(digest, kind, shown)
        self._under_way.pop((digest, kind), None)
        return shown

    async def _drawn(self, picture: Picture) -> PictureFile:
        return await drawn(self.pictures, picture, still_s=STILL_S)

    async def _upload(self, file: PictureFile, *, encrypted: bool) -> Content:
        try:
            answer, keys = await self.client.upload(
                lambda *_: BytesIO(file.data),
                content_type=file.mime,
                filename=f"picture.{_ENDINGS.get(file.mime, 'bin')}",
                encrypt=encrypted,
                filesize=len(file.data),
            )
        except UNREACHED:
            raise PictureUnusableError from None
        if is_error(answer):
            if is_token_refused(answer) or is_limited(answer):
                raise translated(answer)
            log.error("an upload was refused", extra={"action": "matrix-upload", "error": str(answer.status_code)})
            raise PictureUnusableError
        place = {"file": {**keys, "url": answer.content_uri}} if encrypted else {"url": answer.content_uri}
        measures: Content = {"w": file.width, "h": file.height, "size": len(file.data), "mimetype": file.mime}
        if file.seconds:
            measures["duration"] = round(file.seconds * 1000)
        if file.blur:
            measures[BLUR] = file.blur
        return {**place, **measures, "at": int(self.clock())}

    async def _find(self, digest: str, kind: str) -> Content | None:
        try:
            remote = await self.media.find(digest, kind)
            known = json.loads(remote) if remote is not None else None
        except (StoreAwayError, ValueError):
            return None
        fresh = isinstance(known, dict) and known.get("at", 0) > self.clock() - KEPT_S
        return known if fresh else None

    async def _remember(self, digest: str, kind: str, shown: Content) -> None:
        try:
            await self.media.remember(digest, kind, json.dumps(shown))
        except StoreAwayError:
            log.info("an upload is not remembered", extra={"action": "media-store-away"})


def _measures(shown: Mapping[str, Any]) -> Content:
    return {name: shown[name] for name in ("w", "h", "size", "mimetype", "duration", BLUR) if name in shown}


def _place(shown: Mapping[str, Any], encrypted: str, plain: str) -> Content:
    return {encrypted: shown["file"]} if "file" in shown else {plain: shown["url"]}
