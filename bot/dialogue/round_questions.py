"""The questions of a round's set-up: its name, its first day, its goal, and which of several rounds is meant."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from bot.dialogue.amounts import Amount
from bot.dialogue.choices import OptionWords, parse_choice
from bot.dialogue.dates import date_text
from bot.dialogue.numbers import plain_digits, plain_words
from bot.dialogue.own_words import Named, clean
from bot.dialogue.questions import Choosable, Plain, Question, Words
from bot.dialogue.text import Param, Text, text


class Name(StrEnum):
    """Names to choose from: each group reads them in its own language."""

    ROUND = "round"
    BREAK = "break"
    TEAM = "team"
    FRESH = "fresh"


NAMES = "round/name"
ANOTHER = "new"
_MONTHS = (
    "jan januar january | feb februar february | mär märz mar march | apr april | mai may | jun juni june | "
    "jul juli july | aug august | sep september | okt oktober oct october | nov november | dez dezember dec december"
)
_MONTH_OF = {word: number for number, words in enumerate(_MONTHS.split("|"), 1) for word in words.split()}
_WEEKDAYS = (
    "montag monday | dienstag tuesday | mittwoch wednesday | donnerstag thursday | freitag friday | "
    "samstag sonnabend saturday | sonntag sunday"
)
_WEEKDAY_OF = {word: number for number, words in enumerate(_WEEKDAYS.split("|")) for word in words.split()}
_IN_DAYS = {"heute": 0, "today": 0, "morgen": 1, "tomorrow": 1, "übermorgen": 2, "uebermorgen": 2}
_AROUND = re.compile(r"\b(?:am|ab|on|from|the|den|dem|nächsten|naechsten|next|kommenden|of|st|nd|rd|th)\b\.?")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_TWO_NUMBERS = re.compile(r"(\d{1,2})\s*([./])\s*(\d{1,2})\s*(?:[./]\s*(\d{4}|\d{2})?)?")
_WITH_MONTH = re.compile(
    r"(?:(\d{1,2})(?:st|nd|rd|th)?\.?\s+([a-zä]+)|([a-zä]+)\.?\s+(\d{1,2})(?:st|nd|rd|th)?)[.,]?(?:\s+(\d{4}))?"
)
_DAYS = re.compile(r"\b(?:bewegte|aktive|active|gemeinsame|tage|tag|days|day)\b")


def name_text(kept: str) -> Param:
    """A round's name as it is shown: one of ours in the reader's language, or the words of whoever started it."""
    return Text(f"{NAMES}/{kept}") if kept in set(Name) else kept


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundNamed(Named):
    """One of our names, or a typed one: two to twenty letters, digits, spaces and hyphens."""

    @property
    def numbered(self) -> bool:
        return True

    def rows(self) -> tuple[tuple[Choosable, ...], ...]:
        return tuple((Choosable(name.value, Text(f"{NAMES}/{name.value}")),) for name in Name)

    def accept(self, token: str) -> str | None:
        return token if token in set(Name) else None

    def parse(self, typed: str, words: Words) -> str | None:
        said = clean(typed)
        offered = tuple(OptionWords(name.value, words.labels(f"{NAMES}/{name.value}")) for name in Name)
        if said.isdecimal():
            return parse_choice(said, offered)
        for each in offered:
            if said.casefold() in {label.casefold() for label in each.labels}:
                return each.id
        name = Named.parse(self, typed, words)
        return None if name is None else name[0].upper() + name[1:]  # so it is never the id of one of ours

    def label(self, answer: str) -> Param:
        return name_text(answer)


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstDay(Question[date]):
    """A day from `today` on (ISO), at most `ahead` days away; offered: today, tomorrow and next Monday."""

    today: str
    ahead: int

    @property
    def fingerprint(self) -> str:
        return f"day:{self.today}:{self.ahead}"

    def _offers(self) -> dict[str, date]:
        today = date.fromisoformat(self.today)
        monday = today + timedelta(days=7 - today.weekday())
        offers = {"today": today, "tomorrow": today + timedelta(days=1), "monday": monday}
        return offers if monday != offers["tomorrow"] else {key: offers[key] for key in ("today", "monday")}

    def rows(self) -> tuple[tuple[Choosable, ...], ...]:
        return tuple((Choosable(day.isoformat(), Text(f"round/begin/{key}")),) for key, day in self._offers().items())

    def accept(self, token: str) -> date | None:
        try:
            return self._within(date.fromisoformat(token))
        except ValueError:
            return None

    def parse(self, typed: str, words: Words) -> date | None:  # noqa: ARG002  days have their own words
        said = clean(plain_digits(typed)).casefold().strip(" !")
        offers = list(self._offers().values())
        if said.isdecimal():
            return offers[int(said) - 1] if 1 <= int(said) <= len(offers) else None
        found = {day for day in self._meant(" ".join(_AROUND.sub(" ", said).split())) if self._within(day)}
        return found.pop() if len(found) == 1 else None

    def _within(self, day: date) -> date | None:
        today = date.fromisoformat(self.today)
        return day if today <= day <= today + timedelta(days=self.ahead) else None

    def _meant(self, said: str) -> Iterator[date]:
        """Every day that it may mean; a slash may stand between day and month or month and day."""
        today = date.fromisoformat(self.today)
        if said in _IN_DAYS:
            yield today + timedelta(days=_IN_DAYS[said])
        elif said in _WEEKDAY_OF:
            yield today + timedelta(days=(_WEEKDAY_OF[said] - today.weekday() - 1) % 7 + 1)
        elif (iso := _ISO.fullmatch(said)) is not None:
            yield from _days((int(iso[1]),), int(iso[2]), int(iso[3]))
        elif (two := _TWO_NUMBERS.fullmatch(said)) is not None:
            first, second, years = int(two[1]), int(two[3]), _years(two[4], today)
            yield from _days(years, second, first)
            if two[2] == "/":
                yield from _days(years, first, second)
        elif (named := _WITH_MONTH.fullmatch(said)) is not None:
            month = _MONTH_OF.get(named[2] or named[3], 0)
            yield from _days(_years(named[5], today), month, int(named[1] or named[4]))

    def dump(self, answer: date) -> Plain:
        return answer.isoformat()

    def load(self, plain: Plain) -> date:
        day = self.accept(plain) if isinstance(plain, str) else None
        if day is None:
            raise ValueError(f"not an answer: {plain!r}")
        return day

    def label(self, answer: date) -> Param:
        return date_text(answer)


def _years(typed: str | None, today: date) -> tuple[int, ...]:
    """The present one and the next, unless one is named."""
    return (int(typed) % 100 + 2000,) if typed else (today.year, today.year + 1)


def _days(years: tuple[int, ...], month: int, day: int) -> Iterator[date]:
    for year in years:
        try:
            yield date(year, month, day)
        except ValueError:
            continue


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal(Amount):
    """Active days of all together; every offer says for about how many `people` it is made."""

    people: tuple[int, ...]

    def rows(self) -> tuple[tuple[Choosable, ...], ...]:
        return tuple(
            (Choosable(str(goal), text("round/goal-offer", goal=goal, people=people)),)
            for goal, people in zip(self.offers, self.people, strict=True)
        )

    def parse(self, typed: str, words: Words) -> int | None:
        return Amount.parse(self, _DAYS.sub(" ", typed.casefold()), words)


@dataclass(frozen=True, slots=True, kw_only=True)
class WhichRound(Question[int]):
    """One of somebody's rounds by its number, or 0 for a new one, where `more` may be started."""

    rounds: tuple[tuple[int, str], ...]
    more: bool

    @property
    def fingerprint(self) -> str:
        return f"which:{self.more}:" + ",".join(str(number) for number, _ in self.rounds)

    def rows(self) -> tuple[tuple[Choosable, ...], ...]:
        known = tuple((Choosable(str(number), name_text(name)),) for number, name in self.rounds)
        return (*known, (Choosable(ANOTHER, Text("round/wish/new")),)) if self.more else known

    def accept(self, token: str) -> int | None:
        if token == ANOTHER and self.more:
            return 0
        return next((number for number, _ in self.rounds if str(number) == token), None)

    def parse(self, typed: str, words: Words) -> int | None:
        options = [OptionWords(str(number), _labels(name, words)) for number, name in self.rounds]
        if self.more:
            options.append(OptionWords(ANOTHER, words.labels("round/wish/new")))
        chosen = parse_choice(typed, options)
        return None if chosen is None else self.accept(chosen)

    def dump(self, answer: int) -> Plain:
        return str(answer) if answer else ANOTHER

    def load(self, plain: Plain) -> int:
        answer = self.accept(plain) if isinstance(plain, str) else None
        if answer is None:
            raise ValueError(f"not an answer: {plain!r}")
        return answer

    def label(self, answer: int) -> Param:
        return next((name_text(name) for number, name in self.rounds if number == answer), Text("round/wish/new"))


def _labels(name: str, words: Words) -> tuple[str, ...]:
    return words.labels(f"{NAMES}/{name}") if name in set(Name) else (plain_words(name),)
