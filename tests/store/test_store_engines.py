"""The two engines on their bad days: locked, full, read-only, gone; and what each of them owes us."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
from sqlalchemy import select, text

from bot.dialogue.failures import BadArrivalError, StoreAwayError
from bot.store.driver import driver_of
from bot.store.schema import member
from bot.store.store import Store
from tests.servers.postgres import Postgres
from tests.store.given import NOW, SECOND, answered, at, known, send, texts, turn, wrote


@pytest.fixture
async def on_sqlite(sqlite_url: str) -> AsyncIterator[Store]:
    store = await Store.open(sqlite_url)
    await store.node("test", NOW)
    yield store
    await store.aclose()


async def test_a_locked_file_is_a_store_that_is_away_and_comes_back(on_sqlite: Store, tmp_path: Path) -> None:
    other = sqlite3.connect(tmp_path / "store.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    with pytest.raises(StoreAwayError, match="SQLITE_BUSY"):
        await on_sqlite.receive([wrote("anna", "hallo", "1")], now=NOW)
    with pytest.raises(StoreAwayError):
        await turn(on_sqlite)
    assert await on_sqlite.next_due() is None  # reading goes on

    other.execute("ROLLBACK")
    other.close()
    assert await on_sqlite.receive([wrote("anna", "hallo", "1")], now=NOW) == 1
    assert texts(await turn(on_sqlite)) == [["hallo"]]


async def test_a_look_that_failed_is_taken_again_on_a_new_connection(on_sqlite: Store) -> None:
    looked = select(member.c.id)
    assert not (await on_sqlite.database.look(looked, {})).rows
    kept = on_sqlite.database._looking
    assert kept is not None
    await driver_of(kept).close()

    with pytest.raises(StoreAwayError):
        await on_sqlite.database.look(looked, {})
    assert not (await on_sqlite.database.look(looked, {})).rows


async def _on_writer(store: Store, pragma: str) -> int:
    row = await store.database.outside(f"PRAGMA {pragma}")
    return int(row[0]) if row else 0


async def test_a_full_disk_is_a_store_that_is_away_and_comes_back(on_sqlite: Store) -> None:
    await _on_writer(on_sqlite, f"max_page_count={await _on_writer(on_sqlite, 'page_count')}")
    with pytest.raises(StoreAwayError, match="SQLITE_FULL"):
        await on_sqlite.receive([wrote("anna", "x" * 4000, str(n)) for n in range(100)], now=NOW)

    await _on_writer(on_sqlite, "max_page_count=1000000")
    assert await on_sqlite.receive([wrote("anna", "x" * 4000, str(n)) for n in range(100)], now=NOW) == 100


async def test_a_disk_that_fills_up_in_a_turn_undoes_the_turn(on_sqlite: Store) -> None:
    await on_sqlite.receive([wrote("anna", "hallo", "1")], now=NOW)
    await _on_writer(on_sqlite, f"max_page_count={await _on_writer(on_sqlite, 'page_count')}")
    with pytest.raises(StoreAwayError):
        await turn(on_sqlite, document=b"x" * 500_000)

    await _on_writer(on_sqlite, "max_page_count=1000000")
    assert texts(await turn(on_sqlite)) == [["hallo"]]


async def test_a_read_only_disk_is_a_store_that_is_away_and_comes_back(on_sqlite: Store) -> None:
    await _on_writer(on_sqlite, "query_only=ON")
    with pytest.raises(StoreAwayError, match="SQLITE_READONLY"):
        await on_sqlite.receive([wrote("anna", "hallo", "1")], now=NOW)

    await _on_writer(on_sqlite, "query_only=OFF")
    assert await on_sqlite.receive([wrote("anna", "hallo", "1")], now=NOW) == 1


async def test_a_file_that_is_no_database_is_a_store_that_is_away(tmp_path: Path) -> None:
    (tmp_path / "store.db").write_bytes(b"not a database, " * 100)

    with pytest.raises(StoreAwayError):
        await Store.open(f"sqlite+aiosqlite:///{tmp_path}/store.db")


async def test_a_folder_that_cannot_be_made_is_a_store_that_is_away(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")

    with pytest.raises(StoreAwayError):
        await Store.open(f"sqlite+aiosqlite:///{tmp_path}/file/store.db")


async def test_the_files_are_for_their_owner_only(tmp_path: Path) -> None:
    folder = tmp_path / "var" / "deep"
    store = await Store.open(f"sqlite:///{folder}/store.db")
    await store.migrate()
    await store.node("test", NOW)
    modes = {path.name: path.stat().st_mode & 0o777 for path in folder.iterdir()}
    await store.aclose()

    assert modes == {"store.db": 0o600, "store.db-wal": 0o600, "store.db-shm": 0o600}
    assert folder.stat().st_mode & 0o777 == 0o700
    assert folder.parent.stat().st_mode & 0o777 == 0o700


async def test_the_connections_keep_what_they_promise(on_sqlite: Store) -> None:
    wanted = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1, "busy_timeout": 200}
    async with on_sqlite.database.write() as connection:
        found = {name: (await connection.execute(text(f"PRAGMA {name}"))).scalar() for name in wanted}
    async with on_sqlite.database.read() as connection:
        assert (await connection.execute(text("PRAGMA query_only"))).scalar() == 1
    assert found == wanted


async def test_a_store_in_memory_works_like_one_on_disk() -> None:
    store = await Store.open("sqlite+aiosqlite://")
    assert await store.migrate()
    await store.node("test", NOW)
    await known(store, sends=(send(1),))
    assert await store.member_by_address(at("anna").key) is not None
    async with asyncio.timeout(5):
        await asyncio.gather(*(store.receive([wrote("anna", "x", str(n))], now=NOW) for n in range(20)), store.counts())
    assert len(texts(await turn(store))[0]) == 20
    await store.aclose()


@pytest.mark.parametrize("address", ["mysql://x/y", "no address at all", ""])
async def test_another_engine_is_refused_in_one_line(address: str) -> None:
    with pytest.raises(ValueError, match=r"^[^\n]+$"):
        await Store.open(address)


async def test_nothing_needs_the_node_number_before_it_is_claimed(url: str) -> None:
    store = await Store.open(url)
    with pytest.raises(RuntimeError, match="node number"):
        await store.receive([wrote("anna", "hallo", "1")], now=NOW)
    await store.aclose()


# --- PostgreSQL ----------------------------------------------------------------------------------------------------


@pytest.fixture
async def on_postgres(postgres_url: str) -> AsyncIterator[Store]:
    store = await Store.open(postgres_url)
    await store.node("one", NOW)
    yield store
    await store.aclose()


async def test_two_workers_never_get_the_same_member(on_postgres: Store, postgres_url: str) -> None:
    other = await Store.open(postgres_url)
    await other.node("two", NOW)
    for person in range(60):
        await known(on_postgres, f"p{person}")
    await on_postgres.receive([wrote(f"p{n}", "und", f"and-{n}") for n in range(60)], now=NOW)

    async with on_postgres.turns(NOW, members=20) as first, other.turns(NOW, members=30) as second:
        mine, theirs = ({claim.member for claim in batch.claims} for batch in (first, second))
        await first.save([answered(claim) for claim in first.claims])
        await second.save([answered(claim) for claim in second.claims])
    assert (len(mine), len(theirs), len(mine & theirs)) == (20, 30, 0)
    assert len(await turn(other)) == 10
    await other.aclose()


async def test_many_workers_answer_every_event_once(on_postgres: Store, postgres_url: str) -> None:
    people, each = 80, 5
    arrivals = [wrote(f"p{n % people}", str(n), str(n)) for n in range(people * each)]
    await on_postgres.receive(arrivals, now=NOW)
    stores = [await Store.open(postgres_url) for _ in range(3)]
    for number, one in enumerate(stores):
        await one.node(f"worker {number}", NOW)
    seen: list[int] = []

    async def work(store: Store) -> None:
        idle = 0
        while idle < 3:
            async with store.turns(NOW, members=15, events=2) as batch:
                await batch.save([answered(claim) for claim in batch.claims])
                found = [one.id for claim in batch.claims for one in claim.events]
            seen.extend(found)
            idle = 0 if found else idle + 1
            await asyncio.sleep(0)

    await asyncio.gather(*(work(one) for one in stores))
    while claims := await turn(on_postgres):
        seen += [one.id for claim in claims for one in claim.events]

    assert len(seen) == len(set(seen)) == people * each
    counts = await on_postgres.counts()
    assert (counts["member"], counts["address"], counts["inbox waiting"]) == (people, people, 0)
    for one in stores:
        await one.aclose()


async def test_two_workers_do_not_welcome_the_same_person_twice(on_postgres: Store, postgres_url: str) -> None:
    other = await Store.open(postgres_url)
    await other.node("two", NOW)
    await on_postgres.receive([wrote(f"p{n}", "hallo", str(n)) for n in range(10)], now=NOW)

    async with on_postgres.turns(NOW) as first:
        late = asyncio.create_task(turn(other))
        await asyncio.sleep(0.2)  # it now waits for our addresses
        await first.save([answered(claim) for claim in first.claims])
    assert await late == []
    counts = await other.counts()
    assert (counts["member"], counts["address"], counts["inbox waiting"]) == (10, 10, 0)
    await other.aclose()


async def test_a_group_is_given_to_one_worker(on_postgres: Store) -> None:
    await on_postgres.receive([wrote("group", "moin", "1", private=False)], now=NOW)

    async with on_postgres.turns(NOW) as first, on_postgres.turns(NOW) as second:
        assert (len(first.strangers), len(second.strangers)) == (1, 0)


LOST: dict[str, Callable[[Store], Awaitable[object]]] = {
    "intake": lambda store: store.receive([wrote("anna", "hallo", "2")], now=NOW),
    "turns": turn,
    "reading": lambda store: store.counts(),
}


@pytest.mark.parametrize("use", LOST.values(), ids=LOST.keys())
async def test_a_lost_connection_is_a_store_that_is_away_and_comes_back(
    on_postgres: Store, postgres: Postgres, postgres_url: str, use: Callable[[Store], Awaitable[object]]
) -> None:
    name = postgres_url.rpartition("/")[2]
    await on_postgres.receive([wrote("anna", "hallo", "1")], now=NOW)
    await postgres.run(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")  # noqa: S608 - our own database

    with pytest.raises(StoreAwayError):
        await use(on_postgres)
    await use(on_postgres)
    assert (await on_postgres.counts())["inbox"] >= 1


async def test_a_connection_lost_in_the_middle_of_a_turn_undoes_it(
    on_postgres: Store, postgres: Postgres, postgres_url: str
) -> None:
    name = postgres_url.rpartition("/")[2]
    await on_postgres.receive([wrote("anna", "hallo", "1")], now=NOW)

    async def cut_off() -> None:
        async with on_postgres.turns(NOW) as batch:
            await batch.save([answered(claim) for claim in batch.claims])
            await postgres.run(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")  # noqa: S608 - our own database

    with pytest.raises(StoreAwayError):
        await cut_off()
    assert texts(await turn(on_postgres)) == [["hallo"]]


async def test_nobody_answering_is_a_store_that_is_away() -> None:
    with pytest.raises(StoreAwayError):
        await Store.open("postgresql+asyncpg://postgres@127.0.0.1:1/nothing")


async def test_a_missing_database_is_a_store_that_is_away(postgres: Postgres) -> None:
    with pytest.raises(StoreAwayError, match="3D000"):
        await Store.open(postgres.url("nothing"))


async def test_a_socket_in_the_file_system_works_too(postgres: Postgres, migrated_postgres: str) -> None:
    name = "by_socket"
    await postgres.create_database(name, migrated_postgres)
    store = await Store.open(postgres.url(name, by_socket=True))
    await store.node("test", NOW)
    assert await store.receive([wrote("anna", "hallo", "1")], now=NOW + SECOND) == 1
    await store.aclose()
    await postgres.drop_database(name)


async def test_an_error_says_nothing_a_member_wrote(store: Store) -> None:
    await known(store)
    await store.receive([wrote("anna", "x", "2")], now=NOW)
    with pytest.raises(BadArrivalError) as raised:
        await turn(store, sends=(send(1, body=b"Geheimnis"), send(1, body=b"Geheimnis")))

    assert "Geheimnis" not in repr(raised.value) + repr(
        raised.value.__context__ if not raised.value.__suppress_context__ else ""
    )
