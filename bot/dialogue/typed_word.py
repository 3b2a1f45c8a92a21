"""A question that only a word typed in full says yes to, for what cannot be taken back; [No] is a button."""

from dataclasses import dataclass
from enum import StrEnum

from bot.dialogue.answers import parse_yes_no
from bot.dialogue.questions import Choosable, Plain, Question, Words
from bot.dialogue.text import Param, Text


class Typed(StrEnum):
    """`yes` stands for the word itself."""

    YES = "yes"
    NO = "no"


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedWord(Question[Typed]):
    """`labels`: `…/yes` is what to type, in any language, `…/no` the button."""

    labels: str

    @property
    def numbered(self) -> bool:
        return False

    @property
    def fingerprint(self) -> str:
        return "word"

    def rows(self) -> tuple[tuple[Choosable, ...], ...]:
        return ((Choosable(Typed.NO.value, Text(f"{self.labels}/no")),),)

    def accept(self, token: str) -> Typed | None:
        return Typed.NO if token == Typed.NO.value else None

    def parse(self, typed: str, words: Words) -> Typed | None:
        said = typed.strip(" .!*\"'„“”").casefold()
        for meant in Typed:
            if said in {label.casefold() for label in words.labels(f"{self.labels}/{meant.value}")}:
                return meant
        return Typed.NO if parse_yes_no(typed) is False else None

    def dump(self, answer: Typed) -> Plain:
        return answer.value

    def load(self, plain: Plain) -> Typed:
        if plain not in set(Typed):
            raise ValueError("not an answer")
        return Typed(str(plain))

    def label(self, answer: Typed) -> Param:
        return Text(f"{self.labels}/{answer.value}")
