"""The worker's side: lock members that have waiting events, hand them out, save what their turns changed; one commit.

On PostgreSQL several workers share the work by `FOR UPDATE SKIP LOCKED`; on SQLite the one writer does it all.
A member's events come in the order of their ids; an event put off for a later try holds back the later ones.
"""

from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, Executable, bindparam, delete, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.dialogue.wire import SILENT_KINDS
from bot.store.desk import RoundDesk
from bot.store.fairness import VIEW, Queue, Subject, address_of, look, look_behind, waits
from bot.store.hot import run, run_each
from bot.store.ids import BLOCK, Ids, bucket
from bot.store.intake import UPSERTS
from bot.store.places import PlaceDesk
from bot.store.round_rooms import person_of
from bot.store.rows import Claim, LostRaceError, NewSend, Outcome, StoredAddress, Waiting
from bot.store.saving import save_outcomes, send_row
from bot.store.schema import OPEN, address, inbox, member, outbox
from bot.store.translation import savepoint, translated

_NUMBERS: BindParameter[Any] = bindparam("numbers", expanding=True)
# Statements are built once: building one costs more than SQLite takes to run it.
_KNOWN = select(address.c.key, address.c.member_id).where(address.c.key.in_(bindparam("keys", expanding=True)))
_READ = select(member).where(member.c.id.in_(_NUMBERS))
_LOCK = _READ.with_for_update(skip_locked=True)
_ADDRESSES = select(address).where(address.c.member_id.in_(_NUMBERS)).order_by(address.c.id)
_THERE = select(member.c.id).where(member.c.id.in_(_NUMBERS))
_EVENTS = select(inbox).where(inbox.c.id.in_(_NUMBERS), text(OPEN)).order_by(inbox.c.id)
_EVENTS_LOCKED = _EVENTS.with_for_update(skip_locked=True)
_AT_KEYS = (inbox.c.address_key.in_(bindparam("keys", expanding=True)), inbox.c.private, text(OPEN))
_SAID = select(inbox.c.address_key).where(*_AT_KEYS, inbox.c.kind.not_in(SILENT_KINDS)).distinct()
_SETTLE_SILENT = update(inbox).where(*_AT_KEYS).values(settled=bindparam("settled_at"), body=b"")
_ADD_MEMBER, _ADD_SENDS = insert(member), insert(outbox)
_LOOKS = 4  # other workers may hold the first members in view


@dataclass(frozen=True, slots=True)
class Limits:
    members: int
    events: int
    buckets: Collection[int] | None


@dataclass(slots=True)
class Locked:
    """Members locked so far, and the addresses they are known by."""

    rows: dict[int, Any] = field(default_factory=dict)
    addresses: dict[int, list[StoredAddress]] = field(default_factory=dict)

    def names(self, number: int) -> list[Subject]:
        return [number, *(known.address.key for known in self.addresses.get(number, ()))]


class TurnBatch:
    """What one transaction hands to the worker and takes back. Nothing counts before the transaction ends."""

    def __init__(
        self, connection: AsyncConnection, ids: Ids, claims: Sequence[Claim], strangers: Sequence[Waiting], now: int
    ) -> None:
        self.claims = tuple(claims)
        self.strangers = tuple(strangers)  # events of groups: no member
        self.has_erased = False
        self.rounds = RoundDesk(connection, ids, now)
        self.places = PlaceDesk(connection, ids, now)
        self._connection = connection
        self._now = now
        self._revisions = {claim.member: claim.revision for claim in claims}

    def forget_strangers(self, gone: Collection[str]) -> None:
        """What somebody who was erased in this batch did in groups; its rows are gone. `gone`: see `person_of`."""
        self.strangers = tuple(
            each for each in self.strangers if each.address is None or person_of(each.address) not in gone
        )

    async def save(self, outcomes: Sequence[Outcome]) -> None:
        """Write all changes with a few statements. Raises `LostRaceError` for a revision that was not claimed."""
        for outcome in outcomes:
            if self._revisions.pop(outcome.member, None) != outcome.revision:
                raise LostRaceError(f"member {outcome.member} was not claimed at revision {outcome.revision}")
        with translated():
            await save_outcomes(self._connection, outcomes, self._now)
        self.has_erased = self.has_erased or any(outcome.erase for outcome in outcomes)

    async def hold(self, numbers: Sequence[int]) -> dict[int, Claim]:
        """Lock members beside those of the batch, without their events; those that others hold are left out.

        What the batch has saved counts. Each may be saved once more.
        """
        locked = Locked()
        with translated():
            await _lock(self._connection, locked, numbers)
        claims = {number: _claim(locked, number, ()) for number in locked.rows}
        self._revisions |= {number: claim.revision for number, claim in claims.items()}
        return claims

    async def look(self, numbers: Sequence[int]) -> dict[int, Claim]:
        """The same without a lock: only to be read."""
        with translated():
            rows = {row.id: row for row in (await run(self._connection, _READ, {"numbers": list(numbers)})).rows}
        return {number: _claim(Locked(rows), number, ()) for number in rows}

    async def is_there(self, number: int) -> bool:
        """Whether this member exists, whoever holds it."""
        with translated():
            found = await self._connection.execute(select(member.c.id).where(member.c.id == number))
            return found.first() is not None

    async def return_events(self, ids: Sequence[int], retry_at: int) -> None:
        """Put events off: they count one more attempt and come again from `retry_at` on."""
        statement = update(inbox).where(inbox.c.id == bindparam("row"), text(OPEN))
        statement = statement.values(attempts=inbox.c.attempts + 1, available_at=retry_at)
        await self._each(statement, ids)

    async def put_off(self, ids: Sequence[int], until: int) -> None:
        """Leave events to others: they count no attempt and come again from `until` on."""
        statement = update(inbox).where(inbox.c.id == bindparam("row"), text(OPEN))
        await self._each(statement.values(available_at=until), ids)

    @asynccontextmanager
    async def apart(self) -> AsyncIterator[None]:
        """What is done in here is undone alone if it raises; the batch goes on."""
        async with savepoint(self._connection):
            yield

    async def set_aside(self, event: int, error_class: str) -> None:
        """Give an event up: its text goes, its kind and the class of the error stay for the doctor."""
        statement = update(inbox).where(inbox.c.id == event, text(OPEN))
        with translated():
            await self._connection.execute(statement.values(settled=self._now, error=error_class, body=b""))

    async def finish(self, ids: Sequence[int]) -> None:
        """Events of groups are done."""
        statement = update(inbox).where(inbox.c.id == bindparam("row"), text(OPEN))
        await self._each(statement.values(settled=self._now, body=b""), ids)

    async def send(self, sends: Sequence[NewSend]) -> None:
        """Messages that belong to no member: a group's posts."""
        if sends:
            with translated():
                rows = [send_row(send, None, self._now) for send in sends]
                await run_each(self._connection, _ADD_SENDS, rows)

    async def _each(self, statement: Executable, ids: Sequence[int]) -> None:
        if ids:
            with translated():
                await self._connection.execute(statement, [{"row": number} for number in ids])


async def claim(connection: AsyncConnection, ids: Ids, now: int, limits: Limits) -> TurnBatch:
    """Lock and load."""
    with translated():
        return await _claim_batch(connection, ids, now, limits)


async def give_up_oldest(connection: AsyncConnection, now: int, retry_at: int, attempts: int, error: str) -> None:
    """When not even claiming works: what stands first comes again at `retry_at`, or is set aside after `attempts`."""
    queue = await look(connection, VIEW, None, now)
    first = [*queue.of(queue.ready()[:1])[:1], *queue.groups[:1]]
    rows = update(inbox).where(inbox.c.id.in_(first), text(OPEN))
    await connection.execute(rows.values(attempts=inbox.c.attempts + 1, available_at=retry_at))
    spent = rows.where(inbox.c.attempts >= attempts)
    await connection.execute(spent.values(settled=now, error=error, body=b""))


async def _claim_batch(connection: AsyncConnection, ids: Ids, now: int, limits: Limits) -> TurnBatch:
    queue = await look(connection, max(VIEW, 4 * limits.members), limits.buckets, now)
    locked = Locked()
    await _lock_in_turn(connection, ids, now, locked, queue, limits.members)
    events = {number: queue.of(locked.names(number))[: limits.events] for number in locked.rows}
    if queue.is_full and len(locked.rows) < limits.members:
        behind = await look_behind(connection, queue, limits.members, limits.buckets, now)
        await _lock_in_turn(connection, ids, now, locked, behind, limits.members)
        for number in locked.rows.keys() - events.keys():
            names = locked.names(number)
            events[number] = queue.of(names)[: limits.events] or behind.of(names)[:1]
    loaded = await _load(connection, [number for chosen in events.values() for number in chosen])
    claims = [
        _claim(locked, number, waiting)
        for number, chosen in events.items()
        if (waiting := _until_put_off([loaded[event] for event in chosen if event in loaded], now))
    ]
    strangers = await _load(connection, queue.groups[: limits.members], lock=True)
    return TurnBatch(connection, ids, claims, [_waiting(row) for row in strangers.values()], now)


async def _lock_in_turn(
    connection: AsyncConnection, ids: Ids, now: int, locked: Locked, queue: Queue, members: int
) -> None:
    """Lock the first members of the queue, and the next ones where others hold those."""
    subjects = queue.ready()
    for _ in range(_LOOKS):
        wanted = members - len(locked.rows)
        chunk, subjects = subjects[:wanted], subjects[wanted:]
        if not chunk:
            return
        numbers = await _members_of(connection, ids, now, chunk)
        await _lock(connection, locked, [number for number in numbers if number not in locked.rows])
        await _drop_orphans(connection, [s for s in chunk if isinstance(s, int) and s not in locked.rows])


async def _members_of(connection: AsyncConnection, ids: Ids, now: int, subjects: Sequence[Subject]) -> list[int]:
    """The members behind the subjects at this moment, new ones included, in order and each once."""
    keys = [subject for subject in subjects if isinstance(subject, str)]
    known: dict[str, int] = {}
    if keys:
        known = {row.key: row.member_id for row in (await run(connection, _KNOWN, {"keys": keys})).rows}
        unknown = [key for key in keys if key not in known]
        if unknown and (speaking := await _speaking(connection, unknown, now)):
            known |= await _welcome(connection, ids, now, speaking)
    numbers = (subject if isinstance(subject, int) else known.get(subject) for subject in subjects)
    return list(dict.fromkeys(number for number in numbers if number is not None))


async def _speaking(connection: AsyncConnection, keys: Sequence[str], now: int) -> list[str]:
    """Those of unknown addresses where somebody says something: that alone makes a member.

    Who only blocked the coach, or let it back in, is nobody's row; those events are done.
    """
    said = {row.address_key for row in (await run(connection, _SAID, {"keys": list(keys)})).rows}
    silent = [key for key in keys if key not in said]
    if silent:
        await connection.execute(_SETTLE_SILENT, {"keys": silent, "settled_at": now})
    return [key for key in keys if key in said]


async def _welcome(connection: AsyncConnection, ids: Ids, now: int, keys: Sequence[str]) -> dict[str, int]:
    """New members for unknown addresses. Another worker may be faster: then the next batch finds its member."""
    keys = sorted(keys)[: BLOCK // 2]  # in one order everywhere, so that two workers cannot wait for each other
    first = ids.block(2 * len(keys), now)
    numbers = {key: first + place for place, key in enumerate(keys)}
    fresh = {"status": "new", "locale": "", "zone": "", "lock": "", "revision": 0, "document_version": 0}
    await run_each(
        connection,
        _ADD_MEMBER,
        [
            {"id": n, "bucket": bucket(n), "document": None, "created": now, "seen": now, **fresh}
            for n in numbers.values()
        ],
    )
    rows = [
        _address_row(key, number, first + len(keys) + place, now) for place, (key, number) in enumerate(numbers.items())
    ]
    added = await run_each(connection, _add_address(connection.dialect.name), rows)
    welcomed = {row.key for row in added.rows}
    late = [number for key, number in numbers.items() if key not in welcomed]
    if late:
        await connection.execute(delete(member).where(member.c.id.in_(late)))
    return {key: number for key, number in numbers.items() if key in welcomed}


@cache
def _add_address(dialect: str) -> Any:
    return UPSERTS[dialect](address).on_conflict_do_nothing(index_elements=["key"]).returning(address.c.key)


def _address_row(key: str, number: int, row: int, now: int) -> dict[str, object]:
    where = address_of(key, private=True)
    return {
        "id": row,
        "member_id": number,
        "bucket": bucket(number),
        "key": key,
        "channel": where.channel,
        "account": where.account,
        "person": where.person,
        "room": where.room,
        "preferred": True,
        "reachable": True,
        "created": now,
    }


async def _lock(connection: AsyncConnection, locked: Locked, numbers: Sequence[int]) -> None:
    """In the queue's order; members that another worker holds are passed over."""
    if not numbers:
        return
    rows = {row.id: row for row in (await run(connection, _LOCK, {"numbers": list(numbers)})).rows}
    locked.rows.update((number, rows[number]) for number in numbers if number in rows)
    if rows:
        for row in (await run(connection, _ADDRESSES, {"numbers": list(rows)})).rows:
            locked.addresses.setdefault(row.member_id, []).append(
                StoredAddress(
                    id=row.id,
                    address=address_of(row.key, private=True),
                    preferred=row.preferred,
                    reachable=row.reachable,
                )
            )


async def _drop_orphans(connection: AsyncConnection, numbers: Sequence[int]) -> None:
    """Events of members who are gone (not merely held by another worker) go too: their address says who it was."""
    if not numbers:
        return
    there = {row.id for row in (await run(connection, _THERE, {"numbers": list(numbers)})).rows}
    gone = [number for number in numbers if number not in there]
    if gone:
        await connection.execute(delete(inbox).where(inbox.c.member_id.in_(gone), text(OPEN)))


async def _load(connection: AsyncConnection, ids: Sequence[int], *, lock: bool = False) -> dict[int, Any]:
    """Events that still wait, in order: another worker may have finished some since we looked."""
    if not ids:
        return {}
    query = _EVENTS_LOCKED if lock else _EVENTS
    return {row.id: row for row in (await run(connection, query, {"numbers": list(ids)})).rows}


def _until_put_off(rows: Sequence[Any], now: int) -> tuple[Waiting, ...]:
    waiting = []
    for row in rows:
        if waits(row.available_at, now):
            break
        waiting.append(_waiting(row))
    return tuple(waiting)


def _waiting(row: Any) -> Waiting:
    key = row.address_key
    return Waiting(
        id=row.id,
        kind=row.kind,
        body=row.body,
        address=None if key is None else address_of(key, private=row.private),
        received=row.received,
        attempts=row.attempts,
        source=row.source,
    )


def _claim(locked: Locked, number: int, events: tuple[Waiting, ...]) -> Claim:
    row = locked.rows[number]
    return Claim(
        member=number,
        revision=row.revision,
        document=row.document,
        document_version=row.document_version,
        status=row.status,
        locale=row.locale,
        zone=row.zone,
        lock=row.lock,
        created=row.created,
        addresses=tuple(locked.addresses.get(number, ())),
        events=events,
    )
