"""The first week of sessions as it comes if every day goes well: the same choosing that each real day does anew.

A real week may only be smaller: what a day tells takes exercises out, and nothing here raises a level or a dose.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from bot.coach.disposition import forbids_exercise
from bot.coach.joining import first_day, newcomer
from bot.coach.place import Place
from bot.coach.profile import Profile, disposition_of
from bot.coach.programme import ProgrammeItem
from bot.coach.records import DayRecord, ExerciseRecord, History, Mode, SessionRecord
from bot.coach.today import WEEK, Day, choose, length_of
from bot.coach.walking import Walking, walk_today
from bot.library.library import Library


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekDay:
    day: int  # 1 to 7
    items: tuple[ProgrammeItem, ...]
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """`places`: every exercise met in the week, in that order, on the place it begins with."""

    days: tuple[WeekDay, ...]
    places: Mapping[str, Place]
    walks: tuple[tuple[int, int], ...] = ()  # day and minutes
    joined: tuple[str, ...]  # those that were not there on the first day


def session_days_of(days_per_week: int) -> tuple[int, ...]:
    """So many days from 1 to 7, as far apart as they can be."""
    return tuple(1 + number * WEEK // days_per_week for number in range(days_per_week))


def first_week(profile: Profile, library: Library) -> Week:
    """Nothing at all where the disposition forbids exercise."""
    if forbids_exercise(disposition_of(profile, library)):
        return Week(days=(), places={}, joined=())
    wanted = profile.days_per_week or library.thresholds.planning.days_default
    places: dict[str, Place] = {}
    days: list[WeekDay] = []
    history = History()
    first: tuple[str, ...] = ()
    for number in session_days_of(wanted):
        day = Day(day=number, history=history, profile=profile, library=library, since=1)
        items = _items(places, day)
        if not items:
            continue
        places |= {item.exercise: item.place for item in items if item.exercise not in places}
        first = first or tuple(places)
        days.append(WeekDay(day=number, items=items, seconds=length_of(items, library)))
        history = replace(history, days=(*history.days, _done(number, items, library)))
    joined = tuple(name for name in places if name not in first)
    return Week(days=tuple(days), places=places, walks=tuple(_walks(profile, library)), joined=joined)


def _walks(profile: Profile, library: Library) -> Iterator[tuple[int, int]]:
    """The walks beside the sessions, each of them done."""
    walked: dict[int, int] = {}
    for day in range(1, WEEK + 1):
        minutes = walk_today(Walking(day=day, walked=dict(walked), history=History(), profile=profile, library=library))
        if minutes:
            walked[day] = minutes
            yield day, minutes


def _items(places: Mapping[str, Place], day: Day) -> tuple[ProgrammeItem, ...]:
    if not places:
        return first_day(day)
    new = newcomer(places, day)
    return choose(places if new is None else {**places, new.item.exercise: new.item.place}, day)


def _done(number: int, items: tuple[ProgrammeItem, ...], library: Library) -> DayRecord:
    done = tuple(
        ExerciseRecord(exercise=item.exercise, load=library.exercises[item.exercise].load, done=1, place=item.place)
        for item in items
    )
    return DayRecord(day=number, mode=Mode.NORMAL, session=SessionRecord(exercises=done))
