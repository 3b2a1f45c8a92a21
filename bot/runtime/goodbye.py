"""`rueckgrat goodbye`: everybody gets one kind last note. Booked as appointments, so that nothing is lost or doubled.

Booking again goes on where it was cut off; whoever has or had the note of that day does not get it twice.
"""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.dialogue.appointments import Nature
from bot.dialogue.goodbye import GOODBYE
from bot.dialogue.moment import from_micros, micros
from bot.runtime.failures import CannotStartError
from bot.store.rows import NewAppointment
from bot.store.store import Store

NOTICE = timedelta(days=14)
APART = timedelta(milliseconds=250)  # well below a platform's pace: answers never stand behind the notes
FROM, UNTIL = time(10), time(19)
AT_ONCE = 500


async def last_day(store: Store, wished: date | None, now: int) -> date:
    """The wished day, else the one that was named before, else in two weeks. Raises `CannotStartError` if too soon."""
    today = from_micros(now).date()
    named = await store.last_day_of(GOODBYE)
    if wished is None and named is not None and named > today.isoformat():
        return date.fromisoformat(named)
    day = wished or today + NOTICE
    if day < today + NOTICE:
        raise CannotStartError(f"--on: people need two weeks; {today + NOTICE} is the first day possible")
    return day


async def how_many(store: Store) -> int:
    """How many people would get the note."""
    return sum([len(some) async for some in _people(store)])


async def book_goodbyes(store: Store, day: date, now: int) -> int:
    """One appointment for everybody, by day where they are; how many are new."""
    booked = place = 0
    async for some in _people(store):
        made = []
        for number, zone in some:
            due = _by_day(from_micros(now) + place * APART, zone)
            place += 1
            made.append((number, _appointment(store, day, due, now)))
        booked += await store.book_once(made)
    return booked


async def _people(store: Store) -> AsyncIterator[list[tuple[int, str]]]:
    last = 0
    while some := await store.zones_after(last, AT_ONCE):
        yield some
        last = some[-1][0]


def _appointment(store: Store, day: date, due: datetime, now: int) -> NewAppointment:
    return NewAppointment(
        id=store.ids.next(now), kind=GOODBYE, local_date=day.isoformat(), due=micros(due), nature=Nature.SAFETY.value
    )


def _by_day(when: datetime, zone: str) -> datetime:
    """Now if it is day there, else the next morning at ten; minutes and seconds stay, as they spread the notes."""
    local = when.astimezone(ZoneInfo(zone or "UTC"))
    if FROM <= local.time() < UNTIL:
        return when
    days = 0 if local.time() < FROM else 1
    morning = local.replace(hour=FROM.hour, minute=local.minute, second=local.second) + timedelta(days=days)
    return morning.astimezone(UTC)
