"""Questions answered in a few own words, with chips beside them, or with a name. What is kept is cleaned here.

An answer that is a chip is its id behind `#`; own words never begin so. They are escaped wherever they are shown.
"""

import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from bot.dialogue.answers import parse_yes_no
from bot.dialogue.choices import OptionWords, parse_choice
from bot.dialogue.numbers import phrases_in, plain_words
from bot.dialogue.questions import Choosable, Plain, Question, Words
from bot.dialogue.text import Param, Text

E = TypeVar("E", bound=StrEnum)
CHIP = "#"
_NAME_SIGNS = " -"
_SHORTEST = 2
_TALK = phrases_in(
    "hallo | hi | hey | moin | servus | guten morgen | danke | danke dir | vielen dank | bitte | keine ahnung | "
    "weiß nicht | weiss nicht | nichts | noch nichts | was | wie bitte | hello | good morning | thanks | thank you | "
    "please | no idea | i dont know | dont know | nothing | what"
)


def clean(typed: str) -> str:
    """One line in NFC without signs that nobody sees; spaces are single."""
    seen = (sign if unicodedata.category(sign)[0] not in "CZ" else " " for sign in unicodedata.normalize("NFC", typed))
    return " ".join("".join(seen).split())


def as_words(labels: str, kept: str) -> Param:
    """What was kept, to be shown: the chip in the reader's language, or the words as they were given."""
    return Text(f"{labels}/{kept.removeprefix(CHIP)}") if kept.startswith(CHIP) else kept


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnWords(Question[str], Generic[E]):
    """One of a few chips, or own words of at most `longest` signs."""

    chips: tuple[E, ...]
    labels: str
    longest: int = 40

    @property
    def fingerprint(self) -> str:
        return f"own:{self.longest}:" + ",".join(self.chips)

    def rows(self) -> tuple[tuple[Choosable, ...], ...]:
        chips = [Choosable(chip.value, Text(f"{self.labels}/{chip.value}")) for chip in self.chips]
        return tuple(tuple(chips[i : i + 2]) for i in range(0, len(chips), 2))

    def accept(self, token: str) -> str | None:
        return CHIP + token if token in set(self.chips) else None

    def parse(self, typed: str, words: Words) -> str | None:
        options = tuple(OptionWords(chip.value, words.labels(f"{self.labels}/{chip.value}")) for chip in self.chips)
        said = clean(typed)
        if said.isdecimal():
            chosen = parse_choice(said, options)
            return None if chosen is None else CHIP + chosen
        exact = next((o.id for o in options if said.casefold() in {label.casefold() for label in o.labels}), None)
        if exact is not None:
            return CHIP + exact
        return said if self._is_kept(said) else None

    def _is_kept(self, said: str) -> bool:
        """Words, not a question and not a story."""
        letters = sum(sign.isalpha() for sign in said)
        if plain_words(said) in _TALK or parse_yes_no(said) is not None:
            return False
        return letters >= _SHORTEST and len(said) <= self.longest and "?" not in said and said[0] not in "#/!"

    def dump(self, answer: str) -> Plain:
        return answer

    def load(self, plain: Plain) -> str:
        if isinstance(plain, str) and (self.accept(plain[1:]) == plain or self._is_kept(plain)):
            return plain
        raise ValueError("not an answer")

    def label(self, answer: str) -> Param:
        return as_words(self.labels, answer)


@dataclass(frozen=True, slots=True, kw_only=True)
class Named(Question[str]):
    """What somebody wants to be called: 2 to 20 letters, digits, spaces and hyphens (DESIGN, "Names")."""

    shortest: int = 2
    longest: int = 20

    @property
    def numbered(self) -> bool:
        return False

    @property
    def fingerprint(self) -> str:
        return f"name:{self.shortest}:{self.longest}"

    def rows(self) -> tuple[tuple[Choosable, ...], ...]:
        return ()

    def accept(self, token: str) -> str | None:  # noqa: ARG002  a name is typed, there is no button for it
        return None

    def parse(self, typed: str, words: Words) -> str | None:  # noqa: ARG002  a name needs no labels
        name = clean(typed).strip(_NAME_SIGNS)
        fits = self.shortest <= len(name) <= self.longest and any(sign.isalpha() for sign in name)
        return name if fits and all(sign.isalnum() or sign in _NAME_SIGNS for sign in name) else None

    def dump(self, answer: str) -> Plain:
        return answer

    def load(self, plain: Plain) -> str:
        name = plain if isinstance(plain, str) else ""
        if not self.shortest <= len(name) <= self.longest:
            raise ValueError("not a name")
        return name

    def label(self, answer: str) -> Param:
        return answer
