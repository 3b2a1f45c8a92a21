"""A break at the desk: one picture, one minute, three buttons. No number, no question after it, and it never rings."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from bot.dialogue.facts import BreakTaken
from bot.dialogue.flows.session_start import Planned, dose_text
from bot.dialogue.messages import Kind, Picture
from bot.dialogue.questions import Choice, Place
from bot.dialogue.steps import After, Flow, FlowDef, ask, book, cancel, record, say
from bot.dialogue.text import Text, text

BREAKS = ("desk-1", "desk-2")  # a day's two appointments
LATER = "desk-later"  # the one that was put off


class Break(StrEnum):
    DONE = "done"
    LATER = "later"
    ENOUGH = "enough"


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakStart:
    move: Planned


def _break(start: BreakStart) -> Flow[Break]:
    move = start.move
    stem = f"exercise/{move.exercise}"
    chosen = yield from ask(
        Choice(
            id="desk-break",
            text=text(
                "desk/break",
                name=Text(f"{stem}/level-{move.level}/name"),
                how=Text(f"{stem}/level-{move.level}/how"),
                dose=dose_text(move),
            ),
            picture=Picture(figure=move.exercise, level=move.level),
            options=tuple(Break),
            labels="desk/break-reply",
            place=Place.BELOW,
            kind=Kind.DESK_BREAK,
            back=False,
            silent=True,
            done=f"{stem}/done",
        )
    )
    match chosen:
        case Break.DONE:
            yield from record(BreakTaken(exercise=move.exercise, level=move.level))
            yield from say(text("desk/taken"))
        case Break.LATER:
            yield from book(LATER, After(timedelta(hours=1)))
            yield from say(text("session/later"))
        case Break.ENOUGH:
            for kind in (*BREAKS, LATER):
                yield from cancel(kind)
            yield from say(text("desk/enough"))
    return chosen


DESK_BREAK: FlowDef[BreakStart, Break] = FlowDef(
    name="desk-break",
    start=BreakStart,
    body=_break,
    results=tuple(Break),
    samples=(BreakStart(move=Planned(exercise="aufstehen-recken", level=1, step=1, sets=1, amount=3, unit="reps")),),
    kind=Kind.DESK_BREAK,
)
