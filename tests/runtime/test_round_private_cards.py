"""A private card of a round waits in the outbox while its person's life goes on: an alarm, a pause, an erasure."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select, update

from bot.channels.channel import CalledOffError
from bot.dialogue.events import Arrival, ButtonTapped, TextReceived
from bot.dialogue.messages import Kind
from bot.dialogue.rounds import tap_data
from bot.dialogue.wire import decode_message
from bot.runtime.delivering import look_at
from bot.store.rows import SendRow
from bot.store.schema import address, inbox, member, outbox
from bot.store.store import Store
from tests.runtime.places import Places, place, trained
from tests.runtime.test_round_answers import settle
from tests.runtime.test_round_keeper import ROUND, WEDNESDAY, keeper_at
from tests.store.given import ACCOUNT, DAY, SECOND, member_of

LENA, MO = place("telegram", "lena"), place("telegram", "mo")
ROUND_DAY = date.fromisoformat(ROUND.begins)
WEEKS_POST = "Woche 1 ist geschafft"


async def begun(store: Store) -> Places:
    """Lena and Mo have a private card each; nothing has left."""
    places = Places(store, now=WEDNESDAY)
    for who in (LENA, MO):
        await places.knows(who, trained())
    async with store.rounds(places.now) as desk:
        await desk.start(ROUND, 5)
        for who in (LENA, MO):
            await desk.join("CODE", who, await member_of(store, who.person), name="", shares=False)
            await desk.place_privately(ROUND.id, who)
    await keeper_at(store, places).tick()
    return places


async def a_week_over(store: Store) -> Places:
    """The week's post waits to leave, and the new card behind it."""
    places = await begun(store)
    await settle(places)
    places.now += 7 * DAY
    await keeper_at(store, places).tick()
    return places


async def leaves(places: Places) -> dict[str, list[SendRow]]:
    """What a sender takes for each person, until nothing is left."""
    taken: dict[str, list[SendRow]] = {LENA.person: [], MO.person: []}
    while rows := await places.store.settle_and_claim([], "telegram", ACCOUNT, places.now, 9):
        for row in rows:
            taken[row.address.person].append(row)
        async with places.store.database.write() as connection:
            ids = [row.id for row in rows]
            await connection.execute(update(outbox).where(outbox.c.id.in_(ids)).values(settled=places.now))
    return taken


async def test_after_a_cry_for_help_no_praise_for_the_week_leaves(store: Store) -> None:
    places = await a_week_over(store)

    await places.says(LENA, "Ich will nicht mehr leben")

    taken = await leaves(places)
    assert any(row.kind == Kind.EMERGENCY.value for row in taken["lena"])
    cards = [row for row in taken["lena"] if row.kind == Kind.CHALLENGE.value]
    assert all(row.only_edit for row in cards)  # the old card loses its buttons
    assert not any(decode_message(row.body).buttons for row in cards)
    assert any(WEEKS_POST in decode_message(row.body).text for row in taken["mo"])  # nobody else misses it


@pytest.mark.parametrize("said", ["Ich will nicht mehr leben", "Ich spüre zwischen den Beinen nichts mehr"])
async def test_a_guest_who_cried_for_help_is_left_in_peace_though_the_chat_is_forgotten(
    store: Store, said: str
) -> None:
    places = Places(store, now=WEDNESDAY)
    async with store.rounds(places.now) as desk:
        await desk.start(replace(ROUND, weeks=4), 5)
        for who in (LENA, MO):
            await desk.join("CODE", who, 0, name="", shares=False)
            await desk.place_privately(ROUND.id, who)
    for who in (LENA, MO):
        await places.says(who, "hallo")
    await places.says(LENA, said)
    read: dict[str, list[int]] = {LENA.person: [], MO.person: []}
    for day in range(22):
        await keeper_at(store, places).tick()
        for who in (LENA, MO):
            cards = [each for each in await places.messages(who) if each.kind is Kind.CHALLENGE]
            if any(each.text.startswith("Woche") for each in cards):
                read[who.person].append(day)
        await settle(places)
        async with store.database.write() as connection:
            await connection.execute(update(outbox).where(outbox.c.settled > 0).values(body=b""))
        places.now += DAY
        await store.upkeep(places.now)
        await places.works()

    assert await places.member(LENA) is None
    assert read == {LENA.person: [21], MO.person: [7, 14, 21]}


async def looked_at(places: Places, row: SendRow) -> str:
    """Why the last look calls it off."""
    look = look_at(places.store, row)
    assert look is not None
    try:
        await look()
    except CalledOffError as error:
        return error.reason
    return ""


async def posts(places: Places) -> dict[str, SendRow]:
    """The week's post of each person, as a sender has taken it."""
    async with places.store.database.write() as connection:  # the edit of the old card has left
        await connection.execute(update(outbox).where(outbox.c.only_edit).values(settled=places.now))
    rows = await places.store.settle_and_claim([], "telegram", ACCOUNT, places.now, 9)
    return {row.address.person: row for row in rows if WEEKS_POST in decode_message(row.body).text}


@pytest.mark.parametrize(
    ("becomes", "reason"),
    [
        ({"lock": "crisis"}, "locked"),
        ({"status": "paused"}, ""),
        ({"status": "left"}, "left"),
        ({"lock": "", "status": "active"}, ""),
    ],
)
async def test_the_last_look_at_a_card_sees_whose_it_is(store: Store, becomes: dict[str, Any], reason: str) -> None:
    places = await a_week_over(store)
    rows = await posts(places)
    async with store.database.write() as connection:
        lena = update(member).where(member.c.id == await member_of(store, "lena"))
        await connection.execute(lena.values(**becomes))

    assert await looked_at(places, rows["lena"]) == reason
    assert await looked_at(places, rows["mo"]) == ""
    in_place = await looked_at(places, replace(rows["lena"], replaces_remote="7"))
    assert in_place == reason


async def test_a_cry_for_help_reaches_the_post_that_a_sender_has_taken_already(store: Store) -> None:
    places = await a_week_over(store)
    rows = await posts(places)

    await places.says(LENA, "Ich will nicht mehr leben")

    assert await looked_at(places, rows["lena"]) == "cancelled"
    assert await looked_at(places, rows["mo"]) == ""


async def test_an_erasure_takes_the_waiting_card_and_every_word_and_tap_from_groups(store: Store) -> None:
    places = await begun(store)
    tap = ButtonTapped(data=tap_data(ROUND.id, ROUND_DAY))
    group = replace(LENA, room="-100", private=False)
    arrivals = [
        Arrival(source=f"tap {who}", address=replace(group, person=who), event=tap, at=places.now)
        for who in ("lena", "LENA", "lena2")
    ]
    said = Arrival(source="said", address=replace(group, room="-200"), event=TextReceived(text="/heute"), at=places.now)
    await store.receive([*arrivals, said], now=places.now)
    await places.works()
    await places.says(LENA, "/loeschen")

    await places.taps(LENA, "yes")

    async with store.database.read() as connection:
        waiting = (await connection.execute(select(outbox).where(outbox.c.address_key == LENA.key))).all()
        heard = set((await connection.execute(select(inbox.c.address_key))).scalars())
        known = set((await connection.execute(select(address.c.person))).scalars())
    assert waiting  # the goodbye
    assert all(row.farewell for row in waiting)
    assert {key.split("\n")[2] for key in heard if key} == {"LENA", "lena2", "mo"}
    assert known == {"mo"}
    places.now += SECOND
    await store.receive([arrivals[0]], now=places.now)  # the platform gives it out once more
    await places.works()
    async with store.rounds(places.now) as desk:
        assert (await desk.tally(ROUND.id)).people == 3  # Mo, and the two guests


async def test_a_tap_in_a_group_beside_the_erasure_itself_brings_nobody_back(store: Store) -> None:
    """Both lie in one batch: the tap must not be counted for a new guest after the member is gone."""
    places = await begun(store)
    await places.says(LENA, "/loeschen")
    places.now += SECOND
    yes = await places.button(LENA, "yes")
    tap = ButtonTapped(data=tap_data(ROUND.id, ROUND_DAY))
    group = replace(LENA, room="-100", private=False)
    arrivals = [
        Arrival(source="yes", address=LENA, event=yes, at=places.now),
        Arrival(source="tap", address=group, event=tap, at=places.now),
    ]
    await store.receive(arrivals, now=places.now)
    await places.works()

    async with store.rounds(places.now) as desk:
        assert (await desk.tally(ROUND.id)).people == 1  # Mo
