"""Numbers as people type them: digits of any script, keycaps, German and English number words."""

import re
import unicodedata

_UNITS = {
    "null": 0, "zero": 0, "ein": 1, "eins": 1, "eine": 1, "oans": 1, "one": 1, "zwei": 2, "zwo": 2, "two": 2,
    "drei": 3, "three": 3, "vier": 4, "four": 4, "fuenf": 5, "fünf": 5, "funf": 5, "five": 5, "sechs": 6, "six": 6,
    "sieben": 7, "seven": 7, "acht": 8, "eight": 8, "neun": 9, "nine": 9, "zehn": 10, "ten": 10, "elf": 11,
    "eleven": 11, "zwoelf": 12, "zwölf": 12, "zwolf": 12, "twelve": 12, "dreizehn": 13, "thirteen": 13,
    "vierzehn": 14, "fourteen": 14, "fünfzehn": 15, "fuenfzehn": 15, "funfzehn": 15, "fifteen": 15, "sechzehn": 16,
    "sixteen": 16, "siebzehn": 17, "seventeen": 17, "achtzehn": 18, "eighteen": 18, "neunzehn": 19, "nineteen": 19,
}  # fmt: skip
_TENS_DE = {
    "zwanzig": 20, "dreißig": 30, "dreissig": 30, "vierzig": 40, "fünfzig": 50, "fuenfzig": 50, "funfzig": 50,
    "sechzig": 60, "siebzig": 70, "achtzig": 80, "neunzig": 90,
}  # fmt: skip
_TENS_EN = {
    "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
}  # fmt: skip


def _all_words() -> dict[str, int]:
    words = {**_UNITS, **_TENS_DE, **_TENS_EN, "hundert": 100, "einhundert": 100, "hundred": 100}
    small = {word: value for word, value in _UNITS.items() if 0 < value < 10 and word not in {"eins", "eine"}}
    for unit, value in small.items():
        words |= {f"{unit}und{ten}": value + tens for ten, tens in _TENS_DE.items()}
        words |= {f"{ten}{unit}": tens + value for ten, tens in _TENS_EN.items()}
    return words


NUMBER_WORDS = _all_words()
ORDINALS = {
    stem + ending: value
    for stem, value in {
        "erst": 1, "zweit": 2, "dritt": 3, "viert": 4, "fünft": 5, "fuenft": 5, "funft": 5, "sechst": 6, "siebt": 7,
        "acht": 8, "neunt": 9, "zehnt": 10,
    }.items()
    for ending in ("e", "er", "es", "en", "em")
} | {
    word: value
    for value, word in enumerate(
        ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"), start=1
    )
}  # fmt: skip

LONGEST_ANSWER = 200  # characters; whoever writes more tells a story, and a story is no answer
_KEYCAP_TEN = "\N{KEYCAP TEN}"
_PART = re.compile(r"\d+(?:[.,]\d+)?|[^\W\d_]+|[^\w\s]")


def words_in(text: str) -> frozenset[str]:
    """A set of words written as one line of text."""
    return frozenset(text.split())


def phrases_in(text: str) -> frozenset[str]:
    """A set of phrases written as text, with bars between them."""
    return frozenset(text.split(" | "))


def plain_digits(text: str) -> str:
    """Compatibility forms, other scripts' digits and keycaps become ASCII digits; invisible characters go."""
    if text.isascii() and text.isprintable():
        return text  # nothing in it would change
    shown = unicodedata.normalize("NFKC", text.replace(_KEYCAP_TEN, " 10 "))
    return "".join(_plain(character) for character in shown)


def _plain(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Nd":
        return str(unicodedata.decimal(character))
    if category in {"Cf", "Me", "Cs"} or "\ufe00" <= character <= "\ufe0f":
        return ""
    return " " if category == "Cc" else character


def parts_of(text: str) -> list[str]:
    """Numbers, words (case folded) and single signs, in order; pictures and emphasis are left out."""
    kept = (part for part in _PART.findall(plain_digits(text).casefold()))
    return [part for part in kept if part[0].isalnum() or part in "-+/?%.,:;&–—−"]


def value_of(part: str) -> float | None:
    """The number a digit group or a number word stands for."""
    if part[0] in "0123456789":
        return float(part.replace(",", "."))
    whole = NUMBER_WORDS.get(part.removesuffix("einhalb"))
    if whole is None:
        return None
    return whole + (0.5 if part.endswith("einhalb") else 0.0)


def plain_words(text: str) -> str:
    """Words only, lower case, apostrophes closed up, one space between."""
    closed = re.sub("['’‘´`]", "", plain_digits(text).casefold())
    return " ".join(re.findall(r"\w+", closed))
