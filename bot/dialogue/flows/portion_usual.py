"""Pain of an ordinary day, asked anew: in a flare-up that only the number told once makes one, and after a long pause.

The answer counts from the next day, so today stays as gentle as it is.
"""

from dataclasses import dataclass

from bot.dialogue.facts import ProfileAnswered
from bot.dialogue.flows.portion import Kept, begin_asking
from bot.dialogue.questions import Scale
from bot.dialogue.steps import Flow, FlowDef, record, say
from bot.dialogue.text import text

MOST = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class UsualStart:
    """`told`: what was named before. `days`: of the flare-up, 0 after a pause. `most`: what its numbers bear."""

    told: int
    days: int = 0
    most: int = MOST
    second: bool = False


def _usual(start: UsualStart) -> Flow[Kept]:
    why = text("usual/flare", told=start.told, days=start.days) if start.days else text("usual/pause")
    value = yield from begin_asking(
        Scale(id="usual", of_pain=True, text=text("usual/ask", why=why), done="portion/average-done"),
        second=start.second,
    )
    if value is None:
        return Kept.LATER
    usual = min(value, start.most)
    yield from record(ProfileAnswered(field="usual", value=str(usual)))
    if usual == start.told:
        yield from say(text("usual/same", usual=usual))
    else:
        yield from say(text("usual/kept-flare" if start.days else "usual/kept", usual=usual))
    return Kept.ANSWERED


PORTION_USUAL: FlowDef[UsualStart, Kept] = FlowDef(
    name="portion-usual",
    start=UsualStart,
    body=_usual,
    results=(Kept.ANSWERED, Kept.LATER),
    samples=(UsualStart(told=3, days=7, most=5), UsualStart(told=3)),
)
