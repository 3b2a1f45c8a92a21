"""Migrations: they build exactly the tables of the schema, once, whoever comes first."""

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, inspect, text

from bot.store.migrating import known_revisions, to_newest
from bot.store.migration import NEWEST
from bot.store.rows import NewerStoreError
from bot.store.schema import metadata
from bot.store.store import Store
from tests.servers.postgres import Postgres

SQLITE_SHAPE = "SELECT type, name, tbl_name, sql FROM sqlite_master WHERE name NOT LIKE '%alembic%' ORDER BY name"
INDEXES = """
    SELECT tablename, indexdef FROM pg_indexes
    WHERE schemaname = 'public' AND tablename <> 'alembic_version' ORDER BY 1, 2"""
CONSTRAINTS = """
    SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
    WHERE connamespace = 'public'::regnamespace AND conrelid::regclass::text <> 'alembic_version' ORDER BY 1, 2"""
COLUMNS = """
    SELECT table_name, column_name, data_type, is_nullable, column_default, ordinal_position
    FROM information_schema.columns
    WHERE table_schema = 'public' AND table_name <> 'alembic_version' ORDER BY 1, 6"""


def _differences(connection: Connection) -> list[object]:
    return list(compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), metadata))


async def _shape(store: Store) -> list[tuple[object, ...]]:
    queries = (SQLITE_SHAPE,) if store.database.is_sqlite else (INDEXES, CONSTRAINTS, COLUMNS)
    async with store.database.read() as connection:
        return [
            tuple(" ".join(part.split()) if isinstance(part, str) else part for part in row)
            for query in queries
            for row in await connection.execute(text(query))
        ]


def test_the_newest_revision_is_the_last_migration() -> None:
    assert known_revisions()[0] == NEWEST


async def test_alembic_finds_no_difference(store: Store) -> None:
    async with store.database.read() as connection:
        assert await connection.run_sync(_differences) == []
        names = await connection.run_sync(lambda sync: inspect(sync).get_table_names())
    assert set(names) == {*metadata.tables, "alembic_version"}


async def test_migrated_and_created_databases_are_alike_on_sqlite(tmp_path: Path) -> None:
    await _same_shape(*(f"sqlite+aiosqlite:///{tmp_path}/{name}.db" for name in ("migrated", "created")))


async def test_migrated_and_created_databases_are_alike_on_postgres(postgres: Postgres) -> None:
    names = ("by_migrations", "at_once")
    await _same_shape(*[await postgres.create_database(name) for name in names])
    for name in names:
        await postgres.drop_database(name)


async def _same_shape(one_url: str, other_url: str) -> None:
    """By the migrations, one after the other; and as an empty database is made."""
    migrated, created = await Store.open(one_url), await Store.open(other_url)
    async with migrated.database.write() as connection:
        await connection.run_sync(to_newest)
    assert await created.migrate()
    assert await _shape(migrated) == await _shape(created)
    assert not await migrated.needs_upgrade()
    assert not await created.needs_upgrade()
    assert len(await _shape(created)) > len(metadata.tables)
    await migrated.aclose()
    await created.aclose()


async def test_a_migrated_database_needs_nothing(store: Store) -> None:
    assert not await store.needs_upgrade()
    assert not await store.migrate()


def test_a_new_and_a_migrated_database_are_opened_without_alembic(tmp_path: Path) -> None:
    code = (
        "import asyncio, sys\n"
        "from bot.store.store import Store\n"
        "async def main():\n"
        "    for _ in range(2):\n"
        "        store = await Store.open(sys.argv[1])\n"
        "        print(await store.migrate(), 'alembic' in sys.modules)\n"
        "        await store.aclose()\n"
        "asyncio.run(main())"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, f"sqlite+aiosqlite:///{tmp_path}/new.db"],
        capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2], timeout=60,
    )  # fmt: skip
    assert done.stdout == "True False\nFalse False\n"


async def test_two_processes_migrate_one_file_one_after_the_other(tmp_path: Path) -> None:
    stores = [await Store.open(f"sqlite+aiosqlite:///{tmp_path}/new.db") for _ in range(2)]
    assert await stores[0].needs_upgrade()

    assert sorted(await asyncio.gather(*(one.migrate() for one in stores))) == [False, True]
    for one in stores:
        assert not await one.needs_upgrade()
        await one.aclose()


async def test_two_processes_migrate_one_server_one_after_the_other(postgres: Postgres) -> None:
    address = await postgres.create_database("upgraded")
    stores = [await Store.open(address) for _ in range(2)]

    assert sorted(await asyncio.gather(*(one.migrate() for one in stores))) == [False, True]
    for one in stores:
        await one.aclose()
    await postgres.drop_database("upgraded")


async def test_a_database_of_newer_code_is_refused(store: Store) -> None:
    async with store.database.write() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = 'v9999'"))

    with pytest.raises(NewerStoreError, match="v9999"):
        await store.needs_upgrade()
    with pytest.raises(NewerStoreError):
        await store.migrate()
