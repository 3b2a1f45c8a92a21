"""Pictures as channels ask for them: whatever the drawing room raises or keeps, the words leave without the picture.

Drawing takes a moment for a still and many seconds for a film. No message waits so long: what is not at hand is drawn
on, the message leaves with less, and the picture follows by an edit (`runtime.fulfilling`).
"""

import asyncio
import logging
from collections.abc import Iterator
from dataclasses import replace

from bot.channels.channel import PictureFile, Pictures
from bot.dialogue.messages import Form, Picture

log = logging.getLogger(__name__)

STILL_WAIT_S = 1.0  # a still takes less than half of it to draw
FILM_WAIT_S = 0.05  # only one that is drawn already


class PictureUnusableError(Exception):
    """It could not be drawn, or the platform does not take it: the words go without it."""


class PictureLateError(PictureUnusableError):
    """It is still being drawn."""


def digest_of(pictures: Pictures, picture: Picture) -> str:
    """What the picture is known by. Raises `PictureUnusableError`."""
    try:
        return pictures.digest(picture)
    except Exception as error:  # noqa: BLE001  whatever the drawing room raises, the words must leave
        raise unusable(error) from None


async def drawn(pictures: Pictures, picture: Picture, *, still_s: float = STILL_WAIT_S) -> PictureFile:
    """The picture as a file, if it is there within its time. Raises `PictureUnusableError`.

    `still_s`: how long a still is waited for.
    """
    drawing = asyncio.ensure_future(pictures.picture(picture))
    try:
        await asyncio.wait({drawing}, timeout=FILM_WAIT_S if picture.form is Form.CLIP else still_s)
        if drawing.done():
            return drawing.result()
    except Exception as error:  # noqa: BLE001  as above
        raise unusable(error) from None
    finally:
        drawing.cancel()  # the drawing room goes on for those who come after
    raise PictureLateError


def lesser(picture: Picture) -> Iterator[Picture]:
    """The picture, then what may stand in its place until it is drawn."""
    yield picture
    if picture.form is Form.CLIP:
        yield replace(picture, form=Form.STILL)


def unusable(error: Exception) -> PictureUnusableError:
    """Noted once, by the class of what went wrong."""
    log.error("a message goes without its picture", extra={"action": "no-picture", "error": type(error).__name__})
    return PictureUnusableError()
