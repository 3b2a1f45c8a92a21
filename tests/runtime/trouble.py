"""Members whose turns fail, each in its own way, as a bad disk or a bad release would leave them."""

import json
from collections.abc import Callable
from dataclasses import replace

from sqlalchemy import text

from bot.dialogue.conversation import follow
from bot.dialogue.flows.week import WEEK
from bot.dialogue.member import FlowState, Member, SessionMemo, dump_member, load_member
from bot.dialogue.replay import Answered
from bot.store.store import Store
from tests.store.given import NOW

_REFUSING = "CREATE TRIGGER refusing BEFORE {what} ON {table} WHEN {when} BEGIN SELECT RAISE(ABORT, 'refused'); END"
_FUNCTION = """CREATE FUNCTION refuse() RETURNS trigger AS $$ BEGIN
    IF {when} THEN RAISE EXCEPTION 'refused' USING ERRCODE = '23514'; END IF; RETURN NEW; END $$ LANGUAGE plpgsql"""
_TRIGGER = "CREATE TRIGGER refusing BEFORE {what} ON {table} FOR EACH ROW EXECUTE FUNCTION refuse()"


async def refuse(store: Store, table: str, what: str, when: str) -> None:
    """The database refuses such rows from now on. `when`: of the row `NEW`, in words both engines know."""
    words = {"table": table, "what": what, "when": when}
    statements = [_REFUSING] if store.database.is_sqlite else [_FUNCTION, _TRIGGER]
    async with store.database.write() as connection:
        for statement in statements:
            await connection.execute(text(statement.format(**words)))


def raising_flow() -> FlowState:
    """A weekly check whose body raises over its own log: it looks up a course that its start values do not hold."""
    state = FlowState(
        flow=WEEK.name, start='{"courses": [], "screening": {"pages": []}}', run=5, revision=0, opened=NOW
    )
    for _ in range(5):
        try:
            asked = follow(state).waiting
        except IndexError:
            return state
        assert asked is not None
        question = asked.question
        logged = Answered(
            question=question.id,
            fingerprint=question.fingerprint,
            value=question.dump(5),
            at=NOW,
            channel="telegram",
        )
        state = replace(state, answers=(*state.answers, logged))
    raise AssertionError("the body did not raise")


def with_document(change: Callable[[Member], Member]) -> Callable[[bytes], bytes]:
    return lambda document: dump_member(change(load_member(document)))


def garbage(_: bytes) -> bytes:
    return b"\xff{ not a document"


def no_such_zone(document: bytes) -> bytes:
    return json.dumps(json.loads(document) | {"zone": "Nowhere/Nope"}).encode()


def with_flow(document: bytes) -> bytes:
    return with_document(lambda member: replace(member, open=raising_flow()))(document)


def with_history(document: bytes) -> bytes:
    """A session on a day that no calendar has."""
    memo = SessionMemo(day="no day", at=NOW, gate="normal", items=(), finished=True)
    return with_document(lambda m: replace(m, known=replace(m.known, sessions=(*m.known.sessions, memo))))(document)


BROKEN = {"document": garbage, "step": no_such_zone, "flow": with_flow, "history": with_history}
