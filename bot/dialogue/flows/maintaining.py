"""It has been calm for weeks: an offer to keep it so with less, acted on at once (clinical rules 5.7)."""

from dataclasses import dataclass
from enum import StrEnum

from bot.dialogue.facts import ProfileAnswered
from bot.dialogue.questions import Choice, Place
from bot.dialogue.steps import Flow, FlowDef, ask, record, say
from bot.dialogue.text import text


class Keep(StrEnum):
    FEWER = "fewer"
    SAME = "same"


@dataclass(frozen=True, slots=True, kw_only=True)
class MaintainStart:
    """`sessions`: days a week that are enough."""

    sessions: int = 2


def _maintaining(start: MaintainStart) -> Flow[Keep]:
    chosen = yield from ask(
        Choice(
            id="maintain",
            reactable=True,
            text=text("maintain/ask", lead=text("advice/maintenance")),
            options=tuple(Keep),
            labels="maintain/reply",
            place=Place.BELOW,
            row=1,
            back=False,
            done="maintain/done",
        )
    )
    if chosen is Keep.FEWER:
        yield from record(ProfileAnswered(field="days_per_week", value=str(start.sessions)))
        yield from say(text("maintain/fewer", sessions=start.sessions), links=("walk", "settings"))
    else:
        yield from say(text("maintain/same"))
    return chosen


MAINTAINING: FlowDef[MaintainStart, Keep] = FlowDef(
    name="maintaining",
    start=MaintainStart,
    body=_maintaining,
    results=tuple(Keep),
    samples=(MaintainStart(),),
)
