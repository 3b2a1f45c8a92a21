"""SQLite behind SQLAlchemy with one visit to the driver's thread a statement.

aiosqlite visits its thread four times for a query: open a cursor, execute, fetch, close. Each visit wakes the event
loop, which costs more than most of our statements. Here a statement is executed, read to its end and closed at once.
"""

import asyncio
import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import aiosqlite
from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.dialogue.failures import StoreAwayError

FEW = 64  # rows: more of them are written in the thread
_CHUNK = 64  # rows a chunk when a cursor of aiosqlite's own is iterated; ours are read whole


class Cursor:
    """What SQLAlchemy's adapter asks of a cursor; the rows are here when `execute` returns."""

    arraysize = 1

    def __init__(self, visit: Callable[..., Any], connection: sqlite3.Connection) -> None:
        self._visit = visit
        self._connection = connection
        self._rows: list[Any] = []
        self.description: Any = None
        self.rowcount = -1
        self.lastrowid: int | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def execute(self, operation: str, parameters: Sequence[Any] = ()) -> Self:
        await self._visit(self._run, operation, parameters)
        return self

    async def executemany(self, operation: str, parameters: Iterable[Sequence[Any]]) -> Self:
        await self._visit(self._run_many, operation, parameters)
        return self

    async def fetchall(self) -> list[Any]:
        rows, self._rows = self._rows, []
        return rows

    async def close(self) -> None:
        self._rows = []

    def _run(self, operation: str, parameters: Sequence[Any]) -> None:
        cursor = self._connection.cursor()
        try:
            cursor.execute(operation, parameters)
            self._rows = cursor.fetchall() if cursor.description else []
            self._note(cursor)
        finally:
            cursor.close()

    def _run_many(self, operation: str, parameters: Iterable[Sequence[Any]]) -> None:
        cursor = self._connection.cursor()
        try:
            cursor.executemany(operation, parameters)
            self._note(cursor)
        finally:
            cursor.close()

    def _note(self, cursor: sqlite3.Cursor) -> None:
        """After the rows: of a statement that returns some, the count is known only then."""
        self.description, self.rowcount, self.lastrowid = cursor.description, cursor.rowcount, cursor.lastrowid


class Connection(aiosqlite.Connection):
    """aiosqlite's thread, with the cursor above. A visit is never cut in the middle.

    SQLAlchemy throws a connection away when a task is cancelled inside a statement, and with it the transaction that
    others may share. Statements are short: the cancellation comes after the visit.

    A database in memory waits for no disk, so its statements need no thread: they run where they are asked for.
    """

    def __init__(self, connector: Callable[[], sqlite3.Connection], *, in_memory: bool) -> None:
        super().__init__(connector, _CHUNK)
        self._in_memory = in_memory

    async def _connect(self) -> aiosqlite.Connection:
        """A file that cannot be opened: the thread ends before the loop does, or it would complain on the way out."""
        try:
            return await super()._connect()
        except sqlite3.Error:
            await asyncio.to_thread(self._thread.join)
            raise

    async def _execute(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        if not self._running or not self._connection:
            raise ValueError("Connection closed")  # as aiosqlite has it: SQLAlchemy looks for these words
        if self._in_memory:
            return fn(*args, **kwargs)
        future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._tx.put_nowait((future, partial(fn, *args, **kwargs)))
        try:
            return await asyncio.shield(future)
        except asyncio.CancelledError:
            await _postpone_cancellation(future)
            return future.result()

    async def begin(self) -> None:
        """Wait for the right to write."""
        await self._execute(self._at_once, [{}], "BEGIN IMMEDIATE", returns=True)

    async def run(self, words: str, values: Mapping[str, Any], *, short: bool = True) -> tuple[list[Any], int]:
        """One statement of a transaction that has begun: its rows, and how many it changed.

        A short one runs where it is asked for. The thread is for what waits for a lock or for the disk: beginning,
        committing, and much at once.
        """
        return await self._whole([values], words, short=short, returns=True)

    async def run_each(self, words: str, rows: Sequence[Mapping[str, Any]], *, returns: bool) -> tuple[list[Any], int]:
        """The same with many rows of values."""
        return await self._whole(rows, words, short=len(rows) <= FEW, returns=returns)

    async def _whole(
        self, rows: Sequence[Mapping[str, Any]], words: str, *, short: bool, returns: bool
    ) -> tuple[list[Any], int]:
        if not self._running or not self._connection:
            raise StoreAwayError("the connection is closed")
        if short:
            return self._at_once(rows, words, returns=returns)
        found: tuple[list[Any], int] = await self._execute(self._at_once, rows, words, returns=returns)
        return found

    def _at_once(self, rows: Sequence[Mapping[str, Any]], words: str, *, returns: bool) -> tuple[list[Any], int]:
        cursor = self._conn.cursor()
        found: list[Any] = []
        changed = 0
        try:
            if returns:
                for values in rows:
                    found += cursor.execute(words, values).fetchall()
                    changed += max(cursor.rowcount, 0)
            else:
                changed = cursor.executemany(words, rows).rowcount
        finally:
            cursor.close()
        return found, changed

    def cursor(self) -> Cursor:  # type: ignore[override]  # SQLAlchemy enters it; nobody awaits it
        return Cursor(self._execute, self._conn)


def driver_of(connection: AsyncConnection) -> Connection:
    """The driver's own connection. Raises `StoreAwayError` for one that is closed."""
    within = connection.sync_connection
    found = None if within is None or within.closed or within.invalidated else within.connection.driver_connection
    if not isinstance(found, Connection):
        raise StoreAwayError("the connection is closed")
    return found


async def _postpone_cancellation(future: "asyncio.Future[Any]") -> None:
    task = asyncio.current_task()
    times = 1
    while not future.done():
        try:
            await asyncio.wait([future])
        except asyncio.CancelledError:
            times += 1
    if task is not None:
        for _ in range(times):
            task.uncancel()  # it is taken back and asked for anew: timeouts count these
        for _ in range(times):
            task.cancel()


def connector(url: URL) -> Callable[[], Connection]:
    """Opens the database of a `sqlite` address; its `timeout` is in seconds."""
    database = str(url.database or ":memory:")
    path = database if database == ":memory:" else str(Path(database))
    timeout = float(str(url.query.get("timeout", "5")))

    def connect() -> Connection:
        connection = Connection(
            lambda: sqlite3.connect(path, timeout=timeout, isolation_level=None, check_same_thread=False),
            in_memory=path == ":memory:",
        )
        connection._thread.daemon = True  # noqa: SLF001  as SQLAlchemy does it: an open connection never holds the exit
        return connection

    return connect
