"""A moment in a member's life: now, seen from their zone. Wall-clock times survive daylight saving.

A time that does not exist (spring) moves forward by the gap; a time that comes twice (autumn) means the first one.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
QUIET_FROM = time(21)
QUIET_TO = time(7)


def micros(moment: datetime) -> int:
    """Epoch microseconds, exactly."""
    return (moment - EPOCH) // timedelta(microseconds=1)


def from_micros(value: int) -> datetime:
    return EPOCH + timedelta(microseconds=value)


def resolve(day: date, at: time, zone: ZoneInfo) -> datetime:
    """The UTC moment of a local date and time.

    `fold=0` does both: in a gap the offset before it applies, which lands after the gap; a double hour means the first.
    """
    return datetime.combine(day, at, tzinfo=zone).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Moment:
    """Now, in UTC, and the member's zone; `local` and `micros` are asked for many times a turn."""

    now: datetime
    zone: ZoneInfo
    local: datetime = field(init=False, repr=False, compare=False)
    micros: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "local", self.now.astimezone(self.zone))
        object.__setattr__(self, "micros", micros(self.now))

    @property
    def day(self) -> date:
        return self.local.date()

    def at(self, at: time, days: int = 0) -> datetime:
        """The UTC moment of a local time of day, so many days from today."""
        return resolve(self.day + timedelta(days=days), at, self.zone)

    def is_quiet(self, prompt_time: time | None = None) -> bool:
        """Between 21 and 7 o'clock, except in the hour a member chose for the prompt."""
        wall = self.local.time()
        if prompt_time is not None and wall.hour == prompt_time.hour:
            return False
        return wall >= QUIET_FROM or wall < QUIET_TO

    def is_night(self) -> bool:
        return self.local.time() >= QUIET_FROM or self.local.time() < QUIET_TO
