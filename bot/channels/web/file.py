"""The web chat's own SQLite file: what each browser sees, and the hashes by which a browser is known.

Only `channels/web` opens it. Deleted words are overwritten (`secure_delete`), and `wipe` leaves none in file or WAL.
"""

import asyncio
import os
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self, TypeAlias

import aiosqlite

from bot.dialogue.failures import StoreAwayError

Statement: TypeAlias = tuple[str, Sequence[Any]]

_SCHEMA = """
CREATE TABLE IF NOT EXISTS line (
    room TEXT NOT NULL, remote TEXT NOT NULL, place INTEGER NOT NULL, body BLOB NOT NULL,
    PRIMARY KEY (room, remote)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS line_in_order ON line (room, place);
CREATE INDEX IF NOT EXISTS line_by_age ON line (place);
CREATE TABLE IF NOT EXISTS browser (key BLOB PRIMARY KEY, person TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS browser_of ON browser (person);
CREATE TABLE IF NOT EXISTS return_code (person TEXT PRIMARY KEY, code BLOB NOT NULL UNIQUE) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS pruned (
    one INTEGER PRIMARY KEY CHECK (one = 1), last INTEGER NOT NULL, landed INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS salt (one INTEGER PRIMARY KEY CHECK (one = 1), value BLOB NOT NULL);
"""
_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",  # a receipt says the line is kept: it must survive a power cut
    "PRAGMA secure_delete=ON",
    "PRAGMA temp_store=MEMORY",  # VACUUM must not leave words in a temporary file
    "PRAGMA busy_timeout=2000",
)


class WebFile:
    """One connection, one writer at a time. Every failure of the file is a `StoreAwayError`."""

    def __init__(self, connection: aiosqlite.Connection) -> None:
        self._connection = connection
        self._turn = asyncio.Lock()

    @classmethod
    async def open(cls, path: Path) -> Self:
        """Open or create the file, readable by its owner only; WAL and index file inherit the mode."""
        try:
            _own(path)
            connection = await aiosqlite.connect(path, isolation_level=None)
        except (OSError, sqlite3.Error) as error:
            raise StoreAwayError(f"{path}: {type(error).__name__}") from None
        file = cls(connection)
        try:
            for pragma in _PRAGMAS:
                await file.read(pragma)
            await connection.executescript(_SCHEMA)
        except (StoreAwayError, sqlite3.Error) as error:
            await connection.close()
            raise StoreAwayError(f"{path}: {type(error).__name__}") from None
        return file

    async def read(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        try:
            async with self._turn:
                rows = await self._connection.execute_fetchall(sql, values)
        except (sqlite3.Error, ValueError) as error:  # aiosqlite: ValueError once closed
            raise StoreAwayError(type(error).__name__) from None
        return [tuple(row) for row in rows]

    async def write(self, *statements: Statement) -> list[int]:
        """Run the statements in one transaction; returns the rows each one touched."""
        try:
            async with self._turn:
                return await self._transaction(statements)
        except (sqlite3.Error, ValueError) as error:
            raise StoreAwayError(type(error).__name__) from None

    async def _transaction(self, statements: Sequence[Statement]) -> list[int]:
        touched = []
        try:
            await self._connection.execute("BEGIN IMMEDIATE")  # inside: even a cancelled one has to be rolled back
            for sql, values in statements:
                cursor = await self._connection.execute(sql, values)
                touched.append(cursor.rowcount)
                await cursor.close()
            await self._connection.execute("COMMIT")
        except BaseException:
            await asyncio.shield(self._connection.rollback())
            raise
        return touched

    async def checkpoint(self) -> None:
        """Move the WAL into the file and empty it."""
        await self.read("PRAGMA wal_checkpoint(TRUNCATE)")

    async def wipe(self) -> None:
        """Rebuild the file so that nothing deleted is left in it or its WAL."""
        await self.checkpoint()
        await self.read("VACUUM")
        await self.checkpoint()

    async def aclose(self) -> None:
        async with self._turn:
            await self._connection.close()


def _own(path: Path) -> None:
    """Create the file for its owner's eyes only, before anything is in it."""
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    path.chmod(0o600)
