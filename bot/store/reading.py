"""What people ask about the store: a member's data for the export, counts and dead events for the doctor."""

from collections.abc import Collection, Sequence

from sqlalchemy import func, select, text, union
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.fairness import address_of
from bot.store.rows import DeadEvent, Fact, StoredAddress, StoredMember
from bot.store.schema import DEAD, OPEN, address, appointment, inbox, journal, member, metadata, outbox


async def journal_of(connection: AsyncConnection, number: int) -> list[Fact]:
    query = select(journal).where(journal.c.member_id == number).order_by(journal.c.id)
    return [
        Fact(id=row.id, kind=row.kind, at=row.at, local_date=row.local_date, body=row.body)
        for row in await connection.execute(query)
    ]


async def zones_after(connection: AsyncConnection, number: int, limit: int) -> list[tuple[int, str]]:
    """The next people who have consented and want to hear from us, by id: member and time zone."""
    wants = member.c.status.in_(("active", "paused"))
    query = select(member.c.id, member.c.zone).where(member.c.id > number, wants).order_by(member.c.id).limit(limit)
    return [(row.id, row.zone) for row in await connection.execute(query)]


async def member_by_id(connection: AsyncConnection, number: int) -> StoredMember | None:
    row = (await connection.execute(select(member).where(member.c.id == number))).first()
    if row is None:
        return None
    return StoredMember(
        member=row.id,
        status=row.status,
        locale=row.locale,
        zone=row.zone,
        lock=row.lock,
        revision=row.revision,
        document=row.document,
        document_version=row.document_version,
        created=row.created,
        seen=row.seen,
    )


async def member_by_address(connection: AsyncConnection, key: str) -> StoredMember | None:
    number = (await connection.execute(select(address.c.member_id).where(address.c.key == key))).scalar()
    return None if number is None else await member_by_id(connection, number)


async def rooms_of(connection: AsyncConnection, channel: str, account: str, person: str) -> list[str]:
    """Where a person is known."""
    query = select(address.c.room).where(address.c.person == person, address.c.channel == channel)
    return list((await connection.execute(query.where(address.c.account == account))).scalars())


async def language_of(connection: AsyncConnection, channel: str, account: str, people: Sequence[str]) -> str | None:
    """The language of the first of these people who is a member, in whatever room."""
    query = select(address.c.person, member.c.locale).join(member, member.c.id == address.c.member_id)
    here = (address.c.channel == channel, address.c.account == account, address.c.person.in_(people))
    known = {row.person: row.locale for row in await connection.execute(query.where(*here))}
    return next((known[person] for person in people if person in known), None)


async def unknown(connection: AsyncConnection, keys: Collection[str]) -> set[str]:
    """Which of these addresses belong to nobody and have nothing waiting in the inbox."""
    known = select(address.c.key).where(address.c.key.in_(keys))
    waiting = select(inbox.c.address_key).where(inbox.c.address_key.in_(keys), text(OPEN))
    return set(keys) - set((await connection.execute(union(known, waiting))).scalars())


async def addresses_of(connection: AsyncConnection, number: int) -> list[StoredAddress]:
    query = select(address).where(address.c.member_id == number).order_by(address.c.id)
    return [
        StoredAddress(
            id=row.id, address=address_of(row.key, private=True), preferred=row.preferred, reachable=row.reachable
        )
        for row in await connection.execute(query)
    ]


async def dead_events(connection: AsyncConnection, limit: int) -> list[DeadEvent]:
    """The latest events that were set aside."""
    query = select(inbox).where(text(DEAD)).order_by(inbox.c.id.desc()).limit(limit)
    rows = (await connection.execute(query)).all()
    known = select(address.c.key, address.c.member_id).where(address.c.key.in_([row.address_key for row in rows]))
    members = {row.key: row.member_id for row in await connection.execute(known)}
    return [
        DeadEvent(
            id=row.id,
            channel=row.channel,
            kind=row.kind,
            error=row.error,
            received=row.received,
            member_id=row.member_id or members.get(row.address_key),
        )
        for row in rows
    ]


async def told(connection: AsyncConnection, kind: str, since: int) -> list[bytes]:
    """The bodies of all facts of one kind, of whomever, from a moment on (epoch microseconds)."""
    query = select(journal.c.body).where(journal.c.kind == kind, journal.c.at >= since)
    return list((await connection.execute(query)).scalars())


async def counts(connection: AsyncConnection) -> dict[str, int]:
    """Rows by table, and what waits."""
    found = {}
    for name, table in metadata.tables.items():
        found[name] = (await connection.execute(select(func.count()).select_from(table))).scalar_one()
    for table in (inbox, outbox, appointment):
        waiting = select(func.count()).select_from(table).where(text(OPEN))
        found[f"{table.name} waiting"] = (await connection.execute(waiting)).scalar_one()
    found["inbox dead"] = (
        await connection.execute(select(func.count()).select_from(inbox).where(text(DEAD)))
    ).scalar_one()
    return found
