"""Intake: each event once, positions with their events, damaged arrivals aside."""

from typing import Any

import pytest

from bot.channels.telegram.updates import damaged
from bot.dialogue.events import (
    Address,
    Arrival,
    Event,
    GroupChange,
    GroupChanged,
    ReachChanged,
    ReactionTakenBack,
    RoomMoved,
    SendRefused,
    TextReceived,
)
from bot.store.rows import Posted
from bot.store.store import Store
from tests.store.given import ACCOUNT, CHANNEL, NOW, at, event, known, text_of, texts, turn, wrote


async def test_a_redelivered_event_is_stored_once(store: Store) -> None:
    first = await store.receive([wrote("anna", "hallo", "1"), wrote("ben", "hi", "2")], now=NOW)
    again = await store.receive([wrote("ben", "hi", "2"), wrote("ben", "da?", "3")], now=NOW)

    assert (first, again) == (2, 1)
    assert texts(await turn(store)) == [["hallo"], ["hi", "da?"]]


async def test_the_same_source_within_one_delivery_is_stored_once(store: Store) -> None:
    assert await store.receive([wrote("anna", "hallo", "1"), wrote("anna", "hallo", "1")], now=NOW) == 1


async def test_a_redelivery_after_the_answer_is_ignored(store: Store) -> None:
    await store.receive([wrote("anna", "hallo", "1")], now=NOW)
    await turn(store)

    assert await store.receive([wrote("anna", "hallo", "1")], now=NOW) == 0
    assert await turn(store) == []


async def test_the_position_is_saved_with_the_events(store: Store) -> None:
    assert await store.position(CHANNEL, ACCOUNT, "offset") is None

    await store.receive([wrote("anna", "hallo", "1")], cursor=(CHANNEL, ACCOUNT, "offset", "2"), now=NOW)
    await store.receive([], cursor=(CHANNEL, ACCOUNT, "offset", "3"), now=NOW)

    assert await store.position(CHANNEL, ACCOUNT, "offset") == "3"
    assert await store.position(CHANNEL, "another", "offset") is None


async def test_cleaned_text_of_any_kind_arrives_unchanged(store: Store) -> None:
    text = "Rü\ufffdcken \u202eabc\u200d 🧘🏽‍♀️ ' \" \\ \n ;-- äöüß \U0010ffff"
    await store.receive([wrote("anna", text, "1")], now=NOW)

    assert texts(await turn(store)) == [[text]]


DAMAGED = {
    "NUL in the text": wrote("eve", "a\0b", "bad"),
    "surrogate in the text": wrote("eve", "a\ud800b", "bad"),
    "NUL in the source": wrote("eve", "hi", "b\0ad"),
    "surrogate in the room": Arrival(
        source="bad", address=Address(CHANNEL, ACCOUNT, "eve", "\udc00"), event=TextReceived(text="hi"), at=NOW
    ),
    "a time that fits no column": Arrival(source="bad", address=at("eve"), event=TextReceived(text="hi"), at=1 << 70),
}


@pytest.mark.parametrize("damaged", DAMAGED.values(), ids=DAMAGED.keys())
async def test_a_damaged_arrival_is_set_aside_and_the_others_go_on(store: Store, damaged: Arrival) -> None:
    arrivals = [wrote("anna", "davor", "1"), damaged, wrote("ben", "danach", "2")]
    assert await store.receive(arrivals, cursor=(CHANNEL, ACCOUNT, "offset", "4"), now=NOW) == 2

    assert texts(await turn(store)) == [["davor"], ["danach"]]
    assert await store.position(CHANNEL, ACCOUNT, "offset") == "4"
    dead = await store.dead_events()
    assert [(one.kind, one.channel, bool(one.error)) for one in dead] == [("text", CHANNEL, True)]

    await store.receive([damaged], now=NOW)
    assert len(await store.dead_events()) == 1


async def test_what_nobody_can_read_stays_for_the_doctor_without_a_word_of_it(store: Store) -> None:
    update = {"update_id": 5, "telepathy": {"text": "Ada wrote this"}}
    (arrival,) = damaged(update, "telepathy", ACCOUNT, NOW)

    for _ in range(2):
        assert await store.receive([arrival, wrote("anna", "hallo", "6")], now=NOW) <= 1

    (dead,) = await store.dead_events()
    assert (dead.kind, dead.error, dead.channel, dead.member_id) == ("telepathy", "Damaged", CHANNEL, None)
    assert texts(await turn(store)) == [["hallo"]]
    assert (await store.counts())["member"] == 1


SILENT = (
    ReachChanged(reachable=False),
    ReachChanged(reachable=True),
    GroupChanged(what=GroupChange.LEFT),
    SendRefused(row=1, reason="BadRequest"),
    RoomMoved(new_room="2"),
    ReactionTakenBack(reaction="r"),
)


@pytest.mark.parametrize("happened", SILENT)
async def test_a_stranger_who_says_nothing_is_no_member(store: Store, happened: Event) -> None:
    await store.receive([event("eva", happened, "1")], now=NOW)

    assert await turn(store) == []
    assert (await store.counts())["member"] == 0
    assert (await store.counts())["inbox waiting"] == 0

    await store.receive([event("eva", happened, "2"), wrote("eva", "hallo", "3")], now=NOW)
    (claim,) = await turn(store)
    assert [waiting.kind for waiting in claim.events][-1] == "text"
    assert (await store.counts())["member"] == 1


async def test_an_internal_event_comes_once_and_names_its_address(store: Store) -> None:
    anna = await known(store)
    blocked = Posted(member=anna, event=ReachChanged(reachable=False), source="blocked:7", address=at("anna"))

    assert await store.post([blocked], NOW) == 1
    assert await store.post([blocked], NOW) == 0
    (claim,) = await turn(store)
    assert [(one.kind, one.address) for one in claim.events] == [("reach", at("anna"))]


async def test_events_of_a_member_come_in_order_whatever_their_origin(store: Store) -> None:
    anna = await known(store)
    await store.receive([wrote("anna", "eins", "1")], now=NOW)
    await store.post([Posted(member=anna, event=TextReceived(text="zwei"), source="x")], NOW)
    await store.receive([wrote("anna", "drei", "3")], now=NOW)

    async with store.turns(NOW) as batch:
        (claim,) = batch.claims
        found: list[Any] = [text_of(one) for one in claim.events]
    assert found == ["eins", "zwei", "drei"]
