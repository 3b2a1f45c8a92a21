"""Appointments whose time has come go into the inbox, each once. Whether they still count is decided in the turn."""

from collections.abc import Sequence

from sqlalchemy import func, select, text, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.dialogue.events import Due
from bot.store.ids import Ids, bucket
from bot.store.intake import internal, upsert
from bot.store.rows import NewAppointment, Posted
from bot.store.schema import OPEN, appointment, inbox, member

AT_ONCE = 500  # in one transaction


async def next_due(connection: AsyncConnection) -> int | None:
    """When the earliest waiting appointment is due."""
    query = select(func.min(appointment.c.due)).where(text(OPEN))
    due: int | None = (await connection.execute(query)).scalar()
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
    return NewAppointment(id=row.id, kind=row.kind, local_date=row.local_date, due=row.due, nature=row.nature)


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


def _days(made: Sequence[tuple[int, NewAppointment]]) -> list[tuple[str, str]]:
    return sorted({(new.kind, new.local_date) for _, new in made})


async def last_day_of(connection: AsyncConnection, kind: str) -> str | None:
    """The latest date for which anybody has or had an appointment of this kind."""
    query = select(func.max(appointment.c.local_date)).where(appointment.c.kind == kind)
    day: str | None = (await connection.execute(query)).scalar()
    return day
