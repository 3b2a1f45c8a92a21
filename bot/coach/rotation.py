"""The programme turns: who has been in it for long, or has nothing left to rise to, makes room for something else.

What rests keeps its place on the ladder. Coming back counts as a return after so many days (clinical rules 5.8): the
dose begins at the bottom of the band, and after a long rest in a lower form. Nothing here ever goes up.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from bot.coach.kinds import counted, kind_of, shares_of
from bot.coach.pause import step_after
from bot.coach.place import Place, fit_place, lower_level
from bot.coach.profile import equipment_of, tags_of
from bot.coach.programme import ProgrammeItem, lowest_place
from bot.coach.today import WEEK, Day, Rest, is_vetoed, pool_size
from bot.library.exercise import Exercise

NO_ROOM = None


def find_room(places: Mapping[str, Place], new: str, day: Day) -> str | None:
    """Who makes room for `new`: an exercise, "" where there is room anyway, None where nobody does yet.

    What cannot come any more goes first. A kind that is missing, what lags behind in the self-tests and what the
    member likes and has nothing of do not wait until something has been there for weeks.
    """
    if idle := sorted(name for name in places if is_idle(name, day)):
        return idle[0]
    if len(places) < pool_size(day):
        return ""
    if day.week == 0:
        return NO_ROOM
    if is_missing(places, new, day):
        return _first_to_leave(places, new, day, places)
    if day.rested_last is not None and day.day - day.rested_last < day.rules.rotation.apart_days:
        return NO_ROOM
    return _first_to_leave([name for name in places if _is_done(name, day)], new, day, places)


def room_for(places: Mapping[str, Place], new: str, day: Day) -> str:
    """Who makes room for what the member chose, however short it has been there; "" where nobody has to."""
    if new in places or len(places) < pool_size(day):
        return ""
    return _first_to_leave(places, new, day, places) or ""


def _first_to_leave(able: Iterable[str], new: str, day: Day, places: Mapping[str, Place]) -> str | None:
    leaving = [name for name in able if _may_leave(name, places, new, day)]
    return min(leaving, key=lambda name: _order(name, places, new, day), default=NO_ROOM)


def is_idle(exercise: str, day: Day) -> bool:
    """Whether it takes a place without ever coming: unwanted, not possible here, or in no form for this member."""
    content = day.library.exercises[exercise]
    has_form = bool(content.allowed_levels(tags_of(day.profile, day.library))) and content.replaced_by is None
    has_all = equipment_of(day.profile).issuperset(content.equipment)
    return is_vetoed(exercise, day) or not has_form or not has_all


def is_missing(places: Iterable[str], new: str, day: Day) -> bool:
    """Whether `new` would be the only one of its kind, of what lags behind, or of what the member likes."""
    have = frozenset(places)
    content = day.library.exercises[new]
    lags = new in day.profile.emphasis and have.isdisjoint(day.profile.emphasis)
    return lags or counted(have, day.library)[kind_of(content)] == 0 or _brings_liked(content, have, day)


def _brings_liked(new: Exercise, have: frozenset[str], day: Day) -> bool:
    liked = {new.id, new.category.value} & day.profile.likes
    present = have | {day.library.exercises[name].category.value for name in have}
    return bool(liked - present)


def _may_leave(exercise: str, places: Mapping[str, Place], new: str, day: Day) -> bool:
    """Not the only one of its kind, nor what was just asked for."""
    kind = kind_of(day.library.exercises[exercise])
    is_only = counted(places, day.library)[kind] == 1 and kind_of(day.library.exercises[new]) is not kind
    others = frozenset(places) - {exercise} | {new}
    only_liked = _brings_liked(day.library.exercises[exercise], others, day)
    return not is_only and not only_liked and exercise not in day.profile.emphasis


def _is_done(exercise: str, day: Day) -> bool:
    """Weeks in the programme, or nothing left to rise to."""
    rotation, place = day.rules.rotation, day.stays.get(exercise)
    if place is None:
        return False
    stayed = day.day - place.since
    return stayed >= rotation.weeks * WEEK or (stayed >= rotation.top_days and is_at_top(exercise, place.place, day))


def is_at_top(exercise: str, place: Place, day: Day) -> bool:
    """The last dose of the last form that tags and things at home leave open."""
    content = day.library.exercises[exercise]
    allowed = content.allowed_levels(tags_of(day.profile, day.library))
    open_forms = [n for n in allowed if equipment_of(day.profile).issuperset(content.get_level(n).equipment)]
    return place.level >= max(open_forms, default=1) and place.step >= content.top_step


def _order(exercise: str, places: Mapping[str, Place], new: str, day: Day) -> tuple[int, bool, bool, int, str]:
    """From the kind that then has most beyond its share; liked by name later, at its top first; the longest there."""
    kind, shares = kind_of(day.library.exercises[exercise]), shares_of(day.rules)
    beyond = counted((*places, new), day.library)[kind] - (shares[kind] if kind else 0)
    stay = day.stays.get(exercise)
    rising = stay is None or not is_at_top(exercise, stay.place, day)
    return -beyond, exercise in day.profile.likes, rising, day.day if stay is None else stay.since, exercise


def returning(exercise: Exercise, rest: Rest, day: Day) -> ProgrammeItem:
    """Where it begins again."""
    rules, tags = day.rules, tags_of(day.profile, day.library)
    step = step_after(day.day - rest.since, rules.pause)
    place = replace(fit_place(rest.place, exercise), step=1, sets=min(rest.place.sets, exercise.sets))
    if step.levels_down:
        place = lower_level(place, tags, exercise, levels=step.levels_down) or place
    form = exercise.get_level(place.level)
    has_all = equipment_of(day.profile).issuperset(form.equipment)
    if not has_all or place.level not in exercise.allowed_levels(tags):
        place = lowest_place(exercise, day.profile, day.library)
    return ProgrammeItem(exercise.id, place)


def may_return(rest: Rest, exercise: Exercise, places: Iterable[str], day: Day) -> bool:
    """After its weeks of rest; at once where its kind is missing, unless it was too much."""
    rested = day.day - rest.since >= day.rules.rotation.rest_days
    missing = counted(places, day.library)[kind_of(exercise)] == 0
    return rested or (missing and not rest.too_much)
