"""Whoever said they are, or may be, under 18 takes part in no round: for two days a hash knows it, and nothing else.

It stands beside those of erased addresses. Whoever says that they are of age after all lifts it.
"""

import hashlib
from collections.abc import Iterable

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.intake import upsert
from bot.store.schema import forgotten

BARRED_FOR = 48 * 3600 * 1_000_000


async def bar(connection: AsyncConnection, people: Iterable[str], now: int) -> None:
    """From now on cards are no way in for these people (`person_of`)."""
    rows = [{"hash": _mark(person), "until": now + BARRED_FOR} for person in sorted(people)]
    if rows:
        statement = upsert(connection, forgotten)
        until = {"until": statement.excluded.until}
        await connection.execute(statement.on_conflict_do_update(index_elements=["hash"], set_=until), rows)


async def lift(connection: AsyncConnection, people: Iterable[str]) -> None:
    """They have said that they are of age."""
    marks = [_mark(person) for person in people]
    if marks:
        await connection.execute(delete(forgotten).where(forgotten.c.hash.in_(marks)))


async def barred(connection: AsyncConnection, people: Iterable[str], now: int) -> set[str]:
    """Those of these people who said so lately, and nothing else since."""
    marks = {_mark(person): person for person in people}
    query = select(forgotten.c.hash).where(forgotten.c.hash.in_(list(marks)), forgotten.c.until > now)
    return {marks[mark] for mark in (await connection.execute(query)).scalars()}


def _mark(person: str) -> str:
    return hashlib.sha256(f"minor\n{person}".encode(errors="replace")).hexdigest()
