"""Leases, node numbers and ids: one leader, no id twice."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dialogue.failures import StoreAwayError
from bot.store.ids import BLOCK, EPOCH_MS, Ids, first_id
from bot.store.leases import NODE_TTL
from bot.store.schema import lease
from bot.store.store import Store
from tests.store.given import DAY, NOW, SECOND

TTL = 30 * SECOND
LAST = (EPOCH_MS + (1 << 41) - 1000) * 1000  # in 2094


async def test_one_owner_holds_a_lease_until_it_is_over(store: Store) -> None:
    assert await store.acquire("clock", "a", NOW, TTL)
    assert not await store.acquire("clock", "b", NOW + TTL - 1, TTL)
    assert await store.acquire("clock", "b", NOW + TTL, TTL)
    assert not await store.renew("clock", "a", NOW + TTL, TTL)


async def test_renewing_keeps_it_and_releasing_frees_it(store: Store) -> None:
    await store.acquire("clock", "a", NOW, TTL)

    assert await store.renew("clock", "a", NOW + TTL, TTL)
    assert not await store.acquire("clock", "b", NOW + TTL, TTL)
    assert await store.acquire("clock", "a", NOW + TTL, TTL)
    await store.release("clock", "b")
    assert not await store.acquire("clock", "b", NOW + TTL, TTL)
    await store.release("clock", "a")
    assert await store.acquire("clock", "b", NOW + TTL, TTL)


async def test_a_lease_written_by_a_clock_far_ahead_does_not_lock_everybody_out(store: Store) -> None:
    await store.acquire("run", "a", NOW + 365 * DAY, TTL)

    assert await store.acquire("run", "b", NOW, TTL)


async def test_a_second_process_on_the_same_file_is_refused(sqlite_url: str) -> None:
    first, second = await Store.open(sqlite_url), await Store.open(sqlite_url)

    assert await first.acquire("run", "first", NOW, TTL)
    assert not await second.acquire("run", "second", NOW + SECOND, TTL)
    await first.aclose()
    await second.aclose()


async def test_each_process_gets_its_own_node_number(store: Store) -> None:
    assert [await store.node(f"p{n}", NOW) for n in range(3)] == [1, 2, 3]  # 0 is the fixture's


async def test_a_node_number_is_free_again_after_its_deadline_only(store: Store) -> None:
    assert await store.renew("node:0", "test", NOW + SECOND, NODE_TTL)
    assert await store.node("b", NOW + NODE_TTL) == 1
    assert await store.node("c", NOW + NODE_TTL + SECOND) == 0
    assert not await store.renew("node:0", "test", NOW + NODE_TTL + SECOND, NODE_TTL)


async def test_a_process_whose_clock_is_behind_cannot_make_the_ids_of_the_last_one(store: Store) -> None:
    await store.renew("node:0", "test", NOW + DAY, NODE_TTL)  # the clock ran ahead and was set back
    await store.renew("node:0", "test", NOW, NODE_TTL)

    assert await store.node("after the restart", NOW + NODE_TTL) == 1


async def test_when_all_node_numbers_are_taken_one_waits(store: Store) -> None:
    held = [{"name": f"node:{n}", "owner": "x", "until": NOW + NODE_TTL} for n in range(1, 256)]
    async with store.database.write() as connection:
        await connection.execute(lease.insert(), held)

    with pytest.raises(StoreAwayError, match="256"):
        await store.node("late", NOW)


def test_a_clock_beyond_the_ids_is_refused() -> None:
    with pytest.raises(ValueError, match="2094"):
        Ids(0).next(LAST + DAY)


@given(st.lists(st.tuples(st.integers(0, LAST), st.integers(1, BLOCK)), max_size=60), st.integers(0, 255))
def test_ids_rise_and_fit_into_63_bits_whatever_the_clock_does(steps: list[tuple[int, int]], node: int) -> None:
    ids = Ids(node)
    last = -1
    for now, n in steps:
        first = ids.block(n, now)
        assert last < first
        assert first >= first_id(now)
        last = first + n - 1
        assert last < 1 << 63


def test_two_nodes_never_make_the_same_id() -> None:
    made = [{ids.next(NOW + n // 9) for n in range(5000)} for ids in (Ids(7), Ids(8))]

    assert not made[0] & made[1]
    assert len(made[0]) == 5000


def test_single_ids_spread_over_the_buckets() -> None:
    ids = Ids(3)
    buckets = {ids.next(NOW + n * 37_000) % 256 for n in range(4000)}

    assert len(buckets) == 256
