"""The plain card that goes where an emergency text cannot: in its place, or to the member's other addresses."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.dialogue.events import Address
from bot.store.engine import Database
from bot.store.fairness import address_of
from bot.store.ids import Ids
from bot.store.rows import LateHelp, NewSend, SendRow, State
from bot.store.saving import send_row
from bot.store.schema import OPEN, address, member, outbox

INSTEAD = "instead"  # the reason of such a row while it waits
LIVES_US = 24 * 3600 * 1_000_000
MOST = 100  # late ones that are looked at together
_UNSENT = {State.DROPPED.value, State.UNKNOWN.value}

Card = Callable[[int, str], bytes]  # a message's body from its number and a language


@dataclass(frozen=True, slots=True)
class HelpDesk:
    """Each method is one transaction."""

    database: Database
    ids: Ids

    async def late(self, channel: str, account: str, before: int) -> list[LateHelp]:
        """Emergency texts that were written before then and still wait, the oldest first."""
        columns = (outbox.c.id, outbox.c.member_id, outbox.c.address_key, outbox.c.created, outbox.c.reason)
        query = select(*columns).where(
            outbox.c.channel == channel,
            outbox.c.account == account,
            outbox.c.priority == 0,
            outbox.c.created < before,
            text(OPEN),
        )
        async with self.database.read() as connection:
            rows = (await connection.execute(query.order_by(outbox.c.id).limit(MOST))).all()
        return [LateHelp(*row[:-1], instead=row.reason == INSTEAD) for row in rows]

    async def instead(self, late: LateHelp | SendRow, card: Card, now: int, *, here: bool) -> int:
        """Write the card for the member's other addresses, reachable or not, and with `here` for this one; how many.

        Where an emergency text has arrived since, or waits, there is no need of it.
        """
        if late.instead:
            return 0
        async with self.database.write() as connection:
            language, places = await _places(connection, late, here=here)
            served = await _served(connection, late)
            wanted = [
                _card(self.ids.next(now), place, language, card, now) for place in places if place.key not in served
            ]
            rows = [send_row(send, late.member_id, now) | {"reason": INSTEAD} for send in wanted]
            if rows:
                await connection.execute(insert(outbox), rows)
        return len(rows)


async def _places(connection: AsyncConnection, late: LateHelp | SendRow, *, here: bool) -> tuple[str, list[Address]]:
    private = True if late.member_id is not None or isinstance(late, LateHelp) else late.address.private
    this = [address_of(late.address_key, private=private)] if here else []
    if late.member_id is None:
        return "de", this
    language = (await connection.execute(select(member.c.locale).where(member.c.id == late.member_id))).scalar()
    query = select(address.c.key).where(address.c.member_id == late.member_id, address.c.key != late.address_key)
    others = [address_of(key, private=True) for key in (await connection.execute(query)).scalars()]
    return language or "de", this + others


async def _served(connection: AsyncConnection, late: LateHelp | SendRow) -> set[str]:
    """Addresses with an emergency text of the same turn or later; at this one only the card counts."""
    query = select(outbox.c.address_key, outbox.c.state, outbox.c.reason).where(
        outbox.c.id != late.id,
        outbox.c.priority == 0,
        outbox.c.created >= late.created,
        outbox.c.address_key == late.address_key if late.member_id is None else outbox.c.member_id == late.member_id,
    )
    return {row.address_key for row in await connection.execute(query) if _serves(row, late.address_key)}


def _serves(row: Any, this: str) -> bool:
    return row.state not in _UNSENT and (row.address_key != this or row.reason == INSTEAD)


def _card(number: int, place: Address, language: str, card: Card, now: int) -> NewSend:
    body = card(number, language)
    return NewSend(id=number, address=place, priority=0, kind="emergency", body=body, expires=now + LIVES_US)
