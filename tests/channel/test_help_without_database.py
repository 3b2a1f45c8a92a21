"""Help comes within about a second while the database is locked or silent, at the settings of a fresh coach."""

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import SecretStr

from bot.runtime.lifecycle import Coach
from tests.botapi import TOKEN, BotApi
from tests.botapi.people import Person
from tests.channel.running import Clock, running, settings_for
from tests.channel.test_bad_days_outages import settled
from tests.servers.postgres import Postgres
from tests.website.page import Page, Place

ABOUT_A_SECOND_S = 1.5  # a pause of one between two looks, and what a send takes
PATIENCE_S = 40.0
CARD = "0800"
CRY = "Ich will nicht mehr leben"
CONSENT = "Darf ich mir deine Antworten merken"


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Another program holds the only writer's place of the file."""
    with closing(sqlite3.connect(folder / "rueckgrat.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


@asynccontextmanager
async def on_telegram(double: BotApi, folder: Path, clock: Clock, **given: SecretStr) -> AsyncIterator[Coach]:
    bot = {"telegram_token": SecretStr(TOKEN), "telegram_api_url": double.url, "telegram_rate": 0}
    async with running(settings_for(folder, **bot, **given), now=clock) as coach:
        await double.polled()
        yield coach


async def answered_after(person: Person, text: str) -> float:
    """Seconds until the card is there."""
    before, began = len(person.messages), time.monotonic()
    await person.send(text)
    await person.wait_for(lambda room: any(CARD in each.text for each in room.messages[before:]), PATIENCE_S)
    return time.monotonic() - began


def cards(person: Person) -> int:
    return sum(CARD in message.text for message in person.messages)


async def test_on_telegram_while_another_program_locks_the_file(double: BotApi, tmp_path: Path, clock: Clock) -> None:
    ada, ben = double.person(2001), double.person(2002)
    async with on_telegram(double, tmp_path, clock) as coach:
        await ada.send("/start")
        await ada.sees(CONSENT, PATIENCE_S)
        with locked(tmp_path):
            assert await answered_after(ada, "/notfall") < ABOUT_A_SECOND_S
            await asyncio.sleep(1.5)  # the others have queued up by now
            assert await answered_after(ben, CRY) < ABOUT_A_SECOND_S
            asked = len([r for r in double.requests if r.method == "getUpdates"])
            await asyncio.sleep(2)
            assert len([r for r in double.requests if r.method == "getUpdates"]) - asked <= 3
        await settled(coach, double)
        assert cards(ada) == 1
        await ben.wait_for(lambda room: cards(room) == 2, PATIENCE_S)  # the second is from the turn that locks


@dataclass
class Hole:
    """Before a database: a network in which everything gets lost once it is shut, and nobody is told."""

    target: int
    through: asyncio.Event = field(default_factory=asyncio.Event)
    _ways: set[asyncio.Task[None]] = field(default_factory=set)

    def opens(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        way = asyncio.create_task(self._serve(reader, writer))
        self._ways.add(way)
        way.add_done_callback(self._ways.discard)

    async def aclose(self) -> None:
        for way in self._ways:
            way.cancel()
        await asyncio.gather(*self._ways, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there = None
        try:
            await self.through.wait()
            back, there = await asyncio.open_connection("127.0.0.1", self.target)
            await asyncio.gather(self._carry(reader, there), self._carry(back, writer))
        except ConnectionError:
            return
        finally:
            for end in (writer, there):
                if end is not None:
                    end.transport.abort()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65536):
            await self.through.wait()
            writer.write(data)
            await writer.drain()
        writer.close()


async def test_on_telegram_while_postgresql_is_silent(
    double: BotApi, tmp_path: Path, clock: Clock, postgres: Postgres, postgres_url: str
) -> None:
    hole = Hole(postgres.port)
    hole.through.set()
    server = await asyncio.start_server(hole.opens, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    url = SecretStr(postgres_url.replace(f":{postgres.port}", f":{port}"))
    ada, ben = double.person(2001), double.person(2002)
    async with on_telegram(double, tmp_path, clock, database_url=url) as coach:
        await ada.send("/start")
        await ada.sees(CONSENT, PATIENCE_S)
        await settled(coach, double)
        hole.through.clear()
        assert await answered_after(ada, "/notfall") < ABOUT_A_SECOND_S
        await asyncio.sleep(1.5)
        assert await answered_after(ben, CRY) < ABOUT_A_SECOND_S
        hole.through.set()
        await ben.wait_for(lambda room: cards(room) == 2, PATIENCE_S)
        assert coach.failed == []
    server.close()
    await hole.aclose()


async def test_a_card_that_was_not_delivered_has_answered_nobody(double: BotApi, tmp_path: Path, clock: Clock) -> None:
    ada = double.person(2001)
    async with on_telegram(double, tmp_path, clock):
        await ada.send("/start")
        await ada.sees(CONSENT, PATIENCE_S)
        with locked(tmp_path):
            lost = double.fault("server_error", "sendMessage", chat=ada, seconds=2)
            await ada.send("/notfall")
            async with asyncio.timeout(PATIENCE_S):
                while not lost.hits:  # noqa: ASYNC110  the double rings no bell for a fault
                    await asyncio.sleep(0.02)
        await ada.sees(CARD, PATIENCE_S)


async def test_on_the_web_also_behind_a_message_that_waits(tmp_path: Path, clock: Clock) -> None:
    async with running(settings_for(tmp_path, web_port=0), now=clock) as coach:
        port = int(coach.opened.address.rstrip("/").rpartition(":")[2])
        async with Page(Place(port)) as page:
            await page.write("hallo", "id-00000001")
            await page.hears("ack")
            with locked(tmp_path):
                await page.write("mir geht es gut", "id-00000002")
                await asyncio.sleep(0.2)
                began = time.monotonic()
                await page.write(CRY, "id-00000003")
                while not (line := (await page.hears("line"))["line"])["urgent"]:
                    continue
                assert time.monotonic() - began < ABOUT_A_SECOND_S
                assert CARD in str(line["spans"])
                again = time.monotonic()
                await page.write("/notfall", "id-00000004")
                while not (await page.hears("line"))["line"]["urgent"]:
                    continue
                assert time.monotonic() - again < ABOUT_A_SECOND_S
