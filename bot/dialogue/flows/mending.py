"""A wrong number is given once more. What it means is decided anew by whoever opened this flow."""

from dataclasses import dataclass
from enum import StrEnum

from bot.dialogue.amounts import Amount
from bot.dialogue.flows.telling import LONGEST_WALK, MOST_STEPS
from bot.dialogue.messages import Kind
from bot.dialogue.questions import Place, Question, Scale
from bot.dialogue.steps import Flow, FlowDef, ask
from bot.dialogue.text import text


class Wrong(StrEnum):
    """What kind of number it is: pain, minutes walked, or steps."""

    PAIN = "pain"
    WALK = "walk"
    STEPS = "steps"


@dataclass(frozen=True, slots=True, kw_only=True)
class MendStart:
    """Which number: its occasion (`when`), or the place `index` in the log of the flow with this `run`.

    `wrong`: the minutes that were mistyped, of a walk.
    """

    what: Wrong = Wrong.PAIN
    wrong: int = 0
    when: str = ""
    run: int = 0
    index: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Mended:
    what: Wrong = Wrong.PAIN
    wrong: int = 0
    when: str
    run: int
    index: int
    value: int


def _mending(start: MendStart) -> Flow[Mended]:
    value = yield from ask(_question(start.what))
    return Mended(what=start.what, wrong=start.wrong, when=start.when, run=start.run, index=start.index, value=value)


def _question(what: Wrong) -> Question[int]:
    if what is Wrong.PAIN:
        return Scale(id="mended", of_pain=True, text=text("mend/ask"), place=Place.BELOW, done="mend/done", back=False)
    walk = what is Wrong.WALK
    return Amount(
        id=f"mended-{what.value}",
        text=text("mend/ask-walk") if walk else text("mend/ask-steps"),
        offers=(5, 10, 15, 20, 30, 45) if walk else (2000, 4000, 6000, 8000, 10000, 12000),
        low=0,
        high=LONGEST_WALK if walk else MOST_STEPS,
        place=Place.BELOW,
        kind=Kind.WALKING,
        done="mend/done",
        back=False,
    )


MENDING: FlowDef[MendStart, Mended] = FlowDef(
    name="mending",
    start=MendStart,
    body=_mending,
    results=(Mended(when="morning", run=0, index=0, value=0),),
    samples=(MendStart(when="morning"), MendStart(what=Wrong.WALK, wrong=200), MendStart(what=Wrong.STEPS)),
)
