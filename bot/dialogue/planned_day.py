"""A day of exercises as the rules are asked about it: what is known, and each exercise with its decision."""

from dataclasses import dataclass

from bot.coach.allowing import Exercises
from bot.coach.decision import Case, Decision
from bot.coach.gate import Gate
from bot.coach.place import Place
from bot.coach.profile import Profile
from bot.coach.records import DayRecord, History, Moment
from bot.coach.today import Day as Choosing
from bot.coach.today import is_rested
from bot.dialogue.history import reached_of
from bot.dialogue.member import Known
from bot.library.library import Library
from bot.library.quick import altered, quick


@quick
@dataclass(frozen=True, slots=True)
class Item:
    """An exercise of today: where it stands, where it stood, how many sets fit, and what was decided.

    Without a decision it joins: `returns` if it was there before. `leaves`: the rule by which it makes room for that.
    `amount`: the part of one set that the day has room for, where it has none for a whole one.
    """

    exercise: str
    place: Place
    before: Place
    sets: int  # that fit today, at most those of the place
    decision: Decision | None = None
    returns: bool = False
    leaves: str = ""
    amount: int | None = None


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedDay:
    """What all of today's questions to the rules share."""

    known: Known
    library: Library
    profile: Profile
    history: History
    so_far: History  # with today
    today: DayRecord
    gate: Gate
    choosing: Choosing
    exercises: Exercises
    stale: bool  # the lists were answered too long ago: nothing rises


def case_of(day: PlannedDay, exercise: str, place: Place) -> Case:
    """An exercise as the decision wants it, with the sets that were really done last time."""
    done = _last_sets(day, exercise)
    return Case(
        exercise=day.library.exercises[exercise],
        place=altered(place, sets=min(place.sets, done or place.sets)),
        history=day.so_far,
        moment=Moment(day.today.day, now=day.choosing.now, again=_is_again(day)),
        gate=day.gate,
        profile=day.profile,
        library=day.library,
        places=reached_of(day.known, day.today.day, day.library),
        screened=not day.stale,
    )


def _is_again(day: PlannedDay) -> bool:
    """Whether this day, or one behind it on the calendar, has had a session or a measurement."""
    last = day.history.days[-1:]
    had_session = any(record.day >= day.today.day and record.session is not None for record in last)
    return had_session or bool(day.history.done_on(day.today.day))


def case_of_asking(day: PlannedDay, item: Item) -> Case:
    """As it stands today; where the day has no room for more sets, sets are nothing to ask for."""
    has_room = item.sets >= item.place.sets
    place = item.place if has_room else altered(item.place, sets=day.library.exercises[item.exercise].sets)
    return altered(case_of(day, item.exercise, place), place=place)


def _last_sets(day: PlannedDay, exercise: str) -> int | None:
    """Sets of the last time, which were fewer than planned where the day had no room for more."""
    for record in reversed(day.history.before(day.today.day)):
        for each in record.session.exercises if record.session else ():
            if each.exercise == exercise and each.done and each.place is not None:
                return each.place.sets
    return None


def is_rested_by(day: PlannedDay, exercise: str) -> bool:
    """Whether its 48 hours are over today."""
    return is_rested(day.library.exercises[exercise], day.choosing)
