"""SQLite's shared transactions: one commit for all who wait, each with its own undo."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.dialogue.failures import StoreAwayError
from bot.store.driver import driver_of
from bot.store.engine import Database


class Meter:
    """Counts commits."""

    def __init__(self, connection: AsyncConnection) -> None:
        self.commits = 0
        driver_of(connection)._conn.set_trace_callback(self._count)

    def _count(self, statement: str) -> None:
        self.commits += statement == "COMMIT"


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    database = Database.at(f"sqlite:///{tmp_path / 'shared.db'}")
    async with database.write() as connection:
        await connection.execute(text("CREATE TABLE note (word TEXT UNIQUE)"))
    yield database
    await database.aclose()


async def _add(connection: AsyncConnection, word: str) -> None:
    await connection.execute(text("INSERT INTO note VALUES (:word)"), {"word": word})


async def _words(database: Database) -> set[str]:
    async with database.read() as connection:
        return set((await connection.execute(text("SELECT word FROM note"))).scalars())


async def _write(database: Database, word: str, *, then: BaseException | None = None) -> str:
    async with database.transaction() as connection:
        await _add(connection, word)
        await asyncio.sleep(0)
        if then is not None:
            raise then
    return word


async def test_those_who_wait_share_one_commit(database: Database) -> None:
    async with database.transaction() as connection:
        meter = Meter(connection)
    meter.commits = 0
    await asyncio.gather(*(_write(database, str(n)) for n in range(10)))
    assert await _words(database) == {str(n) for n in range(10)}
    assert meter.commits < 10


@pytest.mark.parametrize("bad", [0, 3, 9])
async def test_a_failure_undoes_its_own_work_only(database: Database, bad: int) -> None:
    work = [_write(database, str(n), then=LookupError("no") if n == bad else None) for n in range(10)]
    results = await asyncio.gather(*work, return_exceptions=True)
    assert [n for n, result in enumerate(results) if isinstance(result, LookupError)] == [bad]
    assert await _words(database) == {str(n) for n in range(10) if n != bad}


async def test_a_nested_savepoint_inside_a_shared_one(database: Database) -> None:
    async def nested(word: str) -> None:
        async with database.transaction() as connection:
            await _add(connection, word)
            inner = await connection.begin_nested()
            await _add(connection, f"{word} again")
            await inner.rollback()

    await asyncio.gather(*(nested(str(n)) for n in range(4)))
    assert await _words(database) == {"0", "1", "2", "3"}


async def test_nobody_returns_before_the_commit(database: Database) -> None:
    async def written(word: str) -> bool:
        await _write(database, word)
        return word in await _words(database)  # a reader sees only what is committed

    assert all(await asyncio.gather(*(written(str(n)) for n in range(10))))


@pytest.mark.parametrize("steps", range(0, 60, 3))
async def test_a_cancelled_one_takes_nobody_along(database: Database, steps: int) -> None:
    """Cancelled at any of its steps, in the middle of the queue and at its end."""
    tasks = [asyncio.create_task(_write(database, str(n))) for n in range(4)]
    for _ in range(steps):
        await asyncio.sleep(0)
    tasks[1].cancel()
    tasks[3].cancel()
    results = await asyncio.wait_for(asyncio.gather(*tasks, return_exceptions=True), timeout=10)
    assert results[0] == "0"
    assert results[2] == "2"
    assert await _write(database, "after") == "after"
    assert {"0", "2", "after"} <= await _words(database)


async def test_a_cancelled_one_is_cancelled_after_its_statement(database: Database) -> None:
    """And a timeout around it is still a timeout."""
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0):
            await _write(database, "late")
    assert await _write(database, "after") == "after"


async def test_a_transaction_that_sqlite_undid_itself_is_told_to_all(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk rolls the whole transaction back, savepoints and all."""
    monkeypatch.setattr("bot.store.sharing.LONGEST_S", 60.0)  # however busy the machine, the second joins the first

    async def undone(word: str) -> None:
        async with database.transaction() as connection:
            await _add(connection, word)
            await connection.exec_driver_sql("ROLLBACK")
            raise LookupError(word)

    first = asyncio.create_task(_write(database, "first"))
    second = asyncio.create_task(undone("second"))
    results = await asyncio.gather(first, second, return_exceptions=True)
    assert isinstance(results[0], StoreAwayError)
    assert isinstance(results[1], LookupError)
    assert await _write(database, "third") == "third"
    assert await _words(database) == {"third"}


async def test_a_reader_in_memory_gets_its_turn() -> None:
    database = Database.at("sqlite:///:memory:")
    async with database.write() as connection:
        await connection.execute(text("CREATE TABLE note (word TEXT UNIQUE)"))
    await asyncio.gather(*(_write(database, str(n)) for n in range(5)), _words(database))
    assert await _words(database) == {"0", "1", "2", "3", "4"}
    await database.aclose()
