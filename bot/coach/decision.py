"""The decision about one exercise's next session (clinical rules 5.6), with its rule, its inputs and its sources.

Texts are keys: `reason` names the catalog entry, `inputs` its parameters. A change is decided once per session; the
caller keeps every change but hold as a ChangeRecord, also an offered rise, and marks it when it was declined.
"""

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from bot.coach.derived import adherence_percent
from bot.coach.disposition import forbids_exercise
from bot.coach.falling import Fall, Ground, find_fall
from bot.coach.flare import was_flaring
from bot.coach.gate import Gate, Input
from bot.coach.lights import Light, Lit, Speed, light_session
from bot.coach.pause import done_since, gap_for, step_after
from bot.coach.place import Place, fit_place, lower_level
from bot.coach.profile import Profile, disposition_of, equipment_of, load_limit, tags_of
from bot.coach.programme import is_heavier
from bot.coach.reasons import reason_key
from bot.coach.records import (
    Change,
    ChangeRecord,
    History,
    Mode,
    Moment,
    whole_days,
)
from bot.coach.rising import SETS_INSTEAD, Ambition, find_obstacle, good_sessions
from bot.library.exercise import Exercise
from bot.library.library import Library
from bot.library.quick import altered, quick

_ONCE_A_SESSION = frozenset({"R_RED2", "R_RED", "R_AMBER", "R_USER", "R_DOSE", "R_SETS", "R_LEVEL"})


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Everything a decision is made from. `history` holds today, with its mode; `places` all the member's exercises."""

    exercise: Exercise
    place: Place
    history: History
    moment: Moment
    gate: Gate
    profile: Profile
    library: Library
    places: Mapping[str, Place] = field(default_factory=dict)
    screened: bool = True  # lists 1 to 3 were answered lately; who leaves them open keeps what is


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    exercise: str
    change: Change
    rule: str
    cause: str
    place: Place  # where the next session stands
    inputs: tuple[Input, ...]
    sources: tuple[str, ...]
    basis: int | None  # day of the session it was made from
    levels: int = 0  # so many levels up, or down when negative
    swap: bool = False  # offer another exercise
    rules_version: int = 0

    @property
    def reason(self) -> str:
        return reason_key(self.rule, self.change, self.cause)

    def as_record(self, day: int) -> ChangeRecord:
        return ChangeRecord(
            day=day,
            exercise=self.exercise,
            change=self.change,
            rule=self.rule,
            basis=self.basis,
            levels=self.levels,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Draft:
    change: Change
    rule: str
    cause: str = ""
    place: Place | None = None
    swap: bool = False


def decide(case: Case) -> Decision:
    """The first rule that fits. What stops comes before what lowers, and that before what raises."""
    case = altered(case, place=fit_place(case.place, case.exercise))
    sessions = sessions_of(case)
    draft = (
        _flagged(case)
        or _unequipped(case)
        or _fallen(case, sessions)
        or _paused(case)
        or _screened(case)
        or _rested(case)
    )
    return _decision(case, draft or _risen(case, sessions), sessions)


def sessions_of(case: Case) -> tuple[Lit, ...]:
    """The exercise's last sessions, as many as any rule looks at; skipped ones are none."""
    rules = case.library.thresholds
    wanted = max(rules.rising.careful_window, rules.rising.window, rules.falling.window, rules.falling.ambers)
    found: list[Lit] = []
    for day in reversed(case.history.days_with(case.exercise.id)):
        if not case.moment.day - 366 <= day.day <= case.moment.day:
            continue
        lit = (entry for entry in light_session(case.history, day, rules) if entry.record.exercise == case.exercise.id)
        seen = [entry for entry in lit if entry.record.done != 0 or entry.light in {Light.RED, Light.AMBER}]
        found.extend(sorted(seen, key=_gravity)[:1])
        if len(found) >= wanted:
            break
    return tuple(reversed(found[:wanted]))


def _gravity(entry: Lit) -> tuple[int, bool]:
    """Done twice on one day it is one session, and the worse of the two counts."""
    return (Light.RED, Light.AMBER, Light.GREY, Light.GREEN).index(entry.light), entry.is_good


def _flagged(case: Case) -> _Draft | None:
    if case.gate.mode is Mode.STOP or forbids_exercise(disposition_of(case.profile, case.library)):
        return _Draft(change=Change.STOP, rule="R_FLAG")
    tags = tags_of(case.profile, case.library)
    allowed = case.exercise.allowed_levels(tags)
    if case.place.level not in allowed:
        lower = lower_level(case.place, tags, case.exercise)
        if lower is None:
            return _Draft(change=Change.REST, rule="R_FLAG", cause="no-form", swap=True)
        return _Draft(change=Change.LEVEL_DOWN, rule="R_FLAG", cause="tag", place=lower)
    if is_heavier(case.exercise, load_limit(case.profile, case.library)):
        return _load_draft(case, "limit")
    return None


def _unequipped(case: Case) -> _Draft | None:
    """A form whose things are not at hand any more: the highest below it that wants none of them."""
    have = equipment_of(case.profile)
    if have.issuperset(case.exercise.get_level(case.place.level).equipment):
        return None
    allowed = case.exercise.allowed_levels(tags_of(case.profile, case.library))
    able = [n for n in allowed if n < case.place.level and have.issuperset(case.exercise.get_level(n).equipment)]
    if not able:
        return None
    place = Place(max(able), 1, case.place.sets)
    return _Draft(change=Change.LEVEL_DOWN, rule="P_EQUIPMENT", cause="level", place=place)


def _fallen(case: Case, sessions: tuple[Lit, ...]) -> _Draft | None:
    changes = case.history.changes_of(case.exercise.id)
    if not sessions or _acted_on(changes, sessions[-1].day.day):
        return None
    fall = find_fall(
        Ground(
            sessions=sessions,
            changes=changes,
            place=case.place,
            exercise=case.exercise,
            tags=tags_of(case.profile, case.library),
            rules=case.library.thresholds,
        )
    )
    return None if fall is None else _fall_draft(fall)


def _fall_draft(fall: Fall) -> _Draft:
    cause = "" if fall.cause is None else fall.cause.value
    return _Draft(change=fall.change, rule=fall.rule, cause=cause, place=fall.place, swap=fall.swap)


def _acted_on(changes: tuple[ChangeRecord, ...], session: int) -> bool:
    """Whether this session has already led to a change; a declined offer frees it again."""
    return any(c.basis == session and c.declined_on is None and c.rule in _ONCE_A_SESSION for c in changes)


def _screened(case: Case) -> _Draft | None:
    if case.gate.mode is not Mode.SCREEN:
        return None
    today, yesterday = case.history.find_day(case.moment.day), case.history.find_day(case.moment.day - 1)
    is_new = yesterday is None or yesterday.mode is not Mode.SCREEN
    is_news = today is not None and (today.session, today.pain_before, today.morning) != (None, None, None)
    change = Change.RESCREEN if is_new or is_news else Change.HOLD
    return _Draft(change=change, rule="R_SCREEN", cause=case.gate.cause)


def _paused(case: Case) -> _Draft | None:
    """What a pause takes: the gap before the next session, and any since the exercise's last but one session.

    An exercise that had no turn on the day of the return still begins smaller when its turn comes.
    """
    before = case.moment.next_session_day
    own = [day.day for day in case.history.days_with(case.exercise.id) if before - 366 < day.day < before]
    if not own:
        return None
    sessions = [day.day for day in whole_days(case.history.between(before - 366, before - 1))]
    days = [*sessions[max(bisect_left(sessions, own[-1]) - 1, 0) :], before]
    gaps = reversed(list(pairwise(days)))
    return next((draft for gap in gaps if (draft := _after_gap(case, *gap))), None)


def _after_gap(case: Case, last: int, following: int) -> _Draft | None:
    rules = case.library.thresholds
    step = step_after(gap_for(case.history, last, following, rules.pause), rules.pause)
    taken = done_since(case.history.changes_of(case.exercise.id), last)
    levels = step.levels_down + sum(change.levels for change in taken)
    tags = tags_of(case.profile, case.library)
    lower = lower_level(case.place, tags, case.exercise, levels=levels) if levels > 0 else None
    if lower is not None:
        return _Draft(change=Change.LEVEL_DOWN, rule="R_PAUSE", cause="level", place=lower)
    if step.to_bottom and case.place.step > 1 and not taken:
        return _Draft(change=Change.DOSE_DOWN, rule="R_PAUSE", cause="dose", place=altered(case.place, step=1))
    return None


def _rested(case: Case) -> _Draft | None:
    if not is_heavier(case.exercise, case.gate.max_load):
        return None
    if case.gate.mode is not Mode.FLARE:
        return _load_draft(case, "usual-pain")
    goes_on = was_flaring(case.history, case.moment.day, case.library.thresholds)
    return _Draft(change=Change.HOLD if goes_on else Change.REST, rule="R_FLARE")


def _load_draft(case: Case, cause: str) -> _Draft:
    """Resting is decided once and then holds."""
    last = case.history.changes_of(case.exercise.id)[-1:]
    rests = any(change.rule == "R_LOAD" for change in last)
    return _Draft(change=Change.HOLD if rests else Change.REST, rule="R_LOAD", cause=cause, swap=not rests)


def _risen(case: Case, sessions: tuple[Lit, ...]) -> _Draft:
    if sessions and _acted_on(case.history.changes_of(case.exercise.id), sessions[-1].day.day):
        return _Draft(change=Change.HOLD, rule="R_HOLD", cause="decided")
    ambition = ambition_of(case, sessions)
    obstacle = find_obstacle(ambition)
    place = case.place
    if obstacle in SETS_INSTEAD and place.sets < case.exercise.sets and ambition.speed is Speed.NORMAL:
        return _Draft(change=Change.DOSE_UP, rule="R_SETS", place=altered(place, sets=place.sets + 1))
    if obstacle is not None:
        return _Draft(change=Change.HOLD, rule="R_HOLD", cause=obstacle)
    if ambition.wants_level:
        return _Draft(change=Change.LEVEL_UP, rule="R_LEVEL", place=Place(place.level + 1, 1, place.sets))
    return _Draft(change=Change.DOSE_UP, rule="R_DOSE", place=altered(place, step=place.step + 1))


def ambition_of(case: Case, sessions: tuple[Lit, ...]) -> Ambition:
    return Ambition(
        exercise=case.exercise,
        place=case.place,
        sessions=sessions,
        history=case.history,
        moment=case.moment,
        mode=case.gate.mode,
        screened=case.screened,
        eased=case.gate.eased,
        profile=case.profile,
        places=case.places,
        library=case.library,
    )


def _decision(case: Case, draft: _Draft, sessions: tuple[Lit, ...]) -> Decision:
    rules, place = case.library.thresholds, draft.place or case.place
    return Decision(
        exercise=case.exercise.id,
        change=draft.change,
        rule=draft.rule,
        cause=draft.cause,
        place=place,
        levels=place.level - case.place.level,
        inputs=(*_about_case(case), *_about_last(sessions), ("good", good_sessions(ambition_of(case, sessions)))),
        sources=rules.sources_of(draft.rule),
        basis=sessions[-1].day.day if sessions else None,
        swap=draft.swap,
        rules_version=rules.version,
    )


def _about_case(case: Case) -> tuple[Input, ...]:
    rules = case.library.thresholds
    return (
        ("mode", case.gate.mode.value),
        ("level", case.place.level),
        ("step", case.place.step),
        ("sets", case.place.sets),
        ("amount", case.exercise.amount(case.place.step)),
        ("adherence", adherence_percent(case.history, case.moment.day, rules)),
    )


def _about_last(sessions: tuple[Lit, ...]) -> tuple[Input, ...]:
    if not sessions:
        return ()
    last, reading = sessions[-1], sessions[-1].reading
    return (
        ("session_day", last.day.day),
        ("light", last.light.value),
        ("before", reading.before),
        ("peak", reading.peak),
        ("rise", reading.rise),
        ("next_morning", reading.next_morning),
        ("over", reading.over),
        ("usual", reading.usual_before),
        ("effort", last.record.effort),
        ("done", last.record.done),
    )
