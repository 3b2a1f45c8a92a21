"""Hello to the second morning over the Bot API, by polling and by webhook, judged by an independent model."""

import socket
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from bot.dialogue.messages import Form, Picture
from bot.runtime.lifecycle import Coach
from tests.botapi import TOKEN, BotApi
from tests.botapi.people import Person
from tests.botapi.views import Message
from tests.channel.running import Clock, running, settings_for


@pytest.fixture(params=["polling", "webhook"])
async def coach(request: pytest.FixtureRequest, double: BotApi, tmp_path: Path, clock: Clock) -> AsyncIterator[Coach]:
    given = {"telegram_token": SecretStr(TOKEN), "telegram_api_url": double.url, "telegram_rate": 0}
    if request.param == "webhook":
        port = _free_port()
        given |= {
            "web_port": port,
            "telegram_webhook_url": f"http://127.0.0.1:{port}/telegram",
            "telegram_webhook_secret": SecretStr("a-secret-of-ours"),
        }
    async with running(settings_for(tmp_path, **given), now=clock) as it:
        for figure in ("beckenkippen", "katze-kuh"):
            await it.pictures.picture(Picture(figure=figure, form=Form.CLIP))  # drawing takes seconds
        yield it


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def shows(card: Message, words: str) -> Callable[[Person], bool]:
    """The card was edited into the next question."""
    return lambda room: words in room.now(card).text


GERMAN = {
    "consent": "Darf ich mir deine Antworten merken",
    "answers": (
        ("Ja, einverstanden", "1 von 4"),
        ("Nein, nichts davon", "2 von 4"),
        ("Nein, nichts davon", "Wie alt bist du"),
        ("18 bis 44", "Wie lange"),
        ("Über 12 Wochen", "3 von 4"),
        ("Nein, nichts davon", "4 von 4"),
        ("Nein, nichts davon", "Worauf muss ich"),
        ("Nichts davon", "Wie stark ist der Schmerz"),
    ),
    "offer": ("Wir fangen klein an", "Jetzt anfangen"),
    "first": ("Beckenkippen mit dem Atem", "Gut, noch 2 möglich"),
    "other": ("Katze-Kuh im Sitzen", "Ging gut"),
    "after": "Und wie stark",
    "when": "Wann passt es dir morgen",
    "end": (("08:00", "Bei dir ist es jetzt"), ("Stimmt", "woran hängen wir es")),
    "trigger": ("Nach dem Kaffee", "ein bewegter Tag"),
    "second": ("Los geht's", "Ein paar Fragen sind noch offen", "Warum?", "Regel R_"),
}
ENGLISH = {
    "consent": "May I remember your answers",
    "answers": (
        ("Yes, I agree", "1 of 4"),
        ("No, none of these", "2 of 4"),
        ("No, none of these", "How old are you"),
        ("18 to 44", "How long"),
        ("Over 12 weeks", "3 of 4"),
        ("No, none of these", "4 of 4"),
        ("No, none of these", "What do I need to mind"),
        ("None of these", "How strong is the pain"),
    ),
    "offer": ("We start small", "Start now"),
    "first": ("Pelvic tilt with your breath", "Good, 2 more left"),
    "other": ("Cat-cow, seated", "Went well"),
    "after": "And how strong",
    "when": "When does it suit you tomorrow",
    "end": (("08:00", "It is now"), ("That's right", "what shall we tie it to")),
    "trigger": ("After coffee", "an active day"),
    "second": ("Let's go", "A few questions are still open", "Why?", "Rule R_"),
}


async def test_a_member_gets_to_a_second_day_that_is_another_one_and_says_why(
    coach: Coach, double: BotApi, clock: Clock
) -> None:
    """Polled in German, by webhook in English."""
    polled = coach.settings.telegram_webhook_url is None
    words: dict[str, Any] = GERMAN if polled else ENGLISH
    ada = double.person(1001, language="de" if polled else "en")
    await ada.send("/start")
    card = await ada.sees(words["consent"])
    for label, next_words in words["answers"]:
        clock.advance(seconds=30)  # nobody reads a list faster
        tap = await ada.tap(ada.now(card), label)
        await tap.answered()
        await ada.wait_for(shows(card, next_words))
    await ada.tap(ada.now(card), "3")
    said, go = words["offer"]
    await ada.tap(await ada.sees(said), go)
    first, went = words["first"]
    exercise = await ada.sees(first)
    assert exercise.animation is not None
    assert exercise.animation.data[4:8] == b"ftyp"
    await ada.tap(exercise, went)
    second, went = words["other"]
    other = await ada.sees(second)
    assert not ada.now(exercise).buttons
    await ada.tap(other, went)
    await ada.tap(await ada.sees(words["after"]), "2")
    when = await ada.sees(words["when"])
    for label, next_words in words["end"]:
        await ada.tap(ada.now(when), label)
        await ada.wait_for(shows(when, next_words))
    trigger, ended = words["trigger"]
    await ada.tap(ada.now(when), trigger)
    await ada.sees(ended)

    go, reason, why, rule = words["second"]
    clock.until(1, 8)
    await ada.wait_for(lambda room: "10" in room.last.labels)
    await ada.tap(ada.last, "3")
    await ada.wait_for(lambda room: go in room.last.labels)
    assert reason in ada.last.text
    await ada.tap(ada.last, why)
    await ada.sees(rule)
    await ada.wait_for(lambda room: go in room.last.labels)
    await ada.tap(ada.last, go)
    again = await ada.wait_for(lambda room: room.last.animation is not None)
    assert again is not None
    assert double.world.files.uploads <= 3  # every picture is uploaded once
