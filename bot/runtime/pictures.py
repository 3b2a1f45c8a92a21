"""Pictures for channels: the studio behind the channels' protocol, and drawing everything ahead."""

import asyncio
import logging
import os
from pathlib import Path

from bot.channels.channel import PictureFile
from bot.dialogue.messages import Form, Picture
from bot.library.library import Library
from bot.library.load import load_library
from bot.pictures.spec import PictureSpec
from bot.pictures.studio import Studio
from bot.settings import Settings

log = logging.getLogger(__name__)

FIRST = {"welcome", "where"}  # seen within the first minute
MOST_WORKERS = 8  # as many as the setting allows


class DrawnPictures:
    """Draws in worker processes or reads from the cache."""

    def __init__(self, studio: Studio) -> None:
        self._studio = studio

    async def picture(self, picture: Picture) -> PictureFile:
        drawn = await self._studio.picture(_spec(picture))
        return PictureFile(
            data=drawn.data,
            mime=drawn.mime,
            width=drawn.width,
            height=drawn.height,
            digest=drawn.digest,
            seconds=drawn.seconds,
            blur=drawn.blur,
        )

    def digest(self, picture: Picture) -> str:
        return self._studio.digest(_spec(picture))

    async def report(self, values: str) -> bytes:
        """A PDF from the values of `dialogue.reporting`; kept nowhere. Raises `DrawingError`."""
        drawn = await self._studio.picture(PictureSpec("report", 1, "paper", own=values))
        return drawn.data

    async def aclose(self) -> None:
        await self._studio.aclose()


def _spec(picture: Picture) -> PictureSpec:
    return PictureSpec(picture.figure, picture.level, picture.form.value, picture.theme, picture.own)


def open_pictures(settings: Settings, root: Path) -> DrawnPictures:
    return DrawnPictures(Studio(root / "poses", settings.cache / "pictures", workers=settings.picture_workers))


def library_pictures(library: Library) -> list[Picture]:
    """Every picture the content can ask for: the welcome, the numbered back, and each level as still and clip."""
    levels = sorted({level.picture for exercise in library.exercises.values() for level in exercise.levels})
    found = [Picture(figure="welcome"), Picture(figure="where")]
    for place in levels:
        figure, _, level = place.partition("/")
        found.extend(Picture(figure=figure, level=int(level), form=form) for form in Form)
    return found


async def draw_ahead(pictures: DrawnPictures, library: Library) -> None:
    """One after the other at start, so that nobody stands behind many: a first conversation's, stills, films.

    Whatever goes wrong, the coach goes on: what is missing is drawn when somebody is to see it.
    """
    for picture in sorted(library_pictures(library), key=_turn):
        try:
            await pictures.picture(picture)
        except Exception as error:  # noqa: BLE001  a damaged pose, a full disk, a worker that was killed
            log.error(  # noqa: TRY400  its class says enough
                "a picture cannot be drawn", extra={"action": "draw", "error": type(error).__name__}
            )


def _turn(picture: Picture) -> tuple[bool, bool, int]:
    """The welcome and the numbered back, then stills, then films, the lowest levels first."""
    return picture.figure not in FIRST, picture.form is Form.CLIP, picture.level


async def warm(settings: Settings, root: Path) -> int:
    """Draw everything ahead, so that no prompt waits for a picture; nobody is served yet, so all processors help."""
    workers = max(settings.picture_workers, min(os.cpu_count() or 1, MOST_WORKERS))
    pictures = open_pictures(settings.model_copy(update={"picture_workers": workers}), root)
    try:
        ordered = library_pictures(load_library(root))
        await asyncio.gather(*(pictures.picture(picture) for picture in ordered))
    finally:
        await pictures.aclose()
    return len(ordered)
