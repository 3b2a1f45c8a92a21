"""Turns: members claimed fairly and one worker at a time, saved together or not at all."""

import asyncio

import pytest

from bot.dialogue.events import ReachChanged
from bot.dialogue.failures import BadArrivalError
from bot.store.rows import Fact, LostRaceError, Outcome, Posted
from bot.store.saving import save_outcomes
from bot.store.store import Store
from tests.store.given import (
    ACCOUNT,
    CHANNEL,
    HOUR,
    NOW,
    SECOND,
    answered,
    at,
    known,
    member_of,
    send,
    text_of,
    texts,
    turn,
    wrote,
)


async def test_the_first_message_makes_a_new_member(store: Store) -> None:
    await store.receive([wrote("anna", "hallo", "1")], now=NOW)

    async with store.turns(NOW + SECOND) as batch:
        (claim,) = batch.claims

    assert (claim.status, claim.revision, claim.document, claim.lock) == ("new", 0, None, "")
    assert [(one.address, one.preferred, one.reachable) for one in claim.addresses] == [(at("anna"), True, True)]
    assert [(one.kind, one.address, one.received, one.attempts) for one in claim.events] == [
        ("text", at("anna"), NOW, 0)
    ]


async def test_a_second_message_finds_the_same_member(store: Store) -> None:
    anna = await known(store)
    await store.receive([wrote("anna", "noch da", "2")], now=NOW)

    (claim,) = await turn(store)
    assert (claim.member, claim.status, claim.revision) == (anna, "active", 1)


async def test_what_a_turn_changed_is_what_the_next_one_reads(store: Store) -> None:
    await store.receive([wrote("anna", "hallo", "1")], now=NOW)
    changes = {
        "document": b'{"pain": 3}', "document_version": 2, "status": "active", "locale": "de", "zone": "Europe/Berlin",
        "lock": "urgent",
    }  # fmt: skip
    await turn(store, NOW + HOUR, **changes)
    await store.receive([wrote("anna", "und", "2")], now=NOW)

    (claim,) = await turn(store)
    assert {name: getattr(claim, name) for name in changes} == changes
    stored = await store.member(claim.member)
    assert stored is not None
    assert (stored.seen, stored.created) == (NOW, NOW + HOUR)


async def test_facts_are_kept_in_order(store: Store) -> None:
    first = store.ids.block(2, NOW)
    facts = [Fact(id=first + n, kind="check-in", at=NOW + n, local_date="2026-03-02", body=b"%d" % n) for n in range(2)]
    anna = await known(store, facts=tuple(facts))

    assert await store.journal(anna) == facts
    assert await store.journal(anna + 1) == []


async def test_an_exception_undoes_the_whole_batch(store: Store) -> None:
    await store.receive([wrote("anna", "hallo", "1"), wrote("ben", "hi", "2")], now=NOW)

    async def failing_turn() -> None:
        async with store.turns(NOW) as batch:
            await batch.save([answered(claim, sends=(send(claim.member),)) for claim in batch.claims])
            raise KeyError("a bug in a flow")

    with pytest.raises(KeyError, match="a bug in a flow"):
        await failing_turn()

    assert await store.waiting_sends(CHANNEL, ACCOUNT) == 0
    assert await store.member_by_address(at("anna").key) is None
    assert texts(await turn(store)) == [["hallo"], ["hi"]]


async def test_a_member_cannot_be_saved_under_another_revision(store: Store) -> None:
    await known(store)
    await store.receive([wrote("anna", "noch da", "2")], now=NOW)

    async def late_worker() -> None:
        async with store.turns(NOW) as batch:
            await batch.save([answered(claim, revision=claim.revision + 1) for claim in batch.claims])

    with pytest.raises(LostRaceError):
        await late_worker()
    assert len(await turn(store)) == 1


async def test_a_member_cannot_be_saved_twice_in_one_batch(store: Store) -> None:
    await store.receive([wrote("anna", "hallo", "1")], now=NOW)

    async def saves_twice() -> None:
        async with store.turns(NOW) as batch:
            (claim,) = batch.claims
            await batch.save([answered(claim)])
            await batch.save([answered(claim)])

    with pytest.raises(LostRaceError):
        await saves_twice()


async def test_a_flood_delays_nobody(store: Store) -> None:
    await store.receive([wrote("flood", str(n), f"f{n}") for n in range(5000)], now=NOW)
    await store.receive([wrote(f"p{n}", "hallo", f"p{n}") for n in range(50)], now=NOW + SECOND)

    claims = await turn(store, NOW + SECOND)
    assert texts(claims) == [[str(n) for n in range(20)]] + [["hallo"]] * 50
    assert texts(await turn(store, NOW + SECOND)) == [[str(n) for n in range(20, 40)]]


async def test_behind_a_flood_a_member_is_answered_in_order(store: Store) -> None:
    anna = await known(store)
    await store.receive([wrote("flood", str(n), f"f{n}") for n in range(1500)], now=NOW)
    await store.post([Posted(member=anna, event=ReachChanged(reachable=True), source="x")], NOW + SECOND)
    await store.receive([wrote("anna", "eins", "a1"), wrote("anna", "zwei", "a2")], now=NOW + 2 * SECOND)

    seen: list[str] = []
    for _ in range(3):
        async with store.turns(NOW + HOUR) as batch:
            for claim in batch.claims:
                if claim.member == anna:
                    seen += [one.kind if one.kind != "text" else text_of(one) for one in claim.events]
            await batch.save([answered(claim) for claim in batch.claims])
    assert seen == ["reach", "eins", "zwei"]


async def test_no_more_than_the_wanted_members_and_events(store: Store) -> None:
    await store.receive([wrote(f"p{n % 10}", str(n), str(n)) for n in range(50)], now=NOW)

    async with store.turns(NOW, members=4, events=3) as batch:
        assert texts(batch.claims) == [[str(n), str(n + 10), str(n + 20)] for n in range(4)]


async def test_a_worker_takes_only_its_share(store: Store) -> None:
    await store.receive([wrote(f"p{n}", str(n), str(n)) for n in range(40)], now=NOW)

    shares: list[set[str]] = []
    for buckets in (range(128), range(128, 256)):
        async with store.turns(NOW, buckets=buckets) as batch:
            shares.append({text for found in texts(batch.claims) for text in found})
            await batch.save([answered(claim) for claim in batch.claims])
    assert all(shares)
    assert shares[0] | shares[1] == {str(n) for n in range(40)}
    assert not shares[0] & shares[1]


async def test_an_event_put_off_holds_back_the_members_later_ones_only(store: Store) -> None:
    await store.receive([wrote("anna", "eins", "1"), wrote("anna", "zwei", "2"), wrote("ben", "hi", "3")], now=NOW)
    async with store.turns(NOW) as batch:
        anna, ben = batch.claims
        await batch.return_events([anna.events[0].id], NOW + SECOND)
        await batch.save([answered(ben)])

    assert await turn(store, NOW) == []
    (claim,) = await turn(store, NOW + SECOND)
    assert [(text_of(one), one.attempts) for one in claim.events] == [("eins", 1), ("zwei", 0)]


async def test_an_event_put_off_does_not_wait_for_a_clock_that_stepped_back(store: Store) -> None:
    await store.receive([wrote("anna", "eins", "1")], now=NOW)
    async with store.turns(NOW) as batch:
        await batch.return_events([batch.claims[0].events[0].id], NOW + SECOND)

    assert await turn(store, NOW) == []
    assert texts(await turn(store, NOW - HOUR)) == [["eins"]]


async def test_an_event_set_aside_loses_its_text_and_is_listed(store: Store) -> None:
    await store.receive([wrote("anna", "gift", "1"), wrote("anna", "danach", "2")], now=NOW)
    async with store.turns(NOW) as batch:
        (claim,) = batch.claims
        await batch.set_aside(claim.events[0].id, "ZeroDivisionError")
        await batch.save([answered(claim, done=())])

    assert texts(await turn(store)) == [["danach"]]
    (dead,) = await store.dead_events()
    assert (dead.kind, dead.error, dead.member_id) == ("text", "ZeroDivisionError", await member_of(store, "anna"))
    assert (await store.counts())["inbox dead"] == 1


async def test_what_happens_in_a_group_belongs_to_no_member(store: Store) -> None:
    await store.receive([wrote("group", "moin", "1", private=False), wrote("anna", "hallo", "2")], now=NOW)

    async with store.turns(NOW) as batch:
        assert texts(batch.claims) == [["hallo"]]
        assert [(text_of(one), one.address) for one in batch.strangers] == [("moin", at("group", private=False))]
        await batch.finish([one.id for one in batch.strangers])
        await batch.send([send(store.ids.next(NOW), address=at("group", private=False))])

    assert await store.member_by_address(at("group").key) is None
    (row,) = await store.claim_sends(CHANNEL, ACCOUNT, NOW, 16)
    assert (row.member_id, row.address, row.lock, row.status) == (None, at("group", private=False), "", "")
    async with store.turns(NOW) as batch:
        assert batch.strangers == ()


async def test_an_event_for_a_member_who_is_gone_is_over(store: Store) -> None:
    await store.post([Posted(member=99, event=ReachChanged(reachable=False), source="x")], NOW)

    assert await turn(store) == []
    assert (await store.counts())["inbox waiting"] == 0


async def test_reach_and_preference_are_the_members_own(store: Store) -> None:
    anna, ben = await known(store, "anna"), await known(store, "ben")
    await store.receive([wrote("anna", "x", "x")], now=NOW)
    await turn(store, reach=((at("anna").key, False), (at("ben").key, False)), prefer=at("ben").key)

    assert [(one.preferred, one.reachable) for one in await store.addresses(anna)] == [(True, False)]
    assert [(one.preferred, one.reachable) for one in await store.addresses(ben)] == [(True, True)]


async def test_a_batch_without_work_is_empty(store: Store) -> None:
    async with store.turns(NOW) as batch:
        await batch.save([])
        await batch.return_events([], NOW)
        await batch.finish([])
        assert (batch.claims, batch.strangers) == ((), ())


async def test_cancelled_messages_are_those_of_the_kind_that_still_wait(store: Store) -> None:
    rows = [send(n, kind=kind, address=at(f"a{n}")) for n, kind in enumerate(["exercise", "talk", "exercise"], start=1)]
    await known(store, sends=tuple(rows))
    first, *_ = await store.claim_sends(CHANNEL, ACCOUNT, NOW, 1)
    assert first.id == 1
    await store.receive([wrote("anna", "taub", "2")], now=NOW)
    await turn(
        store, cancel_sends=("exercise", "session"), sends=(send(4, kind="exercise", address=at("a4")),), lock="urgent"
    )

    left = await store.claim_sends(CHANNEL, ACCOUNT, NOW, 16)
    assert [(row.id, row.lock) for row in left] == [(2, "urgent"), (4, "urgent")]


async def test_one_bad_value_is_told_apart_from_a_store_that_is_away(store: Store) -> None:
    await store.receive([wrote("anna", "hallo", "1")], now=NOW)

    async def twice_the_same_id() -> None:
        async with store.turns(NOW) as batch:
            await batch.save([answered(claim, sends=(send(1), send(1))) for claim in batch.claims])

    with pytest.raises(BadArrivalError):
        await twice_the_same_id()
    assert len(await turn(store)) == 1


async def test_a_cancelled_worker_leaves_everything_as_it_was(store: Store) -> None:
    await store.receive([wrote("anna", "hallo", "1")], now=NOW)
    is_inside = asyncio.Event()

    async def work() -> None:
        async with store.turns(NOW) as batch:
            await batch.save([answered(claim) for claim in batch.claims])
            is_inside.set()
            await asyncio.sleep(60)

    task = asyncio.create_task(work())
    await is_inside.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert texts(await turn(store)) == [["hallo"]]


async def test_cancelling_at_any_moment_breaks_no_connection(store: Store) -> None:
    await store.receive([wrote(f"p{n}", "hallo", str(n)) for n in range(50)], now=NOW)
    for pauses in range(0, 60, 3):
        task = asyncio.create_task(turn(store))
        for _ in range(pauses):
            await asyncio.sleep(0.0005)
        task.cancel()
        await asyncio.wait([task])

    while await turn(store):
        pass
    counts = await store.counts()
    assert (counts["inbox waiting"], counts["member"], counts["address"]) == (0, 50, 50)


async def test_a_member_changed_behind_the_worker_is_an_error_and_not_overwritten(store: Store) -> None:
    anna = await known(store)
    stale = Outcome(
        member=anna, revision=7, document=b"stale", document_version=1, status="active", locale="de", zone="UTC"
    )

    async def save_stale() -> None:
        async with store.database.write() as connection:
            await save_outcomes(connection, [stale], NOW)

    with pytest.raises(LostRaceError):
        await save_stale()
    stored = await store.member(anna)
    assert stored is not None
    assert (stored.revision, stored.document) == (1, b"{}")
