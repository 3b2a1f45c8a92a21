"""The coach in several processes on PostgreSQL: who does what, what is refused, what leaves when a member leaves."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from pydantic import SecretStr

from bot.runtime.departed import QUIET_US, Departed
from bot.runtime.failures import CannotStartError
from bot.runtime.lifecycle import Coach
from bot.runtime.roles import ROLES, roles_of
from bot.settings import Settings
from tests.botapi import TOKEN, BotApi
from tests.channel.running import Clock, running, settings_for
from tests.website import Page

PATIENCE_S = 20


def on_postgres(**given: Any) -> Settings:
    values = {"database_url": SecretStr("postgresql+asyncpg://coach@127.0.0.1/coach"), **given}
    return settings_for(Path("/nowhere"), **values)


@pytest.mark.parametrize(
    ("settings", "named", "line"),
    [
        (settings_for(Path("/nowhere")), ["web"], "--role: on SQLite one process does everything"),
        (settings_for(Path("/nowhere")), ["worker", "clock", "telegram"], "--role telegram needs RUECKGRAT_TELEGRAM_"),
        (on_postgres(), ["telegram"], "--role telegram needs RUECKGRAT_TELEGRAM_TOKEN"),
        (on_postgres(), ["worker", "matrix"], "--role matrix needs RUECKGRAT_MATRIX_HOMESERVER"),
        (on_postgres(telegram_token=SecretStr(TOKEN)), ["web"], "--role web needs RUECKGRAT_WEB_PORT"),
        (on_postgres(operator_name=None), ["worker"], "--role needs RUECKGRAT_OPERATOR_NAME"),
    ],
)
def test_a_role_that_could_do_nothing_is_refused(settings: Settings, named: list[str], line: str) -> None:
    with pytest.raises(CannotStartError) as refused:
        roles_of(settings, named)

    assert str(refused.value).startswith(line)


def test_without_a_role_one_process_does_everything() -> None:
    assert roles_of(settings_for(Path("/nowhere")), None) == ROLES
    assert roles_of(on_postgres(), ["worker", "worker"]) == {"worker"}


@dataclass
class Split:
    """Channels in one process, the work in another."""

    double: BotApi
    front: Coach
    back: Coach

    @property
    def site(self) -> Any:
        """What a `Page` asks of a web chat."""
        assert self.front.opened.front is not None
        port = self.front.opened.front.port
        return SimpleNamespace(port=port, url=f"http://127.0.0.1:{port}")


@pytest.fixture
async def split(postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Split]:
    monkeypatch.chdir(tmp_path)  # the web chat's own file lies in `var` there
    async with await BotApi.start() as double:
        given = {"telegram_token": SecretStr(TOKEN), "telegram_api_url": double.url, "telegram_rate": 0, "web_port": 0}
        settings = settings_for(tmp_path, database_url=SecretStr(postgres_url), **given)
        async with (
            running(settings, frozenset({"telegram", "web"})) as front,
            running(settings, frozenset({"worker", "clock"})) as back,
        ):
            await double.polled()
            yield Split(double, front, back)


async def test_processes_that_share_only_the_database_are_one_coach(split: Split) -> None:
    ada = split.double.person(2001)
    await ada.send("/start")
    asked = await ada.sees("Darf ich mir deine Antworten merken", PATIENCE_S)
    await ada.tap(asked, "Ja, einverstanden")
    await ada.wait_for(lambda room: "1 von 4" in room.now(asked).text, PATIENCE_S)

    await erased_elsewhere(split)
    await readiness_names_what_does_not_run(split)


async def erased_elsewhere(split: Split) -> None:
    """Whoever is erased by another process leaves no word in the web chat; the others keep theirs."""
    assert split.front.opened.web is not None
    later = Clock(shift_us=2 * QUIET_US)
    departed = Departed(store=split.front.store, web=split.front.opened.web, now=later)
    async with Page(split.site) as page, Page(split.site) as other:
        for who, word in ((page, "Zwetschgendatschi"), (other, "bleibt stehen")):
            await who.write(word)
            await who.hears("line")  # one's own
            await who.hears("line")  # the answer: the event was worked on
        assert await departed.sweep() == 0
        keys = [address.key for address in await split.front.opened.web.quiet_rooms(later())]
        first = await split.back.store.member_by_address(keys[0])
        assert first is not None
        await split.back.store.erase(first.member, later())

        assert await departed.sweep() == 1
        assert [a.key for a in await split.front.opened.web.quiet_rooms(later())] == keys[1:]
    assert split.front.opened.web_file is not None
    (left,) = await split.front.opened.web_file.read("SELECT count(DISTINCT room) FROM line")
    assert left == (1,)


async def readiness_names_what_does_not_run(split: Split) -> None:
    async with httpx.AsyncClient(base_url=split.site.url) as asks:
        assert (await asks.get("/readyz")).json() == {"status": "ready"}
        split.double.revoke()
        await split.double.person(2001).send("hallo")
        refused = {task for task in asyncio.all_tasks() if task.get_name() == "receive telegram"}
        async with asyncio.timeout(PATIENCE_S):
            await asyncio.wait(refused)
        answer, alive = await asks.get("/readyz"), await asks.get("/healthz")

    assert answer.status_code == 503
    assert "receive telegram" in answer.json()["missing"]
    assert alive.status_code == 200
