"""A call for help waits for no picture and no send, and what a lock forbids does not leave after it. Real drawing."""

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from bot.runtime.lifecycle import Coach
from tests.botapi import TOKEN, BotApi
from tests.botapi.people import Person
from tests.botapi.views import Message
from tests.channel.running import Clock, running, settings_for
from tests.website.page import Page, Place

WITHIN_S = 1.0
PATIENCE_S = 60.0
CRY = "Ich will nicht mehr leben"
HELP = "0800"
EXERCISE = "Beckenkippen"
WATCHED_S = 2.0  # the first still is drawn by then, so the exercise would have come
TO_THE_OFFER = (
    ("Ja, einverstanden", "1 von 4"),
    ("Nein, nichts davon", "2 von 4"),
    ("Nein, nichts davon", "Wie alt bist du"),
    ("18 bis 44", "Wie lange"),
    ("Über 12 Wochen", "3 von 4"),
    ("Nein, nichts davon", "4 von 4"),
    ("Nein, nichts davon", "Worauf muss ich"),
    ("Nichts davon", "Wie stark ist der Schmerz"),
    ("3", "Wir fangen klein an"),
)


def cold(folder: Path, **given: Any) -> Any:
    """No picture was ever drawn here."""
    return settings_for(folder, cache=folder / "cold", telegram_rate=0, **given)


@pytest.fixture
async def telegram(double: BotApi, tmp_path: Path, clock: Clock) -> AsyncIterator[Coach]:
    given = {"telegram_token": SecretStr(TOKEN), "telegram_api_url": double.url}
    async with running(cold(tmp_path, **given), now=clock) as it:
        await double.polled()
        yield it


def _says(card: Message, words: str, room: Person) -> bool:
    return words in room.now(card).text


async def offered(ada: Person, clock: Clock) -> Message:
    """A first session is offered."""
    await ada.send("/start")
    card = await ada.sees("Darf ich mir deine Antworten merken", PATIENCE_S)
    for label, words in TO_THE_OFFER[:-1]:
        clock.advance(seconds=30)  # nobody reads a list faster
        await ada.tap(ada.now(card), label)
        await ada.wait_for(partial(_says, card, words), PATIENCE_S)
    await ada.tap(ada.now(card), TO_THE_OFFER[-1][0])
    return await ada.sees(TO_THE_OFFER[-1][1], PATIENCE_S)


@pytest.mark.usefixtures("telegram")
async def test_on_telegram_help_comes_at_once_while_an_exercise_is_drawn_which_then_never_comes(
    double: BotApi, clock: Clock
) -> None:
    ada = double.person(1001, language="de")
    offer = await offered(ada, clock)
    before = len(ada.messages)
    await ada.tap(offer, "Jetzt anfangen")
    await asyncio.sleep(0.3)  # the tap is answered, its picture is being drawn
    assert not any(EXERCISE in each.text for each in ada.messages[before:])

    cried = time.monotonic()
    await ada.send(CRY)
    await ada.wait_for(lambda room: any(HELP in each.text for each in room.messages[before:]), PATIENCE_S)
    assert time.monotonic() - cried < WITHIN_S

    await asyncio.sleep(WATCHED_S)
    assert not any(EXERCISE in each.text for each in ada.messages[before:])


@pytest.mark.usefixtures("telegram")
async def test_on_telegram_help_passes_a_send_that_hangs_in_its_room(double: BotApi) -> None:
    ada = double.person(1001, language="de")
    await ada.send("/start")
    await ada.sees("Darf ich mir deine Antworten merken", PATIENCE_S)
    slow = double.fault("slow", "sendMessage", seconds=4, times=1)
    await ada.send("/hilfe")
    async with asyncio.timeout(PATIENCE_S):
        while not slow.hits:  # noqa: ASYNC110  the double rings no bell for a fault
            await asyncio.sleep(0.02)

    cried = time.monotonic()
    await ada.send(CRY)
    await ada.wait_for(lambda room: HELP in room.last.text, PATIENCE_S)
    assert time.monotonic() - cried < WITHIN_S


@dataclass
class Reader:
    """What a page was told, as it comes."""

    page: Page
    lines: list[dict[str, Any]]
    labels: dict[str, tuple[str, str]]
    sent: int = 0

    async def read(self) -> None:
        while True:
            line = (await self.page.hears("line"))["line"]
            self.lines.append(line)
            for row in line["buttons"]:
                self.labels |= {button["label"]: (line["remote"], button["data"]) for button in row}

    async def write(self, text: str) -> None:
        self.sent += 1
        await self.page.write(text, f"id-{self.sent:08}")

    async def tap(self, label: str) -> None:
        self.sent += 1
        remote, data = self.labels[label]
        await self.page.send(type="tap", id=f"id-{self.sent:08}", data=data, message=remote)

    async def sees(self, words: str, since: int = 0) -> None:
        async with asyncio.timeout(PATIENCE_S):
            while not any(words in said(line) for line in self.lines[since:]):  # noqa: ASYNC110  lines come in `read`
                await asyncio.sleep(0.01)


def said(line: dict[str, Any]) -> str:
    return "" if line["mine"] else "".join(span[0] for span in line["spans"])


async def test_on_the_web_help_comes_at_once_while_an_exercise_is_drawn_which_then_never_comes(
    tmp_path: Path, clock: Clock
) -> None:
    async with running(cold(tmp_path, web_port=0), now=clock) as coach:
        port = int(coach.opened.address.rstrip("/").rpartition(":")[2])
        async with Page(Place(port)) as page:
            room = Reader(page, [], {})
            reading = asyncio.create_task(room.read())
            await room.write("hallo")
            await room.sees("Darf ich mir deine Antworten merken")
            for label, words in TO_THE_OFFER:
                clock.advance(seconds=30)
                before = len(room.lines)
                await room.tap(label)
                await room.sees(words, before)
            before = len(room.lines)
            await room.tap("Jetzt anfangen")
            await asyncio.sleep(0.3)
            assert not any(EXERCISE in said(line) for line in room.lines[before:])

            cried = time.monotonic()
            await room.write(CRY)
            await room.sees(HELP, before)
            assert time.monotonic() - cried < WITHIN_S

            await asyncio.sleep(WATCHED_S)
            assert not any(EXERCISE in said(line) for line in room.lines[before:])
            reading.cancel()


@pytest.mark.usefixtures("telegram")
async def test_nobody_waits_while_telegram_is_asked_who_governs_a_group(double: BotApi) -> None:
    ada, eve = double.person(1001, language="de"), double.person(1002)
    group = double.group([eve], kind="supergroup")
    await ada.send("/start")
    await ada.sees("Darf ich mir deine Antworten merken", PATIENCE_S)
    asked = double.fault("slow", "getChatMember", seconds=3, times=None)
    for _ in range(5):
        await eve.send("/stopp", chat=group)

    called = time.monotonic()
    await ada.send("/notfall")
    await ada.wait_for(lambda room: HELP in room.last.text, PATIENCE_S)
    assert time.monotonic() - called < WITHIN_S + 0.5  # a look at Telegram may be under way
    assert asked.hits == 1  # one question for one person and group, and none while Telegram is slow
