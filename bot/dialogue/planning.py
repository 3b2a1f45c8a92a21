"""Today's session, planned from what is known: which exercises, how much, what changed and why.

All rules are the coach's; here they are asked in order and their answers become a flow's start values.
"""

from dataclasses import dataclass, field
from datetime import timedelta

from bot.coach.allowing import Exercises, held
from bot.coach.decision import decide
from bot.coach.gate import Gate, open_gate
from bot.coach.joining import GENTLE_LOAD, Arrival, alternative, choices, first_day, newcomer
from bot.coach.lights import Light, light_session
from bot.coach.phase import has_settled
from bot.coach.place import Place
from bot.coach.programme import ProgrammeItem, is_heavier, lowest_place
from bot.coach.reasons import FALLS
from bot.coach.records import RISES, Change, DayRecord, History, Mode, whole_days
from bot.coach.records import Moment as CoachMoment
from bot.coach.rising import is_calm
from bot.coach.today import WEEK, choose, is_rested
from bot.coach.today import Day as Choosing
from bot.coach.walking import Walking
from bot.dialogue import moment as moments
from bot.dialogue.beside import was_ill
from bot.dialogue.day_records import ordinal
from bot.dialogue.facts import SWAP
from bot.dialogue.flows import session as flow
from bot.dialogue.history import (
    day_of,
    history_of,
    in_turn,
    is_screened,
    phase_on,
    profile_of,
    rests_of,
    stays_of,
    walked_place,
)
from bot.dialogue.kit import Kit
from bot.dialogue.member import Known, Member
from bot.dialogue.planned_day import Item, PlannedDay, case_of, is_rested_by
from bot.dialogue.rescreening import is_stale
from bot.dialogue.session_start import change_of, session_start, waiting_changes
from bot.dialogue.walks import Walk, offered, walking_of
from bot.library.library import Library
from bot.library.quick import altered
from bot.library.screening import Episode

MOST_LOAD = 3  # no exercise is heavier
_HARD_DAYS = frozenset({Mode.STOP, Mode.SCREEN, Mode.FLARE})
FRESH = timedelta(hours=1)  # a number older than this is asked again before a session


@dataclass(frozen=True, slots=True)
class RestDay:
    """Nothing to do today; the decisions behind it count as made."""

    changes: tuple[flow.Change, ...] = ()
    gate: str = ""
    walk: Walk = field(default_factory=Walk)  # a day without exercises may have a walk


def plan_session(member: Member, moment: moments.Moment, kit: Kit) -> flow.SessionStart | RestDay:
    """The start values of today's session, or why there is none."""
    known, library = member.known, kit.library
    if kit.exercises is Exercises.OFF or not is_screened(known, library, moment.day):
        return RestDay()
    day = _look(known, kit, moment)
    if day.gate.mode is Mode.STOP:
        return RestDay()
    items, resting = _todays(day)
    if not items:
        changes = (*(change_of(item, kit, day) for item in resting), *waiting_changes(day, [*items, *resting]))
        return RestDay(changes, day.gate.mode.value, offered(walking_of(day)))
    return session_start(member, moment, kit, day, items, resting)


@dataclass(frozen=True, slots=True)
class Choices:
    """What may be chosen beside the programme today, and the day it was asked for."""

    items: tuple[ProgrammeItem, ...]
    day: Choosing


def choices_now(member: Member, moment: moments.Moment, kit: Kit) -> Choices:
    """Nothing before the first session, while lists are open, and on a day that is not normal."""
    day = _look(member.known, kit, moment)
    is_open = day.gate.mode is Mode.NORMAL and day.gate.allows_new and not day.stale
    if not is_open or not member.known.programme or not is_screened(member.known, kit.library, moment.day):
        return Choices((), day.choosing)
    next_time = altered(day.choosing, max_load=day.gate.max_load)  # not only what a second session may hold
    return Choices(choices(in_turn(member.known), next_time), next_time)


def coming_next(member: Member, moment: moments.Moment, kit: Kit) -> str:
    """The exercise that joins within the next week if its sessions go well; "" if none, or not now."""
    day = _look(member.known, kit, moment)
    if day.gate.mode is not Mode.NORMAL or not day.gate.allows_new or day.stale or not member.known.programme:
        return ""
    later = altered(day.choosing, day=day.choosing.day + WEEK, max_load=day.gate.max_load)
    arrival = newcomer(in_turn(member.known), later, max_load=day.gate.max_load)
    return "" if arrival is None or not kit.exercises.grow else arrival.item.exercise


def wants_showing(known: Known, moment: moments.Moment, kit: Kit) -> bool:
    """Whether something could join that somebody should have shown first, if they had."""
    library, places = kit.library, in_turn(known)
    first = {name for name, exercise in library.exercises.items() if exercise.shown_first and name not in places}
    met = {placed.exercise for placed in known.programme}
    near = {
        name
        for name in first
        if all(need.exercise is None or need.exercise in met for need in library.exercises[name].levels[0].needs)
    }
    if not near:
        return False
    day = _look(known, kit, moment).choosing
    shown = altered(day, profile=altered(day.profile, was_shown=True))
    return any(item.exercise in near for item in choices(places, shown))


def mode_now(member: Member, moment: moments.Moment, kit: Kit) -> Mode:
    """What the gate says at this moment; a flare-up counts as one even where its day is calm."""
    gate = _today(member.known, kit, moment)[1]
    return Mode.FLARE if gate.flaring else gate.mode


def gate_now(member: Member, moment: moments.Moment, kit: Kit) -> str:
    """The gate of the session that would be planned now; "" where there is none."""
    if kit.exercises is Exercises.OFF or not is_screened(member.known, kit.library, moment.day):
        return ""
    mode = _today(member.known, kit, moment)[1].mode
    return "" if mode is Mode.STOP else mode.value


def advice_now(member: Member, moment: moments.Moment, kit: Kit) -> tuple[str, ...]:
    """What the gate recommends beside the exercises, such as to talk to a practice: keys of advice/… texts."""
    return _today(member.known, kit, moment)[1].advice


def walking_now(member: Member, moment: moments.Moment, kit: Kit) -> Walking:
    """What the walking quota looks at now."""
    return walking_of(_look(member.known, kit, moment))


def choosing_now(member: Member, moment: moments.Moment, kit: Kit) -> Choosing:
    """What choosing looks at now: the limits of the day, and what is rested."""
    return _look(member.known, kit, moment).choosing


def waiting_now(member: Member, moment: moments.Moment, kit: Kit) -> frozenset[str]:
    """Exercises of the programme that have not rested long enough at this moment; asked at each tap on an offer."""
    known, library = member.known, kit.library
    day = Choosing(
        day=day_of(known, moment.day.isoformat(), library).day,
        history=history_of(known, library),
        profile=profile_of(known, library, moment.day),
        library=library,
        now=moment.micros,
    )
    names = (placed.exercise for placed in known.programme)
    return frozenset(name for name in names if not is_rested(library.exercises[name], day))


def _second_limit(history: History, day: int, library: Library) -> int:
    """Once today had its session, only gentle things are left of it: a second one is no way to more."""
    done = history.done_on(day)
    is_much = len(done) > 1 or any(is_heavier(library.exercises[name], GENTLE_LOAD) for name in done)
    return library.thresholds.planning.again_max_load if is_much else MOST_LOAD


def _look(known: Known, kit: Kit, moment: moments.Moment) -> PlannedDay:
    library = kit.library
    history, profile = history_of(known, library), profile_of(known, library, moment.day)
    today, gate = _today(known, kit, moment)
    gated = altered(today, mode=gate.mode, flaring=gate.flaring)
    return PlannedDay(
        known=known,
        library=library,
        profile=profile,
        history=history,
        today=today,
        gate=gate,
        so_far=history.with_day(gated),
        stale=is_stale(known, moment.day, library),
        exercises=kit.exercises,
        choosing=Choosing(
            day=today.day,
            history=history,
            profile=profile,
            library=library,
            vetoes={veto.exercise: ordinal(veto.day) for veto in known.vetoes},
            since=ordinal(known.since) if known.since else None,
            acute_settled=has_settled(history, today.day, library.thresholds),
            max_load=min(gate.max_load, _second_limit(history, today.day, library)),
            now=moment.micros,
            stays=stays_of(known),
            rests=rests_of(known),
            walked=walked_place(known, today.day, library),
        ),
    )


def _today(known: Known, kit: Kit, moment: moments.Moment) -> tuple[DayRecord, Gate]:
    """Today as the gate sees it before a session, and what it says: for many questions that is all."""
    library = kit.library
    fresh = _fresh_pain(known, moment, acute=phase_on(known, moment.day, library) is Episode.ACUTE)
    day = day_of(known, moment.day.isoformat(), library)
    today = altered(day, before=fresh, session=None, mode=None, was_ill=was_ill(known))
    return today, open_gate(history_of(known, library), today, library.thresholds)


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


def _todays(day: PlannedDay) -> tuple[list[Item], list[Item]]:
    """Today's exercises, and those a decision lets rest; at first only the gentle part of the programme."""
    if not day.known.programme:
        return [Item(i.exercise, i.place, i.place, i.place.sets, amount=i.amount) for i in first_day(day.choosing)], []
    decided = _decisions(day)
    resting = [item for item in decided if item.decision is not None and item.decision.change is Change.REST]
    kept = {item.exercise: item for item in decided if item not in resting}
    swapped = [item for item in resting if _is_swapped(item)]
    resting += [_leaving(item, SWAP) for item in swapped]
    arrival = _instead(day, swapped, decided) or _arrival(day, [item for item in decided if item not in swapped])
    if arrival is not None:
        resting += [_leaving(item, "R_ROTATE") for item in decided if item.exercise == arrival.leaves]
        kept.pop(arrival.leaves, None)
        new = arrival.item
        kept[new.exercise] = Item(new.exercise, new.place, new.place, new.place.sets, returns=arrival.returns)
    chosen = choose({exercise: item.place for exercise, item in kept.items()}, day.choosing)
    return [_shown(altered(kept[item.exercise], amount=item.amount), item.place.sets) for item in chosen], resting


def _decisions(day: PlannedDay) -> list[Item]:
    """Of every exercise; a form offered to one counts when the next is asked (invariant I3)."""
    places = in_turn(day.known)
    decided: list[Item] = []
    for exercise in sorted(places, key=lambda exercise: not is_rested_by(day, exercise)):
        item = _decided(day, exercise, places[exercise])
        decided.append(item)
        if item.decision is not None and item.decision.change is Change.LEVEL_UP:
            made = item.decision.as_record(day.today.day)
            day = altered(day, history=day.history.with_change(made), so_far=day.so_far.with_change(made))
    return decided


def _shown(item: Item, sets: int) -> Item:
    """With the sets that fit today; what begins today begins with just these, and a rise with no room waits."""
    if item.decision is None:
        return altered(item, place=altered(item.place, sets=sets), sets=sets)
    has_no_room = sets < item.place.sets if item.decision.rule == "R_SETS" else item.amount is not None
    if item.decision.change is Change.DOSE_UP and has_no_room:
        held = altered(item.decision, change=Change.HOLD, rule="R_HOLD", cause="top", place=item.before)
        return altered(item, place=item.before, sets=min(sets, item.before.sets), decision=held)
    return altered(item, sets=sets)


def _decided(day: PlannedDay, exercise: str, place: Place) -> Item:
    """The decision is made from what was really done; where it lowers nothing, the member keeps the place."""
    case = case_of(day, exercise, place)
    decision = held(decide(case), case.place, day.exercises)
    new = decision.place
    if new.sets == case.place.sets:
        new = altered(new, sets=place.sets)
    if decision.change in RISES and new == place:  # sets that had no room last time are no rise
        decision = altered(decision, change=Change.HOLD, rule="R_HOLD", cause="top")
    return Item(exercise, new, place, new.sets, decision)


def _arrival(day: PlannedDay, present: list[Item]) -> Arrival | None:
    """One more exercise, in its lowest form, once the last session went well; never on a day that is not normal.

    Nor in a second session of one day.
    """
    if day.stale or day.history.done_on(day.today.day):
        return None
    if not in_turn(day.known):  # not on the very day on which the last one makes room: it would come back at once
        return _begin_anew(day)
    is_normal = day.gate.mode is Mode.NORMAL and day.gate.allows_new
    if not is_normal or not _went_well(day):
        return None
    arrival = newcomer({item.exercise: item.place for item in present}, day.choosing, max_load=day.gate.max_load)
    return arrival if arrival is None or arrival.returns or day.exercises.grow else None


def _begin_anew(day: PlannedDay) -> Arrival | None:
    """Everything was too much and rests: without a session none could go well, so something gentle begins.

    It is no heavier than what a hard day holds, and in its lowest form.
    """
    if day.gate.mode in _HARD_DAYS or not day.exercises.grow:
        return None
    found = newcomer({}, day.choosing, max_load=min(day.gate.max_load, GENTLE_LOAD))
    if found is None or found.returns:
        return found
    exercise = day.library.exercises[found.item.exercise]
    return altered(found, item=altered(found.item, place=lowest_place(exercise, day.profile, day.library)))


def _is_swapped(item: Item) -> bool:
    """It could not get smaller and was too much: something else takes its place (clinical rules 5.6, R_RED2)."""
    decision = item.decision
    return decision is not None and decision.swap and decision.rule in FALLS


def _instead(day: PlannedDay, swapped: list[Item], present: list[Item]) -> Arrival | None:
    """The first thing the content names in its place that is allowed; on a day that is not normal it waits."""
    if not day.exercises.grow or day.gate.mode is not Mode.NORMAL or not day.gate.allows_new or day.stale:
        return None
    places = {item.exercise: item.place for item in present}
    return next((found for item in swapped if (found := alternative(item.exercise, places, day.choosing))), None)


def _leaving(item: Item, rule: str) -> Item:
    """It makes room where it stands, and what was to get smaller has got smaller; a rise is no matter any more."""
    lowers = item.decision is not None and item.decision.change in {Change.LEVEL_DOWN, Change.DOSE_DOWN}
    return altered(item, place=item.place if lowers else item.before, decision=None, leaves=rule)


def _went_well(day: PlannedDay) -> bool:
    """The last session left no red or amber light, the morning after it is known, and three days were calm."""
    past = day.so_far
    days = whole_days(past.before(day.today.day))
    if not days or not is_calm(past, CoachMoment(day.today.day, now=day.choosing.now), day.library):
        return False
    morning = past.find_day(days[-1].day + 1)
    lights = {lit.light for lit in light_session(past, days[-1], day.library.thresholds)}
    return morning is not None and morning.morning is not None and not lights & {Light.RED, Light.AMBER}
