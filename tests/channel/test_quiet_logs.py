"""A coach as its operator starts it, at the most talkative level: its log holds no word, name, id, cookie or token."""

import asyncio
import socket
from pathlib import Path

import httpx

from tests.botapi import TOKEN, BotApi
from tests.crowd.bots import Bot, start_coach
from tests.website.page import Page, Place

PATIENCE_S = 60.0
WORD = "Zwetschgendatschi"
PERSON = 48151623
CONSENT = "Darf ich mir deine Antworten merken"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def healthy(place: Place, bot: Bot) -> None:
    async with httpx.AsyncClient() as browser, asyncio.timeout(PATIENCE_S):
        while True:
            assert bot.running
            try:
                if (await browser.get(f"{place.url}/readyz")).status_code == 200:
                    return
            except httpx.TransportError:
                pass
            await asyncio.sleep(0.1)


async def test_at_debug_nothing_that_was_written_or_that_names_anybody_is_logged(
    double: BotApi, tmp_path: Path
) -> None:
    place = Place(free_port())
    bot = await start_coach(double.url, tmp_path, LOG_LEVEL="DEBUG", WEB_PORT=str(place.port))
    try:
        await healthy(place, bot)
        ada = double.person(PERSON, name=WORD, language="de")
        await ada.send("/start")
        asked = await ada.sees(CONSENT, PATIENCE_S)
        await ada.tap(asked, "Ja, einverstanden")
        await ada.wait_for(lambda room: "1 von 4" in room.now(asked).text, PATIENCE_S)
        await ada.send(f"{WORD} tut weh")
        await ada.send("/loeschen")
        await ada.tap(await ada.sees("Alles von dir löschen", PATIENCE_S), "Ja, alles löschen")
        await ada.sees("Alles von dir ist gelöscht", PATIENCE_S)
        async with Page(place) as page:
            await page.write(f"{WORD} im Netz")
            await page.hears("ack")
            cookie = page.cookie.partition("=")[2]
        async with httpx.AsyncClient() as browser:
            await browser.get(f"{place.url}/{WORD}", headers={"Cookie": f"rueckgrat={WORD}"})
    finally:
        assert await bot.end(PATIENCE_S) == 0

    told = bot.log.read_text(encoding="utf-8")
    assert "Rückgrat: http" in told
    for secret in (WORD, WORD.lower(), str(PERSON), cookie, TOKEN, TOKEN.partition(":")[2]):
        assert secret not in told
