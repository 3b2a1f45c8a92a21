"""The sender's side of the outbox: what goes next, and what became of it.

At most one message of an address is out at a time. In an address the best priority goes first; nothing overtakes an
older message of the same or a better priority, and an edit waits until what it edits is settled.
"""

from collections.abc import Collection, Sequence
from functools import cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    BindParameter,
    Integer,
    bindparam,
    delete,
    exists,
    func,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.ending import closed, ready
from bot.store.fairness import address_of
from bot.store.helping import INSTEAD
from bot.store.hot import run, run_each
from bot.store.rows import SendRow, Settlement, State
from bot.store.schema import OPEN, member, outbox

WORST = 9  # a priority below all
LONGEST = 3600 * 1_000_000  # no try is put off longer; more means that the clock has stepped back meanwhile
_waiting = outbox.alias("waiting")
_older = outbox.alias("older")
_edited = outbox.alias("edited")
_THIS = outbox.c.id == bindparam("row")
_THESE = outbox.c.id.in_(bindparam("rows", expanding=True))
_MARK = update(outbox).where(_THESE).values(state=State.TRYING.value)
_RECEIPT = (
    update(outbox)
    .where(_THIS)
    .values(state=State.SENT.value, remote=bindparam("its_remote"), settled=bindparam("sent_at"), body=b"", reason="")
)
_COMPLETED = update(outbox).where(_THIS).values(remote=bindparam("its_remote"))
_FORGET = delete(outbox).where(_THESE, outbox.c.farewell, outbox.c.settled != 0)


async def claim_sends(
    connection: AsyncConnection,
    channel: str,
    account: str,
    now: int,
    limit: int,
    busy: Collection[str],
    worst: int,
    held: Collection[str] = (),
) -> list[SendRow]:
    """The best row of each free address; those that must not be repeated are marked first.

    Addresses that are `held` are free for emergencies only, busy ones for nothing.
    """
    # Within an address at most one row a priority can pass, so this many rows always show `limit` addresses.
    query = candidates(channel, account, now, busy, most=4 * limit, worst=worst, held=held)
    best: dict[str, Any] = {}
    for row in (await run(connection, *query)).rows:
        best.setdefault(row.address_key, row)
    chosen = list(best.values())[:limit]
    once = [row.id for row in chosen if not row.repeat]
    if once:
        await run(connection, _MARK, {"rows": once})
    return [_send_row(row) for row in chosen]


@cache
def _candidates() -> Any:
    """What may leave now, best first. Built once: building it takes longer than running it."""
    columns = ("id", "member_id", "address_key", "private", "priority", "kind", "body", "replaces", "only_edit")
    query = select(
        *(_waiting.c[name] for name in columns),
        *(_waiting.c[name] for name in ("repeat", "silent", "attempts", "created", "expires", "reason")),
        _edited.c.remote.label("replaces_remote"),
        func.coalesce(member.c.lock, "").label("lock"),
        func.coalesce(member.c.status, "").label("status"),
    )
    query = query.select_from(
        _waiting.outerjoin(member, member.c.id == _waiting.c.member_id).outerjoin(
            _edited, _edited.c.id == _waiting.c.replaces
        )
    )
    now: BindParameter[Any] = bindparam("now", type_=BigInteger)
    blocked = exists().where(
        _older.c.address_key == _waiting.c.address_key,
        text(f"older.{OPEN}"),
        _older.c.id < _waiting.c.id,
        _older.c.priority <= _waiting.c.priority,
        _older.c.expires > now,
    )
    query = query.where(
        _waiting.c.channel == bindparam("of_channel"),
        _waiting.c.account == bindparam("of_account"),
        text(f"waiting.{OPEN}"),
        _waiting.c.state == State.READY.value,
        or_(_waiting.c.not_before <= now, _waiting.c.not_before > now + LONGEST),
        _waiting.c.priority <= bindparam("worst"),
        _waiting.c.expires > now,
        or_(_edited.c.id.is_(None), _edited.c.settled != 0, _edited.c.expires <= now),
        ~blocked,
        _waiting.c.address_key.not_in(bindparam("busy", expanding=True)),
        or_(_waiting.c.priority == 0, _waiting.c.address_key.not_in(bindparam("held", expanding=True))),
    )
    return query.order_by(_waiting.c.priority, _waiting.c.id).limit(bindparam("most", type_=Integer))


def candidates(
    channel: str,
    account: str,
    now: int,
    busy: Collection[str],
    *,
    most: int,
    worst: int = WORST,
    held: Collection[str] = (),
) -> tuple[Any, dict[str, object]]:
    """The query and its values."""
    values = {"of_channel": channel, "of_account": account, "now": now, "worst": worst}
    return _candidates(), {**values, "busy": list(busy), "held": list(held), "most": most}


def _send_row(row: Any) -> SendRow:
    return SendRow(
        id=row.id,
        member_id=row.member_id,
        address=address_of(row.address_key, private=row.private),
        address_key=row.address_key,
        priority=row.priority,
        kind=row.kind,
        body=row.body,
        replaces=row.replaces,
        replaces_remote=row.replaces_remote,
        only_edit=row.only_edit,
        repeat=row.repeat,
        silent=row.silent,
        attempts=row.attempts,
        created=row.created,
        expires=row.expires,
        lock=row.lock,
        status=row.status,
        instead=row.reason == INSTEAD,
    )


async def settle(connection: AsyncConnection, settlements: Sequence[Settlement], now: int) -> bool:
    """A row that was cancelled meanwhile stays so, except that a receipt is always written down.

    Returns whether somebody's last row went, so that the store is scrubbed.
    """
    sent = [s for s in settlements if s.state is State.SENT]
    later = [s for s in settlements if s.state is State.READY]
    ended = [s for s in settlements if s.state in {State.DROPPED, State.UNKNOWN}]
    if sent:
        receipts = [{"row": s.row, "its_remote": s.remote, "sent_at": now} for s in sent]
        await run_each(connection, _RECEIPT, receipts)
        completed = [{"row": s.completes, "its_remote": s.remote} for s in sent if s.completes is not None]
        if completed:
            await run_each(connection, _COMPLETED, completed)
    if later:
        again = {"state": State.READY.value, "attempts": outbox.c.attempts + 1, "not_before": bindparam("from_then")}
        statement = update(outbox).where(_THIS, text(OPEN)).values(again)
        put_off = [{"row": s.row, "from_then": min(s.not_before, now + LONGEST)} for s in later]
        await connection.execute(statement, put_off)
    for state in (State.DROPPED, State.UNKNOWN):
        rows = [{"row": s.row, "why": s.reason} for s in ended if s.state is state]
        if rows:
            values = closed(state, "", now) | {"reason": bindparam("why")}
            await connection.execute(update(outbox).where(_THIS, text(OPEN)).values(values), rows)
    return await _forget_farewells(connection, [s.row for s in settlements if s.state is not State.READY])


async def _forget_farewells(connection: AsyncConnection, rows: Sequence[int]) -> bool:
    if not rows:
        return False
    return (await run(connection, _FORGET, {"rows": list(rows)})).count > 0


async def left_trying(connection: AsyncConnection, channel: str, account: str, now: int) -> int:
    """At start: rows that were marked when the last process ended may have been sent; they are not tried again."""
    statement = update(outbox).where(
        outbox.c.channel == channel,
        outbox.c.account == account,
        text(OPEN),
        outbox.c.state == State.TRYING.value,
    )
    result = await connection.execute(statement.values(closed(State.UNKNOWN, "restart", now)))
    return result.rowcount


async def expire(connection: AsyncConnection, now: int) -> tuple[int, bool]:
    """Drop what is no longer worth sending; how many, and whether somebody's last row went."""
    statement = update(outbox).where(text(OPEN), ready(), outbox.c.expires <= now)
    statement = statement.values(closed(State.DROPPED, "expired", now)).returning(outbox.c.id)
    rows = list((await connection.execute(statement)).scalars())
    return len(rows), await _forget_farewells(connection, rows)


async def waiting_sends(connection: AsyncConnection, channel: str, account: str) -> int:
    query = select(func.count()).where(outbox.c.channel == channel, outbox.c.account == account, text(OPEN))
    count: int = (await connection.execute(query)).scalar_one()
    return count
