"""The linear model behind the rules: adds up the weights of what a text shows and says how likely each class is.

Deterministic and without any library; a word's weights are added once and remembered. Long texts are read in stretches.
"""

import math
import struct
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from bot.coach.alarm_features import Features, Row, hash_of, plain
from bot.coach.alarm_text import Reading
from bot.library.alarm_phrases import AlarmCategory, AlarmLevel
from bot.library.alarm_weights import LANE, ZERO, AlarmLimits, AlarmWeights

_REMEMBERED = 12_000  # words
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


class AlarmModel:
    """Holds the weights and what it learned about words."""

    def __init__(self, weights: AlarmWeights, features: Features) -> None:
        self._weights = weights
        self._features = features
        self._word = lru_cache(_REMEMBERED)(self._learn)
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
        pairs, senses = self._features.of_pairs(words), self._features.of_senses(rows)
        weigh = self._weights.rows.total
        groups = (
            (sum(added), sum(counts)),
            (weigh(pairs), len(pairs)),
            (weigh(senses), len(senses)),
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
