"""What an operator types beside `run`: each does it, on either engine, and says so; what cannot be done is one line."""

import json
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from bot.channels.wall_clock import now_us
from bot.runtime.failures import CannotStartError
from bot.runtime.members import erase, export
from bot.runtime.preparing import bring_up_to_date, lock_file, look_at_folders
from bot.runtime.roles import ROLES
from bot.settings import Settings, read_settings
from bot.store.store import Store
from tests.bench.members import FIRST_PERSON, settle
from tests.runtime.test_bad_days import Coach
from tests.servers.postgres import Postgres

NAMED = {"operator_name": "Praxis Probe", "operator_contact": "probe@example.org", "_env_file": None}


def settings_at(url: str) -> Settings:
    given: dict[str, Any] = {**NAMED, "database_url": SecretStr(url)}
    return read_settings({}, **given)


async def test_an_export_holds_what_is_stored_and_the_member_is_told_once(store: Store, url: str) -> None:
    coach = Coach(store, now=now_us())
    first = await settle(store, 2, coach.now, due=None)
    await coach.hears((0, "/schmerz 4"))
    await coach.works()
    before = len(await coach.said_to(0))

    data = await export(settings_at(url), first)
    await coach.works()

    assert data is not None
    assert [fact["value"] for fact in data["journal"] if fact["kind"] == "pain"] == [4]
    assert data["places"] == [{"channel": "telegram", "reachable": True}]
    assert data["now"]["known"]["programme"]
    assert str(FIRST_PERSON) not in json.dumps(data)
    (told,) = (await coach.said_to(0))[before:]
    assert "probe@example.org" in told
    assert await coach.said_to(1) == []
    assert await export(settings_at(url), first + 99) is None


async def test_an_operator_erases_one_member_and_nobody_else(store: Store, url: str) -> None:
    first = await settle(store, 2, now_us(), due=None)

    assert await erase(settings_at(url), first)

    assert await store.member(first) is None
    assert await store.member(first + 1) is not None
    assert not await erase(settings_at(url), first)


def test_the_folders_of_a_first_start_are_for_their_owner_only(tmp_path: Path) -> None:
    var = tmp_path / "here" / "var"
    settings = settings_at(f"sqlite+aiosqlite:///{var}/rueckgrat.db").model_copy(update={"cache": var / "cache"})

    look_at_folders(settings, ROLES)
    lock = lock_file(settings)

    assert lock is not None
    lock.release()
    modes = {path.name: path.stat().st_mode & 0o777 for path in (var.parent, var, *var.iterdir())}
    assert modes == {"here": 0o700, "var": 0o700, "cache": 0o700, "rueckgrat.db.lock": 0o600}


async def test_an_older_server_is_not_migrated_by_a_start_but_asks_for_it(postgres: Postgres) -> None:
    url = await postgres.create_database("older")
    settings, store = settings_at(url), await Store.open(url)
    with pytest.raises(CannotStartError, match=r"^the database is older .*`rueckgrat db upgrade`$"):
        await bring_up_to_date(settings, store)
    assert await store.needs_upgrade()

    assert await store.migrate()
    await bring_up_to_date(settings, store)
    await store.aclose()
    await postgres.drop_database("older")
