"""Appointments whose time has come go into the inbox, each once. Whether they still count is decided in the turn."""

from sqlalchemy import func, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.dialogue.events import Due
from bot.store.ids import Ids
from bot.store.intake import internal, upsert
from bot.store.rows import NewAppointment, Posted
from bot.store.schema import OPEN, appointment, inbox

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
