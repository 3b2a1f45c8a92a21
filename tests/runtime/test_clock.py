"""The clock: each appointment once, whatever jumps; nothing walks or writes while nothing is due."""

import asyncio

import pytest

from bot.dialogue.events import Due
from bot.dialogue.wire import decode_event
from bot.runtime.clock import Clock
from bot.runtime.living import MINUTE, SPREAD_S, spread
from bot.runtime.metrics import Metrics
from bot.store.rows import NewAppointment
from bot.store.store import Store
from tests.runtime.outside import VirtualTime, message, states, write
from tests.store.given import DAY, HOUR, NOW, SECOND, known, turn


def clock(store: Store, time: VirtualTime, metrics: Metrics | None = None) -> tuple[Clock, list[int]]:
    """A clock, and the moments at which it woke the worker."""
    woken: list[int] = []
    made = Clock(
        store=store,
        now=time.now,
        metrics=metrics or Metrics(),
        on_due=lambda: woken.append(time.now()),
        timer=time,
    )
    return made, woken


async def appoint(store: Store, person: str, *dues: int, kind: str = "morning") -> int:
    rows = tuple(
        NewAppointment(id=store.ids.next(NOW), kind=kind, local_date=f"day {due // DAY}", due=due, nature="courtesy")
        for due in dues
    )
    return await known(store, person, appointments=rows)


async def dues(store: Store, now: int) -> list[tuple[int, Due]]:
    found: list[tuple[int, Due]] = []
    while claims := await turn(store, now):
        for claim in claims:
            for one in claim.events:
                event = decode_event(one.kind, one.body)
                assert isinstance(event, Due)
                found.append((claim.member, event))
    return found


async def test_what_people_wrote_meanwhile_is_heard_before_what_is_due(store: Store, time: VirtualTime) -> None:
    await appoint(store, "anna", NOW)
    made, woken = clock(store, time)
    made.heard = asyncio.Event()
    running = asyncio.create_task(made.run())
    await asyncio.sleep(0.05)
    assert woken == []
    made.heard.set()
    time.after(20, made.stop)
    await running
    assert len(woken) == 1


async def test_what_is_due_wakes_the_worker_and_the_rest_waits(store: Store, time: VirtualTime) -> None:
    anna = await appoint(store, "anna", NOW + 5 * SECOND, NOW + DAY)
    made, woken = clock(store, time)

    time.after(20, made.stop)
    await made.run()

    assert woken == [NOW + 5 * SECOND]
    assert [(member, event.due_at) for member, event in await dues(store, time.now())] == [(anna, NOW + 5 * SECOND)]


async def test_an_idle_tick_looks_and_writes_nothing(store: Store, time: VirtualTime) -> None:
    await appoint(store, "anna", NOW + DAY)
    made, woken = clock(store, time)
    async with store.database.transaction():  # whoever wanted to write would wait here for ever on SQLite
        async with asyncio.timeout(30):
            assert await made.tick() == 0
    assert woken == []


@pytest.mark.parametrize("step", [HOUR, DAY, 365 * DAY])
async def test_a_clock_that_jumps_ahead_and_back_brings_each_appointment_once(
    store: Store, time: VirtualTime, step: int
) -> None:
    anna = await appoint(store, "anna", NOW + HOUR // 2)
    ben = await appoint(store, "ben", NOW + HOUR // 2)
    made, woken = clock(store, time)
    for shift in (step, 0, step, -step, step):
        time.shift = shift
        await made.tick()

    assert len(woken) == 1
    assert sorted(member for member, _ in await dues(store, time.now())) == sorted([anna, ben])


async def test_a_clock_that_went_back_goes_on_ticking(store: Store, time: VirtualTime) -> None:
    await appoint(store, "anna", NOW - DAY + 9 * SECOND)
    made, woken = clock(store, time)
    await made.tick()
    woken.clear()
    time.after(3, lambda: setattr(time, "shift", -DAY))
    time.after(5, lambda: appoint(store, "ben", NOW - DAY + 9 * SECOND))
    time.after(20, made.stop)
    await made.run()

    assert woken == [NOW - DAY + 9 * SECOND]


async def test_an_outage_of_three_days_brings_at_most_one_event_a_member_and_appointment(
    store: Store, time: VirtualTime
) -> None:
    members = [await appoint(store, f"p{n}", NOW + HOUR) for n in range(30)]
    time.shift = 3 * DAY
    made, woken = clock(store, time)

    assert await made.tick() == 30
    assert await made.tick() == 0
    assert len(woken) == 1
    assert sorted(member for member, _ in await dues(store, time.now())) == sorted(members)


async def test_a_crowd_of_appointments_reaches_the_worker_in_parts(store: Store, time: VirtualTime) -> None:
    await appoint(store, "anna", *(NOW + n * DAY for n in range(1, 1201)))
    time.shift = 1300 * DAY
    made, woken = clock(store, time)

    assert await made.tick() == 1200
    assert len(woken) == 3


async def test_messages_that_are_too_late_are_dropped(store: Store, time: VirtualTime) -> None:
    await write(store, message(1, expires=NOW + 40 * SECOND), message(2, expires=NOW + DAY))
    metrics = Metrics()
    made, _ = clock(store, time, metrics)

    time.after(65, made.stop)
    await made.run()

    assert await states(store) == {1: ("dropped", "expired"), 2: ("ready", "")}
    assert metrics.values()["sends_expired"] == 1


async def test_a_jump_of_the_clock_deletes_nothing(store: Store, time: VirtualTime) -> None:
    await known(store, "anna", status="new")
    metrics = Metrics()
    made, _ = clock(store, time, metrics)
    await made.keep_up()  # the first time
    time.shift = HOUR
    await made.keep_up()
    assert metrics.values()["upkeep_held_back"] == 1

    time.shift = 365 * DAY
    await made.keep_up()
    assert metrics.values()["upkeep_held_back"] == 2
    assert (await store.counts())["member"] == 1


async def test_tidying_begins_with_the_process(store: Store, time: VirtualTime) -> None:
    await known(store, "anna", status="new")
    made, _ = clock(store, time)
    await made.keep_up()
    time.shift = DAY - SECOND
    await made.keep_up()
    time.shift = DAY + HOUR
    made, _ = clock(store, time)
    time.after(30, made.stop)
    await made.run()  # what is under way is finished

    assert (await store.counts())["member"] == 0


async def test_a_store_that_is_away_does_not_stop_the_clock(sqlite_url: str, time: VirtualTime) -> None:
    store = await Store.open(sqlite_url)
    await store.node("test", NOW)
    await appoint(store, "anna", NOW + 2 * SECOND)
    metrics = Metrics()
    made, woken = clock(store, time, metrics)
    other = await Store.open(sqlite_url)
    locked = other.database.transaction()
    time.after(1, locked.__aenter__)
    time.after(8, lambda: locked.__aexit__(None, None, None))
    time.after(20, made.stop)
    await made.run()

    assert metrics.values()["clock_store_away"] >= 5
    assert len(woken) == 1
    await other.aclose()
    await store.aclose()


def test_a_time_of_day_comes_within_its_minute_for_each_member_at_a_second_of_their_own() -> None:
    eight = 29_557_440 * MINUTE

    comes = {spread(eight, member) - eight for member in range(1000, 2000)}

    assert min(comes) == 0
    assert max(comes) < MINUTE
    assert len(comes) == SPREAD_S
    assert spread(eight, 7) == spread(eight, 7)  # and booked anew at the same one
    assert spread(eight + 1, 7) == eight + 1  # a span from now on is no time of day
