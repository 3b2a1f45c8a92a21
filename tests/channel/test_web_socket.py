"""The web chat's socket over a real server: who may come in, what is stored when, and what stays afterwards."""

import sqlite3
import stat
from typing import Any

import httpx
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from bot.channels.channel import EditGoneError
from bot.channels.web.limits import Limits
from bot.dialogue.events import Arrival, ButtonTapped, TextReceived
from bot.dialogue.messages import Button, Form, Kind, Picture
from tests.channel.conftest import OpenSite
from tests.website import Page, WebSite

YES_NO = (Button(label="Ja", data="q1:yes"), Button(label="Nein", data="q1:no"))
BRIDGE = Picture(figure="bruecke", alt="Becken heben", form=Form.CLIP)


def rows(site: WebSite) -> int:
    with sqlite3.connect(site.path) as file:
        counts = [file.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in TABLES]  # noqa: S608 - ours
    file.close()
    return sum(counts)


TABLES = ("line", "browser", "return_code")


# Who may come in


@pytest.mark.parametrize("origin", ["https://evil.example", "http://127.0.0.1:1", "null", None])
async def test_a_socket_from_another_website_is_refused(site: WebSite, origin: str | None) -> None:
    with pytest.raises(InvalidStatus) as refused:
        await connect(f"ws://127.0.0.1:{site.port}/socket", origin=origin, additional_headers={"Cookie": "a=b"})  # type: ignore[arg-type]  # a NewType of str

    assert refused.value.response.status_code == 403


async def test_a_page_under_another_name_is_refused_but_health_is_not(site: WebSite) -> None:
    async with httpx.AsyncClient(headers={"Host": "evil.example"}) as rebound:
        page = await rebound.get(site.url)
        health = await rebound.get(f"{site.url}/healthz")

    assert page.status_code == 403
    assert "set-cookie" not in page.headers
    assert health.text == "ok"


async def test_a_socket_without_our_cookie_is_refused(site: WebSite) -> None:
    with pytest.raises(InvalidStatus):
        await connect(f"ws://127.0.0.1:{site.port}/socket", origin=site.url)  # type: ignore[arg-type]  # a NewType of str


async def test_pages_carry_strict_headers_and_nothing_inline(site: WebSite) -> None:
    async with httpx.AsyncClient(base_url=site.url) as browser:
        page = await browser.get("/", headers={"Accept-Language": "en-GB,en;q=0.8,de;q=0.5"})
        away = await browser.post("/return", content="{}")

    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe-inline" not in policy
    assert page.headers["x-content-type-options"] == "nosniff"
    assert page.headers["referrer-policy"] == "no-referrer"
    assert page.headers["cache-control"] == "no-store"
    assert "HttpOnly" in page.headers["set-cookie"]
    assert "SameSite=Strict" in page.headers["set-cookie"]
    assert "{{" not in page.text
    assert '<html lang="en">' in page.text
    assert " style=" not in page.text
    assert " onclick" not in page.text
    assert away.status_code == 403  # no Origin


async def test_one_network_address_may_not_take_all_sockets(open_site: OpenSite) -> None:
    site = await open_site(limits=Limits(sockets_per_address=2))

    async with Page(site) as first, Page(site):
        with pytest.raises(InvalidStatus):
            await Page(site).__aenter__()
        await first.socket.close()
        async with Page(site) as third:
            assert third.history == []


# What is stored when


async def test_a_text_is_acknowledged_only_when_the_inbox_has_it(site: WebSite) -> None:
    async with Page(site) as page:
        site.inbox.away = True
        await page.write("Schmerz 6\0")
        away = await page.hears("away")
        assert site.inbox.said == []
        site.inbox.away = False
        await page.write("Schmerz 6\0")
        ack = await page.hears("ack")

    assert away["id"] == ack["id"] == "id-00000001"
    (arrival,) = site.inbox.arrivals.values()
    assert arrival.event == TextReceived(text="Schmerz 6\ufffd", language="de-DE")
    assert arrival.address.channel == "web"
    assert arrival.address.private


async def test_all_that_fits_into_the_field_is_heard(site: WebSite) -> None:
    """Signs of three and four bytes, as many as the page takes: a call for help may stand behind them."""
    texts = ["😭" * 2000 + " taub zwischen den Beinen", "痛" * 4000 + "\n" + '"' * 90]
    async with Page(site) as page:
        for number, text in enumerate(texts):
            await page.send(type="text", id=f"id-0000000{number}", text=text)
            await page.hears("ack")

    assert site.inbox.said == texts


async def test_the_same_text_sent_again_is_stored_once(site: WebSite) -> None:
    async with Page(site) as page:
        await page.write("hallo")
        await page.hears("ack")
    async with Page(site, page.cookie) as again:
        await again.write("hallo")
        await again.hears("ack")
        async with Page(site, page.cookie) as tab:
            history = tab.history

    assert site.inbox.said == ["hallo"]
    assert [line["remote"] for line in history] == ["m-id-00000001"]


async def test_a_tap_arrives_with_its_message(site: WebSite) -> None:
    async with Page(site) as page:
        await page.send(type="tap", id="id-00000002", data="q1:yes", message="77")
        await page.hears("ack")

    (arrival,) = site.inbox.arrivals.values()
    assert arrival.event == ButtonTapped(data="q1:yes", message="77", language="de-DE")


async def test_a_visitor_who_writes_nothing_leaves_no_row(site: WebSite) -> None:
    async with Page(site) as page:
        await page.send(type="code")
        notice = await page.hears("notice")

    assert notice["word"] == "no_code_yet"
    assert rows(site) == 0
    assert stat.S_IMODE(site.path.stat().st_mode) == 0o600


async def test_an_answer_never_stands_above_its_question(site: WebSite) -> None:
    async def answer_at_once(arrival: Arrival) -> None:
        await site.say(arrival.address, "Hallo zurück")

    site.inbox.coach = answer_at_once
    async with Page(site) as page:
        await page.write("hallo")
        await page.hears("line")
        await page.hears("line")
        history = await tab_history(site, page.cookie)

    assert [line["mine"] for line in history] == [True, False]


# Help, whatever happens


@pytest.mark.parametrize("trouble", ["away", "hanging"])
async def test_notfall_is_answered_once_while_the_store_is_away(open_site: OpenSite, trouble: str) -> None:
    site = await open_site(limits=Limits(emergency_wait_s=0.05, store_wait_s=0.3))
    async with Page(site) as page:
        setattr(site.inbox, trouble, True)
        await page.write("/notfall")
        help_line = await page.hears("line")
        await page.write("/notfall")
        await page.hears("away")
        setattr(site.inbox, trouble, False)
        await page.write("/notfall")
        own_line = await page.hears("line")

    assert help_line["line"]["urgent"]
    assert "112" in help_line["line"]["spans"][0][0]
    assert own_line["line"]["mine"]
    assert site.inbox.said == ["/notfall"]


@pytest.mark.parametrize(
    ("path", "language", "words"), [("/notfall", "de", "ruf jetzt 112"), ("/emergency", "en", "call 112 now")]
)
async def test_the_emergency_page_needs_no_socket_and_no_cookie(
    site: WebSite, path: str, language: str, words: str
) -> None:
    async with httpx.AsyncClient(base_url=site.url) as browser:
        page = await browser.get(path, headers={"Accept-Language": language})

    assert words in page.text
    assert 'href="tel:112"' in page.text


# Two tabs, reload, edits


async def tab_history(site: WebSite, cookie: str) -> list[dict[str, Any]]:
    async with Page(site, cookie) as tab:
        return tab.history


async def test_two_tabs_show_the_same(site: WebSite) -> None:
    async with Page(site) as left, Page(site, left.cookie) as right:
        await left.write("hallo")
        own = [(await page.hears("line"))["line"] for page in (left, right)]
        (arrival,) = site.inbox.arrivals.values()
        await site.say(arrival.address, "**Hast** du *jetzt* Schmerzen?", YES_NO)
        asked = [(await page.hears("line"))["line"] for page in (left, right)]

    assert own[0] == own[1]
    assert asked[0] == asked[1]
    assert asked[0]["spans"][0] == ["Hast", True, False]
    assert [button["label"] for button in asked[0]["buttons"][0]] == ["Ja", "Nein"]


async def test_strangers_see_nothing_of_each_other(site: WebSite) -> None:
    async with Page(site) as one:
        await one.write("nur meins")
        await one.hears("ack")

        async with Page(site) as other:
            assert other.history == []


async def test_an_edit_takes_the_buttons_away_and_survives_a_restart(site: WebSite) -> None:
    async with Page(site) as page:
        await page.write("hallo")
        await page.hears("ack")
        (arrival,) = site.inbox.arrivals.values()
        receipt = await site.say(arrival.address, "Schmerz?", YES_NO)
        edited = await site.say(arrival.address, "Schmerz heute: 4 ✓", edits=receipt.remote)
    await site.stop()
    await site.start()
    history = await tab_history(site, page.cookie)

    assert edited == receipt
    assert [line["spans"][0][0] for line in history] == ["hallo", "Schmerz heute: 4 ✓"]
    assert history[1]["buttons"] == []


async def test_a_send_repeated_after_a_crash_shows_one_line(site: WebSite) -> None:
    async with Page(site) as page:
        await page.write("hallo")
        await page.hears("ack")
        (arrival,) = site.inbox.arrivals.values()
        first = await site.say(arrival.address, "Hallo", row=7)
        second = await site.say(arrival.address, "Hallo", row=7)

    assert first == second
    assert len(await tab_history(site, page.cookie)) == 2


async def test_an_edit_of_a_line_that_is_gone_says_so(site: WebSite) -> None:
    async with Page(site) as page:
        await page.write("hallo")
        await page.hears("ack")
        (arrival,) = site.inbox.arrivals.values()

        with pytest.raises(EditGoneError):
            await site.say(arrival.address, "neu", edits="4711")
        with pytest.raises(EditGoneError):
            await site.say(arrival.address, "neu", edits="m-id-00000001")  # the member's own line is not ours to change


# Pictures


async def test_a_picture_is_served_by_its_hash_whole_and_in_ranges(site: WebSite) -> None:
    async with Page(site) as page, httpx.AsyncClient(base_url=site.url) as browser:
        await page.write("hallo")
        await page.hears("ack")
        (arrival,) = site.inbox.arrivals.values()
        await site.say(arrival.address, "Brücke", picture=BRIDGE)
        shown = (await page.hears("line"))["line"]["picture"]
        whole = await browser.get(shown["source"])
        part = await browser.get(shown["source"], headers={"Range": "bytes=4-7"})
        beyond = await browser.get(shown["source"], headers={"Range": "bytes=99999999-"})
        poster = await browser.get(shown["poster"])
        foreign = [await browser.get(f"/picture/{path}") for path in ("0" * 64, "..%2F..%2Fetc%2Fpasswd", "bruecke")]

    assert (shown["alt"], shown["width"], shown["clip"]) == ("Becken heben", 640, True)
    assert whole.headers["content-type"] == "video/mp4"
    assert "immutable" in whole.headers["cache-control"]
    assert (part.status_code, part.content) == (206, b"ftyp")
    assert beyond.status_code == 416
    assert poster.content.startswith(b"\x89PNG")
    assert [answer.status_code for answer in foreign] == [404, 404, 404]


async def test_words_arrive_when_drawing_fails(site: WebSite) -> None:
    site.pictures.broken = True
    async with Page(site) as page:
        await page.write("hallo")
        await page.hears("ack")
        (arrival,) = site.inbox.arrivals.values()
        await site.say(arrival.address, "Brücke", picture=BRIDGE)
        history = await tab_history(site, page.cookie)

    assert "".join(span[0] for span in history[1]["spans"]) == "Brücke\n\nBecken heben"
    assert "picture" not in history[1]


# Erasure


async def test_forget_leaves_no_word_in_any_file(open_site: OpenSite) -> None:
    site = await open_site(limits=Limits(burst=100))
    async with Page(site) as page, Page(site) as other:
        for n in range(60):
            await page.write(f"Geheimnis Nummer {n} {'x' * 300}", id=f"id-{n:08}")
            await page.hears("ack")
        await other.write("bleibt stehen")
        await other.hears("ack")
        address = next(iter(site.inbox.arrivals.values())).address
        await site.say(address, "Geheimnis der Antwort", kind=Kind.TALK)
        await page.send(type="code")
        await page.hears("code")
        await site.channel.forget(address)
        await page.hears("forgotten")

    left = b"".join(file.read_bytes() for file in site.path.parent.iterdir())
    assert b"Geheimnis" not in left
    assert address.person.encode() not in left
    assert b"bleibt stehen" in left
    assert await tab_history(site, page.cookie) == []
