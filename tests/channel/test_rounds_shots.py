"""Two weeks of a round as a group and its starter see them: `RUECKGRAT_TEST_SHOTS=1` renews the README's pictures.

Everything on them was sent to the Bot API double. Without that setting the pictures are made and thrown away.
"""

import os
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from PIL import Image
from playwright.async_api import Browser

from bot.dialogue.events import Address, RoundNews
from bot.dialogue.moment import from_micros
from bot.runtime.lifecycle import Coach
from bot.store.rows import Posted
from tests.botapi import BotApi
from tests.botapi.people import Person
from tests.botapi.rooms import Room
from tests.botapi.views import Message
from tests.channel.rounds_parts import hurried, started
from tests.channel.running import Clock, seen_passing
from tests.channel.telegram_page import page

RENEWS = "RUECKGRAT_TEST_SHOTS" in os.environ
SHOTS = Path(__file__).parents[2] / "deploy" / "screenshots"
LOOKED_AT = Path(__file__).parents[2] / "var" / "rounds"  # all of them in both themes
MOVED = {"de": "Heute bewegt", "en": "I moved today"}
AGREED = {"de": "Ja, einverstanden", "en": "Yes, I agree"}
GROUP = {"de": ("Lauftreff Freitag", "8 Mitglieder"), "en": ("Friday walkers", "8 members")}
CODE = {"de": "Zum Mitmachen", "en": "To join"}
WEEK = {"de": "Woche 1 ist geschafft", "en": "Week 1"}
OVER = {"de": "ist zu Ende", "en": "is over"}
NAMES = ("Kim", "Mo", "Yasmin")
A_WEEK = (6, 3, 5, 0, 4, 7, 2)  # how many moved on each day
SIZE_KB = 80


@dataclass
class Group:
    """A group with its round, and when each of its messages came."""

    coach: Coach
    clock: Clock
    chat: Room
    folks: list[Person]
    language: str
    times: dict[tuple[int, int], str] = field(default_factory=dict)

    @property
    def card(self) -> Message:
        return next(message for message in reversed(self.chat.messages) if message.buttons)

    async def sees(self, true: str, *, pictured: bool = False) -> Message:
        """`pictured`: with its picture, which follows its words on a busy machine."""

        def fits(message: Message) -> bool:
            return true in message.text and (bool(message.photo) or not pictured)

        found = await self.chat.wait_for(lambda g: next(filter(fits, reversed(g.messages)), None), timeout=120)
        self.notes()
        return found

    def notes(self, *more: Message) -> None:
        now = from_micros(self.clock()).astimezone(ZoneInfo("Europe/Berlin"))
        for message in (*self.chat.messages, *more):
            self.times.setdefault((message.chat_id, message.id), f"{now:%H:%M}")

    async def moves(self, count: int, first: int) -> None:
        """On the card of the day, once it stands there."""
        today = from_micros(self.clock()).astimezone(ZoneInfo("Europe/Berlin")).date()
        end = f"{today:%y%m%d}"
        await self.chat.wait_for(
            lambda g: any(str(m.buttons[0][0].data).endswith(end) for m in g.messages if m.buttons)
        )
        for number in range(count):
            person = self.folks[(first + number) % len(self.folks)]
            await (await person.tap(self.card, MOVED[self.language])).answered()
        if count:
            self.clock.advance(seconds=5)
            await self.sees(f": {count}\n")

    async def lives(self, first: int, days: int) -> None:
        """To the morning after so many days."""
        for day in range(days):
            await self.moves(A_WEEK[day % 7], first + 2 * day)
            await seen_passing(self.coach, self.clock, 2)
            self.clock.until(1, 9, 1)


@pytest.mark.slow
@pytest.mark.parametrize("language", ["de", "en"])
async def test_pictures_of_a_round(
    double: BotApi, coach: Coach, clock: Clock, chromium: Browser, tmp_path: Path, language: str
) -> None:
    hurried(coach)
    clock.until(1, 9)
    clock.until((7 - from_micros(clock()).weekday()) % 7, 9)  # a Monday
    folks = [double.person(700 + number, language=language) for number in range(8)]
    made = await started(coach, clock, goal=58, language=language)
    starter = await _starter(coach, folks[0], language)
    chat = double.group(folks, title=GROUP[language][0])
    group = Group(coach, clock, chat, folks, language)
    for number, name in enumerate(NAMES):
        home = Address("telegram", coach.opened.channels[0].account, str(folks[number].id), str(folks[number].id))
        async with coach.store.rounds(clock()) as desk:
            await desk.join(made.code, home, starter if number == 0 else 0, name=name, shares=False)
    async with coach.store.rounds(clock()) as desk:
        news = RoundNews(what="made", round=made.id, name=made.name, code=made.code, room_code=made.room_code,
                         begins=made.begins, weeks=made.weeks)  # fmt: skip
        await desk.post([Posted(member=starter, event=news, source="made")])
    coach.wake_worker()
    code = await folks[0].wait_for(
        lambda room: next((m for m in room.messages if CODE[language] in m.text and m.photo), None), timeout=120
    )
    group.notes(code)
    await folks[0].send(f"/start r_{made.room_code}", chat=chat)
    await group.sees("Kim")

    shots = _Shots(chromium, tmp_path, language, group)
    await shots.take("code", [code], dark=True, private=True)
    await group.lives(0, 2)
    clock.until(0, 18, 20)
    await group.moves(5, 3)
    await shots.take("card", [group.card])
    await seen_passing(coach, clock, 2)
    clock.until(1, 9, 1)
    await group.lives(1, 4)
    week = await group.sees(WEEK[language], pictured=True)
    await group.moves(2, 0)
    await shots.take("week", [week, group.card], dark=True)
    await seen_passing(coach, clock, 2)
    clock.until(1, 9, 1)
    await group.lives(3, 6)
    await shots.take("end", [await group.sees(OVER[language], pictured=True)])


async def _starter(coach: Coach, person: Person, language: str) -> int:
    """Somebody who has agreed to be remembered: their number."""
    await person.send("/start")
    asked = await person.wait_for(lambda room: next((m for m in room.messages if AGREED[language] in m.labels), None))
    await person.tap(asked, AGREED[language])
    await person.sees("1 von 4" if language == "de" else "1 of 4")
    home = Address("telegram", coach.opened.channels[0].account, str(person.id), str(person.id))
    found = await coach.store.member_by_address(home.key)
    assert found is not None
    return found.member


@dataclass
class _Shots:
    chromium: Browser
    folder: Path
    language: str
    group: Group

    async def take(self, name: str, messages: list[Message], *, dark: bool = False, private: bool = False) -> None:
        """In both themes to be looked at; in the one named for the README."""
        looked_at, shots = (LOOKED_AT, SHOTS) if RENEWS else (self.folder, self.folder)
        looked_at.mkdir(parents=True, exist_ok=True)
        for theme in (False, True) if RENEWS else (dark,):
            shot = await self._shot(messages, dark=theme, private=private)
            look = "dark" if theme else "light"
            _kept(shot, looked_at / f"round-{name}-{self.language}-{look}.png")
            if theme is dark:
                size = _kept(shot, shots / f"round-{name}-{self.language}.png")
                assert size <= SIZE_KB * 1024, (name, size)

    async def _shot(self, messages: list[Message], *, dark: bool, private: bool) -> bytes:
        title, under = ("Rückgrat", "Bot" if self.language == "de" else "bot") if private else GROUP[self.language]
        html = page(
            messages,
            title=title,
            under=under,
            language=self.language,
            dark=dark,
            pinned=None
            if private
            else next((m for m in self.group.chat.messages if m.id in self.group.chat.pinned), None),
            times=self.group.times,
            signed=not private,
        )
        file = self.folder / "page.html"
        file.write_text(html)
        context = await self.chromium.new_context(viewport={"width": 390, "height": 300}, device_scale_factor=2)
        shown = await context.new_page()
        await shown.goto(file.as_uri())
        found = await shown.screenshot(full_page=True)
        await context.close()
        return found


def _kept(shot: bytes, path: Path) -> int:
    """With a palette, as the other pictures have; how many bytes."""
    image = Image.open(BytesIO(shot)).convert("RGB").quantize(128, dither=Image.Dither.NONE)
    image.save(path, "PNG", optimize=True)
    return path.stat().st_size
