"""A start before the database is there: it is waited for, and a call for help is answered meanwhile."""

import asyncio
import socket
from pathlib import Path
from typing import Any

from aiohttp import ClientSession
from pydantic import SecretStr

from bot.settings import Settings
from tests.botapi import TOKEN, BotApi
from tests.channel.late_start import PATIENCE, starting_late
from tests.channel.running import settings_for
from tests.servers.postgres import Postgres


def on_telegram(folder: Path, double: BotApi, url: str, **given: Any) -> Settings:
    bot = {"telegram_token": SecretStr(TOKEN), "telegram_api_url": double.url, "telegram_rate": 0}
    return settings_for(folder, database_url=SecretStr(url), **bot, **given)


async def test_a_webhook_and_the_web_page_give_help_while_the_start_waits(
    postgres: Postgres, postgres_url: str, double: BotApi, tmp_path: Path
) -> None:
    port = free_port()
    settings = on_telegram(
        tmp_path,
        double,
        postgres_url,
        telegram_webhook_url=f"http://127.0.0.1:{port}/telegram",
        telegram_webhook_secret=SecretStr("a-secret-of-ours"),
        web_port=port,
    )
    ada = double.person(1001, started=True)
    async with starting_late(postgres, settings) as start:
        await ada.send("/notfall")
        await ada.sees("112", PATIENCE)
        async with ClientSession(f"http://127.0.0.1:{port}") as http:
            for path in ("/", "/notfall", "/readyz"):
                async with http.get(path) as answer:
                    assert answer.status == 503
                    assert ("database" if path == "/readyz" else 'href="tel:112"') in await answer.text()
        async with start.comes():
            await ada.send("/hilfe")
            await ada.wait_for(lambda room: any("/daten" in each.text for each in room.messages), PATIENCE)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def test_the_start_waits_for_the_database_and_answers_calls_for_help(
    postgres: Postgres, postgres_url: str, double: BotApi, tmp_path: Path
) -> None:
    ada, eva = double.person(1001, started=True), double.person(1002, started=True)
    async with starting_late(postgres, on_telegram(tmp_path, double, postgres_url)) as start:
        await double.polled(PATIENCE)
        await ada.send("/notfall")
        await eva.send("Ich will nicht mehr leben")
        for person in (ada, eva):
            await person.sees("112", PATIENCE)
        async with start.comes() as coach, asyncio.timeout(PATIENCE):
            while True:
                found = await coach.store.member_by_address(f"telegram\n{TOKEN.partition(':')[0]}\n1002\n1002")
                if found is not None and found.lock:
                    break
                await asyncio.sleep(0.05)
        assert found.lock == "crisis"  # what was answered meanwhile has been kept by Telegram and is worked on
