"""What the coach says aloud in a group: help at once and to somebody who can be reached, all else seldom."""

import re
from dataclasses import fields, replace

import pytest
from sqlalchemy import select

from bot.coach.alarm import AlarmLevel
from bot.dialogue.events import Address, Arrival, Event, ReachChanged, TextReceived
from bot.dialogue.messages import Kind, Priority
from bot.dialogue.wire import decode_message
from bot.library.catalog import LANGUAGES
from bot.runtime.kitting import Kitted
from bot.runtime.matrix import own_lines
from bot.store.schema import outbox
from bot.store.store import Store
from tests.dialogue.room import the_detector, the_kit
from tests.group_words import wrong_lines
from tests.runtime.places import Places, place, trained
from tests.shipped import CONTENT
from tests.store.given import SECOND

ANNA = place("telegram", "anna")
NUMB = "Ich bin seit heute taub zwischen den Beinen und kann kein Wasser lassen"


def in_group(person: str, room: str = "-100") -> Address:
    return replace(place("telegram", person), room=room, private=False)


def alarm() -> TextReceived:
    """As the intake leaves it: the alarm without its words."""
    found = the_detector().check(NUMB)
    assert found.level is AlarmLevel.EMERGENCY
    return TextReceived(text="", alarm=found, language="de")


async def hears(places: Places, said: list[tuple[Address, Event]]) -> None:
    places.now += SECOND
    arrivals = [
        Arrival(source=f"{places.now}:{number}", address=where, event=event, at=places.now)
        for number, (where, event) in enumerate(said)
    ]
    await places.store.receive(arrivals, now=places.now)
    await places.works()


async def lines(store: Store, room: str = "-100") -> list[tuple[int, str, str]]:
    async with store.database.read() as connection:
        query = select(outbox.c.priority, outbox.c.kind, outbox.c.body).where(~outbox.c.private)
        rows = await connection.execute(query.where(outbox.c.address_key.contains(room)).order_by(outbox.c.id))
        return [(row.priority, row.kind, decode_message(row.body).text) for row in rows]


async def test_help_goes_first_and_thirty_commands_are_one_line(store: Store) -> None:
    places = Places(store)
    await hears(places, [(in_group(f"p{number}"), TextReceived(text="/heute", language="de")) for number in range(30)])
    await hears(places, [(in_group("somebody"), alarm()), (in_group("else"), TextReceived(text="/notfall"))])

    told = await lines(store)
    assert [(priority, kind) for priority, kind, _ in told] == [
        (Priority.GROUP, Kind.TALK),
        (Priority.EMERGENCY, Kind.EMERGENCY),
        (Priority.EMERGENCY, Kind.EMERGENCY),
    ]
    assert all("112" in text for *_, text in told)


async def test_many_who_call_at_once_read_one_line_and_whoever_comes_later_their_own(store: Store) -> None:
    """So that help never runs into a group's twenty messages a minute, and waits."""
    places = Places(store)
    await hears(places, [(in_group(f"p{number}"), alarm()) for number in range(30)])
    await hears(places, [(in_group("later"), alarm()), (in_group("p", "-1100"), alarm())])
    assert (len(await lines(store)), len(await lines(store, "-1100"))) == (1, 1)
    for late in range(18):
        await hears(places, [(in_group(f"q{late}"), alarm())])
    assert len(await lines(store)) == 4


async def test_after_a_minute_there_is_another_line_and_another_room_has_its_own(store: Store) -> None:
    places = Places(store)
    for later in (0, 30, 61):
        places.now += later * SECOND
        await hears(places, [(in_group("p"), TextReceived(text="/heute", language="de"))])
    await hears(places, [(in_group("p", "-200"), TextReceived(text="/heute", language="de"))])

    assert len(await lines(store)) == 2
    assert len(await lines(store, "-200")) == 1


@pytest.mark.parametrize("reachable", [True, False])
async def test_an_alarm_is_answered_where_it_can_be_read(store: Store, *, reachable: bool) -> None:
    """In private; but who has blocked the coach would never see it, so the group reads whom to call."""
    places = Places(store)
    await places.knows(ANNA, trained())
    if not reachable:
        await hears(places, [(ANNA, ReachChanged(reachable=False))])
    before = len(await places.messages(ANNA))
    await hears(places, [(in_group("anna"), alarm())])

    private = (await places.messages(ANNA))[before:]
    public = await lines(store)
    assert [message.kind is Kind.EMERGENCY for message in private][:1] == ([True] if reachable else [])
    assert len(public) == (0 if reachable else 1)
    assert not any("taub" in text for *_, text in public)


async def test_whoever_called_for_help_in_a_group_stands_in_no_row_of_what_is_sent(store: Store) -> None:
    places = Places(store)
    await hears(places, [(in_group("gerda"), alarm())])

    async with store.database.read() as connection:
        rows = (await connection.execute(select(outbox))).all()
    assert len(rows) == 1
    assert "gerda" not in repr(rows)


HEALTH = re.compile(r"schmerz|rücken|übung|übst|schub|krank|pain|exercise|flare|\bill\b|\bback\b", re.IGNORECASE)


def test_what_the_matrix_channel_says_by_itself_may_stand_among_others() -> None:
    """Above all where somebody else has come into a private room: nothing there tells what it was about."""
    own = own_lines(Kitted(kit=the_kit(), detector=the_detector(), root=CONTENT))
    said = [line for kind in fields(own) for line in getattr(own, kind.name).values()]

    assert len(said) == len(fields(own)) * len(LANGUAGES)
    assert wrong_lines(said) == []  # a new kind of line is to be read there first
    assert [line for line in said if HEALTH.search(line)] == []
