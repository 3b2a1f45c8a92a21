"""A break at the desk: one picture, one minute, three buttons. No number, no question after it, and it never rings."""

from dataclasses import dataclass, replace
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
# A little movement on the way, and the exercise whose skip tags it shares.
IDEAS = {
    "stairs": "treppe",
    "stop": "spaziergang",
    "phone": "spaziergang",
    "bike": "flott-gehen",
    "water": "spaziergang",
    "person": "spaziergang",
    "round": "spaziergang",
    "reading": "aufstehen-recken",
    "window": "aufstehen-recken",
    "lunch": "spaziergang",
    "shopping": "koffer-tragen",
    "music": "aufstehen-recken",
}


class Break(StrEnum):
    DONE = "done"
    LATER = "later"
    ENOUGH = "enough"


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakStart:
    """An exercise, or one of `IDEAS` for the everyday."""

    move: Planned | None = None
    idea: str = ""


def _break(start: BreakStart) -> Flow[Break]:
    move = start.move
    chosen = yield from ask(_everyday(start.idea) if move is None else _exercise(move))
    match chosen:
        case Break.DONE:
            taken = (start.idea, 1) if move is None else (move.exercise, move.level)
            yield from record(BreakTaken(exercise=taken[0], level=taken[1]))
            yield from say(text("desk/taken"))
        case Break.LATER:
            yield from book(LATER, After(timedelta(hours=1)))
            yield from say(text("session/later"))
        case Break.ENOUGH:
            for kind in (*BREAKS, LATER):
                yield from cancel(kind)
            yield from say(text("desk/enough"))
    return chosen


def _exercise(move: Planned) -> Choice[Break]:
    stem = f"exercise/{move.exercise}"
    shown = text(
        "desk/break",
        name=Text(f"{stem}/level-{move.level}/name"),
        how=Text(f"{stem}/level-{move.level}/how"),
        dose=dose_text(move),
    )
    return replace(_asked(shown, done=f"{stem}/done"), picture=Picture(figure=move.exercise, level=move.level))


def _everyday(idea: str) -> Choice[Break]:
    return _asked(text("desk/idea", idea=Text(f"idea/{idea}")), done="desk/idea-done")


def _asked(shown: Text, *, done: str) -> Choice[Break]:
    return Choice(
        id="desk-break",
        reactable=True,
        text=shown,
        options=tuple(Break),
        labels="desk/break-reply",
        place=Place.BELOW,
        kind=Kind.DESK_BREAK,
        back=False,
        silent=True,
        done=done,
    )


DESK_BREAK: FlowDef[BreakStart, Break] = FlowDef(
    name="desk-break",
    start=BreakStart,
    body=_break,
    results=tuple(Break),
    samples=(
        BreakStart(move=Planned(exercise="aufstehen-recken", level=1, step=1, sets=1, amount=3, unit="reps")),
        BreakStart(idea="stairs"),
    ),
    kind=Kind.DESK_BREAK,
)
