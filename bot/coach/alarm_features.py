"""What the model sees of a text, as bucket numbers: pieces of words, word pairs, senses, and what the rules found.

The training uses this very code. A change here needs new weights (`make train-alarm`).
"""

import re
import unicodedata
import zlib
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations_with_replacement, pairwise
from typing import TypeAlias

from bot.coach.alarm_text import spell

_LONGEST_WORD = 24  # bounds the work on one endless word
_PIECES = (3, 4, 5)
_SYMBOLS = 8
_BEYOND_LETTERS = re.compile("[\u2000-\U0010ffff]")
_NEAR = 5  # words further apart than this are no neighbours
_FOLLOWING = 3  # how many of the next words with a sense are looked at
WORD_COUNTS = 2  # how often a whole word counts beside a piece of it
_SHORT = 1 << 20  # a hash, so that a pair's stays a small number, with which Python reckons fast
_NEXT, _NEXT_BUT_ONE, _AFTER, _TOGETHER = 577, 733, 397, 911  # keep the kinds of pairs apart


Row: TypeAlias = tuple[int, ...]  # the senses of a word


class Features:
    """Gives the buckets of a text's features, of `size`.

    `senses` are the names behind the numbers in a row; every second number is the negated sense. Words and senses go
    by hashes, and a pair's bucket is reckoned from two of them: hashing its name would take most of the time.
    """

    def __init__(self, senses: Sequence[str], size: int) -> None:
        self._senses = [hash_of(name + sign) for name in senses for sign in ("", "-")]
        self._size = size

    def of_word(self, word: str) -> list[int]:
        """A word by itself, twice, and its pieces."""
        size = self._size
        body = f"<{word}>".encode()
        found = [zlib.crc32(b"w " + word.encode()) % size] * WORD_COUNTS
        for length in _PIECES:
            found += [zlib.crc32(body[at : at + length]) % size for at in range(len(body) - length + 1)]
        return found

    def of_pairs(self, words: Sequence[int]) -> list[int]:
        """Neighbours, and neighbours but one, by their hashes; where the text begins and ends counts as a word."""
        size = self._size
        framed = (_BEGIN, *words, _END)
        found = [(first * _NEXT + second) % size for first, second in pairwise(framed)]
        found += [(first * _NEXT_BUT_ONE + second) % size for first, second in zip(framed, framed[2:], strict=False)]
        return found

    def of_senses(self, rows: Sequence[Row]) -> list[int]:
        """Which senses follow which nearby, and which stand together, one with itself too; a pair counts once for each.

        In a pair of the second kind the one with the smaller number comes first.
        """
        size, hashes = self._size, self._senses
        found = [
            (hashes[sense] * _AFTER + hashes[other]) % size
            for row, near in followed(rows)
            for sense in row
            for other in near
        ]
        seen = [hashes[sense] for sense in sorted(set().union(*rows))]
        found += [(one * _TOGETHER + other) % size for one, other in combinations_with_replacement(seen, 2)]
        return found

    def of_notes(self, notes: Iterable[str]) -> list[int]:
        return [zlib.crc32(note.encode()) % self._size for note in notes]


def followed(rows: Sequence[Row]) -> Iterator[tuple[Row, list[int]]]:
    """Each word that has a sense, beside the senses of the next ones that have any and stand near it."""
    marked = [(place, row) for place, row in enumerate(rows) if row]
    for at, (place, row) in enumerate(marked, 1):
        yield row, [sense for other, near in marked[at : at + _FOLLOWING] if other - place <= _NEAR for sense in near]


def hash_of(word: str) -> int:
    """By which a word is known in a pair."""
    return zlib.crc32(word.encode()) % _SHORT


_BEGIN, _END = hash_of("^"), hash_of("$")


def plain(word: str) -> str:
    """A word spelled one way, its numbers blurred: how long a number is matters, not which."""
    return "#" * min(len(word), _LONGEST_WORD) if word[0].isdigit() else spell(word)[:_LONGEST_WORD]


def symbols(text: str) -> Iterator[str]:
    """Emoji and other signs that carry a mood, each once."""
    if text.isascii():
        return
    signs = sorted(c for c in set(_BEYOND_LETTERS.findall(text)) if unicodedata.category(c) == "So")
    yield from (f"e {sign}" for sign in signs[:_SYMBOLS])
