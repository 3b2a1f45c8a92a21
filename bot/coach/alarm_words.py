"""Which word classes a text's words belong to, as bit masks: inflections, typos, compounds, phrases.

Every distinct word is looked up once and remembered; phrases are tried only from words that can begin one.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from bot.coach.alarm_text import Reading, fold

SHORTEST_FUZZY = 7  # shorter stems have too many honest neighbours
NUMBER = "<n>"  # stands for any number in a phrase
_HALF = 3  # a single typo leaves these first letters, or the four after them, intact
_REST = 4
_REMEMBERED = 8_000  # words kept in memory: what most people write; bounded, since every slip of a finger is a new word
_GAP = 3

_NUMBER_WORDS = frozenset(
    fold(
        "ein eine einem einer zwei drei vier fünf sechs sieben acht neun zehn elf zwölf fünfzehn zwanzig "
        "dreißig vierzig fünfzig hundert paar mehreren vielen etlichen one two three four five six seven eight "
        "nine ten eleven twelve fifteen twenty thirty forty fifty hundred several many few couple a"
    ).split()
)


@dataclass(frozen=True, slots=True)
class Phrase:
    """A row of word forms; `marks` are the classes it belongs to."""

    elements: tuple[int | str, ...]
    marks: int


@dataclass(frozen=True, slots=True)
class WordFacts:
    """What is known about one word, wherever it stands. `elements`: the numbers of the forms it may be.

    `starts`: the phrases it may begin, by their second word; by None where anything may follow.
    """

    marks: int
    elements: frozenset[int]
    starts: Mapping[int | None, Sequence[Phrase]]


_UNKNOWN = WordFacts(0, frozenset(), {})


@dataclass(slots=True)
class _Forms:
    """Single forms by kind; the value is the form's own number, or those of all that are written alike."""

    exact: dict[str, tuple[int, ...]] = field(default_factory=dict)
    prefix: dict[str, tuple[int, ...]] = field(default_factory=dict)
    fuzzy: dict[str, list[tuple[str, bool, int]]] = field(default_factory=lambda: defaultdict(list))

    def add(self, form: str, element: int) -> None:
        stem = form.strip("*!")
        kind = self.prefix if form.endswith("*") else self.exact
        kind[stem] = (*kind.get(stem, ()), element)
        if len(stem) >= SHORTEST_FUZZY and not form.endswith("!"):
            entry = (stem, form.endswith("*"), element)
            self.fuzzy[stem[:_HALF]].append(entry)
            self.fuzzy[stem[_HALF : _HALF + _REST]].append(entry)

    def find(self, word: str) -> set[int]:
        found = set(self.exact.get(word, ()))
        prefix = self.prefix
        for length in range(2, len(word) + 1):
            stem = word[:length]
            if stem in prefix:
                found.update(prefix[stem])
        return found

    def find_typo(self, word: str) -> set[int]:
        found: set[int] = set()
        if len(word) < SHORTEST_FUZZY - 1:
            return found
        keys = [word[:_HALF], *(word[at : at + _REST] for at in (_HALF - 1, _HALF, _HALF + 1))]
        for key in keys:
            for stem, open_end, element in self.fuzzy.get(key, ()):
                if is_one_edit_away(word, stem, open_end=open_end):
                    found.add(element)
        return found


def is_one_edit_away(word: str, stem: str, *, open_end: bool) -> bool:
    """One letter wrong, missing, extra or swapped with its neighbour; `open_end` lets the word go on after the stem."""
    if len(word) < len(stem) - 1 or not (open_end or len(word) <= len(stem) + 1):
        return False
    same = 0
    for ours, theirs in zip(word, stem, strict=False):
        if ours != theirs:
            break
        same += 1
    rest_word, rest_stem = word[same:], stem[same:]
    if not rest_stem:
        return open_end or len(rest_word) <= 1
    tails = [(rest_word[1:], rest_stem[1:]), (rest_word, rest_stem[1:]), (rest_word[1:], rest_stem)]
    if rest_word[:2] == rest_stem[1::-1] and len(rest_stem) > 1:
        tails.append((rest_word[2:], rest_stem[2:]))
    if open_end:
        return any(tail_word.startswith(tail_stem) for tail_word, tail_stem in tails)
    return any(tail_word == tail_stem for tail_word, tail_stem in tails)


class WordClasses:
    """Looks up words and phrases; built once from the content's word classes."""

    def __init__(self, classes: Mapping[str, Iterable[str]]) -> None:
        self.bits = {name: 1 << place for place, name in enumerate(classes)}
        self._elements: dict[str, int] = {}  # a number for each form; thousands of them would make long bit masks
        self._class_of_element: dict[int, int] = defaultdict(int)
        self._forms = _Forms()
        self._starting: dict[int, dict[int | None, list[Phrase]]] = defaultdict(dict)
        self._known: dict[str, WordFacts] = {}
        for name, forms in classes.items():
            for form in forms:
                self._add(form, self.bits[name])
        self._number = {self._elements[NUMBER]} if NUMBER in self._elements else set()

    def mask(self, names: Iterable[str]) -> int:
        """The classes' bits together."""
        mask = 0
        for name in names:
            mask |= self.bits[name]
        return mask

    def _add(self, form: str, class_bit: int) -> None:
        head, *tail = fold(form).replace(",", ".").split()
        first = self._element(head)
        if tail:
            rest = (part if part in "_~$" else self._element(part) for part in tail)
            phrase = Phrase((first, *rest), class_bit)
            second = phrase.elements[1]
            self._starting[first].setdefault(second if isinstance(second, int) else None, []).append(phrase)
        else:
            self._class_of_element[first] |= class_bit

    def _element(self, form: str) -> int:
        element = self._elements.get(form)
        if element is None:
            element = self._elements[form] = len(self._elements)
            if form != NUMBER:
                self._forms.add(form, element)
        return element

    def facts(self, word: str) -> WordFacts:
        """Everything known about a word."""
        known = self._known.get(word)
        if known is None:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            known = self._known[word] = self._look_up(word)
        return known

    def _look_up(self, word: str) -> WordFacts:
        elements: set[int] = set()
        for spelling in _spellings(word):
            elements |= self._forms.find(spelling) or self._forms.find_typo(spelling)
        if not elements:  # a doubled letter, or an English 's that lost its apostrophe
            elements = self._forms.find(re.sub(r"([a-z])\1", r"\1", word)) or self._forms.find(word.removesuffix("s"))
        if _is_number(word):
            elements.update(self._number)
        if not elements:
            return _UNKNOWN
        marks = 0
        starts: dict[int | None, list[Phrase]] = {}
        for element in sorted(elements):
            marks |= self._class_of_element.get(element, 0)
            for second, phrases in self._starting.get(element, {}).items():
                starts.setdefault(second, []).extend(phrases)
        return WordFacts(marks, frozenset(elements), starts)

    def mark(self, reading: Reading) -> list[int]:
        """The classes of every word in its place; what an innocent phrase covers is blank."""
        known = self._known
        facts = [known.get(word) or self.facts(word) for word in reading.words]
        marks = [fact.marks for fact in facts]
        innocent = self.bits.get("innocent", 0)
        blank = [(place, place + 1) for place, fact in enumerate(facts) if fact.marks & innocent]
        found: list[tuple[int, int, int]] = []
        for place, phrase in _phrases_that_begin(facts):
            end = match_phrase(phrase.elements, facts, reading, place)
            if end and phrase.marks & innocent:
                blank.append((place, end))
            elif end:
                found.append((place, end, phrase.marks))
        for start, end in blank:
            marks[start:end] = [0] * (end - start)
        for start, end, phrase_marks in found:
            if not any(_is_blanked(start, end, hole) for hole in blank):
                marks[start] |= phrase_marks
        return marks


def _phrases_that_begin(facts: list[WordFacts]) -> Iterator[tuple[int, Phrase]]:
    """Phrases whose first two words stand here."""
    for place, (fact, following) in enumerate(pairwise(facts)):
        starts = fact.starts
        if not starts:
            continue
        for second in (None, *following.elements):
            for phrase in starts.get(second, ()):
                yield place, phrase


def _is_blanked(start: int, end: int, hole: tuple[int, int]) -> bool:
    """An innocent phrase takes what it overlaps, unless it is only a part of it."""
    overlaps = start < hole[1] and hole[0] < end
    contains = start <= hole[0] and hole[1] <= end and end - start > hole[1] - hole[0]
    return overlaps and not contains


def match_phrase(elements: tuple[int | str, ...], facts: list[WordFacts], reading: Reading, start: int) -> int:
    """The place after the phrase, or 0 when it does not stand here."""
    place, size, sentences = start, len(facts), reading.sentences
    for index, element in enumerate(elements):
        if element == "$":
            ended = place >= size or reading.clauses[place] != reading.clauses[place - 1]
            return place if ended else 0
        if element == "~":
            rest = elements[index + 1 :]
            ends = (match_phrase(rest, facts, reading, at) for at in range(place, min(place + _GAP + 1, size)))
            return next((end for end in ends if end and sentences[end - 1] == sentences[start]), 0)
        if place >= size or sentences[place] != sentences[start]:
            return 0
        if isinstance(element, int) and element not in facts[place].elements:
            return 0
        place += 1
    return place


def _is_number(word: str) -> bool:
    return word[0].isdigit() or word in _NUMBER_WORDS


def _spellings(word: str) -> tuple[str, ...]:
    """A word with a long run of one letter may mean the letter once or twice."""
    run = re.search(r"([a-z])\1\1", word)
    if not run:
        return (word,)
    once = re.sub(r"([a-z])\1\1", r"\1", word)
    return (once, word.replace(run[0], run[0][:2]))
