"""One day's exercises: the offer with its reasons, pain before, one tap an exercise, pain after.

All rules were applied when the session was planned; they come in as plain values (`gates`, `smaller`).
"""

from dataclasses import replace
from enum import StrEnum

from bot.dialogue.facts import ROTATE, EasierNamed, PainReported, SessionEnded, SessionStarted
from bot.dialogue.flows.session_after import after
from bot.dialogue.flows.session_exercise import Way, exercise, tell
from bot.dialogue.flows.session_offer import PROMPT, Taken, offer
from bot.dialogue.flows.session_start import (
    FLARE,
    NORMAL,
    REDUCED,
    SCREEN,
    Change,
    Planned,
    SessionStart,
    decision_of,
    dose_text,
    on_day,
    reason_of,
    without_rise,
)
from bot.dialogue.messages import Kind
from bot.dialogue.questions import Choice, Scale
from bot.dialogue.steps import Flow, FlowDef, Record, Step, ask, ask_or_skip, record
from bot.dialogue.text import Text, text

HARD = {FLARE, SCREEN}  # such a day has a flow of its own
REST = "rest"  # a decision that takes an exercise out for today


class Rise(StrEnum):
    SHOW = "show"
    KEEP = "keep"


class Easier(StrEnum):
    """What went more easily today: in the first weeks function comes before numbers."""

    RISING = "rising"
    WALKING = "walking"
    SITTING = "sitting"
    SLEEPING = "sleeping"
    NOTHING = "nothing"


class Ended(StrEnum):
    DONE = "done"
    BRIEF = "brief"  # one minute, or done without the phone: nothing is asked behind it
    LATER = "later"
    DECLINED = "declined"
    LOCKED = "locked"
    FLARE = "flare"  # the member's word
    HARD = "hard"  # the day's numbers
    STOP = "stop"
    LESS = "less"


_WITHOUT_EXERCISE = {
    Taken.LATER: Ended.LATER,
    Taken.DECLINED: Ended.DECLINED,
    Taken.FLARE: Ended.FLARE,
    Taken.STOP: Ended.STOP,
    Taken.LESS: Ended.LESS,
    Taken.DONE: Ended.BRIEF,
}


def _session(start: SessionStart) -> Flow[Ended]:
    taken = yield from offer(start)
    if taken in _WITHOUT_EXERCISE:
        return _WITHOUT_EXERCISE[taken]
    if taken is Taken.MICRO and start.micro is not None:
        return (yield from _one_minute(start, start.micro))
    if start.acute and not start.first:
        yield from _easier()
    gate, before = yield from _gate(start)
    if gate in HARD:
        return Ended.HARD
    planned = yield from _chosen(start, gate)
    yield from record(
        SessionStarted(gate=gate, items=_items(planned), before=before, eased=start.eased and gate == REDUCED)
    )
    for change in start.changes:
        if change.change in {REST, ROTATE}:
            yield from record(decision_of(change))
    return (yield from _exercises(start, planned))


def _items(planned: tuple[Planned, ...]) -> tuple[tuple[str, int, int], ...]:
    return tuple((each.exercise, each.level, each.step) for each in planned)


def _exercises(start: SessionStart, planned: tuple[Planned, ...]) -> Flow[Ended]:
    told = tell(start.spares)
    for number, each in enumerate(planned, start=1):
        way = yield from exercise(start, each, number, len(planned), told)
        if way is Way.LOCKED:
            return Ended.LOCKED
        if way is Way.ENOUGH:
            break
    yield from after(start, told)
    return Ended.DONE


def _one_minute(start: SessionStart, micro: Planned) -> Flow[Ended]:
    """One gentle thing without a number; it counts as a day and never as a reason for more."""
    gate = start.gate
    if gate in HARD:
        return Ended.HARD
    yield from record(SessionStarted(gate=gate, items=_items((micro,)), eased=start.eased, minute=True))
    told = tell(())
    way = yield from exercise(replace(start, more_for=None, minute=True), micro, 1, 1, told)
    if way is Way.LOCKED:
        return Ended.LOCKED
    yield from after(start, told, micro=True)
    return Ended.BRIEF


def _easier() -> Flow[None]:
    easier = yield from ask(
        Choice(id="easier", text=text("session/easier"), options=tuple(Easier), labels="session/easier-reply")
    )
    yield from record(EasierNamed(what=easier.value))


def _gate(start: SessionStart) -> Flow[tuple[str, int | None]]:
    """What the day may hold, and pain before: a number that is fresh enough counts, else it is asked."""
    if not start.ask_before:
        return start.gate, start.before
    before = yield from ask_or_skip(
        Scale(
            id="pain-before", of_pain=True, text=text("session/pain-before"), done="session/pain-before-done", mend=True
        )
    )
    yield from record(PainReported(when="before", value=before))
    return (start.gate if before is None else start.gates[before]), before


def _chosen(start: SessionStart, gate: str) -> Flow[tuple[Planned, ...]]:
    """Less of each on a smaller day, rises only on a normal day and if wanted."""
    chosen: list[Planned] = []
    for each in start.planned:
        change = next((change for change in start.changes if change.exercise == each.exercise), None)
        if gate == NORMAL:
            chosen.append((yield from _with_consent(change, each)))
            continue
        if each.rise_from is None:
            yield from _decided(change, each, declined=False)
        chosen.append(on_day(each, gate))
    return tuple(chosen)


def _with_consent(change: Change | None, each: Planned) -> Flow[Planned]:
    """A higher form is an offer, never a reward; declined, it comes again later."""
    if not each.offered or change is None:
        yield from _decided(change, each, declined=False)
        return each
    answer = yield from ask(
        Choice(
            id=f"rise/{each.exercise}",
            reactable=True,
            text=text(
                "session/rise",
                name=Text(f"exercise/{each.exercise}/name"),
                new=Text(f"exercise/{each.exercise}/level-{each.level}/name"),
                dose=dose_text(each),
                before=dose_text(without_rise(each)),
            ),
            options=tuple(Rise),
            labels="session/rise-reply",
            kind=Kind.EXERCISE,
            links=("why",),
            done="session/rise-done",
        )
    )
    chosen = each if answer is Rise.SHOW else without_rise(each)
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


def _left(steps: tuple[Step, ...]) -> tuple[SessionEnded, ...]:
    """A session left half-way counts what was done."""
    started = any(isinstance(step, Record) and isinstance(step.fact, SessionStarted) for step in steps)
    ended = any(isinstance(step, Record) and isinstance(step.fact, SessionEnded) for step in steps)
    return (SessionEnded(finished=False),) if started and not ended else ()


_TILT = Planned(exercise="beckenkippen", level=1, step=1, sets=2, amount=6, unit="reps")
_BRIDGE = Planned(exercise="bruecke", level=1, step=1, sets=2, amount=6, unit="reps")
_TOLD = tuple((name, "3") for name in ("before", "peak", "over", "next_morning", "usual"))
_GATES = (NORMAL,) * 5 + (REDUCED, FLARE, FLARE, SCREEN, SCREEN, SCREEN)
_DOWN = Change(
    exercise="bruecke",
    change="dose_down",
    rule="R_RED",
    reason="reason/R_RED",
    level=1,
    step=1,
    sets=1,
    params=_TOLD,
)
_UP = Change(
    exercise="bruecke",
    change="level_up",
    rule="R_LEVEL",
    reason="reason/R_LEVEL",
    level=2,
    step=1,
    sets=2,
    levels=1,
    params=_TOLD,
)
SESSION: FlowDef[SessionStart, Ended] = FlowDef(
    name="session",
    start=SessionStart,
    body=_session,
    results=tuple(Ended),
    samples=(
        SessionStart(planned=(_TILT,), ask_before=False, before=3, first=True, last_word=False),
        SessionStart(planned=(_TILT, _BRIDGE), gates=_GATES, more_for="bruecke", changes=(_DOWN,), micro=_TILT),
        SessionStart(
            planned=(replace(_BRIDGE, level=2, rise_from=(1, 4, 2, 12), offered=True),),
            gates=_GATES,
            changes=(_UP,),
            spares=(_TILT,),
            part="evening",
            wording=2,
            hangs_on="supper",
            week_done=3,
        ),
        SessionStart(planned=(_TILT,), gate="ramp", back="smaller", micro=_TILT),
        SessionStart(planned=(_TILT,), gate="ramp", back="bottom", greets=True),
        SessionStart(planned=(_TILT,), gate="ramp", back="level", micro=_TILT),
        SessionStart(planned=(_TILT,), gate="ramp", back="restart", greets=True),
        SessionStart(planned=(_TILT,), micro=_TILT, minute=True),
        SessionStart(planned=(_TILT,), wording=1, called="Kim", own="Treppe steigen"),
        SessionStart(planned=(_TILT,), wording=4, called="Kim", own="#garden"),
        SessionStart(planned=(_TILT,), gate=SCREEN, micro=_TILT, acute=True, ask_after=False, part="noon"),
    ),
    keeps=True,
    leftover=_left,
    kind=Kind.SESSION,
)

__all__ = ["HARD", "PROMPT", "SESSION", "Change", "Ended", "Planned", "SessionStart", "decision_of", "reason_of"]
