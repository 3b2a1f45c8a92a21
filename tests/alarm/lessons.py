"""What the model learns from: the training split, its slips and retellings, the rules' own cases and strung words.

Everything here comes from seeded chance, so that the same corpus always gives the same lessons.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

import yaml

from bot.coach.alarm_model import WINDOW
from bot.library.alarm_phrases import AlarmCategory, AlarmLevel, AlarmPhrases, AlarmRule
from bot.library.alarm_weights import AlarmSenses
from tests.alarm.corpus import ROOT, Message
from tests.alarm.siblings import Siblings

CASES = ROOT / "tests" / "unit" / "coach" / "alarm_cases.yaml"
SLIPPED = 0.5  # what a distorted copy counts beside its message
RETOLD = 0.3  # what a copy in other words of the same sense counts
MADE = 0.3  # what a string of a rule's words counts
EACH_RULE = 40
CALM = frozenset({"ordinary", "smalltalk", "sore", "exercise"})
_AROUND = {
    "de": "ist,und,ich hab,mein,meine,so,ganz,bei mir,seit gestern,seit heute,plotzlich,also,irgendwie,jetzt",
    "en": "is,and,i have,my,the,so,really,since yesterday,since today,suddenly,well,kind of,now",
}
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class Lesson:
    """`heard`: whether the rules' opinion is part of it; they were written with the cases at hand."""

    text: str
    level: AlarmLevel
    category: AlarmCategory
    weight: float
    heard: bool


def lessons(messages: list[Message], phrases: AlarmPhrases, senses: AlarmSenses) -> Iterator[Lesson]:
    """All lessons, in a fixed order."""
    chance = Random(20260101)
    siblings = Siblings(senses)
    calm = [message.text for message in messages if message.reason in CALM]
    for place, message in enumerate(messages):
        yield Lesson(message.text, message.level, message.category, 1.0, True)
        slipped = _with_slips(message.text, chance)
        yield Lesson(slipped, message.level, message.category, SLIPPED, bool(place % 2))
        if place % 2:
            yield Lesson(_told_along(message.text, calm, chance), message.level, message.category, SLIPPED, True)
        retold = siblings.retell(message, chance)
        if retold is not None:
            yield Lesson(retold, message.level, message.category, RETOLD, bool(place % 2))
    yield from _cases()
    yield from _made(phrases, chance)


def _told_along(text: str, calm: list[str], chance: Random) -> str:
    """The message between things that mean nothing, as long as the model reads it in one piece."""
    told = [text]
    for _ in range(chance.randint(1, 3)):
        more = list(told)
        more.insert(chance.randint(0, len(more)), chance.choice(calm))
        if len(" ".join(more).split()) <= WINDOW:
            told = more
    return ". ".join(told)


def _cases() -> Iterator[Lesson]:
    for part, groups in yaml.safe_load(CASES.read_text(encoding="utf-8")).items():
        for key, texts in groups.items():
            level, _, category = key.partition(" ") if part != "quiet" else ("none", "", "none")
            yield from (Lesson(text, AlarmLevel(level), AlarmCategory(category), 1.0, False) for text in texts)


def _made(phrases: AlarmPhrases, chance: Random) -> Iterator[Lesson]:
    """The rules' words in strings: what the rules know by heart, the model hears too."""
    for rule in phrases.rules:
        for place in range(EACH_RULE):
            language = "de" if place % 2 else "en"
            parts = [_any_form(phrases, group, language, chance) for group in rule.groups]
            if len(parts) > 1 and not rule.ordered and chance.random() < 0.5:
                chance.shuffle(parts)
            yield Lesson(_strung(parts, language, chance), rule.level, rule.category, MADE, False)
            if rule.unless and place % 4 == 0:
                yield _harmless(phrases, rule, parts, language, chance)
    innocent = phrases.words["innocent"]
    for language, forms in (("de", innocent.de), ("en", innocent.en)):
        for form in forms:
            text = _strung([_written(form, chance)], language, chance)
            yield Lesson(text, AlarmLevel.NONE, AlarmCategory.NONE, MADE, False)


def _harmless(phrases: AlarmPhrases, rule: AlarmRule, parts: list[str], language: str, chance: Random) -> Lesson:
    text = " ".join([*parts, _any_form(phrases, rule.unless, language, chance)])
    return Lesson(text, AlarmLevel.NONE, AlarmCategory.NONE, MADE, False)


def _any_form(phrases: AlarmPhrases, group: list[str], language: str, chance: Random) -> str:
    words = phrases.words[chance.choice(group)]
    return _written(chance.choice(words.de if language == "de" else words.en), chance)


def _written(form: str, chance: Random) -> str:
    """A form as somebody could write it."""
    parts = [part.strip("*!") for part in form.split() if part not in {"_", "~", "$"}]
    return " ".join(str(chance.randint(2, 20)) if part == "<n>" else part for part in parts)


def _strung(parts: list[str], language: str, chance: Random) -> str:
    around = [*_AROUND[language].split(","), "", "", "", ""]
    words = [chance.choice(around)]
    for part in parts:
        words += [part, chance.choice(around)]
    return " ".join(word for word in words if word)


def _with_slips(text: str, chance: Random) -> str:
    """One or more slips of the finger, half of the time without punctuation, sometimes without umlauts."""
    if chance.random() < 0.5:
        text = re.sub(r"[^\w\s]", "", text).lower()
    if chance.random() < 0.3:
        text = text.translate(_UMLAUTS)
    for _ in range(1 + len(text) // 35):
        at = chance.randrange(max(len(text) - 1, 1))
        slip = chance.randrange(4)
        if slip == 0:
            text = text[:at] + text[at + 1 :]
        elif slip == 1:
            text = text[:at] + text[at : at + 2][::-1] + text[at + 2 :]
        elif slip == 2:
            text = text[:at] + chance.choice(_LETTERS) + text[at + 1 :]
        else:
            text = text[:at] + text[at : at + 1] + text[at:]
    return text
