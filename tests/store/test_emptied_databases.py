"""What tests on PostgreSQL stand on: a database that was used comes back empty, or not at all."""

import pytest

from bot.store.store import Store
from tests.servers.emptying import Databases
from tests.servers.postgres import Postgres
from tests.store.given import NOW, at, known


@pytest.fixture
def databases(postgres: Postgres, migrated_postgres: str) -> Databases:
    """Apart from those of all other tests."""
    return Databases(postgres, migrated_postgres)


async def test_one_that_was_used_comes_back_empty(postgres: Postgres, databases: Databases) -> None:
    name = await databases.take()
    store = await Store.open(postgres.url(name))
    await store.node("test", NOW)
    await known(store, "anna")
    await databases.give(name)  # although somebody still holds a connection
    await store.aclose()

    assert await databases.take() == name
    again = await Store.open(postgres.url(name))
    assert await again.member_by_address(at("anna").key) is None
    assert not any((await again.counts()).values())
    assert not await again.needs_upgrade()
    await again.aclose()


@pytest.mark.parametrize(
    "left",
    [
        "CREATE FUNCTION refuse() RETURNS trigger AS 'BEGIN RETURN NULL; END' LANGUAGE plpgsql",
        "ALTER TABLE member ADD COLUMN more int",
        "DROP TABLE outbox CASCADE",
        "UPDATE alembic_version SET version_num = 'other'",
    ],
)
async def test_one_that_is_no_longer_as_it_was_does_not_come_back(
    postgres: Postgres, databases: Databases, left: str
) -> None:
    name = await databases.take()
    async with postgres.connected(name) as connection:
        await connection.execute(left)
    await databases.give(name)

    assert await databases.take() != name
