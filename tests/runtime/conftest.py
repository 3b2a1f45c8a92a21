"""The store fixtures of the store tests (both engines), and time that passes only when somebody waits."""

import pytest

from tests.runtime.outside import ScriptedChannel, VirtualTime
from tests.store.conftest import (
    databases,
    migrated_postgres,
    migrated_sqlite,
    postgres,
    postgres_url,
    sqlite_url,
    store,
    url,
)

__all__ = [
    "databases",
    "migrated_postgres",
    "migrated_sqlite",
    "postgres",
    "postgres_url",
    "sqlite_url",
    "store",
    "url",
]


@pytest.fixture
def time() -> VirtualTime:
    return VirtualTime()


@pytest.fixture
def channel(time: VirtualTime) -> ScriptedChannel:
    return ScriptedChannel(time)
