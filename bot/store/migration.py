"""Brings a database to the newest tables. SQLite is migrated at start, PostgreSQL by `rueckgrat db upgrade`."""

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.rows import NewerStoreError

_ONE_AT_A_TIME = 7_232_641  # any number, the same for all of us


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", "bot.store:migrations")
    config.set_main_option("path_separator", "os")
    return config


def _is_behind(connection: Connection) -> bool:
    scripts = ScriptDirectory.from_config(_config())
    current = MigrationContext.configure(connection).get_current_revision()
    if current is not None and current not in {script.revision for script in scripts.walk_revisions()}:
        raise NewerStoreError(f"the database is at {current}, newer than this program: install the newer version")
    return current != scripts.get_current_head()


async def needs_upgrade(connection: AsyncConnection) -> bool:
    return await connection.run_sync(_is_behind)


async def upgrade(connection: AsyncConnection) -> bool:
    """In the caller's transaction; whoever comes second waits and finds it done."""
    if connection.dialect.name == "postgresql":
        await connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _ONE_AT_A_TIME})
    if not await needs_upgrade(connection):
        return False
    await connection.run_sync(_to_head)
    return True


def _to_head(connection: Connection) -> None:
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
