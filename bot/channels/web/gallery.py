"""Pictures by the hash of their content. A browser can only ask for what some conversation has shown; never for a path.

Pictures made from `content/` may be seen and kept by whoever knows the hash. A member's own picture stands under a name
that only its own conversation was told, new with every start, and no cache may keep it.
"""

import logging
from collections import OrderedDict
from dataclasses import dataclass, replace

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from bot.channels.channel import PictureFile, Pictures
from bot.channels.picturing import PictureLateError, PictureUnusableError, drawn, lesser
from bot.dialogue.messages import Form, Picture

_log = logging.getLogger(__name__)
_KEPT = 4000  # descriptions, about 200 bytes each; a page asks for its pictures right after its history
_FOR_EVER = "public, max-age=31536000, immutable"
_NEVER = "private, no-store"


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture that is at hand, or none. `unfinished`: a better one is being drawn."""

    picture: Picture | None
    file: PictureFile | None
    unfinished: bool


class Gallery:
    """Remembers which description stands behind a hash, and serves the picture."""

    def __init__(self, pictures: Pictures) -> None:
        self._pictures = pictures
        self._known: OrderedDict[str, Picture] = OrderedDict()

    def address(self, picture: Picture) -> str:
        digest = self._pictures.digest(picture)
        self._known[digest] = picture
        self._known.move_to_end(digest)
        while len(self._known) > _KEPT:
            self._known.popitem(last=False)
        return f"/picture/{digest}"

    def poster(self, picture: Picture) -> str | None:
        """The still that stands in for a clip until it plays, and for people who want no motion."""
        return self.address(replace(picture, form=Form.STILL)) if picture.form is Form.CLIP else None

    async def show(self, picture: Picture) -> Shown:
        """What can be shown at once: words must arrive even when drawing takes long or fails."""
        late = False
        for one in lesser(picture):
            try:
                return Shown(one, await drawn(self._pictures, one), unfinished=late)
            except PictureLateError:
                late = True
            except PictureUnusableError:
                continue
        return Shown(None, None, unfinished=late)

    async def draw(self, picture: Picture) -> PictureFile | None:
        """The drawn picture, however long it takes; None if it cannot be drawn."""
        try:
            return await self._pictures.picture(picture)
        except Exception as error:  # noqa: BLE001 - whatever a drawing process throws: the page shows the description
            _log.error("a page goes without its picture", extra={"action": "no-picture", "error": type(error).__name__})
            return None

    async def serve(self, request: Request) -> Response:
        picture = self._known.get(request.path_params["digest"])
        file = await self.draw(picture) if picture is not None else None
        if picture is None or file is None:
            return PlainTextResponse("not found", 404)
        return _ranged(file, request.headers.get("range"), _NEVER if picture.own else _FOR_EVER)


def _ranged(file: PictureFile, wanted: str | None, kept: str) -> Response:
    """Whole, or one range: some browsers play a clip only from a server that knows ranges."""
    headers = {"Cache-Control": kept, "ETag": f'"{file.digest}"', "Accept-Ranges": "bytes"}
    total = len(file.data)
    part = _range(wanted, total)
    if part is None:
        return Response(file.data, media_type=file.mime, headers=headers)
    first, last = part
    if first > last:
        return Response(status_code=416, headers={"Content-Range": f"bytes */{total}"})
    headers["Content-Range"] = f"bytes {first}-{last}/{total}"
    return Response(file.data[first : last + 1], 206, media_type=file.mime, headers=headers)


def _range(wanted: str | None, total: int) -> tuple[int, int] | None:
    """First and last byte of `bytes=a-b`, `a-` or `-n`; None for anything else, which means the whole."""
    unit, _, span = (wanted or "").partition("=")
    first, dash, last = span.partition("-")
    if unit != "bytes" or not dash or not f"{first}{last}".isdecimal():
        return None
    if not first:
        return max(0, total - int(last)), total - 1
    return int(first), min(int(last), total - 1) if last else total - 1
