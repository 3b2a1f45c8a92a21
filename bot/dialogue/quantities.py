"""One quantity in a typed answer: a number, a narrow range, a point on a scale; anything else is None.

Ranges and halves go to the higher number on a scale: for pain and effort that is the cautious one.
"""

import math
import re
from dataclasses import dataclass

from bot.dialogue.numbers import LONGEST_ANSWER, parts_of, phrases_in, plain_digits, plain_words, value_of, words_in

_WIDEST_RANGE = 2.0  # "6 bis 7" is one answer, "2 bis 8" is none

_AROUND_A_NUMBER = words_in(
    "so etwa ca circa zirka ungefähr ungefaehr ungefahr vielleicht wohl eher fast knapp gut ist sind bei heute gerade "
    "jetzt schmerz schmerzen mein meine der die das eine ein ne ner nen würde wuerde sagen ich glaube glaub denke bin "
    "auf einer punkte punkt rund schätze schaetze um about around maybe roughly approximately approx like its it is "
    "s i d id would say think my pain today now at a an the probably perhaps almost guess just right level "
    "immer noch still schon already wieder again würd wuerd mal glatte solid ish "
    "liegt heut this morning evening tonight hm hmm hmmm na ja naja nun puh uff ok okay joa leider "
    "stärke staerke skala stufe kinda sorta somewhere well uh eh scale sadly"
)
_SAYS_NOTHING = re.compile(
    r"\b(?:oder so|or so|or thereabouts|wie immer|wie sonst|wie gestern|wie vorhin|as usual|as always|like yesterday|"
    r"heute (?:morgen|früh|frueh|abend)|"
    r"same as (?:yesterday|always|usual|before))\b|-(?=ish\b)"
)
_BETWEEN = re.compile(r"\b(?:zwischen|between)\b(.+?)\b(?:und|and)\b")
_POINT = frozenset({"komma", "point"})
_TO = frozenset({"bis", "to", "or", "oder", "-", "–", "—", "−", "till", "until"})
_OUT_OF = frozenset({"/", "von", "of", "out"})
_NO_PAIN = phrases_in(
    "kein schmerz | keine schmerzen | gar keine schmerzen | keinerlei schmerzen | schmerzfrei | bin schmerzfrei | "
    "ich bin schmerzfrei | ich habe keine schmerzen | habe keine schmerzen | hab keine schmerzen | nichts tut weh | "
    "tut nicht weh | tut gar nicht weh | no pain | no pain at all | pain free | painfree | im pain free | "
    "i have no pain | nothing hurts | it doesnt hurt | doesnt hurt"
)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number or narrow range, with the scale's end if the person named it."""

    low: float
    high: float
    out_of: float | None = None


def read_quantity(text: str) -> Quantity | None:
    """The one number, or the one range, that the text consists of."""
    if len(text) > LONGEST_ANSWER:
        return None
    plain = _BETWEEN.sub(r"\1 bis ", _SAYS_NOTHING.sub(" ", plain_digits(text).casefold()))
    parts = [p for p in _with_halves(parts_of(plain)) if p not in {".", ",", ":", ";"}]
    row = [p for p in _without_articles(parts) if value_of(p) is not None or p not in _AROUND_A_NUMBER]
    values = [value_of(part) for part in row]
    between = [p for p, value in zip(row, values, strict=True) if value is None]
    numbers = [value for value in values if value is not None]
    if values[:1] == [None] or values[-1:] == [None]:
        return None
    if len(numbers) == 1 and not between:
        return Quantity(numbers[0], numbers[0])
    if len(numbers) == 2:
        return _pair(numbers[0], numbers[1], between)
    if len(numbers) == 3 and len(between) == 2 and between[1] in _OUT_OF:
        inner = _pair(numbers[0], numbers[1], between[:1])
        return Quantity(inner.low, inner.high, numbers[2]) if inner and inner.high <= numbers[2] else None
    return None


def _pair(first: float, second: float, between: list[str]) -> Quantity | None:
    if not between:
        return None
    if all(word in _OUT_OF for word in between):
        return Quantity(first, first, second) if first <= second else None
    if len(between) == 1 and between[0] in _TO and 0 < second - first <= _WIDEST_RANGE:
        return Quantity(first, second)
    return None


def _with_halves(parts: list[str]) -> list[str]:
    """`six and a half`, `sechs und ein halb` and `drei Komma fünf` become one number."""
    joined: list[str] = []
    place = 0
    while place < len(parts):
        value = value_of(parts[place])
        tail = parts[place + 1 : place + 4]
        if value is not None and tail in (["and", "a", "half"], ["und", "ein", "halb"]):
            joined.append(str(value + 0.5))
            place += 4
        elif value is not None and len(tail) > 1 and tail[0] in _POINT and (tenth := value_of(tail[1])) in range(10):
            joined.append(str(value + (tenth or 0) / 10))
            place += 3
        else:
            joined.append(parts[place])
            place += 1
    return joined


def _without_articles(parts: list[str]) -> list[str]:
    """`eine 7` is a seven: an article before a number is no number."""
    articles = {"ein", "eine", "einer", "a", "an"}
    return [
        part
        for part, following in zip(parts, [*parts[1:], ""], strict=False)
        if not (part in articles and following and value_of(following) is not None)
    ]


def parse_number(text: str) -> float | None:
    """A number; the middle of a narrow range."""
    quantity = read_quantity(text)
    return None if quantity is None else (quantity.low + quantity.high) / 2


def parse_scale(text: str, low: int, high: int) -> int | None:
    """A point on the scale; ranges and halves go to the higher, more cautious number."""
    quantity = read_quantity(text)
    if quantity is None or quantity.out_of not in {None, float(high)}:
        return None
    value = math.ceil(quantity.high)
    return value if low <= quantity.low and value <= high else None


def says_no_pain(text: str) -> bool:
    """Words for zero on a scale of pain, and nothing else beside them."""
    return len(text) <= LONGEST_ANSWER and "?" not in text and plain_words(text) in _NO_PAIN
