"""Upkeep: what is done and old goes; a clock that jumped deletes nothing."""

from bot.store.rows import NewAppointment, Settlement, Upkept
from bot.store.store import Store
from tests.store.given import ACCOUNT, CHANNEL, DAY, HOUR, NOW, answered, known, send, turn, wrote


async def at_once(store: Store, now: int) -> Upkept:
    """An upkeep that trusts the clock: it has gone on for a day (and nothing was tidied meanwhile)."""
    await store.upkeep(now - 999 * DAY)
    assert (await store.upkeep(now - DAY)).held_back
    assert (await store.upkeep(now - 12 * HOUR)).held_back
    return await store.upkeep(now)


async def test_answered_events_go_after_three_days(store: Store) -> None:
    await known(store)
    await store.receive([wrote("anna", "wartet", "2")], now=NOW)

    assert (await at_once(store, NOW + 3 * DAY)).events == 0
    assert (await at_once(store, NOW + 3 * DAY + HOUR)).events == 1
    assert (await store.counts())["inbox"] == 1
    assert len(await turn(store)) == 1


async def test_events_that_were_set_aside_stay_a_month_for_the_doctor(store: Store) -> None:
    await known(store)
    await store.receive([wrote("anna", "gift", "2")], now=NOW)
    async with store.turns(NOW) as batch:
        (claim,) = batch.claims
        await batch.set_aside(claim.events[0].id, "KeyError")
        await batch.save([answered(claim, done=())])

    await at_once(store, NOW + 29 * DAY)
    assert len(await store.dead_events()) == 1
    await at_once(store, NOW + 31 * DAY)
    assert await store.dead_events() == []


async def test_sent_messages_go_after_sixty_days(store: Store) -> None:
    await known(store, sends=(send(1), send(2, expires=NOW + 99 * DAY)))
    await store.settle([Settlement.sent(1, "remote")], NOW)

    assert (await at_once(store, NOW + 60 * DAY)).sends == 0
    assert (await at_once(store, NOW + 61 * DAY)).sends == 1
    assert await store.waiting_sends(CHANNEL, ACCOUNT) == 1


async def test_past_appointments_go_and_waiting_ones_stay(store: Store) -> None:
    await known(
        store,
        appointments=tuple(
            NewAppointment(id=n, kind="morning", local_date=str(n), due=NOW + n * 90 * DAY, nature="courtesy")
            for n in range(2)
        ),
    )
    await store.due(NOW)

    assert (await at_once(store, NOW + 61 * DAY)).appointments == 1
    assert await store.next_due() == NOW + 90 * DAY


async def test_who_never_consents_is_gone_after_a_silent_day(store: Store) -> None:
    member = await known(store, "member")
    await store.receive([wrote(f"p{n}", "/start", f"s{n}") for n in range(1200)], now=NOW)
    while await turn(store, sends=()):
        pass
    await store.receive([wrote("p7", "noch da", "again")], now=NOW)
    await turn(store, NOW + HOUR)
    before = await store.counts()

    assert (await at_once(store, NOW + DAY)).members == 0
    assert (await at_once(store, NOW + DAY + 1)).members == 1199
    assert (before["member"], before["address"]) == (1201, 1201)
    after = await store.counts()
    assert (after["member"], after["address"], after["inbox"]) == (2, 2, 3)
    assert await store.member(member) is not None


async def test_idle_leases_go_and_live_ones_stay(store: Store) -> None:
    await store.acquire("old", "x", NOW - 8 * DAY, HOUR)
    await store.acquire("live", "x", NOW, HOUR)

    assert (await at_once(store, NOW)).others == 1
    assert (await store.counts())["lease"] == 2  # and the node's


async def test_a_clock_that_jumped_deletes_nothing_for_a_day(store: Store) -> None:
    await store.receive([wrote("anna", "hallo", "1")], now=NOW)
    await turn(store)
    assert await store.upkeep(NOW) == Upkept(held_back=True)  # the first ever
    assert not (await store.upkeep(NOW + HOUR)).held_back

    for hours in (0, 1, 23):
        assert await store.upkeep(NOW + 365 * DAY + hours * HOUR) == Upkept(held_back=True)
    assert (await store.counts())["member"] == 1
    assert (await store.upkeep(NOW + 2 * HOUR)).held_back  # it was wrong, and is right again
    assert (await store.upkeep(NOW + 25 * HOUR)).held_back
    assert (await store.upkeep(NOW + 26 * HOUR)).members == 1


async def test_the_jump_is_noticed_across_a_restart(url: str) -> None:
    before = await Store.open(url)
    await before.upkeep(NOW)
    await before.aclose()

    after = await Store.open(url)
    assert (await after.upkeep(NOW + 2 * DAY)).held_back
    assert (await after.upkeep(NOW + 2 * DAY + HOUR)).held_back
    assert not (await after.upkeep(NOW + 3 * DAY)).held_back
    await after.aclose()


async def test_uploads_are_remembered_replaced_and_forgotten(store: Store) -> None:
    key = ("d1", CHANNEL, ACCOUNT, "photo")
    assert await store.uploads.find(*key) is None
    await store.uploads.remember(*key, "file-1", NOW)
    await store.uploads.remember(*key, "file-2", NOW)

    assert await store.uploads.find(*key) == "file-2"
    assert await store.uploads.find("d1", CHANNEL, "another bot", "photo") is None
    await store.uploads.forget(*key)
    assert await store.uploads.find(*key) is None
