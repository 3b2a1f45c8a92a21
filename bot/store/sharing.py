"""SQLite's one writer, shared: who waits for it joins the transaction under way, and one commit ends it for all.

A commit waits for the disk, which takes longer than most of what we write. Each joins behind a savepoint, so a failure
undoes its own work only; nobody returns before the common commit, and if that fails, all are told.

The connection stays open from one transaction to the next, until one of them fails. SQLAlchemy knows nothing of BEGIN
and COMMIT here: they go to the driver, for what it does around them takes longer than they do.
"""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.dialogue.failures import StoreAwayError
from bot.store.driver import Connection, driver_of
from bot.store.translation import translated

MOST = 16  # so many share one commit at most
LONGEST_S = 0.02  # nobody joins a transaction older than this


@dataclass(slots=True, eq=False)
class _Group:
    """One transaction. `done` tells those who wait for its commit."""

    connection: AsyncConnection
    began: float
    done: asyncio.Future[None]
    joined: int = 1
    broken: bool = False


@dataclass(slots=True, eq=False)
class SharedWriter:
    """Hands out the writing connection, one task at a time, in the order in which they asked."""

    engine: AsyncEngine
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    _queue: int = 0
    _group: _Group | None = None
    _connection: AsyncConnection | None = None
    _ends: set[asyncio.Task[None]] = field(default_factory=set)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncConnection]:
        """Committed when the block has ended, possibly together with others; undone by any exception."""
        await self._wait_for_turn()
        try:
            group = await self._enter()
        except BaseException:
            self._turn.release()
            raise
        try:
            yield group.connection
        except BaseException:
            await asyncio.shield(self._in_background(self._undo(group)))
            raise
        await self._leave(group)

    async def aclose(self) -> None:
        """Wait for commits whose tasks were cancelled: they still hold the connection."""
        while self._ends:
            await asyncio.wait(set(self._ends))
        await self._close()

    @asynccontextmanager
    async def alone(self) -> AsyncIterator[Connection]:
        """The driver's connection outside of any transaction."""
        async with self._turn:
            if self._group is not None:  # who should have ended it was cancelled
                await self._end(self._group, release=False)
            connection = await self._opened()
            yield driver_of(connection)

    async def _wait_for_turn(self) -> None:
        self._queue += 1
        try:
            await self._turn.acquire()
        except asyncio.CancelledError:
            if self._group is not None and self._queue == 1:  # others left the commit to this task
                self._in_background(self._end_for(self._group))
            raise
        finally:
            self._queue -= 1

    async def _enter(self) -> _Group:
        group = self._group
        if group is None:
            connection = await self._begin()
            loop = asyncio.get_running_loop()
            self._group = group = _Group(connection, loop.time(), loop.create_future())
            return group
        try:
            with translated():
                await driver_of(group.connection).run("SAVEPOINT joined", {})
        except BaseException:
            group.broken = True
            await asyncio.shield(self._in_background(self._end(group, release=False)))
            raise
        group.joined += 1
        return group

    async def _begin(self) -> AsyncConnection:
        connection = await self._opened()
        try:
            with translated():
                await driver_of(connection).begin()
        except BaseException:
            await self._close()
            raise
        return connection

    async def _opened(self) -> AsyncConnection:
        if self._connection is None:
            connection = self.engine.connect()
            with translated():
                await connection.start()
            self._connection = connection
        return self._connection

    async def _close(self) -> None:
        """Closing rolls back; a lost connection has nothing to roll back."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(SQLAlchemyError, OSError):
                await asyncio.shield(connection.close())

    async def _leave(self, group: _Group) -> None:
        """The block ended well: let the next one join, or commit."""
        if group.joined > 1:
            await self._release_savepoint(group)
        if group.broken or not self._may_join(group):
            ending = self._in_background(self._end(group))
            await asyncio.shield(ending)
        else:
            self._turn.release()
        await asyncio.shield(group.done)

    async def _release_savepoint(self, group: _Group) -> None:
        try:
            await driver_of(group.connection).run("RELEASE joined", {})
        except (sqlite3.Error, StoreAwayError):
            group.broken = True

    def _may_join(self, group: _Group) -> bool:
        young = asyncio.get_running_loop().time() - group.began < LONGEST_S
        return self._queue > 0 and group.joined < MOST and young

    async def _undo(self, group: _Group) -> None:
        """The block failed: its own work goes, what others did before it stays and is committed."""
        if group.joined == 1:
            group.broken = True
        else:
            try:
                await driver_of(group.connection).run("ROLLBACK TO joined", {})
                await driver_of(group.connection).run("RELEASE joined", {})
            except (sqlite3.Error, StoreAwayError):
                group.broken = True  # SQLite has undone the whole transaction itself: disk full, or worse
        await self._end(group)

    async def _end(self, group: _Group, *, release: bool = True) -> None:
        """Commit, tell everybody, and make room for the next transaction. Raises nothing."""
        self._group = None
        failure: StoreAwayError | None = None
        try:
            if group.broken:
                failure = StoreAwayError("the transaction was undone")
            else:
                with translated():
                    await _commit(group.connection)
        except StoreAwayError as error:
            failure = error
        except Exception as error:  # noqa: BLE001  whatever it is: those who wait must be told that nothing is written
            failure = StoreAwayError(f"the commit failed: {type(error).__name__}")
        finally:
            if failure is not None:
                await self._close()
            if failure is None:
                group.done.set_result(None)
            else:
                group.done.set_exception(failure)
                group.done.exception()  # looked at: an undone block raises its own error instead
            if release:
                self._turn.release()

    async def _end_for(self, group: _Group) -> None:
        """The one who should have gone on was cancelled."""
        async with self._turn:
            if self._group is group:
                await self._end(group, release=False)

    def _in_background(self, work: Coroutine[None, None, None]) -> asyncio.Task[None]:
        """A task that runs to its end also if the one who began it is cancelled."""
        task = asyncio.create_task(work)
        self._ends.add(task)
        task.add_done_callback(self._ends.discard)
        return task


async def _commit(connection: AsyncConnection) -> None:
    await driver_of(connection).commit()
    if connection.in_transaction():  # some statement went through SQLAlchemy
        await connection.commit()
