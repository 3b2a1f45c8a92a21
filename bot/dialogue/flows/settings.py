"""Small flows about the coach itself: what to stop, and erasing everything."""

from dataclasses import dataclass
from enum import StrEnum

from bot.dialogue.facts import StatusChanged
from bot.dialogue.questions import Choice, Place
from bot.dialogue.steps import Flow, FlowDef, ask, record, say
from bot.dialogue.text import text


@dataclass(frozen=True, slots=True, kw_only=True)
class StopStart:
    """`asking`: a question was open when the member said stop."""

    asking: bool = False


class Stop(StrEnum):
    QUESTION = "question"
    PAUSE = "pause"
    ALL = "all"
    NOTHING = "nothing"


def _stopping(start: StopStart) -> Flow[Stop]:
    options = tuple(stop for stop in Stop if start.asking or stop is not Stop.QUESTION)
    chosen = yield from ask(
        Choice(
            id="stop-what",
            reactable=True,
            text=text("stop/ask"),
            options=options,
            labels="stop/reply",
            row=1,
            place=Place.BELOW,
            back=False,
            done="stop/done",
        )
    )
    if chosen is Stop.PAUSE:
        yield from record(StatusChanged(status="paused"))
    if chosen is Stop.ALL:
        yield from record(StatusChanged(status="left"))
    if chosen is not Stop.QUESTION:
        yield from say(text(f"stop/{chosen.value}"))
    return chosen


STOPPING: FlowDef[StopStart, Stop] = FlowDef(
    name="stopping",
    start=StopStart,
    body=_stopping,
    results=tuple(Stop),
    samples=(StopStart(), StopStart(asking=True)),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class EraseStart:
    """Nothing is needed to begin."""


class Erase(StrEnum):
    YES = "yes"
    NO = "no"


def _erasing(start: EraseStart) -> Flow[bool]:  # noqa: ARG001  every flow takes its start values
    chosen = yield from ask(
        Choice(
            id="erase-sure",
            reactable=True,
            text=text("erase/ask"),
            options=tuple(Erase),
            labels="erase/reply",
            row=1,
            place=Place.BELOW,
            back=False,
            styles=((Erase.YES, "danger"),),
        )
    )
    if chosen is Erase.NO:
        yield from say(text("erase/kept"))
    return chosen is Erase.YES


ERASING: FlowDef[EraseStart, bool] = FlowDef(
    name="erasing", start=EraseStart, body=_erasing, results=(True, False), samples=(EraseStart(),)
)
