"""Moving together in a Telegram group: guests, double taps, taking back, midnight, weeks, an upgrade, no leaks."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.coach.challenge import active_day_of
from bot.dialogue.moment import from_micros
from bot.runtime.lifecycle import Coach
from bot.store.rounds import StoredRound
from tests.botapi import TOKEN, BotApi
from tests.botapi.groups import Group
from tests.botapi.people import Person
from tests.botapi.views import Message
from tests.channel.running import Clock, running, settings_for

ROOM_CODE = "ABCDE23456"
UNSAYABLE = re.compile(
    r"schmerz|pain|übung|exercise|rücken|back|level|stufe|krank|pause|fehl|missing|notfall", re.IGNORECASE
)


@pytest.fixture
def clock() -> Clock:
    clock = Clock()
    clock.until(1, 12)
    return clock


@pytest.fixture
async def coach(double: BotApi, tmp_path: Path, clock: Clock) -> AsyncIterator[Coach]:
    given = {"telegram_token": SecretStr(TOKEN), "telegram_api_url": double.url, "telegram_rate": 0}
    async with running(settings_for(tmp_path, **given), now=clock) as it:
        yield it


async def started(coach: Coach, clock: Clock, weeks: int = 2) -> StoredRound:
    today = active_day_of(from_micros(clock()), "Europe/Berlin", coach.kitted.kit.library.thresholds.challenge)
    made = StoredRound(
        id=coach.store.ids.next(clock()),
        starter=0,
        code="JKLMN23456",
        room_code=ROOM_CODE,
        name="team",
        language="de",
        zone="Europe/Berlin",
        begins=today.isoformat(),
        weeks=weeks,
        goal=20,
    )
    async with coach.store.rounds(clock()) as desk:
        assert await desk.start(made, 5)
    return made


def people(double: BotApi, count: int) -> list[Person]:
    return [double.person(2000 + number, language="de") for number in range(count)]


async def shown(group: Group, words: str) -> Message:
    return await group.wait_for(lambda room: next((m for m in room.messages if words in m.text), None))


def total(message: Message) -> int:
    found = re.search(r"Gemeinsam: (\d+) Tage", message.text)
    assert found, message.text
    return int(found.group(1))


async def tapped(folks: list[Person], group: Group, button: str = "Heute bewegt") -> None:
    card = next(m for m in reversed(group.messages) if m.buttons)
    for person in folks:
        await (await person.tap(card, button)).answered()


@pytest.mark.usefixtures("coach")
async def test_two_weeks_of_a_group(double: BotApi, coach: Coach, clock: Clock) -> None:
    folks = people(double, 6)
    group = double.group(folks)
    await started(coach, clock)
    await folks[0].send(f"/start r_{ROOM_CODE}", chat=group)
    card = await shown(group, "Gemeinsam bewegt")
    await group.wait_for(lambda room: room.pinned == [card.id])
    assert "Ab vier Leuten" in card.text

    await tapped(folks[:3], group)
    await tapped(folks[:3], group)  # double taps are forgiven
    clock.advance(seconds=5)
    await folks[3].tap(group.now(card), "Heute bewegt")
    clock.advance(seconds=5)
    seen = await shown(group, "Heute bewegt: 4")
    assert (seen.id, total(seen)) == (card.id, 4)

    await tapped(folks[:1], group, "Zurücknehmen")
    clock.advance(seconds=5)
    await shown(group, "Heute bewegt: 3")

    evening = group.now(card)
    clock.until(1, 2, 30)  # half past two at night: still the same day
    await tapped(folks[4:5], group)
    clock.advance(seconds=5)
    await shown(group, "Heute bewegt: 4")
    clock.until(0, 3, 1)
    await shown(group, "Heute bewegt: 0")
    await (await folks[5].tap(evening, "Heute bewegt")).answered()  # yesterday's button counts for nothing now
    clock.advance(seconds=5)
    await tapped(folks[:1], group)
    clock.advance(seconds=5)
    assert total(await shown(group, "Heute bewegt: 1")) == 5

    clock.advance(days=7)
    assert (await shown(group, "Woche 1 ist geschafft")).photo
    second = await shown(group, "Woche 2 von 2")
    assert second.id != card.id
    assert group.now(card).buttons == ()

    group = await group.upgrade()
    clock.until(1, 12)  # the next day's card is written where the group is now
    await shown(group, "Woche 2 von 2")
    await tapped(folks[1:2], group)
    clock.advance(seconds=5)
    await shown(group, "Heute bewegt: 1")
    clock.advance(days=8)
    over = await shown(group, "ist zu Ende")
    assert "gemeinsam" in over.text
    assert over.photo
    for message in group.messages:
        assert not UNSAYABLE.search(message.text), message.text
