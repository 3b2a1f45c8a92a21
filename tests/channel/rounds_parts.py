"""A round that is running, as a test needs it; a coach that is quick about it."""

import asyncio
import hashlib
import itertools
import time
from datetime import timedelta

from bot.coach.challenge import active_day_of
from bot.dialogue.messages import Form, Picture
from bot.dialogue.moment import from_micros
from bot.pictures import spec as drawn
from bot.pictures.spec import PictureSpec
from bot.runtime.lifecycle import Coach
from bot.store.round_rooms import StoredRound
from tests.channel.running import Clock
from tests.website.pictures import DrawnPictures

_codes = itertools.count(23456)


async def started(
    coach: Coach, clock: Clock, weeks: int = 2, *, goal: int = 20, in_days: int = 0, language: str = "de"
) -> StoredRound:
    """A round that begins today, or so many days later."""
    today = active_day_of(from_micros(clock()), "Europe/Berlin", coach.kitted.kit.library.thresholds.challenge)
    made = StoredRound(
        id=coach.store.ids.next(clock()),
        starter=0,
        code=f"JKLMN{(number := next(_codes))}",
        room_code=f"ABCDE{number}",
        name="team",
        language=language,
        zone="Europe/Berlin",
        begins=(today + timedelta(days=in_days)).isoformat(),
        weeks=weeks,
        goal=goal,
    )
    async with coach.store.rounds(clock()) as desk:
        assert await desk.start(made, 99)
    return made


class Hasty:
    """A keeper that looks twenty times a second: the pace of a card is the coach's clock, which tests move."""

    def seconds(self) -> float:
        return time.monotonic()

    async def wait(self, event: asyncio.Event, seconds: float) -> None:
        try:
            async with asyncio.timeout(min(seconds, 0.05)):
                await event.wait()
        except TimeoutError:
            return


def hurried(coach: Coach) -> Coach:
    assert coach.rounds is not None
    coach.rounds.timer = Hasty()
    return coach


class Sketches:
    """In place of the studio: what is in a picture is looked at elsewhere, and drawing takes seconds."""

    def __init__(self) -> None:
        self._drawn = DrawnPictures()

    def digest(self, spec: PictureSpec) -> str:
        return hashlib.sha256(repr(spec).encode()).hexdigest()

    async def picture(self, spec: PictureSpec) -> drawn.Picture:
        file = await self._drawn.picture(Picture(figure="any", form=Form(spec.form)))
        return drawn.Picture(file.data, file.mime, file.width, file.height, self.digest(spec), None, "")

    async def aclose(self) -> None:
        return


async def sketched(coach: Coach) -> Coach:
    await coach.pictures.aclose()
    coach.pictures._studio = Sketches()  # type: ignore[assignment]  # it has all that is asked of a studio
    return coach
