"""Brings a database to the newest tables. SQLite is migrated at start, PostgreSQL by `rueckgrat db upgrade`.

Alembic takes a third of a second to load: a database that is up to date, or empty, does not need it.
"""

from pathlib import Path

from sqlalchemy import Connection, inspect, text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.rows import NewerStoreError
from bot.store.schema import metadata

# The last of migrations/versions, by the files' names: a second list would be forgotten one day.
NEWEST = max(path.stem.partition("_")[0] for path in Path(__file__).with_name("migrations").glob("versions/v*.py"))
_ONE_AT_A_TIME = 7_232_641  # any number, the same for all of us


def _is_behind(connection: Connection) -> bool:
    current = _revision(connection)
    if current in {None, NEWEST}:
        return current is None
    from bot.store.migrating import known_revisions  # noqa: PLC0415  loads alembic

    if current not in known_revisions():
        raise NewerStoreError(f"the database is at {current}, newer than this program: install the newer version")
    return True


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


async def needs_upgrade(connection: AsyncConnection) -> bool:
    return await connection.run_sync(_is_behind)


async def upgrade(connection: AsyncConnection) -> bool:
    """In the caller's transaction; whoever comes second waits and finds it done."""
    if connection.dialect.name == "postgresql":
        await connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _ONE_AT_A_TIME})
    if not await needs_upgrade(connection):
        return False
    if await connection.run_sync(_is_empty):
        await connection.run_sync(_create)
        return True
    from bot.store.migrating import to_newest  # noqa: PLC0415  loads alembic

    await connection.run_sync(to_newest)
    return True


def _is_empty(connection: Connection) -> bool:
    return not inspect(connection).get_table_names()


def _create(connection: Connection) -> None:
    """The tables as all migrations together would have made them; a test compares the two, letter by letter."""
    metadata.create_all(connection)
    connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)"))
    connection.execute(text("INSERT INTO alembic_version VALUES (:newest)"), {"newest": NEWEST})
