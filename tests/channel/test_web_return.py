"""A return code brings a member of the web chat back after the cookies are lost; nobody guesses one."""

import httpx
import pytest

from tests.website import Page, WebSite


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


@pytest.mark.parametrize("body", [b"", b"[]", b'{"code": 7}', b'{"code": "' + b"A" * 5000 + b'"}', b"\xff"])
async def test_a_malformed_code_is_a_wrong_one(site: WebSite, body: bytes) -> None:
    async with httpx.AsyncClient(base_url=site.url, headers={"Origin": site.url}) as browser:
        answer = await browser.post("/return", content=body)

    assert answer.status_code == 404
