"""Today's session, planned from what is known: which exercises, how much, what changed and why.

All rules are the coach's; here they are asked in order and their answers become a flow's start values.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

from bot.coach.decision import Case, Decision, decide
from bot.coach.derived import usual_before
from bot.coach.gate import Gate, open_gate
from bot.coach.lights import Light, light_session
from bot.coach.place import Place
from bot.coach.profile import Profile
from bot.coach.programme import ProgrammeItem, first_programme, fit_minutes, seconds_of
from bot.coach.records import RISES, Change, DayRecord, ExerciseRecord, History, Mode, Moment, session_days
from bot.dialogue import moment as moments
from bot.dialogue.flows import session as flow
from bot.dialogue.history import day_of, history_of, is_screened, places_of, profile_of
from bot.dialogue.kit import Kit
from bot.dialogue.member import Known, Member
from bot.dialogue.starts import screening_start
from bot.library.library import Library

GENTLE_LOAD = 1  # flare days and first sessions hold nothing heavier (clinical rules 4.11, EXPERIENCE)
DAILY_MINUTES = 6
FRESH = timedelta(hours=1)  # a number older than this is asked again before a session
WORDINGS = 3
_UNTOLD = {"start", "decided", "adherence", "good"}  # reasons to hold that would only be noise on the card


@dataclass(frozen=True, slots=True)
class _Item:
    """An exercise of today: where it stands, where it stood, and what was decided."""

    exercise: str
    place: Place
    before: Place
    decision: Decision | None = None


@dataclass(frozen=True, slots=True)
class RestDay:
    """Nothing to do today; the decisions behind it count as made."""

    changes: tuple[flow.Change, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Day:
    """What all of today's questions to the rules share."""

    known: Known
    library: Library
    profile: Profile
    history: History
    today: DayRecord
    gate: Gate


def plan_session(member: Member, moment: moments.Moment, kit: Kit) -> flow.SessionStart | RestDay:
    """The start values of today's session, or why there is none."""
    known, library = member.known, kit.library
    if not is_screened(known, library):
        return RestDay()
    day = _look(known, library, moment)
    if day.gate.mode is Mode.STOP:
        return RestDay()
    items, resting = _todays(day)
    if not items:
        return RestDay((*(_change(item, kit, day) for item in resting), *_resting(day, [*items, *resting])))
    return _start(member, moment, kit, day, items, resting)


def _look(known: Known, library: Library, moment: moments.Moment) -> _Day:
    history, iso = history_of(known, library), moment.day.isoformat()
    today = day_of(known, iso, library)
    fresh = _fresh_pain(known, moment)
    today = replace(today, before=fresh, session=None, mode=None, flaring=False)
    return _Day(
        known=known,
        library=library,
        profile=profile_of(known, library),
        history=history,
        today=today,
        gate=open_gate(history, today, library.thresholds),
    )


def _fresh_pain(known: Known, moment: moments.Moment) -> int | None:
    """A pain number of the last hour counts as the one before the session."""
    since = moment.micros - FRESH // timedelta(microseconds=1)
    fresh = (p.value for p in reversed(known.pains) if p.at >= since and p.when != "after" and p.value is not None)
    return next(fresh, None)


def _todays(day: _Day) -> tuple[list[_Item], list[_Item]]:
    """Today's exercises, and those a decision lets rest; at first only the gentle part of the programme."""
    if not day.known.programme:
        first = first_programme(day.profile, day.library)
        gentle = [item for item in first.items if _is_gentle(day, item.exercise)]
        return [_Item(item.exercise, item.place, item.place) for item in gentle], []
    decided = [_decided(day, exercise, place) for exercise, place in places_of(day.known).items()]
    resting = [item for item in decided if item.decision is not None and item.decision.change is Change.REST]
    kept = [item for item in decided if item not in resting]
    rested = [item for item in kept if _is_rested(day, item.exercise)]
    fitted = fit_minutes(tuple(ProgrammeItem(i.exercise, i.place) for i in rested), DAILY_MINUTES, day.library)
    places = {item.exercise: item.place for item in fitted}
    return [*(replace(item, place=places[item.exercise]) for item in rested), *_newcomer(day, decided)], resting


def _resting(day: _Day, items: list[_Item]) -> tuple[flow.Change, ...]:
    """Exercises of the programme that wait today, with the reason: 48 hours, or enough for this week."""
    present = {item.exercise for item in items}
    return tuple(
        flow.Change(
            exercise=placed.exercise,
            change="wait",
            rule="R_48H",
            reason="reason/R_48H",
            level=placed.level,
            step=placed.dose_step,
            sets=placed.sets,
            sources=("D_DESIGN",),
        )
        for placed in day.known.programme
        if placed.exercise not in present and not _is_rested(day, placed.exercise)
    )


def _decided(day: _Day, exercise: str, place: Place) -> _Item:
    case = Case(
        exercise=day.library.exercises[exercise],
        place=place,
        history=_with_today(day),
        moment=Moment(day.today.day),
        gate=day.gate,
        profile=day.profile,
        library=day.library,
        places=places_of(day.known),
    )
    decision = decide(case)
    return _Item(exercise, decision.place, place, decision)


def _with_today(day: _Day) -> History:
    today = replace(day.today, mode=day.gate.mode, flaring=day.gate.flaring)
    return replace(day.history, days=(*day.history.before(today.day), today))


def _is_gentle(day: _Day, exercise: str) -> bool:
    load = day.library.exercises[exercise].load
    return load == "W" or load <= GENTLE_LOAD


def _is_rested(day: _Day, exercise: str) -> bool:
    """Heavy exercises want 48 hours, and none comes more often a week than it may (invariant I7)."""
    content = day.library.exercises[exercise]
    done = [r.day for r in day.history.days if _did(r, exercise) and r.day < day.today.day]
    if content.load == 3 and done and day.today.day - done[-1] < 2:
        return False
    return sum(day.today.day - each < 7 for each in done) < content.max_per_week


def _did(record: DayRecord, exercise: str) -> bool:
    exercises: tuple[ExerciseRecord, ...] = record.session.exercises if record.session else ()
    return any(each.exercise == exercise and each.done for each in exercises)


def _newcomer(day: _Day, present: list[_Item]) -> Iterator[_Item]:
    """One more exercise, in its lowest form, once the last session went well; never on a day that is not normal."""
    if day.gate.mode is not Mode.NORMAL or not day.gate.allows_new or not _went_well(day):
        return
    have = {item.exercise for item in present}
    first = first_programme(day.profile, day.library)
    new = next((item for item in first.items if item.exercise not in have), None)
    if new is not None:
        yield _Item(new.exercise, new.place, new.place)


def _went_well(day: _Day) -> bool:
    """The last session left no red or amber light, and the morning after it is known."""
    days = session_days(day.history.before(day.today.day))
    if not days or days[-1].day < day.today.day - 1:
        return False
    lights = {lit.light for lit in light_session(_with_today(day), days[-1], day.library.thresholds)}
    return day.today.morning is not None and not lights & {Light.RED, Light.AMBER}


def _start(
    member: Member, moment: moments.Moment, kit: Kit, day: _Day, items: list[_Item], resting: list[_Item]
) -> flow.SessionStart:
    rules = kit.library.thresholds
    usual = usual_before(day.history, day.today.day, rules)
    seconds = sum(seconds_of(kit.library.exercises[item.exercise], item.place, rules) for item in items)
    return flow.SessionStart(
        planned=tuple(_planned(item, day) for item in items),
        gates=tuple(_gate_at(day, pain) for pain in range(11)),
        gate=day.gate.mode.value,
        changes=(*(_change(item, kit, day) for item in (*items, *resting)), *_resting(day, [*items, *resting])),
        before=None if day.today.before is None else round(day.today.before),
        ask_before=day.today.before is None,
        usual=round(usual or 0),
        more_for=_nearest_to_rise(items, day),
        first=not day.known.sessions,
        wording=1 + moment.day.toordinal() % WORDINGS,
        clock=moment.local.strftime("%H:%M"),
        minutes=max(1, round(seconds / 60)),
        screening=screening_start(kit, member.known),
    )


def _gate_at(day: _Day, pain: int) -> str:
    asked = replace(day.today, before=float(pain))
    return open_gate(day.history, asked, day.library.thresholds).mode.value


def _planned(item: _Item, day: _Day) -> flow.Planned:
    content = day.library.exercises[item.exercise]
    rises = item.decision is not None and item.decision.change in RISES
    old = item.before
    sets = max(1, item.place.sets - day.gate.sets_less)
    return flow.Planned(
        exercise=item.exercise,
        level=item.place.level,
        step=item.place.step,
        sets=sets,
        amount=content.amount(item.place.step),
        unit=content.unit.value,
        gentle=_is_gentle(day, item.exercise),
        reduced_sets=max(1, sets - 1),
        rise_from=(old.level, old.step, old.sets, content.amount(old.step)) if rises else None,
        offered=item.decision is not None and item.decision.change is Change.LEVEL_UP,
    )


def _change(item: _Item, kit: Kit, day: _Day) -> flow.Change:
    """What was decided about an exercise, or that it begins."""
    decision = item.decision
    if decision is None:
        first = not day.known.sessions
        rule = "P_START" if first else "R_NEW"
        return flow.Change(
            exercise=item.exercise,
            change="start",
            rule=rule,
            reason=f"reason/{rule}",
            told=not first,
            level=item.place.level,
            step=item.place.step,
            sets=item.place.sets,
            sources=kit.library.thresholds.sources_of("P_START"),
            version=str(kit.library.thresholds.version),
        )
    inputs = {name: value for name, value in decision.inputs if value is not None}
    return flow.Change(
        exercise=item.exercise,
        change=decision.change.value,
        rule=decision.rule,
        reason=_reason_key(decision, kit),
        told=decision.change is not Change.HOLD or decision.cause not in _UNTOLD,
        levels=decision.levels,
        basis=decision.basis,
        level=item.place.level,
        step=item.place.step,
        sets=item.place.sets,
        params=tuple((name, _number(inputs.get(name))) for name in ("before", "peak", "over", "next_morning", "usual")),
        inputs=tuple((name, _number(value)) for name, value in inputs.items()),
        sources=decision.sources,
        version=str(decision.rules_version),
    )


def _reason_key(decision: Decision, kit: Kit) -> str:
    """The most exact reason the catalogs have."""
    exact = decision.reason
    return exact if all(catalog.has(exact) for catalog in kit.catalogs.values()) else f"reason/{decision.rule}"


def _number(value: float | str | None) -> str:
    if value is None:
        return "–"
    return f"{value:g}" if isinstance(value, int | float) else value


def _nearest_to_rise(items: list[_Item], day: _Day) -> str | None:
    """The one exercise that is asked "would two more have gone?": the first that still has somewhere to go."""
    if day.gate.mode is not Mode.NORMAL:
        return None
    for item in sorted(items, key=lambda each: -each.place.step):
        content = day.library.exercises[item.exercise]
        if item.place.step < content.top_step or item.place.level < content.top_level:
            return item.exercise
    return None
