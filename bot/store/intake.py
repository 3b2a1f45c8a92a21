"""Into the inbox: arrivals of the channels and internal events, each once, however often it is delivered."""

import hashlib
from collections.abc import Sequence
from functools import cache
from typing import Any, Final
from zlib import crc32

from sqlalchemy import bindparam, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.dialogue.events import Arrival, DamagedReceived
from bot.dialogue.failures import BadArrivalError
from bot.dialogue.wire import encode, event_kind
from bot.store.hot import run, run_each
from bot.store.ids import Ids, bucket
from bot.store.rows import Posted
from bot.store.schema import cursor, forgotten, inbox
from bot.store.translation import translated

DAMAGED = "Damaged"  # an update that no platform we know makes
_CHUNK = 5000  # values in one IN list; both engines end near 32 000
Row = dict[str, Any]
_KNOWN = select(forgotten.c.hash).where(
    forgotten.c.hash.in_(bindparam("hashes", expanding=True)), forgotten.c.until > bindparam("now")
)
UPSERTS: Final[dict[str, Any]] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
Position = tuple[str, str, str, str]  # channel, account, name, value


def upsert(connection: AsyncConnection, table: Any) -> sqlite.Insert | postgresql.Insert:
    """INSERT with ON CONFLICT: the same words on both engines, in two classes."""
    made: sqlite.Insert | postgresql.Insert = UPSERTS[connection.dialect.name](table)
    return made


@cache
def _insert(dialect: str) -> Any:
    """Built once: building one costs more than SQLite takes to run it."""
    statement = UPSERTS[dialect](inbox).on_conflict_do_nothing(index_elements=["channel", "account", "source"])
    return statement.returning(inbox.c.settled)


@cache
def _save_position(dialect: str) -> Any:
    statement = UPSERTS[dialect](cursor)
    return statement.on_conflict_do_update(
        index_elements=["channel", "account", "name"], set_={"value": statement.excluded.value}
    )


def address_hash(key: str) -> str:
    return hashlib.sha256(f"address\n{key}".encode(errors="replace")).hexdigest()


def source_hash(channel: str, account: str, source: str) -> str:
    return hashlib.sha256(f"source\n{channel}\n{account}\n{source}".encode(errors="replace")).hexdigest()


def rows_of(arrivals: Sequence[Arrival], ids: Ids, now: int) -> list[Row]:
    return [_row(arrival, ids.next(now), now) for arrival in arrivals]


def _row(arrival: Arrival, number: int, now: int) -> Row:
    """Never raises: what cannot be kept becomes a dead row without a body."""
    address = arrival.address
    try:
        body = encode(arrival.event)
        error = _damage(arrival)
    except (TypeError, ValueError, AttributeError, RecursionError) as failure:
        body, error = b"", type(failure).__name__
    row = {
        "id": number,
        "bucket": crc32(address.key.encode(errors="replace")) % 256,
        "channel": address.channel,
        "account": address.account,
        "source": arrival.source,
        "kind": arrival.event.kind if isinstance(arrival.event, DamagedReceived) else event_kind(arrival.event),
        "address_key": address.key,
        "private": address.private,
        "member_id": None,
        "body": body,
        "at": arrival.at,
        "received": now,
        "available_at": 0,
        "attempts": 0,
        "settled": 0,
        "error": "",
    }
    return _set_aside(row, error, now) if error else row


def _damage(arrival: Arrival) -> str:
    """An error class for what must not go on to a turn, else "" (an update that nobody can read says so itself)."""
    if isinstance(arrival.event, DamagedReceived):
        return DAMAGED
    return "UncleanText" if _is_unclean(arrival) else ""


def _is_unclean(arrival: Arrival) -> bool:
    """NUL and lone surrogates are replaced by the channels; one that comes through is damage, not a message."""
    parts = [arrival.source, arrival.address.key]
    parts += [
        value for name in ("text", "data", "message") if isinstance(value := getattr(arrival.event, name, None), str)
    ]
    joined = "".join(parts)
    try:
        return b"\0" in joined.encode()
    except UnicodeEncodeError:
        return True


def _set_aside(row: Row, error: str, now: int) -> Row:
    """The row without anything that came from outside, but still one per source."""
    stand_in = source_hash(str(row["channel"]), str(row["account"]), str(row["source"]))
    at = row["at"] if 0 <= row["at"] < 1 << 62 else now
    return {
        **row,
        "source": f"bad:{stand_in}",
        "address_key": None,
        "body": b"",
        "at": at,
        "settled": now,
        "error": error,
    }


async def insert(connection: AsyncConnection, rows: Sequence[Row]) -> int:
    """How many were new and go on to a turn."""
    if not rows:
        return 0
    added = await run_each(connection, _insert(connection.dialect.name), rows)
    return sum(row.settled == 0 for row in added.rows)


async def insert_singly(connection: AsyncConnection, rows: Sequence[Row], now: int) -> int:
    """After a bulk insert failed on a value: the bad rows are set aside, the others go in."""
    count = 0
    for row in rows:
        try:
            with translated():
                async with connection.begin_nested():
                    count += await insert(connection, [row])
        except BadArrivalError as error:
            await insert(connection, [_set_aside(row, str(error), now)])
    return count


async def without_forgotten(connection: AsyncConnection, rows: list[Row], now: int) -> list[Row]:
    """A redelivered event of an erased address must not bring the person back; a new one may."""
    hashes = {row["id"]: address_hash(row["address_key"]) for row in rows if row["address_key"] is not None}
    known = await _known(connection, set(hashes.values()), now)
    if not known:
        return rows
    sources = {
        row["id"]: source_hash(row["channel"], row["account"], row["source"])
        for row in rows
        if hashes.get(row["id"]) in known
    }
    redelivered = await _known(connection, set(sources.values()), now)
    return [row for row in rows if sources.get(row["id"]) not in redelivered]


async def _known(connection: AsyncConnection, hashes: set[str], now: int) -> set[str | None]:
    wanted = sorted(hashes)
    found: set[str | None] = set()
    for start in range(0, len(wanted), _CHUNK):
        chunk = wanted[start : start + _CHUNK]
        known = await run(connection, _KNOWN, {"hashes": chunk, "now": now})
        found |= {row.hash for row in known.rows}
    return found


async def save_position(connection: AsyncConnection, position: Position) -> None:
    channel, account, name, value = position
    values = {"channel": channel, "account": account, "name": name, "value": value}
    await run(connection, _save_position(connection.dialect.name), values)


async def position(connection: AsyncConnection, channel: str, account: str, name: str) -> str | None:
    query = select(cursor.c.value).where(
        cursor.c.channel == channel, cursor.c.account == account, cursor.c.name == name
    )
    value: str | None = (await connection.execute(query)).scalar()
    return value


def internal(number: int, posted: Posted, now: int) -> Row:
    """An event of our own: no channel, the member is known."""
    return {
        "id": number,
        "bucket": bucket(posted.member),
        "channel": "",
        "account": "",
        "source": posted.source,
        "kind": event_kind(posted.event),
        "address_key": posted.address.key if posted.address else None,
        "private": True,
        "member_id": posted.member,
        "body": encode(posted.event),
        "at": now,
        "received": now,
        "available_at": 0,
        "attempts": 0,
        "settled": 0,
        "error": "",
    }
