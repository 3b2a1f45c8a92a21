"""Hello to the second morning in a real browser, as a visitor of the demo lives it; makes the README's pictures too."""

import os
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, TimeoutError, ViewportSize, expect  # noqa: A004  the browser's own

from bot.runtime.lifecycle import Coach
from tests.channel.running import Clock, running, settings_for

README_SHOTS = Path(__file__).parents[2] / "deploy" / "screenshots"
PHONE: ViewportSize = {"width": 390, "height": 844}


@pytest.fixture
async def coach(tmp_path: Path, clock: Clock) -> AsyncIterator[Coach]:
    settings = settings_for(tmp_path, web_port=0, operator_name=None, operator_contact=None, data_place="")
    async with running(settings, now=clock) as it:
        yield it


async def tap(page: Page, label: str, clock: Clock) -> None:
    clock.advance(seconds=30)  # nobody reads a list faster
    button = page.get_by_role("button", name=label, exact=True).last
    await button.wait_for(timeout=20_000)
    before = await page.locator("#lines").inner_text()
    for _ in range(3):  # a click just after the buttons were drawn counts as the second half of a double click
        await page.wait_for_timeout(450)
        await button.click()
        try:
            await page.wait_for_function(
                "(b) => document.querySelector('#lines').innerText !== b", arg=before, timeout=4000
            )
        except TimeoutError:
            continue
        return
    raise AssertionError(f"tapping {label!r} changes nothing: {before[-200:]}")


@pytest.mark.parametrize(
    ("locale", "answers", "first", "second"),
    [
        (
            "de-DE",
            ["Ja, einverstanden", "Nein, nichts davon", "Nein, nichts davon", "18 bis 44", "Über 12 Wochen",
             "Nein, nichts davon", "Nein, nichts davon", "Nichts davon", "3", "Jetzt anfangen"],
            ["Gut, noch 2 möglich", "Ging gut", "2", "08:00", "Stimmt", "Nach dem Kaffee"],
            ["3", "Ein paar Fragen sind noch offen", "Warum?", "Regel", "Los geht's"],
        ),
        (
            "en-GB",
            ["Yes, I agree", "No, none of these", "No, none of these", "18 to 44", "Over 12 weeks",
             "No, none of these", "No, none of these", "None of these", "3", "Start now"],
            ["Good, 2 more left", "Went well", "2", "08:00", "That's right", "After coffee"],
            ["3", "A few questions are still open", "Why?", "Rule", "Let's go"],
        ),
    ],
)  # fmt: skip
async def test_a_visitor_lives_through_the_first_two_days(
    coach: Coach,
    clock: Clock,
    chromium: Browser,
    tmp_path: Path,
    locale: str,
    answers: list[str],
    first: list[str],
    second: list[str],
) -> None:
    renews = "RUECKGRAT_TEST_SHOTS" in os.environ  # `RUECKGRAT_TEST_SHOTS=1 make test` renews the README's pictures
    shots = README_SHOTS if renews else tmp_path
    language = locale[:2]
    clock.until(1, 9)  # who looks at the pictures sees a morning, and the next one at eight
    context = await chromium.new_context(
        locale=locale, timezone_id="Europe/Berlin", viewport=PHONE, device_scale_factor=2
    )
    page = await context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    await page.goto(coach.opened.address)
    await page.get_by_role("textbox").fill("hallo" if language == "de" else "hello")
    await page.keyboard.press("Enter")
    for label in answers:
        await tap(page, label, clock)
    exercise = page.locator("video").last
    await expect(exercise).to_be_visible(timeout=120_000)  # on a busy machine the film comes after its still
    await page.mouse.move(0, 0)  # the pointer would mark the button that stands under it
    await page.wait_for_timeout(1500)
    await page.screenshot(path=shots / f"first-exercise-{language}.png")
    for label in first:
        await tap(page, label, clock)
    await expect(page.get_by_text(re.compile("bewegter Tag|active day")).last).to_be_visible()
    await page.get_by_role("button", name=re.compile("Nächster Morgen|Next morning", re.IGNORECASE)).click()
    number, reason, why, rule, start = second
    await tap(page, number, clock)
    await expect(page.locator(".line.coach").last).to_contain_text(reason)  # the day is another one, and says why
    await page.mouse.move(0, 0)
    await page.wait_for_timeout(800)
    await page.screenshot(path=shots / f"second-day-{language}.png")
    await tap(page, why, clock)
    await expect(page.get_by_text(re.compile(rf"{rule} R_(HOLD|NEW)")).last).to_be_visible()
    await tap(page, start, clock)
    await page.reload()

    await expect(page.get_by_text(re.compile("Beckenkippen|Pelvic tilt")).last).to_be_visible()
    assert problems == []
    await context.close()
