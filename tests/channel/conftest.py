"""Shared by the channel tests: one Chromium for all, web chats on real sockets, a coach on the Bot API double."""

import os
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
from playwright.async_api import Browser, async_playwright
from pydantic import SecretStr

from bot.runtime.lifecycle import Coach
from tests.botapi import TOKEN, BotApi
from tests.channel.running import Clock, running, settings_for
from tests.website import WebSite

OpenSite = Callable[..., Awaitable[WebSite]]
# The one without windows takes half the processor time of the other.
_CHROMIUMS = ("chromium-headless-shell", "chromium")
_ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]


@pytest.fixture(scope="session")
async def chromium() -> AsyncIterator[Browser]:
    """The system's Chromium; a context per test keeps tests apart."""
    found = next(filter(None, map(shutil.which, _CHROMIUMS)), None)
    if found is None:
        missing = f"neither {' nor '.join(_CHROMIUMS)} is installed"
        if os.environ.get("RUECKGRAT_TEST_STRICT") == "1":
            pytest.fail(missing)
        pytest.skip(missing)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=found, args=_ARGS)
        yield browser
        await browser.close()


@pytest.fixture
async def open_site(tmp_path: Path) -> AsyncIterator[OpenSite]:
    sites: list[WebSite] = []

    async def open_one(**options: object) -> WebSite:
        site = WebSite(tmp_path / "web-transcript.db", **options)  # type: ignore[arg-type]  # passed through
        await site.start()
        sites.append(site)
        return site

    yield open_one
    for site in sites:
        await site.stop()


@pytest.fixture
async def site(open_site: OpenSite) -> WebSite:
    return await open_site()


@pytest.fixture
async def double() -> AsyncIterator[BotApi]:
    async with await BotApi.start() as api:
        yield api


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def coach(double: BotApi, tmp_path: Path, clock: Clock) -> AsyncIterator[Coach]:
    given = {"telegram_token": SecretStr(TOKEN), "telegram_api_url": double.url, "telegram_rate": 0}
    async with running(settings_for(tmp_path, **given), now=clock) as it:
        await double.polled()
        yield it
