"""What the model sees of a text, as bucket numbers: pieces of words, word pairs, senses, and what the rules found.

The training uses this very code. A change here needs new weights (`make train-alarm`).
"""

import unicodedata
import zlib
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Protocol

_LONGEST_WORD = 24  # bounds the work on one endless word
_PIECES = (3, 4, 5)
_SYMBOLS = 8
_BEYOND_LETTERS = 0x2000  # below it stand letters and marks
_NEAR = 5  # words further apart than this are no neighbours
_FOLLOWING = 3  # how many of the next words with a sense are looked at
_REMEMBERED = 10_000  # of each kind of pair; some four megabytes each
WORD_COUNTS = 2  # how often a whole word counts beside a piece of it
_BEGIN, _END = "^", "$"
_STRIDE = 1024  # more than there are senses, so that two of them make one key


class Values(Protocol):
    """What each bucket holds."""

    def __len__(self) -> int: ...

    def __getitem__(self, bucket: int, /) -> int: ...


class Features:
    """Gives what `values` holds in a feature's bucket, and remembers it: weights for the model, numbers for training.

    `senses` are the names behind the numbers in a row; every second number is the negated sense.
    """

    def __init__(self, senses: Sequence[str], values: Values) -> None:
        self._names = [name + sign for name in senses for sign in ("", "-")]
        self._values = values
        self._size = len(values)
        self._known: dict[str, int] = {}
        self._pairs: dict[str, dict[tuple[str, str], int]] = {"b": {}, "s": {}}
        self._together: dict[int, int] = {}
        self._neighbours: dict[int, int] = {}

    def _value(self, name: bytes) -> int:
        return self._values[zlib.crc32(name) % self._size]

    def of_word(self, word: str) -> list[int]:
        """A word by itself, twice, and its pieces."""
        body = f"<{word}>".encode()
        found = [self._value(b"w " + word.encode())] * WORD_COUNTS
        for length in _PIECES:
            found += [self._value(body[at : at + length]) for at in range(len(body) - length + 1)]
        return found

    def of_pairs(self, words: Sequence[str]) -> list[int]:
        """Neighbours, and neighbours but one; where the text begins and ends counts as a word."""
        framed = (_BEGIN, *words, _END)
        return [*self._named("b", pairwise(framed)), *self._named("s", zip(framed, framed[2:], strict=False))]

    def _named(self, kind: str, pairs: Iterable[tuple[str, str]]) -> list[int]:
        known = self._pairs[kind]
        if len(known) >= _REMEMBERED:
            known.clear()
        found = []
        for pair in pairs:
            value = known.get(pair)
            if value is None:
                value = known[pair] = self._value(f"{kind} {pair[0]} {pair[1]}".encode())
            found.append(value)
        return found

    def of_senses(self, rows: Sequence[Sequence[int]]) -> list[int]:
        """Senses present, which follow which nearby, and which stand together at all; a pair counts once for each."""
        marked = [(place, row) for place, row in enumerate(rows) if row]
        found: list[int] = []
        neighbours = self._neighbours
        for at, (place, row) in enumerate(marked):
            for other, later in marked[at + 1 : at + 1 + _FOLLOWING]:
                if other - place > _NEAR:
                    break
                for first in row:
                    for second in later:
                        key = first * _STRIDE + second
                        known = neighbours.get(key)
                        found.append(self._name_pair("f", key, neighbours) if known is None else known)
        seen = sorted({sense for _, row in marked for sense in row})
        together = self._together
        for at, first in enumerate(seen):
            base = first * _STRIDE
            for second in seen[at:]:
                known = together.get(base + second)
                found.append(self._name_pair("p", base + second, together) if known is None else known)
        return found

    def _name_pair(self, kind: str, key: int, known: dict[int, int]) -> int:
        first, second = divmod(key, _STRIDE)
        if len(known) >= _REMEMBERED:
            known.clear()
        value = known[key] = self._value(f"{kind} {self._names[first]} {self._names[second]}".encode())
        return value

    def of_notes(self, notes: Iterable[str]) -> list[int]:
        known = self._known
        if len(known) >= _REMEMBERED:
            known.clear()
        found = []
        for note in notes:
            value = known.get(note)
            if value is None:
                value = known[note] = self._value(note.encode())
            found.append(value)
        return found


def plain(word: str) -> str:
    """A word with its numbers blurred: how long a number is matters, not which."""
    return "#" * min(len(word), _LONGEST_WORD) if word[0].isdigit() else word[:_LONGEST_WORD]


def symbols(text: str) -> Iterator[str]:
    """Emoji and other signs that carry a mood, each once."""
    if text.isascii():
        return
    signs = sorted({c for c in text if ord(c) >= _BEYOND_LETTERS and unicodedata.category(c) == "So"})
    yield from (f"e {sign}" for sign in signs[:_SYMBOLS])
