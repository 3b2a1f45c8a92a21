"""A start before the database is there: it is waited for, and a call for help is answered meanwhile."""

import asyncio
import socket
from pathlib import Path

from aiohttp import ClientSession
from pydantic import SecretStr

from bot.runtime.lifecycle import open_coach
from tests.botapi import TOKEN, BotApi
from tests.channel.running import ALL_ROLES, settings_for
from tests.servers.postgres import Postgres
from tests.store.conftest import migrated_postgres, postgres

__all__ = ["migrated_postgres", "postgres"]

PATIENCE = 30.0


async def test_a_webhook_and_the_web_page_give_help_while_the_start_waits(
    postgres: Postgres, migrated_postgres: str, double: BotApi, tmp_path: Path
) -> None:
    url, port = await postgres.create_database("later", migrated_postgres), free_port()
    await postgres.run("ALTER DATABASE later ALLOW_CONNECTIONS false")
    settings = settings_for(
        tmp_path,
        database_url=SecretStr(url),
        telegram_token=SecretStr(TOKEN),
        telegram_api_url=double.url,
        telegram_rate=0,
        telegram_webhook_url=f"http://127.0.0.1:{port}/telegram",
        telegram_webhook_secret=SecretStr("a-secret-of-ours"),
        web_port=port,
    )
    starting = asyncio.create_task(open_coach(settings, ALL_ROLES))
    ada = double.person(1001, started=True)
    try:
        await ada.send("/notfall")
        await ada.sees("112", PATIENCE)
        async with ClientSession(f"http://127.0.0.1:{port}") as http:
            for path in ("/", "/notfall", "/readyz"):
                async with http.get(path) as answer:
                    assert answer.status == 503
                    assert ("database" if path == "/readyz" else 'href="tel:112"') in await answer.text()
        assert not starting.done()
        await postgres.run("ALTER DATABASE later ALLOW_CONNECTIONS true")
        coach = await asyncio.wait_for(starting, PATIENCE)
    finally:
        starting.cancel()
    try:
        await coach.start(ALL_ROLES)
        await ada.send("/hilfe")
        await ada.wait_for(lambda room: any("/daten" in each.text for each in room.messages), PATIENCE)
    finally:
        await coach.stop()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def test_the_start_waits_for_the_database_and_answers_calls_for_help(
    postgres: Postgres, migrated_postgres: str, double: BotApi, tmp_path: Path
) -> None:
    url = await postgres.create_database("late", migrated_postgres)
    await postgres.run("ALTER DATABASE late ALLOW_CONNECTIONS false")
    settings = settings_for(
        tmp_path,
        database_url=SecretStr(url),
        telegram_token=SecretStr(TOKEN),
        telegram_api_url=double.url,
        telegram_rate=0,
    )
    starting = asyncio.create_task(open_coach(settings, ALL_ROLES))
    ada, eva = double.person(1001, started=True), double.person(1002, started=True)
    try:
        await double.polled(PATIENCE)
        await ada.send("/notfall")
        await eva.send("Ich will nicht mehr leben")
        for person in (ada, eva):
            await person.sees("112", PATIENCE)
        assert not starting.done()

        await postgres.run("ALTER DATABASE late ALLOW_CONNECTIONS true")
        coach = await asyncio.wait_for(starting, PATIENCE)
    finally:
        starting.cancel()
    try:
        await coach.start(ALL_ROLES)
        async with asyncio.timeout(PATIENCE):
            while True:
                found = await coach.store.member_by_address(f"telegram\n{TOKEN.partition(':')[0]}\n1002\n1002")
                if found is not None and found.lock:
                    break
                await asyncio.sleep(0.05)
        assert found.lock == "crisis"  # what was answered meanwhile has been kept by Telegram and is worked on
    finally:
        await coach.stop()
