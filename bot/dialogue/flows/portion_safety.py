"""What keeps loads low until it is answered: the soft lines of list 4, and whether movement feels dangerous."""

from dataclasses import dataclass
from enum import StrEnum

from bot.dialogue.flows.portion import Kept, Portion, begin_asking, keep
from bot.dialogue.flows.screening import CLEAR, SAMPLE_SCREENING, SCREENING, ScreeningStart
from bot.dialogue.questions import Choice, Scale
from bot.dialogue.steps import Flow, FlowDef, run, say
from bot.dialogue.text import text


class Ready(StrEnum):
    NOW = "now"


@dataclass(frozen=True, slots=True, kw_only=True)
class SafetyPortionStart:
    """`screening`: the soft lines that are still open; `count` of them."""

    portion: str
    second: bool = False
    count: int = 3
    screening: ScreeningStart = SAMPLE_SCREENING


def _safety(start: SafetyPortionStart) -> Flow[Kept]:
    if start.portion == Portion.FEAR:
        scale = Scale(id="fear", text=text("portion/fear"), done="portion/fear-done")
        fear = yield from begin_asking(scale, second=start.second)
        return (yield from keep("fear", fear))
    return (yield from _soft(start))


def _soft(start: SafetyPortionStart) -> Flow[Kept]:
    """The lines themselves cannot be skipped half-way, so [Later] stands before them."""
    ready = yield from begin_asking(
        Choice(
            id="soft-now",
            text=text("portion/soft", count=start.count),
            options=tuple(Ready),
            labels="portion/soft-reply",
            done="portion/soft-done",
        ),
        second=start.second,
    )
    if ready is None:
        return Kept.LATER
    judged = yield from run(SCREENING, start.screening)
    if judged.locked:
        return Kept.LOCKED
    if judged.disposition == CLEAR.disposition:
        yield from say(text("portion/soft-clear"))
    else:
        yield from say(text("onboarding/doctor-soft"))
    return Kept.ANSWERED


PORTION_SAFETY: FlowDef[SafetyPortionStart, Kept] = FlowDef(
    name="portion-safety",
    start=SafetyPortionStart,
    body=_safety,
    results=(Kept.ANSWERED, Kept.LATER, Kept.LOCKED),
    samples=(SafetyPortionStart(portion=Portion.FEAR), SafetyPortionStart(portion=Portion.SOFT)),
)
