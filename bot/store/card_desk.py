"""The rounds' keeper's desk: cards that are due, sums for them, and what is told when a round is over."""

from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager

from sqlalchemy import func, insert, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.dialogue.events import Address, RoundNews
from bot.dialogue.messages import Kind
from bot.store import intake, round_hosts, round_rooms, round_sums, rounds
from bot.store.ids import Ids
from bot.store.round_rooms import DueRoom
from bot.store.round_sums import Tally
from bot.store.rows import NewSend, Posted
from bot.store.saving import send_row
from bot.store.schema import OPEN, outbox
from bot.store.translation import savepoint, translated


class CardDesk:
    """`now`: epoch microseconds, the same for the whole transaction."""

    def __init__(self, connection: AsyncConnection, ids: Ids, now: int) -> None:
        self._connection = connection
        self._ids = ids
        self._now = now

    async def due(self, limit: int, most_waiting: int = 1 << 30) -> list[DueRoom]:
        """Rooms whose card must be looked at; private ones while fewer than `most_waiting` of theirs wait to leave."""
        waiting = (
            select(func.count())
            .select_from(outbox)
            .where(text(OPEN), outbox.c.kind == Kind.CHALLENGE.value, outbox.c.private)
        )
        with translated():
            free = most_waiting - (await self._connection.execute(waiting)).scalar_one()
            return await round_rooms.due_rooms(self._connection, self._now, limit, free)

    @asynccontextmanager
    async def apart(self) -> AsyncIterator[None]:
        """What is done in here is undone alone if it raises; the transaction goes on."""
        async with savepoint(self._connection):
            yield

    async def tally(self, number: int) -> Tally:
        """Sums of a round as they stand."""
        with translated():
            return await round_sums.tally(self._connection, number)

    async def tallies(self, numbers: Collection[int]) -> dict[int, Tally]:
        """The same of several rounds, looked up together."""
        with translated():
            return await round_sums.tallies(self._connection, numbers)

    async def own_days(self, number: int, first: str, last: str) -> list[int]:
        """Active days of each person between two ISO days, both counted, and of nobody one could name."""
        with translated():
            return await round_sums.own_days(self._connection, number, first, last)

    async def carry(self, number: int, week: int, days: int) -> None:
        """So many missed days of a finished week are made up for, once."""
        with translated():
            await round_sums.carry(self._connection, number, week, days)

    async def tell(self, number: int, *, is_told: bool = True) -> None:
        """From now on the sums of this round are told; or no more, where too much of them was taken back."""
        with translated():
            await round_sums.tell(self._connection, number, is_told=is_told)

    async def put_off(self, room: int, due: int) -> None:
        with translated():
            await round_rooms.put_off(self._connection, room, due)

    async def show(self, room: DueRoom, sends: Sequence[NewSend], *, card: int, week: int, due: int) -> None:
        """Messages for a room, and when to look again; `due` 0: this was the last time."""
        with translated():
            if sends:
                rows = [send_row(send, None, self._now) for send in sends]
                await self._connection.execute(insert(outbox), rows)
            await round_rooms.shown(
                self._connection,
                room.id,
                card=card,
                week=week,
                shown_at=self._now,
                due=due or self._now,
                settled=0 if due else self._now,
            )

    async def settle(self, number: int, name: str = "") -> None:
        """The round is over; whoever started it hears how it can go on."""
        with translated():
            is_new = await rounds.settle_rounds(self._connection, [number], self._now)
            hosts = await round_hosts.hosts_of(self._connection, number) if is_new else []
        news = RoundNews(what="over", round=number, name=name)
        for who in hosts:
            await self.inform(who, news)

    async def inform(self, who: int, news: RoundNews, where: Address | None = None) -> None:
        """The member hears of it in a turn of their own; `where`: at that place of theirs."""
        source = f"round:{self._ids.next(self._now)}"
        await self.post([Posted(member=who, event=news, source=source, address=where)])

    async def post(self, posted: Sequence[Posted]) -> None:
        """Internal events for members."""
        if posted:
            rows = [intake.internal(self._ids.next(self._now), each, self._now) for each in posted]
            with translated():
                await intake.insert(self._connection, rows)
