"""One Synapse for all Matrix tests, and members at it."""

import os
from collections.abc import AsyncIterator, Iterator
from functools import cache
from pathlib import Path

import peewee  # type: ignore[import-untyped]  # has no types
import pytest

from tests.channel.matrix.member import MatrixMember
from tests.channel.matrix.parts import Seat
from tests.servers.synapse import Account, Synapse, is_there


@pytest.fixture(scope="session", autouse=True)
def tables_known() -> Iterator[None]:
    """nio has its tables bound anew for every statement, and each time they are asked how they hang together."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(peewee.Metadata, "model_graph", cache(peewee.Metadata.model_graph))
        yield


@pytest.fixture(scope="session")
async def synapse() -> AsyncIterator[Synapse]:
    if not is_there():
        missing = "matrix-synapse is not installed"
        if os.environ.get("RUECKGRAT_TEST_STRICT") == "1":
            pytest.fail(missing)
        pytest.skip(missing)
    server = Synapse()
    try:
        await server.start()
        yield server
    finally:
        server.remove()


@pytest.fixture
async def coachs_account(synapse: Synapse) -> Account:
    return await synapse.person("coach")


@pytest.fixture
async def ada(synapse: Synapse) -> AsyncIterator[MatrixMember]:
    member = await MatrixMember.at(synapse, "ada")
    yield member
    await member.aclose()


@pytest.fixture
def seat(synapse: Synapse, coachs_account: Account, tmp_path: Path) -> Seat:
    return Seat(synapse, coachs_account, tmp_path)
