"""Tidying: what is done and old goes. After a jump of the clock nothing is deleted for a day.

A wrong clock looks like a long outage; the day gives the operator time to see it, and an outage costs nothing by it.
"""

from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from typing import Any, TypeAlias

from sqlalchemy import and_, delete, or_, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store import linking, round_peace, rounds
from bot.store.clock import last_day_of
from bot.store.engine import Database
from bot.store.erasing import delete_members, erase_members
from bot.store.ids import first_id
from bot.store.intake import position, save_position
from bot.store.leases import forget_idle
from bot.store.rows import Upkept
from bot.store.schema import NEW, OPEN, address, appointment, challenge_room, forgotten, inbox, member, outbox

HOUR = 3600 * 1_000_000
DAY = 24 * HOUR
_JUMP = DAY
_TRUSTED_AFTER = DAY
_EVENTS_FOR = 3 * DAY  # against redelivery
_DEAD_FOR = 30 * DAY  # for the doctor
_SENDS_FOR = 60 * DAY  # so that they can be edited
_APPOINTMENTS_FOR = 60 * DAY
_UNCONSENTED_FOR = DAY
_LEASES_FOR = 7 * DAY
_ROUNDS_FOR = 30 * DAY
_FARTHEST = (("prompt", 30 * DAY), ("pause-over", 100 * DAY))  # how far ahead the conversation books at most
_NAME = ("", "", "upkeep")
GOODBYE = "goodbye"  # `dialogue.goodbye`: its date is the coach's last day
Step: TypeAlias = Callable[[AsyncConnection, int], Awaitable[int]]
AT_ONCE = 500  # in one transaction, so that nobody waits long for the writer


async def tidy(database: Database, now: int) -> Upkept:
    """In many small transactions."""
    async with database.write() as connection:
        plausible = await is_plausible(connection, now)
        await bring_back(connection, now)
    if not plausible:
        return Upkept(held_back=True)
    found = [await _whole(database, step, now) for step in STEPS]
    if database.is_sqlite:
        await database.outside("PRAGMA optimize")
    events, sends, members, appointments, *others = found
    return Upkept(
        held_back=False, events=events, sends=sends, members=members, appointments=appointments, others=sum(others)
    )


async def _whole(database: Database, step: Step, now: int) -> int:
    """One step again and again, a few rows a transaction."""
    total = 0
    while True:
        async with database.write() as connection:
            count = await step(connection, now)
        total += count
        if count < AT_ONCE:
            return total


async def is_plausible(connection: AsyncConnection, now: int) -> bool:
    """Whether the clock has gone on for a day by steps of at most a day; remembers `now` for the next time.

    The position holds the last upkeep and, after a jump, when the clock landed. The first upkeep finds nothing old.
    """
    stored = await position(connection, *_NAME)
    last, landed = _read(stored) if stored is not None else (None, None)
    if last is not None and abs(now - last) > _JUMP:
        landed = now
    if landed is not None and now - landed >= _TRUSTED_AFTER:
        landed = None
    await save_position(connection, (*_NAME, str(now) if landed is None else f"{now} {landed}"))
    return last is not None and landed is None


async def trusts(connection: AsyncConnection, now: int) -> bool:
    """Whether the last upkeep speaks for this clock. Only a look; before the first one there is no doubt."""
    stored = await position(connection, *_NAME)
    last, landed = (now, None) if stored is None else _read(stored)
    return landed is None and abs(now - last) <= _JUMP


def _read(stored: str) -> tuple[int, int | None]:
    last, *landed = map(int, stored.split())
    return last, landed[0] if landed else None


async def bring_back(connection: AsyncConnection, now: int) -> int:
    """What was booked while the clock ran far ahead: half a day late now, so that it is booked anew, no more.

    A round's card is looked at every day.
    """
    far_off = (challenge_room.c.settled == 0, challenge_room.c.due > now + 2 * DAY)
    await connection.execute(update(challenge_room).where(*far_off).values(due=now))
    booked_wrongly = or_(*(and_(appointment.c.kind == kind, appointment.c.due > now + far) for kind, far in _FARTHEST))
    statement = update(appointment).where(text(OPEN), booked_wrongly).values(due=now - DAY // 2)
    return (await connection.execute(statement)).rowcount


async def purge_events(connection: AsyncConnection, now: int) -> int:
    done = await _purge(connection, inbox, now - _EVENTS_FOR, inbox.c.error == "")
    return done + await _purge(connection, inbox, now - _DEAD_FOR, inbox.c.error != "")


async def purge_sends(connection: AsyncConnection, now: int) -> int:
    return await _purge(connection, outbox, now - _SENDS_FOR)


async def purge_appointments(connection: AsyncConnection, now: int) -> int:
    return await _purge(connection, appointment, now - _APPOINTMENTS_FOR, appointment.c.kind != GOODBYE)


async def _purge(connection: AsyncConnection, table: Any, before: int, *conditions: Any) -> int:
    """Settled rows, found by their ids, which are in order of time."""
    old = (table.c.id < first_id(before), table.c.settled > 0, table.c.settled < before, *conditions)
    few = select(table.c.id).where(*old).order_by(table.c.id).limit(AT_ONCE)
    return (await connection.execute(delete(table).where(table.c.id.in_(few)))).rowcount


async def purge_unconsented(connection: AsyncConnection, now: int) -> int:
    """People who wrote once, never consented and have been silent for a day."""
    query = select(member.c.id).where(text(NEW), member.c.seen < now - _UNCONSENTED_FOR).limit(AT_ONCE)
    members = list((await connection.execute(query.with_for_update(skip_locked=True))).scalars())
    if members:
        await round_peace.remember(connection, members, now)
        await delete_members(connection, members, await _keys(connection, members))
    return len(members)


async def _keys(connection: AsyncConnection, members: Sequence[int]) -> list[str]:
    return list((await connection.execute(select(address.c.key).where(address.c.member_id.in_(members)))).scalars())


async def purge_others(connection: AsyncConnection, now: int) -> int:
    old = await connection.execute(delete(forgotten).where(forgotten.c.until < now))
    return old.rowcount + await linking.purge(connection, now) + await forget_idle(connection, now - _LEASES_FOR)


async def purge_rounds(connection: AsyncConnection, now: int) -> int:
    """Rounds that ended a month ago go whole, and with them the guests' platform ids; those that nobody sees end."""
    await rounds.settle_unseen(connection, datetime.fromtimestamp(now / 1_000_000, UTC).date(), now)
    return await rounds.purge(connection, now - _ROUNDS_FOR)


async def purge_closed(connection: AsyncConnection, now: int) -> int:
    """Everybody, on the day that was announced as the coach's last: at noon UTC, when it has begun everywhere.

    Only if all notes had left before that day: nobody is deleted without a word. A later day, announced anew, counts.
    """
    last = await last_day_of(connection, GOODBYE)
    if last is None:
        return 0
    begins = int(datetime.fromisoformat(f"{last}T00:00+00:00").timestamp()) * 1_000_000
    notes = (appointment.c.kind == GOODBYE, appointment.c.local_date == last)
    untold = or_(appointment.c.settled == 0, appointment.c.settled >= begins)
    if (
        now < begins + DAY // 2
        or (await connection.execute(select(appointment.c.id).where(*notes, untold).limit(1))).first()
    ):
        return 0
    everybody = list((await connection.execute(select(member.c.id).order_by(member.c.id).limit(AT_ONCE))).scalars())
    if everybody:
        await erase_members(connection, everybody, now)
    return len(everybody)


STEPS: tuple[Step, ...] = (
    purge_events,
    purge_sends,
    purge_unconsented,
    purge_appointments,
    purge_others,
    purge_rounds,
    purge_closed,
)
