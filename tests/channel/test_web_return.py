"""A return code brings a member of the web chat back after the cookies are lost; nobody guesses one."""

import asyncio
import json
import sqlite3
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from tests.website import Page, WebSite

GUESSES = 10_000


async def make_code(site: WebSite) -> str:
    async with Page(site) as page:
        await page.write("hier bin ich")
        await page.hears("ack")
        await page.send(type="code")
        return str((await page.hears("code"))["code"])


async def test_a_return_code_brings_a_member_back(site: WebSite) -> None:
    code = await make_code(site)
    async with httpx.AsyncClient(base_url=site.url, headers={"Origin": site.url}) as browser:
        answer = await browser.post("/return", json={"code": f" {code[:5].lower()}-{code[5:]} "})
    cookie = answer.headers["set-cookie"].partition(";")[0]

    assert answer.status_code == 204
    async with Page(site, cookie) as page:
        assert page.history[0]["spans"][0][0] == "hier bin ich"
        await page.write("wieder da", id="id-00000009")
        await page.hears("ack")
    assert len({arrival.address for arrival in site.inbox.arrivals.values()}) == 1
    assert code.encode() not in site.path.read_bytes() + site.path.with_name(f"{site.path.name}-wal").read_bytes()


async def test_a_new_code_ends_the_old_one(site: WebSite) -> None:
    async with Page(site) as page:
        await page.write("hier bin ich")
        codes = []
        for _ in range(2):
            await page.send(type="code")
            codes.append((await page.hears("code"))["code"])
    async with httpx.AsyncClient(base_url=site.url, headers={"Origin": site.url}) as browser:
        answers = [(await browser.post("/return", json={"code": code})).status_code for code in codes]

    assert answers == [404, 204]


async def test_guesses_of_a_code_are_limited(site: WebSite) -> None:
    code = await make_code(site)
    async with httpx.AsyncClient(base_url=site.url, headers={"Origin": site.url}) as browser:
        guesses = [(await browser.post("/return", json={"code": f"ABCDEFGH{n:02}"})).status_code for n in range(22, 29)]
        right_but_late = await browser.post("/return", json={"code": code})

    assert guesses == [404] * 5 + [429] * 2
    assert right_but_late.status_code == 429


async def test_ten_thousand_guesses_get_nowhere_hold_up_nobody_and_leave_nothing(site: WebSite) -> None:
    code = await make_code(site)
    guesses = [f"ABCDEFGH{n % 90 + 10}" for n in range(GUESSES)]
    guesses[6] = guesses[-1] = code  # behind the five tries an address has
    async with Page(site) as other:
        await other.write("hallo")
        await other.hears("ack")
        before = rows(site.path)
        flood = asyncio.create_task(pipelined(site, guesses))
        await other.write("und ich?", id="id-00000002")
        await other.hears("ack")
        assert not flood.done()
        statuses = await flood

    assert statuses == [404] * 5 + [429] * (GUESSES - 5)
    assert sum(rows(site.path).values()) == sum(before.values()) + 1  # the other one's line, and nothing else


async def pipelined(site: WebSite, codes: list[str]) -> list[int]:
    """The statuses of as many requests on one connection, written without waiting for answers."""
    reader, writer = await asyncio.open_connection("127.0.0.1", site.port)
    head = f"POST /return HTTP/1.1\r\nHost: 127.0.0.1:{site.port}\r\nOrigin: {site.url}\r\n"

    async def ask() -> None:
        for code in codes:
            body = json.dumps({"code": code})
            writer.write(f"{head}Content-Length: {len(body)}\r\n\r\n{body}".encode())
            await writer.drain()

    asking = asyncio.create_task(ask())
    statuses = []
    for _ in codes:
        answer = await reader.readuntil(b"\r\n\r\n")
        statuses.append(int(answer.split(b" ", 2)[1]))
        length = next(int(line[15:]) for line in answer.lower().split(b"\r\n") if line.startswith(b"content-length:"))
        await reader.readexactly(length)
    await asking
    writer.close()
    await writer.wait_closed()
    return statuses


def rows(path: Path) -> dict[str, int]:
    """How many rows each table of the web chat's file has."""
    with closing(sqlite3.connect(path)) as file:
        names = [name for (name,) in file.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: file.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in names}  # noqa: S608  own names


@pytest.mark.parametrize("body", [b"", b"[]", b'{"code": 7}', b'{"code": "' + b"A" * 5000 + b'"}', b"\xff"])
async def test_a_malformed_code_is_a_wrong_one(site: WebSite, body: bytes) -> None:
    async with httpx.AsyncClient(base_url=site.url, headers={"Origin": site.url}) as browser:
        answer = await browser.post("/return", content=body)

    assert answer.status_code == 404
