"""Pictures as channels ask for them: whatever the drawing room raises, the words leave without the picture."""

import logging

from bot.channels.channel import PictureFile, Pictures
from bot.dialogue.messages import Picture

log = logging.getLogger(__name__)


class PictureUnusableError(Exception):
    """It could not be drawn, or the platform does not take it: the words go without it."""


def digest_of(pictures: Pictures, picture: Picture) -> str:
    """What the picture is known by. Raises `PictureUnusableError`."""
    try:
        return pictures.digest(picture)
    except Exception as error:  # noqa: BLE001  whatever the drawing room raises, the words must leave
        raise unusable(error) from None


async def drawn(pictures: Pictures, picture: Picture) -> PictureFile:
    """The picture as a file. Raises `PictureUnusableError`."""
    try:
        return await pictures.picture(picture)
    except Exception as error:  # noqa: BLE001  as above
        raise unusable(error) from None


def unusable(error: Exception) -> PictureUnusableError:
    """Noted once, by the class of what went wrong."""
    log.error("a message goes without its picture", extra={"action": "no-picture", "error": type(error).__name__})
    return PictureUnusableError()
