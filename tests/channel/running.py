"""A coach as `rueckgrat run` makes it, in the test's own loop."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import SecretStr

from bot.channels.wall_clock import now_us
from bot.coach.allowing import Exercises
from bot.dialogue.moment import from_micros, micros
from bot.runtime.kitting import Kitted, operator_of, read_kit
from bot.runtime.lifecycle import Coach, open_coach
from bot.settings import Settings, read_settings
from bot.store.tidying import is_plausible
from tests.shipped import kitted

ALL_ROLES = frozenset({"telegram", "matrix", "web", "worker", "clock"})


def _run_folder(folder: Path) -> Path:
    """The folder of the whole run: with several processes each has one of its own below it."""
    parent = folder.parent
    return parent.parent if parent.name.startswith("popen-") else parent


def settings_for(folder: Path, **given: Any) -> Settings:
    """Settings on a fresh SQLite file; pictures are drawn once a test run, below `cache`."""
    values = {
        "database_url": SecretStr(f"sqlite+aiosqlite:///{folder}/rueckgrat.db"),
        "cache": _run_folder(folder) / "shared-cache",
        "operator_name": "Praxis Probe",
        "operator_contact": "probe@example.org",
        "data_place": "in Freiburg",
        "draw_ahead": False,
        "_env_file": None,
        **given,
    }
    return read_settings({}, **values)


@dataclass
class Clock:
    """Real time, moved forward by the test: nobody waits for eight o'clock."""

    shift_us: int = 0

    def __call__(self) -> int:
        return now_us() + self.shift_us

    def advance(self, **span: float) -> None:
        self.shift_us += timedelta(**span) // timedelta(microseconds=1)

    def until(self, day_offset: int, hour: int, minute: int = 0) -> None:
        """Berlin wall time, so many days from now, late in that minute: what is booked for it has come."""
        here = from_micros(self()).astimezone(ZoneInfo("Europe/Berlin"))
        there = (here + timedelta(days=day_offset)).replace(hour=hour, minute=minute, second=58)
        self.shift_us += micros(there) - micros(here)


async def seen_passing(coach: Coach, clock: Clock, days: int) -> None:
    """Before the clock is moved by so many days (two at least): as if the hourly upkeep had seen them pass.

    All at once they would be a jump, after which no week's post comes for a day.
    """
    for half in range(2 * days + 1):
        async with coach.store.database.write() as connection:
            await is_plausible(connection, clock() + half * timedelta(hours=12) // timedelta(microseconds=1))


def kitted_for(settings: Settings) -> Kitted:
    """As `read_kit` makes it; the content, which takes seconds, is read once a process."""
    if settings.content is not None:
        return read_kit(settings)
    shared = kitted()
    own = replace(shared.kit, operator=operator_of(settings), exercises=Exercises(settings.exercises))
    return replace(shared, kit=own)


@asynccontextmanager
async def running(
    settings: Settings, roles: frozenset[str] = ALL_ROLES, *, new_bot: bool = False, now: Clock | None = None
) -> AsyncIterator[Coach]:
    coach = await open_coach(settings, roles, new_bot=new_bot, now=now or Clock(), kitted=kitted_for(settings))
    try:
        await coach.start(roles)
        yield coach
    finally:
        await coach.stop()
