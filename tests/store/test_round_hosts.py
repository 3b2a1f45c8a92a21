"""Whose a round is, on both engines: five a starter, guests too; handed over by leaving and erasing; going on."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from bot.dialogue.events import Address, Tapped
from bot.store.desk import OVER_FOR
from bot.store.round_rooms import person_of
from bot.store.schema import hosted, metadata
from bot.store.store import Store
from tests.store.given import ACCOUNT, CHANNEL, DAY, NOW, SECOND, at, member_of, turn, wrote
from tests.store.test_store_rounds import ROUND, TODAY, ticks

LENA, GROUP = at("lena"), at("group", private=False)


async def begun(store: Store, *, guest: bool = False) -> int:
    """Lena has started a round, which a group shows; Mo and she have moved. Her number."""
    await store.receive([wrote("lena", "hallo", "1"), wrote("mo", "hallo", "2")], now=NOW)
    await turn(store)
    lena = await member_of(store, "lena")
    async with store.rounds(NOW) as desk:
        assert await desk.start(replace(ROUND, starter=lena), 5, person_of(LENA) if guest else "")
        assert await desk.bring("ROOM", GROUP)
        await desk.join("CODE", LENA, lena, name="Lena", shares=True)
        await desk.tick(ticks("lena", "mo"))
    return lena


@pytest.mark.parametrize("guest", [True, False])
async def test_a_round_goes_on_when_its_starter_erases_everything(store: Store, *, guest: bool) -> None:
    lena = await begun(store, guest=guest)

    await store.erase(lena, NOW)

    async with store.rounds(NOW) as desk:
        assert (await desk.find([ROUND.id]))[ROUND.id].starter == 0
        counted = await desk.tally(ROUND.id)
        assert (counted.active, counted.people, counted.names) == ({TODAY: 2}, 1, ())
        assert not await desk.is_host(ROUND.id, lena, [person_of(LENA)])
        assert (await desk.shown_at(GROUP)) is not None  # its admins look after it
    async with store.database.read() as connection:
        for table in metadata.tables.values():
            rows = (await connection.execute(select(table))).all()
            assert not any("lena" in str(row).casefold() for row in rows), table.name


async def test_leaving_hands_a_round_over_and_coming_back_does_not_take_it(store: Store) -> None:
    lena = await begun(store, guest=True)
    async with store.rounds(NOW) as desk:
        await desk.tick(ticks("lena", what=Tapped.LEAVE))
        await desk.tick(ticks("lena", what=Tapped.JOIN))
        assert not await desk.is_host(ROUND.id, lena, [person_of(LENA)])
        (seen,) = await desk.seen(lena, [person_of(LENA)])
        assert (seen.starts, seen.takes_part) == (False, True)
        await desk.change(replace(ROUND, name="Treppen", goal=33))
        found = (await desk.find([ROUND.id]))[ROUND.id]
        assert (found.name, found.goal) == ("Treppen", 33)


async def test_a_guest_who_started_a_round_still_has_it_when_the_chat_is_forgotten(store: Store) -> None:
    await begun(store, guest=True)
    for day in range(5):
        await store.upkeep(NOW + day * DAY)
    later = NOW + 5 * DAY
    assert await store.member_by_address(LENA.key) is None
    async with store.rounds(later) as desk:
        (seen,) = await desk.seen(4711, [person_of(LENA)])  # a document of today, with another number
        assert (seen.starts, seen.takes_part) == (True, True)
        rounds = [replace(ROUND, id=n, code=f"C{n}", room_code=f"R{n}", starter=4711) for n in (1, 2)]
        assert [await desk.start(each, 2, person_of(LENA)) for each in rounds] == [True, False]
        assert await desk.tick_member(4711, "2026-03-03", ROUND.id, [person_of(LENA)])


async def test_a_round_goes_on_with_codes_groups_and_whoever_moved(store: Store) -> None:
    lena = await begun(store)
    other = Address(CHANNEL, ACCOUNT, "x", "lost", private=False)
    async with store.rounds(NOW) as desk:
        await desk.bring("ROOM", other)
        await desk.join("CODE", at("quiet"), 0, name="Quiet", shares=False)
        for name in ("lena", "quiet"):
            await desk.place_privately(ROUND.id, at(name))
        await desk.lost(other)
        assert await desk.find_over(ROUND.id) is None  # it still runs
    async with store.rounds(NOW + SECOND) as desk:
        await desk.settle(ROUND.id)
        for room in await desk.due(9):
            await desk.show(room, [], card=0, week=2, due=0)
        over = await desk.find_over(ROUND.id)
        assert over is not None
        assert [each.round.settled > 0 for each in await desk.seen(lena, [])] == [True]
        new = await desk.go_on(over, "2026-03-17", 5)
        assert new is not None
        assert await desk.find_over(ROUND.id) is None  # once
        found = await desk.find_code("CODE")
        assert found is not None
        assert (found.id, found.begins, found.starter, found.goal) == (new.id, "2026-03-17", lena, ROUND.goal)
        counted = await desk.tally(new.id)
        assert (counted.people, counted.names, counted.active) == (2, ("Lena",), {})
        rooms = await desk.due(9)
        assert sorted((room.room, bool(room.person)) for room in rooms if room.round.id == new.id) == [
            ("group", False),
            ("lena", True),
        ]
        assert [each.round.id for each in await desk.seen(lena, [])] == [new.id]


async def test_after_two_weeks_a_round_is_not_offered_to_go_on(store: Store) -> None:
    lena = await begun(store)
    async with store.rounds(NOW) as desk:
        await desk.settle(ROUND.id)
    async with store.rounds(NOW + OVER_FOR + SECOND) as desk:
        assert await desk.seen(lena, []) == []
        assert await desk.shown_at(GROUP) is None


async def test_an_admin_may_change_a_round_that_only_this_group_sees(store: Store) -> None:
    await begun(store)
    async with store.rounds(NOW) as desk:
        assert await desk.shown_at(GROUP) is not None
        assert await desk.shown_at(at("elsewhere", private=False)) is None
        await desk.bring("ROOM", at("elsewhere", private=False))
        assert await desk.shown_at(GROUP) is None


async def test_a_round_that_goes_whole_takes_its_host_along(store: Store) -> None:
    await begun(store, guest=True)
    async with store.rounds(NOW) as desk:
        await desk.settle(ROUND.id)
    for day in range(40):
        await store.upkeep(NOW + day * DAY)
    async with store.database.read() as connection:
        assert (await connection.execute(select(hosted))).all() == []
