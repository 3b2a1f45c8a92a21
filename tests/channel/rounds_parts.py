"""A round that is running, as a test needs it, and what may stand in a group at all."""

import asyncio
import itertools
import re
import time
from datetime import timedelta

from bot.coach.challenge import active_day_of
from bot.dialogue.moment import from_micros
from bot.runtime.lifecycle import Coach
from bot.store.round_rooms import StoredRound
from tests.channel.running import Clock

_codes = itertools.count(23456)
UNSAYABLE = re.compile(
    r"schmerz|pain|übung|exercise|rücken|\bback\b|level|stufe|krank|\bpause|\bfehl|missing", re.IGNORECASE
)


async def started(coach: Coach, clock: Clock, weeks: int = 2, *, goal: int = 20, in_days: int = 0) -> StoredRound:
    """A round that begins today, or so many days later."""
    today = active_day_of(from_micros(clock()), "Europe/Berlin", coach.kitted.kit.library.thresholds.challenge)
    made = StoredRound(
        id=coach.store.ids.next(clock()),
        starter=0,
        code=f"JKLMN{(number := next(_codes))}",
        room_code=f"ABCDE{number}",
        name="team",
        language="de",
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
