"""Hello to the second morning over the Bot API, by polling and by webhook, judged by an independent model."""

import socket
from collections.abc import AsyncIterator, Callable
from pathlib import Path

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


@pytest.mark.usefixtures("coach")
async def test_a_member_gets_to_the_second_day(double: BotApi, clock: Clock) -> None:
    ada = double.person(1001, language="de")
    await ada.send("/start")
    card = await ada.sees("Darf ich mir deine Antworten merken")
    for label, next_words in (
        ("Ja, einverstanden", "1 von 4"),
        ("Nein, nichts davon", "2 von 4"),
        ("Nein, nichts davon", "Wie alt bist du"),
        ("18 bis 44", "Wie lange"),
        ("Über 12 Wochen", "3 von 4"),
        ("Nein, nichts davon", "4 von 4"),
        ("Nein, nichts davon", "Worauf muss ich"),
        ("Nichts davon", "Wie stark ist der Schmerz"),
    ):
        clock.advance(seconds=30)  # nobody reads a list faster
        tap = await ada.tap(ada.now(card), label)
        await tap.answered()
        await ada.wait_for(shows(card, next_words))
    await ada.tap(ada.now(card), "3")
    offer = await ada.sees("Wir fangen klein an")
    await ada.tap(offer, "Jetzt anfangen")
    exercise = await ada.sees("Beckenkippen mit dem Atem")
    assert exercise.animation is not None
    assert exercise.animation.data[4:8] == b"ftyp"
    await ada.tap(exercise, "Gut, noch 2 möglich")
    other = await ada.sees("Katze-Kuh im Sitzen")
    assert not ada.now(exercise).buttons
    await ada.tap(other, "Ging gut")
    after = await ada.sees("Und wie stark")
    await ada.tap(after, "2")
    when = await ada.sees("Wann passt es dir morgen")
    for label, next_words in (("08:00", "Bei dir ist es jetzt"), ("Stimmt", "woran hängen wir es")):
        await ada.tap(ada.now(when), label)
        await ada.wait_for(shows(when, next_words))
    await ada.tap(ada.now(when), "Nach dem Kaffee")
    await ada.sees("ein bewegter Tag")

    clock.until(1, 8)
    await ada.wait_for(lambda room: "10" in room.last.labels)
    await ada.tap(ada.last, "3")
    await ada.wait_for(lambda room: "Los geht's" in room.last.labels)
    await ada.tap(ada.last, "Los geht's")
    again = await ada.wait_for(lambda room: room.last.animation is not None)
    assert again is not None
    assert double.world.files.uploads <= 3  # every picture is uploaded once
