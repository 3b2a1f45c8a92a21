"""How one text reads: its length, its sentences, its words. The rules of tone, as far as a program can see them."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import lru_cache

from bot.library.kinds import KINDS, TextKind
from bot.library.lint_rules import LintRules
from bot.library.po_file import PoText

CARDS = "card/"
SENTENCE_WORDS = 15
WORD_LETTERS = 25
HYPHENED = 3  # parts: a hyphen is a place to breathe, a chain of them is one long word again
MESSAGE_KINDS = frozenset({"message", "caption", "consent", "alarm", "flare"})

_MARK = re.compile(r"\\(.)|\*\*|\*", re.DOTALL)
_SLOT = re.compile(r"\{[^{}]*\}")
_SENTENCE_END = re.compile(r"(?<=[.!?…])[“”»\")\]]*\s+|\n+")
_FIGURE = re.compile(r"(?<![\w.,])\d+(?:[.,]\d+)*(?!\w)")
_LETTERS = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_EMOJI = re.compile("[\U0001f000-\U0001faff\u2600-\u2712\u2714-\u27bf\u2b50\u2b55\ufe0f]")
_QUESTION = re.compile(r"(?<=\S)\?(?=\s|$|[*“”\")])")


@dataclass(frozen=True, slots=True)
class Finding:
    """`rule` and `what` are what an exception in lint.yaml names."""

    rule: str
    reason: str
    what: str = ""


def wording(text: PoText, form: str, language: str, rules: LintRules) -> Iterator[Finding]:
    """Everything about one form of one text that needs no other text."""
    kind = KINDS.get(text.kind)
    if kind is None:
        yield Finding("kind", f"the comment must begin with one of {', '.join(KINDS)}")
        return
    yield from _markup(form, kind)
    bare = plain(form)
    yield from _length(text, bare, kind)
    yield from _vocabulary(text, bare, language, rules)
    if text.key.startswith(CARDS):
        yield from _figures(bare, rules.figures.get(text.key, ()))
    if kind.told:
        yield from _sentences(bare)
        yield from _signs(text, bare, kind)


def plain(form: str) -> str:
    """The text without its marks; slots stay."""
    return _MARK.sub(lambda mark: mark.group(1) or "", form)


def count_words(text: str) -> int:
    """Numbers count, marks such as ① or ✓ do not."""
    return sum(any(sign.isalpha() or sign.isdecimal() for sign in word) for word in text.split())


def sentences(text: str) -> list[str]:
    return [sentence for sentence in _SENTENCE_END.split(text) if sentence.strip()]


def is_balanced(form: str) -> bool:
    """Every bold or slanted part is closed, in the order of opening."""
    open_marks: list[str] = []
    for mark in _MARK.finditer(form):
        sign = mark.group()
        if mark.group(1) is not None:
            continue
        if open_marks and open_marks[-1] == sign:
            open_marks.pop()
        elif sign in open_marks:
            return False
        else:
            open_marks.append(sign)
    return not open_marks


def _markup(form: str, kind: TextKind) -> Iterator[Finding]:
    if not is_balanced(form):
        yield Finding("markup", "a bold or slanted part is not closed")
    elif kind.plain and _MARK.search(form):
        yield Finding("markup", "is shown as it stands: no markup here")


def _length(text: PoText, bare: str, kind: TextKind) -> Iterator[Finding]:
    greatest = min(kind.signs, text.greatest or kind.signs)
    if len(bare) > greatest:
        yield Finding("length", f"is {len(bare)} signs long, at most {greatest}")
    words = count_words(bare)
    if kind.words is not None and words > kind.words:
        yield Finding("length", f"has {words} words, at most {kind.words}")


def _sentences(bare: str) -> Iterator[Finding]:
    for sentence in sentences(bare):
        words = count_words(sentence)
        if words > SENTENCE_WORDS:
            yield Finding(
                "sentence", f"a sentence has {words} words, at most {SENTENCE_WORDS}: {sentence.strip()[:40]} …"
            )


def _signs(text: PoText, bare: str, kind: TextKind) -> Iterator[Finding]:
    if "!" in bare:
        yield Finding("exclamation", "no exclamation marks")
    emoji = len(_EMOJI.findall(bare))
    if emoji > (0 if kind.quiet else 1):
        yield Finding("emoji", f"has {emoji} emoji, at most {0 if kind.quiet else 1}")
    if text.kind in MESSAGE_KINDS and len(_QUESTION.findall(bare)) > 1:
        yield Finding("question", "asks more than one question")


def _vocabulary(text: PoText, bare: str, language: str, rules: LintRules) -> Iterator[Finding]:
    bare = _SLOT.sub(" ", bare)
    for forbidden in rules.forbidden:
        if forbidden.kinds and text.kind not in forbidden.kinds:
            continue
        words = forbidden.words(language)
        if not _any_of(words).search(bare):  # one look for most texts: they hold none of them
            continue
        for word in words:
            if _pattern(word).search(bare):
                yield Finding("forbidden", f"{word!r}: {forbidden.why}", word)
    for word in _LETTERS.findall(bare):
        if _is_long(word) and word not in rules.long_words.get(language, ()):
            yield Finding("long", f"{word!r} has {len(word)} letters, at most {WORD_LETTERS}", word)


def _figures(bare: str, found: Collection[int]) -> Iterator[Finding]:
    """What a card tells as a fact was read at its source by somebody."""
    for number in _FIGURE.findall(bare):
        if number not in map(str, found):
            yield Finding(
                "figure", f"{number} is not among the figures of lint.yaml that were found at their source", number
            )


@lru_cache(maxsize=512)
def _pattern(word: str) -> re.Pattern[str]:
    return _any_of((word,))


@lru_cache(maxsize=1024)
def _any_of(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(_expression, words))})(?!\w)", re.IGNORECASE)


def _expression(word: str) -> str:
    stem = re.escape(word.removesuffix("*")).replace(r"\ ", r"\s+")
    return stem + (r"\w*" if word.endswith("*") else "")


def _is_long(word: str) -> bool:
    parts = word.split("-")
    return len(word) > WORD_LETTERS and (len(parts) > HYPHENED or max(map(len, parts)) > WORD_LETTERS)
