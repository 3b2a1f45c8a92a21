"""What a member tells whenever they like: a pain number, a walk, steps, and that something does not work."""

from dataclasses import dataclass
from enum import StrEnum

from bot.dialogue.amounts import Amount
from bot.dialogue.facts import PainReported, ProblemTold, StepsLogged, WalkLogged
from bot.dialogue.messages import Kind
from bot.dialogue.questions import Choice, Place, Scale
from bot.dialogue.steps import Flow, FlowDef, ask, record, say
from bot.dialogue.text import text

LONGEST_WALK = 600  # minutes
MOST_STEPS = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class TellStart:
    """`today`: minutes of a walk that still suits today; of the week `done` minutes of `planned`. 0 is not told."""

    today: int = 0
    done: int = 0
    planned: int = 0


def _pain(start: TellStart) -> Flow[int]:  # noqa: ARG001  every flow takes its start values
    value = yield from ask(
        Scale(
            id="pain-told",
            of_pain=True,
            text=text("pain/ask"),
            place=Place.BELOW,
            done="pain/done",
            back=False,
            mend=True,
        )
    )
    yield from record(PainReported(when="now", value=value))
    return value


def _walk(start: TellStart) -> Flow[int]:
    today = text("walk/ask-today", minutes=start.today, week=text("walk/week", done=start.done, planned=start.planned))
    minutes = yield from ask(
        Amount(
            id="walk-minutes",
            text=today if start.today else text("walk/ask"),
            offers=(5, 10, 15, 20, 30, 45),
            low=1,
            high=LONGEST_WALK,
            place=Place.BELOW,
            kind=Kind.WALKING,
            back=False,
            done="walk/done",
        )
    )
    yield from record(WalkLogged(minutes=minutes))
    return minutes


def _steps(start: TellStart) -> Flow[int]:  # noqa: ARG001  every flow takes its start values
    steps = yield from ask(
        Amount(
            id="steps-today",
            text=text("steps/ask"),
            offers=(2000, 4000, 6000, 8000, 10000, 12000),
            low=1,
            high=MOST_STEPS,
            place=Place.BELOW,
            kind=Kind.WALKING,
            back=False,
            done="steps/done",
        )
    )
    yield from record(StepsLogged(steps=steps))
    return steps


class Trouble(StrEnum):
    """What may not work about the coach; chosen, never typed, so that no words about health reach the operator."""

    BROKEN = "broken"
    UNCLEAR = "unclear"
    PICTURE = "picture"
    OFTEN = "often"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemStart:
    """Whose coach this is; without a contact it runs on the member's own machine."""

    operator: str
    contact: str


def _problem(start: ProblemStart) -> Flow[Trouble]:
    what = yield from ask(
        Choice(
            id="problem-what",
            reactable=True,
            text=text("problem/ask"),
            options=tuple(Trouble),
            labels="problem/reply",
            row=1,
            place=Place.BELOW,
            back=False,
        )
    )
    yield from record(ProblemTold(what=what.value))
    links = ("settings", "news") if what is Trouble.OFTEN else ("news",)
    if start.contact:
        yield from say(text("problem/noted", operator=start.operator, contact=start.contact), links=links)
    else:
        yield from say(text("problem/noted-here"), links=links)
    return what


PAIN_TOLD: FlowDef[TellStart, int] = FlowDef(
    name="pain-told", start=TellStart, body=_pain, results=(0, 3, 10), samples=(TellStart(),)
)
WALK_TOLD: FlowDef[TellStart, int] = FlowDef(
    name="walk-told",
    start=TellStart,
    body=_walk,
    results=(5, 45),
    samples=(TellStart(), TellStart(today=10, done=20, planned=40)),
    kind=Kind.WALKING,
)
STEPS_TOLD: FlowDef[TellStart, int] = FlowDef(
    name="steps-told", start=TellStart, body=_steps, results=(2000, 12000), samples=(TellStart(),), kind=Kind.WALKING
)
PROBLEM: FlowDef[ProblemStart, Trouble] = FlowDef(
    name="problem",
    start=ProblemStart,
    body=_problem,
    results=tuple(Trouble),
    samples=(ProblemStart(operator="Praxis", contact="praxis@example.org"), ProblemStart(operator="Demo", contact="")),
)
