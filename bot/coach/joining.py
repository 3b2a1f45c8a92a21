"""How the programme grows and turns: the gentle first day, then one more exercise at a time, in its lowest form.

Once it is full, something else makes room for what joins (`rotation`).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.coach.kinds import Kind, counted, kind_of, shares_of
from bot.coach.place import Place
from bot.coach.profile import minutes_of, tags_of
from bot.coach.programme import ProgrammeItem, first_programme, fitting_exercises, lowest_place, seconds_of
from bot.coach.rising import is_met
from bot.coach.rotation import NO_ROOM, find_room, is_idle, is_missing, may_return, returning
from bot.coach.today import Day, choose, is_liked, is_vetoed
from bot.library.exercise import Category, Need
from bot.library.library import Library
from bot.library.quick import altered

GENTLE_LOAD = 1  # first sessions and flare days hold nothing heavier (clinical rules 4.11, EXPERIENCE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """What joins today, and what makes room for it; "" where there is room. `returns`: it was there before."""

    item: ProgrammeItem
    leaves: str = ""
    returns: bool = False


def is_gentle(exercise: str, library: Library) -> bool:
    load = library.exercises[exercise].load
    return load == "W" or load <= GENTLE_LOAD


def first_day(day: Day) -> tuple[ProgrammeItem, ...]:
    """What the very first session holds; one after a screening that allows only heavier things holds nothing."""
    first = first_programme(day.profile, day.library, acute_settled=day.acute_settled)
    return tuple(item for item in first.items if is_gentle(item.exercise, day.library))


def newcomer(places: Mapping[str, Place], day: Day, *, max_load: int = 3) -> Arrival | None:
    """What joins today; None if nothing has a place in the programme and in today's mix.

    Whether the last session went well enough for something new is for the caller to know.
    """
    for new in _candidates(places, day, max_load):
        leaves = find_room(places, new.exercise, day)
        if leaves is NO_ROOM:
            continue
        with_it = {**{name: place for name, place in places.items() if name != leaves}, new.exercise: new.place}
        if any(item.exercise == new.exercise for item in choose(with_it, day)):
            return Arrival(item=new, leaves=leaves, returns=new.exercise in day.rests)
    return None


def alternative(exercise: str, places: Mapping[str, Place], day: Day) -> Arrival | None:
    """What the content names instead of one that was too much: the first that is allowed, in its lowest form."""
    tags = tags_of(day.profile, day.library)
    able = {item.exercise: item for item in choices(places, day)}
    for other in day.library.exercises[exercise].alternatives:
        if other.exercise in able and (not other.tags or tags & set(other.tags)):
            item = able[other.exercise]
            lowest = lowest_place(day.library.exercises[item.exercise], day.profile, day.library)
            return Arrival(item=altered(item, place=lowest), returns=item.exercise in day.rests)
    return None


def choices(places: Mapping[str, Place], day: Day) -> tuple[ProgrammeItem, ...]:
    """What a member may choose beside the programme: all that may join and fits into their minutes."""
    return tuple(item for item in may_join(places, day, max_load=day.max_load) if _fits(item, day, beside=0))


def may_join(places: Mapping[str, Place], day: Day, *, max_load: int = 3) -> tuple[ProgrammeItem, ...]:
    """All that may join at all, in the order in which exercises are met."""
    profile, library = day.profile, day.library
    reached = {name: rest.place for name, rest in day.rests.items()} | dict(places) | dict(day.walked)

    def is_reached(need: Need) -> bool:
        return is_met(need, reached, day.history, day.day, library)

    return tuple(
        returning(library.exercises[item.exercise], day.rests[item.exercise], day)
        if item.exercise in day.rests
        else item
        for item, needs in fitting_exercises(profile, library, max_load, acute_settled=day.acute_settled)
        if item.exercise not in places and not is_vetoed(item.exercise, day) and all(map(is_reached, needs))
    )


def _candidates(places: Mapping[str, Place], day: Day, max_load: int) -> Iterator[ProgrammeItem]:
    """The first of each category, the most wanted first: a later one has no better chance.

    Until the soft lines are answered only gentle exercises may join, and of these those of the start playlist alone:
    others would fill the few places of the first week, and nothing that strengthens would find one.
    """
    library = day.library
    start = library.thresholds.playlists.get("start", ())
    able = [name for name in places if not is_idle(name, day)]
    fitting = [
        item
        for item in may_join(places, day, max_load=max_load)
        if (not day.profile.soft_open or item.exercise in start) and _is_time(item, able, day)
    ]
    seen: set[Category] = set()
    ranks = _ranks(able, day)
    for item in sorted(fitting, key=lambda item: _rank(item, able, ranks, day)):
        category = library.exercises[item.exercise].category
        if category not in seen:
            seen.add(category)
            yield item


def _is_time(item: ProgrammeItem, able: list[str], day: Day) -> bool:
    """It has rested enough, and leaves a moment for others on its day, unless it would be the only one of its kind."""
    exercise, rest = day.library.exercises[item.exercise], day.rests.get(item.exercise)
    if rest is not None and not may_return(rest, exercise, able, day):
        return False
    is_only = day.week > 0 and counted(able, day.library)[kind_of(exercise)] == 0
    return _fits(item, day, beside=0 if is_only else day.rules.rotation.beside_minutes)


def _fits(item: ProgrammeItem, day: Day, *, beside: int) -> bool:
    """One set within the member's minutes, with so many left.

    What fills a day alone takes that day from what moves and strengthens.
    """
    single = altered(item.place, sets=1)
    left = minutes_of(day.profile, day.rules) - beside
    return seconds_of(day.library.exercises[item.exercise], single, day.rules) <= left * 60


def _ranks(able: list[str], day: Day) -> dict[Kind | None, tuple[float, int]]:
    """Of each kind how full its share is, and for how long nothing of it has joined; a liked one has waited longer."""
    count = counted(able, day.library)
    newest: dict[Kind | None, int] = {}
    for name in able:
        kind = kind_of(day.library.exercises[name])
        stay = day.stays.get(name)
        newest[kind] = max(newest.get(kind, 0), day.day if stay is None else stay.since)
    liked = {kind_of(each) for each in day.library.exercises.values() if each.category.value in day.profile.likes}
    waited = {kind: (day.day - newest.get(kind, 0)) for kind in Kind}
    weight = day.rules.rotation.liked
    return {
        kind: (count[kind] / share, -waited[kind] * (weight if kind in liked else 1))
        for kind, share in shares_of(day.rules).items()
    }


def _rank(
    item: ProgrammeItem, able: list[str], ranks: Mapping[Kind | None, tuple[float, int]], day: Day
) -> tuple[bool, bool, bool, bool, tuple[float, int], bool, bool, bool]:
    """What is missing, what takes the place of something that was too much, and what lags behind come first.

    Then the emptiest kind, and of it what was never met, the liked first.

    The order is stable: on equal terms exercises are met in their order.
    """
    exercise = item.exercise
    kind = kind_of(day.library.exercises[exercise])
    return (
        counted(able, day.library)[kind] > 0,
        not _is_instead(exercise, day),
        not is_missing(able, exercise, day),
        exercise not in day.profile.emphasis,
        ranks[kind],
        not _fits(item, day, beside=day.rules.rotation.beside_minutes),
        exercise in day.rests,
        not is_liked(exercise, day),
    )


def _is_instead(exercise: str, day: Day) -> bool:
    too_much = (name for name, rest in day.rests.items() if rest.too_much)
    return any(exercise == other.exercise for name in too_much for other in day.library.exercises[name].alternatives)
