"""The lists before the next exercises: every four weeks, after a long pause, or because they were left open.

Until they are answered nothing counts as clear, and nothing rises.
"""

from dataclasses import dataclass
from enum import StrEnum

from bot.dialogue.facts import ListsDue
from bot.dialogue.flows.changes import CHANGES, SAMPLE_CHANGES, Changed, ChangesStart
from bot.dialogue.flows.screening import SAMPLE_SCREENING, SCREENING, ScreeningStart
from bot.dialogue.steps import Flow, FlowDef, record, run, say
from bot.dialogue.text import text

LAST_ACUTE = 3  # list 4 may wait for nothing that is acute


class Listed(StrEnum):
    CLEAR = "lists-clear"
    LOCKED = "lists-locked"


@dataclass(frozen=True, slots=True, kw_only=True)
class ListsStart:
    """`changes`: what came on top of what is minded; asked every four weeks."""

    screening: ScreeningStart
    changes: ChangesStart | None = None


def _lists(start: ListsStart) -> Flow[Listed]:
    if any(page.number <= LAST_ACUTE for page in start.screening.pages):
        yield from record(ListsDue(), at_once=True)
    judged = yield from run(SCREENING, start.screening)
    if judged.locked:
        return Listed.LOCKED
    changed = Changed.NOTHING if start.changes is None else (yield from run(CHANGES, start.changes))
    if changed is Changed.LOCKED:
        return Listed.LOCKED
    is_clear = judged.disposition == "go" and changed is Changed.NOTHING
    yield from say(text("lists/clear" if is_clear else "lists/softer"))
    return Listed.CLEAR


LISTS: FlowDef[ListsStart, Listed] = FlowDef(
    name="lists",
    start=ListsStart,
    body=_lists,
    results=tuple(Listed),
    samples=(ListsStart(screening=SAMPLE_SCREENING), ListsStart(screening=SAMPLE_SCREENING, changes=SAMPLE_CHANGES)),
    parkable=False,
)
