"""A day with more pain: one kind sentence, three short lists, then one thing of three. Never bed rest, no number asked.

What the member named as a help comes back in their own words.
"""

from dataclasses import dataclass, replace
from enum import StrEnum

from bot.dialogue.facts import FlareSaid, ListsDue, SessionEnded, SessionStarted
from bot.dialogue.flows.portion_help import HELPED_CHIPS
from bot.dialogue.flows.screening import SAMPLE_SCREENING, SCREENING, ScreeningStart
from bot.dialogue.flows.session_exercise import Way, exercise, tell
from bot.dialogue.flows.session_offer import week_text
from bot.dialogue.flows.session_start import FLARE, Planned, SessionStart
from bot.dialogue.messages import Kind
from bot.dialogue.own_words import as_words
from bot.dialogue.questions import Choice, Place
from bot.dialogue.steps import Flow, FlowDef, Record, Step, ask, record, run, say
from bot.dialogue.text import text


class Gentle(StrEnum):
    """What a hard day may hold. A few steps need no picture."""

    LEGS = "legs"
    BREATH = "breath"
    TILT = "tilt"
    STEPS = "steps"
    NEWS = "news"


class Eased(StrEnum):
    EASED = "eased"
    LOCKED = "flare-locked"


OF_EXERCISE = {"stufenlagerung": Gentle.LEGS, "bauchatmung": Gentle.BREATH, "beckenkippen": Gentle.TILT}


@dataclass(frozen=True, slots=True, kw_only=True)
class FlareStart:
    """`said`: the member called it a flare-up. `lists`: they are due. `gentle`: what fits, with its exercise.

    `pain` and `usual` are told only where the day lies above the usual. `helped`: the member's own words, or a chip.
    """

    gentle: tuple[Planned, ...]
    said: bool = True
    lists: bool = True
    pain: int | None = None
    usual: int = 0
    helped: str = ""
    week_done: int = 0
    week_goal: int = 3
    emergency: str = "112"
    screening: ScreeningStart = SAMPLE_SCREENING


def _flare(start: FlareStart) -> Flow[Eased]:
    if start.said:
        yield from record(FlareSaid(), at_once=True)
    if start.lists:
        yield from record(ListsDue(), at_once=True)
        if start.pain is not None and start.pain > start.usual > 0:
            yield from say(text("flare/reassure", pain=start.pain, usual=start.usual))
        else:
            yield from say(text("flare/check"))
        judged = yield from run(SCREENING, start.screening)
        if judged.locked:
            return Eased.LOCKED
    return (yield from _one_of_three(start))


def _one_of_three(start: FlareStart) -> Flow[Eased]:
    chosen = yield from ask(_choice(start, with_news=True))
    if chosen is Gentle.NEWS:
        yield from record(ListsDue(news=True), at_once=True)
        judged = yield from run(SCREENING, start.screening)
        if judged.locked:
            return Eased.LOCKED
        chosen = yield from ask(_choice(start, with_news=False))
    planned = next((each for each in start.gentle if OF_EXERCISE.get(each.exercise) == chosen), None)
    if planned is None:
        yield from say(text("flare/steps"), kind=Kind.SESSION)
        return Eased.EASED
    yield from record(SessionStarted(gate=FLARE, items=((planned.exercise, planned.level, planned.step),)))
    day = SessionStart(planned=(planned,), screening=start.screening)
    way = yield from exercise(day, replace(planned, sets=1), 1, 1, tell(()))
    if way is Way.LOCKED:
        return Eased.LOCKED
    yield from record(SessionEnded(finished=True))
    week = SessionStart(planned=(), week_done=start.week_done, week_goal=start.week_goal)
    yield from say(text("flare/finished", week=week_text(week)))
    return Eased.EASED


def _choice(start: FlareStart, *, with_news: bool) -> Choice[Gentle]:
    there = {OF_EXERCISE[each.exercise] for each in start.gentle if each.exercise in OF_EXERCISE}
    # Two at most lie or sit; a few steps are always one of the three.
    three = (*[each for each in Gentle if each in there][:2], Gentle.STEPS)
    options = (*three, Gentle.NEWS) if with_news else three
    lead = text("flare/clear" if start.lists else "flare/gentle")
    body = text("flare/choose", lead=lead, emergency=start.emergency)
    if start.helped:
        body = text(
            "flare/choose-helped", lead=lead, emergency=start.emergency, words=as_words(HELPED_CHIPS, start.helped)
        )
    return Choice(
        id="flare-choice" if with_news else "flare-choice-again",
        text=body,
        options=options,
        labels="flare/choice",
        place=Place.BELOW,
        kind=Kind.SESSION,
        done="session/offer-done",
    )


def _left(steps: tuple[Step, ...]) -> tuple[SessionEnded, ...]:
    started = any(isinstance(step, Record) and isinstance(step.fact, SessionStarted) for step in steps)
    ended = any(isinstance(step, Record) and isinstance(step.fact, SessionEnded) for step in steps)
    return (SessionEnded(finished=False),) if started and not ended else ()


_TILT = Planned(exercise="beckenkippen", level=1, step=1, sets=1, amount=6, unit="reps")
FLARING: FlowDef[FlareStart, Eased] = FlowDef(
    name="flare",
    start=FlareStart,
    body=_flare,
    results=tuple(Eased),
    samples=(
        FlareStart(gentle=(_TILT,), pain=7, usual=3, helped="#warmth"),
        FlareStart(gentle=(), said=False, lists=False),
        FlareStart(gentle=(_TILT,), said=True),
    ),
    keeps=True,
    leftover=_left,
    kind=Kind.SESSION,
)
