"""The alarm's rules applied to one reading: the gravest finding, and what was seen and quieted on the way."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from bot.coach.alarm_context import Finding, Surroundings, needed_by
from bot.coach.alarm_text import Reading
from bot.coach.alarm_words import WordClasses
from bot.library.alarm_phrases import AlarmCategory, AlarmLevel, AlarmPhrases, AlarmRule, Certainty, Quiet

# Other people's present needs help too, so it is quiet only for rules that say so (a fall of someone else).
_USUALLY_HEEDED = frozenset(Quiet) - {Quiet.OTHERS}
_LOOKED_AT = 6  # findings of one rule from either end of a text: bounds the work on a hostile one


@dataclass(frozen=True, slots=True)
class Alarm:
    """What was found; `rule` is the phrase rule's id, or MODEL where the model spoke, for the journal."""

    level: AlarmLevel
    category: AlarmCategory
    certainty: Certainty
    rule: str


SILENT = Alarm(AlarmLevel.NONE, AlarmCategory.NONE, Certainty.SURE, "")

# Help that cannot wait comes first; a sure finding before one that needs a question.
RANK = {
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


class Heard(NamedTuple):
    """The gravest alarm, and for the model: which rules spoke, which were quieted why, every word's classes."""

    found: Alarm
    notes: frozenset[str]
    negated: list[bool]
    marks: list[int]


class AlarmRules:
    """The rules of the content, compiled once; `classes` knows their words, and may know more."""

    def __init__(self, phrases: AlarmPhrases, classes: WordClasses) -> None:
        self._classes = classes
        self._needed = needed_by(classes)
        self._words = classes.mask(phrases.words)
        rules = [self._compile(rule) for rule in phrases.rules]
        self._rules = [(rule.groups[0], rule.groups[1:], rule) for rule in rules]

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

    def hear(self, reading: Reading) -> Heard:
        """What the rules make of a text."""
        every = self._classes.mark(reading)
        words = self._words
        marks = [mark & words for mark in every]  # shorter numbers, and fewer words that matter
        surroundings = Surroundings(self._classes, reading, marks, self._needed)
        present = surroundings.present
        best = SILENT
        notes: set[str] = set()
        for core, rest, rule in self._rules:
            if not present & core:
                continue
            for group in rest:
                if not present & group:
                    break
            else:
                found = _strongest(rule, reading, marks, surroundings, notes)
                if RANK[found.level, found.certainty] > RANK[best.level, best.certainty]:
                    best = found
        return Heard(best, frozenset(notes), surroundings.negated, every)


def _strongest(rule: _Rule, reading: Reading, marks: list[int], surroundings: Surroundings, notes: set[str]) -> Alarm:
    """The rule's alarm if a finding stands unquieted; softened if all of those are, or if the text is doubtful."""
    alarm = rule.alarm
    softened = SILENT
    for finding in _findings(rule, reading, marks, surroundings):
        if rule.unless and surroundings.in_sentence(rule.unless, finding):
            notes.update(("q unless", f"q {alarm.category} unless"))
            continue
        reasons = [reason for reason in rule.heeds if surroundings.quiets(reason, finding)]
        if reasons:
            for reason in reasons:
                notes.update((f"q {reason}", f"q {alarm.category} {reason}"))
            continue
        if not (surroundings.doubtful or (rule.soften and surroundings.in_sentence(rule.soften, finding))):
            notes.add(f"r {alarm.rule}")
            return alarm
        notes.add(f"r {alarm.rule} soft")
        softened = Alarm(alarm.level, alarm.category, Certainty.ASK, alarm.rule)
    return softened


def _findings(rule: _Rule, reading: Reading, marks: list[int], surroundings: Surroundings) -> Iterator[Finding]:
    cores = surroundings.standing(rule.groups[0])
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
