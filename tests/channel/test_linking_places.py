"""A member of the web chat links Telegram in the middle of a question, goes on there, takes their data along, parts."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pypdfium2
import pytest
from pydantic import SecretStr
from sqlalchemy import select, update

from bot.runtime.lifecycle import Coach
from bot.store.schema import member
from tests.botapi import TOKEN, BotApi
from tests.botapi.people import Person
from tests.botapi.views import Message
from tests.channel.running import Clock, running, settings_for
from tests.website.talk import Talk

ANSWERS = ("Ja, einverstanden", "Nein, nichts davon", "Nein, nichts davon", "18 bis 44", "Über 12 Wochen",
           "Nein, nichts davon", "Nein, nichts davon", "Nichts davon", "4")  # fmt: skip


@pytest.fixture
async def coach(double: BotApi, tmp_path: Path, clock: Clock) -> AsyncIterator[Coach]:
    telegram = {"telegram_token": SecretStr(TOKEN), "telegram_api_url": double.url, "telegram_rate": 0}
    async with running(settings_for(tmp_path, web_port=0, **telegram), now=clock) as it:
        yield it


def files_with(folder: Path, words: str) -> list[str]:
    """Those of the database; what the web chat shows is kept by itself."""
    return [file.name for file in folder.glob("rueckgrat.db*") if words.encode() in file.read_bytes()]


async def test_a_code_that_is_over_stands_in_no_file_of_the_database(
    coach: Coach, clock: Clock, tmp_path: Path
) -> None:
    async with Talk(coach.opened.address) as page:
        await page.write("hallo")
        await page.taps(ANSWERS[0])
        await page.write("/verbinden")
        code = (await page.hears("Dein Code")).split("Dein Code: ")[1].split()[0]
        await coach.store.upkeep(clock())
        clock.advance(minutes=11)
        await coach.store.upkeep(clock())
        assert files_with(tmp_path, code) == []


async def test_from_the_web_to_telegram_in_the_middle_of_a_question(double: BotApi, coach: Coach, clock: Clock) -> None:
    ada: Person = double.person(1001, language="de")
    async with Talk(coach.opened.address) as page:
        await page.write("hallo")
        for label in ANSWERS:
            clock.advance(seconds=40)  # nobody reads a list faster
            await page.taps(label)
        await page.hears("Wir fangen klein an")
        await page.write("/schmerz")
        await page.hears("Wie stark ist der Schmerz")
        await page.write("/verbinden")
        code = (await page.hears("Dein Code")).split("Dein Code: ")[1].split()[0]
        assert "Wie stark ist der Schmerz" in await page.hears("Wie stark ist der Schmerz")  # asked again below

        await ada.send(f"/start l_{code}")
        asked = await ada.sees("Diesen Ort mit Web-Chat verbinden")
        assert "Auch Telegram selbst kann dort mitlesen" in asked.text
        await ada.tap(asked, "Ja, verbinden")
        await ada.sees("Jetzt frage ich am anderen Ort")
        await page.hears("Diesen Ort mit Telegram verbinden")
        assert not any(code in text for text in page.texts)  # it is used: nobody needs to see it any more
        await page.taps("Ja, verbinden")
        await page.hears("Verbunden mit Telegram")
        await page.hears("Wie stark ist der Schmerz")  # the talk goes on where it stopped
        await ada.sees("Verbunden mit Web-Chat")

        await ada.send("wie bitte?")
        await ada.sees("Wie stark ist der Schmerz")
        await page.hears("Weiter geht es an deinem anderen Ort")
        await ada.send("3")
        await ada.sees("Schmerz jetzt: 3")
        assert not any("Schmerz jetzt: 3" in text for text in page.texts)

        await ada.send("/export")
        sent = await ada.wait_for(lambda room: next((m for m in room.messages if m.media is not None), None))
        assert sent.media is not None
        read = json.loads(sent.media.data)
        assert read["read_me"][0].startswith("Daten von Rückgrat")
        assert [place["channel"] for place in read["places"]] == ["web", "telegram"]
        assert {"consented", "screened", "pain", "united"} <= {fact["kind"] for fact in read["journal"]}
        await page.write("/export")
        assert await page.hears("Deine Daten für dich")
        fetched = await _fetched(page)
        assert {**fetched, "read_me": [], "now": {}} == {**read, "read_me": [], "now": {}}
        assert coach.opened.web is not None
        assert b"read_me" not in (await _kept(coach))

        await ada.send("/bericht")
        await ada.sees("Worüber möchtest du dort sprechen")
        await ada.send("Wieder im Garten arbeiten")
        paper = await ada.wait_for(lambda room: next((m for m in room.messages if _is_paper(m)), None))
        assert paper.media is not None
        assert "Wieder im Garten arbeiten" in _first_page(paper.media.data)
        await page.write("/bericht")
        await page.hears("Worüber möchtest du dort sprechen")
        await page.taps("Ohne Satz")
        await page.hears("Lies ihn zuerst selbst")
        assert "Bericht für Praxis" in _first_page(await _report(page))
        assert await _refused_while_damaged(page, coach) == (503, "away")

        await ada.send("/trennen hier")
        await ada.sees("Dieser Ort ist getrennt")
        await page.hears("Der andere Ort ist getrennt")
        await ada.send("hallo")
        await ada.sees("Darf ich mir deine Antworten merken")


def _is_paper(message: Message) -> bool:
    return message.media is not None and message.media.data.startswith(b"%PDF")


def _first_page(data: bytes) -> str:
    words: str = pypdfium2.PdfDocument(data)[0].get_textpage().get_text_bounded()
    return words


async def _report(page: Talk) -> bytes:
    async with httpx.AsyncClient(base_url=page.address) as browser:
        stranger = await browser.get("/report")
        answer = await browser.get("/report", headers={"Cookie": page.cookie})
    assert (stranger.status_code, answer.headers["content-type"]) == (404, "application/pdf")
    return answer.content


async def _refused_while_damaged(page: Talk, coach: Coach) -> tuple[int, str]:
    """What the report's address says while the member's document cannot be read; afterwards all is as before."""
    async with coach.store.database.write() as connection:
        rows = await connection.execute(select(member.c.id, member.c.document))
        before = {row.id: row.document for row in rows}
        await connection.execute(update(member).values(document=b"damaged"))
    async with httpx.AsyncClient(base_url=page.address) as browser:
        answer = await browser.get("/report", headers={"Cookie": page.cookie})
    async with coach.store.database.write() as connection:
        for number, document in before.items():
            await connection.execute(update(member).where(member.c.id == number).values(document=document))
    return answer.status_code, answer.text


async def _fetched(page: Talk) -> dict[str, object]:
    async with httpx.AsyncClient(base_url=page.address) as browser:
        stranger = await browser.get("/export")
        answer = await browser.get("/export", headers={"Cookie": page.cookie})
    assert stranger.status_code == 404
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-disposition"].startswith("attachment")
    found: dict[str, object] = answer.json()
    return found


async def _kept(coach: Coach) -> bytes:
    """Whatever lies on disk: no file that was made is kept."""
    folder = Path(str(coach.settings.sqlite_path)).parent
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
