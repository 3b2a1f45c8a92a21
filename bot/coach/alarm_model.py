"""The linear model behind the rules: adds up the weights of what a text shows and says how likely each class is.

Deterministic and without any library; a word's weights are added once and remembered. Long texts are read in stretches.
"""

import math
import struct
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache, partial
from typing import NamedTuple

from bot.coach.alarm_features import Features, Row, followed, hash_of, plain, present
from bot.coach.alarm_text import Reading
from bot.library.alarm_phrases import AlarmCategory, AlarmLevel
from bot.library.alarm_weights import LANE, ZERO, AlarmLimits, AlarmWeights, Rows

_REMEMBERED = 12_000  # words
_PAIRS_REMEMBERED = 30_000  # pairs of senses; some seven megabytes
_NOTES_REMEMBERED = 1_000
WINDOW = 40  # words of one sentence read at once; a text longer than this counts as long
_STRETCH = 24  # words of several sentences read at once: many harmless ones must not add up to an alarm
SHARES = (0.6, 0.6, 0.6, 0.6)  # how much words, pairs, senses and notes count beside each other
POWER = 0.3  # how far many features of a group are held down
_ALARMS = tuple(level for level in AlarmLevel if level is not AlarmLevel.NONE)
_FINE = 256  # the shares as whole numbers, so that groups add up before they are taken apart


class Opinion(NamedTuple):
    """How likely it is that anything is wrong, and the likeliest alarm; `share` is that level's probability."""

    alarm: float
    level: AlarmLevel
    category: AlarmCategory
    share: float
    long: bool


@lru_cache
def share_of(group: int, size: int) -> int:
    """The whole number a group of features is multiplied by."""
    return round(_FINE * SHARES[group] / size**POWER) if size else 0


def stretches(sentences: Sequence[int]) -> Iterator[slice]:
    """The parts of a text that are judged one by one: as many whole sentences as fit, or a piece of an endless one."""
    size = len(sentences)
    start = 0
    while start < size:
        end = _end_of(sentences, start)
        yield slice(start, end)
        start = end


def _end_of(sentences: Sequence[int], start: int) -> int:
    """Where the part that begins here ends."""
    size = len(sentences)
    if size - start <= _STRETCH:
        return size
    most = min(start + WINDOW, size)
    first_ends = next((end for end in range(start, most) if sentences[end] != sentences[start]), most)
    end = start + _STRETCH
    while end > first_ends and sentences[end] == sentences[end - 1]:
        end -= 1
    return max(end, first_ends)


class _Partners(dict[int, int]):
    """What one sense weighs with each other; a pair is reckoned when it is first met, since most never are."""

    def __init__(self, reckon: Callable[[int], int]) -> None:
        super().__init__()
        self._reckon = reckon

    def __missing__(self, other: int) -> int:
        weight = self[other] = self._reckon(other)
        return weight


class SenseSums:
    """Adds up what `Features.of_senses` gives without listing it: the same pairs come again and again."""

    def __init__(self, features: Features, rows: Rows) -> None:
        self._rows = rows
        self._followed = [_Partners(partial(self._reckon, features.of_followed, at)) for at in range(features.senses)]
        self._company = [_Partners(partial(self._reckon, features.of_company, at)) for at in range(features.senses)]
        self._remembered = 0

    def total(self, rows: Sequence[Row]) -> tuple[int, int]:
        """The sum, and of how many features."""
        total = size = 0
        partners = self._followed
        for row, near in followed(rows):
            size += len(row) * len(near)
            for sense in row:
                total += sum(map(partners[sense].__getitem__, near))
        seen = present(rows)
        partners = self._company
        for at, sense in enumerate(seen):
            total += sum(map(partners[sense].__getitem__, seen[at:]))
        return total, size + len(seen) * (len(seen) + 1) // 2

    def _reckon(self, bucket_of: Callable[[int, int], int], sense: int, other: int) -> int:
        if self._remembered >= _PAIRS_REMEMBERED:
            for each in (*self._followed, *self._company):
                each.clear()
            self._remembered = 0
        self._remembered += 1
        return self._rows.total((bucket_of(sense, other),))


class AlarmModel:
    """Holds the weights and what it learned about words."""

    def __init__(self, weights: AlarmWeights, features: Features) -> None:
        self._weights = weights
        self._features = features
        self._word = lru_cache(_REMEMBERED)(self._learn)
        self._senses = SenseSums(features, weights.rows)
        self._notes = lru_cache(_NOTES_REMEMBERED)(self._note)
        self._lanes = struct.Struct(f"<{len(weights.classes)}I")
        self._bytes = self._lanes.size + LANE
        places = {
            level: [place for place, (each, _) in enumerate(weights.classes) if each is level] for level in _ALARMS
        }
        self._levels = [(level, min(found), max(found) + 1) for level, found in places.items() if found]  # sorted

    @property
    def limits(self) -> AlarmLimits:
        return self._weights.limits

    def judge(self, reading: Reading, rows: Sequence[Row], notes: Sequence[str]) -> Opinion:
        """`rows`: each word's senses; `notes`: what the rules and the signs say, heeded in a short text only."""
        words = reading.words
        long = len(words) > WINDOW
        known = list(map(self._word, words))
        opinions = (
            self._judge(known[part], rows[part], () if long else notes, long=long)
            for part in stretches(reading.sentences)
        )
        return max(opinions, key=lambda opinion: opinion.alarm)

    def _judge(
        self,
        known: Sequence[tuple[int, int, int]],
        rows: Sequence[Row],
        notes: Sequence[str],
        *,
        long: bool,
    ) -> Opinion:
        added, counts, words = zip(*known, strict=True)
        pairs = self._features.of_pairs(words)
        groups = (
            (sum(added), sum(counts)),
            (self._weights.rows.total(pairs), len(pairs)),
            self._senses.total(rows),
            self._notes(tuple(notes)),
        )
        total = raised = 0
        for group, (weight, size) in enumerate(groups):
            share = share_of(group, size)
            total += share * weight
            raised += share * size
        return self._opinion(total, ZERO * raised, long=long)

    def _note(self, notes: tuple[str, ...]) -> tuple[int, int]:
        found = self._features.of_notes(notes)
        return self._weights.rows.total(found), len(found)

    def _learn(self, word: str) -> tuple[int, int, int]:
        """The sum of what the word and its pieces weigh, how many they are, and the word's hash."""
        blurred = plain(word)
        found = self._features.of_word(blurred)
        return self._weights.rows.total(found), len(found), hash_of(blurred)

    def _opinion(self, total: int, raised: int, *, long: bool) -> Opinion:
        weights = self._weights
        factor = weights.scale / _FINE
        lanes = self._lanes.unpack_from(total.to_bytes(self._bytes, "little"))
        logits = [bias + factor * (lane - raised) for lane, bias in zip(lanes, weights.bias, strict=True)]
        top = max(logits)
        shares = [math.exp(logit - top) for logit in logits]
        levels = [(sum(shares[first:end]), level, first, end) for level, first, end in self._levels]
        of_level, level, first, end = max(levels)
        loudest = max(range(first, end), key=shares.__getitem__)
        every = sum(shares)
        alarm = sum([share for share, *_ in levels]) / every
        return Opinion(alarm, level, weights.classes[loudest][1], of_level / every, long)
