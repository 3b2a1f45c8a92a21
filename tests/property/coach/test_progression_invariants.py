"""The safety invariants of the progression, over arbitrary histories. Each test names the invariant it holds."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.coach.course import CourseDay, follow_days
from bot.coach.decision import Case, decide
from bot.coach.disposition import Disposition
from bot.coach.gate import gates_by_pain, open_gate
from bot.coach.place import Place, reopened
from bot.coach.profile import Profile, is_careful
from bot.coach.reasons import reason_ids
from bot.coach.records import RISES, Change, DayRecord, ExerciseRecord, History, Mode, Moment, Quality
from bot.library.library import Library
from bot.library.screening import AgeBand
from tests.property.coach.histories import ANYBODY, DAYS, LOADS, PLACES, SERVED, calm_day, disturbed


def run(library: Library, places: Mapping[str, Place], days: list[DayRecord], profile: Profile) -> list[CourseDay]:
    return list(follow_days(places, days, profile, library))


@dataclass(frozen=True, slots=True)
class Lived:
    """Days that were lived once, for all that must hold of them: most of the time goes into living."""

    library: Library
    places: Mapping[str, Place]
    days: list[DayRecord]
    profile: Profile
    course: list[CourseDay]


def rises(course: list[CourseDay], change: Change | None = None) -> list[tuple[int, str]]:
    return [
        (day.day, decision.exercise)
        for day in course
        for decision in day.decisions
        if decision.change in RISES and change in {None, decision.change}
    ]


def peak(day: DayRecord) -> float | None:
    session = day.session
    return max((v for v in (session.peak, session.after) if v is not None), default=None) if session else None


def rise(day: DayRecord) -> float | None:
    highest, before = peak(day), day.pain_before
    return None if highest is None or before is None else highest - before


def usual_morning(days: list[DayRecord], day: int, flaring: frozenset[int], average: float | None) -> float | None:
    """The plain reading of the rule, for days without a pause of four weeks."""
    known = [d.morning for d in days if d.day < day and d.day not in flaring and d.morning is not None]
    return median(known[-7:]) if len(known) >= 3 else average


def test_calm_weeks_do_rise(library: Library) -> None:
    """Otherwise the properties about rises would hold for nothing."""
    days = [calm_day(day, trains=day % 2 == 1) for day in range(1, 20)]
    member = Profile(age=AgeBand.FROM_18, pain_average=3, fear=2, disposition=Disposition.GO)

    course = run(library, dict.fromkeys(LOADS, Place(1, 3, 2)), days, member)

    assert {exercise for _, exercise in rises(course, Change.LEVEL_UP)} == set(LOADS)
    assert {exercise for _, exercise in rises(course, Change.DOSE_UP)} == set(LOADS)


def holds_any_history_leads_to_a_place_that_exists(lived: Lived) -> None:
    for day in lived.course:
        for decision in day.decisions:
            exercise, place = lived.library.exercises[decision.exercise], decision.place
            assert 1 <= place.level <= exercise.top_level
            assert 1 <= place.step <= exercise.top_step
            assert place.sets >= 1


def holds_i1_a_lock_stops_everything_until_it_is_cleared(lived: Lived) -> None:
    locked = False
    for record, day in zip(lived.days, lived.course, strict=True):
        locked = record.stopped or (locked and not record.cleared)
        assert (day.gate.mode is Mode.STOP) is locked
        if locked:
            assert {decision.change for decision in day.decisions} == {Change.STOP}
            assert not day.gate.allows_micro
            assert day.gate.max_load < 0


def holds_i2_nothing_rises_within_72_hours_of_more_pain(lived: Lived) -> None:
    course = lived.course
    flaring = frozenset(d.day for day in course[-1:] for d in day.history.days if d.flaring or d.mode is Mode.STOP)
    average = lived.profile.pain_now if lived.profile.pain_average is None else lived.profile.pain_average
    for risen_on, _ in rises(course):
        for record in lived.days:
            if risen_on - 3 < record.day <= risen_on:
                usual = usual_morning(lived.days, record.day, flaring, average)
                assert (rise(record) or 0) < 2
                assert record.morning is None or usual is None or record.morning - usual < 2


def holds_i3_levels_rise_once_a_week_and_twice_a_member(lived: Lived) -> None:
    ups = rises(lived.course, Change.LEVEL_UP)

    for exercise in lived.places:
        assert all(later - earlier >= 7 for earlier, later in pairwise(day for day, name in ups if name == exercise))
    most = 1 if is_careful(lived.profile, lived.library) else 2
    assert all(sum(0 <= day - other < 7 for other, _ in ups) <= most for day, _ in ups)


def holds_i4_nothing_rises_by_two_steps_and_a_hold_changes_nothing(lived: Lived) -> None:
    before: Mapping[str, Place] = lived.places
    for day in lived.course:
        for decision in day.decisions:
            old, new = before[decision.exercise], decision.place
            match decision.change:
                case Change.LEVEL_UP:
                    assert new == Place(old.level + 1, 1, old.sets)
                case Change.DOSE_UP:
                    assert new in {Place(old.level, old.step + 1, old.sets), Place(old.level, old.step, old.sets + 1)}
                case Change.LEVEL_DOWN:
                    assert new.level < old.level
                    assert new.sets <= old.sets
                case Change.DOSE_DOWN:
                    assert new.level == old.level
                    assert (new.step, new.sets) < (old.step, old.sets) or new.sets < old.sets
                case _:
                    assert new == old
        before = day.places


def holds_i5_a_rise_rests_on_complete_answers(lived: Lived) -> None:
    """Not on the last session's alone: each of the good ones that a rise asks for is known to its next morning."""
    by_day = {record.day: record for record in lived.days}
    rising = lived.library.thresholds.rising
    careful = is_careful(lived.profile, lived.library)
    good, window = (rising.careful_good, rising.careful_window) if careful else (rising.good, rising.window)
    for risen_on, exercise in rises(lived.course):
        done = [day for day in lived.days if day.day <= risen_on and did(day, exercise)]
        known = [is_complete(day, exercise) and morning_after(day, by_day) is not None for day in done]
        assert known[-1]
        assert sum(known[-window:]) >= good


def did(day: DayRecord, exercise: str) -> bool:
    """Whether it was done, or may have been."""
    return bool(done_of(day, exercise))


def done_of(day: DayRecord, exercise: str) -> list[ExerciseRecord]:
    records = day.session.exercises if day.session else ()
    return [record for record in records if record.exercise == exercise and record.done != 0]


def is_complete(day: DayRecord, exercise: str) -> bool:
    """Done twice on one day it is one session, and all of it must be known."""
    told = [(record.done, record.effort, record.more) for record in done_of(day, exercise)]
    return None not in (day.pain_before, peak(day), *(answer for answers in told for answer in answers))


def morning_after(day: DayRecord, by_day: Mapping[int, DayRecord]) -> float | None:
    following = by_day.get(day.day + 1)
    return None if following is None else following.morning


def holds_i8_only_normal_days_raise(lived: Lived) -> None:
    for day in lived.course:
        if day.gate.mode is not Mode.NORMAL:
            assert not {decision.change for decision in day.decisions} & RISES


def holds_i9_a_forbidden_exercise_rests_or_stops_whatever_the_days_say(lived: Lived) -> None:
    tags = lived.library.with_implied(lived.profile.tags)
    forbidden = {e.id for e in lived.library.exercises.values() if not e.allowed_levels(tags)}
    for day in lived.course:
        for decision in day.decisions:
            if decision.exercise in forbidden:
                assert decision.change in {Change.REST, Change.STOP}


def holds_i10_no_rise_rests_on_a_last_session_with_pain_above_5(lived: Lived) -> None:
    for day in lived.course:
        for decision in day.decisions:
            if decision.change in RISES:
                basis = next(record for record in lived.days if record.day == decision.basis)
                assert (peak(basis) or 0) <= 5


def holds_i11_new_leg_pain_asks_the_lists_before_the_next_session(lived: Lived) -> None:
    course = lived.course
    for record, (_, following) in zip(lived.days, pairwise(course), strict=False):
        if record.session and Quality.RADIATING in record.session.qualities() and not record.screened_clear:
            answered = next(d for d in lived.days if d.day == following.day).screened_clear
            assert following.gate.mode in {Mode.SCREEN, Mode.STOP} or answered


def holds_i15_every_decision_can_be_explained(lived: Lived) -> None:
    for day in lived.course:
        for rule, sources in ((day.gate.rule, day.gate.sources), *((d.rule, d.sources) for d in day.decisions)):
            assert rule in lived.library.thresholds.rules
            assert sources
            assert set(sources) <= lived.library.sources.keys()
        told = {day.gate.reason, *(decision.reason for decision in day.decisions)}
        assert told | {f"advice/{key}" for key in day.gate.advice} <= reason_ids()
        for decision in day.decisions:
            assert {"mode", "level", "step", "adherence"} <= {name for name, _ in decision.inputs}
            assert decision.rules_version == lived.library.thresholds.version


def holds_a_change_is_decided_once_for_a_session(lived: Lived) -> None:
    course = lived.course
    by_session = [
        (decision.exercise, decision.basis)
        for day in course
        for decision in day.decisions
        if decision.rule in {"R_RED", "R_RED2", "R_AMBER", "R_USER", "R_DOSE", "R_LEVEL"}
    ]

    assert len(by_session) == len(set(by_session))


@given(PLACES, DAYS, ANYBODY)
@settings(max_examples=250, deadline=None)
def test_whatever_is_told_and_by_whom_the_invariants_hold(
    library: Library, places: dict[str, Place], days: list[DayRecord], profile: Profile
) -> None:
    lived = Lived(library, places, days, profile, run(library, places, days, profile))
    holds_any_history_leads_to_a_place_that_exists(lived)
    holds_i1_a_lock_stops_everything_until_it_is_cleared(lived)
    holds_i4_nothing_rises_by_two_steps_and_a_hold_changes_nothing(lived)
    holds_i9_a_forbidden_exercise_rests_or_stops_whatever_the_days_say(lived)
    holds_i11_new_leg_pain_asks_the_lists_before_the_next_session(lived)
    holds_i15_every_decision_can_be_explained(lived)
    holds_a_change_is_decided_once_for_a_session(lived)


@given(PLACES, disturbed(), SERVED)
@settings(max_examples=300, deadline=None)
def test_whoever_may_rise_does_so_by_the_invariants_alone(
    library: Library, places: dict[str, Place], days: list[DayRecord], profile: Profile
) -> None:
    lived = Lived(library, places, days, profile, run(library, places, days, profile))
    holds_i2_nothing_rises_within_72_hours_of_more_pain(lived)
    holds_i3_levels_rise_once_a_week_and_twice_a_member(lived)
    holds_i5_a_rise_rests_on_complete_answers(lived)
    holds_i8_only_normal_days_raise(lived)
    holds_i10_no_rise_rests_on_a_last_session_with_pain_above_5(lived)
    holds_i4_nothing_rises_by_two_steps_and_a_hold_changes_nothing(lived)


@given(PLACES, disturbed(), SERVED)
@settings(max_examples=200, deadline=None)
def test_planning_in_the_morning_is_never_bolder_than_at_the_end_of_the_day_before(
    library: Library, places: dict[str, Place], days: list[DayRecord], profile: Profile
) -> None:
    """Before a session the clock is unknown, so what happened three days ago still counts."""
    history = History(days=tuple(days), average=profile.pain_average)
    today = days[-1]
    gate = open_gate(history, today, library.thresholds)
    for exercise, place in places.items():
        made = [
            decide(
                Case(
                    exercise=library.exercises[exercise],
                    place=place,
                    history=history,
                    moment=Moment(today.day, is_over=is_over),
                    gate=gate,
                    profile=profile,
                    library=library,
                )
            ).change
            for is_over in (False, True)
        ]
        if made[0] in RISES:
            recent = [d for d in days if 0 <= today.day - d.day <= 3]
            assert all((rise(d) or 0) < 2 for d in recent)


@given(st.integers(1, 4), st.integers(1, 4), st.integers(1, 3))
def test_i16_after_clearance_at_least_two_levels_down_or_the_lowest(
    library: Library, level: int, step: int, sets: int
) -> None:
    place = reopened(Place(level, step, sets), frozenset(), library.exercises["bruecke"], 2)

    assert place == Place(max(level - 2, 1), 1, sets)


@given(disturbed(), st.sampled_from([None, 2.0, 5.0, 8.0]))
@settings(max_examples=100, deadline=None)
def test_more_pain_never_opens_the_gate_further_and_every_number_has_its_mode(
    library: Library, days: list[DayRecord], average: float | None
) -> None:
    """What a session's start keeps for each number is what the gate says to it."""
    history, today = History(days=tuple(days), average=average), days[-1]
    singly = [open_gate(history, replace(today, before=float(pain)), library.thresholds).mode for pain in range(11)]

    assert [gate.mode for gate in gates_by_pain(history, today, library.thresholds)] == singly
