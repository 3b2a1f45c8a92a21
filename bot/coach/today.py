"""Which exercises of the programme a day holds (clinical rules 5.2, 5.6): the mix, the rest between, the minutes.

Nothing here raises a level or a dose; it only leaves out (invariants I6 and I7). What may rise is decided elsewhere.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from bot.coach.kinds import Kind, kind_of
from bot.coach.place import Place
from bot.coach.profile import Profile, equipment_of, load_limit, minutes_of, takes_few
from bot.coach.programme import (
    ProgrammeItem,
    fit_minutes,
    is_fresh,
    is_heavier,
    is_ordinary,
    item_seconds,
    seconds_of,
    start_order,
)
from bot.coach.records import DayRecord, Doing, ExerciseRecord, History
from bot.library.exercise import Category, Exercise
from bot.library.library import Library
from bot.library.quick import quick
from bot.library.thresholds import Thresholds

WEEK = 7
_HOUR = timedelta(hours=1) // timedelta(microseconds=1)
_MOVE, _HOLD, _STRENGTH, _CALM = ({kind} for kind in (Kind.MOVE, Kind.HOLD, Kind.STRENGTH, Kind.CALM))
# One of each kind in this order; a shorter day takes the first ones (clinical rules 5.6, "Session planning"). On days
# without room for both, moving and quiet take turns: the phases of 5.2 count them as one.
_MIX = {
    1: (_MOVE | _CALM,),
    2: (_MOVE | _CALM, _HOLD | _STRENGTH),
    3: (_MOVE | _CALM, _HOLD, _STRENGTH),
    4: (_MOVE, _HOLD, _STRENGTH, _CALM),
    5: (_MOVE, _HOLD, _STRENGTH, _HOLD, _CALM),
}


@dataclass(frozen=True, slots=True)
class Stay:
    """Where an exercise of the programme stands, and the day since which it is in it."""

    place: Place
    since: int


@dataclass(frozen=True, slots=True)
class Rest:
    """Where an exercise that made room stands, the day since which it rests, and whether it had become too much."""

    place: Place
    since: int
    too_much: bool = False


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """What choosing looks at. `vetoes`: exercise and day on which the member did not want it. `since`: first day.

    `now`: epoch microseconds, None where days alone are known. `max_load`: the heaviest that the gate allows today,
    0 to 3; the member's own limit holds beside it.
    `stays`: the programme; `rests`: what has made room in it; `walked`: the form that walks have shown, if any.
    """

    day: int
    history: History
    profile: Profile
    library: Library
    vetoes: Mapping[str, int] = field(default_factory=dict)
    since: int | None = None
    acute_settled: bool = False
    max_load: int = 3
    now: int | None = None
    stays: Mapping[str, Stay] = field(default_factory=dict)
    rests: Mapping[str, Rest] = field(default_factory=dict)
    walked: Mapping[str, Place] = field(default_factory=dict)

    @property
    def rested_last(self) -> int | None:
        """The day on which something made room last."""
        return max((rest.since for rest in self.rests.values()), default=None)

    @property
    def rules(self) -> Thresholds:
        return self.library.thresholds

    @property
    def week(self) -> int:
        """Weeks since the first session, from 0; unknown is the first one."""
        return 0 if self.since is None else (self.day - self.since) // WEEK


def choose(places: Mapping[str, Place], day: Day) -> tuple[ProgrammeItem, ...]:
    """Today's exercises of those the member has, in order, with as many sets as fit into the minutes."""
    fitting = [exercise for exercise in places if may_come(exercise, day)]
    mixed = _mixed(fitting, exercise_count(day), day)
    items = tuple(ProgrammeItem(exercise, places[exercise]) for exercise in mixed)
    return _within_week(fit_day(items, day), day)


def exercise_count(day: Day) -> int:
    """How many a day holds: few in the first week, more for whoever has the minutes, never a long list."""
    planning, minutes = day.rules.planning, minutes_of(day.profile, day.rules)
    if day.week == 0:
        return planning.week_one_exercises
    more = (minutes >= planning.minutes_for_four) + (minutes >= planning.minutes_for_five)
    count = min(planning.exercises + more, planning.most_exercises)
    return min(count, day.rules.yellow.few_exercises) if takes_few(day.profile, day.rules) else count


def pool_size(day: Day) -> int:
    """How many different exercises a member has in turn."""
    return day.rules.planning.first_pool if day.week == 0 else day.rules.planning.pool


def may_come(exercise: str, day: Day) -> bool:
    """Whether an exercise is one for a day at all, light enough, wanted, possible here, and rested."""
    content = day.library.exercises[exercise]
    if not is_ordinary(content) or content.replaced_by is not None or is_vetoed(exercise, day):
        return False
    if is_heavier(content, min(load_limit(day.profile, day.library), day.max_load)):
        return False
    if is_load(content) and not _has_room_for_load(day):
        return False
    return equipment_of(day.profile).issuperset(content.equipment) and is_rested(content, day)


def is_vetoed(exercise: str, day: Day) -> bool:
    said = day.vetoes.get(exercise)
    return said is not None and is_veto_on(said, day.day, day.rules)


def is_veto_on(said: int, day: int, rules: Thresholds) -> bool:
    return day - said < rules.planning.veto_days


def is_rested(exercise: Exercise, day: Day) -> bool:
    """Heavy exercises want 48 hours, and none comes more often a week than it may (invariant I7)."""
    done = day.history.doings(exercise.id)
    if exercise.load == 3 and any(_hours_since(each, day) < day.rules.planning.load3_hours for each in done):
        return False
    return sum(_is_of_this_week(each, day) for each in done) < _most_per_week(exercise, day)


def _hours_since(doing: Doing, day: Day) -> float:
    """By the clock where there is one: two days on the calendar may be 30 hours, or 20 across the date line."""
    if doing.at is not None and day.now is not None:
        return (day.now - doing.at) / _HOUR
    return (day.day - doing.day) * 24


def _is_of_this_week(doing: Doing, day: Day) -> bool:
    return day.day - doing.day < WEEK or _hours_since(doing, day) < WEEK * 24


def _most_per_week(exercise: Exercise, day: Day) -> int:
    planning = day.rules.planning
    most = exercise.max_per_week
    if exercise.load == 3:
        most = min(most, planning.load3_per_week)
    return min(most, day.rules.template(day.profile.episode).load_times) if is_load(exercise) else most


def _has_room_for_load(day: Day) -> bool:
    """In the first weeks of an episode few days a week hold load, and not two in a row."""
    if not is_fresh(day.profile, acute_settled=False):
        return True
    loaded = [r.day for r in day.history.between(day.day - WEEK + 1, day.day - 1) if _is_loaded(r, day.library)]
    return len(loaded) < day.rules.phases.acute_load_days and day.day - 1 not in loaded


def _is_loaded(record: DayRecord, library: Library) -> bool:
    done = [each.exercise for each in (record.session.exercises if record.session else ()) if each.done]
    return any(is_load(library.exercises[name]) for name in done if name in library.exercises)


def is_load(exercise: Exercise) -> bool:
    """Whether it stabilises or strengthens with more than a little load: what the phases count."""
    return exercise.load in {2, 3} and kind_of(exercise) in {Kind.HOLD, Kind.STRENGTH}


def did(record: DayRecord, exercise: str) -> bool:
    exercises: tuple[ExerciseRecord, ...] = record.session.exercises if record.session else ()
    return any(each.exercise == exercise and each.done for each in exercises)


def _mixed(exercises: Sequence[str], count: int, day: Day) -> list[str]:
    """One of each kind, those that waited longest first; what a kind cannot fill, another does."""
    waiting = sorted(exercises, key=lambda exercise: _turn(exercise, day))
    chosen: list[str] = []
    for kinds in _MIX[min(count, max(_MIX))]:
        found = next((e for e in waiting if e not in chosen and kind_of(day.library.exercises[e]) in kinds), None)
        if found is not None:
            chosen.append(found)
    chosen += [exercise for exercise in waiting if exercise not in chosen][: count - len(chosen)]
    return sorted(chosen, key=lambda exercise: _in_session(exercise, day.library))


def _turn(exercise: str, day: Day) -> tuple[int, bool, tuple[int, int, str]]:
    """The day it was done last, what lags behind and the liked first, then the order in which exercises are met."""
    wanted = exercise in day.profile.emphasis or is_liked(exercise, day)
    return _last_done(exercise, day), not wanted, start_order(day.library.exercises[exercise], day.library)


def _last_done(exercise: str, day: Day) -> int:
    return max((doing.day for doing in day.history.doings(exercise)), default=0)


def is_liked(exercise: str, day: Day) -> bool:
    return bool({exercise, day.library.exercises[exercise].category.value} & day.profile.likes)


def _in_session(exercise: str, library: Library) -> tuple[int, tuple[int, int, str]]:
    """Moving first, load in the middle, quiet at the end."""
    content = library.exercises[exercise]
    places = {Category.MOBILISE: 0, Category.STABILISE: 1, Category.STRENGTHEN: 2, Category.STRETCH: 3}
    return places.get(content.category, 4), start_order(content, library)


def fit_day(items: tuple[ProgrammeItem, ...], day: Day) -> tuple[ProgrammeItem, ...]:
    """Within the member's minutes: first fewer sets, then fewer exercises; one always stays, or a part of it.

    What was done last is left out first, so that nothing that takes long waits for ever.
    """
    minutes = minutes_of(day.profile, day.rules)
    if day.week < day.rules.planning.first_weeks:
        minutes = min(minutes, day.rules.planning.first_weeks_minutes)
    while True:
        fitted = fit_minutes(items, minutes, day.library)
        if len(fitted) < 2 or length_of(fitted, day.library) <= minutes * 60:
            return fitted
        items = _one_less(items, day)


def _one_less(items: tuple[ProgrammeItem, ...], day: Day) -> tuple[ProgrammeItem, ...]:
    """Without the one done most recently; of several the last in the session."""
    left_out = max(range(len(items)), key=lambda n: (_last_done(items[n].exercise, day), n))
    return (*items[:left_out], *items[left_out + 1 :])


def length_of(items: Iterable[ProgrammeItem], library: Library) -> float:
    """Seconds; walking is counted by its own quota."""
    return sum(item_seconds(item, library) for item in items)


def _within_week(items: tuple[ProgrammeItem, ...], day: Day) -> tuple[ProgrammeItem, ...]:
    """Not more than a fifth above the best of the last two weeks (invariant I6); at first only each day is limited."""
    if day.week < day.rules.planning.first_weeks:
        return items
    kept = _within_sets(items, load3_allowance(day), day.library)
    seconds = seconds_allowance(day)
    while kept and length_of(kept, day.library) > seconds:
        kept = _one_less(kept, day) if all(item.place.sets == 1 for item in kept) else _one_set_less(kept, day.library)
    return kept


def load3_allowance(day: Day) -> int:
    """How many load-3 sets today may hold so that the last seven days stay within the limit."""
    planning = day.rules.planning
    done = _load3_sets(day, day.day - WEEK + 1, day.day - 1)
    best = max(_load3_sets(day, *week) for week in _weeks_before(day))
    return max(int(planning.growth * best), planning.load3_floor) - done


def seconds_allowance(day: Day) -> float:
    """How long today may be so that the last seven days stay within the limit."""
    planning = day.rules.planning
    done = _seconds(day, day.day - WEEK + 1, day.day - 1)
    best = max(_seconds(day, *week) for week in _weeks_before(day))
    return max(planning.growth * best, planning.week_floor_minutes * 60) - done


def _weeks_before(day: Day) -> Iterator[tuple[int, int]]:
    """First and last day of the two weeks before the seven days that end today: no day counts on both sides."""
    for number in (1, 2):
        last = day.day - number * WEEK
        yield last - WEEK + 1, last


def _records(day: Day, first: int, last: int) -> Iterator[ExerciseRecord]:
    for record in day.history.between(first, last):
        yield from record.session.exercises if record.session else ()


def _load3_sets(day: Day, first: int, last: int) -> int:
    return sum(r.place.sets for r in _records(day, first, last) if r.load == 3 and r.done and r.place is not None)


def _seconds(day: Day, first: int, last: int) -> float:
    return sum(
        seconds_of(day.library.exercises[record.exercise], record.place, day.rules) * (record.done or 0)
        for record in _records(day, first, last)
        if record.place is not None and record.load != "W" and record.exercise in day.library.exercises
    )


def _within_sets(items: tuple[ProgrammeItem, ...], allowed: int, library: Library) -> tuple[ProgrammeItem, ...]:
    kept: list[ProgrammeItem] = []
    for item in items:
        if library.exercises[item.exercise].load != 3:
            kept.append(item)
        elif allowed > 0:
            sets = min(item.place.sets, allowed)
            allowed -= sets
            kept.append(replace(item, place=replace(item.place, sets=sets)))
    return tuple(kept)


def _one_set_less(items: tuple[ProgrammeItem, ...], library: Library) -> tuple[ProgrammeItem, ...]:
    longest = max(
        (item for item in items if item.place.sets > 1),
        key=lambda item: item_seconds(item, library),
    )
    smaller = replace(longest, place=replace(longest.place, sets=longest.place.sets - 1))
    return tuple(smaller if item is longest else item for item in items)
