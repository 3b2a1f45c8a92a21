"""The outbox: order within an address, priorities, edits, and no prompt twice whatever breaks."""

import asyncio
from dataclasses import replace

import pytest
from sqlalchemy import select, text

from bot.dialogue.events import SendRefused
from bot.store.rows import NewSend, Posted, Settlement, Standing
from bot.store.schema import outbox
from bot.store.sending import candidates
from bot.store.store import Store
from tests.store.given import (
    ACCOUNT,
    CHANNEL,
    DAY,
    HOUR,
    NOW,
    SECOND,
    answered,
    at,
    known,
    send,
    turn,
    wrote,
)

EMERGENCY, ANSWER, PROMPT = 0, 1, 2


async def write(store: Store, *sends: NewSend, now: int = NOW) -> None:
    """Messages that wait in the outbox."""
    async with store.turns(now) as batch:
        await batch.send(sends)


async def claimed(store: Store, now: int = NOW, limit: int = 16, busy: set[str] | None = None) -> list[int]:
    return [row.id for row in await store.claim_sends(CHANNEL, ACCOUNT, now, limit, busy or set())]


async def all_in_order(store: Store, now: int = NOW) -> list[int]:
    """Everything that can be sent, one after the other."""
    order: list[int] = []
    while rows := await store.claim_sends(CHANNEL, ACCOUNT, now, 16):
        order += [row.id for row in rows]
        await store.settle([Settlement.sent(row.id, f"remote {row.id}") for row in rows], now)
    return order


async def test_a_row_carries_all_the_sender_needs(store: Store) -> None:
    one = send(5, priority=ANSWER, kind="talk", silent=True, repeat=True, only_edit=True, expires=NOW + DAY)
    anna = await known(store, sends=(one,), lock="urgent")

    (row,) = await store.claim_sends(CHANNEL, ACCOUNT, NOW, 16)
    assert (row.id, row.member_id, row.address, row.address_key) == (5, anna, at("anna"), at("anna").key)
    assert (row.priority, row.kind, row.body, row.silent) == (ANSWER, "talk", b"message 5", True)
    assert (row.only_edit, row.repeat, row.attempts, row.created, row.expires) == (True, True, 0, NOW, NOW + DAY)
    assert (row.lock, row.status, row.replaces, row.replaces_remote) == ("urgent", "active", None, None)


async def test_an_address_gets_one_message_at_a_time_in_order(store: Store) -> None:
    await write(store, send(1), send(2), send(3), send(4, "ben"))

    assert await claimed(store) == [1, 4]
    assert await all_in_order(store) == [1, 4, 2, 3]


async def test_a_busy_address_waits(store: Store) -> None:
    await write(store, send(1), send(2, "ben"))

    assert await claimed(store, busy={at("anna").key}) == [2]


async def test_other_channels_and_accounts_have_their_own_sender(store: Store) -> None:
    await write(store, send(1))

    assert await store.claim_sends("matrix", ACCOUNT, NOW, 16) == []
    assert await store.claim_sends(CHANNEL, "another", NOW, 16) == []


async def test_the_best_priority_goes_first_over_all_addresses(store: Store) -> None:
    await write(store, *(send(n, f"p{n}", priority=PROMPT) for n in range(1, 40)))
    await write(store, send(50, "x", priority=ANSWER), send(51, "y", priority=EMERGENCY))

    assert await claimed(store, limit=3) == [51, 50, 1]


async def test_an_answer_overtakes_a_prompt_of_its_address(store: Store) -> None:
    await write(store, send(1, priority=PROMPT), send(2, priority=ANSWER), send(3, priority=EMERGENCY), send(4))

    assert await all_in_order(store) == [3, 2, 4, 1]


async def test_a_message_put_off_is_not_overtaken_by_its_equals(store: Store) -> None:
    await write(store, send(1), send(2), send(3, priority=PROMPT), send(4, priority=EMERGENCY))
    await store.settle([Settlement.later(1, NOW + HOUR)], NOW)

    assert await all_in_order(store) == [4]
    (row,) = await store.claim_sends(CHANNEL, ACCOUNT, NOW + HOUR, 16)
    assert (row.id, row.attempts) == (1, 1)
    assert await all_in_order(store, NOW + HOUR) == [1, 2, 3]


async def test_a_message_put_off_by_a_clock_that_stepped_back_does_not_wait_for_it(store: Store) -> None:
    await write(store, send(1))
    await store.settle([Settlement.later(1, NOW + SECOND)], NOW)

    assert await claimed(store, NOW - HOUR + SECOND) == []
    assert await claimed(store, NOW - HOUR) == [1]


async def test_a_message_for_later_and_one_too_late_are_not_sent(store: Store) -> None:
    await write(store, send(1, "a", not_before=NOW + 1), send(2, "b", expires=NOW), send(3, "c"))

    assert await claimed(store) == [3]


async def test_an_expired_message_holds_nobody_back_even_before_it_is_swept(store: Store) -> None:
    await write(store, send(1, expires=NOW + SECOND), send(2))

    assert await claimed(store, NOW + SECOND) == [2]
    assert await store.expire(NOW + SECOND) == 1
    assert await store.expire(NOW + SECOND) == 0
    assert await store.waiting_sends(CHANNEL, ACCOUNT) == 1


async def test_an_edit_waits_for_what_it_edits_and_learns_its_id(store: Store) -> None:
    await write(store, send(1, priority=PROMPT), send(2, priority=ANSWER, replaces=1))

    assert await claimed(store) == [1]
    await store.settle([Settlement.sent(1, "remote 1")], NOW)
    (row,) = await store.claim_sends(CHANNEL, ACCOUNT, NOW, 16)
    assert (row.id, row.replaces, row.replaces_remote) == (2, 1, "remote 1")


async def test_a_chain_of_edits_keeps_the_id_of_the_first_message(store: Store) -> None:
    await write(store, send(1), send(2, replaces=1), send(3, replaces=2), send(4, replaces=3))
    await store.settle([Settlement.sent(1, "remote 1")], NOW)
    await store.settle([Settlement.dropped(2, "BadRequest"), Settlement.unknown(3)], NOW)

    (row,) = await store.claim_sends(CHANNEL, ACCOUNT, NOW, 16)
    assert (row.id, row.replaces_remote) == (4, "remote 1")


async def test_the_last_look_sees_what_came_after_the_claim(store: Store) -> None:
    await known(store, sends=(send(1), send(2, replaces=1, only_edit=True)))
    await store.settle([Settlement.sent(1, "remote 1")], NOW)
    (row,) = await store.claim_sends(CHANNEL, ACCOUNT, NOW, 16)
    still = Standing(lock="", status="active", overtaken=False)
    assert await asyncio.gather(*(store.look.standing(row) for _ in range(20))) == [still] * 20

    await store.receive([wrote("anna", "help", "2")], now=NOW)
    await turn(store, lock="urgent")
    assert await store.look.standing(row) == replace(still, lock="urgent")
    await write(store, send(3, replaces=2))
    assert await store.look.standing(row) == replace(still, lock="urgent")
    await write(store, send(4, replaces=1))
    assert await store.look.standing(row) == replace(still, lock="urgent", overtaken=True)
    await store.settle([Settlement.dropped(2, "overtaken")], NOW)
    assert await store.look.standing(row) is None


async def test_only_a_mere_edit_is_overtaken(store: Store) -> None:
    await write(store, send(1), send(2, replaces=1), send(3, replaces=1))
    await store.settle([Settlement.sent(1, "remote 1")], NOW)
    (row,) = await store.claim_sends(CHANNEL, ACCOUNT, NOW, 16)
    assert await store.look.standing(row) == Standing(lock="", status="", overtaken=False)


async def test_what_replaces_a_message_that_never_left_is_new(store: Store) -> None:
    await write(store, send(1), send(2, replaces=1), send(3, "ben", replaces=999))
    await store.settle([Settlement.dropped(1, "Refused")], NOW)

    rows = await store.claim_sends(CHANNEL, ACCOUNT, NOW, 16)
    assert [(row.id, row.replaces_remote) for row in rows] == [(2, None), (3, None)]


async def test_after_a_crash_answers_are_sent_again_and_prompts_are_not(url: str) -> None:
    before = await Store.open(url)
    await before.node("before", NOW)
    await write(before, send(1, "anna"), send(2, "ben", repeat=False), send(3, "cem", repeat=False))
    assert await claimed(before, limit=2) == [1, 2]
    await before.aclose()  # nothing was settled

    after = await Store.open(url)
    assert await after.left_trying(CHANNEL, ACCOUNT, NOW) == 1
    assert await claimed(after) == [1, 3]
    assert await after.left_trying("matrix", ACCOUNT, NOW) == 0
    await after.aclose()


async def test_a_prompt_on_its_way_is_not_claimed_again(store: Store) -> None:
    await write(store, send(1, repeat=False))

    assert await claimed(store) == [1]
    assert await claimed(store) == []
    await store.settle([Settlement.later(1, NOW + SECOND)], NOW)
    assert await claimed(store, NOW + SECOND) == [1]


async def test_receipts_and_the_next_marks_share_a_transaction(store: Store) -> None:
    await write(store, send(1), send(2, repeat=False))
    await claimed(store)

    rows = await store.settle_and_claim([Settlement.sent(1, "r")], CHANNEL, ACCOUNT, NOW, 16)
    assert [row.id for row in rows] == [2]
    assert await store.left_trying(CHANNEL, ACCOUNT, NOW) == 1


async def test_a_refusal_returns_as_an_event_in_the_same_transaction(store: Store) -> None:
    anna = await known(store, sends=(send(1),))
    refused = Posted(member=anna, event=SendRefused(row=1, reason="BadRequest"), source="refused:1")
    await store.settle([Settlement.dropped(1, "BadRequest")], NOW, posted=[refused])

    assert await store.waiting_sends(CHANNEL, ACCOUNT) == 0
    (claim,) = await turn(store)
    assert (claim.member, [one.kind for one in claim.events]) == (anna, ["refused"])


async def test_a_message_cancelled_while_it_was_out_stays_cancelled(store: Store) -> None:
    await known(store, sends=(send(1, kind="exercise"), send(2, "ben", kind="exercise")))
    assert await claimed(store) == [1, 2]
    await store.receive([wrote("anna", "taub", "2")], now=NOW)
    await turn(store, cancel_sends=("exercise",))

    await store.settle([Settlement.later(1, NOW), Settlement.sent(2, "remote 2")], NOW)
    assert await claimed(store) == []
    await write(store, send(3, "ben", replaces=2))
    (row,) = await store.claim_sends(CHANNEL, ACCOUNT, NOW, 16)
    assert row.replaces_remote == "remote 2"


async def test_the_text_goes_with_the_receipt(store: Store) -> None:
    rows = [send(1, "a"), send(2, "b"), send(3, "c"), send(4, "d", expires=NOW + 1), send(5, "e", kind="card")]
    await known(store, sends=tuple(rows))
    await store.settle([Settlement.sent(1, "r"), Settlement.dropped(2, "X"), Settlement.unknown(3)], NOW)
    await store.expire(NOW + 1)
    await store.receive([wrote("anna", "taub", "2")], now=NOW)
    await turn(store, cancel_sends=("card",))

    async with store.database.read() as connection:
        query = select(outbox.c.state, outbox.c.body, outbox.c.reason).order_by(outbox.c.id)
        found = [tuple(row) for row in await connection.execute(query)]
    assert found == [
        ("sent", b"", ""), ("dropped", b"", "X"), ("unknown", b"", "ambiguous"), ("dropped", b"", "expired"),
        ("dropped", b"", "cancelled"),
    ]  # fmt: skip


async def test_emergencies_that_wait_for_long_are_known(store: Store) -> None:
    assert await store.help.late(CHANNEL, ACCOUNT, NOW + DAY) == []
    await write(store, send(1, priority=ANSWER), now=NOW)
    await write(store, send(2, "ben", priority=EMERGENCY), now=NOW + SECOND)
    await write(store, send(3, "cem", priority=EMERGENCY), now=NOW + HOUR)

    assert [late.id for late in await store.help.late(CHANNEL, ACCOUNT, NOW + SECOND)] == []
    assert [late.id for late in await store.help.late(CHANNEL, ACCOUNT, NOW + HOUR)] == [2]
    assert [late.id for late in await store.help.late(CHANNEL, ACCOUNT, NOW + DAY)] == [2, 3]
    assert await store.waiting_sends(CHANNEL, ACCOUNT) == 3


async def test_messages_events_and_the_member_follow_a_room(store: Store) -> None:
    anna = await known(store, sends=(send(1),))
    await store.receive([wrote("anna", "noch da?", "2"), wrote("ben", "hi", "3")], now=NOW)
    moved = at("anna").key.removesuffix("\nanna") + "\nnew"

    assert await store.room_moved(CHANNEL, ACCOUNT, "anna", "new") == 1
    assert await store.room_moved(CHANNEL, ACCOUNT, "nobody", "new") == 0
    (row,) = await store.claim_sends(CHANNEL, ACCOUNT, NOW, 16)
    assert (row.address_key, row.address.person, row.address.room) == (moved, "anna", "new")
    async with store.turns(NOW) as batch:
        assert {claim.member for claim in batch.claims} > {anna}
        assert batch.claims[0].addresses[0].address == row.address
        await batch.save([answered(claim) for claim in batch.claims])


async def test_one_person_moves_and_takes_along_what_is_theirs(store: Store) -> None:
    anna = await known(store, sends=(send(1),))
    shared = replace(at("ben"), room="anna")  # the same room, somebody else
    await store.receive([replace(wrote("ben", "hi", "2"), address=shared)], now=NOW)

    assert await store.person_moved(CHANNEL, ACCOUNT, "anna", "new") == 1
    assert await store.person_moved(CHANNEL, ACCOUNT, "anna", "new") == 0
    assert await store.person_moved(CHANNEL, ACCOUNT, "nobody", "new") == 0
    (row,) = await store.claim_sends(CHANNEL, ACCOUNT, NOW, 16)
    assert (row.member_id, row.address) == (anna, replace(at("anna"), room="new"))
    async with store.turns(NOW) as batch:
        assert [claim.addresses[0].address for claim in batch.claims] == [shared]
        await batch.save([answered(claim) for claim in batch.claims])


@pytest.mark.parametrize("limit", [1, 16])
async def test_ten_thousand_prompts_do_not_stand_before_an_answer(store: Store, limit: int) -> None:
    await write(store, *(send(n, f"p{n}", priority=PROMPT, repeat=False) for n in range(1, 10_001)))
    await write(store, send(20_000, "anna", priority=EMERGENCY))

    assert (await claimed(store, limit=limit))[0] == 20_000


async def test_the_claim_uses_the_index_of_what_waits(sqlite_url: str) -> None:
    store = await Store.open(sqlite_url)
    query, values = candidates(CHANNEL, ACCOUNT, NOW, {"x"}, most=16, held={"y"})
    async with store.database.read() as connection:
        compiled = query.params(values).compile(
            dialect=connection.dialect, compile_kwargs={"literal_binds": True, "render_postcompile": True}
        )
        plan = [row[3] for row in await connection.execute(text(f"EXPLAIN QUERY PLAN {compiled}"))]
    await store.aclose()
    assert any("ix_outbox_waiting (channel=? AND account=? AND priority<?)" in step for step in plan)
    assert any("ix_outbox_address_waiting" in step for step in plan)
    assert not any("SCAN" in step or "TEMP B-TREE" in step for step in plan)
