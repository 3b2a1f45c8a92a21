"""A member's days in a row: each day passes the gate, is recorded, and leads to a decision about each exercise.

The screening cannot be asked here: lists that a day asks for are taken as answered with no before that day's session,
unless the day says otherwise by `stopped`.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from bot.coach.decision import Case, Decision, decide
from bot.coach.derived import peak_of
from bot.coach.gate import Gate, open_gate
from bot.coach.place import Place
from bot.coach.profile import Profile, usual_pain
from bot.coach.records import RISES, Change, ChangeRecord, DayRecord, History, Mode, Moment, Quality, SessionRecord
from bot.library.exercise import Exercise
from bot.library.library import Library


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseDay:
    day: int
    gate: Gate
    decisions: tuple[Decision, ...]  # one for each exercise, in the order of the places
    places: Mapping[str, Place]  # after them
    history: History


def follow_days(
    places: Mapping[str, Place], days: Iterable[DayRecord], profile: Profile, library: Library
) -> Iterator[CourseDay]:
    """The decisions of each day, made from what was known at its end and taken over at once."""
    history = History(average=usual_pain(profile), told=profile.episode)
    for today in days:
        gate = open_gate(history, today, library.thresholds)
        history = with_day(history, today, gate, library)
        if today.declined:
            history, places = decline(history, today.day, places, library)
        decisions: list[Decision] = []
        for exercise, place in places.items():
            case = Case(
                exercise=library.exercises[exercise],
                place=place,
                history=history,
                moment=Moment(today.day, is_over=True),
                gate=gate,
                profile=profile,
                library=library,
                places=places,
            )
            decisions.append(decide(case))
            history = with_decision(history, decisions[-1], today.day)
        places = {decision.exercise: decision.place for decision in decisions}
        yield CourseDay(day=today.day, gate=gate, decisions=tuple(decisions), places=places, history=history)


def with_day(history: History, today: DayRecord, gate: Gate, library: Library) -> History:
    """The history with today and what the gate said of it."""
    asked = gate.mode is Mode.SCREEN and not raises_question(today.session, library)
    known = replace(
        today, mode=gate.mode, flaring=gate.flaring, eased=gate.eased, screened_clear=today.screened_clear or asked
    )
    return history.with_day(known)


def with_decision(history: History, decision: Decision, day: int) -> History:
    """The history with the decision, if it changes something that must not be decided again."""
    if decision.change in {Change.HOLD, Change.RESCREEN, Change.STOP}:
        return history
    return history.with_change(decision.as_record(day))


def decline(
    history: History, day: int, places: Mapping[str, Place], library: Library
) -> tuple[History, Mapping[str, Place]]:
    """The member keeps what they had: each exercise's last change is taken back if it was a rise."""
    changes, kept = list(history.changes), dict(places)
    for exercise, place in places.items():
        index = max((i for i, change in enumerate(changes) if change.exercise == exercise), default=None)
        if index is None or changes[index].change not in RISES or changes[index].declined_on is not None:
            continue
        kept[exercise] = _before_rise(changes[index], place, library.exercises[exercise])
        changes[index] = replace(changes[index], declined_on=day)
    return replace(history, changes=tuple(changes)), kept


def _before_rise(rise: ChangeRecord, place: Place, exercise: Exercise) -> Place:
    if rise.change is Change.LEVEL_UP:
        return replace(place, level=place.level - 1, step=exercise.top_step)
    return replace(place, sets=place.sets - 1) if rise.rule == "R_SETS" else replace(place, step=place.step - 1)


def raises_question(session: SessionRecord | None, library: Library) -> bool:
    """What the session itself brought up is not answered by lists asked before it."""
    if session is None:
        return False
    peak = peak_of(session)
    too_much = peak is not None and peak >= library.thresholds.rescreening.pain
    return too_much or Quality.RADIATING in session.qualities()
