"""What each kind of question can be answered with, the default first."""

from enum import StrEnum
from itertools import combinations
from typing import Any

from bot.dialogue.amounts import Amount
from bot.dialogue.own_words import Named, OwnWords
from bot.dialogue.questions import Choice, ListAnswer, Many, Marked, Question, SafetyList, Scale, TimeOfDay
from bot.dialogue.round_questions import FirstDay, WhichRound
from bot.dialogue.steps import Ask
from bot.dialogue.typed_word import Typed, TypedWord


def choices_of(ask: Ask) -> list[Any]:
    """Every answer worth telling apart; `None` where the question may be skipped."""
    found = _choices(ask.question)
    return [*found, None] if ask.optional else found


def _choices(question: Question[Any]) -> list[Any]:
    match question:
        case Scale(low=low, high=high):
            return list(range(low, high + 1))
        case Choice(options=options):
            return list(options)
        case Many(options=options):
            return _subsets(options)
        case SafetyList(items=items):
            return _list_answers(items)
        case OwnWords():
            return [*(question.accept(each.token) for row in question.rows() for each in row), "eigene Worte"]
        case Named():
            return [*(question.accept(each.token) for row in question.rows() for each in row), "Kim"]
        case TypedWord():
            return list(Typed)
        case TimeOfDay() | Amount() | FirstDay() | WhichRound():
            return [answer for row in question.rows() for each in row if (answer := question.accept(each.token))]
        case _:
            raise AssertionError(f"no answers known for {question!r}")


def _subsets(options: tuple[StrEnum, ...]) -> list[frozenset[StrEnum]]:
    """No mark, each, every pair, all of them."""
    some = [frozenset(marks) for size in (1, 2) for marks in combinations(options, size)]
    return list(dict.fromkeys([frozenset(), *some, frozenset(options)]))


def _list_answers(items: tuple[str, ...]) -> list[ListAnswer]:
    """None, none too fast, unsure, some; then every line and every pair of lines as typed digits."""
    typed = [*((item,) for item in items), *combinations(items, 2)]
    return [
        ListAnswer(Marked.NONE),
        ListAnswer(Marked.NONE, hasty=True),
        ListAnswer(Marked.UNSURE),
        ListAnswer(Marked.SOME),
        *(ListAnswer(Marked.SOME, tuple(named)) for named in typed),
    ]
