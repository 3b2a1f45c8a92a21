"""The worker's desk for members' places: codes, confirmations, the union of two. One transaction with the turns."""

from collections.abc import Collection, Sequence

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store import linking
from bot.store.ids import Ids
from bot.store.linking import StoredLink
from bot.store.schema import OPEN, outbox
from bot.store.translation import translated


class PlaceDesk:
    """`now`: epoch microseconds, the same for the whole transaction."""

    def __init__(self, connection: AsyncConnection, ids: Ids, now: int) -> None:
        self._connection = connection
        self._ids = ids
        self._now = now

    async def make(self, member: int, key: str, code: str) -> int:
        """A new code of a member, made at this address; the one before stops working."""
        with translated():
            return await linking.make(self._connection, self._ids, member, key, code, self._now)

    async def may_try(self, key: str) -> bool:
        """Count one try at a code; false when this address, or all together, have tried too often."""
        with translated():
            return await linking.may_try(self._connection, self._ids, key, self._now)

    async def redeem(self, member: int, key: str, code: str) -> StoredLink | None:
        """Take a code, once; `None` for a wrong, used or old one."""
        with translated():
            return await linking.redeem(self._connection, member, key, code, self._now)

    async def find(self, link: int, party: int) -> StoredLink | None:
        """A link this member is one of the two sides of."""
        with translated():
            return await linking.find(self._connection, link, party, self._now)

    async def agree(self, link: int, keep: str) -> None:
        """The first side has confirmed. `keep`: own, other or ''."""
        with translated():
            await linking.agree(self._connection, link, keep)

    async def drop(self, link: int) -> None:
        """It comes to nothing."""
        with translated():
            await linking.drop(self._connection, link)

    async def is_waiting(self, member: int, kind: str) -> bool:
        """Whether a message of this kind has not left yet."""
        with translated():
            query = select(outbox.c.id).where(outbox.c.member_id == member, outbox.c.kind == kind, text(OPEN))
            return (await self._connection.execute(query.limit(1))).first() is not None

    async def merge(self, kept: int, lost: int, *, had_history: bool) -> None:
        """Both members must be held by this batch."""
        with translated():
            await linking.merge(self._connection, self._ids, kept, lost, self._now, had_history=had_history)

    async def part(self, member: int, keys: Sequence[str]) -> None:
        """Take these places away, unless none would be left."""
        with translated():
            await linking.part(self._connection, member, keys)

    async def where(self, rows: Collection[int]) -> dict[int, str]:
        """To which address each of these messages went."""
        if not rows:
            return {}
        with translated():
            query = select(outbox.c.id, outbox.c.address_key).where(outbox.c.id.in_(rows))
            return {row.id: row.address_key for row in await self._connection.execute(query)}
