"""The lists before the next exercises: every four weeks, after a long pause, or because they were left open.

Until they are answered nothing counts as clear, and nothing rises.
"""

from dataclasses import dataclass
from enum import StrEnum

from bot.dialogue.facts import ListsDue
from bot.dialogue.flows.screening import SAMPLE_SCREENING, SCREENING, ScreeningStart
from bot.dialogue.steps import Flow, FlowDef, record, run, say
from bot.dialogue.text import text


class Listed(StrEnum):
    CLEAR = "lists-clear"
    LOCKED = "lists-locked"


@dataclass(frozen=True, slots=True, kw_only=True)
class ListsStart:
    screening: ScreeningStart


def _lists(start: ListsStart) -> Flow[Listed]:
    yield from record(ListsDue(), at_once=True)
    judged = yield from run(SCREENING, start.screening)
    if judged.locked:
        return Listed.LOCKED
    yield from say(text("lists/clear" if judged.disposition == "go" else "lists/softer"))
    return Listed.CLEAR


LISTS: FlowDef[ListsStart, Listed] = FlowDef(
    name="lists",
    start=ListsStart,
    body=_lists,
    results=tuple(Listed),
    samples=(ListsStart(screening=SAMPLE_SCREENING),),
    parkable=False,
)
