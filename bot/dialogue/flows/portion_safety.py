"""What decides how fast it goes: the soft lines of list 4, whether movement feels dangerous, sleep, confidence."""

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


# What changes tone, cards and speed (clinical rules 3.2).
_SCALES: dict[str, Scale] = {
    Portion.FEAR: Scale(id="fear", text=text("portion/fear"), done="portion/fear-done"),
    Portion.SLEEP: Scale(id="sleep", text=text("portion/sleep"), done="portion/sleep-done"),
    Portion.CONFIDENCE: Scale(id="confidence", text=text("portion/confidence"), done="portion/confidence-done"),
}


def _safety(start: SafetyPortionStart) -> Flow[Kept]:
    scale = _SCALES.get(start.portion)
    if scale is not None:
        return (yield from keep(start.portion, (yield from begin_asking(scale, second=start.second))))
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
    samples=tuple(SafetyPortionStart(portion=portion) for portion in (*_SCALES, Portion.SOFT)),
)
