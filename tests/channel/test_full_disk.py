"""A full disk, and a slow one: what was taken in is kept, a call for help is answered once, and all goes on."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import func, select

from bot.channels.channel import Delivery
from bot.runtime.helped import Helped
from bot.runtime.intake import StoreIntake
from bot.runtime.lifecycle import Coach
from bot.store.schema import inbox, outbox
from bot.store.store import Store
from tests.botapi import TOKEN, BotApi
from tests.botapi.people import Person
from tests.channel.running import Clock, running, settings_for
from tests.channel.test_bad_days_outages import consents, settled
from tests.channel.test_help_without_database import locked
from tests.dialogue.room import the_detector
from tests.runtime.outside import ScriptedChannel, VirtualTime
from tests.runtime.test_bad_days import Coach as Worked
from tests.store.given import NOW, wrote

PATIENCE = 20.0
CARD = "0800"
FILLS = 40  # long messages: more than what half-empty pages still hold


@pytest.fixture
async def coach(double: BotApi, tmp_path: Path, clock: Clock) -> AsyncIterator[Coach]:
    given = {"telegram_token": SecretStr(TOKEN), "telegram_api_url": double.url, "telegram_rate": 0}
    async with running(settings_for(tmp_path, **given), now=clock) as it:
        await double.polled()
        yield it


def cards(person: Person) -> int:
    return sum(CARD in message.text for message in person.messages)


async def test_on_a_full_disk_help_comes_and_what_was_taken_in_is_answered_when_there_is_room(
    coach: Coach, double: BotApi
) -> None:
    ada, ben = double.person(2001), double.person(2002)
    await consents(ada)
    await settled(coach, double)
    database = coach.store.database
    await database.outside("PRAGMA max_page_count=1")  # as many as there are: SQLite gives up none it has
    for number in range(FILLS):
        await ben.send(f"{number} " + "lorem ipsum dolor " * 160)

    await ada.send("/notfall")
    await ada.wait_for(lambda room: cards(room) == 1, PATIENCE)
    await asyncio.sleep(1)
    await database.outside("PRAGMA max_page_count=1073741823")
    await ada.send("/hilfe")
    await ada.wait_for(lambda room: any("/daten" in message.text for message in room.messages), PATIENCE)
    await settled(coach, double)

    assert cards(ada) == 1
    await ben.sees("Darf ich mir deine Antworten merken", PATIENCE)
    assert coach.failed == []
    async with database.read() as connection:
        found = await connection.execute(select(func.count()).select_from(inbox).where(inbox.c.settled > 0))
        assert found.scalar_one() >= FILLS  # each of the forty was taken in and worked on


async def test_what_a_slow_store_wrote_after_all_is_not_answered_again(
    coach: Coach, double: BotApi, tmp_path: Path
) -> None:
    """The card came from static text; then the row was there, too, before its write was given up."""
    ada = double.person(2001)
    await consents(ada)
    await settled(coach, double)
    with locked(tmp_path):
        await ada.send("/notfall")
        await ada.wait_for(lambda room: cards(room) == 1, PATIENCE)
    await ada.send("/hilfe")
    await ada.wait_for(lambda room: any("/daten" in message.text for message in room.messages), PATIENCE)
    await settled(coach, double)

    assert cards(ada) == 1


async def test_what_was_written_down_and_cannot_be_worked_on_is_helped_meanwhile_and_once(tmp_path: Path) -> None:
    """The message had room, its turn has none."""
    store = await Store.open(f"sqlite+aiosqlite:///{tmp_path}/rueckgrat.db?timeout=0.1")
    await store.migrate()
    await store.node("test", NOW)
    channel, helped, said = ScriptedChannel(VirtualTime()), Helped(), list[str]()

    async def hear(delivery: Delivery) -> None:
        said.append(delivery.message.text)

    channel.script = hear
    intake = StoreIntake(
        store=store,
        channel=channel,
        detector=the_detector(),
        static_help=lambda _: "112",
        now=lambda: NOW,
        on_received=lambda: None,
        helped=helped,
    )
    worker = replace(Worked(store).worker(), helped=helped)
    await intake.receive([wrote("anna", "/notfall", "1"), wrote("bert", "hallo", "2")])
    with locked(tmp_path):
        running = asyncio.create_task(worker.run())
        async with asyncio.timeout(PATIENCE):
            while not said:  # noqa: ASYNC110  a script rings no bell
                await asyncio.sleep(0.02)
    worker.stop()
    await running
    await worker.work_once()

    assert said == ["112"]
    async with store.database.read() as connection:
        to = (await connection.execute(select(outbox.c.address_key))).scalars().all()
        left = (await connection.execute(select(func.count()).where(inbox.c.settled == 0))).scalar_one()
    assert (left, {key.rpartition("\n")[2] for key in to}) == (0, {"bert"})
    await store.aclose()
