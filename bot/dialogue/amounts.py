"""A whole number with everyday offers: minutes walked, steps counted. Typed words may name the unit beside it."""

import re
from dataclasses import dataclass

from bot.dialogue.numbers import plain_digits
from bot.dialogue.quantities import parse_number
from bot.dialogue.questions import Choosable, Plain, Question, Words
from bot.dialogue.text import Param

_LONGEST = 9  # digits of a token
_THOUSANDS = re.compile(r"(?<=\d)[.,' ](?=\d{3}(?!\d))")  # 6.000 Schritte, 6,000 steps
_UNITS = re.compile(
    r"\b(?:minuten|minute|min|minutes|mins|schritte|steps|gegangen|gelaufen|spaziert|spazieren|spaziergang|"
    r"gehen|laufen|walk|walked|walking|zu fuß|zu fuss|war|habe|hab|was|went|did|for|i)\b\.?"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount(Question[int]):
    """From `low` to `high`, both included. `offers` are the buttons."""

    offers: tuple[int, ...]
    low: int
    high: int

    @property
    def numbered(self) -> bool:
        return False

    @property
    def fingerprint(self) -> str:
        return f"amount:{self.low}:{self.high}"

    def rows(self) -> tuple[tuple[Choosable, ...], ...]:
        buttons = [Choosable(str(offer), offer) for offer in self.offers]
        return tuple(tuple(buttons[i : i + 3]) for i in range(0, len(buttons), 3))

    def accept(self, token: str) -> int | None:
        plain = token.isascii() and token.isdigit() and len(token) <= _LONGEST
        return self._within(int(token)) if plain else None

    def parse(self, typed: str, words: Words) -> int | None:  # noqa: ARG002  a number needs no labels
        return read_amount(typed, self.low, self.high)

    def dump(self, answer: int) -> Plain:
        return answer

    def load(self, plain: Plain) -> int:
        if isinstance(plain, int) and not isinstance(plain, bool) and self._within(plain) is not None:
            return plain
        raise ValueError(f"not an answer: {plain!r}")

    def label(self, answer: int) -> Param:
        return answer

    def _within(self, value: int) -> int | None:
        return value if self.low <= value <= self.high else None


def read_amount(typed: str, low: int, high: int) -> int | None:
    """`20`, `20 Minuten gegangen`, `6.000 Schritte`; `None` for anything that is not one number within the range."""
    bare = _UNITS.sub(" ", _THOUSANDS.sub("", plain_digits(typed).casefold()))
    number = parse_number(bare)
    if number is None or not number.is_integer() or not low <= number <= high:
        return None
    return int(number)
