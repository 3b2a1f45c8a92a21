"""A pause said beforehand: how long, and why. It ends by itself or with /weiter; nobody has to explain anything."""

from dataclasses import dataclass
from datetime import date, time, timedelta
from enum import StrEnum

from bot.dialogue.dates import date_text
from bot.dialogue.facts import PauseTaken, StatusChanged
from bot.dialogue.flows.session_offer import PROMPT
from bot.dialogue.questions import Choice, Place
from bot.dialogue.steps import Book, Cancel, Flow, FlowDef, OnDay, ask, record, say
from bot.dialogue.text import text

PAUSE_OVER = "pause-over"
NOON = time(12)


class Length(StrEnum):
    DAYS = "days"
    WEEK = "week"
    WEEKS = "weeks"
    OPEN = "open"


class Reason(StrEnum):
    HOLIDAY = "holiday"
    ILL = "ill"
    OTHER = "other"


_DAYS = {Length.DAYS: 3, Length.WEEK: 7, Length.WEEKS: 14, Length.OPEN: 0}


@dataclass(frozen=True, slots=True, kw_only=True)
class PauseStart:
    """`today`: the local ISO date. `clock`: the time of the prompts, "HH:MM". `days`: told with the command."""

    today: str
    clock: str = ""
    days: int = 0
    doctor: str = "116117"


def _pausing(start: PauseStart) -> Flow[Reason]:
    days = start.days
    if not days:
        length = yield from ask(
            Choice(
                id="pause-length",
                reactable=True,
                text=text("pause/ask"),
                options=tuple(Length),
                labels="pause/length",
                place=Place.BELOW,
                back=False,
                done="pause/done",
            )
        )
        days = _DAYS[length]
    why = yield from ask(
        Choice(
            id="pause-why",
            reactable=True,
            private=(Reason.ILL,),
            text=text("pause/why"),
            options=tuple(Reason),
            labels="pause/reason",
            row=3,
            place=Place.BELOW,
            done="pause/done",
        )
    )
    until = date.fromisoformat(start.today) + timedelta(days=days)
    yield from record(StatusChanged(status="paused"))
    yield from record(PauseTaken(why=why.value, until=until.isoformat() if days else ""))
    yield Cancel(PROMPT)
    yield Cancel(PAUSE_OVER)
    if days:
        clock = time.fromisoformat(start.clock) if start.clock else NOON
        yield Book(kind=PAUSE_OVER, when=OnDay(clock, days))
    lead = text("pause/until", day=date_text(until)) if days else text("pause/open")
    if why is Reason.ILL:
        yield from say(text("pause/ill", lead=lead, doctor=start.doctor), links=("why", "news", "resume"))
    else:
        yield from say(text("pause/begun", lead=lead), links=("why", "resume"))
    return why


PAUSING: FlowDef[PauseStart, Reason] = FlowDef(
    name="pausing",
    start=PauseStart,
    body=_pausing,
    results=tuple(Reason),
    samples=(PauseStart(today="2026-11-23", clock="08:00"), PauseStart(today="2026-11-23", days=7)),
)
