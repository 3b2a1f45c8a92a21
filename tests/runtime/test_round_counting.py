"""A round is counted once, however many rooms show it, misses no tap, and has one day for all of them."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Engine

from bot.dialogue.events import Tapped
from bot.dialogue.moment import micros
from bot.dialogue.rounds import RoundTap, read_round_tap
from bot.store.round_ticks import Tick
from bot.store.store import Store
from tests.runtime.places import Places, place, trained
from tests.runtime.test_round_keeper import ROUND, WEDNESDAY, group, keeper_at
from tests.store.given import SECOND


@contextmanager
def statements() -> Iterator[list[str]]:
    """Everything that is asked of a database meanwhile."""
    asked: list[str] = []

    def hears(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        asked.append(statement)

    event.listen(Engine, "before_cursor_execute", hears)
    try:
        yield asked
    finally:
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
    with statements() as asked:
        assert await keeper_at(store, places).tick() == groups + private
    return asked


async def test_a_round_is_counted_once_for_all_its_rooms(store: Store) -> None:
    asked = await looked_at(store, groups=20, private=20)

    assert sum("FROM carried" in each for each in asked) == 1  # one of the sums, each of which is one statement
    assert sum("FROM active_day" in each for each in asked) <= 2
    assert len(asked) < 40 * 8


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
