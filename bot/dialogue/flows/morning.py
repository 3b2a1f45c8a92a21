"""The morning number: one tap, only after a day with exercises. Unknown is fine; it just never raises a load."""

from dataclasses import dataclass

from bot.dialogue.facts import PainReported
from bot.dialogue.questions import Place, Scale
from bot.dialogue.steps import Flow, FlowDef, ask_or_skip, record
from bot.dialogue.text import text


@dataclass(frozen=True, slots=True, kw_only=True)
class MorningStart:
    """`wording`: which of the greetings, chosen by member and day."""

    wording: int = 1


def _morning(start: MorningStart) -> Flow[int | None]:
    pain = yield from ask_or_skip(
        Scale(
            of_pain=True,
            id="pain-morning",
            text=text(f"morning/ask-{start.wording}"),
            place=Place.BELOW,
            done="morning/done",
            silent=True,
            mend=True,
        )
    )
    yield from record(PainReported(when="morning", value=pain))
    return pain


MORNING: FlowDef[MorningStart, int | None] = FlowDef(
    name="morning",
    start=MorningStart,
    body=_morning,
    results=(None, 0, 3, 10),
    samples=(MorningStart(), MorningStart(wording=2), MorningStart(wording=3)),
)
