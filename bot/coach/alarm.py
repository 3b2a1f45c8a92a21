"""Red flags and crises in free text, German and English; pure, deterministic, no database.

Rules from content decide the clear cases. A small linear model over the same reading may add a question or drop one,
and overrules a rule that is sure only where it is all but certain that nothing, or less, is meant. Where the rules are
silent and the whole message is a known harmless line, it is not asked. All say only level, category, certainty and what
found it, never a word of the text.
"""

import re
from collections.abc import Mapping
from dataclasses import replace

from bot.coach.alarm_features import Features, symbols
from bot.coach.alarm_model import AlarmModel, Opinion
from bot.coach.alarm_plain import PlainTalk
from bot.coach.alarm_rules import RANK, SILENT, Alarm, AlarmRules, Heard
from bot.coach.alarm_text import Reading, read
from bot.coach.alarm_words import WordClasses
from bot.library.alarm_phrases import AlarmCategory, AlarmLevel, AlarmPhrases, Certainty, WordClass
from bot.library.alarm_plain import AlarmPlain
from bot.library.alarm_weights import AlarmLimits, AlarmSenses, AlarmWeights

__all__ = ["MODEL", "SILENT", "Alarm", "AlarmCategory", "AlarmDetector", "AlarmLevel", "Certainty", "Ears"]

_SHORTEST = 2  # a finding needs at least a word
# A number out of ten answers the question about pain, and what follows from ten is for the rules of the days to say.
_OUT_OF_TEN = re.compile(
    r"\s*(?:so |etwa |about )?\d{1,2}(?:[.,]\d)?\s*(?:von|aus|out of|of|/)\s*10[\s.!]*", re.IGNORECASE
)
# So few words give the model nothing by which to drop what the rules found.
_BARE = 4
_QUESTION = "how_asking"  # the sense that a question mark carries, too
MODEL = "model"  # stands for the rule's id where the model spoke


class Ears:
    """Reads a text for rules and model; the training listens with the same ears."""

    def __init__(self, phrases: AlarmPhrases, senses: AlarmSenses | None) -> None:
        classes = WordClasses(_forms(phrases.words), _forms(senses.words) if senses else None)
        self._rules = AlarmRules(phrases, classes)
        self._first_sense = len(phrases.words)
        self._question = classes.bits.get(_QUESTION, 0) >> self._first_sense
        self._named: tuple[dict[int, tuple[int, ...]], dict[int, tuple[int, ...]]] = ({}, {})

    def hear(self, text: str) -> tuple[Reading, Heard]:
        reading = read(text)
        return reading, self._rules.hear(reading)

    def rows(self, reading: Reading, heard: Heard) -> list[tuple[int, ...]]:
        """The senses of every word as numbers; a negated sense has a number of its own."""
        named = self._named
        first = self._first_sense
        marks = [mark >> first for mark in heard.marks]
        for place in reading.asked:
            marks[place] |= self._question
        rows = []
        for mark, negated in zip(marks, heard.negated, strict=True):
            known = named[negated]
            row = known.get(mark)
            if row is None:
                row = known[mark] = _numbers(mark, negated)
            rows.append(row)
        return rows

    @staticmethod
    def notes(text: str, heard: Heard) -> list[str]:
        """What the rules and the signs in the text say, as names of features."""
        found = heard.found
        said = [f"r {found.level} {found.certainty}", f"r {found.category}"] if found is not SILENT else ["r none"]
        return [*sorted(heard.notes), *said, *symbols(text)]


def _forms(words: Mapping[str, WordClass]) -> dict[str, list[str]]:
    return {name: list(word_class.forms()) for name, word_class in words.items()}


def _numbers(mark: int, negated: int) -> tuple[int, ...]:
    return tuple(2 * bit + negated for bit in range(mark.bit_length()) if mark >> bit & 1)


class AlarmDetector:
    """Finds alarms; build it once and share it. Without `senses` and `weights` only the rules speak."""

    def __init__(
        self,
        phrases: AlarmPhrases,
        senses: AlarmSenses | None = None,
        weights: AlarmWeights | None = None,
        plain: AlarmPlain | None = None,
    ) -> None:
        self._ears = Ears(phrases, senses)
        self._plain = PlainTalk(plain) if plain else None
        self._model = None
        if senses is not None and weights is not None:
            self._model = AlarmModel(weights, Features(tuple(senses.words), len(weights.rows)))

    def check(self, text: str) -> Alarm:
        """The gravest alarm in the text, or SILENT; both languages always, never raises."""
        if len(text) < _SHORTEST:
            return SILENT
        found, opinion = self.opinion(text)
        return settle(found, opinion, self._model.limits) if self._model and opinion else found

    def opinion(self, text: str) -> tuple[Alarm, Opinion | None]:
        """What the rules found and what the model says to it; nothing to say about a text without words."""
        reading, heard = self._ears.hear(text)
        if (
            self._model is None
            or not reading.words
            or _OUT_OF_TEN.fullmatch(text)
            or (heard.found is not SILENT and len(reading.words) <= _BARE)
            or (heard.found is SILENT and self._plain is not None and self._plain.is_all_of(text, reading))
        ):
            return heard.found, None
        rows = self._ears.rows(reading, heard)
        return heard.found, self._model.judge(reading, rows, self._ears.notes(text, heard))

    def is_sure_emergency(self, text: str) -> bool:
        """Whether the static emergency text may be sent without asking anyone (no database at hand)."""
        alarm = self.check(text)
        return alarm.certainty is Certainty.SURE and alarm.level in {AlarmLevel.EMERGENCY, AlarmLevel.CRISIS}


def settle(found: Alarm, opinion: Opinion, limits: AlarmLimits) -> Alarm:
    """The model may ask, drop a rule's question, and make a question of a rule that is sure.

    It drops what is sure only where it is all but certain, and asks about a lower level than a sure rule's only where
    it is certain to nine tenths of that level; content/alarm/README.md counts both. A long text drops nothing.
    """
    asked = Alarm(opinion.level, opinion.category, Certainty.ASK, MODEL)
    if found.level is AlarmLevel.NONE:
        least = limits.speak_long if opinion.long else limits.speak
        return asked if opinion.alarm >= least else SILENT
    sure = found.certainty is Certainty.SURE
    if opinion.alarm <= (limits.silence if sure else limits.quiet) and not opinion.long:
        return SILENT
    if not sure:
        return asked if opinion.share >= limits.replace and opinion.level is not found.level else found
    told, heard = RANK[opinion.level, Certainty.SURE], RANK[found.level, Certainty.SURE]
    if told > heard and opinion.share >= limits.graver:
        return asked
    if told < heard and opinion.share >= limits.lower and not opinion.long:
        return asked
    doubted = opinion.alarm <= limits.doubt and not opinion.long
    return replace(found, certainty=Certainty.ASK) if doubted else found
