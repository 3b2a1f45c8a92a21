"""Which word classes a text's words belong to, as bit masks: inflections, typos, compounds, phrases.

Every distinct word is looked up once and remembered; phrases are tried only from words that can begin one.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import TypeAlias

from bot.coach.alarm_text import Reading, fold, spell

SHORTEST_FUZZY = 7  # shorter stems have too many honest neighbours
NUMBER = "<n>"  # stands for any number in a phrase
_REMEMBERED = (
    12_000  # words kept in memory: what most people write; bounded, since every slip of a finger is a new word
)
_GAP = 3
_HEAD = 3  # letters
_LONGEST_WORD = 5_000  # longer than a text
_DOUBLED = re.compile(r"([a-z])\1")

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


_Stem: TypeAlias = tuple[int, int, str, bool, int]  # how short and long a slip may be, stem, open end, element


class _Forms:
    """Single forms by kind; the value is the form's own number, or those of all that are written alike.

    Beginnings and slips are kept under their first letters, so that most words are done with after one look.
    """

    def __init__(self) -> None:
        self.exact: dict[str, tuple[int, ...]] = {}
        self._prefix: dict[str, tuple[int, ...]] = {}
        self._lengths: dict[str, tuple[int, ...]] = {}  # of the beginnings that start with these letters
        self._fuzzy: dict[str, dict[str, list[_Stem]]] = {}

    def add(self, form: str, element: int) -> None:
        """Keep a form; `*` stands for any ending, `!` for no slip."""
        stem = form.strip("*!")
        kind = self._prefix if form.endswith("*") else self.exact
        kind[stem] = (*kind.get(stem, ()), element)
        if form.endswith("*"):
            known = self._lengths.get(stem[:_HEAD], ())
            self._lengths[stem[:_HEAD]] = tuple(sorted({*known, len(stem)}))
        if len(stem) >= SHORTEST_FUZZY and not form.endswith("!"):
            open_end = form.endswith("*")
            longest = _LONGEST_WORD if open_end else len(stem) + 1
            entry = (len(stem) - 1, longest, stem, open_end, element)
            for part, rest in ((stem[:3], stem[3]), (stem[:3], stem[5:7]), (stem[3:7], "")):
                self._fuzzy.setdefault(part, {}).setdefault(rest, []).append(entry)

    def find(self, word: str) -> set[int]:
        """The forms a word is."""
        found = set(self.exact.get(word, ()))
        lengths = self._lengths
        for head in (word[:2], word[:_HEAD]) if len(word) > 2 else (word,):
            for length in lengths.get(head, ()):
                found.update(self._prefix.get(word[:length], ()) if length <= len(word) else ())
        return found

    def find_typo(self, word: str) -> set[int]:
        """Stems one edit away.

        The edit leaves the first four letters; or, made at the fourth, the three before it and two after it; or, made
        earlier, the fourth to seventh. Where it took or added a letter, those behind it stand one place aside.
        """
        size = len(word)
        if size < SHORTEST_FUZZY - 1:
            return set()
        fuzzy = self._fuzzy
        near = [known.get("", []) for part in (word[2:6], word[3:7], word[4:8]) if (known := fuzzy.get(part))]
        begun = fuzzy.get(word[:3])
        if begun:
            near += [begun[part] for part in (word[3], word[4:6], word[5:7], word[6:8]) if part in begun]
        return {
            element
            for stems in near
            for shortest, longest, stem, open_end, element in stems
            if shortest <= size <= longest and is_one_edit_away(word, stem, open_end=open_end)
        }


def is_one_edit_away(word: str, stem: str, *, open_end: bool) -> bool:
    """One letter wrong, missing, extra or swapped with its neighbour; `open_end` lets the word go on after the stem."""
    if len(word) < len(stem) - 1 or not (open_end or len(word) <= len(stem) + 1):
        return False
    same = 0
    for ours, theirs in zip(word, stem, strict=False):
        if ours != theirs:
            break
        same += 1
    here, after = same, same + 1
    left, rest = stem[here:], stem[after:]
    if not left:
        return open_end or len(word) <= after
    swapped = word[here : here + 2] == left[1::-1] and len(left) > 1
    if open_end:
        return (
            word.startswith(rest, after)  # another letter
            or word.startswith(rest, here)  # one is missing
            or word.startswith(left, after)  # one too many
            or (swapped and word.startswith(left[2:], here + 2))
        )
    tail = word[after:]
    return tail in (rest, left) or word[here:] == rest or (swapped and word[here + 2 :] == left[2:])


class WordClasses:
    """Looks up words and phrases; built once from the content's word classes.

    `beside`: more classes, looked up on the same way. What is innocent blanks only `classes`, and a word that only
    `beside` knows, by its beginning, may still be a slip of one of theirs.
    """

    def __init__(self, classes: Mapping[str, Iterable[str]], beside: Mapping[str, Iterable[str]] | None = None) -> None:
        every = {**classes, **(beside or {})}
        self.bits = {name: 1 << place for place, name in enumerate(every)}
        self._innocent = self.bits.get("innocent", 0)
        self._beside = ~self.mask(classes)
        self._elements: dict[str, int] = {}  # a number for each form; thousands of them would make long bit masks
        self._class_of_element: dict[int, int] = defaultdict(int)
        self._forms = _Forms()
        self._starting: dict[int, dict[int | None, list[Phrase]]] = defaultdict(dict)
        self.facts = lru_cache(_REMEMBERED)(self._look_up)
        self._first_beside = 0
        for name, forms in every.items():
            for form in forms:
                self._add(form, self.bits[name])
            if name in classes:
                self._first_beside = len(self._elements)
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

    def _look_up(self, word: str) -> WordFacts:
        """Everything known about a word."""
        word = spell(word)
        elements: set[int] = set()
        for spelling in _spellings(word):
            elements |= self._find(spelling)
        if not elements or min(elements) >= self._first_beside:
            elements.update(self._find_bent(word, self._first_beside if elements else len(self._elements)))
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

    def _find(self, spelling: str) -> set[int]:
        forms, first = self._forms, self._first_beside
        found = forms.find(spelling)
        if not found:
            return forms.find_typo(spelling)
        if spelling not in forms.exact and min(found) >= first:
            found.update([element for element in forms.find_typo(spelling) if element < first])
        return found

    def _find_bent(self, word: str, most: int) -> list[int]:
        """Forms below `most` that were bent: a doubled letter, or an English 's that lost its apostrophe."""
        for spelling in (_DOUBLED.sub(r"\1", word), word.removesuffix("s")):
            if spelling == word:
                continue
            found = [element for element in self._forms.find(spelling) if element < most]
            if found:
                return found
        return []

    def mark(self, reading: Reading) -> list[int]:
        """The classes of every word in its place; what an innocent phrase covers is blank."""
        facts = list(map(self.facts, reading.words))
        marks = [fact.marks for fact in facts]
        innocent = self._innocent
        blank = [(place, place + 1) for place, mark in enumerate(marks) if mark & innocent]
        found: list[tuple[int, int, int]] = []
        for place, known, phrase in _phrases_that_begin(facts):
            end = match_phrase(phrase.elements[known:], facts, reading, place, place + known)
            if end and phrase.marks & innocent:
                blank.append((place, end))
            elif end:
                found.append((place, end, phrase.marks))
        kept = self._beside
        for start, end in blank:
            marks[start:end] = [mark & kept for mark in marks[start:end]]
        for start, end, phrase_marks in found:
            covered = any(_is_blanked(start, end, hole) for hole in blank)
            marks[start] |= phrase_marks & kept if covered else phrase_marks
        return marks


def _phrases_that_begin(facts: list[WordFacts]) -> Iterator[tuple[int, int, Phrase]]:
    """Phrases that may begin here, and how many of their words are known to stand here: one or two."""
    for place, (fact, following) in enumerate(pairwise(facts)):
        starts = fact.starts
        if not starts:
            continue
        if None in starts:
            for phrase in starts[None]:
                yield place, 1, phrase
        if not starts.keys().isdisjoint(following.elements):
            for second in starts.keys() & following.elements:
                for phrase in starts[second]:
                    yield place, 2, phrase


def _is_blanked(start: int, end: int, hole: tuple[int, int]) -> bool:
    """An innocent phrase takes what it overlaps, unless it is only a part of it."""
    overlaps = start < hole[1] and hole[0] < end
    contains = start <= hole[0] and hole[1] <= end and end - start > hole[1] - hole[0]
    return overlaps and not contains


def match_phrase(
    elements: tuple[int | str, ...], facts: list[WordFacts], reading: Reading, start: int, place: int
) -> int:
    """The place after the phrase, or 0 when it does not stand here.

    `start`: where the phrase begins; `elements`: what of it has to stand from `place` on.
    """
    size, sentences = len(facts), reading.sentences
    if sentences[place - 1] != sentences[start]:
        return 0
    for index, element in enumerate(elements):
        if element == "$":
            ended = place >= size or reading.clauses[place] != reading.clauses[place - 1]
            return place if ended else 0
        if element == "~":
            return _match_later(elements[index + 1 :], facts, reading, start, place)
        if place >= size or sentences[place] != sentences[start]:
            return 0
        if isinstance(element, int) and element not in facts[place].elements:
            return 0
        place += 1
    return place


def _match_later(
    elements: tuple[int | str, ...], facts: list[WordFacts], reading: Reading, start: int, place: int
) -> int:
    """The place after the phrase whose rest stands here or a few words on, or 0."""
    first = elements[0]
    for at in range(place, min(place + _GAP + 1, len(facts))):
        if isinstance(first, int) and first not in facts[at].elements:
            continue
        end = match_phrase(elements, facts, reading, start, at)
        if end:
            return end
    return 0


def _is_number(word: str) -> bool:
    return word[0].isdigit() or word in _NUMBER_WORDS


def _spellings(word: str) -> tuple[str, ...]:
    """A word with a long run of one letter may mean the letter once or twice."""
    run = re.search(r"([a-z])\1\1", word)
    if not run:
        return (word,)
    once = re.sub(r"([a-z])\1\1", r"\1", word)
    return (once, word.replace(run[0], run[0][:2]))
