"""Which time zone a clock on the wall means, and which country's help numbers go with a zone."""

from datetime import timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from bot.dialogue.moment import Moment
from bot.library.library import Library

ELSEWHERE = "EU"  # the entry of the country file for everywhere without an own one
# One zone for each clock people may have, the likeliest first where several show the same. Who needs another one of the
# same clock sees a wrong hour twice a year at most.
_WORLD = (
    "Europe/London", "Europe/Athens", "Europe/Istanbul", "Atlantic/Azores",
    "America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles", "America/Halifax",
    "America/Sao_Paulo", "America/St_Johns", "America/Anchorage", "Pacific/Honolulu", "Atlantic/South_Georgia",
    "Asia/Dubai", "Asia/Tehran", "Asia/Karachi", "Asia/Kolkata", "Asia/Kathmandu", "Asia/Dhaka", "Asia/Bangkok",
    "Asia/Shanghai", "Asia/Tokyo", "Australia/Adelaide", "Australia/Sydney", "Pacific/Noumea", "Pacific/Auckland",
)  # fmt: skip
_DAY = 24 * 60


@lru_cache(maxsize=1)
def _world() -> tuple[ZoneInfo, ...]:
    """Read once: the standard library keeps only eight zones at hand."""
    return tuple(map(ZoneInfo, _WORLD))


def zones_around(moment: Moment) -> tuple[tuple[int, str], ...]:
    """Minutes ahead of the member's present clock, and a zone whose clock shows that; their own zone first."""
    own = moment.local.utcoffset() or timedelta()
    found = {0: moment.zone.key}
    for zone in _world():
        ahead = (moment.now.astimezone(zone).utcoffset() or timedelta()) - own
        found.setdefault(ahead // timedelta(minutes=1), zone.key)
    return tuple(found.items())


def nearest_zone(zones: tuple[tuple[int, str], ...], ahead: int) -> str:
    """The zone whose clock is closest; a clock that is a few minutes off changes nothing."""
    return min(zones, key=lambda zone: min((zone[0] - ahead) % _DAY, (ahead - zone[0]) % _DAY))[1]


def minutes_ahead(shown: str, given: str) -> int:
    """From "21:14" as it was shown to the time somebody reads from their wall."""
    return (_minutes(given) - _minutes(shown)) % _DAY


def _minutes(clock: str) -> int:
    hours, _, minutes = clock.partition(":")
    return int(hours) * 60 + int(minutes)


def country_of(zone: str, library: Library) -> str:
    """The country of the country file that has this zone; "" when it is none of them."""
    return next((code for code, country in library.countries.items() if zone in country.time_zones), "")


def is_european(zone: str) -> bool:
    return zone.startswith(("Europe/", "Atlantic/"))
