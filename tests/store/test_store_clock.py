"""Appointments: once each, moved by setting them again, never doubled; cheap when nothing is due."""

import pytest
from sqlalchemy import text

from bot.dialogue.events import Due
from bot.dialogue.wire import decode_event
from bot.store.rows import Claim, NewAppointment
from bot.store.store import Store
from tests.store.given import DAY, HOUR, NOW, known, turn, wrote

MORNING = ("morning", "2026-03-03", NOW + DAY)


async def plan(store: Store, *wanted: tuple[str, str, int], cancel: tuple[str, ...] = (), person: str = "anna") -> None:
    """A turn of this person's that sets (kind, local date, due)."""
    await store.receive([wrote(person, "plan", f"plan-{store.ids.next(NOW)}")], now=NOW)
    rows = [
        NewAppointment(id=store.ids.next(NOW), kind=kind, local_date=day, due=due, nature="courtesy")
        for kind, day, due in wanted
    ]
    await turn(store, appointments=tuple(rows), cancel_appointments=cancel)


def dues(claims: list[Claim]) -> list[Due]:
    found = [decode_event(one.kind, one.body) for claim in claims for one in claim.events]
    return [one for one in found if isinstance(one, Due)]


async def test_a_due_appointment_becomes_one_event(store: Store) -> None:
    anna = await known(store)
    await plan(store, MORNING)
    assert await store.next_due() == NOW + DAY

    assert await store.due(NOW + DAY - 1) == 0
    assert await store.due(NOW + DAY) == 1
    assert await store.due(NOW + DAY) == 0
    assert await store.next_due() is None
    claims = await turn(store, NOW + DAY)
    assert [claim.member for claim in claims] == [anna]
    assert dues(claims) == [Due(kind="morning", local_date="2026-03-03", due_at=NOW + DAY)]


async def test_setting_an_appointment_again_moves_it(store: Store) -> None:
    await plan(store, MORNING)
    await plan(store, ("morning", "2026-03-03", NOW + HOUR))

    assert await store.next_due() == NOW + HOUR
    assert (await store.counts())["appointment"] == 1
    assert await store.due(NOW + 2 * DAY) == 1


@pytest.mark.parametrize("due", [NOW + DAY, NOW + DAY - HOUR])
async def test_what_was_due_already_does_not_come_again(store: Store, due: int) -> None:
    await plan(store, MORNING)
    await store.due(NOW + DAY)
    await turn(store)

    await plan(store, ("morning", "2026-03-03", due))
    assert await store.due(NOW + 9 * DAY) == 0


async def test_an_appointment_put_off_comes_again_later(store: Store) -> None:
    await plan(store, MORNING)
    await store.due(NOW + DAY)
    await turn(store)

    await plan(store, ("morning", "2026-03-03", NOW + DAY + HOUR))
    assert await store.due(NOW + DAY + HOUR) == 1
    assert [one.due_at for one in dues(await turn(store))] == [NOW + DAY + HOUR]


async def test_a_cancelled_kind_goes_before_the_new_ones_are_set(store: Store) -> None:
    await plan(store, MORNING, ("evening", "2026-03-03", NOW + DAY), ("morning", "2026-03-04", NOW + 2 * DAY))
    await plan(store, ("morning", "2026-03-05", NOW + 3 * DAY), cancel=("morning",))

    await store.due(NOW + 9 * DAY)
    found = dues(await turn(store))
    assert {(one.kind, one.local_date) for one in found} == {("evening", "2026-03-03"), ("morning", "2026-03-05")}


async def test_a_backlog_is_moved_up_to_the_limit(store: Store) -> None:
    days = [("morning", f"day {n}", NOW + n) for n in range(1200)]
    await plan(store, *days)

    assert await store.due(NOW + DAY, limit=700) == 700
    assert await store.due(NOW + DAY) == 500


async def test_a_clock_that_jumps_a_year_brings_each_prompt_once(store: Store) -> None:
    await plan(store, MORNING)
    assert await store.due(NOW + 365 * DAY) == 1
    await turn(store, NOW + 365 * DAY)

    await plan(store, MORNING)  # back again, the coach plans the same morning
    assert await store.due(NOW + DAY) == 0


async def test_nobody_walks_through_the_appointments_to_find_the_next(sqlite_url: str) -> None:
    store = await Store.open(sqlite_url)
    async with store.database.read() as connection:
        query = text("EXPLAIN QUERY PLAN SELECT min(due) FROM appointment WHERE settled = 0")
        steps = [row[3] for row in await connection.execute(query)]
    await store.aclose()
    assert steps == ["SEARCH appointment USING INDEX ix_appointment_waiting"]  # its first row is the answer
