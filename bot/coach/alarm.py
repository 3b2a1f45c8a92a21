"""Red flags and crises in free text, German and English, by rules from content; pure, deterministic, no database.

Says only level, category, certainty and the rule's id, never a word of the text. A further opinion (a small linear
model over the same reading) belongs behind `check`, so that callers never change.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.coach.alarm_context import Finding, Surroundings
from bot.coach.alarm_text import Reading, read
from bot.coach.alarm_words import WordClasses
from bot.library.alarm_phrases import AlarmCategory, AlarmLevel, AlarmPhrases, AlarmRule, Certainty, Quiet

__all__ = ["SILENT", "Alarm", "AlarmCategory", "AlarmDetector", "AlarmLevel", "Certainty"]

# Other people's present needs help too, so it is quiet only for rules that say so (a fall of someone else).
_USUALLY_HEEDED = frozenset(Quiet) - {Quiet.OTHERS}
_LOOKED_AT = 6  # findings of one rule from either end of a text: bounds the work on a hostile one
_SHORTEST = 2  # a finding needs at least a word


@dataclass(frozen=True, slots=True)
class Alarm:
    """What was found; `rule` is the phrase rule's id, for the journal."""

    level: AlarmLevel
    category: AlarmCategory
    certainty: Certainty
    rule: str


SILENT = Alarm(AlarmLevel.NONE, AlarmCategory.NONE, Certainty.SURE, "")

# Help that cannot wait comes first; a sure finding before one that needs a question.
_RANK = {
    (AlarmLevel.EMERGENCY, Certainty.SURE): 6,
    (AlarmLevel.CRISIS, Certainty.SURE): 5,
    (AlarmLevel.EMERGENCY, Certainty.ASK): 4,
    (AlarmLevel.CRISIS, Certainty.ASK): 3,
    (AlarmLevel.URGENT, Certainty.SURE): 2,
    (AlarmLevel.URGENT, Certainty.ASK): 1,
    (AlarmLevel.NONE, Certainty.SURE): 0,
}


@dataclass(frozen=True, slots=True)
class _Rule:
    """A content rule with its classes as masks."""

    alarm: Alarm
    groups: tuple[int, ...]
    window: int
    ordered: bool
    across: bool
    unless: int
    soften: int
    heeds: tuple[Quiet, ...]


class AlarmDetector:
    """Finds alarms; build it once and share it."""

    def __init__(self, phrases: AlarmPhrases) -> None:
        self._classes = WordClasses({name: list(words.forms()) for name, words in phrases.words.items()})
        self._rules = [self._compile(rule) for rule in phrases.rules]
        self._cores = 0
        for rule in self._rules:
            self._cores |= rule.groups[0]

    def _compile(self, rule: AlarmRule) -> _Rule:
        heeds = (_USUALLY_HEEDED | set(rule.heeds)) - set(rule.ignores)
        return _Rule(
            alarm=Alarm(rule.level, rule.category, rule.certainty, rule.id),
            groups=tuple(self._classes.mask(group) for group in rule.groups),
            window=rule.window,
            ordered=rule.ordered,
            across=rule.across,
            unless=self._classes.mask(rule.unless),
            soften=self._classes.mask(rule.soften),
            heeds=tuple(sorted(heeds)),
        )

    def check(self, text: str) -> Alarm:
        """The gravest alarm in the text, or SILENT; both languages always, never raises."""
        if len(text) < _SHORTEST:
            return SILENT
        reading = read(text)
        marks = self._classes.mark(reading)
        present = 0
        for mark in marks:
            present |= mark
        if not present & self._cores:
            return SILENT
        return self._judge(reading, marks, present)

    def _judge(self, reading: Reading, marks: list[int], present: int) -> Alarm:
        surroundings: Surroundings | None = None
        best = SILENT
        for rule in self._rules:
            if _RANK[rule.alarm.level, rule.alarm.certainty] <= _RANK[best.level, best.certainty]:
                continue
            if not all(present & group for group in rule.groups):
                continue
            surroundings = surroundings or Surroundings(self._classes, reading, marks)
            found = _strongest(rule, reading, marks, surroundings)
            if _RANK[found.level, found.certainty] > _RANK[best.level, best.certainty]:
                best = found
        return best

    def is_sure_emergency(self, text: str) -> bool:
        """Whether the static emergency text may be sent without asking anyone (no database at hand)."""
        alarm = self.check(text)
        return alarm.certainty is Certainty.SURE and alarm.level in {AlarmLevel.EMERGENCY, AlarmLevel.CRISIS}


def _strongest(rule: _Rule, reading: Reading, marks: list[int], surroundings: Surroundings) -> Alarm:
    """The rule's alarm if one of its findings stands unquieted; softened if all of those are."""
    softened = SILENT
    for finding in _findings(rule, reading, marks):
        if rule.unless and surroundings.in_sentence(rule.unless, finding):
            continue
        if any(surroundings.quiets(reason, finding) for reason in rule.heeds):
            continue
        if not (rule.soften and surroundings.in_sentence(rule.soften, finding)):
            return rule.alarm
        softened = Alarm(rule.alarm.level, rule.alarm.category, Certainty.ASK, rule.alarm.rule)
    return softened


def _findings(rule: _Rule, reading: Reading, marks: list[int]) -> Iterator[Finding]:
    cores = [place for place, mark in enumerate(marks) if mark & rule.groups[0]]
    if len(cores) > 2 * _LOOKED_AT:
        cores = cores[:_LOOKED_AT] + cores[-_LOOKED_AT:]
    for core in cores:
        places = [core]
        for group in rule.groups[1:]:
            place = _nearest(rule, group, core, reading, marks)
            if place is None:
                break
            places.append(place)
        else:
            yield Finding(core, min(places), max(places))


def _nearest(rule: _Rule, group: int, core: int, reading: Reading, marks: list[int]) -> int | None:
    """The group's word nearest to the symptom, within window and sentence."""
    sentences = reading.sentences
    for distance in range(rule.window + 1):
        for place in (core + distance, core - distance):
            if not 0 <= place < len(marks) or not marks[place] & group or (rule.ordered and place < core):
                continue
            if rule.across or sentences[place] == sentences[core]:
                return place
    return None
