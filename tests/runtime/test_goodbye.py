"""Closing the service: one note for everybody who wants to hear from us, by day, once, however often it is said."""

import contextlib
import io
import sys
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import update

from bot.cli import main
from bot.dialogue.member import Status, dump_member, load_member
from bot.dialogue.messages import Kind, Priority
from bot.runtime.failures import CannotStartError
from bot.runtime.goodbye import NOTICE, book_goodbyes, how_many, last_day
from bot.runtime.members import announce_end, announced
from bot.store.schema import member
from bot.store.store import Store
from tests.bench.members import settle
from tests.channel.running import settings_for
from tests.runtime.test_bad_days import Coach
from tests.store.given import DAY, HOUR, NOW

TODAY = datetime.fromtimestamp(NOW / 1e6, UTC).date()
LAST = TODAY + timedelta(days=20)
PEOPLE = 5
PAUSED, LEFT, LOCKED = 1, 2, 3


async def is_now(store: Store, number: int, status: Status) -> None:
    stored = await store.member(number)
    assert stored is not None
    changed = dump_member(replace(load_member(stored.document or b""), status=status))
    async with store.database.write() as connection:
        statement = update(member).where(member.c.id == number).values(document=changed, status=status.value)
        await connection.execute(statement)


async def test_everybody_gets_the_note_once_also_paused_and_locked_but_not_who_wants_nothing(store: Store) -> None:
    coach = Coach(store)
    first = await settle(store, PEOPLE, NOW, due=None)
    await is_now(store, first + PAUSED, Status.PAUSED)
    await is_now(store, first + LEFT, Status.LEFT)
    await coach.hears((LOCKED, "ich bin im Schritt taub und kann nicht mehr Wasser lassen"))
    await coach.works()
    assert await how_many(store) == PEOPLE - 1

    assert await book_goodbyes(store, LAST, NOW) == PEOPLE - 1
    assert await book_goodbyes(store, LAST, NOW) == 0  # cut off and typed again
    await coach.passes(hours=24)
    assert await book_goodbyes(store, LAST, coach.now) == 0  # also after it was said
    await coach.passes(hours=1)

    for person in range(PEOPLE):
        notes = [message for message in await coach.messages_to(person) if f"{LAST.day}." in message.text]
        assert len(notes) == (person != LEFT), person
        for note in notes:
            assert "Praxis Probe" in note.text
            assert [button.data for row in note.buttons for button in row] == ["/export"]
            assert (note.priority, note.kind) == (Priority.ANSWER, Kind.TALK)  # neither pause nor lock holds it back
            assert note.push == "Dein Moment ist da."
    assert (await store.counts())["member"] == PEOPLE  # nobody is deleted by the note


async def test_nobody_hears_it_at_night_nor_when_the_day_has_come(store: Store) -> None:
    coach = Coach(store)
    await settle(store, 1, NOW, due=None)
    coach.now = NOW - NOW % DAY + 23 * HOUR  # the members' zone is UTC
    await book_goodbyes(store, LAST, coach.now)
    await coach.ticks()
    await coach.works()
    assert await coach.said_to(0) == []

    coach.now += 30 * DAY
    await coach.ticks()
    await coach.works()
    assert await coach.said_to(0) == []


async def test_people_have_two_weeks_and_the_day_once_named_stands(store: Store) -> None:
    await settle(store, 1, NOW, due=None)
    assert await last_day(store, None, NOW) == TODAY + NOTICE
    with pytest.raises(CannotStartError, match="two weeks"):
        await last_day(store, TODAY + timedelta(days=13), NOW)

    await book_goodbyes(store, LAST, NOW)

    assert await last_day(store, None, NOW + 3 * DAY) == LAST  # the next day's default is no second note
    assert await last_day(store, LAST + timedelta(days=9), NOW) == LAST + timedelta(days=9)


async def upkeep_at(store: Store, now: int) -> None:
    """With a clock that is trusted."""
    for hours in (49, 25, 12, 0):
        await store.upkeep(now - hours * HOUR)


async def test_on_the_announced_day_everybody_is_erased_and_not_before(store: Store) -> None:
    coach = Coach(store)
    await settle(store, PEOPLE, NOW, due=None)
    await book_goodbyes(store, LAST, NOW)
    await coach.passes(hours=3)
    day = int(datetime(LAST.year, LAST.month, LAST.day, tzinfo=UTC).timestamp()) * 1_000_000

    await upkeep_at(store, day - HOUR)
    assert (await store.counts())["member"] == PEOPLE
    await store.upkeep(day + 20 * DAY)  # a clock that jumped is not believed
    assert (await store.counts())["member"] == PEOPLE
    await upkeep_at(store, day + 12 * HOUR)

    counts = await store.counts()
    assert (counts["member"], counts["journal"], counts["appointment"]) == (0, 0, 0)


async def test_nobody_is_erased_without_a_word_and_a_later_day_counts(store: Store) -> None:
    coach = Coach(store)
    await settle(store, PEOPLE, NOW, due=None)
    await book_goodbyes(store, LAST, NOW)
    after = NOW + 25 * DAY
    await upkeep_at(store, after)  # no note had left: the coach was down
    assert (await store.counts())["member"] == PEOPLE

    coach.now = after
    later = TODAY + timedelta(days=60)
    await book_goodbyes(store, later, after)
    await coach.passes(hours=3)
    await upkeep_at(store, NOW + 40 * DAY)
    assert (await store.counts())["member"] == PEOPLE
    await upkeep_at(store, NOW + 90 * DAY)  # the notes are not tidied away meanwhile
    assert (await store.counts())["member"] == 0


async def test_the_operators_commands_book_it_in_the_configured_database(tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path}/r.db"
    store = await Store.open(url)
    await store.migrate()
    await settle(store, 2, NOW, due=None)
    await store.aclose()
    settings = settings_for(tmp_path, database_url=SecretStr(url))

    day, people = await announced(settings, None)

    assert people == 2
    assert day >= date.today() + NOTICE - timedelta(days=1)  # noqa: DTZ011  a day more or less, wherever this runs
    assert await announce_end(settings, day) == 2
    assert await announced(settings, None) == (day, 2)
    assert await announce_end(settings, day) == 0


@pytest.mark.parametrize(("typed", "code", "said"), [("ja", 1, "Nothing was sent"), ("Praxis Probe", 0, "")])
def test_it_wants_the_operators_name(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, typed: str, code: int, said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, value in (("OPERATOR_NAME", "Praxis Probe"), ("OPERATOR_CONTACT", "probe@example.org")):
        monkeypatch.setenv(f"RUECKGRAT_{name}", value)
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        assert main(["db", "upgrade"]) == 0
        monkeypatch.setattr(sys, "stdin", io.StringIO(f"{typed}\n"))
        assert main(["goodbye"]) == code

    assert "0 people use this coach" in out.getvalue()
    assert said in err.getvalue()
