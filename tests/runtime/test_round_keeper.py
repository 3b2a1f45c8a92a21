"""The keeper of rounds: groups' cards first, private ones never in their way, one faulty round alone."""

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import func, select, update

from bot.dialogue.events import Address, Arrival, ButtonTapped, GroupChange, GroupChanged
from bot.dialogue.messages import OF_ITSELF
from bot.dialogue.moment import micros
from bot.dialogue.rounds import tap_data
from bot.dialogue.wire import decode_message
from bot.runtime.metrics import Metrics
from bot.runtime.rounds import PRIVATE_WAITING, RoundKeeper
from bot.store.round_rooms import StoredRound
from bot.store.schema import challenge, challenge_room, outbox
from bot.store.store import Store
from tests.dialogue.room import the_kit
from tests.runtime.places import Places, place, trained
from tests.store.given import DAY, HOUR, SECOND, member_of

WEDNESDAY = micros(datetime(2026, 11, 25, 11, tzinfo=UTC))
ROUND = StoredRound(
    id=77, starter=0, code="CODE", room_code="ROOM", name="team", language="de", zone="Europe/Berlin",
    begins="2026-11-25", weeks=2, goal=20,
)  # fmt: skip


def group(number: int) -> Address:
    return replace(place("telegram", "admin"), room=f"-{number}", private=False)


def keeper_at(store: Store, places: Places) -> RoundKeeper:
    return RoundKeeper(store=store, kit=the_kit(), now=lambda: places.now, metrics=Metrics(), on_written=lambda: None)


async def sent_to(store: Store, *, private: bool) -> int:
    async with store.database.read() as connection:
        query = select(func.count()).select_from(outbox).where(outbox.c.private if private else ~outbox.c.private)
        return (await connection.execute(query)).scalar_one()


async def test_a_group_s_card_never_stands_behind_hundreds_of_private_ones(store: Store) -> None:
    places = Places(store, now=WEDNESDAY)
    async with store.rounds(places.now) as desk:
        await desk.start(ROUND, 5)
        for number in range(3 * PRIVATE_WAITING):
            await desk.place_privately(ROUND.id, place("telegram", f"p{number}"))
        await desk.bring("ROOM", group(100))
    keeper = keeper_at(store, places)
    await keeper.tick()
    await keeper.tick()

    assert await sent_to(store, private=False) == 1
    assert await sent_to(store, private=True) == PRIVATE_WAITING  # none of them has left; the others wait


async def test_a_tap_in_the_group_leaves_the_tapper_s_private_card_for_later(store: Store) -> None:
    places, anna = Places(store, now=WEDNESDAY), place("telegram", "anna")
    async with store.rounds(places.now) as desk:
        await desk.start(ROUND, 5)
        await desk.bring("ROOM", group(100))
        await desk.place_privately(ROUND.id, anna)
    keeper = keeper_at(store, places)
    await keeper.tick()
    async with store.database.write() as connection:  # both cards have left
        await connection.execute(update(outbox).values(settled=places.now))
    places.now += 60 * SECOND
    tap = ButtonTapped(data=tap_data(ROUND.id, date(2026, 11, 25)))
    for number, where in enumerate((replace(group(100), person="anna"), replace(anna, private=False))):
        await store.receive([Arrival(source=f"t{number}", address=where, event=tap, at=places.now)], now=places.now)
        await places.works()
        await keeper.tick()
        assert (await sent_to(store, private=False), await sent_to(store, private=True)) == (2, 1 + number)


async def test_a_round_that_cannot_be_shown_holds_up_no_other(store: Store) -> None:
    places = Places(store, now=WEDNESDAY)
    async with store.rounds(places.now) as desk:
        for number in range(3):
            await desk.start(replace(ROUND, id=70 + number, code=f"C{number}", room_code=f"R{number}"), 9)
            await desk.bring(f"R{number}", group(100 + number))
    async with store.database.write() as connection:
        await connection.execute(update(challenge).where(challenge.c.id == 70).values(zone="Nowhere/Nope"))
    keeper = keeper_at(store, places)
    await keeper.tick()

    assert await sent_to(store, private=False) == 2
    assert keeper.metrics.values()["round_cards_failed"] == 1
    async with store.database.write() as connection:
        await connection.execute(update(challenge).where(challenge.c.id == 70).values(zone="Europe/Berlin"))
    places.now += 600 * SECOND
    await keeper.tick()
    assert await sent_to(store, private=False) >= 3


async def test_each_post_of_a_round_bears_a_name_of_its_own_and_an_edit_none(store: Store) -> None:
    """By which Matrix knows it again after a backup was restored."""
    places = Places(store, now=WEDNESDAY)
    async with store.rounds(places.now) as desk:
        await desk.start(ROUND, 5)
        await desk.bring("ROOM", group(100))
    keeper = keeper_at(store, places)
    for _ in range(16):
        await keeper.tick()
        async with store.database.write() as connection:
            await connection.execute(update(outbox).values(settled=places.now))
        places.now += 24 * 3600 * SECOND
    async with store.database.read() as connection:
        rows = (await connection.execute(select(outbox.c.body, outbox.c.replaces).order_by(outbox.c.id))).all()
        place_id = (await connection.execute(select(challenge_room.c.id))).scalar_one()
    posts = [decode_message(body).cause for body, replaces in rows if replaces is None]

    assert posts == [f"{OF_ITSELF}round 77 {place_id} {which}" for which in ("card 1", "week 1", "card 2", "end")]
    assert {decode_message(body).cause for body, replaces in rows if replaces is not None} == {""}


async def test_two_workers_never_give_a_group_two_rounds_nor_a_person_two_cards(store: Store) -> None:
    async with store.rounds(WEDNESDAY) as desk:
        for number in range(2):
            await desk.start(replace(ROUND, id=70 + number, code=f"C{number}", room_code=f"R{number}"), 9)

    async def brings(number: int) -> bool:
        async with store.rounds(WEDNESDAY) as desk:
            brought = await desk.bring(f"R{number}", group(100))
            await desk.place_privately(70, place("telegram", "anna"))
            await asyncio.sleep(0.05)  # the other one looks meanwhile
            return brought is not None

    brought = await asyncio.gather(brings(0), brings(1))

    assert sorted(brought) == [False, True]
    async with store.rounds(WEDNESDAY) as desk:
        rooms = await desk.due(99)
    assert sorted((room.room, bool(room.person)) for room in rooms) == [("-100", False), ("anna", True)]


@pytest.mark.parametrize("groups", [1, 2])
async def test_stopped_in_its_last_group_a_round_is_over_for_everybody(store: Store, groups: int) -> None:
    places, anna = Places(store, now=WEDNESDAY), place("telegram", "anna")
    async with store.rounds(places.now) as desk:
        await desk.start(ROUND, 1)
        for number in range(groups):
            await desk.bring("ROOM", group(100 + number))
        await desk.place_privately(ROUND.id, anna)
    keeper = keeper_at(store, places)
    await keeper.tick()
    async with store.database.write() as connection:  # all cards have left
        await connection.execute(update(outbox).values(settled=places.now))
    places.now += 60 * SECOND
    async with store.rounds(places.now) as desk:
        assert await desk.end_here(group(100))
        assert not await desk.end_here(group(999))
    await keeper.tick()

    over = groups == 1
    async with store.rounds(places.now) as desk:
        assert await desk.start(replace(ROUND, id=78, code="X", room_code="Y"), 1) is over  # its place is free again
    closings = [message for message in await places.messages(anna) if "zu Ende" in message.text]
    assert bool(closings) is over


@pytest.mark.parametrize("change", [GroupChange.PROMOTED, GroupChange.ENTERED])
async def test_a_lost_card_comes_back_when_the_coach_may_write_again(store: Store, change: GroupChange) -> None:
    """Muted, or put out and asked in again by anybody: the round still runs."""
    places = Places(store, now=WEDNESDAY)
    async with store.rounds(places.now) as desk:
        await desk.start(ROUND, 5)
        await desk.bring("ROOM", group(100))
    keeper = keeper_at(store, places)
    await keeper.tick()
    async with store.rounds(places.now) as desk:
        await desk.lost(group(100))
    places.now += 60 * SECOND
    await keeper.tick()
    assert await sent_to(store, private=False) == 1

    arrival = Arrival(source="c", address=group(100), event=GroupChanged(what=change), at=places.now)
    await store.receive([arrival], now=places.now)
    await places.works()
    await keeper.tick()
    assert await sent_to(store, private=False) == 2


async def test_a_round_whose_topic_is_gone_goes_on_in_the_group_itself(store: Store) -> None:
    places = Places(store, now=WEDNESDAY)
    topic = replace(group(100), room="-100/7")
    async with store.rounds(places.now) as desk:
        await desk.start(ROUND, 5)
        await desk.bring("ROOM", topic)
        await desk.lost(topic)
        assert [room.room for room in await desk.due(9)] == ["-100"]
        await desk.lost(group(100))
        assert await desk.due(9) == []


async def test_what_was_stopped_in_a_group_does_not_come_back(store: Store) -> None:
    async with store.rounds(WEDNESDAY) as desk:
        await desk.start(ROUND, 5)
        await desk.bring("ROOM", group(100))
        await desk.bring("ROOM", group(200))
        await desk.end_here(group(100))
        assert not await desk.revive(group(100))
        assert not await desk.revive(group(300))


async def test_a_card_says_what_the_coach_can_hear_in_its_group(store: Store) -> None:
    """An admin hears all; so does a bot whose privacy mode is off, everywhere. A group that moves takes it along."""
    places = Places(store, now=WEDNESDAY)
    admin = GroupChanged(what=GroupChange.ENTERED, admin=True)
    await store.receive([Arrival(source="a", address=group(100), event=admin, at=places.now)], now=places.now)
    await places.works()
    async with store.rounds(places.now) as desk:
        await desk.start(ROUND, 5)
        await desk.bring("ROOM", replace(group(100), room="-100/7"))
        await desk.bring("ROOM", group(200))
        assert [room.hears for room in await desk.due(9)] == [True, False]
        await desk.move(group(100), "-300")
        assert {room.room: room.hears for room in await desk.due(9)} == {"-300": True, "-200": False}
        everywhere = replace(group(100), room="")
        await desk.note_hearing(everywhere, hears=True)
        assert [room.hears for room in await desk.due(9)] == [True, True]
        await desk.note_hearing(everywhere, hears=False)
    keeper = keeper_at(store, places)
    await keeper.tick()
    told = {number: (await places.messages(replace(group(number), person=""))) for number in (200, 300)}
    assert ["könnte hier alles lesen" in cards[-1].text for cards in told.values()] == [False, True]


async def kinds_of_posts(store: Store) -> list[str]:
    """What stands at the end of each post's name: the cards and posts that are no edits."""
    async with store.database.read() as connection:
        bodies = (
            await connection.execute(select(outbox.c.body).where(~outbox.c.private).order_by(outbox.c.id))
        ).scalars()
        causes = [decode_message(body).cause for body in bodies if body]
    return [cause.partition("round ")[2].split(" ", 2)[2] for cause in causes if cause]


@pytest.mark.parametrize("shift", [30 * DAY, 365 * DAY, -365 * DAY])
async def test_a_clock_that_is_set_wrong_tells_no_group_anything_and_ends_no_round(store: Store, shift: int) -> None:
    places = Places(store, now=WEDNESDAY)
    await store.upkeep(places.now)
    async with store.rounds(places.now) as desk:
        await desk.start(ROUND, 5)
        await desk.bring("ROOM", group(100))
        await desk.place_privately(ROUND.id, place("telegram", "anna"))
    keeper = keeper_at(store, places)

    async def hours_pass(hours: int) -> None:
        for _ in range(0, hours, 10):
            await keeper.tick()
            await store.upkeep(places.now)
            async with store.database.write() as connection:
                await connection.execute(update(outbox).values(settled=places.now))
            places.now += 10 * HOUR

    await hours_pass(30)
    assert await kinds_of_posts(store) == ["card 1"]
    places.now += shift
    await hours_pass(20)
    assert await kinds_of_posts(store) == ["card 1"]
    async with store.rounds(places.now) as desk:
        assert await desk.find_code("CODE") is not None
    places.now -= shift
    await hours_pass(15 * 24)

    assert await kinds_of_posts(store) == ["card 1", "week 1", "card 2", "end"]


@pytest.mark.parametrize("way", ["leaves", "is erased"])
async def test_a_card_that_waits_with_the_name_of_whoever_goes_is_not_sent(store: Store, way: str) -> None:
    places, lena = Places(store, now=WEDNESDAY), place("telegram", "lena")
    await places.knows(lena, trained())
    async with store.rounds(places.now) as desk:
        await desk.start(ROUND, 5)
        await desk.bring("ROOM", group(100))
        await desk.join("CODE", lena, await member_of(store, "lena"), name="Lena Lustig", shares=False)
    keeper = keeper_at(store, places)
    await keeper.tick()

    if way == "leaves":
        async with store.rounds(places.now) as desk:
            await desk.leave(ROUND.id, await member_of(store, "lena"))
    else:
        await places.says(lena, "/loeschen")
        await places.taps(lena, "yes")

    async def waiting() -> list[str]:
        async with store.database.read() as connection:
            query = select(outbox.c.body).where(outbox.c.settled == 0, ~outbox.c.private)
            return [decode_message(body).text for body in (await connection.execute(query)).scalars()]

    assert await waiting() == []
    places.now += 60 * SECOND
    await keeper.tick()
    (card,) = await waiting()
    assert "Lena" not in card
