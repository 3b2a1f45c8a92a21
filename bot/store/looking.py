"""A claimed send just before it leaves, and what follows when it left without its picture."""

from dataclasses import dataclass

from sqlalchemy import bindparam, case, exists, false, func, insert, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.cards import IS_OF_ADDRESS
from bot.store.engine import Database
from bot.store.rows import NewSend, SendRow, Standing
from bot.store.saving import send_row
from bot.store.schema import OPEN, address, member, outbox

_later = outbox.alias("later")
# Of an edit that is nothing else: whether a later row edits the same one. Looks at what came after that one only.
_OVERTAKEN = exists().where(
    _later.c.id > outbox.c.replaces, _later.c.id != outbox.c.id, _later.c.replaces == outbox.c.replaces
)
_STANDING = (
    select(
        func.coalesce(member.c.lock, "").label("lock"),
        func.coalesce(member.c.status, "").label("status"),
        case((outbox.c.only_edit, _OVERTAKEN), else_=false()).label("overtaken"),
    )
    .select_from(
        outbox.outerjoin(address, IS_OF_ADDRESS).outerjoin(
            member, member.c.id == func.coalesce(outbox.c.member_id, address.c.member_id)
        )
    )
    .where(outbox.c.id == bindparam("row"), text(f"outbox.{OPEN}"))
)


@dataclass(frozen=True, slots=True)
class LastLook:
    """Each method is one transaction."""

    database: Database

    async def standing(self, row: SendRow) -> Standing | None:
        """What counts for a claimed send right now; `None` once it was cancelled."""
        rows = (await self.database.look(_STANDING, {"row": row.id})).rows
        return Standing(lock=rows[0].lock, status=rows[0].status, overtaken=rows[0].overtaken) if rows else None

    async def complete(self, row: SendRow, edit: NewSend, now: int) -> bool:
        """Write the edit that brings a sent message its picture; false if it was edited meanwhile, or erased."""
        async with self.database.write() as connection:
            if await _is_gone(connection, row) or await _is_edited(connection, row, but=edit.id):
                return False
            await connection.execute(insert(outbox), [send_row(edit, row.member_id, now)])
            return True


async def _is_gone(connection: AsyncConnection, row: SendRow) -> bool:
    """An erasure took it: nothing may be written to that address any more. One under way is waited for."""
    if row.member_id is not None:
        await connection.execute(select(member.c.id).where(member.c.id == row.member_id).with_for_update())
    return (await connection.execute(select(outbox.c.id).where(outbox.c.id == row.id))).first() is None


async def _is_edited(connection: AsyncConnection, row: SendRow, *, but: int) -> bool:
    """Whether a later row edits this one, or the older one which it edits itself. Looks at what came after it only."""
    edits = outbox.c.replaces.in_([row.id, row.replaces])
    query = select(outbox.c.id).where(outbox.c.id > row.id, outbox.c.id != but, edits)
    return (await connection.execute(query.limit(1))).first() is not None
