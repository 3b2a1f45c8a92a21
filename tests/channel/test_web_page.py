"""The page in a real browser, with a scripted coach behind it. Screenshots go to /tmp/rueckgrat-web."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from bot.dialogue.messages import Button
from tests.website import ScriptedCoach, WebSite

SHOTS = Path("/tmp/rueckgrat-web")
DESKTOP = {"width": 1200, "height": 850}
PHONE = {"width": 360, "height": 740}
ON_PHONE: dict[str, Any] = {"viewport": PHONE, "is_mobile": True, "has_touch": True}
OpenPage = Callable[..., Awaitable[Page]]

# Every text that is smaller or paler than AA allows, measured against the nearest opaque background.
PALE_TEXTS = """() => {
  const numbers = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map((value) => value / 255)
    .map((value) => (value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4))
    .reduce((sum, value, index) => sum + value * [0.2126, 0.7152, 0.0722][index], 0);
  const ground = (node) => {
    for (let at = node; at; at = at.parentElement) {
      const colour = numbers(getComputedStyle(at).backgroundColor);
      if (colour.length === 3 || colour[3] === 1) return colour;
    }
    return [255, 255, 255];
  };
  const pale = [];
  for (const node of document.querySelectorAll("h1, h2, p, .text, .foot, button, a, label, .day span")) {
    if (!node.checkVisibility() || !node.textContent.trim() || node.disabled) continue;
    if (node.closest(".skip, .toggle")) continue;
    const [front, back] = [light(numbers(getComputedStyle(node).color)), light(ground(node))];
    const ratio = (Math.max(front, back) + 0.05) / (Math.min(front, back) + 0.05);
    if (ratio < 4.5) pale.push(`${node.className || node.id || node.tagName}: ${ratio.toFixed(2)}`);
  }
  return pale;
}"""
SMALL_TARGETS = """() => [...document.querySelectorAll("button, .emergency-link, .call, textarea, .look label")]
  .filter((node) => node.checkVisibility() && !node.matches(".command"))
  .map((node) => [node.textContent.trim() || node.getAttribute("aria-label"), node.getBoundingClientRect()])
  .filter(([, box]) => box.width < 44 || box.height < 44).map(([name]) => name)"""

TOO_WIDE = """() => [document.documentElement, document.querySelector("#log")]
  .some((node) => node.scrollWidth > node.clientWidth)"""


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[WebSite]:
    site = WebSite(tmp_path / "web-transcript.db")
    site.inbox.coach = ScriptedCoach(site)
    await site.start()
    yield site
    await site.stop()


@pytest.fixture
async def open_page(chromium: Browser, site: WebSite) -> AsyncIterator[OpenPage]:
    """Open the chat; a complaint of the browser (a script error, a refused resource) fails the test."""
    complaints: list[str] = []
    contexts = []

    async def open_one(*, quiet: bool = True, **options: Any) -> Page:
        context = await chromium.new_context(**({"viewport": DESKTOP, "locale": "de-DE"} | options))
        contexts.append(context)
        page = await context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        if quiet:
            page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        await page.goto(site.url)
        return page

    yield open_one
    for context in contexts:
        await context.close()
    assert complaints == []


async def start(page: Page) -> None:
    await page.get_by_role("button", name="Start").click()
    await expect(page.get_by_role("button", name="Ja, einverstanden")).to_be_visible()


async def answer(page: Page, label: str) -> None:
    button = page.get_by_role("button", name=label, exact=True)
    await button.wait_for()
    await page.wait_for_timeout(450)  # a tap is only taken when the answers have stood for a moment
    await button.click()


async def to_exercise(page: Page) -> None:
    await start(page)
    for label in ("Ja, einverstanden", "Nein, nichts davon", "4"):
        await answer(page, label)
    await expect(page.get_by_role("button", name="Ging gut")).to_be_visible()


async def write(page: Page, text: str) -> None:
    await page.get_by_label("Nachricht schreiben").fill(text)
    await page.keyboard.press("Enter")


async def shoot(page: Page, name: str) -> None:
    await page.screenshot(path=SHOTS / f"{name}.png")


async def test_a_conversation_from_hello_to_the_first_exercise(open_page: OpenPage, site: WebSite) -> None:
    page = await open_page()
    await to_exercise(page)

    lines = page.get_by_role("log").get_by_role("article")
    await expect(lines.nth(1)).to_contain_text("Einverstanden ✓")
    await expect(page.get_by_role("button", name="Nein, nichts davon")).to_have_count(0)
    clip = page.get_by_role("img", name="Auf dem Rücken liegen, Becken heben und senken")
    await expect(clip).to_be_visible()
    await clip.evaluate("video => new Promise(done => video.addEventListener('timeupdate', done, {once: true}))")
    facts = await clip.evaluate(
        "video => [video.muted, video.loop, video.playsInline, Boolean(video.poster), !video.paused]"
    )
    assert facts == [True] * 5
    assert site.inbox.said[0] == "/start"


async def test_the_keyboard_alone_is_enough(open_page: OpenPage) -> None:
    page = await open_page()
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("link", name="Zum Schreibfeld springen")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.get_by_label("Nachricht schreiben")).to_be_focused()
    await page.keyboard.type("hallo")
    await page.keyboard.press("Enter")
    agree = page.get_by_role("button", name="Ja, einverstanden")
    await expect(agree).to_be_visible()
    while not await agree.evaluate("button => button === document.activeElement"):
        await page.keyboard.press("Shift+Tab")
    await page.wait_for_timeout(450)
    await page.keyboard.press("Enter")
    question = page.get_by_role("article").filter(has_text="1 von 4")
    await expect(question).to_be_focused()  # on the question, not on an answer
    await page.keyboard.press("Enter")  # a hasty second Enter answers nothing
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("button", name="Nein, nichts davon")).to_be_focused()
    ring = await page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert ring == "solid"


async def test_roles_names_and_live_regions(open_page: OpenPage) -> None:
    page = await open_page()
    log = page.get_by_role("log", name="Gespräch mit Rückgrat")
    await expect(log).to_have_attribute("aria-live", "polite")
    await start(page)
    await expect(page.get_by_role("img", name="Eine Person im Vierfüßlerstand rundet den Rücken")).to_be_visible()
    await expect(page.get_by_role("group", name="Antworten").get_by_role("button")).to_have_count(4)
    await write(page, "/notfall")
    sheet = page.get_by_role("alertdialog", name="Notfall")
    await expect(sheet.get_by_role("link", name="112 anrufen")).to_have_attribute("href", "tel:112")
    await page.keyboard.press("Escape")
    await expect(log.get_by_role("alert")).to_contain_text("Bitte ruf jetzt 112 an.")
    nameless = await page.evaluate(
        "[...document.querySelectorAll('button, a, input, textarea, img, video')].filter(node => "
        "node.checkVisibility() && !node.textContent.trim() && !node.getAttribute('aria-label') "
        "&& node.getAttribute('alt') === null && !node.labels?.length).length"
    )
    assert nameless == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("device", "options"), [("desktop", {}), ("phone", ON_PHONE)])
async def test_contrast_targets_and_width(
    open_page: OpenPage, scheme: str, device: str, options: dict[str, Any]
) -> None:
    page = await open_page(color_scheme=scheme, **options)
    await shoot(page, f"{device}-{scheme}-1-hello")
    problems = await page.evaluate(PALE_TEXTS) + await page.evaluate(SMALL_TARGETS)
    await start(page)
    await answer(page, "Ja, einverstanden")
    await expect(page.get_by_role("button", name="Nicht sicher")).to_be_visible()
    await page.wait_for_timeout(500)
    await shoot(page, f"{device}-{scheme}-2-list")
    problems += await page.evaluate(PALE_TEXTS) + await page.evaluate(SMALL_TARGETS)
    await answer(page, "Nein, nichts davon")
    await expect(page.get_by_role("button", name="10")).to_be_visible()
    problems += await page.evaluate(PALE_TEXTS) + await page.evaluate(SMALL_TARGETS)
    await answer(page, "4")
    await expect(page.get_by_role("button", name="Tat weh")).to_be_visible()
    await page.wait_for_timeout(500)
    await shoot(page, f"{device}-{scheme}-3-exercise")
    await page.get_by_role("link", name="Notfall 112").click()
    await expect(page.get_by_role("button", name="Zurück zum Gespräch")).to_be_visible()
    problems += await page.evaluate(PALE_TEXTS) + await page.evaluate(SMALL_TARGETS)
    await shoot(page, f"{device}-{scheme}-4-emergency")
    await page.keyboard.press("Escape")
    wider = await page.evaluate(TOO_WIDE)

    assert problems == []
    assert not wider


async def test_the_look_can_be_chosen_and_stays(open_page: OpenPage) -> None:
    page = await open_page(color_scheme="light")
    await page.get_by_role("button", name="Menü").click()
    await page.get_by_role("radio", name="Dunkel").check()
    await page.reload()

    assert await page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(20, 24, 31)"


async def test_doubled_text_size_fits_a_phone(open_page: OpenPage) -> None:
    page = await open_page(**ON_PHONE)
    await start(page)
    await page.evaluate("document.documentElement.style.fontSize = '200%'")
    await page.wait_for_timeout(200)
    await shoot(page, "phone-text-200")

    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    await expect(page.get_by_role("link", name="Notfall 112")).to_be_in_viewport(ratio=1)
    await expect(page.get_by_role("button", name="Menü")).to_be_in_viewport(ratio=1)
    await expect(page.get_by_role("heading", name="Rückgrat", level=1)).to_be_in_viewport(ratio=1)
    await expect(page.get_by_label("Nachricht schreiben")).to_be_in_viewport(ratio=1)


async def test_what_is_written_without_a_line_arrives_once_in_order(open_page: OpenPage, site: WebSite) -> None:
    page = await open_page(quiet=False)
    await start(page)
    await site.stop()
    for text in ("eins", "zwei", "drei"):
        await write(page, text)
    await expect(page.get_by_role("status")).to_contain_text("Keine Verbindung")
    await expect(page.locator("[data-state=sending]")).to_have_count(3)
    await shoot(page, "desktop-light-5-no-line")
    await site.start()
    await expect(page.locator("[data-state=sending]")).to_have_count(0, timeout=30_000)

    assert site.inbox.said[1:] == ["eins", "zwei", "drei"]
    assert site.inbox.attempts == 4  # nothing was sent twice
    await expect(page.get_by_role("article").filter(has_text=re.compile("eins|zwei|drei"))).to_have_count(3)


async def test_what_waits_survives_a_reload_of_the_page(open_page: OpenPage, site: WebSite) -> None:
    page = await open_page()
    await start(page)
    site.inbox.away = True
    await write(page, "das wartet")
    await expect(page.get_by_role("status")).to_contain_text("nichts geht verloren")
    await page.reload()
    await expect(page.locator("[data-state=sending]")).to_have_count(1)
    site.inbox.away = False
    await expect(page.locator("[data-state=sending]")).to_have_count(0, timeout=30_000)

    assert site.inbox.said[1:] == ["das wartet"]


async def test_a_reload_and_a_second_tab_show_the_same(open_page: OpenPage) -> None:
    page = await open_page()
    await start(page)
    tab = await page.context.new_page()
    await tab.goto(page.url)
    await expect(tab.get_by_role("button", name="Ja, einverstanden")).to_be_visible()
    await page.reload()
    await answer(page, "Ja, einverstanden")
    for each in (page, tab):
        await expect(each.get_by_role("button", name="Nicht sicher")).to_be_visible()
        await expect(each.get_by_role("button", name="Ja, einverstanden")).to_have_count(0)

    assert await page.inner_text("#lines") == await tab.inner_text("#lines")


async def test_help_stands_on_screen_without_any_line(open_page: OpenPage, site: WebSite) -> None:
    page = await open_page(quiet=False)
    await expect(page.get_by_role("button", name="Start")).to_be_visible()
    await site.stop()
    await page.get_by_role("link", name="Notfall 112").click()
    sheet = page.get_by_role("alertdialog", name="Notfall")
    await expect(sheet).to_contain_text("Bitte ruf jetzt 112 an.")
    await expect(sheet.get_by_role("link", name="112 anrufen")).to_be_focused()
    await site.start()
    await expect(page.locator("[data-state=received]")).to_have_count(1, timeout=30_000)

    assert site.inbox.said == ["/notfall"]


async def test_the_second_click_of_a_double_click_answers_nothing(open_page: OpenPage, site: WebSite) -> None:
    async def ask_in_place(arrival: Any) -> None:
        await site.say(arrival.address, "Liste 2?", (Button(label="Nein", data="two"),), edits="900")

    page = await open_page()
    await start(page)
    address = next(iter(site.inbox.arrivals.values())).address
    await site.say(address, "Liste 1?", (Button(label="Nein", data="one"),), row=900)
    site.inbox.coach = ask_in_place
    await page.get_by_role("button", name="Nein", exact=True).wait_for()
    await page.wait_for_timeout(450)
    await page.get_by_role("button", name="Nein", exact=True).dblclick(delay=30)
    await expect(page.get_by_role("article").last).to_contain_text("Liste 2?")
    await page.get_by_role("button", name="Nein", exact=True).click()

    assert site.inbox.said[1:] == ["one"]


async def test_motion_waits_for_a_tap_where_the_device_asks_for_calm(open_page: OpenPage) -> None:
    page = await open_page(reduced_motion="reduce")
    await to_exercise(page)
    play = page.get_by_role("button", name="Animation abspielen")
    await expect(play).to_be_visible()
    assert await page.evaluate("document.querySelector('video').paused")
    await play.click()
    await expect(page.get_by_role("button", name="Animation anhalten")).to_be_visible()


async def test_lost_cookies_and_the_way_back(open_page: OpenPage) -> None:
    page = await open_page()
    await start(page)
    await page.get_by_role("button", name="Menü").click()
    await page.get_by_role("button", name="Rückkehr-Code zeigen").click()
    code = await page.get_by_role("dialog", name="Dein Rückkehr-Code").get_by_role("status").inner_text()
    other = await open_page(quiet=False, **ON_PHONE)  # a refused guess is an error in the browser's console
    await other.get_by_role("button", name="Menü").click()
    await other.get_by_role("button", name="Mit Code zurückkehren").click()
    await other.get_by_label("Rückkehr-Code, 10 Zeichen").fill("ABCDEFGHJK")
    await other.get_by_role("button", name="Zurückkehren", exact=True).click()
    await expect(other.get_by_role("alert")).to_contain_text("Diesen Code kenne ich nicht")
    await other.get_by_label("Rückkehr-Code, 10 Zeichen").fill(code.lower())
    await other.get_by_role("button", name="Zurückkehren", exact=True).click()

    await expect(other.get_by_role("button", name="Ja, einverstanden")).to_be_visible()


async def test_a_cookie_deleted_while_the_page_is_open_is_renewed(open_page: OpenPage, site: WebSite) -> None:
    page = await open_page(quiet=False)
    await start(page)
    await page.context.clear_cookies()
    await site.stop()
    await site.start()
    await expect(page.get_by_role("button", name="Start")).to_be_visible(timeout=30_000)
    await start(page)

    assert len({arrival.address for arrival in site.inbox.arrivals.values()}) == 2


async def test_the_page_speaks_english_and_shows_markup_as_text(open_page: OpenPage, site: WebSite) -> None:
    page = await open_page(locale="en-GB")
    await page.get_by_role("button", name="Start").click()
    await expect(page.get_by_role("link", name="Emergency 112")).to_be_visible()
    await expect(page.get_by_role("button", name="Ja, einverstanden")).to_be_visible()
    await page.get_by_label("Write a message").fill("<img src=x onerror=alert(1)> **nicht fett**")
    await page.get_by_role("button", name="Send").click()
    own = page.get_by_role("article").filter(has_text="onerror")
    await expect(own).to_contain_text("<img src=x onerror=alert(1)> **nicht fett**")
    assert await own.locator("img").count() == 0
    await expect(page.get_by_text("Das habe ich gelesen")).to_be_visible()  # or it would come into the empty page

    address = next(iter(site.inbox.arrivals.values())).address
    await site.channel.forget(address)
    await expect(page.get_by_role("button", name="Start")).to_be_visible()
    await expect(page.get_by_role("article")).to_have_count(0)


async def test_the_newest_message_is_one_tap_away_when_reading_back(open_page: OpenPage, site: WebSite) -> None:
    page = await open_page(**ON_PHONE)
    await start(page)
    address = next(iter(site.inbox.arrivals.values())).address
    for number in range(20):
        await site.say(address, f"Zeile {number}\nmit zwei Reihen")
    await page.get_by_role("log").evaluate("log => log.scrollTo(0, 0)")
    newest = page.get_by_role("button", name="Zur neuesten Nachricht")
    await expect(newest).to_be_visible()
    await site.say(address, "die allerneueste")
    await expect(page.get_by_text("die allerneueste")).not_to_be_in_viewport()
    await newest.click()

    await expect(page.get_by_text("die allerneueste")).to_be_in_viewport()
