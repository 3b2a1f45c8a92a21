"""A room lives on under another id: addresses, waiting events and unsent messages follow."""

from typing import Any

from sqlalchemy import bindparam, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.dialogue.events import Address
from bot.store import round_moves
from bot.store.schema import OPEN, address, inbox, outbox


async def room_moved(connection: AsyncConnection, channel: str, account: str, old_room: str, new_room: str) -> int:
    """How many addresses moved. One that is known already under its new room stays as it is."""
    await round_moves.room_moved(connection, channel, account, old_room, new_room)
    return await _follow(connection, channel, account, old_room, new_room)


async def person_moved(connection: AsyncConnection, channel: str, account: str, person: str, new_room: str) -> int:
    """One person's addresses in other rooms become the one in this room; how many moved."""
    query = select(address.c.room).where(
        address.c.channel == channel,
        address.c.account == account,
        address.c.person == person,
        address.c.room != new_room,
    )
    rooms = list((await connection.execute(query.order_by(address.c.id))).scalars())
    await round_moves.person_moved(connection, channel, account, person, new_room)
    return sum([await _follow(connection, channel, account, old, new_room, person) for old in rooms])


async def _follow(
    connection: AsyncConnection, channel: str, account: str, old_room: str, new_room: str, person: str | None = None
) -> int:
    moves = await _moves(connection, channel, account, old_room, new_room, person)
    for table in (inbox, outbox):
        waiting = select(table.c.address_key).where(table.c.channel == channel, table.c.account == account, text(OPEN))
        keys = set((await connection.execute(waiting.distinct())).scalars())
        moves |= {key: moved for key in keys if key and (moved := _moved(key, old_room, new_room, person))}
    if not moves:
        return 0
    rows = [{"old": old, "new": new} for old, new in moves.items()]
    for table in (inbox, outbox):
        statement = update(table).where(table.c.address_key == bindparam("old"), text(OPEN))
        await connection.execute(statement.values(address_key=bindparam("new")), rows)
    known = set((await connection.execute(select(address.c.key).where(address.c.key.in_(moves.values())))).scalars())
    ours = [row for row in rows if row["new"] not in known]
    if ours:
        statement = update(address).where(address.c.key == bindparam("old"))
        await connection.execute(statement.values(key=bindparam("new"), room=new_room), ours)
    return len(ours)


async def _moves(
    connection: AsyncConnection, channel: str, account: str, old_room: str, new_room: str, person: str | None
) -> dict[str, str]:
    query = select(address.c.key).where(
        address.c.channel == channel, address.c.account == account, address.c.room == old_room
    )
    keys: Any = (await connection.execute(query)).scalars()
    return {key: moved for key in keys if (moved := _moved(key, old_room, new_room, person))}


def _moved(key: str, old_room: str, new_room: str, only: str | None) -> str | None:
    channel, account, person, room = key.split("\n")
    if room != old_room or only not in {None, person}:
        return None
    return Address(channel, account, person, new_room).key
