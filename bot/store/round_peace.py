"""Whom rounds leave in peace in private: behind a lock, in a flare-up, for two weeks after a crisis, gone for good."""

import hashlib
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import ColumnElement, delete, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.dialogue.member import Status
from bot.dialogue.moment import from_micros, micros
from bot.store.intake import upsert
from bot.store.round_ticks import members_of
from bot.store.schema import address, forgotten, member, participant, spared

LOCKED_FOR = timedelta(days=14)  # of whoever went behind a lock, which nobody is left to open


async def spare(connection: AsyncConnection, who: int, until: str) -> None:
    """All their rounds leave a member in peace up to and including that ISO day."""
    statement = upsert(connection, spared)
    statement = statement.on_conflict_do_update(
        index_elements=["member_id"], set_={"until": until}, where=spared.c.until < until
    )
    await connection.execute(statement, {"member_id": who, "until": until})


async def pass_on(connection: AsyncConnection, lost: int, kept: int) -> None:
    """Two members turned out to be one person: the longer peace of both counts."""
    until = (await connection.execute(select(spared.c.until).where(spared.c.member_id == lost))).scalar()
    if until is not None:
        await spare(connection, kept, until)
        await connection.execute(delete(spared).where(spared.c.member_id == lost))


async def remember(connection: AsyncConnection, members: Sequence[int], now: int) -> None:
    """Of guests who go, because they never consented: for as long as their peace lasts a hash knows of it."""
    today = from_micros(now).date()
    locked = (today + LOCKED_FOR).isoformat()
    query = select(address.c.key, member.c.lock, spared.c.until).where(member.c.id.in_(members))
    joined = member.join(address, address.c.member_id == member.c.id)
    query = query.select_from(joined.outerjoin(spared, spared.c.member_id == member.c.id))
    marks: dict[str, int] = {}
    for key, lock, until in await connection.execute(query):
        last = max(until or "", locked if lock else "")
        if last >= today.isoformat():
            marks[_mark(key.rsplit("\n", 1)[0])] = micros(_end_of(date.fromisoformat(last)))
    if marks:
        statement = upsert(connection, forgotten)
        statement = statement.on_conflict_do_update(index_elements=["hash"], set_={"until": statement.excluded.until})
        await connection.execute(statement, [{"hash": mark, "until": until} for mark, until in sorted(marks.items())])


def _end_of(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(days=1)


def _is_covered(today: str) -> ColumnElement[bool]:
    is_quiet = or_(func.coalesce(member.c.lock, "") != "", func.coalesce(member.c.status, "") == Status.LEFT.value)
    return or_(is_quiet, func.coalesce(spared.c.until, "") >= today)


async def is_covered(connection: AsyncConnection, round_id: int, person: str, today: str, now: int) -> bool:
    """Whether this person is left in peace on the ISO day `today`.

    Also a guest who has become a member since and has not tapped again: the row knows only a guest.
    """
    here = (participant.c.challenge_id == round_id, participant.c.person == person)
    known = list((await connection.execute(select(participant.c.member_id).where(*here))).scalars())
    known += (await members_of(connection, [person])).values()
    query = select(member.c.id).outerjoin(spared, spared.c.member_id == member.c.id)
    query = query.where(member.c.id.in_(known), _is_covered(today))
    gone = select(forgotten.c.hash).where(forgotten.c.hash == _mark(person), forgotten.c.until > now)
    found = [(await connection.execute(each.limit(1))).first() for each in (query, gone)]
    return found != [None, None]


def _mark(person: str) -> str:
    return hashlib.sha256(f"peace\n{person}".encode(errors="replace")).hexdigest()
