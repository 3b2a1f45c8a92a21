"""Somebody says an age under 18: asked once more, for a yes deletes everything."""

from dataclasses import dataclass
from enum import StrEnum

from bot.dialogue.questions import Choice, Place
from bot.dialogue.steps import Flow, FlowDef, ask, say
from bot.dialogue.text import text


@dataclass(frozen=True, slots=True, kw_only=True)
class UnderageStart:
    """`emergency`: whom to call in an emergency."""

    emergency: str = "112"


class Young(StrEnum):
    YES = "yes"
    NO = "no"


def _underage(start: UnderageStart) -> Flow[Young]:
    young = yield from ask(
        Choice(
            id="underage",
            text=text("underage/ask"),
            options=tuple(Young),
            labels="underage/reply",
            row=1,
            place=Place.BELOW,
            back=False,
            done="underage/done",
        )
    )
    if young is Young.YES:
        yield from say(text("onboarding/underage", emergency=start.emergency))
    return young


UNDERAGE: FlowDef[UnderageStart, Young] = FlowDef(
    name="underage", start=UnderageStart, body=_underage, results=tuple(Young), samples=(UnderageStart(),)
)
