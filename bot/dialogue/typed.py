"""Typed words that stand for a button: Back, a link, or the number shown before an answer."""

from typing import Any

from bot.dialogue.choices import OptionWords
from bot.dialogue.commands import NAMES, Called, read_command
from bot.dialogue.numbers import plain_digits
from bot.dialogue.presentation import BACK
from bot.dialogue.questions import Choice, Many, Question, parse_exact
from bot.dialogue.steps import Ask
from bot.dialogue.turn import Draft

NUMBERED = ("matrix", "console")  # channels that put numbers before the answers
LASTING = ("mistyped",)  # links that stay below an answered question
_MEANS_ANYTHING = frozenset({"round"})  # "How does it work?" below a round's lines


def link_named(draft: Draft, typed: str, ask: Ask | None) -> Called | None:
    """The link whose whole label was typed: one of the waiting question's, or one that outlives its question.

    What is also an answer of the waiting question (a lock's own [Vertippt]) is its answer.
    """
    links = (*LASTING, *(ask.question.links if ask is not None else ()))
    named = next((link for link in links if _is_label(draft, f"link/{link}", typed)), None)
    if named is None or (named in LASTING and ask is not None and _is_answer(draft, typed, ask.question)):
        return None
    return read_command(f"/{named}")


def label_named(draft: Draft, typed: str, question: Question[Any]) -> bool:
    """Whether nothing but the whole label of one of the offered answers was typed."""
    if not isinstance(question, Choice | Many):
        return False
    words = draft.kit.words
    offered = (OptionWords(each.value, words.labels(f"{question.labels}/{each.value}")) for each in question.options)
    return parse_exact(typed, tuple(offered)) is not None


def _is_answer(draft: Draft, typed: str, question: Question[Any]) -> bool:
    return isinstance(question, Choice) and question.parse(typed, draft.kit.words) is not None


def link_typed(draft: Draft, typed: str) -> Called | None:
    """The link whose whole label was typed, offered wherever it was: without buttons nothing else leads there."""
    for name, command in NAMES.items():
        is_link = any(catalog.has(f"link/{name}") for catalog in draft.kit.catalogs.values())
        if is_link and name not in _MEANS_ANYTHING and _is_label(draft, f"link/{name}", typed):
            return Called(command)
    return None


def token_named(draft: Draft, typed: str, ask: Ask) -> str | None:
    """The token of Back, if the question offers it and nothing but its label was typed; or a shown number's."""
    if ask.question.back and _is_label(draft, "button/back", typed):
        return BACK
    return _numbered(draft, typed, ask.question)


def _numbered(draft: Draft, typed: str, question: Question[Any]) -> str | None:
    """Where numbers stand before the answers, a bare digit is one, whatever other labels hold (*In 1 hour*).

    Not where another label begins with it (*4 weeks*): which of the two was meant is asked again.
    """
    if draft.channel not in NUMBERED or not question.numbered or not isinstance(question, Choice):
        return None
    said = plain_digits(typed).strip(" .)")
    place = int(said) - 1 if said.isascii() and said.isdecimal() and len(said) < 3 else -1
    if not 0 <= place < len(question.options):
        return None
    for other in question.options[:place] + question.options[place + 1 :]:
        if any(label.split()[:1] == [said] for label in draft.kit.words.labels(f"{question.labels}/{other.value}")):
            return None
    return str(question.options[place].value)


def _is_label(draft: Draft, key: str, typed: str) -> bool:
    return _bare(typed) in {_bare(label) for label in draft.kit.words.labels(key)}


def _bare(words: str) -> str:
    return words.strip(" .!?,‹›←↩").casefold()
