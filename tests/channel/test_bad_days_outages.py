"""Bad days on Telegram, from outside: the database is away, calls fail, a token is revoked, a member is erased."""

import asyncio
import logging
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.runtime.lifecycle import Coach
from tests.botapi import TOKEN, BotApi
from tests.botapi.people import Person
from tests.channel.running import Clock, running, settings_for

PATIENCE = 60.0
CONSENT = "Darf ich mir deine Antworten merken"
WORD = "Zwetschgendatschi"


@pytest.fixture
async def double() -> AsyncIterator[BotApi]:
    async with await BotApi.start() as api:
        yield api


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def coach(double: BotApi, tmp_path: Path, clock: Clock) -> AsyncIterator[Coach]:
    given = {
        "telegram_token": SecretStr(TOKEN),
        "telegram_api_url": double.url,
        "telegram_rate": 0,
        "database_url": SecretStr(f"sqlite+aiosqlite:///{tmp_path}/rueckgrat.db?timeout=0.1"),
        "cache": tmp_path / "cache",
    }
    async with running(settings_for(tmp_path, **given), now=clock) as it:
        await double.polled()
        yield it


async def consents(person: Person) -> None:
    await person.send("/start")
    asked = await person.sees(CONSENT, PATIENCE)
    await person.tap(asked, "Ja, einverstanden")
    await person.wait_for(lambda room: "1 von 4" in room.now(asked).text, PATIENCE)


async def settled(coach: Coach, double: BotApi) -> None:
    """Everything that came is worked on, everything that follows is sent."""
    await double.drained(PATIENCE)
    channel = coach.opened.channels[0]
    async with asyncio.timeout(PATIENCE):
        while (await coach.store.counts())["inbox waiting"] or await coach.store.waiting_sends(
            channel.name, channel.account
        ):
            await asyncio.sleep(0.05)


@contextmanager
def database_away(folder: Path) -> Iterator[None]:
    """Somebody else holds the only writer's place: every transaction of the coach fails."""
    with closing(sqlite3.connect(folder / "rueckgrat.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


async def test_while_the_database_is_away_help_is_answered_once_and_all_else_afterwards_in_order(
    coach: Coach, double: BotApi, tmp_path: Path
) -> None:
    ada, ben = double.person(2001), double.person(2002)
    await consents(ada)
    with database_away(tmp_path):
        before = len(ada.messages)
        await ada.send("/notfall")
        await ben.send("/start")
        card = await ada.sees("0800", PATIENCE)
        fetched = double.world.changed
        for _ in range(2):  # the same updates are fetched again meanwhile
            polls = len(double.calls("getUpdates"))
            await fetched.until(lambda polls=polls: len(double.calls("getUpdates")) > polls, PATIENCE)
        assert len(ada.messages) == before + 1
        assert ben.messages == []

    await ada.send("/hilfe")
    await ben.sees(CONSENT, PATIENCE)
    await settled(coach, double)

    texts = [message.text for message in ada.messages]
    assert texts.count(card.text) == 1
    assert "/notfall" in "".join(texts[before + 1 :])  # the help that was asked for afterwards
    assert [request.status for request in double.requests if request.status == 400] == []
