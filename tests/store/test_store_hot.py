"""Statements that go straight to SQLite's driver give and do what SQLAlchemy's own way does."""

import pytest
from sqlalchemy import bindparam, delete, insert, select

from bot.dialogue.failures import BadArrivalError
from bot.store.driver import FEW
from bot.store.hot import run, run_each
from bot.store.schema import forgotten, member, outbox
from bot.store.store import Store
from tests.store.given import NOW, known, send

MANY = FEW + 1
_AMONG = select(outbox).where(
    outbox.c.id.in_(bindparam("rows", expanding=True)), outbox.c.id.not_in(bindparam("but", expanding=True))
)
_OF_TWO_KINDS = select(member.c.id, member.c.status).where(member.c.status.in_(["new", "active"]))
_ADD = insert(forgotten)
_FORGOTTEN = select(forgotten.c.hash, forgotten.c.until)
_DROP = delete(forgotten).where(forgotten.c.until == bindparam("then"))


async def test_rows_are_the_same_with_flags_and_lists(store: Store) -> None:
    await known(store, sends=(send(1), send(2), send(3)))
    for rows, but in ([1, 2], []), ([], []), ([1, 2, 3], [2]), (list(range(MANY)), [1]):
        values = {"rows": rows, "but": but}
        async with store.database.write() as connection:
            wanted = (await connection.execute(_AMONG, values)).all()
            found = (await run(connection, _AMONG, values)).rows
        assert [tuple(row) for row in found] == [tuple(row) for row in wanted]
        assert all(row.private is True for row in found)
        assert [row.id for row in found] == [number for number in (1, 2, 3) if number in rows and number not in but]


async def test_lists_that_stand_in_the_statement(store: Store) -> None:
    number = await known(store)
    async with store.database.write() as connection:
        assert [tuple(row) for row in (await run(connection, _OF_TWO_KINDS, {})).rows] == [(number, "active")]


async def test_many_rows_are_written_and_counted(store: Store) -> None:
    rows = [{"hash": f"h{at}", "until": NOW} for at in range(MANY)]
    async with store.database.write() as connection:
        await run_each(connection, _ADD, rows)
        assert len((await run(connection, _FORGOTTEN, {})).rows) == MANY
        assert (await run(connection, _DROP, {"then": NOW})).count == MANY


async def test_a_value_at_fault_undoes_its_transaction_only(store: Store) -> None:
    twice = [{"hash": "h", "until": NOW}, {"hash": "h", "until": NOW}]
    with pytest.raises(BadArrivalError):
        async with store.database.write() as connection:
            await run_each(connection, _ADD, twice)
    async with store.database.write() as connection:
        assert not (await run(connection, _FORGOTTEN, {})).rows
