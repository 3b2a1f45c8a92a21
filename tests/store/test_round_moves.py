"""A round's rooms that move, cannot be reached or come again: it stands once wherever it can be seen."""

from dataclasses import replace

import pytest

from bot.store.store import Store
from tests.store.given import ACCOUNT, CHANNEL, DAY, NOW, at
from tests.store.test_store_rounds import LATER, ROUND, ticks


@pytest.mark.parametrize("first", ["put out", "asked in", "over"])
async def test_whatever_comes_before_it_a_group_that_moves_has_its_round_once(store: Store, first: str) -> None:
    old, new = at("group", private=False), at("-100group", private=False)
    async with store.rounds(NOW) as desk:
        await desk.start(ROUND, 5)
        await desk.bring("ROOM", old)
        if first == "put out":  # its old room was left before anybody said that there is a new one
            await desk.lost(old)
        elif first == "asked in":
            assert await desk.bring("ROOM", new)
        else:
            await desk.settle(ROUND.id)
            (room,) = await desk.due(5)
            await desk.show(room, [], card=0, week=3, due=0)
    async with store.rounds(NOW + DAY) as desk:
        await desk.move(old, "-100group")
        over = await desk.find_over(ROUND.id)
        if over is not None:
            await desk.go_on(over, LATER, 5)

    async with store.rounds(NOW + DAY) as desk:
        assert [room.room for room in await desk.due(5)] == ["-100group"]


async def test_a_topic_that_is_gone_takes_no_card_from_another_one(store: Store) -> None:
    async with store.rounds(NOW) as desk:
        await desk.start(ROUND, 5)
        await desk.bring("ROOM", at("-100/7", private=False))
        await desk.lost(at("-100/9", private=False))
        assert [room.room for room in await desk.due(5)] == ["-100/7"]


@pytest.mark.parametrize("back", ["tomorrow", "tap", "code"])
async def test_a_private_card_rests_while_its_person_cannot_be_reached(store: Store, back: str) -> None:
    anna = at("anna")
    async with store.rounds(NOW) as desk:
        await desk.start(ROUND, 5)
        await desk.place_privately(ROUND.id, anna)
        await desk.lost(anna)
    async with store.rounds(NOW + DAY // 2) as desk:
        await desk.tick(ticks("bela"))
        assert await desk.due(5) == []  # others' taps bring nothing to whoever has blocked the coach
    later = NOW + (2 if back == "tomorrow" else 0) * DAY
    async with store.rounds(later) as desk:
        if back == "tap":
            await desk.tick([replace(each, room=anna.room) for each in ticks("anna")])
        elif back == "code":
            await desk.place_privately(ROUND.id, anna)
        assert [room.room for room in await desk.due(5)] == ["anna"]


async def test_the_private_card_of_a_round_that_is_over_goes_on_where_its_person_is(store: Store) -> None:
    async with store.rounds(NOW) as desk:
        await desk.start(ROUND, 5)
        await desk.tick(ticks("anna"))
        await desk.place_privately(ROUND.id, at("anna"))
        await desk.settle(ROUND.id)
        (room,) = await desk.due(5)
        await desk.show(room, [], card=0, week=3, due=0)
    await store.person_moved(CHANNEL, ACCOUNT, "anna", "newer")
    async with store.rounds(NOW + DAY) as desk:
        over = await desk.find_over(ROUND.id)
        assert over is not None
        await desk.go_on(over, LATER, 5)
        assert [room.room for room in await desk.due(5)] == ["newer"]
