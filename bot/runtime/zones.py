"""A zone's rules may change between two releases of the time zone database: what is booked for a time of day follows.

At every start the rules of the zones in which members live are compared with those the appointments were booked by.
Only where they differ anything is looked at.
"""

import json
import logging
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from hashlib import blake2b
from zoneinfo import ZoneInfo

from bot.dialogue.moment import from_micros, micros, resolve
from bot.store.store import Store

log = logging.getLogger(__name__)

NAME = ("clock", "", "zones")  # where the rules are remembered, among the channels' positions
STEP = timedelta(hours=6)


async def follow_zones(store: Store, now: int, zone_of: Callable[[str], ZoneInfo] = ZoneInfo) -> int:
    """How many appointments were moved. A crash in between does it again, which changes nothing."""
    known = json.loads(await store.position(*NAME) or "{}")
    year = from_micros(now).year
    rules = {zone: rules_of(zone_of(zone), year) for zone in await store.zones()}
    moved = 0
    for zone, rule in rules.items():
        if known.get(zone, rule) != rule:
            moved += await store.rebook(zone, partial(_moment, zone_of(zone)))
    if known != rules:
        await store.receive([], cursor=(*NAME, json.dumps(rules)), now=now)
    if moved:
        log.warning("time zones have new rules", extra={"action": "rebooked", "count": moved})
    return moved


def rules_of(zone: ZoneInfo, year: int) -> str:
    """A mark of what the clocks there show in this year and the next."""
    first, last = datetime(year, 1, 1, tzinfo=UTC), datetime(year + 2, 1, 1, tzinfo=UTC)
    moments = (first + STEP * number for number in range((last - first) // STEP))
    offsets = ",".join(str(moment.astimezone(zone).utcoffset()) for moment in moments)
    return f"{year}:{blake2b(offsets.encode(), digest_size=8).hexdigest()}"


def _moment(zone: ZoneInfo, day: str, wall: str) -> int:
    return micros(resolve(date.fromisoformat(day), time.fromisoformat(wall), zone))
