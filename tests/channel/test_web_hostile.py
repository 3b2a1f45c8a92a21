"""What our page never sends does the web chat no harm, and what a member types is never markup."""

import json

import pytest
from websockets.exceptions import ConnectionClosed

from bot.channels.web.limits import Limits
from tests.channel.conftest import OpenSite
from tests.channel.test_web_socket import tab_history
from tests.website import Page, WebSite


@pytest.mark.parametrize(
    ("raw", "word", "code"),
    [
        (json.dumps({"type": "text", "id": "id-00000001", "text": "x" * 25_000}), "too_long", 1009),
        ("not json", "not_understood", 1007),
        ("[" * 4000, "not_understood", 1007),
        (json.dumps({"type": "text", "id": "../../etc", "text": "x"}), "not_understood", 1007),
        (json.dumps({"type": "tap", "id": "id-00000001", "data": "x" * 65, "message": "1"}), "not_understood", 1007),
        (json.dumps({"type": "tap", "id": "id-00000001", "data": "ä", "message": "1"}), "not_understood", 1007),
        (json.dumps({"type": "time", "to": "morning"}), "not_understood", 1007),
        (json.dumps({"type": "text", "id": "id-00000001", "text": ""}), "not_understood", 1007),
    ],
)
async def test_what_our_page_never_sends_is_refused_kindly(site: WebSite, raw: str, word: str, code: int) -> None:
    async with Page(site) as page:
        await page.socket.send(raw)
        notice = await page.hears("notice")
        with pytest.raises(ConnectionClosed) as closed:
            await page.socket.recv()

    assert notice["word"] == word
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == code
    assert site.inbox.arrivals == {}


async def test_a_flood_is_stopped_and_what_came_before_is_kept(open_site: OpenSite) -> None:
    site = await open_site(limits=Limits(frames_per_s=0.001, burst=5))
    async with Page(site) as page:
        for n in range(20):
            await page.write("x", id=f"id-{n:08}")
        notice = await page.hears("notice")

    assert notice["word"] == "too_fast"
    assert len(site.inbox.arrivals) == 5


async def test_a_lone_surrogate_and_a_huge_run_of_marks_do_no_harm(site: WebSite) -> None:
    async with Page(site) as page:
        await page.socket.send('{"type":"text","id":"id-00000001","text":"a\\ud800b"}')
        await page.hears("ack")
        await page.write("e" + "\u0301" * 3000, id="id-00000002")
        await page.hears("ack")
        history = await tab_history(site, page.cookie)

    assert site.inbox.said[0] == "a\ufffdb"
    assert len(history) == 2


async def test_the_members_own_marks_are_shown_as_typed(site: WebSite) -> None:
    async with Page(site) as page:
        await page.write("2*3 **fett** \\ <b>")
        line = (await page.hears("line"))["line"]

    assert line["spans"] == [["2*3 **fett** \\ <b>", False, False]]
