"""Bad days on Telegram, from outside: the database is away, calls fail, a token is revoked, a member is erased."""

import asyncio
import logging
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.channels.telegram.redact import Redacting
from bot.runtime.lifecycle import Coach
from bot.runtime.logs import OURS, Lines, Reticent
from tests.bench.members import FIRST_PERSON, settle
from tests.botapi import TOKEN, BotApi
from tests.botapi.faults import Fault, Kind
from tests.botapi.people import Person
from tests.channel.running import Clock, running, settings_for
from tests.channel.telegram_parts import png

PATIENCE = 20.0
RETRIES_S = 1.5  # the same updates are tried again meanwhile
CONSENT = "Darf ich mir deine Antworten merken"
WORD = "Zwetschgendatschi"


@pytest.fixture
async def coach(double: BotApi, tmp_path: Path, clock: Clock) -> AsyncIterator[Coach]:
    given = {
        "telegram_token": SecretStr(TOKEN),
        "telegram_api_url": double.url,
        "telegram_rate": 0,
        "database_url": SecretStr(f"sqlite+aiosqlite:///{tmp_path}/rueckgrat.db?timeout=0.1"),
        "cache": tmp_path / "cache",
    }
    async with running(settings_for(tmp_path, **given), now=clock) as it:
        await double.polled()
        yield it


async def consents(person: Person) -> None:
    await person.send("/start")
    asked = await person.sees(CONSENT, PATIENCE)
    await person.tap(asked, "Ja, einverstanden")
    await person.wait_for(lambda room: "1 von 4" in room.now(asked).text, PATIENCE)


async def settled(coach: Coach, double: BotApi) -> None:
    """Everything that came is worked on, everything that follows is sent."""
    await double.drained(PATIENCE)
    channel = coach.opened.channels[0]
    async with asyncio.timeout(PATIENCE):
        while True:
            counts = await coach.store.counts()
            if not counts["inbox waiting"] and not await coach.store.waiting_sends(channel.name, channel.account):
                return
            await asyncio.sleep(0.05)


async def struck(fault: Fault) -> None:
    async with asyncio.timeout(PATIENCE):
        while True:
            if fault.hits:
                return
            await asyncio.sleep(0.05)


def files_with(folder: Path, secret: str) -> list[str]:
    return [path.name for path in folder.rglob("*") if path.is_file() and secret.encode() in path.read_bytes()]


@contextmanager
def database_away(folder: Path) -> Iterator[None]:
    """Somebody else holds the only writer's place: every transaction of the coach fails."""
    with closing(sqlite3.connect(folder / "rueckgrat.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


async def test_while_the_database_is_away_help_is_answered_once_and_all_else_afterwards_in_order(
    coach: Coach, double: BotApi, tmp_path: Path
) -> None:
    ada, ben = double.person(2001), double.person(2002)
    await consents(ada)
    with database_away(tmp_path):
        before = len(ada.messages)
        await ada.send("/notfall")
        await ben.send("/start")
        card = await ada.sees("0800", PATIENCE)
        await asyncio.sleep(RETRIES_S)
        assert len(ada.messages) == before + 1
        assert ben.messages == []

    await ada.send("/hilfe")
    await ben.sees(CONSENT, PATIENCE)
    await settled(coach, double)

    texts = [message.text for message in ada.messages]
    assert texts.count(card.text) == 1
    assert "/notfall" in "".join(texts[before + 1 :])  # the help that was asked for afterwards
    assert [request.status for request in double.requests if request.status == 400] == []


async def test_after_erasing_not_a_word_is_left_in_files_or_logs(
    coach: Coach, double: BotApi, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)  # as `set_up_logging` does it
    caplog.set_level(logging.DEBUG, logger=OURS)
    ada = double.person(48151623, name=WORD)
    await consents(ada)
    for number in range(20):
        await ada.send(f"{WORD} {number}")
    await settled(coach, double)
    assert files_with(tmp_path, WORD) != []
    await ada.send("/loeschen")
    asked = await ada.sees("Alles von dir löschen", PATIENCE)

    await ada.tap(asked, "Ja, alles löschen")
    await ada.sees("Alles von dir ist gelöscht", PATIENCE)
    await settled(coach, double)

    assert files_with(tmp_path, WORD) == []
    logging.getLogger(OURS).debug("heard")  # so that a silent log is no deaf one
    printed, reticent = Lines(), Reticent()
    lines = [printed.format(record) for record in caplog.records if reticent.filter(record)]
    assert lines
    assert [line for line in lines if WORD in line or str(ada.id) in line] == []
    counts = await coach.store.counts()
    assert (counts["member"], counts["address"]) == (0, 0)


@pytest.mark.parametrize("kind", ["too_many", "forbidden", "server_error", "drop", "answer_lost"])
async def test_whatever_becomes_of_a_call_the_answer_arrives(coach: Coach, double: BotApi, kind: Kind) -> None:
    ada = double.person(2001)
    await consents(ada)
    fault = double.fault(kind, "sendMessage", chat=ada)

    await ada.send("/hilfe")
    if kind == "forbidden":  # the platform says that she has blocked the coach; she writes again
        await settled(coach, double)
        await ada.send("/hilfe")
    await ada.wait_for(lambda room: "/notfall" in "".join(room.texts), PATIENCE)
    await settled(coach, double)

    assert fault.hits == 1
    assert coach.failed == []


@pytest.mark.parametrize("kind", ["too_many", "server_error", "drop", "answer_lost"])
async def test_whatever_becomes_of_a_call_a_prompt_is_not_doubled(
    coach: Coach, double: BotApi, clock: Clock, kind: Kind
) -> None:
    ada = double.person(FIRST_PERSON, started=True)
    fault = double.fault(kind, chat=ada)
    await settle(coach.store, 1, clock(), due=clock() - 1_000_000)

    await struck(fault)
    await settled(coach, double)
    await asyncio.sleep(RETRIES_S)
    await settled(coach, double)

    assert len(ada.messages) <= 1
    if kind in {"too_many", "answer_lost"}:
        assert len(ada.messages) == 1


async def test_a_revoked_token_is_one_clear_line_and_stands_in_none(
    coach: Coach, double: BotApi, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    ada = double.person(2001)
    await consents(ada)

    double.revoke()
    await ada.send("/hilfe")
    async with asyncio.timeout(PATIENCE):
        await coach.until_ended(asyncio.Event())

    told = [record for record in caplog.records if getattr(record, "action", "") == "token-refused"]
    assert told
    assert len({getattr(record, "part", "") for record in told}) == len(told)  # one line a part
    redacting, lines = Redacting(), Lines()
    shown = []
    for record in caplog.records:
        if record.name.startswith("bot."):
            assert TOKEN not in lines.format(record)
        redacting.filter(record)
        shown.append(lines.format(record))
    assert [line for line in shown if TOKEN in line] == []


@pytest.mark.parametrize("form", ["caption", "edited caption"])
async def test_a_caption_that_names_an_alarm_is_heard(coach: Coach, double: BotApi, form: str) -> None:
    ada = double.person(2001)
    await consents(ada)
    alarm = "Ich will nicht mehr leben"
    photo = await ada.send_photo(png(), caption=alarm if form == "caption" else "mein Garten")
    if form != "caption":
        await settled(coach, double)
        await ada.edit(photo, alarm)

    await ada.sees("0800", PATIENCE)
