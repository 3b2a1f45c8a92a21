"""A round is counted once, however many rooms show it, misses no tap, and has one day for all of them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

from bot.dialogue.events import Tapped
from bot.dialogue.facts import SessionEnded
from bot.dialogue.journal import dump_fact
from bot.dialogue.moment import from_micros, micros
from bot.dialogue.rounds import RoundTap, read_round_tap
from bot.runtime.rounds import AT_ONCE
from bot.runtime.wishes import apply_wishes
from bot.store.driver import driver_of
from bot.store.round_ticks import Tick
from bot.store.rows import Claim, Fact
from bot.store.store import Store
from tests.runtime.places import Places, place, trained
from tests.runtime.test_round_answers import settle
from tests.runtime.test_round_keeper import ROUND, WEDNESDAY, group, keeper_at
from tests.store.given import ACCOUNT, DAY, SECOND, member_of

FEW = "Ab vier Leuten"


@asynccontextmanager
async def statements(store: Store) -> AsyncIterator[list[str]]:
    """Everything that is asked of the database meanwhile: by SQLite's own word, where some pass SQLAlchemy by."""
    asked: list[str] = []
    async with store.database.write() as connection:
        driver = driver_of(connection) if connection.dialect.name == "sqlite" else None
    if driver is not None:
        await driver.set_trace_callback(asked.append)
        yield asked
        await driver.set_trace_callback(None)  # type: ignore[arg-type]  # that is how it ends
        return

    def hears(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        asked.append(statement)

    event.listen(Engine, "before_cursor_execute", hears)
    yield asked
    event.remove(Engine, "before_cursor_execute", hears)


async def looked_at(store: Store, *, groups: int, private: int) -> list[str]:
    """The statements of one look at a round that stands in so many rooms."""
    places = Places(store, now=WEDNESDAY)
    async with store.rounds(places.now) as desk:
        await desk.start(ROUND, 5)
        for number in range(groups):
            await desk.bring("ROOM", group(100 + number))
        for number in range(private):
            await desk.place_privately(ROUND.id, place("telegram", f"p{number}"))
    async with statements(store) as asked:
        assert await keeper_at(store, places).tick() == groups + private
    return asked


async def test_a_round_is_counted_once_for_all_its_rooms(store: Store) -> None:
    asked = await looked_at(store, groups=AT_ONCE // 2, private=AT_ONCE // 2)

    assert sum("FROM carried" in each for each in asked) == 1  # one of the sums, each of which is one statement
    assert sum("FROM active_day" in each for each in asked) <= 2
    assert len(asked) < AT_ONCE * 9 + 20


async def test_rounds_that_are_due_together_are_counted_together(store: Store) -> None:
    places = Places(store, now=WEDNESDAY)
    async with store.rounds(places.now) as desk:
        for number in range(1, AT_ONCE + 1):
            await desk.start(replace(ROUND, id=number, code=f"C{number}", room_code=f"R{number}", starter=number), 5)
            await desk.bring(f"R{number}", group(100 + number))
            one, other = (f"telegram\n4711\np{number}.{place}" for place in range(2))
            days = [ROUND.begins, later(ROUND.begins)][: 1 + number % 2]
            await desk.tick([Tick(round=number, person=who, day=day) for who in (one, other) for day in days])
            await desk.tick([Tick(round=number, person=one, day=ROUND.begins, what=Tapped.LEAVE)])
        alone = {number: await desk.tally(number) for number in range(1, AT_ONCE + 1)}
        assert await desk.tallies(alone) == alone
    assert {tuple(each.active.values()) for each in alone.values()} == {(2,), (2, 2)}
    assert {each.left for each in alone.values()} == {1, 2}

    async with statements(store) as asked:
        assert await keeper_at(store, places).tick() == AT_ONCE
    assert sum("FROM carried" in each for each in asked) == 1


def later(day: str) -> str:
    return (date.fromisoformat(day) + timedelta(days=1)).isoformat()


async def test_a_tap_between_counting_and_showing_is_shown_by_the_next_look(store: Store) -> None:
    """A worker counts while the keeper is at it: with its transaction open, or just after it."""
    places, counted = Places(store, now=WEDNESDAY), asyncio.Event()
    async with store.rounds(places.now) as desk:
        await desk.start(ROUND, 5)
        await desk.bring("ROOM", group(100))
    tap = Tick(round=ROUND.id, person="telegram\n4711\nanna", day=ROUND.begins, what=Tapped.MOVED)

    async def keeps() -> None:
        async with store.rounds(places.now) as desk:
            (room,) = await desk.due(9)
            await desk.tally(ROUND.id)
            counted.set()
            await asyncio.sleep(0.1)
            await desk.show(room, [], card=0, week=1, due=places.now + 3600 * SECOND)

    async def taps() -> None:
        await counted.wait()
        async with store.rounds(places.now) as desk:
            await desk.tick([replace(tap, room="-100")])

    await asyncio.gather(keeps(), taps())

    async with store.rounds(places.now + 4 * SECOND) as desk:
        assert len(await desk.due(9)) == 1


async def test_two_groups_under_one_code_share_its_days_wherever_their_people_are(store: Store) -> None:
    """A colleague in New York and one in Auckland, in the night in which Berlin puts its clocks back."""
    places = Places(store, now=micros(datetime(2026, 10, 24, 20, tzinfo=UTC)))
    here = {name: replace(group(number), person=name) for number, name in ((100, "york"), (101, "auckland"))}
    for name, zone in (("york", "America/New_York"), ("auckland", "Pacific/Auckland")):
        await places.knows(place("telegram", name), replace(trained(), zone=zone))
    async with store.rounds(places.now) as desk:
        await desk.start(replace(ROUND, begins="2026-10-19"), 5)
        for where in here.values():
            await desk.bring("ROOM", where)

    for hour, minute, counted in ((1, 58, "2026-10-24"), (2, 1, "2026-10-25")):  # just before three, and just after
        places.now = micros(datetime(2026, 10, 25, hour, minute, tzinfo=UTC))
        for where in here.values():
            for day in ("2026-10-24", "2026-10-25"):
                await places.moves(where, ROUND.id, day)
        async with store.rounds(places.now) as desk:
            assert (await desk.tally(ROUND.id)).active[counted] == 2

    async with store.rounds(places.now) as desk:
        assert (await desk.tally(ROUND.id)).active == {"2026-10-24": 2, "2026-10-25": 2}
    await keeper_at(store, places).tick()
    first, second = [(await places.messages(replace(where, person="")))[-1] for where in here.values()]
    assert (first.text, first.buttons) == (second.text, second.buttons)
    assert read_round_tap(first.buttons[0][0].data) == RoundTap(ROUND.id, date(2026, 10, 25), Tapped.MOVED)


@pytest.mark.parametrize(("day", "counts"), [(-1, False), (0, True), (13, True), (14, False)])
async def test_a_finished_session_counts_within_the_round_only(store: Store, day: int, *, counts: bool) -> None:
    """A record of days before it began would stand in the sums' threshold, and in nothing that is told."""
    places, anna = Places(store, now=WEDNESDAY), place("telegram", "anna")
    await places.knows(anna, trained())
    who, at = await member_of(store, "anna"), WEDNESDAY + day * DAY
    done = SessionEnded(finished=True)
    fact = Fact(id=1, kind=done.kind, at=at, local_date=from_micros(at).date().isoformat(), body=dump_fact(done))
    claim = Claim(
        member=who, revision=0, document=None, document_version=0, status="", locale="de", zone="", lock="", created=0,
        addresses=(), events=(),
    )  # fmt: skip
    async with store.rounds(places.now) as desk:
        await desk.start(ROUND, 5)
        await desk.join("CODE", anna, who, name="", shares=True)
        await apply_wishes(desk, claim, [fact], places.kit, store.ids, at)

        assert (await desk.tally(ROUND.id)).movers == (1 if counts else 0)


async def four_moved(store: Store) -> Places:
    """In a group, and their sums are told."""
    places = Places(store, now=WEDNESDAY)
    async with store.rounds(places.now) as desk:
        await desk.start(ROUND, 5)
        await desk.bring("ROOM", group(100))
    await tapped(places, Tapped.MOVED, "abcd")
    assert FEW not in await card(places)
    return places


async def tapped(places: Places, what: Tapped, people: str, day: str = ROUND.begins) -> None:
    async with places.store.rounds(places.now) as desk:
        await desk.tick(
            [Tick(round=ROUND.id, person=f"telegram\n{ACCOUNT}\n{who}", day=day, what=what) for who in people]
        )


async def card(places: Places) -> str:
    """As the group sees it a little later."""
    await settle(places)
    places.now += 60 * SECOND
    await keeper_at(places.store, places).tick()
    return (await places.messages(replace(group(100), person="")))[-1].text


async def test_four_who_try_it_out_and_take_it_back_tell_nobodys_days(store: Store) -> None:
    places = await four_moved(store)

    await tapped(places, Tapped.UNDO, "bcd")

    assert FEW in await card(places)
    for day in ("2026-11-26", "2026-11-27", "2026-11-28"):
        await tapped(places, Tapped.MOVED, "a", day)
    await tapped(places, Tapped.LEAVE, "a")
    await tapped(places, Tapped.MOVED, "b")
    assert FEW in await card(places)  # what was told by mistake of many is no reason to go on


async def test_whoever_leaves_three_others_is_not_announced(store: Store) -> None:
    places = await four_moved(store)

    await tapped(places, Tapped.LEAVE, "d")

    assert "4" in await card(places)
    assert FEW not in await card(places)
    await tapped(places, Tapped.UNDO, "bc")  # but one person's days and those of one who left are no sum
    assert FEW in await card(places)


async def test_whoever_stays_behind_alone_is_not_counted_before_all(store: Store) -> None:
    """However many days the others left: of fewer than three who are there no sum is told."""
    places = await four_moved(store)

    await tapped(places, Tapped.LEAVE, "cd")

    assert FEW in await card(places)
