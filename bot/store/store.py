"""The store's whole interface. Every method is one transaction; none reads the clock: `now` is epoch microseconds.

Raises `StoreAwayError` when the database cannot be reached, is locked or full: nothing was written, try again later.
"""

from collections.abc import AsyncIterator, Callable, Collection, Sequence
from contextlib import asynccontextmanager, suppress

from sqlalchemy import text

from bot.dialogue.events import Arrival
from bot.dialogue.failures import BadArrivalError, StoreAwayError
from bot.store import clock, intake, leases, migration, moving, reading, sending, tidying, turns
from bot.store.desk import RoundDesk
from bot.store.engine import Database
from bot.store.erasing import erase_members
from bot.store.helping import HelpDesk
from bot.store.ids import Ids
from bot.store.looking import LastLook
from bot.store.rows import (
    DeadEvent,
    Fact,
    NewAppointment,
    Posted,
    SendRow,
    Settlement,
    StoredAddress,
    StoredMember,
    Upkept,
)
from bot.store.uploads import Uploads

_SCRUB_TRIES = 10


class Store:
    """Open it, migrate it, claim a node number with `node`, then use it."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self._ids: Ids | None = None
        self._must_scrub = False

    @classmethod
    async def open(cls, url: str) -> "Store":
        """Raises ValueError for an address that cannot be used, `StoreAwayError` if nobody answers there."""
        store = cls(Database.at(url))
        try:
            await store.ping()
        except BaseException:
            await store.aclose()
            raise
        return store

    async def aclose(self) -> None:
        """Close all connections."""
        await self.database.aclose()

    async def ping(self) -> None:
        """Raise `StoreAwayError` unless the database answers."""
        async with self.database.read() as connection:
            await connection.execute(text("SELECT 1"))

    async def needs_upgrade(self) -> bool:
        """Whether the tables are older than the code. Raises `NewerStoreError` if they are newer."""
        async with self.database.read() as connection:
            return await migration.needs_upgrade(connection)

    async def migrate(self) -> bool:
        """Bring the tables to the newest form, one process at a time; whether there was anything to do."""
        async with self.database.write() as connection:
            return await migration.upgrade(connection)

    @property
    def ids(self) -> Ids:
        """The process's own ids. They need the node number that `node` claims."""
        if self._ids is None:
            raise RuntimeError("claim a node number first: await store.node(owner, now)")
        return self._ids

    # --- intake ----------------------------------------------------------------------------------------------------

    async def receive(self, arrivals: Sequence[Arrival], *, cursor: intake.Position | None = None, now: int) -> int:
        """Write arrivals and the channel's new position together; how many were new.

        An arrival that cannot be stored is set aside (no body, an error class), the others are kept.
        """
        rows = intake.rows_of(arrivals, self.ids, now)
        try:
            return await self._receive(rows, cursor, now, singly=False)
        except BadArrivalError:
            return await self._receive(rows, cursor, now, singly=True)

    async def _receive(self, rows: list[intake.Row], cursor: intake.Position | None, now: int, *, singly: bool) -> int:
        async with self.database.write() as connection:
            count = 0
            if rows:
                rows = await intake.without_forgotten(connection, rows, now)
            if rows:
                count = await (
                    intake.insert_singly(connection, rows, now) if singly else intake.insert(connection, rows)
                )
            if cursor is not None:
                await intake.save_position(connection, cursor)
            return count

    async def position(self, channel: str, account: str, name: str) -> str | None:
        """A channel's saved position."""
        async with self.database.read() as connection:
            return await intake.position(connection, channel, account, name)

    async def post(self, posted: Sequence[Posted], now: int) -> int:
        """Internal events for members; how many were new (their `source` makes them come once)."""
        if not posted:
            return 0
        rows = [intake.internal(self.ids.next(now), event, now) for event in posted]
        async with self.database.write() as connection:
            return await intake.insert(connection, rows)

    # --- worker ----------------------------------------------------------------------------------------------------

    @asynccontextmanager
    async def turns(
        self, now: int, *, members: int = 300, events: int = 20, buckets: Collection[int] | None = None
    ) -> AsyncIterator[turns.TurnBatch]:
        """Lock members with waiting events, fairly, and hand them out. Commits at the end; an exception undoes it all.

        `buckets` limits the worker to its share of the inbox. No awaiting of the network inside.
        """
        limits = turns.Limits(members=members, events=events, buckets=buckets)
        async with self.database.transaction() as connection:
            batch = await turns.claim(connection, self.ids, now, limits)
            yield batch
        await self._scrub(after_erasure=batch.has_erased)

    async def give_up_oldest(self, now: int, retry_at: int, attempts: int, error: str) -> None:
        """What stands first cannot even be claimed: it comes again, or is set aside after so many attempts."""
        async with self.database.write() as connection:
            await turns.give_up_oldest(connection, now, retry_at, attempts, error)

    async def erase(self, member: int, now: int) -> None:
        """Delete everything of a member at once (the member's own wish goes through an outcome)."""
        async with self.database.write() as connection:
            await erase_members(connection, [member], now)
        await self._scrub(after_erasure=True)

    async def _scrub(self, *, after_erasure: bool) -> None:
        """All is committed by now: if a reader is in the way, the next batch or upkeep tries again."""
        self._must_scrub = self._must_scrub or after_erasure
        if self._must_scrub:
            with suppress(StoreAwayError):
                self._must_scrub = not await self.database.scrub(tries=_SCRUB_TRIES if after_erasure else 1)

    # --- sender ----------------------------------------------------------------------------------------------------

    async def claim_sends(
        self,
        channel: str,
        account: str,
        now: int,
        limit: int,
        busy: Collection[str] = (),
        *,
        held: Collection[str] = (),
        worst: int = sending.WORST,
    ) -> list[SendRow]:
        """The next messages, at most one for each address that is not busy, best priority first.

        Rows with `repeat` false are marked `trying` in the same transaction; the others stay ready until they are
        settled, so the sender names their addresses as busy meanwhile. `worst`: the last priority that may go.
        `held`: addresses in which only emergencies may go.
        """
        async with self.database.write() as connection:
            return await sending.claim_sends(connection, channel, account, now, limit, busy, worst, held)

    async def settle(self, settlements: Sequence[Settlement], now: int, *, posted: Sequence[Posted] = ()) -> None:
        """Write down what became of sends, and the internal events that follow from it."""
        await self.settle_and_claim(settlements, "", "", now, 0, posted=posted)

    async def settle_and_claim(
        self,
        settlements: Sequence[Settlement],
        channel: str,
        account: str,
        now: int,
        limit: int,
        busy: Collection[str] = (),
        *,
        held: Collection[str] = (),
        posted: Sequence[Posted] = (),
        worst: int = sending.WORST,
    ) -> list[SendRow]:
        """Receipts and the next marks in one transaction."""
        rows = [intake.internal(self.ids.next(now), event, now) for event in posted]
        forgot, claimed = False, list[SendRow]()
        async with self.database.write() as connection:
            if settlements:
                forgot = await sending.settle(connection, settlements, now)
            if rows:
                await intake.insert(connection, rows)
            if limit > 0:
                claimed = await sending.claim_sends(connection, channel, account, now, limit, busy, worst, held)
        if forgot:  # the goodbye named the person's address
            await self._scrub(after_erasure=True)
        return claimed

    @property
    def look(self) -> LastLook:
        """At a claimed send, just before it leaves."""
        return LastLook(self.database)

    async def left_trying(self, channel: str, account: str, now: int) -> int:
        """At a sender's start: what was being tried when the last one ended becomes `unknown`, never sent again."""
        async with self.database.write() as connection:
            return await sending.left_trying(connection, channel, account, now)

    async def expire(self, now: int) -> int:
        """Drop unsent messages that are no longer worth sending."""
        async with self.database.write() as connection:
            count, forgot = await sending.expire(connection, now)
        if forgot:
            await self._scrub(after_erasure=True)
        return count

    async def room_moved(self, channel: str, account: str, old_room: str, new_room: str) -> int:
        """Addresses, waiting events and unsent messages follow a room to its new id; how many addresses moved."""
        async with self.database.write() as connection:
            return await moving.room_moved(connection, channel, account, old_room, new_room)

    async def person_moved(self, channel: str, account: str, person: str, new_room: str) -> int:
        """One person's private room is this one from now on: addresses, events and messages follow; how many moved."""
        async with self.database.write() as connection:
            return await moving.person_moved(connection, channel, account, person, new_room)

    async def waiting_sends(self, channel: str, account: str) -> int:
        """How many messages are not settled."""
        async with self.database.read() as connection:
            return await sending.waiting_sends(connection, channel, account)

    @property
    def uploads(self) -> Uploads:
        """Pictures that a platform has already."""
        return Uploads(self.database)

    @property
    def help(self) -> HelpDesk:
        """Emergency texts that cannot be delivered."""
        return HelpDesk(self.database, self.ids)

    # --- clock -----------------------------------------------------------------------------------------------------

    async def due(self, now: int, limit: int = 10_000) -> int:
        """Turn due appointments into events, in transactions of at most 500; how many."""
        moved = 0
        while moved < limit:
            earliest = await self.next_due()
            if earliest is None or earliest > now:
                break
            async with self.database.write() as connection:
                count = await clock.move_due(connection, self.ids, now, min(clock.AT_ONCE, limit - moved))
            if not count:  # another clock holds them
                break
            moved += count
        return moved

    async def next_due(self) -> int | None:
        """When the earliest waiting appointment is due (it may be past)."""
        return await clock.next_due(self.database)

    async def take_appointment(self, member: int, now: int) -> NewAppointment | None:
        """A member's earliest waiting appointment, marked as done (the demo's time control brings the event)."""
        async with self.database.write() as connection:
            return await clock.take(connection, member, now)

    async def zones_after(self, member: int, limit: int) -> list[tuple[int, str]]:
        """The next members who have consented and want to hear from us, by id, with their time zones."""
        async with self.database.read() as connection:
            return await reading.zones_after(connection, member, limit)

    async def book_once(self, made: Sequence[tuple[int, NewAppointment]]) -> int:
        """Appointments that nobody has or had yet for that kind and date; how many are new."""
        async with self.database.write() as connection:
            return await clock.book_once(connection, made)

    async def last_day_of(self, kind: str) -> str | None:
        """The latest date for which anybody has or had an appointment of this kind."""
        async with self.database.read() as connection:
            return await clock.last_day_of(connection, kind)

    async def zones(self) -> list[str]:
        """The time zones in which members live."""
        async with self.database.read() as connection:
            return await clock.zones(connection)

    async def rebook(self, zone: str, moment: Callable[[str, str], int]) -> int:
        """Move what waits in this zone to where its times of day are by the zone's present rules; how many."""
        total, after, more = 0, 0, True
        while more:
            async with self.database.write() as connection:
                moved, after = await clock.rebook(connection, zone, moment, after)
            total, more = total + moved, bool(after)
        return total

    # --- rounds ----------------------------------------------------------------------------------------------------

    @asynccontextmanager
    async def rounds(self, now: int) -> AsyncIterator[RoundDesk]:
        """A desk for moving together. Commits at the end; an exception undoes it all."""
        async with self.database.transaction() as connection:
            yield RoundDesk(connection, self.ids, now)

    # --- leases ----------------------------------------------------------------------------------------------------

    async def acquire(self, name: str, owner: str, now: int, ttl: int) -> bool:
        """Take a lease for `ttl` microseconds; false while somebody else holds it."""
        async with self.database.write() as connection:
            return await leases.acquire(connection, name, owner, now, ttl)

    async def renew(self, name: str, owner: str, now: int, ttl: int) -> bool:
        """Keep a lease; false if somebody else has taken it over."""
        async with self.database.write() as connection:
            return await leases.renew(connection, name, owner, now, ttl)

    async def release(self, name: str, owner: str) -> None:
        """Give a lease back at once."""
        async with self.database.write() as connection:
            await leases.release(connection, name, owner)

    async def node(self, owner: str, now: int) -> int:
        """Claim a free node number and make `ids` from it. Renew it as lease `node:<number>` with `leases.NODE_TTL`."""
        async with self.database.write() as connection:
            number = await leases.take_node(connection, owner, now)
        self._ids = Ids(number)
        return number

    # --- export, doctor, upkeep ------------------------------------------------------------------------------------

    async def member(self, number: int) -> StoredMember | None:
        """One member as stored."""
        async with self.database.read() as connection:
            return await reading.member_by_id(connection, number)

    async def member_by_address(self, key: str) -> StoredMember | None:
        """The member who is reached at an address."""
        async with self.database.read() as connection:
            return await reading.member_by_address(connection, key)

    async def language_of(self, channel: str, account: str, people: Sequence[str]) -> str | None:
        """The language of the first of these people who is a member; `None`: nobody is."""
        async with self.database.read() as connection:
            return await reading.language_of(connection, channel, account, people)

    async def rooms_of(self, channel: str, account: str, person: str) -> list[str]:
        """Where a person is known."""
        async with self.database.read() as connection:
            return await reading.rooms_of(connection, channel, account, person)

    async def unknown(self, keys: Collection[str]) -> set[str]:
        """Which of these addresses belong to nobody and have nothing waiting in the inbox."""
        async with self.database.read() as connection:
            return await reading.unknown(connection, keys)

    async def addresses(self, member: int) -> list[StoredAddress]:
        """All addresses of a member."""
        async with self.database.read() as connection:
            return await reading.addresses_of(connection, member)

    async def journal(self, member: int) -> list[Fact]:
        """All facts of a member, in order."""
        async with self.database.read() as connection:
            return await reading.journal_of(connection, member)

    async def dead_events(self, limit: int = 100) -> list[DeadEvent]:
        """Events that were set aside, the latest first."""
        async with self.database.read() as connection:
            return await reading.dead_events(connection, limit)

    async def told(self, kind: str, since: int) -> list[bytes]:
        """The bodies of all facts of one kind since a moment, without whose they are."""
        async with self.database.read() as connection:
            return await reading.told(connection, kind, since)

    async def counts(self) -> dict[str, int]:
        """Rows of each table, and how many of them wait or are dead."""
        async with self.database.read() as connection:
            return await reading.counts(connection)

    async def upkeep(self, now: int) -> Upkept:
        """Delete what is done and old. Deletes nothing for a day after the clock jumped by more than a day."""
        upkept = await tidying.tidy(self.database, now)
        if not upkept.held_back:
            await self._scrub(after_erasure=upkept.deleted > 0)
        return upkept
