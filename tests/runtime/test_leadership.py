"""Leases: one leader, a clear line for a second process, and an end for one whose lease was taken."""

import asyncio

import pytest

from bot.runtime.leadership import RENEW_S, TTL_US, AlreadyRunningError, Leadership
from bot.store.leases import NODE_TTL
from bot.store.store import Store
from tests.runtime.outside import VirtualTime
from tests.store.given import SECOND


def leader(store: Store, time: VirtualTime, owner: str, lost: list[str] | None = None) -> Leadership:
    told = lost if lost is not None else []
    return Leadership(store=store, owner=owner, now=time.now, on_lost=told.append, timer=Standing(time))


class Standing(VirtualTime):
    """The same elapsed time, in which the renewing task rests until it is closed; asking again lets time pass."""

    def __init__(self, time: VirtualTime) -> None:
        super().__init__()
        self.time = time

    def seconds(self) -> float:
        return self.time.seconds()

    async def wait(self, event: asyncio.Event, seconds: float) -> None:
        if seconds == RENEW_S:
            await event.wait()
        else:
            await self.time.wait(event, seconds)


async def test_a_second_process_is_told_what_is_held(store: Store, time: VirtualTime) -> None:
    first, second = leader(store, time, "first"), leader(store, time, "second")
    await first.lead("clock")

    with pytest.raises(
        AlreadyRunningError, match=r"^another process already runs here and holds 'clock'; stop it"
    ) as error:
        await second.lead("clock")
    assert "\n" not in str(error.value)

    await second.lead("channel:telegram:4711")  # another lease is free
    await first.aclose()
    await second.lead("clock")
    await second.aclose()


async def test_a_lease_of_a_dead_process_is_waited_for(store: Store, time: VirtualTime) -> None:
    dead, heir = leader(store, time, "dead"), leader(store, time, "heir")
    await dead.lead("clock")

    await heir.lead("clock", patience_s=35)

    assert TTL_US / SECOND <= time.seconds() <= 35
    await heir.aclose()
    await dead.aclose()


async def test_a_lease_that_is_renewed_is_never_given_away(store: Store, time: VirtualTime) -> None:
    first, second = leader(store, time, "first"), leader(store, time, "second")
    await first.lead("clock")
    for _ in range(9):
        time.elapsed += RENEW_S
        await first.renew()
        with pytest.raises(AlreadyRunningError):
            await second.lead("clock")
    await first.aclose()
    await second.aclose()


async def test_who_slept_too_long_is_told_what_it_lost(store: Store, time: VirtualTime) -> None:
    lost: list[str] = []
    sleeper, other = leader(store, time, "sleeper", lost), leader(store, time, "other")
    node = await sleeper.take_node()
    await sleeper.lead("clock")
    await sleeper.lead("channel:web:local")
    time.elapsed += NODE_TTL / SECOND + 1
    await store.node("the lowest number's", time.now())
    assert await other.take_node() == node
    await other.lead("clock")

    await sleeper.renew()
    assert lost == [f"node:{node}", "clock"]
    await sleeper.renew()
    assert lost == [f"node:{node}", "clock"]
    await sleeper.aclose()
    with pytest.raises(AlreadyRunningError):  # giving up gave back only its own
        await leader(store, time, "third").lead("clock")
    await other.aclose()


async def test_leases_are_renewed_while_nobody_looks(store: Store, time: VirtualTime) -> None:
    first = Leadership(store=store, owner="first", now=time.now, timer=time)
    second = leader(store, time, "second")
    late = asyncio.Event()
    time.after(300, late.set)
    await first.lead("clock")
    await late.wait()
    with pytest.raises(AlreadyRunningError):
        await second.lead("clock")
    await first.aclose()


async def test_where_a_lock_on_the_file_rules_no_leases_are_needed(store: Store, time: VirtualTime) -> None:
    first, second = leader(store, time, "first"), leader(store, time, "second")
    first.alone = second.alone = True
    await first.lead("clock")
    await second.lead("clock")
