"""Which of the offered options a typed answer means: its label, its number, the beginning of it, or everyday words.

Two possible meanings are none: the flow asks again instead of picking one.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.dialogue.numbers import (
    LONGEST_ANSWER,
    NUMBER_WORDS,
    ORDINALS,
    phrases_in,
    plain_digits,
    plain_words,
    words_in,
)

_SHORTEST_PART = 2  # letters: one letter begins too many labels
_AROUND_A_PLACE = words_in(
    "die der das den dem the option nummer nr number antwort answer punkt wahl choice ich nehme i take bitte please "
    "mit one"
)
_CHANGES_MEANING = words_in(
    "nicht kein keine keinen keiner ohne außer ausser aber oder weder not no none except but or without neither "
    "dont doch statt instead nie never"
)
_TURNS_ROUND = words_in("nicht kein keine keinen keiner nie not never")
_NOTHING = phrases_in(
    "0 | null | zero | keins | keines | keine | keiner | nichts | nix | nein | none | nothing | no | neither | "
    "keins davon | keines davon | keine davon | nichts davon | nein nichts davon | none of these | none of them | "
    "no none of these"
)
_BETWEEN = re.compile(r"[,;/&+\n]|\b(?:und|and|sowie|plus)\b")

_RANGE = re.compile(r"[-–—−]\s*\d")  # "1-3" may mean two options or three, "-2" none


@dataclass(frozen=True, slots=True)
class OptionWords:
    """An option's id and all words for it: its labels in both languages and everyday ones."""

    id: str
    labels: tuple[str, ...]


def _spelling(text: str) -> str:
    """Words without umlaut differences, so that *für* and *fuer* are one."""
    words = plain_words(text).replace("ä", "ae").replace("ö", "oe").replace("ü", "ue")
    return words.replace("ß", "ss")


def _only(ids: Iterable[str]) -> str | None:
    found = set(ids)
    return found.pop() if len(found) == 1 else None


def parse_choice(text: str, options: Sequence[OptionWords]) -> str | None:
    """The id of the one option the text can mean."""
    if len(text) > LONGEST_ANSWER or _RANGE.search(plain_digits(text)):
        return None
    said = _spelling(text)
    if not said:
        return None
    labels = [(_spelling(label), option.id) for option in options for label in option.labels]
    exact = {option for label, option in labels if label == said}
    if exact:
        return _only(exact)
    return _by_number(said, labels, options) if _place(said) is not None else _by_words(said, labels)


def _place(said: str) -> int | None:
    """The place in the list that the words name, if they name nothing else."""
    words = said.split()
    named = [word for word in words if word not in _AROUND_A_PLACE] or [word for word in words if word == "one"]
    if len(named) != 1:
        return None
    word = named[0]
    if word.isascii() and word.isdigit():
        return int(word)
    return ORDINALS.get(word, NUMBER_WORDS.get(word))


def _by_number(said: str, labels: list[tuple[str, str]], options: Sequence[OptionWords]) -> str | None:
    """An option by its place; not when the same number also begins another option's label (*10 Minuten*)."""
    place = _place(said)
    by_place = {options[place - 1].id} if place is not None and 1 <= place <= len(options) else set()
    by_label = {option for label, option in labels if label.split()[:1] == [str(place)] or said in label.split()}
    return _only(by_place | by_label)


def _by_words(said: str, labels: list[tuple[str, str]]) -> str | None:
    if len(said) < _SHORTEST_PART:
        return None
    begun = {option for label, option in labels if label.startswith(said) and not _turns_round(label, said)}
    if begun:
        return _only(begun)
    inside = {option for label, option in labels if f" {said} " in f" {label} " and not _turns_round(label, said)}
    if inside:
        return _only(inside)
    named = [(label, option) for label, option in labels if label and f" {label} " in f" {said} "]
    widest = [(a, option) for a, option in named if not any(a != b and f" {a} " in f" {b} " for b, _ in named)]
    if _changes_meaning(said, [label for label, _ in widest]):
        return None
    return _only(option for _, option in widest)


def _turns_round(label: str, said: str) -> bool:
    """The rest of the label says no to what was said: *today* is not *not today*."""
    return not _TURNS_ROUND.isdisjoint(label.split()) and _TURNS_ROUND.isdisjoint(said.split())


def _changes_meaning(said: str, labels: list[str]) -> bool:
    rest = f" {said} "
    for label in labels:
        rest = rest.replace(f" {label} ", " ")
    return not _CHANGES_MEANING.isdisjoint(rest.split())


def parse_many(text: str, options: Sequence[OptionWords]) -> frozenset[str] | None:
    """The ids of all options named; the empty set for *none*; None if anything in it is unknown."""
    if len(text) > LONGEST_ANSWER or _RANGE.search(plain_digits(text)) or not _spelling(text):
        return None
    labels = {_spelling(label) for option in options for label in option.labels}
    said = _spelling(text)
    if said in _NOTHING and said not in labels:
        return frozenset()
    if said in labels:
        pieces = [text]
    else:
        pieces = [piece for piece in _BETWEEN.split(plain_digits(text).casefold()) if _spelling(piece)]
    chosen = [parse_choice(piece, options) for piece in pieces]
    if None in chosen and len(pieces) == 1:
        chosen = [_word_alone(word, labels, options) for word in said.split()]
    ids = frozenset(option for option in chosen if option is not None)
    return ids if None not in chosen and ids else None


def _word_alone(word: str, labels: set[str], options: Sequence[OptionWords]) -> str | None:
    """`1 3 4` and `Knie Schulter`: without commas only numbers and whole labels count."""
    return parse_choice(word, options) if word.isdigit() or word in labels else None
