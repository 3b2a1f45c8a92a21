"""How the alarm reads a text: one folded spelling, then words with their clause and sentence.

Folding is the same for phrases and texts, so ä, ae and a missing umlaut are one letter. Total: any string is readable.
"""

import re
import unicodedata
from typing import NamedTuple

LONGEST = 4096
KEPT_EACH_SIDE = 2000

_IGNORED = frozenset({"Mn", "Me", "Cf", "Cc", "Cs"})  # marks, zero-width and bidi controls, lone surrogates
_UNUSUAL = re.compile(r"[^\n\t\x20-\x7e]+")
_UMLAUT = re.compile("ae|oe|ue")
# The letters most German texts have beside plain ones; after these few texts need the long way.
_COMMON = str.maketrans(dict.fromkeys("’‘´`ʼ", "'") | dict(zip("äöüÄÖÜ", "aouaou", strict=True)) | {"ß": "ss"})
_CONTRACTION = re.compile(r"\b(?:i'm|([a-z]+)'(ve|re|ll))\b")
_LONG_RUN = re.compile(r"([a-z])\1{2,}")
_PART = re.compile(r"[a-z]+|[0-9]+(?:[.,][0-9]+)?|\.{2,}|[.!?;]+|[,:()\n/–—]")
_EXPANDED = {"ve": "have", "re": "are", "ll": "will"}


class Reading(NamedTuple):
    """A text's words, each with the number of its clause and sentence; `asked`: the places before a question mark."""

    words: list[str]
    clauses: list[int]
    sentences: list[int]
    asked: list[int]


def _without_ignored(unusual: re.Match[str]) -> str:
    return "".join([c for c in unusual[0] if unicodedata.category(c) not in _IGNORED])


def fold(text: str) -> str:
    """One spelling for all ways of writing a word: case, accents, umlauts, invisible characters."""
    return _UMLAUT.sub(lambda found: found[0][0], _in_plain_letters(text))


def spell(word: str) -> str:
    """A word of a reading with its umlauts folded; an elongation keeps three letters."""
    return _LONG_RUN.sub(r"\1\1\1", _UMLAUT.sub(lambda found: found[0][0], word))


def _in_plain_letters(text: str) -> str:
    text = text.translate(_COMMON)
    if text.isascii():
        letters = text.lower()
    else:
        # Upper first: it maps more rare letters together than casefold alone (ı and I).
        letters = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text.upper()).casefold())
    return _UNUSUAL.sub(_without_ignored, letters)


def _contraction(found: re.Match[str]) -> str:
    return f"{found[1]} {_EXPANDED[found[2]]}" if found[1] else "i am"


def _join_apostrophes(text: str) -> str:
    """`can't` becomes one word, `I'm` and `I've` become two, so that German *im* stays apart."""
    if "'" not in text:
        return text
    return _CONTRACTION.sub(_contraction, text).replace("'", "")


def shorten(text: str) -> str:
    """Beginning and end of a text that is too long to read whole."""
    if len(text) <= LONGEST:
        return text
    return f"{text[:KEPT_EACH_SIDE]}\n.\n{text[-KEPT_EACH_SIDE:]}"


def read(text: str) -> Reading:
    """Split a text into words in plain letters; who looks a word up spells it first."""
    folded = _join_apostrophes(_in_plain_letters(shorten(text)))
    words: list[str] = []
    clauses: list[int] = []
    sentences: list[int] = []
    asked: list[int] = []
    clause = sentence = 0
    for part in _PART.findall(folded):
        if part[0].isalnum():
            words.append(part)
            clauses.append(clause)
            sentences.append(sentence)
        else:
            clause += 1
            if "?" in part and words:
                asked.append(len(words) - 1)
            sentence += part[0] in "!?;" or part == "."
    if "," in folded:
        words = [word.replace(",", ".") for word in words]
    return Reading(words, clauses, sentences, asked)
