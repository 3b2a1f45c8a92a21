"""The first week of three members in a real browser: healthy, acute at eleven at night, doctor first.

`RUECKGRAT_TEST_SHOTS=1` keeps the pictures of each day, light and dark, below `var/first-week` to be looked at.
"""

import asyncio
import json
import os
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, ViewportSize

from bot.channels.web.channel import WebChannel
from bot.runtime.lifecycle import Coach
from tests.channel.first_week import PATIENCE_S, WEEKS, Line, Week
from tests.channel.running import Clock, running, settings_for

LOOKED_AT = "RUECKGRAT_TEST_SHOTS" in os.environ
KEPT = Path(__file__).parents[2] / "var" / "first-week"
PHONE: ViewportSize = {"width": 390, "height": 844}
# What stands on the page, read as a member reads it: the coach's lines with their answers.
READ = """() => [...document.querySelectorAll('#lines .line.coach')].map(line => ({
    text: line.querySelector('.text')?.innerText ?? '',
    labels: [...line.querySelectorAll('.buttons button')].map(button => button.innerText),
    picture: line.querySelector('video, img, .missing') !== null}))"""
# What the page was last told of each of the coach's lines.
TOLD = "() => [...document.querySelectorAll('#lines .line.coach')].map(line => line.signature)"
# A picture counts as drawn once its bytes are decoded; of a film at rest, its first frame.
DRAWN = """() => Promise.all([...document.querySelectorAll('#lines :is(img, video)')].slice(-3).map(async node => {
  const still = node.tagName === 'IMG' ? node : Object.assign(new Image(), {src: node.poster});
  if (still.src) await still.decode();
}))"""
FOREVER = 2**62
SETTLED_MS = 420  # a click sooner would count as the second half of a double click


@dataclass
class WebHands:
    page: Page
    shots: Path
    channel: WebChannel

    async def lines(self) -> list[Line]:
        """Read once the page shows all that the coach has said: a page that lags would be answered too early."""
        async with asyncio.timeout(PATIENCE_S):
            while await self._told() != await self._said():  # noqa: ASYNC110  a page tells nobody when it has drawn
                await asyncio.sleep(0.05)
        return [Line(each["text"], tuple(each["labels"]), each["picture"]) for each in await self.page.evaluate(READ)]

    async def _told(self) -> list[object]:
        return [json.loads(signature) for signature in await self.page.evaluate(TOLD)]

    async def _said(self) -> list[object]:
        rooms = await self.channel.quiet_rooms(since=FOREVER)
        return [
            line for room in rooms for line in json.loads(await self.channel.history(room))["lines"] if not line["mine"]
        ]

    async def tap(self, label: str) -> None:
        button = self.page.locator("#lines .buttons").get_by_role("button", name=label, exact=True).last
        await self.page.wait_for_timeout(SETTLED_MS)
        await button.click()

    async def write(self, text: str) -> None:
        await self.page.get_by_role("textbox").fill(text)
        await self.page.keyboard.press("Enter")

    async def shot(self, name: str) -> None:
        await self.page.evaluate(DRAWN)
        if not LOOKED_AT:
            return
        for scheme in ("light", "dark"):
            await self.page.emulate_media(color_scheme=scheme)
            await self.page.screenshot(path=self.shots / f"{name}-{scheme}.png")
        await self.page.emulate_media(color_scheme="light")


@pytest.fixture
async def coach(tmp_path: Path, clock: Clock) -> AsyncIterator[Coach]:
    async with running(settings_for(tmp_path, web_port=0), now=clock) as it:
        yield it


# These weeks are lived on Telegram in every run, and the first two days of the healthy one in test_thin_path_web.py.
SLOW = {"healthy", "acute at night"}


@pytest.mark.parametrize(
    "member", [pytest.param(each, marks=pytest.mark.slow) if each in SLOW else each for each in WEEKS]
)
async def test_a_first_week(coach: Coach, clock: Clock, chromium: Browser, tmp_path: Path, member: str) -> None:
    shots = KEPT if LOOKED_AT else tmp_path
    shots.mkdir(parents=True, exist_ok=True)
    locale = "de-DE" if member == "healthy" else "en-GB"
    context = await chromium.new_context(
        locale=locale,
        viewport=PHONE,
        device_scale_factor=2 if LOOKED_AT else 1,
        timezone_id="Europe/Berlin",
        reduced_motion="reduce",
    )
    page = await context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    await page.goto(coach.opened.address)

    (channel,) = coach.opened.channels
    assert isinstance(channel, WebChannel)
    await WEEKS[member](Week(coach, WebHands(page, shots, channel), clock))

    assert problems == []
    assert await coach.store.dead_events() == []
    await context.close()
