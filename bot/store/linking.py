"""Codes that link two places of one person, and the union of the two members. Only a code's hash is stored.

Tries are counted by address and in all, in the database: another process or a restart forgives nothing.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, delete, func, insert, or_, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store import round_hosts, round_peace, rounds
from bot.store.ids import Ids, bucket
from bot.store.intake import address_hash
from bot.store.rows import NewAppointment
from bot.store.saving import save_appointments
from bot.store.schema import OPEN, address, appointment, inbox, journal, link, link_try, member, outbox

MINUTE = 60 * 1_000_000
CODE_LIVES = 10 * MINUTE
ASKING_LIVES = 30 * MINUTE  # from the right code on, for both to confirm
TRY_WINDOW = 10 * MINUTE
TRIES = 5  # of one address within the window
TRIES_IN_ALL = 100
WORST_KEPT = 1  # messages of a better or equal priority still leave after the union
SAFETY = "safety"


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredLink:
    """`member` made the code at `address_key`, `other` gave it at `other_key`. `keep`: own, other or ''."""

    id: int
    member: int
    address_key: str
    other: int
    other_key: str
    agreed: bool
    keep: str


def code_hash(code: str) -> str:
    """Of what was meant: case, spaces and hyphens are nobody's mistake. 50 bits that live ten minutes."""
    meant = "".join(sign for sign in code.upper() if sign.isalnum())
    return hashlib.sha256(f"link\n{meant}".encode(errors="replace")).hexdigest()


async def make(connection: AsyncConnection, ids: Ids, number: int, key: str, code: str, now: int) -> int:
    """A new code of this member; the one before stops working. Returns the link's id."""
    await connection.execute(delete(link).where(link.c.member_id == number))
    row = ids.next(now)
    await connection.execute(
        insert(link).values(
            id=row,
            member_id=number,
            address_key=key,
            code_hash=code_hash(code),
            other_id=0,
            other_key="",
            agreed=False,
            keep="",
            created=now,
            expires=now + CODE_LIVES,
        )
    )
    return row


async def may_try(connection: AsyncConnection, ids: Ids, key: str, now: int) -> bool:
    """Count one try; false when it is one too many, and then it does not count."""
    await purge_tries(connection, now)
    who = address_hash(key)
    query = select(func.count(), func.count().filter(link_try.c.who == who)).select_from(link_try)
    in_all, own = (await connection.execute(query)).one()
    if in_all >= TRIES_IN_ALL or own >= TRIES:
        return False
    await connection.execute(insert(link_try).values(id=ids.next(now), who=who, at=now))
    return True


async def redeem(connection: AsyncConnection, number: int, key: str, code: str, now: int) -> StoredLink | None:
    """Take a code, once. A member's own code stays as it is and comes back with that member on both sides."""
    alive = and_(link.c.code_hash == code_hash(code), link.c.other_id == 0, link.c.expires > now)
    own = (await connection.execute(select(link).where(alive, link.c.member_id == number))).first()
    if own is not None:
        return _stored(own, other=number)
    taken = update(link).where(alive).values(other_id=number, other_key=key, expires=now + ASKING_LIVES)
    row = (await connection.execute(taken.returning(*link.c))).first()
    return None if row is None else _stored(row)


async def find(connection: AsyncConnection, number: int, party: int, now: int) -> StoredLink | None:
    """A link that waits for its two sides; nothing for anybody else."""
    query = select(link).where(
        link.c.id == number,
        link.c.expires > now,
        link.c.other_id != 0,
        or_(link.c.member_id == party, link.c.other_id == party),
    )
    row = (await connection.execute(query)).first()
    return None if row is None else _stored(row)


async def agree(connection: AsyncConnection, number: int, keep: str) -> None:
    """The side that gave the code has confirmed, and chosen where there was a choice."""
    await connection.execute(update(link).where(link.c.id == number).values(agreed=True, keep=keep))


async def drop(connection: AsyncConnection, number: int) -> None:
    await connection.execute(delete(link).where(link.c.id == number))


async def forget(connection: AsyncConnection, members: Sequence[int]) -> None:
    """No link with any of these members is left."""
    await connection.execute(delete(link).where(or_(link.c.member_id.in_(members), link.c.other_id.in_(members))))


async def purge_tries(connection: AsyncConnection, now: int) -> int:
    return (await connection.execute(delete(link_try).where(link_try.c.at <= now - TRY_WINDOW))).rowcount


async def purge(connection: AsyncConnection, now: int) -> int:
    """Codes nobody used or confirmed in time."""
    gone = (await connection.execute(delete(link).where(link.c.expires < now))).rowcount
    return gone + await purge_tries(connection, now)


async def merge(connection: AsyncConnection, ids: Ids, kept: int, lost: int, now: int, *, had_history: bool) -> None:
    """The lost member's places become the kept one's; safety appointments and unsent answers come along.

    Its journal and document go. Both rows are locked by the caller; the kept one's document is saved by the caller.
    """
    await forget(connection, [kept, lost])
    # Before the inbox: what the clock turns into an event meanwhile is found there.
    safety = await _safety(connection, ids, lost, now)
    moved = {"member_id": kept, "bucket": bucket(kept)}
    await connection.execute(update(address).where(address.c.member_id == lost).values(preferred=False, **moved))
    await connection.execute(update(inbox).where(inbox.c.member_id == lost, text(OPEN)).values(**moved))
    await connection.execute(delete(inbox).where(inbox.c.member_id == lost))
    leaves = and_(outbox.c.member_id == lost, text(OPEN), outbox.c.priority <= WORST_KEPT)
    await connection.execute(update(outbox).where(leaves).values(**moved))
    await connection.execute(delete(outbox).where(outbox.c.member_id == lost))
    await save_appointments(connection, kept, safety)
    await round_hosts.pass_on(connection, lost, kept)
    await round_peace.pass_on(connection, lost, kept)
    await (rounds.forget(connection, [lost], [], now) if had_history else rounds.unlink(connection, [lost]))
    for table in (journal, appointment):
        await connection.execute(delete(table).where(table.c.member_id == lost))
    await connection.execute(delete(member).where(member.c.id == lost))


async def _safety(connection: AsyncConnection, ids: Ids, number: int, now: int) -> list[NewAppointment]:
    query = select(appointment).where(appointment.c.member_id == number, appointment.c.nature == SAFETY, text(OPEN))
    query = query.with_for_update()
    return [
        NewAppointment(
            id=ids.next(now), kind=row.kind, local_date=row.local_date, due=row.due, nature=row.nature, wall=row.wall
        )
        for row in await connection.execute(query)
    ]


async def part(connection: AsyncConnection, number: int, keys: Sequence[str]) -> None:
    """These places are nobody's any more, unless no other would be left. Emergency texts for them still leave."""
    query = select(address.c.id, address.c.key, address.c.preferred).where(address.c.member_id == number)
    rows = (await connection.execute(query.order_by(address.c.id))).all()
    staying = [row for row in rows if row.key not in keys]
    if not staying or len(staying) == len(rows):
        return
    await forget(connection, [number])
    theirs = and_(outbox.c.member_id == number, outbox.c.address_key.in_(keys), text(OPEN))
    await connection.execute(delete(outbox).where(theirs, outbox.c.priority > WORST_KEPT))
    await connection.execute(delete(address).where(address.c.id.in_([row.id for row in rows if row.key in keys])))
    if not any(row.preferred for row in staying):
        await connection.execute(update(address).where(address.c.id == staying[0].id).values(preferred=True))


def _stored(row: Any, other: int | None = None) -> StoredLink:
    return StoredLink(
        id=row.id,
        member=row.member_id,
        address_key=row.address_key,
        other=row.other_id if other is None else other,
        other_key=row.other_key,
        agreed=row.agreed,
        keep=row.keep,
    )
