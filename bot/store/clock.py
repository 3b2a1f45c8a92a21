"""Appointments whose time has come go into the inbox, each once. Whether they still count is decided in the turn."""

from collections.abc import Callable, Sequence

from sqlalchemy import bindparam, func, select, text, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.dialogue.events import Due
from bot.store.engine import Database
from bot.store.ids import Ids, bucket
from bot.store.intake import internal, upsert
from bot.store.rows import NewAppointment, Posted
from bot.store.schema import OPEN, appointment, inbox, member

AT_ONCE = 500  # in one transaction
MINUTE = 60_000_000
_NEXT = select(func.min(appointment.c.due).label("due")).where(text(OPEN))


async def next_due(database: Database) -> int | None:
    """When the earliest waiting appointment is due."""
    due: int | None = (await database.look(_NEXT, {})).rows[0].due
    return due


async def move_due(connection: AsyncConnection, ids: Ids, now: int, limit: int) -> int:
    """The earliest due ones become events, in one transaction."""
    query = select(appointment).where(text(OPEN), appointment.c.due <= now).order_by(appointment.c.due).limit(limit)
    rows = (await connection.execute(query.with_for_update(skip_locked=True))).all()
    if not rows:
        return 0
    events = [
        internal(
            ids.next(now),
            Posted(
                member=row.member_id,
                event=Due(kind=row.kind, local_date=row.local_date, due_at=row.due),
                source=f"due:{row.id}",
            ),
            now,
        )
        for row in rows
    ]
    statement = upsert(connection, inbox).on_conflict_do_nothing(index_elements=["channel", "account", "source"])
    await connection.execute(statement, events)
    await connection.execute(
        update(appointment).where(appointment.c.id.in_([row.id for row in rows])).values(settled=now)
    )
    return len(rows)


async def take(connection: AsyncConnection, number: int, now: int) -> NewAppointment | None:
    """A member's earliest waiting appointment, marked as done; whoever takes it brings the event."""
    query = select(appointment).where(text(OPEN), appointment.c.member_id == number).order_by(appointment.c.due)
    row = (await connection.execute(query.limit(1))).first()
    if row is None:
        return None
    await connection.execute(update(appointment).where(appointment.c.id == row.id).values(settled=now))
    return NewAppointment(
        id=row.id, kind=row.kind, local_date=row.local_date, due=row.due, nature=row.nature, wall=row.wall
    )


async def book_once(connection: AsyncConnection, made: Sequence[tuple[int, NewAppointment]]) -> int:
    """Appointments (member, appointment) that nobody has yet for that kind and date; how many are new.

    One that was brought already stays so. Whoever was erased meanwhile gets none.
    """
    living = select(member.c.id).where(member.c.id.in_([number for number, _ in made])).with_for_update()
    there = set((await connection.execute(living)).scalars())
    rows = [
        {
            "id": new.id,
            "member_id": number,
            "bucket": bucket(number),
            "kind": new.kind,
            "local_date": new.local_date,
            "due": new.due,
            "nature": new.nature,
            "wall": new.wall,
            "settled": 0,
        }
        for number, new in made
        if number in there
    ]
    known = select(appointment.c.member_id).where(
        appointment.c.member_id.in_(there), tuple_(appointment.c.kind, appointment.c.local_date).in_(_days(made))
    )
    before = len((await connection.execute(known)).all())
    if rows:
        index = ["member_id", "kind", "local_date"]
        await connection.execute(upsert(connection, appointment).on_conflict_do_nothing(index_elements=index), rows)
    return len(rows) - before


async def zones(connection: AsyncConnection) -> list[str]:
    """The time zones in which members live."""
    return sorted((await connection.execute(select(member.c.zone).where(member.c.zone != "").distinct())).scalars())


async def rebook(
    connection: AsyncConnection, zone: str, moment: Callable[[str, str], int], after: int
) -> tuple[int, int]:
    """Waiting appointments of one zone at the moments that their times of day are now; a part of them at a time.

    `moment` gives it for an ISO date and a time. Returns how many moved, and the id to go on after; 0 at the end.
    """
    query = select(appointment.c.id, appointment.c.local_date, appointment.c.wall, appointment.c.due)
    query = query.join(member, member.c.id == appointment.c.member_id).where(
        appointment.c.settled == 0, appointment.c.wall != "", member.c.zone == zone, appointment.c.id > after
    )
    rows = (
        await connection.execute(query.order_by(appointment.c.id).limit(AT_ONCE).with_for_update(of=appointment))
    ).all()
    moved = [
        {"number": row.id, "moment": due}
        for row in rows
        if (due := moment(row.local_date, row.wall) + row.due % MINUTE) != row.due  # each member keeps their second
    ]
    if moved:
        statement = update(appointment).where(appointment.c.id == bindparam("number"))
        await connection.execute(statement.values(due=bindparam("moment")), moved)
    return len(moved), rows[-1].id if len(rows) == AT_ONCE else 0


def _days(made: Sequence[tuple[int, NewAppointment]]) -> list[tuple[str, str]]:
    return sorted({(new.kind, new.local_date) for _, new in made})


async def last_day_of(connection: AsyncConnection, kind: str) -> str | None:
    """The latest date for which anybody has or had an appointment of this kind."""
    query = select(func.max(appointment.c.local_date)).where(appointment.c.kind == kind)
    day: str | None = (await connection.execute(query)).scalar()
    return day
