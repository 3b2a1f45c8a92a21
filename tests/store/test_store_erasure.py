"""Erasure: not a word remains, the goodbye still goes, and what the platform delivers again brings nobody back."""

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.dialogue.events import ReachChanged, TextReceived
from bot.store.rows import Fact, NewAppointment, Posted, Settlement
from bot.store.schema import metadata
from bot.store.store import Store
from tests.store.given import ACCOUNT, CHANNEL, DAY, HOUR, NOW, answered, at, known, member_of, send, texts, turn, wrote

WORD = "Zwetschgendatschi"
PERSON = "person-8472651"


async def lived(store: Store) -> int:
    """A member with rows in every table, all with the same word in it."""
    await store.receive([wrote(PERSON, f"{WORD} {n} " * 40, f"{WORD}-{n}") for n in range(20)], now=NOW)
    word = WORD.encode()
    await turn(
        store,
        document=word * 200,
        zone=WORD,
        status="active",
        facts=tuple(
            Fact(id=store.ids.next(NOW), kind="note", at=NOW, local_date="2026-03-02", body=word * 50)
            for _ in range(30)
        ),
        appointments=(NewAppointment(id=1, kind=WORD, local_date="2026-03-03", due=NOW + DAY, nature="courtesy"),),
        sends=tuple(send(n, PERSON, body=word * 30) for n in range(1, 20)),
    )
    await store.settle([Settlement.sent(1, WORD)], NOW)
    number = await member_of(store, PERSON)
    await store.post([Posted(member=number, event=TextReceived(text=WORD), source=WORD)], NOW)
    await store.receive([wrote(PERSON, f"bitte löschen, {WORD}", f"{WORD}-last")], now=NOW)
    return number


async def forget(store: Store, *, goodbye: bool = True) -> None:
    """The turn in which the member asks for it."""
    async with store.turns(NOW + HOUR) as batch:
        (claim,) = batch.claims
        sends = (send(500, PERSON, body=b"Mach's gut."),) if goodbye else ()
        await batch.save([answered(claim, erase=True, sends=sends)])


async def counts_but_forgotten(store: Store) -> dict[str, int]:
    async with store.database.read() as connection:
        found = {}
        for name in ("member", "address", "journal", "appointment", "inbox", "outbox"):
            query = select(func.count()).select_from(metadata.tables[name])
            found[name] = (await connection.execute(query)).scalar_one()
        return found


async def test_every_row_goes_and_nobody_elses(store: Store) -> None:
    ben = await known(store, "ben", sends=(send(900, "ben"),))
    await lived(store)
    before = await counts_but_forgotten(store)

    await forget(store, goodbye=False)
    after = await counts_but_forgotten(store)
    assert before["outbox"] == 20
    assert after == {"member": 1, "address": 1, "journal": 0, "appointment": 0, "inbox": 1, "outbox": 1}
    assert await store.member(ben) is not None
    assert [row.id for row in await store.claim_sends(CHANNEL, ACCOUNT, NOW, 16)] == [900]


async def test_the_goodbye_goes_and_leaves_no_trace(store: Store) -> None:
    await lived(store)
    await forget(store)

    (row,) = await store.claim_sends(CHANNEL, ACCOUNT, NOW + HOUR, 16)
    assert (row.member_id, row.address, row.body) == (None, at(PERSON), b"Mach's gut.")
    await store.settle([Settlement.later(row.id, NOW + HOUR)], NOW + HOUR)
    (row,) = await store.claim_sends(CHANNEL, ACCOUNT, NOW + HOUR, 16)
    await store.settle([Settlement.sent(row.id, "remote")], NOW + HOUR)
    assert set((await counts_but_forgotten(store)).values()) == {0}


async def test_a_goodbye_that_expires_leaves_no_trace_either(store: Store) -> None:
    await lived(store)
    await forget(store)

    assert await store.expire(NOW + 2 * DAY) == 1
    assert set((await counts_but_forgotten(store)).values()) == {0}


async def test_a_redelivered_event_brings_nobody_back_but_a_new_one_does(store: Store) -> None:
    await lived(store)
    await forget(store, goodbye=False)

    assert await store.receive([wrote(PERSON, "alt", f"{WORD}-3")], now=NOW + HOUR) == 0
    assert await store.receive([wrote(PERSON, "neu", "new"), wrote("ben", "hi", f"{WORD}-4")], now=NOW + HOUR) == 2
    assert texts(await turn(store, NOW + HOUR)) == [["neu"], ["hi"]]


async def test_a_picture_that_comes_late_brings_no_row_of_who_is_gone(store: Store) -> None:
    """It was still being drawn while its member was erased."""
    await lived(store)
    row = (await store.claim_sends(CHANNEL, ACCOUNT, NOW, 16))[0]
    await store.settle([Settlement.sent(row.id, "remote")], NOW)
    edit = send(700, PERSON, replaces=row.id, only_edit=True)
    await forget(store, goodbye=False)

    assert not await store.look.complete(row, edit, NOW + HOUR)
    assert (await counts_but_forgotten(store))["outbox"] == 0


async def test_after_two_days_even_the_hash_is_gone(store: Store) -> None:
    await lived(store)
    await forget(store, goodbye=False)
    await store.upkeep(NOW + 2 * DAY)  # the first ever
    assert (await store.counts())["forgotten"] > 20

    await store.upkeep(NOW + 2 * DAY + 2 * HOUR)
    assert (await store.counts())["forgotten"] == 0


async def test_an_operator_erases_at_once(store: Store) -> None:
    number = await lived(store)
    await store.erase(number, NOW)

    assert set((await counts_but_forgotten(store)).values()) == {0}
    assert await turn(store) == []


async def test_an_event_from_before_the_erasure_finds_nobody(store: Store) -> None:
    number = await lived(store)
    await store.erase(number, NOW)
    late = Posted(member=number, event=ReachChanged(reachable=False), source="late", address=at(PERSON))
    await store.post([late], NOW)  # a send was still under way, and was refused

    assert await turn(store) == []
    assert set((await counts_but_forgotten(store)).values()) == {0}


def files_with(folder: Path, words: tuple[str, ...]) -> list[str]:
    found = [(path.name, path.read_bytes()) for path in sorted(folder.iterdir()) if path.is_file()]
    return [name for name, data in found if any(word.encode() in data for word in words)]


@pytest.mark.parametrize("is_read", [False, True], ids=["quiet", "while others read"])
async def test_not_a_word_remains_in_the_files(sqlite_url: str, tmp_path: Path, is_read: bool) -> None:  # noqa: FBT001 - a case
    store = await Store.open(sqlite_url)
    await store.node("test", NOW)
    await known(store, "ben")
    await lived(store)
    assert files_with(tmp_path, (WORD, PERSON))

    async def read_for_a_while() -> None:
        async with store.database.read():
            await asyncio.sleep(0.12)

    reading = asyncio.create_task(read_for_a_while()) if is_read else None
    await asyncio.sleep(0)
    await forget(store, goodbye=False)
    if reading:
        await reading
    assert files_with(tmp_path, (WORD, PERSON)) == []
    await store.aclose()
    assert files_with(tmp_path, (WORD, PERSON)) == []


async def test_a_long_reader_delays_the_scrubbing_and_nothing_else(sqlite_url: str, tmp_path: Path) -> None:
    store = await Store.open(sqlite_url)
    await store.node("test", NOW)
    await lived(store)
    async with store.database.read() as connection:
        await connection.execute(select(func.count()).select_from(metadata.tables["member"]))
        await forget(store, goodbye=False)
        await known(store, "ben")
        assert files_with(tmp_path, (WORD,))

    await turn(store)  # the next batch cleans up
    assert files_with(tmp_path, (WORD, PERSON)) == []
    await store.aclose()


@pytest.mark.parametrize("is_sent", [True, False], ids=["sent", "expired"])
async def test_after_the_goodbye_not_even_the_address_remains(sqlite_url: str, tmp_path: Path, is_sent: bool) -> None:  # noqa: FBT001 - a case
    store = await Store.open(sqlite_url)
    await store.node("test", NOW)
    await lived(store)
    await forget(store)
    (row,) = await store.claim_sends(CHANNEL, ACCOUNT, NOW + HOUR, 16)
    assert files_with(tmp_path, (PERSON,))  # where the goodbye goes

    if is_sent:
        await store.settle([Settlement.sent(row.id, "remote")], NOW + HOUR)
    else:
        await store.expire(NOW + 2 * DAY)
    assert files_with(tmp_path, (WORD, PERSON)) == []
    await store.aclose()
