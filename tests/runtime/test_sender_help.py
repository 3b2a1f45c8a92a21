"""Emergency texts that a platform refuses, keeps waiting, or cannot deliver: the card arrives all the same."""

import pytest
from sqlalchemy import insert

from bot.channels.channel import (
    Delivery,
    DeliveryError,
    NotSentError,
    RefusedError,
    RetryLaterError,
    UnreachableError,
)
from bot.dialogue.messages import Kind, Message, Priority
from bot.store.rows import NewSend
from bot.store.schema import address
from bot.store.store import Store
from tests.runtime.outside import Room, ScriptedChannel, VirtualTime, message, write
from tests.store.given import ACCOUNT, CHANNEL, NOW, at, known


async def test_an_emergency_text_that_waits_for_a_minute_is_counted_once(
    store: Store, channel: ScriptedChannel, time: VirtualTime
) -> None:
    channel.faults = {1: [NotSentError() for _ in range(12)]}
    await write(store, message(1, priority=Priority.EMERGENCY), message(2, "ben", priority=Priority.EMERGENCY))
    room = Room(store, channel, time)

    await room.pass_time(55)
    assert "emergency_late" not in room.metrics.values()
    await room.pass_time(100)
    assert room.metrics.values()["emergency_late"] == 1  # the other one was delivered


async def test_each_emergency_text_that_waits_for_a_minute_is_counted(
    store: Store, channel: ScriptedChannel, time: VirtualTime
) -> None:
    people = ["anna", "ben", "cem"]
    channel.faults = {n: [NotSentError() for _ in range(12)] for n in range(3)}
    await write(store, *(message(n, people[n], priority=Priority.EMERGENCY) for n in range(3)))
    room = Room(store, channel, time)
    await room.pass_time(100)
    assert room.metrics.values()["emergency_late"] == 3


def urgent(number: int, person: str = "anna") -> NewSend:
    return message(number, person, priority=Priority.EMERGENCY, kind=Kind.EMERGENCY.value)


async def elsewhere(store: Store, number: int, person: str) -> None:
    """The member is also reached there, or was once."""
    async with store.database.write() as connection:
        values = {"id": 7, "member_id": number, "bucket": 0, "key": at(person).key, "channel": CHANNEL}
        values |= {"account": ACCOUNT, "person": person, "room": person, "preferred": False, "reachable": False}
        await connection.execute(insert(address).values(**values, created=NOW))


async def test_an_emergency_text_that_is_refused_for_good_is_replaced_by_the_plain_card_in_every_place_once(
    store: Store, channel: ScriptedChannel, time: VirtualTime
) -> None:
    anna = await known(store, sends=(urgent(1),))
    await elsewhere(store, anna, "anna at home")
    said: list[tuple[str, Message]] = []

    async def refuse(delivery: Delivery) -> None:
        said.append((delivery.address.room, delivery.message))
        if delivery.address.room == "anna":
            raise RefusedError("BadRequest")

    channel.script = refuse
    await Room(store, channel, time).pass_time(30)

    assert [room for room, _ in said] == ["anna", "anna", "anna at home"]
    for _, card in said[1:]:
        assert (card.text, card.buttons, card.picture, card.kind) == (
            "Hilfe: 112 und 116 117",
            (),
            None,
            Kind.EMERGENCY,
        )


@pytest.mark.parametrize(
    ("trouble", "within_s"),
    [(NotSentError(), 70), (RetryLaterError(60, only_here=True), 70), (UnreachableError(), 5)],
    ids=["waits", "held", "blocked"],
)
async def test_an_emergency_text_that_does_not_arrive_goes_to_the_other_places(
    store: Store, channel: ScriptedChannel, time: VirtualTime, trouble: DeliveryError, within_s: int
) -> None:
    anna = await known(store, sends=(urgent(1),))
    await elsewhere(store, anna, "anna at home")

    async def fail(delivery: Delivery) -> None:
        if delivery.address.room == "anna":
            raise trouble

    channel.script = fail
    await Room(store, channel, time).pass_time(100)

    (there,) = [one for one in channel.tries if one.room == "anna at home"]
    assert there.at <= within_s


async def test_where_an_emergency_text_has_arrived_no_card_follows(
    store: Store, channel: ScriptedChannel, time: VirtualTime
) -> None:
    anna = await known(store, sends=(urgent(1), urgent(2, "anna at home")))
    await elsewhere(store, anna, "anna at home")
    channel.faults = {1: [NotSentError() for _ in range(12)]}
    await Room(store, channel, time).pass_time(100)

    assert [one.row for one in channel.tries if one.room == "anna at home"] == [2]
