"""Hello to the second morning in a terminal, as `rueckgrat chat` plays it: lines typed into a pipe, plain text read."""

import asyncio
import io
import os
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot.channels.console import ConsoleChannel
from bot.runtime.chatting import ROLES, talk
from bot.runtime.lifecycle import open_coach
from tests.channel.first_week import Line, Week, is_scale
from tests.channel.running import Clock, kitted_for, settings_for

_OPTION = re.compile(r"\[(?P<only>[^\]]+)\](?: (?P<label>[^ \[].*?))?(?=  \[|$)")


@dataclass
class Keyboard:
    """What a person at the terminal sees and types. An option with a number is chosen by it, others by their words."""

    typed: int
    screen: io.StringIO = field(default_factory=io.StringIO)

    async def lines(self) -> list[Line]:
        said = re.split(r"^(?:!! )?Rückgrat: ", self.screen.getvalue(), flags=re.MULTILINE)[1:]
        return [_line(text.strip()) for text in said]

    async def tap(self, label: str) -> None:
        newest = next(line for line in reversed(await self.lines()) if line.labels)
        numbered = f"[{newest.labels.index(label) + 1}] {label}"
        is_numbered = numbered in self.screen.getvalue()
        await self.write(str(newest.labels.index(label) + 1) if is_numbered else label)

    async def write(self, text: str) -> None:
        os.write(self.typed, f"{text}\n".encode())

    async def shot(self, name: str) -> None:
        """Nothing to look at but words."""


def _line(text: str) -> Line:
    *body, last = text.splitlines()
    options = tuple(found["label"] or found["only"] for found in _OPTION.finditer(last)) if last[:1] == "[" else ()
    picture = any(line.startswith(("[Bild: ", "[Picture: ")) for line in text.splitlines())
    return Line("\n".join(body if options else [*body, last]), options, picture=picture)


@asynccontextmanager
async def at_the_terminal(folder: Path, language: str) -> AsyncIterator[Week]:
    """As `chat` makes it, but for the clock and the pipe; the end of the input ends it."""
    settings, clock = settings_for(folder), Clock()
    coach = await open_coach(settings, ROLES, now=clock, kitted=kitted_for(settings))
    source, typed = os.pipe()
    hands = Keyboard(typed)
    console = ConsoleChannel(
        run="a-run",
        language=language,
        emergency_text=coach.kitted.static_help,
        names_emergency=coach.kitted.calls_for_help,
        source=source,
        out=hands.screen,
        colour=False,
    )
    clock.until(1, 9)
    talking = asyncio.create_task(talk(coach, console))
    try:
        yield Week(coach, hands, clock)
    finally:
        os.close(typed)
        await talking
        os.close(source)


HELLO = {"de": "hallo", "en": "hello"}
LISTS = {
    "de": (
        ("Ja, einverstanden", "1 von 4"),
        ("Nein, nichts davon", "2 von 4"),
        ("Nein, nichts davon", "Wie alt bist du"),
        ("18 bis 44", "Wie lange"),
        ("Über 12 Wochen", "3 von 4"),
        ("Nein, nichts davon", "4 von 4"),
        ("Nein, nichts davon", "Worauf muss ich"),
        ("Nichts davon", "Wie stark ist der Schmerz"),
        ("3", "Wir fangen klein an"),
    ),
    "en": (
        ("Yes, I agree", "1 of 4"),
        ("No, none of these", "2 of 4"),
        ("No, none of these", "How old are you"),
        ("18 to 44", "How long"),
        ("Over 12 weeks", "3 of 4"),
        ("No, none of these", "4 of 4"),
        ("No, none of these", "What do I need to mind"),
        ("None of these", "How strong is the pain"),
        ("3", "We start small"),
    ),
}
FIRST_DAY = {
    "de": (
        ("Jetzt anfangen", "Beckenkippen mit dem Atem"),
        ("Gut, noch 2 möglich", "Katze-Kuh im Sitzen"),
        ("Ging gut", "Und wie stark"),
        ("2", "Wann passt es dir morgen"),
        ("08:00", "Bei dir ist es jetzt"),
        ("Stimmt", "woran hängen wir es"),
    ),
    "en": (
        ("Start now", "Pelvic tilt with your breath"),
        ("Too hard", "How much did you do"),
        ("Half", "Cat-cow, seated"),
        ("Went well", "And how strong"),
        ("2", "When does it suit you tomorrow"),
        ("08:00", "It is now"),
        ("That's right", "what shall we tie it to"),
    ),
}
TRIGGER = {"de": ("Nach dem Kaffee", "ein bewegter Tag"), "en": ("After coffee", "an active day")}
SECOND_DAY = {  # in German all went well, in English the first exercise was too hard
    "de": ("Ein paar Fragen sind noch offen", "Warum?", "Regel R_HOLD", "Los geht's", "2 × 6 Wiederholungen"),
    "en": ("Last time it was too hard", "Why?", "Rule R_USER", "Let's go", "\n6 times\n"),
}


@pytest.mark.parametrize("language", ["de", "en"])
async def test_a_person_gets_to_a_second_day_that_is_another_one_and_says_why(tmp_path: Path, language: str) -> None:
    async with at_the_terminal(tmp_path, language) as week:
        await week.writes(HELLO[language])
        for label, next_words in (*LISTS[language], *FIRST_DAY[language]):
            await week.taps_on(label)
            assert next_words in (await week.stands()).text
        assert sum(line.picture for line in await week.hands.lines()) == 3  # the welcome and two exercises
        label, ended = TRIGGER[language]
        await week.taps_on(label)
        assert ended in (await week.last()).text

        reason, why, rule, go, dose = SECOND_DAY[language]
        (number,) = await week.until(1, 8)
        assert is_scale(number)
        await week.writes("3")
        assert reason in (await week.stands()).text
        await week.taps_on(why)
        await week.sees(rule)
        await week.taps_on(go)
        exercise = await week.stands()
        assert exercise.picture
        assert dose in exercise.text
