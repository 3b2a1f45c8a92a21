"""What stands around a finding and quiets it: negation, the past, other people, animals, definitions, jokes.

Present and new beats the past; a resolved finding counts as resolved only if the word is about it, not about the pain.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property, reduce
from operator import or_

from bot.coach.alarm_text import Reading
from bot.coach.alarm_words import WordClasses
from bot.library.alarm_phrases import Quiet

_REACH_WIDE = 6  # "kein", "no": a noun phrase
_REACH_NEAR = 3  # "nicht", "don't": the next few words
_LIST_ITEM = 4  # longest part of a list that a leading "no" still covers
_DOUBTS = ("doubt", "past", "long_known", "resolved", "hypothetical", "definition", "joke", "animal")
# Words without one of which a text gives no such reason, so that few reasons need a closer look.
_NEEDED = {
    Quiet.NEGATED: ("negator_wide", "negator_near", "after_negation"),
    Quiet.RESOLVED: ("resolved",),
    Quiet.OLD: ("long_known", "past"),
    Quiet.OTHERS_PAST: ("other_person",),
    Quiet.OTHERS: ("other_person",),
    Quiet.ANIMAL: ("animal",),
    Quiet.DEFINITION: ("definition",),
    Quiet.HYPOTHETICAL: ("hypothetical",),
    Quiet.JOKE: ("joke",),
}
_ABOUT = 12  # how far a subject, or a word of recovery, reaches


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule's words in the text: the symptom, and the stretch from first to last word."""

    core: int
    first: int
    last: int


def needed_by(classes: WordClasses) -> dict[Quiet, int]:
    """For each reason the classes without which a text cannot give it."""
    return {reason: classes.mask(names) for reason, names in _NEEDED.items()}


class Surroundings:
    """One text's marks, asked whether a finding is to be taken as present; `needed`: from `needed_by`."""

    def __init__(self, classes: WordClasses, reading: Reading, marks: list[int], needed: Mapping[Quiet, int]) -> None:
        self._bits = classes.bits
        self._reading = reading
        self._marks = marks
        self._needed = needed
        self._places: dict[int, list[int]] = {}  # of each mark: a long text has few different ones
        for place, mark in enumerate(marks):
            if mark:
                self._places.setdefault(mark, []).append(place)
        self.present = reduce(or_, self._places, 0)
        self._standing: dict[int, list[int]] = {}
        self._clauses = self._split_at_contrasts()
        self.negated = self._find_negated()

    def quiets(self, reason: Quiet, finding: Finding) -> bool:
        return bool(self.present & self._needed[reason]) and self._judges[reason](finding)

    @cached_property
    def _judges(self) -> dict[Quiet, Callable[[Finding], bool]]:
        """Most texts hold no finding and need none."""
        return {
            Quiet.NEGATED: self._is_negated,
            Quiet.RESOLVED: self._is_resolved,
            Quiet.OLD: self._is_old,
            Quiet.OTHERS_PAST: self._is_others_past,
            Quiet.OTHERS: self._is_about_others,
            Quiet.ANIMAL: self._is_about_an_animal,
            Quiet.DEFINITION: self._is_definition,
            Quiet.HYPOTHETICAL: self._is_hypothetical,
            Quiet.JOKE: self._is_joke,
        }

    def in_sentence(self, mask: int, finding: Finding) -> bool:
        """Whether a word of these classes stands in the finding's sentence."""
        return self._stands(mask, self._sentence(finding))

    def standing(self, mask: int) -> list[int]:
        """The places of all words of these classes; a long text is asked for the same ones again and again."""
        places = self._standing.get(mask)
        if places is None:
            found = [self._places[mark] for mark in self._places if mark & mask] if self.present & mask else []
            places = self._standing[mask] = sorted([place for some in found for place in some])
        return places

    @cached_property
    def doubtful(self) -> bool:
        """Whether anything in the text speaks of the past, a question or a story, and nothing of now.

        Work and fiction are told as if they were now, so their words count even then. No proof, so a finding stands;
        but then the coach asks, and the model may be heard.
        """
        present = self.present
        if present & self._bits["story"]:
            return True
        doubts = bool(self._reading.asked) or any(present & self._bits[name] for name in _DOUBTS)
        return doubts and not present & self._bits["new"]

    def _sentence(self, finding: Finding) -> range:
        return self._same(self._reading.sentences, finding)

    def _clause(self, finding: Finding) -> range:
        return self._same(self._clauses, finding)

    def _same(self, numbers: list[int], finding: Finding) -> range:
        return range(bisect_left(numbers, numbers[finding.first]), bisect_right(numbers, numbers[finding.last]))

    def _stands(self, mask: int, places: range) -> bool:
        standing = self.standing(mask)
        at = bisect_left(standing, places.start)
        return at < len(standing) and standing[at] < places.stop

    def _has(self, name: str, places: range) -> bool:
        return self._stands(self._bits[name], places)

    def _split_at_contrasts(self) -> list[int]:
        """Clauses by punctuation and by words such as *but*, which most people write without a comma."""
        contrast = self._bits["contrast"]
        if not self.present & contrast:
            return self._reading.clauses
        contrasts = 0
        clauses: list[int] = []
        for clause, mark in zip(self._reading.clauses, self._marks, strict=True):
            contrasts += bool(mark & contrast)
            clauses.append(clause + contrasts)
        return clauses

    def _find_negated(self) -> list[bool]:
        """Spread every negation over the words it governs."""
        bits, clauses = self._bits, self._clauses
        wide, near, turn, link = bits["negator_wide"], bits["negator_near"], bits["turn"], bits["link"]
        negators = wide | near
        if not self.present & negators:
            return [False] * len(self._marks)
        negated: list[bool] = []
        reach = 0
        for place, mark in enumerate(self._marks):
            if not reach and not mark & negators:
                negated.append(False)
                continue
            if reach and clauses[place] != clauses[place - 1] and not self._list_goes_on(place):
                reach = 0
            if mark & turn:
                reach = 0
            if reach and mark & link:
                reach = _REACH_WIDE
            negated.append(reach > 0)
            reach -= reach > 0
            if not mark & bits["not_negation"]:
                reach = _REACH_WIDE if mark & wide else reach
                reach = max(reach, _REACH_NEAR) if mark & near else reach
        return negated

    def _list_goes_on(self, place: int) -> bool:
        """`no fever, chills or sweats`: short parts and a closing *or*, within the sentence."""
        reading = self._reading
        if reading.sentences[place] != reading.sentences[place - 1]:
            return False
        part = self._clause(Finding(place, place, place))
        if len(part) > _LIST_ITEM or self._has("turn", part) or self._has("negator_wide", part):
            return False
        return self._has("link", range(place, min(place + 2 * _LIST_ITEM, len(self._marks))))

    def _is_negated(self, finding: Finding) -> bool:
        if self.negated[finding.core]:
            return True
        clauses, end = self._clauses, len(self._marks)
        behind = range(finding.last + 1, min(finding.last + 5, end))
        close = [p for p in behind if clauses[p] == clauses[finding.last] or p == finding.last + 1]
        return any(self._marks[place] & self._bits["after_negation"] for place in close)

    def _is_resolved(self, finding: Finding) -> bool:
        behind = range(finding.last + 1, min(finding.last + 1 + _ABOUT, len(self._marks)))
        sentence = self._reading.sentences[finding.last]
        near = [p for p in behind if self._reading.sentences[p] <= sentence + 1]
        return any(
            self._marks[place] & self._bits["resolved"]
            and not self.negated[place]
            and not place < finding.core <= place + 3  # "has gone numb"
            and not self._has("pain", self._just_before(place, finding))
            for place in (*near, *self._clause(finding))
        )

    def _just_before(self, place: int, finding: Finding) -> range:
        """The words that say what is gone; the finding's own words do not count."""
        return range(max(place - 3, finding.last + 2 if place > finding.last else 0), place)

    def _is_old(self, finding: Finding) -> bool:
        clause = self._clause(finding)
        after = range(clause.stop, min(clause.stop + _LIST_ITEM + 2, len(self._marks)))
        if self._has("new", clause) or self._has("new", after):
            return False
        if any(self._has(name, places) for name in ("long_known", "past") for places in (clause, after)):
            return True
        before = range(self._sentence(finding).start, clause.start)
        return self._has("past_tense", clause) and self._has("past", before)

    def _subject_before(self, name: str, finding: Finding, *, same_sentence: bool) -> bool:
        sentences, marks = self._reading.sentences, self._marks
        for place in range(finding.core - 1, max(finding.core - 1 - _ABOUT, -1), -1):
            if marks[place] & self._bits["first_person"]:
                return False
            if same_sentence and sentences[place] != sentences[finding.core]:
                return False
            if marks[place] & self._bits[name]:
                return True
        return False

    def _is_about_others(self, finding: Finding) -> bool:
        return self._subject_before("other_person", finding, same_sentence=True)

    def _is_others_past(self, finding: Finding) -> bool:
        sentence = self._sentence(finding)
        over = any(self._has(name, sentence) for name in ("past", "past_tense", "resolved"))
        return over and not self._has("new", self._clause(finding)) and self._is_about_others(finding)

    def _is_about_an_animal(self, finding: Finding) -> bool:
        behind = range(finding.core, min(finding.core + 5, len(self._marks)))
        return self._subject_before("animal", finding, same_sentence=False) or (
            self._has("animal", behind) and not self._has("first_person", self._sentence(finding))
        )

    def _is_definition(self, finding: Finding) -> bool:
        sentence = self._sentence(finding)
        return self._has("definition", sentence) and not self._has("new", sentence) and not self._has("own", sentence)

    def _is_hypothetical(self, finding: Finding) -> bool:
        before = range(max(finding.core - _ABOUT, self._sentence(finding).start), finding.core + 1)
        return self._has("hypothetical", before) and not self._has("new", self._sentence(finding))

    def _is_joke(self, _finding: Finding) -> bool:
        return self._has("joke", range(len(self._marks)))
