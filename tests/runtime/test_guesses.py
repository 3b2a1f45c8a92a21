"""Ten thousand guesses of a linking code get nowhere, hold up nobody and leave nothing; on SQLite, for it is long."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import func, select

from bot.dialogue.events import Arrival, TextReceived
from bot.store.linking import CODE_LIVES, TRIES
from bot.store.schema import inbox, journal, link, link_try
from bot.store.store import Store
from tests.runtime.places import MATRIX, TELEGRAM, WEB, Places, place, trained
from tests.store.given import NOW, SECOND

pytestmark = pytest.mark.slow

GUESSES = 10_000
AT_ONCE = 200  # guesses, then the worker has its time
RIGHT_AT = (TRIES + 1, 20, 600, 9_990)  # places of the right code among the guesses, from 1; all behind the fifth try


@pytest.fixture
async def store() -> AsyncIterator[Store]:
    opened = await Store.open("sqlite+aiosqlite://")
    await opened.migrate()
    await opened.node("test", NOW)
    yield opened
    await opened.aclose()


async def rows_of(store: Store) -> dict[str, int]:
    async with store.database.read() as connection:
        found = {}
        for table in (journal, link, link_try):
            found[table.name] = (await connection.execute(select(func.count()).select_from(table))).scalar_one()
        return found


async def test_ten_thousand_guesses_of_a_code_get_nowhere_hold_up_nobody_and_leave_nothing(store: Store) -> None:
    places, quiet = Places(store), place("web", "bela")
    await places.knows(TELEGRAM, trained())
    await places.knows(WEB, trained())
    code = await places.code(TELEGRAM)
    before = await rows_of(store)
    began, guesses = places.now, [f"GUESS{n:05}" for n in range(1, GUESSES + 1)]
    for right in RIGHT_AT:
        guesses[right - 1] = code
    texts = [TextReceived(text=f"/verbinden {guess}") for guess in guesses]
    arrivals = [Arrival(source=f"g{n}", address=WEB, event=each, at=began) for n, each in enumerate(texts)]
    worker = places.worker()
    for start in range(0, GUESSES, AT_ONCE):
        await store.receive(arrivals[start : start + AT_ONCE], now=places.now)
        if start == GUESSES // 2:
            await places.arrives(quiet, "hallo")
            await worker.work_once()
            assert await places.messages(quiet)  # answered in the first batch, though it came last
        while await worker.work_once():
            places.now += SECOND // 2  # past the limit of texts a minute, too
    assert places.now < began + CODE_LIVES  # the code was good all the time

    after = await rows_of(store)
    assert after == {**before, "link_try": TRIES}
    said = [message.text for message in await places.messages(WEB)]
    assert sum("passt nicht" in text for text in said) == TRIES
    assert not any("Telegram" in text for text in said)  # the right code among them opened nothing
    assert len(said) < GUESSES / 10
    async with store.database.read() as connection:
        kept = select(func.count()).select_from(inbox).where(inbox.c.body != b"")
        assert (await connection.execute(kept)).scalar_one() == 0
    thief = await store.member_by_address(WEB.key)
    assert thief is not None
    assert b"GUESS" not in (thief.document or b"")

    (asked,) = await places.says(MATRIX, f"/verbinden {code}")  # and for its owner it still works
    assert "Telegram" in asked
