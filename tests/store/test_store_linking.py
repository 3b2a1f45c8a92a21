"""Codes and the union of two members, on both engines: only hashes, once, all or nothing, and what comes along."""

import pytest
from sqlalchemy import select, text

from bot.dialogue.events import Address
from bot.store.linking import CODE_LIVES
from bot.store.rows import NewAppointment
from bot.store.schema import address, appointment, journal, link, outbox, spared
from bot.store.store import Store
from bot.store.tidying import DAY
from tests.store.given import NOW, SECOND, at, known, member_of, send, turn, wrote

CODE = "ABCDE23456"


async def made(store: Store, person: str = "anna") -> int:
    async with store.turns(NOW, members=0) as batch:
        return await batch.places.make(await member_of(store, person), at(person).key, CODE)


async def test_only_a_hash_of_the_code_is_stored(store: Store) -> None:
    await known(store)
    await made(store)

    async with store.database.read() as connection:
        row = (await connection.execute(select(link))).one()
    assert CODE not in repr(row)
    assert row.expires == NOW + CODE_LIVES


async def test_of_two_who_give_one_code_one_is_first(store: Store) -> None:
    for person in ("anna", "bela", "cora"):
        await known(store, person)
    await made(store)
    found = []
    for person in ("bela", "cora"):
        async with store.turns(NOW, members=0) as batch:
            taken = await batch.places.redeem(await member_of(store, person), at(person).key, "abcde-23456")
            found.append(taken and taken.other)

    assert found == [await member_of(store, "bela"), None]


async def test_nobody_else_sees_a_link_and_a_new_code_ends_the_old_one(store: Store) -> None:
    for person in ("anna", "bela", "cora"):
        await known(store, person)
    number = await made(store)
    bela, cora = await member_of(store, "bela"), await member_of(store, "cora")
    async with store.turns(NOW, members=0) as batch:
        await batch.places.redeem(bela, at("bela").key, CODE)
        assert await batch.places.find(number, cora) is None
        assert await batch.places.find(number, bela) is not None
        await batch.places.make(await member_of(store, "anna"), at("anna").key, "ZZZZZ99999")
        assert await batch.places.find(number, bela) is None


async def prepare(store: Store) -> tuple[int, int]:
    """Two members; the second has an address of its own, a journal, appointments and messages that wait."""
    anna, bela = await known(store), await known(store, "bela")
    await store.receive([wrote("bela", "hallo", "again")], now=NOW)
    soon, later = NOW + 1800 * SECOND, NOW + DAY
    await turn(
        store,
        appointments=(
            NewAppointment(id=1, kind="after-emergency", local_date="2026-03-02", due=soon, nature="safety"),
            NewAppointment(id=2, kind="prompt", local_date="2026-03-03", due=later, nature="courtesy"),
        ),
        sends=(
            send(11, "bela", priority=0, kind="emergency"),
            send(12, "bela"),
            send(13, "bela", priority=2, repeat=False),
        ),
    )
    await store.receive([wrote("bela", "noch etwas", "waiting")], now=NOW)
    return anna, bela


async def union(store: Store, kept: int, lost: int, *, killed: bool = False) -> None:
    async with store.turns(NOW, members=0) as batch:
        assert set(await batch.hold([kept, lost])) == {kept, lost}
        await batch.places.merge(kept, lost, had_history=True)
        if killed:
            raise ZeroDivisionError  # a SIGKILL before the commit, as far as the database can tell


async def test_a_union_takes_places_safety_and_answers_along_and_nothing_else(store: Store) -> None:
    anna, bela = await prepare(store)
    await union(store, anna, bela)

    assert await store.member(bela) is None
    assert {one.address for one in await store.addresses(anna)} == {at("anna"), at("bela")}
    assert [one.preferred for one in await store.addresses(anna)] == [True, False]
    async with store.database.read() as connection:
        kinds = list((await connection.execute(select(appointment.c.kind).where(appointment.c.settled == 0))).scalars())
        sends = list((await connection.execute(select(outbox.c.id).order_by(outbox.c.id))).scalars())
        owners = set((await connection.execute(select(outbox.c.member_id))).scalars())
        facts = list((await connection.execute(select(journal.c.member_id).where(journal.c.member_id == bela))).all())
    assert (kinds, sends, owners, facts) == (["after-emergency"], [11, 12], {anna}, [])
    (claim,) = await turn(store)  # what was written there waits for the one who stays
    assert claim.member == anna


@pytest.mark.parametrize("longer", ["anna", "bela"])
async def test_whoever_is_left_in_peace_stays_so_in_a_union(store: Store, longer: str) -> None:
    """Since a flare-up or a crisis, however long ago: it must keep nobody from having two places."""
    anna, bela = await prepare(store)
    async with store.rounds(NOW) as desk:
        for name, number in (("anna", anna), ("bela", bela)):
            await desk.spare(number, "2026-03-09" if name == longer else "2026-03-04")
    await union(store, anna, bela)

    async with store.database.read() as connection:
        assert [tuple(row) for row in await connection.execute(select(spared))] == [(anna, "2026-03-09")]


async def test_a_union_that_does_not_come_to_its_end_has_never_been(store: Store) -> None:
    anna, bela = await prepare(store)
    before = await store.counts()

    with pytest.raises(ZeroDivisionError):
        await union(store, anna, bela, killed=True)

    assert await store.counts() == before
    assert await member_of(store, "bela") == bela


async def test_a_place_is_taken_away_but_never_the_last(store: Store) -> None:
    anna, bela = await prepare(store)
    await union(store, anna, bela)
    async with store.turns(NOW, members=0) as batch:
        await batch.places.part(anna, [at("anna").key, at("bela").key])
    assert len(await store.addresses(anna)) == 2

    async with store.turns(NOW, members=0) as batch:
        await batch.places.part(anna, [at("anna").key])
    async with store.database.read() as connection:
        rows = (await connection.execute(select(address.c.key, address.c.preferred))).all()
    assert [tuple(row) for row in rows] == [(at("bela").key, True)]


async def test_old_codes_and_tries_are_tidied_away_and_erasure_takes_links_along(store: Store) -> None:
    await known(store)
    await made(store)
    async with store.turns(NOW, members=0) as batch:
        await batch.places.may_try(Address("web", "local", "x", "x").key)
    for day in (0, 1):
        await store.upkeep(NOW + day * DAY)
    counts = await store.counts()
    assert (counts["link"], counts["link_try"]) == (0, 0)

    await made(store)
    await store.erase(await member_of(store, "anna"), NOW)
    async with store.database.read() as connection:
        assert (await connection.execute(text("SELECT count(*) FROM link"))).scalar() == 0
