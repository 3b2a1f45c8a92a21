"""A wrong number is given once more. What it means is decided anew by whoever opened this flow."""

from dataclasses import dataclass

from bot.dialogue.questions import Place, Scale
from bot.dialogue.steps import Flow, FlowDef, ask
from bot.dialogue.text import text


@dataclass(frozen=True, slots=True, kw_only=True)
class MendStart:
    """Which number: its occasion (`when`), or the place `index` in the log of the flow with this `run`."""

    when: str = ""
    run: int = 0
    index: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Mended:
    when: str
    run: int
    index: int
    value: int


def _mending(start: MendStart) -> Flow[Mended]:
    value = yield from ask(
        Scale(id="mended", of_pain=True, text=text("mend/ask"), place=Place.BELOW, done="mend/done", back=False)
    )
    return Mended(when=start.when, run=start.run, index=start.index, value=value)


MENDING: FlowDef[MendStart, Mended] = FlowDef(
    name="mending",
    start=MendStart,
    body=_mending,
    results=(Mended(when="morning", run=0, index=0, value=0),),
    samples=(MendStart(when="morning"),),
)
