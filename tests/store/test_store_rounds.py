"""Rounds in the store, on both engines: every tap once, out of every list when erased, cards at the pace allowed."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from bot.dialogue.events import Address, Tapped
from bot.store.round_rooms import LEFT, SHOW_EVERY, SHOW_OTHERS_EVERY, StoredRound, person_of, place_of
from bot.store.round_ticks import Tick
from bot.store.schema import gone_day
from bot.store.store import Store
from tests.store.given import ACCOUNT, CHANNEL, DAY, NOW, SECOND, at, known, member_of, turn, wrote

ROUND = StoredRound(
    id=77,
    starter=0,
    code="CODE",
    room_code="ROOM",
    name="team",
    language="de",
    zone="Europe/Berlin",
    begins="2026-03-02",
    weeks=2,
    goal=20,
)
TODAY, LATER = "2026-03-02", "2026-03-03"


def ticks(*people: str, day: str = TODAY, what: Tapped = Tapped.MOVED) -> list[Tick]:
    return [Tick(round=ROUND.id, person=person_of(at(person)), day=day, what=what) for person in people]


@pytest.fixture
async def store_with_round(store: Store) -> Store:
    async with store.rounds(NOW) as desk:
        assert await desk.start(ROUND, 5)
        assert await desk.bring("ROOM", at("group", private=False))
    return store


async def active(store: Store) -> dict[str, int]:
    async with store.rounds(NOW) as desk:
        return (await desk.tally(ROUND.id)).active


async def test_a_person_counts_once_a_day(store_with_round: Store) -> None:
    store = store_with_round
    async with store.rounds(NOW) as desk:
        await desk.tick(ticks("anna", "bela", "anna"))
    async with store.rounds(NOW) as desk:
        await desk.tick(ticks("anna") + ticks("anna", day=LATER))

    assert await active(store) == {TODAY: 2, LATER: 1}


async def test_a_tap_can_be_taken_back(store_with_round: Store) -> None:
    store = store_with_round
    async with store.rounds(NOW) as desk:
        await desk.tick(ticks("anna", "bela"))
        await desk.tick(ticks("anna", "cleo", what=Tapped.UNDO))

    assert await active(store) == {TODAY: 1}
    async with store.rounds(NOW) as desk:
        assert (await desk.tally(ROUND.id)).people == 2  # who only took back never joined


async def test_a_forged_or_ended_round_counts_nothing(store_with_round: Store) -> None:
    store = store_with_round
    async with store.rounds(NOW) as desk:
        await desk.tick([replace(each, round=78) for each in ticks("anna")])
        await desk.settle(ROUND.id)
        await desk.tick(ticks("bela"))

    assert await active(store) == {}


async def test_a_group_has_one_running_round(store_with_round: Store) -> None:
    async with store_with_round.rounds(NOW) as desk:
        assert not await desk.bring("OTHER", at("group", private=False))
        assert await desk.bring("ROOM", at("group", private=False))  # once more: it stands there
        assert len(await desk.due(9)) == 1
        assert not await desk.bring("NONE", at("elsewhere", private=False))
        assert await desk.bring("ROOM", at("elsewhere", private=False))  # a company brings it into several


async def test_a_starter_has_only_so_many(store: Store) -> None:
    async with store.rounds(NOW) as desk:
        made = [
            await desk.start(replace(ROUND, id=n, code=f"C{n}", room_code=f"R{n}", starter=5), 2) for n in (1, 2, 3)
        ]

    assert made == [True, True, False]


async def test_erasure_takes_a_person_out_of_every_list(store_with_round: Store) -> None:
    store = store_with_round
    await store.receive([wrote("anna", "hallo", "1"), wrote("bela", "hallo", "2")], now=NOW)
    await turn(store)
    async with store.rounds(NOW) as desk:
        await desk.tick(ticks("anna", "bela"))
        member = await member_of(store, "bela")
    async with store.rounds(NOW) as desk:
        await desk.join("CODE", at("bela"), member, name="Bela", shares=True)

    await store.erase(await member_of(store, "bela"), NOW)

    async with store.rounds(NOW) as desk:
        left = await desk.tally(ROUND.id)
    assert (left.people, left.active, left.names) == (1, {TODAY: 2}, ())  # a number stays, of nobody


async def test_a_lock_takes_nothing_away_and_a_session_counts_by_itself(store_with_round: Store) -> None:
    store = store_with_round
    await store.receive([wrote("anna", "hallo", "1"), wrote("bela", "hallo", "2")], now=NOW)
    await turn(store)
    anna, bela = await member_of(store, "anna"), await member_of(store, "bela")
    async with store.rounds(NOW) as desk:
        for name, member in (("anna", anna), ("bela", bela)):
            await desk.join("CODE", at(name), member, name="", shares=name == "anna")
        assert [each.id for each in await desk.shared_by(anna)] == [ROUND.id]
        assert await desk.shared_by(bela) == []  # did not want that
        assert await desk.sharers([anna, bela]) == {anna}
        assert await desk.sharers([bela]) == set()
        await desk.tick_member(anna, TODAY, ROUND.id)
        before = await desk.tally(ROUND.id)

    await store.receive([wrote("anna", "hallo", "3")], now=NOW)
    await turn(store, lock="emergency")
    async with store.rounds(NOW) as desk:
        await desk.spare(bela, "2999-01-01")
        assert await desk.tally(ROUND.id) == before
        assert (before.people, before.movers, before.active) == (2, 1, {TODAY: 1})
        await desk.tick(ticks("anna", day=LATER))  # and what they tap counts like anybody's
        assert (await desk.tally(ROUND.id)).active == {TODAY: 1, LATER: 1}
        assert await desk.own_days(ROUND.id, TODAY, LATER) in ([0, 2], [2, 0])


async def test_who_has_a_flare_up_is_left_in_peace_for_as_long(store_with_round: Store) -> None:
    store = store_with_round
    anna = await known(store, "anna")
    async with store.rounds(NOW) as desk:
        await desk.join("CODE", at("anna"), anna, name="", shares=True)
        await desk.spare(anna, LATER)
        await desk.spare(anna, "2020-01-01")  # never shortens it
        days = (TODAY, LATER, "2026-03-04")
        assert [await desk.is_covered(ROUND.id, person_of(at("anna")), day) for day in days] == [True, True, False]


async def test_a_weeks_missed_days_are_carried_once_and_stay(store_with_round: Store) -> None:
    async with store_with_round.rounds(NOW) as desk:
        await desk.carry(ROUND.id, 1, 7)
        await desk.carry(ROUND.id, 1, 9)
        await desk.tell(ROUND.id)
        await desk.tell(ROUND.id)
        told = await desk.tally(ROUND.id)
    assert (told.carried, told.is_told) == ({1: 7}, True)


async def test_a_rush_is_counted_to_the_last_tap_and_shown_at_the_pace_allowed(store: Store) -> None:
    groups, people = 200, 50
    rounds = [replace(ROUND, id=n, code=f"C{n}", room_code=f"R{n}", starter=n) for n in range(1, groups + 1)]
    async with store.rounds(NOW) as desk:
        for each in rounds:
            await desk.start(each, 5)
            await desk.bring(each.room_code, at(f"group{each.id}", private=False))
        for room in await desk.due(groups):
            await desk.show(room, [], card=1, week=1, due=NOW + 3600 * SECOND)
    taps = [
        Tick(round=each.id, person=f"{CHANNEL}\n{ACCOUNT}\np{each.id}.{n}", day=TODAY)
        for n in range(people)
        for each in rounds
    ]

    for first in range(0, len(taps), 300):
        async with store.rounds(NOW + SECOND) as desk:
            await desk.tick(taps[first : first + 300])

    async with store.rounds(NOW + SECOND) as desk:
        assert [(await desk.tally(each.id)).active for each in rounds] == [{TODAY: people}] * groups
        assert await desk.due(groups) == []  # shown a second ago
    async with store.rounds(NOW + SHOW_EVERY) as desk:
        assert len(await desk.due(groups)) == groups


async def test_rooms_are_left_over_a_while_after_their_last_round(store_with_round: Store) -> None:
    store, group = store_with_round, at("group", private=False)

    async def left(now: int) -> list[str]:
        async with store.rounds(now) as desk:
            return await desk.left_over(CHANNEL, ACCOUNT, now)

    assert await left(NOW + DAY) == []
    async with store.rounds(NOW) as desk:
        await desk.lost(group)
    assert await left(NOW) == []
    assert await left(NOW + DAY) == ["group"]
    async with store.rounds(NOW + DAY) as desk:
        await desk.come_again(group)
    assert await left(NOW + DAY) == []
    async with store.rounds(NOW + DAY) as desk:
        await desk.start(replace(ROUND, id=78, code="C", room_code="R"), 5)
        assert await desk.bring("R", group)
    assert await left(NOW + 3 * DAY) == []


async def test_a_group_that_becomes_a_supergroup_keeps_its_card(store_with_round: Store) -> None:
    store = store_with_round
    await store.room_moved(CHANNEL, ACCOUNT, "group", "-100group")

    async with store.rounds(NOW) as desk:
        assert [room.room for room in await desk.due(5)] == ["-100group"]


async def test_a_round_that_ended_a_month_ago_goes_with_everybody_in_it(store_with_round: Store) -> None:
    store = store_with_round
    async with store.rounds(NOW) as desk:
        made = [replace(each, reaction=each.person, back="b", place="p") for each in ticks("anna", "bela", "cleo")]
        await desk.tick(made)
        await desk.place_privately(ROUND.id, at("anna"), "en")
        await desk.tick(ticks("cleo", what=Tapped.LEAVE))
        await desk.carry(ROUND.id, 1, 2)
        await desk.tell(ROUND.id)
        await desk.settle(ROUND.id)
    for day in range(1, 32):
        await store.upkeep(NOW + day * DAY)

    counts = await store.counts()
    tables = (
        "challenge",
        "challenge_room",
        "participant",
        "active_day",
        "reaction",
        "met_in",
        "gone_day",
        "carried",
        "told",
        "spoken_in",
    )
    assert {name: counts[name] for name in tables} == dict.fromkeys(tables, 0)


async def test_a_reaction_is_known_until_whoever_made_it_leaves(store_with_round: Store) -> None:
    store = store_with_round
    made = [replace(each, reaction=f"$of {each.person}", back="back") for each in ticks("anna", "bela")]
    async with store.rounds(NOW) as desk:
        await desk.tick([*made, *made])
    async with store.rounds(NOW) as desk:
        assert await desk.reactions([made[0].reaction, "$other"]) == {made[0].reaction: (made[0].person, "back")}
        await desk.tick(ticks("anna", what=Tapped.LEAVE))
        assert set(await desk.reactions([each.reaction for each in made])) == {made[1].reaction}


async def test_a_members_own_word_counts_for_the_member_whatever_the_address(store_with_round: Store) -> None:
    store = store_with_round
    await store.receive([wrote("anna", "hallo", "1")], now=NOW)
    await turn(store)
    anna = await member_of(store, "anna")
    async with store.rounds(NOW) as desk:
        await desk.join("CODE", at("anna"), anna, name="", shares=False)
        await desk.tick_member(anna, TODAY, ROUND.id)
        await desk.tick(ticks("anna"))

    assert await active(store) == {TODAY: 1}


async def test_a_guest_who_wrote_once_and_never_consented_stays_a_guest(store_with_round: Store) -> None:
    store = store_with_round
    await store.receive([wrote("anna", "hallo", "1")], now=NOW)
    async with store.turns(NOW):
        pass  # a member row, and nothing said yet
    async with store.rounds(NOW) as desk:
        await desk.join("CODE", at("anna"), await member_of(store, "anna"), name="Anna", shares=False)
        await desk.tick(ticks("anna"))
    for day in (1, 2, 3):
        await store.upkeep(NOW + day * DAY)

    assert await store.member_by_address(at("anna").key) is None
    assert await active(store) == {TODAY: 1}
    async with store.rounds(NOW) as desk:
        assert (await desk.tally(ROUND.id)).names == ("Anna",)  # chosen to be shown, by a guest too


async def test_a_member_with_two_places_is_one_person(store_with_round: Store) -> None:
    store = store_with_round
    anna = await known(store, "anna")
    elsewhere = Address("matrix", ACCOUNT, "@anna:example.org", "!room")
    async with store.rounds(NOW) as desk:
        await desk.join("CODE", at("anna"), anna, name="Anna", shares=True)
        await desk.join("CODE", elsewhere, anna, name="Anna", shares=True)
        await desk.tick_member(anna, TODAY, ROUND.id)
        await desk.tick([*ticks("anna"), Tick(round=ROUND.id, person=person_of(elsewhere), day=TODAY)])
        told = await desk.tally(ROUND.id)
        assert (told.people, told.active, told.names) == (1, {TODAY: 1}, ("Anna",))

        await desk.tick(ticks("anna", what=Tapped.UNDO))  # also what was counted at the other place
        assert (await desk.tally(ROUND.id)).active == {}
        there = Tick(round=ROUND.id, person=person_of(elsewhere), day=TODAY)
        await desk.tick([*ticks("anna", what=Tapped.UNDO), there])  # together, and the last one is meant
        assert (await desk.tally(ROUND.id)).active == {TODAY: 1}
        await desk.tick(ticks("anna") + ticks("anna", what=Tapped.LEAVE))
        told = await desk.tally(ROUND.id)
        assert (told.people, told.active) == (0, {TODAY: 1})


async def test_a_guest_who_became_a_member_is_covered_as_one(store_with_round: Store) -> None:
    store = store_with_round
    async with store.rounds(NOW) as desk:
        await desk.tick(ticks("anna", "bela"))
    anna = await known(store, "anna")
    async with store.rounds(NOW) as desk:
        await desk.spare(anna, TODAY)
        assert await desk.is_covered(ROUND.id, person_of(at("anna")), TODAY)  # before any other tap
        assert not await desk.is_covered(ROUND.id, person_of(at("bela")), TODAY)
        await desk.tick(ticks("anna"))
        assert await desk.is_covered(ROUND.id, person_of(at("anna")), TODAY)
        told = await desk.tally(ROUND.id)
    assert (told.people, told.active) == (2, {TODAY: 2})


async def test_who_leaves_takes_no_day_along_and_counts_none_again(store_with_round: Store) -> None:
    """Or the fall of the sum would say how many days were theirs, and coming back would count a day a second time."""
    store = store_with_round
    async with store.rounds(NOW) as desk:
        await desk.tick([*ticks("anna", "bela"), *ticks("anna", day=LATER)])
        before = (await desk.tally(ROUND.id)).active
        await desk.tick(ticks("anna", what=Tapped.LEAVE))
        left = await desk.tally(ROUND.id)
        assert (left.people, left.active) == (1, before)

        for _ in range(3):
            await desk.tick([*ticks("anna"), *ticks("anna", what=Tapped.LEAVE)])
    anna = await known(store, "anna")
    async with store.rounds(NOW) as desk:
        await desk.join("CODE", at("anna"), anna, name="", shares=True)
        await desk.tick_member(anna, LATER, ROUND.id)
        assert (await desk.tally(ROUND.id)).active == before == {TODAY: 2, LATER: 1}
        await desk.tick(ticks("anna", day="2026-03-04"))
        assert (await desk.tally(ROUND.id)).active == {**before, "2026-03-04": 1}
    async with store.database.read() as connection:
        rows = (await connection.execute(select(gone_day))).all()
    assert sorted(tuple(row) for row in rows) == [(ROUND.id, TODAY, 1), (ROUND.id, LATER, 1)]  # of nobody


async def test_other_peoples_private_cards_follow_at_leisure_and_ones_own_at_once(store_with_round: Store) -> None:
    store = store_with_round
    async with store.rounds(NOW) as desk:
        for name in ("anna", "bela"):
            await desk.tick(ticks(name, what=Tapped.JOIN))
            await desk.place_privately(ROUND.id, at(name))
            await desk.place_privately(ROUND.id, at(name))  # once
        for room in await desk.due(9):
            await desk.show(room, [], card=1, week=1, due=NOW + DAY)
    async with store.rounds(NOW + SECOND) as desk:
        await desk.tick([replace(tick, room="anna") for tick in ticks("anna")])  # on her own card
    async with store.rounds(NOW + SHOW_EVERY) as desk:
        assert {room.room for room in await desk.due(9)} == {"group", "anna"}
    async with store.rounds(NOW + SHOW_OTHERS_EVERY) as desk:
        assert {room.person for room in await desk.due(9)} == {"", person_of(at("anna")), person_of(at("bela"))}


async def test_whoever_asked_the_coach_in_brings_their_one_running_round(store: Store) -> None:
    anna = await known(store, "anna")
    group = at("group", private=False)
    asked = replace(group, person="anna")
    async with store.rounds(NOW) as desk:
        assert not await desk.bring_only(asked)
        await desk.start(replace(ROUND, starter=anna), 5)
        assert await desk.bring_only(asked)
        await desk.start(replace(ROUND, id=78, code="C", room_code="R", starter=anna), 5)
        assert not await desk.bring_only(replace(asked, room="elsewhere"))  # which of the two is not known


async def test_a_private_card_follows_its_person_and_ends_with_them(store_with_round: Store) -> None:
    store = store_with_round
    anna = await known(store, "anna")
    async with store.rounds(NOW) as desk:
        await desk.join("CODE", at("anna"), anna, name="", shares=False)
        await desk.place_privately(ROUND.id, at("anna"))
    await store.person_moved(CHANNEL, ACCOUNT, "anna", "newer")
    async with store.rounds(NOW) as desk:
        assert {room.room for room in await desk.due(9)} == {"group", "newer"}
    await store.erase(anna, NOW)
    async with store.rounds(NOW) as desk:
        assert {room.room for room in await desk.due(9)} == {"group"}


async def test_a_round_that_no_room_shows_ends_by_itself(store: Store) -> None:
    async with store.rounds(NOW) as desk:
        await desk.start(ROUND, 1)
    for day in range(18):
        await store.upkeep(NOW + day * DAY)

    async with store.rounds(NOW + 18 * DAY) as desk:
        assert await desk.find([ROUND.id]) == {}
        assert await desk.start(replace(ROUND, id=78, code="C", room_code="R"), 1)  # there is room for the next one


async def test_whoever_taps_in_a_group_reads_along_there_as_long_as_it_sees_the_round(store_with_round: Store) -> None:
    store, group = store_with_round, at("group", private=False)
    anna, bela = (person_of(at(name)) for name in ("anna", "bela"))

    async def reads(now: int = NOW) -> list[bool]:
        async with store.rounds(now) as desk:
            return [await desk.reads_along(ROUND.id, person) for person in (anna, bela)]

    async with store.rounds(NOW) as desk:
        await desk.tick([*(replace(each, place=place_of(group)) for each in ticks("anna")), *ticks("bela")])
    assert await reads() == [True, False]
    await store.room_moved(CHANNEL, ACCOUNT, "group", "-100group")
    assert await reads() == [True, False]
    async with store.rounds(NOW + DAY) as desk:
        await desk.settle(ROUND.id)
        await desk.lost(at("-100group", private=False))
    assert await reads() == [True, False]  # it has just seen the last post


async def test_whose_group_is_lost_reads_along_no_more(store_with_round: Store) -> None:
    group = at("group", private=False)
    async with store_with_round.rounds(NOW) as desk:
        await desk.tick([replace(each, place=place_of(group)) for each in ticks("anna")])
        await desk.lost(group)
        assert not await desk.reads_along(ROUND.id, person_of(at("anna")))


async def test_whoever_leaves_has_no_card_left_where_they_never_tapped(store_with_round: Store) -> None:
    """A member's card stands where they want to be spoken to, which may be another place than where they joined."""
    store, elsewhere = store_with_round, Address(CHANNEL, ACCOUNT, "anna2", "anna2")
    anna, bela = await known(store, "anna"), await known(store, "bela")
    await known(store, "anna2")
    async with store.turns(NOW, members=0) as batch:
        await batch.places.merge(anna, await member_of(store, "anna2"), had_history=True)
    async with store.rounds(NOW) as desk:
        for who, number, home in (("anna", anna, elsewhere), ("bela", bela, at("bela"))):
            await desk.join("CODE", at(who), number, name="", shares=False)
            await desk.place_privately(ROUND.id, home)
        await desk.tick(ticks("anna", what=Tapped.LEAVE))
        assert {room.room: room.week for room in await desk.due(9)} == {"group": 0, "anna2": LEFT, "bela": 0}


async def test_whoever_comes_back_at_another_place_counts_no_day_again(store_with_round: Store) -> None:
    store = store_with_round
    anna = await known(store, "anna")
    elsewhere = Address("matrix", ACCOUNT, "@anna:example.org", "!room")
    async with store.rounds(NOW) as desk:
        for place in (at("anna"), elsewhere):
            await desk.join("CODE", place, anna, name="", shares=False)
        await desk.tick([Tick(round=ROUND.id, person=person_of(elsewhere), day=TODAY)])
        await desk.tick(ticks("anna", what=Tapped.LEAVE))
        await desk.tick(ticks("anna"))
        assert (await desk.tally(ROUND.id)).active == {TODAY: 1}
