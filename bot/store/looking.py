"""A claimed send just before it leaves, and what follows when it left without its picture."""

from dataclasses import dataclass

from sqlalchemy import func, insert, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.engine import Database
from bot.store.rows import NewSend, SendRow, Standing
from bot.store.saving import send_row
from bot.store.schema import OPEN, member, outbox


@dataclass(frozen=True, slots=True)
class LastLook:
    """Each method is one transaction."""

    database: Database

    async def standing(self, row: SendRow) -> Standing | None:
        """What counts for a claimed send right now; `None` once it was cancelled."""
        query = select(
            func.coalesce(member.c.lock, "").label("lock"), func.coalesce(member.c.status, "").label("status")
        ).select_from(outbox.outerjoin(member, member.c.id == outbox.c.member_id))
        async with self.database.read() as connection:
            found = (await connection.execute(query.where(outbox.c.id == row.id, text(f"outbox.{OPEN}")))).first()
            if found is None:
                return None
            overtaken = row.only_edit and await _is_edited(connection, row.replaces, None, but=row.id)
            return Standing(lock=found.lock, status=found.status, overtaken=overtaken)

    async def complete(self, row: SendRow, edit: NewSend, now: int) -> bool:
        """Write the edit that brings a sent message its picture; false if the message has been edited meanwhile."""
        async with self.database.write() as connection:
            if await _is_edited(connection, row.id, row.replaces, but=edit.id):
                return False
            await connection.execute(insert(outbox), [send_row(edit, row.member_id, now)])
            return True


async def _is_edited(connection: AsyncConnection, row: int | None, older: int | None, *, but: int) -> bool:
    """Whether a later row edits this one, or the older one which it edits itself. Looks at what came after it only."""
    query = select(outbox.c.id).where(outbox.c.id > row, outbox.c.id != but, outbox.c.replaces.in_([row, older]))
    return (await connection.execute(query.limit(1))).first() is not None
