"""Who leads: a named row with an owner and a deadline. Also hands out the node numbers from which ids are made."""

from sqlalchemy import ColumnElement, delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.dialogue.failures import StoreAwayError
from bot.store.ids import NODES
from bot.store.intake import upsert
from bot.store.schema import lease

NODE_TTL = 10 * 60 * 1_000_000
_NODE = "node:"
_IMPLAUSIBLE = 10  # times the time to live: such a deadline was written by a clock that was ahead


async def acquire(connection: AsyncConnection, name: str, owner: str, now: int, ttl: int) -> bool:
    """Take a lease that is free, over or one's own already."""
    free = or_(lease.c.until <= now, lease.c.until > now + _IMPLAUSIBLE * ttl, lease.c.owner == owner)
    return await _take(connection, name, owner, now + ttl, free)


async def renew(connection: AsyncConnection, name: str, owner: str, now: int, ttl: int) -> bool:
    """False: somebody else took it over, stop leading. A node's deadline never moves back, with its ids."""
    until = now + ttl
    mine = (lease.c.name == name, lease.c.owner == owner)
    statement = update(lease).where(*mine).values(until=until)
    if name.startswith(_NODE):
        statement = update(lease).where(*mine, lease.c.until < until).values(until=until)
        await connection.execute(statement)
        return (await connection.execute(select(lease.c.name).where(*mine))).first() is not None
    return (await connection.execute(statement)).rowcount == 1


async def release(connection: AsyncConnection, name: str, owner: str) -> None:
    await connection.execute(delete(lease).where(lease.c.name == name, lease.c.owner == owner))


async def take_node(connection: AsyncConnection, owner: str, now: int) -> int:
    """The lowest node number whose last holder's deadline is over.

    It is never released early and its deadline never lowered, so a process that starts with an earlier clock than the
    last one gets another number, and no id is made twice.
    """
    held = select(lease.c.name).where(lease.c.name.like(f"{_NODE}%"), lease.c.until > now)
    taken = set((await connection.execute(held)).scalars())
    for number in range(NODES):
        name = f"{_NODE}{number}"
        if name not in taken and await _take(connection, name, owner, now + NODE_TTL, lease.c.until <= now):
            return number
    raise StoreAwayError(f"all {NODES} node numbers are taken")


async def forget_idle(connection: AsyncConnection, before: int) -> int:
    return (await connection.execute(delete(lease).where(lease.c.until < before))).rowcount


async def _take(connection: AsyncConnection, name: str, owner: str, until: int, free: ColumnElement[bool]) -> bool:
    statement = upsert(connection, lease).values(name=name, owner=owner, until=until)
    statement = statement.on_conflict_do_update(
        index_elements=["name"], set_={"owner": owner, "until": until}, where=free
    )
    return (await connection.execute(statement.returning(lease.c.name))).first() is not None
