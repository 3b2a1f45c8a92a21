"""Two releases of the time zone database: what is booked for a time of day follows the new rules, at the next start."""

from datetime import UTC, datetime, time
from importlib.resources import files
from zoneinfo import ZoneInfo

import pytest

from bot.dialogue.moment import micros
from bot.runtime.zones import follow_zones
from bot.store.rows import NewAppointment
from bot.store.store import Store
from tests.dialogue.room import Room
from tests.store.given import HOUR, NOW, SECOND, known

BERLIN = "Europe/Berlin"


def today(zone: str) -> ZoneInfo:
    return ZoneInfo(zone)


def later(zone: str) -> ZoneInfo:
    """A release in which Berlin has given up summer time, as Algiers has."""
    if zone != BERLIN:
        return ZoneInfo(zone)
    with (files("tzdata.zoneinfo.Africa") / "Algiers").open("rb") as file:
        return ZoneInfo.from_file(file, key=BERLIN)


async def booked(store: Store, person: str, zone: str, due: datetime, wall: str, *, kind: str = "prompt") -> int:
    row = NewAppointment(
        id=store.ids.next(NOW),
        kind=kind,
        local_date=due.date().isoformat(),
        due=micros(due) + 7 * SECOND,
        nature="courtesy",
        wall=wall,
    )
    return await known(store, person, zone=zone, appointments=(row,))


async def due_of(store: Store, member: int) -> int:
    taken = await store.take_appointment(member, NOW)
    assert taken is not None
    return taken.due


async def test_a_time_of_day_follows_the_new_rules_and_a_span_does_not(store: Store) -> None:
    at_eight = datetime(2026, 4, 2, 6, tzinfo=UTC)  # 08:00 in Berlin's summer
    wanted = await booked(store, "anna", BERLIN, at_eight, "08:00")
    elsewhere = await booked(store, "bert", "Europe/Vienna", at_eight, "08:00")
    span = await booked(store, "cleo", BERLIN, at_eight, "", kind="after-emergency")
    assert await follow_zones(store, NOW, today) == 0

    assert await follow_zones(store, NOW, later) == 1
    assert await follow_zones(store, NOW, later) == 0

    seconds = 7 * SECOND
    assert await due_of(store, wanted) == micros(at_eight) + HOUR + seconds
    assert await due_of(store, elsewhere) == micros(at_eight) + seconds
    assert await due_of(store, span) == micros(at_eight) + seconds


@pytest.mark.parametrize("month", [3, 12])
async def test_the_same_rules_move_nothing_also_in_another_year(store: Store, month: int) -> None:
    member = await booked(store, "anna", BERLIN, datetime(2027, month, 30, 7, tzinfo=UTC), "08:00")
    await follow_zones(store, NOW, today)

    await follow_zones(store, micros(datetime(2027, 1, 2, tzinfo=UTC)), today)

    offset = 1 if month == 3 else 0  # it was booked as if it were winter: put right with the year's first start
    assert await due_of(store, member) == micros(datetime(2027, month, 30, 7 - offset, tzinfo=UTC)) + 7 * SECOND


def test_what_the_dialogue_books_for_a_time_of_day_is_kept_with_it() -> None:
    room = Room()

    room.first_day()

    walls = {kind: made.wall for (kind, _), made in room.appointments.items()}
    assert walls["prompt"] == time(8)
