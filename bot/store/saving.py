"""Writes the outcomes of a whole batch: one statement a table, not one a member."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import bindparam, delete, exists, insert, literal_column, or_, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.dialogue.messages import Kind
from bot.store import cards
from bot.store.ending import closed, ready
from bot.store.erasing import erase_members
from bot.store.hot import run, run_each
from bot.store.ids import bucket
from bot.store.intake import UPSERTS
from bot.store.rows import LostRaceError, NewAppointment, NewSend, Outcome, State
from bot.store.schema import OPEN, address, appointment, inbox, journal, member, outbox

Rows = list[dict[str, Any]]
CHUNK = 2000  # numbers in one IN list; both engines end near 32 000
_COLUMNS = ("document", "document_version", "status", "locale", "zone", "lock")
# Statements are built once: building one costs more than SQLite takes to run it.
_UPDATE_MEMBER = (
    update(member)
    .where(member.c.id == bindparam("number"), member.c.revision == bindparam("claimed"))
    .values(
        revision=member.c.revision + 1,
        seen=bindparam("seen_at"),
        **{name: bindparam(f"new_{name}") for name in _COLUMNS},
    )
)
_SETTLE_EVENTS = (
    update(inbox)
    .where(inbox.c.id.in_(bindparam("numbers", expanding=True)), text(OPEN))
    .values(settled=bindparam("settled_at"), body=b"")
)
_DROP_APPOINTMENTS = delete(appointment).where(
    appointment.c.member_id == bindparam("number"), appointment.c.kind == bindparam("of_kind"), text(OPEN)
)
_ADD_FACTS, _ADD_SENDS = insert(journal), insert(outbox)
_theirs = address.alias("theirs")
_REACH = (
    update(address)
    .where(address.c.member_id == bindparam("number"), address.c.key == bindparam("at_key"))
    .values(reachable=bindparam("now_reachable"))
)
_PREFER = (
    update(address)
    .where(
        address.c.member_id == bindparam("number"),
        exists().where(_theirs.c.member_id == bindparam("number"), _theirs.c.key == bindparam("at_key")),
    )
    .values(preferred=address.c.key == bindparam("at_key"))
)


async def save_outcomes(connection: AsyncConnection, outcomes: Sequence[Outcome], now: int) -> None:
    staying = [outcome for outcome in outcomes if not outcome.erase]
    await _update_members(connection, staying, now)
    await _settle_events(connection, [event for outcome in outcomes for event in outcome.done], now)
    await _many(connection, _ADD_FACTS, _facts(staying))
    await _save_appointments(connection, staying)
    await _cancel_sends(connection, staying, now)
    sends = [_send(outcome, send, now) for outcome in outcomes for send in outcome.sends]
    await _many(connection, _ADD_SENDS, sends)
    await _save_reach(connection, staying)
    erased = [outcome.member for outcome in outcomes if outcome.erase]
    if erased:
        await erase_members(connection, erased, now)


async def _many(connection: AsyncConnection, statement: Any, rows: Rows) -> None:
    if rows:
        await run_each(connection, statement, rows)


async def _update_members(connection: AsyncConnection, outcomes: Sequence[Outcome], now: int) -> None:
    if not outcomes:
        return
    rows = [
        {
            "number": outcome.member,
            "claimed": outcome.revision,
            "seen_at": now,
            **{f"new_{name}": getattr(outcome, name) for name in _COLUMNS},
        }
        for outcome in outcomes
    ]
    result = await run_each(connection, _UPDATE_MEMBER, rows)
    if connection.dialect.supports_sane_multi_rowcount:
        if result.count != len(rows):
            raise LostRaceError(f"{len(rows) - result.count} of {len(rows)} members changed under the worker")
        return
    query = select(member.c.id, member.c.revision).where(member.c.id.in_([outcome.member for outcome in outcomes]))
    stored = {row.id: row.revision for row in await connection.execute(query)}
    lost = [outcome.member for outcome in outcomes if stored.get(outcome.member) != outcome.revision + 1]
    if lost:
        raise LostRaceError(f"members {lost} changed under the worker")


async def _settle_events(connection: AsyncConnection, ids: Sequence[int], now: int) -> None:
    for start in range(0, len(ids), CHUNK):
        chunk = ids[start : start + CHUNK]
        await run(connection, _SETTLE_EVENTS, {"numbers": chunk, "settled_at": now})


def _facts(outcomes: Sequence[Outcome]) -> Rows:
    return [
        {
            "id": fact.id,
            "member_id": outcome.member,
            "bucket": bucket(outcome.member),
            "kind": fact.kind,
            "at": fact.at,
            "local_date": fact.local_date,
            "body": fact.body,
        }
        for outcome in outcomes
        for fact in outcome.facts
    ]


async def _save_appointments(connection: AsyncConnection, outcomes: Sequence[Outcome]) -> None:
    gone = [{"number": outcome.member, "of_kind": kind} for outcome in outcomes for kind in outcome.cancel_appointments]
    await _many(connection, _DROP_APPOINTMENTS, gone)
    rows = [_appointment(outcome.member, new) for outcome in outcomes for new in outcome.appointments]
    if rows:
        await run_each(connection, _move_appointment(connection.dialect.name), rows)


async def save_appointments(connection: AsyncConnection, number: int, new: Sequence[NewAppointment]) -> None:
    """Appointments that came from elsewhere; one of the same kind and date is moved."""
    if new:
        rows = [_appointment(number, each) for each in new]
        await run_each(connection, _move_appointment(connection.dialect.name), rows)


def _appointment(number: int, new: NewAppointment) -> dict[str, Any]:
    return {
        "id": new.id,
        "member_id": number,
        "bucket": bucket(number),
        "kind": new.kind,
        "local_date": new.local_date,
        "due": new.due,
        "nature": new.nature,
        "wall": new.wall,
        "settled": 0,
    }


@cache
def _move_appointment(dialect: str) -> Any:
    """Setting one again moves it. What was due already comes again only for a later moment, under a new id."""
    statement = UPSERTS[dialect](appointment)
    new = statement.excluded
    return statement.on_conflict_do_update(
        index_elements=["member_id", "kind", "local_date"],
        set_={"id": new.id, "due": new.due, "nature": new.nature, "wall": new.wall, "settled": literal_column("0")},
        where=or_(appointment.c.settled == 0, new.due > appointment.c.due),
    )


async def _cancel_sends(connection: AsyncConnection, outcomes: Sequence[Outcome], now: int) -> None:
    gone = [
        {"number": outcome.member, "of_kind": kind, "settled_at": now}
        for outcome in outcomes
        for kind in outcome.cancel_sends
    ]
    await _many(connection, _CANCEL, gone)
    await _many(connection, _CANCEL_CARDS, [each for each in gone if each["of_kind"] == Kind.CHALLENGE.value])


_CANCEL = (
    update(outbox)
    .where(outbox.c.member_id == bindparam("number"), outbox.c.kind == bindparam("of_kind"), text(OPEN), ready())
    .values(closed(State.DROPPED, "cancelled", bindparam("settled_at")))
)
# What is nothing but an edit takes the buttons off a card, and that is well at any time.
_CANCEL_CARDS = (
    update(outbox)
    .where(
        cards.IS_PRIVATE,
        outbox.c.kind == bindparam("of_kind"),
        ~outbox.c.only_edit,
        outbox.c.address_key.in_(select(address.c.key).where(address.c.member_id == bindparam("number"))),
        text(OPEN),
        ready(),
    )
    .values(closed(State.DROPPED, "cancelled", bindparam("settled_at")))
)


def _send(outcome: Outcome, send: NewSend, now: int) -> dict[str, Any]:
    return send_row(send, None if outcome.erase else outcome.member, now, farewell=outcome.erase)


def send_row(send: NewSend, number: int | None, now: int, *, farewell: bool = False) -> dict[str, Any]:
    return {
        "id": send.id,
        "bucket": bucket(send.id if number is None else number),
        "member_id": number,
        "channel": send.address.channel,
        "account": send.address.account,
        "address_key": send.address.key,
        "private": send.address.private,
        "priority": send.priority,
        "kind": send.kind,
        "replaces": send.replaces,
        "only_edit": send.only_edit,
        "repeat": send.repeat,
        "silent": send.silent,
        "farewell": farewell,
        "body": send.body,
        "state": State.READY.value,
        "attempts": 0,
        "created": now,
        "not_before": send.not_before,
        "expires": send.expires,
        "settled": 0,
        "remote": None,
        "reason": "",
    }


async def _save_reach(connection: AsyncConnection, outcomes: Sequence[Outcome]) -> None:
    changes = [
        {"number": outcome.member, "at_key": key, "now_reachable": reachable}
        for outcome in outcomes
        for key, reachable in outcome.reach
    ]
    await _many(connection, _REACH, changes)
    preferred = [{"number": outcome.member, "at_key": outcome.prefer} for outcome in outcomes if outcome.prefer]
    await _many(connection, _PREFER, preferred)
