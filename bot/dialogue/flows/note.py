"""Two notes into a silence, then none: no form, no number, no why, and nothing is counted. Every way is one tap."""

from dataclasses import dataclass
from enum import StrEnum

from bot.dialogue.facts import StatusChanged
from bot.dialogue.flows.session_offer import PROMPT
from bot.dialogue.questions import Choice, Place
from bot.dialogue.steps import Flow, FlowDef, ask, cancel, record, say
from bot.dialogue.text import text


class First(StrEnum):
    SHOW = "show"
    NO_TIME = "no_time"
    FLARE = "flare"
    PAUSE = "pause"


class Last(StrEnum):
    SHOW = "show"
    WORSE = "worse"
    MISFIT = "misfit"
    PAUSE = "pause"


class Noted(StrEnum):
    """What the member wants now."""

    MINUTE = "note-minute"
    FLARE = "note-flare"
    MISFIT = "note-misfit"
    PAUSE = "note-pause"
    NOTHING = "note-nothing"


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteStart:
    """`last`: the coach does not write by itself any more."""

    last: bool = False


def _note(start: NoteStart) -> Flow[Noted]:
    return (yield from _last()) if start.last else (yield from _first())


def _first() -> Flow[Noted]:
    chosen = yield from ask(
        Choice(
            id="note-first",
            reactable=True,
            private=(First.FLARE,),
            text=text("silence/first"),
            options=tuple(First),
            labels="silence/first-reply",
            place=Place.BELOW,
            back=False,
        )
    )
    match chosen:
        case First.SHOW:
            return Noted.MINUTE
        case First.FLARE:
            return Noted.FLARE
        case First.PAUSE:
            return (yield from _pause())
        case First.NO_TIME:
            yield from say(text("silence/no-time"))
            return Noted.NOTHING


def _last() -> Flow[Noted]:
    chosen = yield from ask(
        Choice(
            id="note-last",
            reactable=True,
            private=(Last.WORSE,),
            text=text("silence/last"),
            options=tuple(Last),
            labels="silence/last-reply",
            place=Place.BELOW,
            back=False,
        )
    )
    match chosen:
        case Last.SHOW:
            return Noted.MINUTE
        case Last.WORSE:
            return Noted.FLARE
        case Last.PAUSE:
            return (yield from _pause())
        case Last.MISFIT:
            return Noted.MISFIT


def _pause() -> Flow[Noted]:
    yield from record(StatusChanged(status="paused"))
    yield from cancel(PROMPT)
    yield from say(text("stop/pause"))
    return Noted.PAUSE


NOTE: FlowDef[NoteStart, Noted] = FlowDef(
    name="note",
    start=NoteStart,
    body=_note,
    results=tuple(Noted),
    samples=(NoteStart(), NoteStart(last=True)),
)
