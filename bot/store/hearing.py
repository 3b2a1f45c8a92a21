"""In which groups the coach could hear every word, as the platform says: the card of a round there tells it.

Where it is an admin; or, its privacy mode being off, everywhere: that stands for an account under no group's name.
"""

from collections.abc import Iterable

from sqlalchemy import ColumnElement, delete, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.dialogue.events import Address
from bot.store.intake import save_position
from bot.store.schema import cursor

_NAME = "hears all of "


async def note(connection: AsyncConnection, where: Address, *, hears: bool) -> None:
    """`where`: anywhere in the group; without a room, all groups of the account."""
    if hears:
        await save_position(connection, (where.channel, where.account, _NAME + where.house, "yes"))
    else:
        await connection.execute(delete(cursor).where(*_of(where)))


async def among(connection: AsyncConnection, groups: Iterable[Address]) -> set[Address]:
    """Those of these groups."""
    named = {group: {(group.channel, group.account, _NAME + house) for house in ("", group.house)} for group in groups}
    wanted = {name for names in named.values() for name in names}
    key = tuple_(cursor.c.channel, cursor.c.account, cursor.c.name)
    query = select(cursor.c.channel, cursor.c.account, cursor.c.name).where(key.in_(wanted))
    found = {tuple(row) for row in await connection.execute(query)} if wanted else set()
    return {group for group, names in named.items() if names & found}


async def moved(connection: AsyncConnection, old: Address, new: Address) -> None:
    """A group lives on under another id."""
    await connection.execute(delete(cursor).where(*_of(new)))
    await connection.execute(update(cursor).where(*_of(old)).values(name=_NAME + new.house))


def _of(where: Address) -> tuple[ColumnElement[bool], ...]:
    return (
        cursor.c.channel == where.channel,
        cursor.c.account == where.account,
        cursor.c.name == _NAME + where.house,
    )
