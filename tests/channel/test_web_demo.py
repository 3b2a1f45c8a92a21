"""The demo's clock: it is there for whoever tries the coach out, and for nobody else."""

from pathlib import Path

from playwright.async_api import Browser, expect

from bot.dialogue.events import Address
from tests.channel.conftest import OpenSite
from tests.channel.test_web_page import start, write
from tests.website import Page, ScriptedCoach, WebSite


async def test_time_control_exists_only_in_the_demo(open_site: OpenSite) -> None:
    site = await open_site(demo=True)
    async with Page(site) as page:
        await page.send(type="time", to="morning")
        await page.send(type="ping")
        await page.hears("pong")

    assert [to for _, to in site.moves] == ["morning"]


async def test_time_control_stands_in_the_demo_only(chromium: Browser, tmp_path: Path) -> None:
    shown: dict[bool, int] = {}
    moves: list[tuple[Address, str]] = []
    for demo in (True, False):
        site = WebSite(tmp_path / f"{demo}.db", demo=demo)
        site.inbox.coach = ScriptedCoach(site)
        await site.start()
        context = await chromium.new_context(locale="de-DE")
        page = await context.new_page()
        await page.goto(site.url)
        await start(page)
        morning = page.get_by_role("button", name="nächster Morgen")
        shown[demo] = await morning.count()
        if demo:
            await morning.click()
            await page.get_by_role("button", name="nächstes Ereignis").click()
            site.shift_us = 86_400_000_000
            await write(page, "am nächsten Tag")
            await expect(page.get_by_text("Gestern")).to_be_visible()
            moves = site.moves
        await context.close()
        await site.stop()

    assert shown == {True: 1, False: 0}
    assert [to for _, to in moves] == ["morning", "event"]
