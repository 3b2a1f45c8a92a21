"""Erasure: every row of a member in every table. What remains for 48 hours are hashes, against redelivered events."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, delete, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store import cards, rounds
from bot.store.intake import address_hash, source_hash, upsert
from bot.store.schema import address, appointment, forgotten, inbox, journal, link, member, outbox, spared

FORGOTTEN_FOR = 48 * 3600 * 1_000_000
_AT_ONCE = 200  # people in one condition: SQLite takes no deeper one than a thousand


async def erase_members(connection: AsyncConnection, members: Sequence[int], now: int) -> None:
    """The goodbye rows of the outbox carry no member and stay until they are sent."""
    await connection.execute(select(member.c.id).where(member.c.id.in_(members)).with_for_update())  # no turn meanwhile
    keys = list((await connection.execute(select(address.c.key).where(address.c.member_id.in_(members)))).scalars())
    persons = sorted({key.rsplit("\n", 1)[0] for key in keys})
    in_groups = [or_(*map(_in_a_group, persons[at : at + _AT_ONCE])) for at in range(0, len(persons), _AT_ONCE)]
    columns = (inbox.c.channel, inbox.c.account, inbox.c.source, inbox.c.address_key)
    own = or_(inbox.c.member_id.in_(members), inbox.c.address_key.in_(keys))
    rows = [row for theirs in (own, *in_groups) for row in await connection.execute(select(*columns).where(theirs))]
    places = {*keys, *(row.address_key for row in rows if row.address_key is not None)}  # groups among them
    hashes = [address_hash(key) for key in sorted(places)] + [source_hash(*row[:3]) for row in rows]
    await _remember(connection, list(dict.fromkeys(hashes)), now)
    await rounds.forget(connection, members, keys, now)
    await cards.forget(connection, keys)
    for theirs in in_groups:
        await connection.execute(delete(inbox).where(theirs))
    await delete_members(connection, members, keys)


def _in_a_group(person: str) -> ColumnElement[bool]:
    """What a person (channel, account, id) said or tapped there. Not LIKE: SQLite's takes A for a."""
    start = f"{person}\n"
    return ~inbox.c.private & (func.substr(inbox.c.address_key, 1, len(start)) == start)


async def delete_members(connection: AsyncConnection, members: Sequence[int], keys: Sequence[str]) -> None:
    """Without leaving hashes: for people who never consented and have been silent for a day.

    Guests of rounds stay what their tap made them: a platform id and ticks; and a name, if they chose one to be shown.
    """
    await connection.execute(delete(inbox).where(or_(inbox.c.member_id.in_(members), inbox.c.address_key.in_(keys))))
    await rounds.unlink(connection, members, named=True)
    await connection.execute(delete(link).where(or_(link.c.member_id.in_(members), link.c.other_id.in_(members))))
    for table in (journal, appointment, outbox, address, spared):
        await connection.execute(delete(table).where(table.c.member_id.in_(members)))
    await connection.execute(delete(member).where(member.c.id.in_(members)))


async def _remember(connection: AsyncConnection, hashes: Sequence[str], now: int) -> None:
    if not hashes:
        return
    statement = upsert(connection, forgotten)
    statement = statement.on_conflict_do_update(index_elements=["hash"], set_={"until": statement.excluded.until})
    await connection.execute(statement, [{"hash": value, "until": now + FORGOTTEN_FOR} for value in hashes])
