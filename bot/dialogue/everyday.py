"""Which everyday topic a message is about: by words alone, always the same way. Alarm words were looked for before.

The whole message first, then the longest pattern within it, then the topic that stands first in the content.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from bot.dialogue.numbers import plain_digits, plain_words
from bot.library.topic import Topic, Topics

LONGEST = 25  # words; whoever writes more tells a story, and a story has no one topic
_START = 3  # letters by which patterns are looked up
_SIGNS = re.compile("[\U0001f000-\U0001f3fa\U0001f400-\U0001faff\u2600-\u27bf]")  # skin tones stand between
_ALL_SIGNS = re.compile("[\U0001f000-\U0001faff\u2600-\u27bf]")
_Phrase: TypeAlias = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Part:
    """A choice: single words, beginnings of words, and some words in a row."""

    single: frozenset[str]
    begun: tuple[str, ...]
    rows: tuple[_Phrase, ...]
    weight: int

    def starts(self) -> Iterator[str]:
        """How some word of a message begins in which this part stands."""
        yield from self.single
        yield from self.begun
        yield from (row[0].removesuffix("*") for row in self.rows)

    def stands_in(self, words: _Phrase, there: frozenset[str]) -> bool:
        return (
            not self.single.isdisjoint(there)
            or any(word.startswith(self.begun) for word in there)
            or any(row[0] in there and _holds(words, row) for row in self.rows)
        )


@dataclass(frozen=True, slots=True)
class _Pattern:
    """Every part must be there."""

    parts: tuple[_Part, ...]
    weight: int


@dataclass(frozen=True, slots=True)
class _Known:
    topic: Topic
    whole: frozenset[_Phrase]


class TopicFinder:
    """Built once of the content and shared."""

    def __init__(self, topics: Topics) -> None:
        self._fillers = frozenset(word for each in topics.fillers for word in _spelled(each))
        self._complaints = _part(tuple(_spelled(each) for each in topics.complaints))
        classes = {name: tuple(_spelled(each) for each in words) for name, words in topics.words.items()}
        self._known = tuple(
            _Known(
                topic,
                frozenset(form for each in topic.whole for form in (_spelled(each), self._bare(_spelled(each)))),
            )
            for topic in topics.topics
        )
        self._patterns = tuple((_pattern(each, classes), topic) for topic in topics.topics for each in topic.holds)
        # A message has a dozen beginnings of words, and only these patterns can stand in it: not all 2,400 are tried.
        self._by_start: dict[str, set[int]] = defaultdict(set)
        for number, (pattern, _) in enumerate(self._patterns):
            for start in pattern.parts[0].starts():
                self._by_start[start[:_START]].add(number)

    def find(self, typed: str) -> Topic | None:
        """`None`: nothing fits, or it is too long to be one thing."""
        words = _spelled(typed)
        if not words or len(words) > LONGEST:
            return None
        complains = self._complaints.stands_in(words, frozenset(words))
        found = self._whole(words) or self._whole(self._bare(words)) or self._within(words)
        return None if found is None or (complains and not found.health) else found

    def _whole(self, words: _Phrase) -> Topic | None:
        return next((known.topic for known in self._known if words in known.whole), None)

    def _within(self, words: _Phrase) -> Topic | None:
        there = frozenset(words)
        starts = {word[:length] for word in there for length in range(_START + 1)}
        best: tuple[int, Topic | None] = (0, None)
        for number in sorted(set().union(*(self._by_start.get(start, ()) for start in starts))):
            pattern, topic = self._patterns[number]
            if pattern.weight > best[0] and all(part.stands_in(words, there) for part in pattern.parts):
                best = (pattern.weight, topic)
        return best[1]

    def _bare(self, words: _Phrase) -> _Phrase:
        """Without fillers and signs; a message of nothing else stays as it is."""
        return tuple(word for word in words if word.isalnum() and word not in self._fillers) or words


def _spelled(text: str) -> _Phrase:
    """Words without differences of case and umlaut; signs such as a thumb are words of their own; a star stays."""
    starred = text.rstrip().endswith("*")
    signs = _SIGNS.findall(plain_digits(text))
    words = (
        plain_words(_ALL_SIGNS.sub(" ", text))
        .replace("ä", "ae")
        .replace("ö", "oe")
        .replace("ü", "ue")
        .replace("ß", "ss")
    )
    found = [*words.split(), *dict.fromkeys(signs)]
    if starred and found:
        found[-1] += "*"
    return tuple(found)


def _pattern(written: str, classes: dict[str, tuple[_Phrase, ...]]) -> _Pattern:
    pieces = (piece.strip() for piece in written.split("+"))
    parts = tuple(_part(classes[piece[1:]] if piece.startswith("@") else (_spelled(piece),)) for piece in pieces)
    return _Pattern(parts, sum(part.weight for part in parts))


def _part(phrases: tuple[_Phrase, ...]) -> _Part:
    alone = [phrase[0] for phrase in phrases if len(phrase) == 1]
    return _Part(
        single=frozenset(word for word in alone if not word.endswith("*")),
        begun=tuple(word[:-1] for word in alone if word.endswith("*")),
        rows=tuple(phrase for phrase in phrases if len(phrase) > 1),
        weight=min(len(phrase) for phrase in phrases),
    )


def _holds(words: _Phrase, phrase: Sequence[str]) -> bool:
    width = len(phrase)
    return any(_same(words[start : start + width], phrase) for start in range(len(words) - width + 1))


def _same(words: Iterable[str], phrase: Iterable[str]) -> bool:
    return all(
        word.startswith(wanted[:-1]) if wanted.endswith("*") else word == wanted
        for word, wanted in zip(words, phrase, strict=True)
    )
