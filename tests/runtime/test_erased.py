"""After /loeschen no table holds a word or a name of the person, on either engine."""

from sqlalchemy import select

from bot.store.schema import metadata
from bot.store.store import Store
from tests.bench.members import FIRST_PERSON, settle
from tests.runtime.outside import VirtualTime
from tests.runtime.test_bad_days import Coach, help_card
from tests.runtime.test_troubled_members import CRY
from tests.store.given import DAY, NOW

WORD = "Zwetschgendatschi"


async def tables_with(store: Store, *words: str) -> set[str]:
    """The tables whose rows hold one of these words, in whatever column."""
    found = set[str]()
    async with store.database.read() as connection:
        for table in metadata.sorted_tables:
            for row in await connection.execute(select(table)):
                texts = [value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value) for value in row]
                if any(word in each for word in words for each in texts):
                    found.add(table.name)
    return found


async def test_after_erasing_no_table_holds_a_word_or_the_person(store: Store, time: VirtualTime) -> None:
    coach = Coach(store)
    first = await settle(store, 2, NOW, due=None)
    person = str(FIRST_PERSON)
    await coach.hears(*((0, f"{WORD} {number}") for number in range(5)))
    assert await tables_with(store, WORD) == {"inbox"}
    await coach.works()
    assert {"address", "inbox", "outbox"} <= await tables_with(store, person)

    await coach.hears((0, "/loeschen"))
    await coach.works()
    await coach.taps(0, "yes")
    sent = await coach.sends(time)

    assert [message.text for message in sent if "gelöscht" in message.text]
    assert await tables_with(store, WORD, person, str(first)) == set()
    assert await store.member(first) is None
    assert await store.member(first + 1) is not None
    coach.now += 2 * DAY
    await store.upkeep(coach.now)
    assert await tables_with(store, WORD, person, str(first)) == set()


async def test_a_cry_for_help_right_behind_the_erasure_is_answered_once(store: Store) -> None:
    coach = Coach(store)
    first = await settle(store, 1, NOW, due=None)
    await coach.hears((0, "/loeschen"))
    await coach.works()

    await coach.hears((0, "ja"), (0, "danke"), (0, CRY), (0, f"{CRY}!"))
    await coach.works()

    assert await store.member(first) is None
    assert (await coach.said_to(0)).count(help_card()) == 1
    assert await tables_with(store, "danke", CRY) == set()
