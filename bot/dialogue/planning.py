"""Today's session, planned from what is known: which exercises, how much, what changed and why.

All rules are the coach's; here they are asked in order and their answers become a flow's start values.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

from bot.coach.asking import ask_more_of
from bot.coach.decision import Case, Decision, decide
from bot.coach.derived import usual_before
from bot.coach.gate import Gate, modes_by_pain, open_gate
from bot.coach.joining import first_day, newcomer
from bot.coach.lights import Light, light_session
from bot.coach.pause import find_ramp
from bot.coach.phase import has_settled
from bot.coach.place import Place
from bot.coach.profile import Profile
from bot.coach.programme import seconds_of
from bot.coach.reasons import reason_key
from bot.coach.records import RISES, Change, DayRecord, History, Mode, Moment, session_days
from bot.coach.today import Day as Choosing
from bot.coach.today import choose, is_rested
from bot.dialogue import moment as moments
from bot.dialogue.beside import (
    GOAL,
    days_done,
    is_acute,
    is_test_due,
    one_minute,
    part_of_day,
    spares,
    was_ill,
    wording,
)
from bot.dialogue.contact import fewer_days
from bot.dialogue.flows import session as flow
from bot.dialogue.history import day_of, history_of, is_screened, ordinal, places_of, profile_of
from bot.dialogue.kit import Kit
from bot.dialogue.member import Known, Member
from bot.dialogue.rescreening import is_stale
from bot.dialogue.starts import screening_start
from bot.library.library import Library

FRESH = timedelta(hours=1)  # a number older than this is asked again before a session
TOLD = 2
_WEIGHT = tuple(c.value for c in (Change.RESCREEN, Change.REST, Change.LEVEL_DOWN, Change.DOSE_DOWN, Change.LEVEL_UP))
_UNTOLD = {"start", "decided", "adherence", "good"}  # reasons to hold that would only be noise on the card


@dataclass(frozen=True, slots=True)
class _Item:
    """An exercise of today: where it stands, where it stood, how many sets fit, and what was decided."""

    exercise: str
    place: Place
    before: Place
    sets: int  # that fit today, at most those of the place
    decision: Decision | None = None


@dataclass(frozen=True, slots=True)
class RestDay:
    """Nothing to do today; the decisions behind it count as made."""

    changes: tuple[flow.Change, ...] = ()
    gate: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Day:
    """What all of today's questions to the rules share."""

    known: Known
    library: Library
    profile: Profile
    history: History
    so_far: History  # with today
    today: DayRecord
    gate: Gate
    choosing: Choosing
    stale: bool  # the lists were answered too long ago: nothing rises


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
        changes = (*(_change(item, kit, day) for item in resting), *_resting(day, [*items, *resting]))
        return RestDay(changes, day.gate.mode.value)
    return _start(member, moment, kit, day, items, resting)


def mode_now(member: Member, moment: moments.Moment, kit: Kit) -> Mode:
    """What the gate says at this moment; a flare-up counts as one even where its day is calm."""
    gate = _look(member.known, kit.library, moment).gate
    return Mode.FLARE if gate.flaring else gate.mode


def advice_now(member: Member, moment: moments.Moment, kit: Kit) -> tuple[str, ...]:
    """What the gate recommends beside the exercises, such as to talk to a practice: keys of advice/… texts."""
    return _look(member.known, kit.library, moment).gate.advice


def _look(known: Known, library: Library, moment: moments.Moment) -> _Day:
    history, iso = history_of(known, library), moment.day.isoformat()
    profile = profile_of(known, library)
    today = day_of(known, iso, library)
    fresh = _fresh_pain(known, moment, acute=is_acute(known, moment.day.toordinal()))
    today = replace(today, before=fresh, session=None, mode=None, flaring=False, was_ill=was_ill(known))
    gate = open_gate(history, today, library.thresholds)
    gated = replace(today, mode=gate.mode, flaring=gate.flaring)
    return _Day(
        known=known,
        library=library,
        profile=profile,
        history=history,
        today=today,
        gate=gate,
        so_far=history.with_day(gated),
        stale=is_stale(known, moment.day, library),
        choosing=Choosing(
            day=today.day,
            history=history,
            profile=profile,
            library=library,
            vetoes={veto.exercise: ordinal(veto.day) for veto in known.vetoes},
            since=ordinal(known.since) if known.since else None,
            acute_settled=has_settled(history, today.day, library.thresholds),
        ),
    )


def _fresh_pain(known: Known, moment: moments.Moment, *, acute: bool) -> int | None:
    """A pain number of the last hour counts as the one before the session; in the first weeks any of today's."""
    since = moment.micros - FRESH // timedelta(microseconds=1)
    iso = moment.day.isoformat()
    fresh = (
        p.value
        for p in reversed(known.pains)
        if (p.at >= since or (acute and p.day == iso)) and p.when != "after" and p.value is not None
    )
    return next(fresh, None)


def _todays(day: _Day) -> tuple[list[_Item], list[_Item]]:
    """Today's exercises, and those a decision lets rest; at first only the gentle part of the programme."""
    if not day.known.programme:
        return [_Item(i.exercise, i.place, i.place, i.place.sets) for i in first_day(day.choosing)], []
    decided = _decisions(day)
    resting = [item for item in decided if item.decision is not None and item.decision.change is Change.REST]
    kept = {item.exercise: item for item in (*decided, *_newcomer(day, decided)) if item not in resting}
    chosen = choose({exercise: item.place for exercise, item in kept.items()}, day.choosing)
    return [_shown(kept[item.exercise], item.place.sets) for item in chosen], resting


def _decisions(day: _Day) -> list[_Item]:
    """Of every exercise; a form offered to one counts when the next is asked (invariant I3)."""
    places = places_of(day.known)
    decided: list[_Item] = []
    for exercise in sorted(places, key=lambda exercise: not _is_rested(day, exercise)):
        item = _decided(day, exercise, places[exercise])
        decided.append(item)
        if item.decision is not None and item.decision.change is Change.LEVEL_UP:
            made = item.decision.as_record(day.today.day)
            day = replace(day, history=day.history.with_change(made), so_far=day.so_far.with_change(made))
    return decided


def _shown(item: _Item, sets: int) -> _Item:
    """With the sets that fit today; what begins today begins with just these, and a set with no room waits."""
    if item.decision is None:
        return replace(item, place=replace(item.place, sets=sets), sets=sets)
    if item.decision.rule == "R_SETS" and sets < item.place.sets:
        held = replace(item.decision, change=Change.HOLD, rule="R_HOLD", cause="top", place=item.before)
        return replace(item, place=item.before, sets=min(sets, item.before.sets), decision=held)
    return replace(item, sets=sets)


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
    """The decision is made from what was really done; where it lowers nothing, the member keeps the place."""
    case = _case(day, exercise, place)
    decision = decide(case)
    new = decision.place
    if new.sets == case.place.sets:
        new = replace(new, sets=place.sets)
    return _Item(exercise, new, place, new.sets, decision)


def _case(day: _Day, exercise: str, place: Place) -> Case:
    done = _last_sets(day, exercise)
    return Case(
        exercise=day.library.exercises[exercise],
        place=replace(place, sets=min(place.sets, done or place.sets)),
        history=day.so_far,
        moment=Moment(day.today.day),
        gate=day.gate,
        profile=day.profile,
        library=day.library,
        places=places_of(day.known),
        screened=not day.stale,
    )


def _case_of_asking(day: _Day, item: _Item) -> Case:
    """As it stands today; where the day has no room for more sets, sets are nothing to ask for."""
    has_room = item.sets >= item.place.sets
    place = item.place if has_room else replace(item.place, sets=day.library.exercises[item.exercise].sets)
    return replace(_case(day, item.exercise, place), place=place)


def _last_sets(day: _Day, exercise: str) -> int | None:
    """Sets of the last time, which were fewer than planned where the day had no room for more."""
    for record in reversed(day.history.before(day.today.day)):
        for each in record.session.exercises if record.session else ():
            if each.exercise == exercise and each.done and each.place is not None:
                return each.place.sets
    return None


def _is_rested(day: _Day, exercise: str) -> bool:
    return is_rested(day.library.exercises[exercise], day.choosing)


def _newcomer(day: _Day, present: list[_Item]) -> Iterator[_Item]:
    """One more exercise, in its lowest form, once the last session went well; never on a day that is not normal."""
    if day.stale or day.gate.mode is not Mode.NORMAL or not day.gate.allows_new or not _went_well(day):
        return
    places = {item.exercise: item.place for item in present}
    new = newcomer(places, day.choosing, max_load=day.gate.max_load)
    if new is not None:
        yield _Item(new.exercise, new.place, new.place, new.place.sets)


def _went_well(day: _Day) -> bool:
    """The last session left no red or amber light, and the morning after it is known."""
    past = day.so_far
    days = session_days(past.before(day.today.day))
    if not days:
        return False
    morning = past.find_day(days[-1].day + 1)
    lights = {lit.light for lit in light_session(past, days[-1], day.library.thresholds)}
    return morning is not None and morning.morning is not None and not lights & {Light.RED, Light.AMBER}


def _start(
    member: Member, moment: moments.Moment, kit: Kit, day: _Day, items: list[_Item], resting: list[_Item]
) -> flow.SessionStart:
    rules = kit.library.thresholds
    usual = usual_before(day.history, day.today.day, rules)
    acute = is_acute(member.known, day.today.day)
    seconds = sum(
        seconds_of(kit.library.exercises[item.exercise], replace(item.place, sets=item.sets), rules) for item in items
    )
    return flow.SessionStart(
        planned=tuple(_planned(item, day) for item in items),
        gates=tuple(mode.value for mode in modes_by_pain(day.history, day.today, day.library.thresholds)),
        gate=day.gate.mode.value,
        eased=day.gate.eased,
        changes=told(tuple(_change(item, kit, day) for item in (*items, *resting))) + _resting(day, [*items, *resting]),
        before=None if day.today.before is None else round(day.today.before),
        ask_before=day.today.before is None,
        usual=round(usual or 0),
        more_for=ask_more_of([_case_of_asking(day, item) for item in items]),
        first=not day.known.sessions,
        tests=day.gate.mode is Mode.NORMAL and is_test_due(day.known, moment.day, rules.selftests.month_days),
        micro=one_minute(member.known, day.choosing),
        spares=spares(member.known, day.choosing, frozenset(item.exercise for item in items)),
        back=_way_back(day),
        greets=member.heard == moment.micros,
        acute=acute,
        ask_after=not acute,
        week_done=days_done(member.known, moment.day),
        week_goal=day.profile.days_per_week or GOAL,
        fewer=fewer_days(member.known),
        part=part_of_day(moment),
        wording=wording(member, moment),
        hangs_on=member.known.about.trigger,
        called=member.known.about.name,
        own=member.known.about.own,
        last_word=member.known.prompt_time is not None,
        minutes=max(1, round(seconds / 60)),
        screening=screening_start(kit, member.known),
    )


def _way_back(day: _Day) -> str:
    """How far the programme steps down for the first session after days without one; "" when there was no such gap."""
    ramp = find_ramp(day.history, day.today.day, day.library.thresholds)
    if ramp is None or ramp.resumed_on is not None:
        return ""
    if ramp.step.levels_down:
        return "level" if ramp.gap < day.library.thresholds.pause.restart_from else "restart"
    return "bottom" if ramp.step.to_bottom else "smaller"


def told(changes: tuple[flow.Change, ...]) -> tuple[flow.Change, ...]:
    """The card tells the two weightiest, each sentence once; all stand under /warum. Staying alike is told alone."""
    weighty = sorted(
        (c for c in changes if c.told), key=lambda c: _WEIGHT.index(c.change) if c.change in _WEIGHT else 9
    )
    kept: list[flow.Change] = []
    for change in weighty:
        again = change.rule == "R_SCREEN" and any(each.rule == "R_SCREEN" for each in kept)
        idle = change.change == Change.HOLD.value and bool(kept)
        if not again and not idle and len(kept) < TOLD:
            kept.append(change)
    return tuple(replace(change, told=change in kept) for change in changes)


def _planned(item: _Item, day: _Day) -> flow.Planned:
    content = day.library.exercises[item.exercise]
    rises = item.decision is not None and item.decision.change in RISES
    old = item.before
    sets = max(1, item.sets - day.gate.sets_less)
    return flow.Planned(
        exercise=item.exercise,
        level=item.place.level,
        step=item.place.step,
        sets=sets,
        amount=content.amount(item.place.step),
        unit=content.unit.value,
        reduced_sets=max(1, min(sets, item.sets - day.library.thresholds.gate.reduced_sets_less)),
        rise_from=(old.level, old.step, min(old.sets, item.sets), content.amount(old.step)) if rises else None,
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
        inputs=(*((name, _number(value)) for name, value in inputs.items()), *_cause(decision)),
        sources=decision.sources,
        version=str(decision.rules_version),
    )


def _cause(decision: Decision) -> tuple[tuple[str, str], ...]:
    """What completes the reason's id, kept so that a decision can be explained later in its own words."""
    return (("cause", decision.cause),) if decision.cause else ()


def _reason_key(decision: Decision, kit: Kit) -> str:
    """The most exact reason the catalogs have."""
    exact = decision.reason
    return (
        exact
        if all(catalog.has(exact) for catalog in kit.catalogs.values())
        else reason_key(decision.rule, decision.change)
    )


def _number(value: float | str | None) -> str:
    if value is None:
        return "–"
    return f"{value:g}" if isinstance(value, int | float) else value
