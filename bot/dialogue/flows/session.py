"""One day's exercises: the offer with its reasons, pain before, one tap an exercise, pain after.

All rules were applied when the session was planned; they come in as plain values (`gates`, `gentle`, `reduced_sets`).
"""

from dataclasses import dataclass, replace
from datetime import time, timedelta
from enum import StrEnum

from bot.dialogue.facts import Decided, ExerciseDone, PainReported, ProfileAnswered, SessionEnded, SessionStarted
from bot.dialogue.flows.screening import SAMPLE_SCREENING, SCREENING, ScreeningStart
from bot.dialogue.messages import Form, Kind, Picture
from bot.dialogue.questions import Choice, Place, Scale, TimeOfDay
from bot.dialogue.steps import After, Book, Flow, FlowDef, OnDay, Record, Step, ask, ask_or_skip, book, record, run, say
from bot.dialogue.text import Joined, Number, Param, Text, text

PROMPT = "prompt"
REST = "rest"  # a decision that takes an exercise out for today
BURN = "burn"  # only the muscle burns: not pain
STRONG = 4  # a pull above this number is left for today (texts.md, 5)
NORMAL, REDUCED, FLARE, SCREEN = "normal", "reduced", "flare", "screen"
UNREDUCED = {"return", "ramp"}  # their smaller volume was already planned


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """One exercise of the day. `gentle`: allowed on a flare day.

    `rise_from`: level, step, sets and amount where it stays if it does not rise today; `offered`: the member decides.
    """

    exercise: str
    level: int
    step: int
    sets: int
    amount: int
    unit: str
    gentle: bool = True
    reduced_sets: int = 1
    rise_from: tuple[int, int, int, int] | None = None
    offered: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A decision of the rules: `reason` is the key of a text, `params` its slots, `told`: it stands on the card."""

    exercise: str
    change: str
    rule: str
    reason: str
    told: bool = True
    levels: int = 0
    basis: int | None = None
    level: int
    step: int
    sets: int
    params: tuple[tuple[str, str], ...] = ()
    inputs: tuple[tuple[str, str], ...] = ()
    sources: tuple[str, ...] = ()
    version: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionStart:
    """`gates[n]`: the day's mode when pain before is n. `before`: a number that still counts, else it is asked."""

    planned: tuple[Planned, ...]
    gates: tuple[str, ...] = (NORMAL,) * 11
    gate: str = NORMAL
    changes: tuple[Change, ...] = ()
    before: int | None = None
    ask_before: bool = True
    ask_after: bool = True
    usual: int = 0
    more_for: str | None = None
    first: bool = False
    wording: int = 1
    clock: str = "08:00"
    minutes: int = 2
    screening: ScreeningStart = SAMPLE_SCREENING


class Offer(StrEnum):
    GO = "go"
    LATER = "later"
    NOT_TODAY = "not_today"


class Went(StrEnum):
    FINE = "fine"
    EASY = "easy"
    HARD = "hard"
    HURT = "hurt"


class More(StrEnum):
    YES = "yes"
    JUST = "just"


class HowMuch(StrEnum):
    WHOLE = "whole"
    HALF = "half"
    NONE = "none"


class Quality(StrEnum):
    PULLING = "pulling"
    DULL = "dull"
    STABBING = "stabbing"
    LEG = "leg"
    BURN = "burn"


class Rise(StrEnum):
    SHOW = "show"
    KEEP = "keep"


class Ended(StrEnum):
    DONE = "done"
    LATER = "later"
    DECLINED = "declined"
    LOCKED = "locked"


def _session(start: SessionStart) -> Flow[Ended]:
    offered = yield from ask(_offer(start))
    if offered is Offer.LATER:
        yield from book(PROMPT, After(timedelta(hours=1)))
        yield from say(text("session/later"))
        return Ended.LATER
    if offered is Offer.NOT_TODAY:
        yield from say(text("session/not-today"))
        return Ended.DECLINED
    gate = yield from _gate(start)
    if gate is None:
        return Ended.LOCKED
    planned = yield from _chosen(start, gate)
    if not planned:
        yield from say(text("session/nothing"))
        return Ended.DECLINED
    yield from record(
        SessionStarted(gate=gate, items=tuple((each.exercise, each.level, each.step) for each in planned))
    )
    for change in start.changes:
        if change.change == REST:
            yield from record(decision_of(change))
    for number, each in enumerate(planned, start=1):
        if not (yield from _exercise(start, each, number, len(planned))):
            return Ended.LOCKED
    yield from _after(start)
    return Ended.DONE


def _offer(start: SessionStart) -> Choice[Offer]:
    reasons = tuple(reason_of(change) for change in start.changes if change.told)
    lead = text("session/first", minutes=start.minutes) if start.first else text(f"session/offer-{start.wording}")
    body = text("session/offer", lead=lead, count=len(start.planned), minutes=start.minutes, reasons=Joined(reasons))
    plain = text("session/offer-plain", lead=lead, count=len(start.planned), minutes=start.minutes)
    return Choice(
        id="offer",
        text=body if reasons else plain,
        options=tuple(Offer),
        labels="session/first-reply" if start.first else "session/reply",
        row=1 if start.first else 3,
        place=Place.BELOW,
        kind=Kind.SESSION,
        back=False,
        links=("why",) if reasons else (),
        styles=((Offer.GO, "primary"),),
        done="session/offer-done",
    )


def _gate(start: SessionStart) -> Flow[str | None]:
    """Pain before, and what the day may hold; `None`: the lists locked."""
    before, gate = start.before, start.gate
    if start.ask_before:
        before = yield from ask_or_skip(
            Scale(id="pain-before", text=text("session/pain-before"), done="session/pain-before-done")
        )
        yield from record(PainReported(when="before", value=before))
        gate = start.gate if before is None else start.gates[before]
    if gate == FLARE:
        yield from say(text("flare/gentle"))
    if gate != SCREEN:
        return gate
    if before is None or not 0 < start.usual < before:
        yield from say(text("flare/check"))
    else:
        yield from say(text("flare/reassure", pain=before, usual=start.usual))
    judged = yield from run(SCREENING, start.screening)
    if judged.locked:
        return None
    yield from say(text("flare/clear"))
    return FLARE


def _chosen(start: SessionStart, gate: str) -> Flow[tuple[Planned, ...]]:
    """Only gentle things in a flare, fewer sets when reduced, rises only on a normal day and if wanted."""
    chosen: list[Planned] = []
    for each in start.planned:
        if gate == FLARE and not each.gentle:
            continue
        change = next((change for change in start.changes if change.exercise == each.exercise), None)
        if gate == NORMAL:
            chosen.append((yield from _with_consent(change, each)))
            continue
        if each.rise_from is None:
            yield from _decided(change, each, declined=False)
        steady = _without_rise(each)
        chosen.append(steady if gate in UNREDUCED else replace(steady, sets=each.reduced_sets))
    return tuple(chosen)


def _without_rise(each: Planned) -> Planned:
    if each.rise_from is None:
        return each
    level, step, sets, amount = each.rise_from
    return replace(each, level=level, step=step, sets=sets, amount=amount, rise_from=None)


def _with_consent(change: Change | None, each: Planned) -> Flow[Planned]:
    """A higher form is an offer, never a reward; declined, it comes again later."""
    if not each.offered or change is None:
        yield from _decided(change, each, declined=False)
        return each
    answer = yield from ask(
        Choice(
            id=f"rise/{each.exercise}",
            text=text(
                "session/rise",
                name=Text(f"exercise/{each.exercise}/name"),
                new=Text(f"exercise/{each.exercise}/level-{each.level}/name"),
                dose=_dose(each),
                before=_dose(_without_rise(each)),
            ),
            options=tuple(Rise),
            labels="session/rise-reply",
            kind=Kind.EXERCISE,
            links=("why",),
            done="session/rise-done",
        )
    )
    chosen = each if answer is Rise.SHOW else _without_rise(each)
    yield from _decided(change, each, declined=answer is Rise.KEEP)
    return chosen


def _decided(change: Change | None, each: Planned, *, declined: bool) -> Flow[None]:
    if change is None:
        return
    made = decision_of(change)
    if declined and each.rise_from is not None:
        level, step, sets, _ = each.rise_from
        made = replace(made, declined=True, levels=0, level=level, dose_step=step, sets=sets)
    yield from record(made)


def decision_of(change: Change) -> Decided:
    """The decision as the journal keeps it."""
    return Decided(
        exercise=change.exercise,
        change=change.change,
        rule=change.rule,
        level=change.level,
        dose_step=change.step,
        sets=change.sets,
        levels=change.levels,
        basis=change.basis,
        inputs=change.inputs,
        sources=change.sources,
        version=change.version,
    )


def reason_of(change: Change) -> Text:
    """Why, in the member's own numbers."""
    numbers = {name: Number(value) for name, value in change.params}
    names: dict[str, Param] = {"exercise": Text(f"exercise/{change.exercise}/name"), **numbers}
    return Text(change.reason, tuple(sorted(names.items())))


def _dose(each: Planned) -> Text:
    return text(f"dose/{each.unit}", sets=each.sets, amount=each.amount)


def _exercise(start: SessionStart, each: Planned, number: int, of: int) -> Flow[bool]:
    """Show one exercise and hear how it went; false means: the lists locked."""
    stem = f"exercise/{each.exercise}"
    went = yield from ask(
        Choice(
            id=f"went/{each.exercise}",
            text=text(
                "session/exercise",
                name=Text(f"{stem}/level-{each.level}/name"),
                how=Text(f"{stem}/level-{each.level}/how"),
                dose=_dose(each),
                cue=Text(f"{stem}/cue"),
                number=number,
                of=of,
            ),
            picture=Picture(figure=each.exercise, level=each.level, form=Form.CLIP),
            options=tuple(Went),
            labels="session/went",
            place=Place.BELOW,
            kind=Kind.EXERCISE,
            links=("why",),
            done=f"{stem}/done",
        )
    )
    done = ExerciseDone(exercise=each.exercise, level=each.level, dose_step=each.step, sets=each.sets, done=2, effort=5)
    match went:
        case Went.FINE:
            yield from _went_fine(start, done)
        case Went.EASY:
            yield from record(replace(done, effort=3, more=True))
        case Went.HARD:
            yield from _went_hard(done)
        case Went.HURT:
            return (yield from _hurt(start, done))
    return True


def _went_fine(start: SessionStart, done: ExerciseDone) -> Flow[None]:
    if start.more_for != done.exercise:
        yield from record(done)
        return
    more = yield from ask(
        Choice(id=f"more/{done.exercise}", text=text("session/more"), options=tuple(More), labels="session/more-reply")
    )
    yield from record(replace(done, more=more is More.YES))


def _went_hard(done: ExerciseDone) -> Flow[None]:
    how_much = yield from ask(
        Choice(
            id=f"how-much/{done.exercise}",
            text=text("session/how-much"),
            options=tuple(HowMuch),
            labels="session/how-much-reply",
            row=3,
        )
    )
    halves = {HowMuch.WHOLE: 2, HowMuch.HALF: 1, HowMuch.NONE: 0}[how_much]
    yield from record(replace(done, done=halves, effort=8, more=False, too_hard=True))


def _hurt(start: SessionStart, done: ExerciseDone) -> Flow[bool]:
    """Praise stopping, ask at most twice. New pain down the leg: the lists before the next exercise."""
    quality = yield from ask(
        Choice(
            id=f"quality/{done.exercise}",
            text=text("session/hurt"),
            options=tuple(Quality),
            labels="session/quality",
            place=Place.BELOW,
        )
    )
    if quality is Quality.BURN:
        yield from record(done)
        yield from say(text("session/burn"))
        return True
    peak = yield from ask(Scale(id=f"peak/{done.exercise}", text=text("session/hurt-much"), done="session/hurt-done"))
    hurt = replace(done, done=1, effort=None, more=False, quality=quality.value, peak=peak)
    yield from record(hurt)
    if quality is Quality.LEG:
        yield from say(text("session/leg"))
        judged = yield from run(SCREENING, start.screening)
        return not judged.locked
    strong = quality is Quality.STABBING or peak >= STRONG
    yield from say(
        text("session/stabbing" if quality is Quality.STABBING else "session/left-out" if strong else "session/pulling")
    )
    return True


def _after(start: SessionStart) -> Flow[None]:
    if start.ask_after:
        after = yield from ask_or_skip(
            Scale(id="pain-after", text=text("session/pain-after"), place=Place.BELOW, done="session/pain-after-done")
        )
        yield from record(PainReported(when="after", value=after))
    yield from record(SessionEnded(finished=True))
    if not start.first:
        yield from say(text("session/finished"), links=("why",))
        return
    at = yield from ask(
        TimeOfDay(
            id="prompt-time",
            text=text("session/when", clock=start.clock),
            offers=("07:00", "08:00", "12:30", "17:00", "19:00", "20:00"),
            done="session/when-done",
        )
    )
    yield from record(ProfileAnswered(field="prompt_time", value=at.strftime("%H:%M")))
    yield from book(PROMPT, OnDay(at, days=1))
    yield from say(text("session/first-finished", at=at.strftime("%H:%M")))


def _left(steps: tuple[Step, ...]) -> tuple[SessionEnded, ...]:
    """A session left half-way counts what was done."""
    started = any(isinstance(step, Record) and isinstance(step.fact, SessionStarted) for step in steps)
    ended = any(isinstance(step, Record) and isinstance(step.fact, SessionEnded) for step in steps)
    return (SessionEnded(finished=False),) if started and not ended else ()


_TILT = Planned(exercise="beckenkippen", level=1, step=1, sets=2, amount=6, unit="reps")
_BRIDGE = Planned(exercise="bruecke", level=1, step=1, sets=2, amount=6, unit="reps", gentle=False)
_TOLD = tuple((name, "3") for name in ("before", "peak", "over", "next_morning", "usual"))
_GATES = (NORMAL,) * 5 + (REDUCED, FLARE, FLARE, SCREEN, SCREEN, SCREEN)
SESSION: FlowDef[SessionStart, Ended] = FlowDef(
    name="session",
    start=SessionStart,
    body=_session,
    results=tuple(Ended),
    samples=(
        SessionStart(planned=(_TILT,), ask_before=False, before=3, first=True),
        SessionStart(
            planned=(_TILT, _BRIDGE),
            gates=_GATES,
            more_for="bruecke",
            changes=(
                Change(
                    exercise="bruecke",
                    change="dose_down",
                    rule="R_RED",
                    reason="reason/R_RED",
                    level=1,
                    step=1,
                    sets=1,
                    params=_TOLD,
                ),
            ),
        ),
        SessionStart(
            planned=(replace(_BRIDGE, level=2, rise_from=(1, 4, 2, 12), offered=True),),
            gates=_GATES,
            changes=(
                Change(
                    exercise="bruecke",
                    change="level_up",
                    rule="R_LEVEL",
                    reason="reason/R_LEVEL",
                    level=2,
                    step=1,
                    sets=2,
                    levels=1,
                    params=_TOLD,
                ),
            ),
        ),
    ),
    keeps=True,
    leftover=_left,
    kind=Kind.SESSION,
)

__all__ = ["PROMPT", "SESSION", "Book", "Change", "Ended", "Planned", "SessionStart", "time"]
