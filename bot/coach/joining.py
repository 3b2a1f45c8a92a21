"""How the programme grows: the gentle first day, then one more exercise at a time, in its lowest form."""

from collections.abc import Iterator, Mapping

from bot.coach.place import Place
from bot.coach.programme import ProgrammeItem, first_programme, next_exercise
from bot.coach.rising import is_met
from bot.coach.today import Day, choose, is_vetoed, pool_size
from bot.library.exercise import Category, Need
from bot.library.library import Library

GENTLE_LOAD = 1  # first sessions and flare days hold nothing heavier (clinical rules 4.11, EXPERIENCE)


def is_gentle(exercise: str, library: Library) -> bool:
    load = library.exercises[exercise].load
    return load == "W" or load <= GENTLE_LOAD


def first_day(day: Day) -> tuple[ProgrammeItem, ...]:
    """What the very first session holds; one after a screening that allows only heavier things holds nothing."""
    first = first_programme(day.profile, day.library, acute_settled=day.acute_settled)
    return tuple(item for item in first.items if is_gentle(item.exercise, day.library))


def newcomer(places: Mapping[str, Place], day: Day, *, max_load: int = 3) -> ProgrammeItem | None:
    """The exercise that joins today; None if none has a place in today's mix.

    Whether the last session went well enough for something new is for the caller to know.
    """
    if len(places) >= pool_size(day):
        return None
    for new in _candidates(places, day, max_load):
        if any(item.exercise == new.exercise for item in choose({**places, new.exercise: new.place}, day)):
            return new
    return None


def _candidates(places: Mapping[str, Place], day: Day, max_load: int) -> Iterator[ProgrammeItem]:
    """The first of each kind, in the order in which exercises are met: a later one of a kind has no better chance.

    Until the soft lines are answered only gentle exercises may join, and of these those of the start playlist alone:
    others would fill the few places of the first week, and nothing that strengthens would find one.
    """
    seen: set[Category] = set()
    profile, library = day.profile, day.library

    def reached(need: Need) -> bool:
        return is_met(need, places, day.history, day.day, library)

    start = library.thresholds.playlists.get("start", ())
    away = places.keys() | {exercise for exercise in day.vetoes if is_vetoed(exercise, day)}
    while new := next_exercise(
        frozenset(away), profile, library, acute_settled=day.acute_settled, max_load=max_load, is_met=reached
    ):
        away |= {new.exercise}
        if profile.soft_open and new.exercise not in start:
            continue
        category = library.exercises[new.exercise].category
        if category not in seen:
            seen.add(category)
            yield new
