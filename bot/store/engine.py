"""Connections: SQLite with one writer and a few readers, PostgreSQL with a pool. Pragmas, file modes, transactions."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import Executable, event, make_url
from sqlalchemy.engine import URL, Connection
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool

from bot.store.driver import connector
from bot.store.hot import Found, Values, run
from bot.store.sharing import SharedWriter
from bot.store.translation import translated

_BUSY_S = 5.0
_READERS = 4  # one of them is kept for single statements
_SCRUB_PAUSE_S = 0.05
_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",  # NORMAL forgets acknowledged input at a power cut
    "foreign_keys=ON",
    "secure_delete=ON",  # erased words are overwritten, not only unlinked
    "temp_store=MEMORY",
)
# Kilobytes of pages each connection keeps for itself; behind them stands the system's own cache, once for all.
_WRITERS_PAGES, _READERS_PAGES = "cache_size=-8000", "cache_size=-2000"


class Database:
    """Transactions on one database. In memory there is one connection: do not read while holding a transaction."""

    def __init__(self, writer: AsyncEngine, reader: AsyncEngine) -> None:
        self._writer = writer
        self._reader = reader
        self._shared = SharedWriter(writer) if writer.dialect.name == "sqlite" else None
        self._looking: AsyncConnection | None = None
        self._opening = asyncio.Lock()

    @classmethod
    def at(cls, url: str) -> "Database":
        """Raises ValueError with one line for an address that is neither SQLite nor PostgreSQL."""
        try:
            parsed = make_url(url)
        except ArgumentError:
            raise ValueError("the database address cannot be read") from None
        if parsed.get_backend_name() == "sqlite":
            return _sqlite(parsed.set(drivername="sqlite+aiosqlite"))
        if parsed.get_backend_name() == "postgresql":
            return _postgres(parsed.set(drivername="postgresql+asyncpg"))
        raise ValueError(f"{parsed.get_backend_name()} is not supported: use sqlite or postgresql")

    @property
    def dialect(self) -> str:
        return self._writer.dialect.name

    @property
    def is_sqlite(self) -> bool:
        return self.dialect == "sqlite"

    async def aclose(self) -> None:
        if self._shared is not None:
            await self._shared.aclose()
        await self._look_away()
        await self._writer.dispose()
        if self._reader is not self._writer:
            await self._reader.dispose()

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        """A transaction for the store's own statements: committed at the end, rolled back by any exception."""
        async with self.transaction() as connection:
            with translated():
                yield connection

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        if self._shared is not None and self._reader is self._writer:
            async with self.write() as connection:
                yield connection
            return
        async with _within(self._reader) as connection:
            with translated():
                yield connection

    async def look(self, statement: Executable, values: Values) -> Found:
        """One statement that stands in a module and only reads. SQLite needs no transaction around a single one."""
        if self._shared is None or self._reader is self._writer:
            async with self.read() as connection:
                return await run(connection, statement, values)
        with translated():
            try:
                return await run(await self._looked_with(), statement, values, alone=True)
            except Exception:
                await self._look_away(broken=True)
                raise

    async def _looked_with(self) -> AsyncConnection:
        """A reader kept for single statements: opening and resetting one takes ten times as long as they do."""
        async with self._opening:
            if self._looking is None:
                connection = self._reader.connect()
                await connection.start()
                self._looking = connection
            return self._looking

    async def _look_away(self, *, broken: bool = False) -> None:
        connection, self._looking = self._looking, None
        if connection is not None:
            with suppress(SQLAlchemyError, OSError):
                if broken:  # the pool would hand it out again
                    await connection.invalidate()
                await asyncio.shield(connection.close())

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncConnection]:
        """A transaction in which others' code runs too: only connecting and committing are translated."""
        if self._shared is not None:
            async with self._shared.transaction() as connection:
                yield connection
            return
        async with _within(self._writer) as connection:
            yield connection
            with translated():
                await connection.commit()

    async def outside(self, *statements: str) -> tuple[Any, ...] | None:
        """SQLite statements that cannot run inside a transaction, on the writer; the first row of the last one."""
        if self._shared is None:
            return None
        first: tuple[Any, ...] | None = None
        with translated():
            async with self._shared.alone() as driver:
                for statement in statements:
                    async with driver.execute(statement) as rows:
                        row = await rows.fetchone()
                        first = None if row is None else tuple(row)
        return first

    async def scrub(self, *, tries: int) -> bool:
        """After an erasure on SQLite: empty the write-ahead log, which still holds the old pages.

        False while somebody still reads an old page; never waits for them on the writer.
        """
        if not self.is_sqlite:
            return True
        (patience,) = await self.outside("PRAGMA busy_timeout") or (0,)
        for attempt in range(tries):
            if attempt:
                await asyncio.sleep(_SCRUB_PAUSE_S)
            await self.outside("PRAGMA busy_timeout=0")
            try:
                row = await self.outside("PRAGMA wal_checkpoint(TRUNCATE)")
            finally:
                await self.outside(f"PRAGMA busy_timeout={patience}")
            if row is None or row[0] == 0:
                return True
        return False


@asynccontextmanager
async def _within(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    connection = engine.connect()
    with translated():
        await connection.start()
    try:
        with translated():
            await connection.begin()
        yield connection
    finally:
        with suppress(SQLAlchemyError, OSError):  # closing rolls back; a lost connection has nothing to roll back
            await asyncio.shield(connection.close())


def _postgres(url: URL) -> Database:
    engine = create_async_engine(
        url,
        pool_size=8,
        max_overflow=4,
        pool_timeout=10,
        hide_parameters=True,
        connect_args={"timeout": 10, "command_timeout": 60, "server_settings": {"application_name": "rueckgrat"}},
    )
    return Database(engine, engine)


def _sqlite(url: URL) -> Database:
    in_memory = url.database in (None, "", ":memory:")
    if not in_memory:
        _create_private(Path(str(url.database)))
    timeout = str(url.query.get("timeout", _BUSY_S))
    if not timeout.replace(".", "", 1).isdecimal():
        raise ValueError("timeout must be a number of seconds")
    if "timeout" not in url.query:
        url = url.update_query_dict({"timeout": str(_BUSY_S)})
    writer = _sqlite_engine(url, size=1, begin=None, pragmas=(*_PRAGMAS, _WRITERS_PAGES))
    if in_memory:
        return Database(writer, writer)
    reading = (*_PRAGMAS, _READERS_PAGES, "query_only=ON")
    return Database(writer, _sqlite_engine(url, size=_READERS, begin="BEGIN", pragmas=reading))


def _sqlite_engine(url: URL, *, size: int, begin: str | None, pragmas: tuple[str, ...]) -> AsyncEngine:
    """`begin`: what begins a transaction, unless `SharedWriter` does."""
    engine = create_async_engine(
        url,
        async_creator=connector(url),
        poolclass=AsyncAdaptedQueuePool,
        pool_size=size,
        max_overflow=0,
        hide_parameters=True,
    )

    def on_connect(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # the driver's own transactions begin too late: only before a change
        cursor = connection.cursor()
        for pragma in pragmas:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    def on_begin(connection: Connection) -> None:
        if begin is not None:
            connection.exec_driver_sql(begin)

    event.listen(engine.sync_engine, "connect", on_connect)
    event.listen(engine.sync_engine, "begin", on_begin)
    return engine


def _create_private(path: Path) -> None:
    """The file, what SQLite puts beside it (it copies the mode) and new folders are for the owner only."""
    try:
        for folder in reversed([parent for parent in path.parents if not parent.exists()]):
            folder.mkdir(mode=0o700, exist_ok=True)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        for file in (path, Path(f"{path}-wal"), Path(f"{path}-shm")):
            with suppress(FileNotFoundError):
                file.chmod(0o600)
    except OSError:
        return  # a place that cannot be written is reported by the first transaction, as a store that is away
