"""When it is bad right now: position, breathing, when to see a doctor. No scale at night; one question in the morning.

Everything offered here suits everybody, whatever they have to mind, as long as nothing was asked about that yet.
"""

from dataclasses import dataclass
from datetime import time
from enum import StrEnum

from bot.dialogue.flows.screening import SAMPLE_SCREENING, SCREENING, ScreeningStart
from bot.dialogue.messages import Form, Kind, Picture
from bot.dialogue.questions import Choice, Place
from bot.dialogue.steps import Flow, FlowDef, OnDay, ask, book, run, say
from bot.dialogue.text import text

NIGHT_AFTER = "night-after"
MORNING_AT = time(9)


class Relief(StrEnum):
    POSITION = "position"
    BREATHE = "breathe"
    DOCTOR = "doctor"
    ENOUGH = "enough"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReliefStart:
    """`position`, `breathe`: exercises whose pictures show it, with the form that suits; 0 where none does.

    `days`: 1 if the morning is tomorrow.
    """

    emergency: str
    doctor: str
    position: str = ""
    position_level: int = 0
    breathe: str = ""
    breathe_level: int = 0
    days: int = 1


def _relief(start: ReliefStart) -> Flow[Relief]:
    """Each offer once, until it is enough."""
    yield from book(NIGHT_AFTER, OnDay(MORNING_AT, days=start.days), at_once=True)
    left = [Relief.POSITION, Relief.BREATHE, Relief.DOCTOR]
    chosen = Relief.ENOUGH
    first = True
    while left:
        chosen = yield from ask(
            Choice(
                id=f"relief-{len(left)}",
                text=text("relief/ask") if first else text("relief/more"),
                options=(*left, *(() if first else (Relief.ENOUGH,))),
                labels="relief/offer",
                row=1,
                place=Place.BELOW,
                kind=Kind.EXERCISE,
                silent=True,
                links=("emergency",),
            )
        )
        first = False
        if chosen is Relief.ENOUGH:
            break
        left.remove(chosen)
        yield from _show(start, chosen)
    yield from say(text("relief/good-night"), kind=Kind.EXERCISE)
    return chosen


def _show(start: ReliefStart, chosen: Relief) -> Flow[None]:
    match chosen:
        case Relief.POSITION:
            picture = _picture(start.position, start.position_level)
            what = text("relief/legs-up" if picture else "relief/position")
            yield from say(what, picture=picture, kind=Kind.EXERCISE)
        case Relief.BREATHE:
            picture = _picture(start.breathe, start.breathe_level)
            yield from say(text("relief/breathe"), picture=picture, kind=Kind.EXERCISE)
        case _:
            yield from say(text("relief/doctor", emergency=start.emergency, doctor=start.doctor))


def _picture(exercise: str, level: int) -> Picture | None:
    return Picture(figure=exercise, level=level, form=Form.STILL) if exercise and level else None


RELIEF: FlowDef[ReliefStart, Relief] = FlowDef(
    name="relief",
    start=ReliefStart,
    body=_relief,
    results=tuple(Relief),
    samples=(
        ReliefStart(emergency="112", doctor="116117", breathe="beckenkippen", breathe_level=2),
        ReliefStart(emergency="112", doctor="116117", position="beckenkippen", position_level=1),
    ),
    kind=Kind.EXERCISE,
)


class After(StrEnum):
    """The night, as the morning finds it."""

    BETTER = "better"
    SAME = "same"
    WORSE = "worse"
    LOCKED = "locked"


class Felt(StrEnum):
    """How it is now."""

    BETTER = "better"
    SAME = "same"
    WORSE = "worse"


@dataclass(frozen=True, slots=True, kw_only=True)
class NightAfterStart:
    """`screening`: the short lists, asked again if it got worse."""

    screening: ScreeningStart = SAMPLE_SCREENING


def _night_after(start: NightAfterStart) -> Flow[After]:
    felt = yield from ask(
        Choice(
            id="night-after",
            text=text("relief/morning"),
            options=tuple(Felt),
            labels="relief/felt",
            row=3,
            place=Place.BELOW,
            back=False,
        )
    )
    if felt is Felt.WORSE:
        yield from say(text("relief/worse"))
        judged = yield from run(SCREENING, start.screening)
        if judged.locked:
            return After.LOCKED
    return After(felt.value)


NIGHT: FlowDef[NightAfterStart, After] = FlowDef(
    name="night-after",
    start=NightAfterStart,
    body=_night_after,
    results=tuple(After),
    samples=(NightAfterStart(),),
)

__all__ = ["MORNING_AT", "NIGHT", "NIGHT_AFTER", "RELIEF", "After", "NightAfterStart", "Relief", "ReliefStart"]
