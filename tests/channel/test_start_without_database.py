"""A start before the database is there: it is waited for, and a call for help is answered meanwhile."""

import asyncio
from pathlib import Path

from pydantic import SecretStr

from bot.runtime.lifecycle import open_coach
from tests.botapi import TOKEN, BotApi
from tests.channel.running import ALL_ROLES, settings_for
from tests.servers.postgres import Postgres
from tests.store.conftest import migrated_postgres, postgres

__all__ = ["migrated_postgres", "postgres"]

PATIENCE = 30.0


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
