"""After /loeschen in the web chat not a word is left: in the database, its log, the page's own file, caches."""

import asyncio
from pathlib import Path

from bot.runtime.lifecycle import Coach
from tests.channel.running import running, settings_for
from tests.website import Page
from tests.website.page import Place

PATIENCE_S = 30.0
WORD = "Zwetschgendatschi"


def files_with(folder: Path, word: str) -> list[str]:
    return [path.name for path in folder.rglob("*") if path.is_file() and word.encode() in path.read_bytes()]


async def said(coach: Coach, page: Page, number: int, text: str) -> None:
    """And all that follows from it has been shown."""
    await page.write(text, id=f"id-{number:08}")
    await page.hears("ack")
    (channel,) = coach.opened.channels
    async with asyncio.timeout(PATIENCE_S):
        while (await coach.store.counts())["inbox waiting"]:  # noqa: ASYNC110  a store rings no bell
            await asyncio.sleep(0.05)
        while await coach.store.waiting_sends(channel.name, channel.account):  # noqa: ASYNC110  see above
            await asyncio.sleep(0.05)


async def erased(folder: Path) -> None:
    """The page's own file is cleared right behind the transaction."""
    async with asyncio.timeout(PATIENCE_S):
        while files_with(folder, WORD):  # noqa: ASYNC110  files ring no bell
            await asyncio.sleep(0.05)


async def test_after_erasing_not_a_word_is_left_in_any_file(tmp_path: Path) -> None:
    async with running(settings_for(tmp_path, web_port=0, cache=tmp_path / "cache")) as coach:
        assert coach.opened.front is not None
        async with Page(Place(coach.opened.front.port)) as page:
            for number, text in enumerate(("hallo", "ja", f"{WORD} tut weh", "/loeschen")):
                await said(coach, page, number, text)
            assert {name.partition(".")[0] for name in files_with(tmp_path, WORD)} == {"rueckgrat", "web-transcript"}

            await said(coach, page, 9, "Ja, alles löschen")
            await erased(tmp_path)

        counts = await coach.store.counts()
        assert [name for name in ("member", "address", "inbox", "outbox", "journal") if counts[name]] == []
    assert files_with(tmp_path, WORD) == []


async def test_the_goodbye_stays_on_the_page_however_busy_the_sender_is(tmp_path: Path) -> None:
    """Sent before the page's file is cleared, it would go with the rest."""
    async with running(settings_for(tmp_path, web_port=0)) as coach:
        assert coach.opened.front is not None
        assert coach.opened.web is not None

        async def busy() -> None:
            while True:
                coach.wake_senders()
                await asyncio.sleep(0)

        async with Page(Place(coach.opened.front.port)) as page:
            for number, text in enumerate(("hallo", "ja", "/loeschen")):
                await said(coach, page, number, text)
            others = asyncio.create_task(busy())
            await said(coach, page, 9, "Ja, alles löschen")
            others.cancel()
        await asyncio.sleep(0.5)

        (room,) = await coach.opened.web.quiet_rooms(2**62)
        assert "gel\\u00f6scht (in Freiburg)" in await coach.opened.web.history(room)
