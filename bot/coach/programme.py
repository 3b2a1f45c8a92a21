"""The first programme: which exercises, on which level, how much. What was left out is said with its reason.

Exercises are met in the order of the `start` playlist; walks and desk breaks have a place of their own in the day.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.coach.disposition import forbids_exercise
from bot.coach.gate import Input
from bot.coach.place import Place
from bot.coach.profile import (
    Profile,
    disposition_of,
    equipment_of,
    load_limit,
    minutes_of,
    starts_low,
    tags_of,
    usual_pain,
)
from bot.library.exercise import Category, Exercise, Need, Unit
from bot.library.library import Library
from bot.library.quick import altered
from bot.library.screening import Episode
from bot.library.thresholds import Thresholds


@dataclass(frozen=True, slots=True, kw_only=True)
class Dose:
    """How much of an exercise; exactly one of the amounts is set, in the unit of the exercise."""

    sets: int
    reps: int | None = None
    seconds: int | None = None
    minutes: int | None = None
    other: int | None = None  # metres, intervals, floors
    per_side: bool = False


@dataclass(frozen=True, slots=True)
class ProgrammeItem:
    """`amount`: where not even one set at the place fits into the minutes, so many repetitions, seconds or minutes."""

    exercise: str
    place: Place
    amount: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """`reason` is the catalog's entry; `tag` is set where a tag is the cause."""

    exercise: str
    rule: str
    reason: str
    tag: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    rule: str
    inputs: tuple[Input, ...] = ()
    sources: tuple[str, ...] = ()

    @property
    def reason(self) -> str:
        return f"reason/{self.rule}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Programme:
    items: tuple[ProgrammeItem, ...]
    left_out: tuple[LeftOut, ...]
    why: tuple[Why, ...]


def first_programme(profile: Profile, library: Library, *, acute_settled: bool = False) -> Programme:
    """Two exercises in the lowest form that fits, the lightest first, within the member's minutes.

    One that takes longer than what is left of them, with one set of it, waits for a later day.

    Walks and desk breaks are no part of it: they have their own place in the day.

    Where fewer than two of load 0 or 1 fit, the lightest of the others fills the place if its load is allowed.
    """
    rules = library.thresholds
    if forbids_exercise(disposition_of(profile, library)):
        return Programme(items=(), left_out=(), why=(_why("P_DISPOSITION", rules),))
    left_out = tuple(found for exercise in _current(library) if (found := _find_refusal(exercise, profile, library)))
    refused = {entry.exercise for entry in left_out}
    limit = first_load_limit(profile, library, acute_settled=acute_settled)
    fitting = [exercise for exercise in _current(library) if exercise.id not in refused]
    heavy = tuple(
        LeftOut(exercise=exercise.id, rule=rule, reason=f"reason/{rule}")
        for exercise in fitting
        if (rule := _too_heavy(exercise, limit, profile, acute_settled=acute_settled))
    )
    allowed = [exercise for exercise in fitting if exercise.id not in {entry.exercise for entry in heavy}]
    begun = [exercise for exercise in allowed if is_ordinary(exercise) and not _needs(exercise, profile, library)]
    chosen = sorted(begun, key=lambda exercise: _lightest(exercise, library))
    minutes = min(minutes_of(profile, rules), rules.starting.first_minutes)
    chosen = _short_enough(chosen, minutes, profile, library)
    items = tuple(ProgrammeItem(exercise.id, lowest_place(exercise, profile, library)) for exercise in chosen)
    return Programme(
        items=fit_minutes(items, minutes, library),
        left_out=(*left_out, *heavy),
        why=tuple(_reasons(chosen, minutes, rules)),
    )


def _short_enough(exercises: Sequence[Exercise], minutes: int, profile: Profile, library: Library) -> list[Exercise]:
    """The first of them that fit into the minutes together, each with one set; the very first comes in any case."""
    rules, chosen, left = library.thresholds, list[Exercise](), minutes * 60.0
    for exercise in exercises:
        seconds = seconds_of(exercise, altered(lowest_place(exercise, profile, library), sets=1), rules)
        if len(chosen) < rules.starting.first_exercises and (seconds <= left or not chosen):
            chosen.append(exercise)
            left -= seconds
    return chosen


def _nothing_met(_: Need) -> bool:
    return False


def next_exercise(
    have: frozenset[str],
    profile: Profile,
    library: Library,
    *,
    acute_settled: bool,
    max_load: int = 3,
    is_met: Callable[[Need], bool] = _nothing_met,
) -> ProgrammeItem | None:
    """The exercise that may join the programme next, in the form it begins with; None if there is none.

    One whose lowest form wants something reached before waits until `is_met` says that it is. What the self-tests put
    the weight on goes first among those that may join anyway.
    """
    fitting = fitting_exercises(profile, library, max_load, acute_settled=acute_settled)
    return next((item for item, needs in fitting if item.exercise not in have and all(map(is_met, needs))), None)


@lru_cache(maxsize=512)
def fitting_exercises(
    profile: Profile, library: Library, max_load: int, *, acute_settled: bool
) -> tuple[tuple[ProgrammeItem, tuple[Need, ...]], ...]:
    """All that may ever join, in the order in which exercises are met, with what must be reached before.

    A plan asks many times, for the same member, and many members are alike.
    """
    limit = min(first_load_limit(profile, library, acute_settled=acute_settled), max_load)
    fitting = [
        exercise
        for exercise in _current(library)
        if is_ordinary(exercise)
        and (profile.was_shown or not exercise.shown_first)
        and _find_refusal(exercise, profile, library) is None
        and not _too_heavy(exercise, limit, profile, acute_settled=acute_settled)
    ]
    return tuple(
        (ProgrammeItem(found.id, first_place(found, profile, library)), _needs(found, profile, library))
        for found in sorted(fitting, key=lambda each: _joining_order(each, profile, library))
    )


def _joining_order(exercise: Exercise, profile: Profile, library: Library) -> tuple[bool, int, tuple[int, int, str]]:
    """What lags behind in the self-tests, then the playlists of this member's tags and phase, then the common order."""
    keys = (*sorted(profile.tags), *(("acute",) if profile.episode is Episode.ACUTE else ()))
    own = [name for key in keys for name in library.thresholds.playlists.get(key, ())]
    place = own.index(exercise.id) if exercise.id in own else len(own)
    return exercise.id not in profile.emphasis, place, start_order(exercise, library)


def is_ordinary(exercise: Exercise) -> bool:
    """Whether it is one of a day's exercises; walks and desk breaks have their own place."""
    return exercise.load != "W" and exercise.category is not Category.DESK_BREAK


def is_heavier(exercise: Exercise, limit: int) -> bool:
    """Whether it is above the limit. Walking has its own quota and is never too heavy, unless nothing is allowed."""
    return limit < 0 or (exercise.load != "W" and exercise.load > limit)


def start_order(exercise: Exercise, library: Library) -> tuple[int, int, str]:
    """The order in which exercises are met: the playlists first, then the light ones."""
    places = _start_places(library)
    return places.get(exercise.id, len(places)), _heft(exercise), exercise.id


@lru_cache(maxsize=10)
def _start_places(library: Library) -> Mapping[str, int]:
    """Sorting a day asks for every exercise's, and they never change."""
    playlists = library.thresholds.playlists
    met = dict.fromkeys((*playlists.get("start", ()), *playlists.get("later", ())))
    return {exercise: place for place, exercise in enumerate(met)}


def first_load_limit(profile: Profile, library: Library, *, acute_settled: bool) -> int:
    """The heaviest load to begin with: as for every day, and lower in the first weeks or with much usual pain."""
    rules, pain = library.thresholds, usual_pain(profile)
    limit = load_limit(profile, library)
    if is_fresh(profile, acute_settled=acute_settled):
        limit = min(limit, rules.starting.acute_max_load)
    if pain is not None and pain >= rules.gate.high_base:
        limit = min(limit, rules.gate.high_base_max_load)
    return limit


def dose_of(exercise: Exercise, place: Place, part: int | None = None) -> Dose:
    """`part`: a smaller amount than the place's."""
    amount, sets = part or exercise.amount(place.step), place.sets
    per_side = exercise.unit in {Unit.REPS_SIDE, Unit.SECONDS_SIDE}
    match exercise.unit:
        case Unit.REPS | Unit.REPS_SIDE:
            return Dose(sets=sets, reps=amount, per_side=per_side)
        case Unit.SECONDS | Unit.SECONDS_SIDE:
            return Dose(sets=sets, seconds=amount, per_side=per_side)
        case Unit.MINUTES:
            return Dose(sets=sets, minutes=amount)
        case _:
            return Dose(sets=sets, other=amount)


def seconds_of(exercise: Exercise, place: Place, rules: Thresholds) -> float:
    """How long it takes, with the rests between sets; walking a metre counts as a second, a floor as twenty."""
    return seconds_for(exercise, place.sets, exercise.amount(place.step), rules)


def seconds_for(exercise: Exercise, sets: int, amount: int, rules: Thresholds) -> float:
    """The same for an amount that need not stand in the band."""
    return sets * amount * _once(exercise) + (sets - 1) * rules.starting.rest_seconds


def item_seconds(item: ProgrammeItem, library: Library) -> float:
    """How long an item takes, or the part of it that is left."""
    exercise = library.exercises[item.exercise]
    amount = exercise.amount(item.place.step) if item.amount is None else item.amount
    return seconds_for(exercise, item.place.sets, amount, library.thresholds)


def _once(exercise: Exercise) -> float:
    """Seconds of one repetition, second, minute, interval, floor or metre, on both sides where there are two."""
    sides = 2 if exercise.unit in {Unit.REPS_SIDE, Unit.SECONDS_SIDE} else 1
    if exercise.unit in {Unit.REPS, Unit.REPS_SIDE}:
        return exercise.tempo.seconds * sides
    return {Unit.MINUTES: 60, Unit.INTERVALS: 270, Unit.FLOORS: 20}.get(exercise.unit, 1) * sides


def fit_minutes(items: tuple[ProgrammeItem, ...], minutes: int, library: Library) -> tuple[ProgrammeItem, ...]:
    """Take sets away, from the longest first, until it fits; of a single one that is still too long a part stays."""
    while sum(item_seconds(item, library) for item in items) > minutes * 60:
        shrinkable = [item for item in items if item.place.sets > 1]
        if not shrinkable:
            return (_part_of(items[0], minutes, library),) if len(items) == 1 else items
        longest = max(shrinkable, key=lambda item: item_seconds(item, library))
        smaller = altered(longest, place=altered(longest.place, sets=longest.place.sets - 1))
        items = tuple(smaller if item is longest else item for item in items)
    return items


def _part_of(item: ProgrammeItem, minutes: int, library: Library) -> ProgrammeItem:
    """Three of five minutes, or fewer repetitions than the band begins with: one at least."""
    return altered(item, amount=max(1, int(minutes * 60 / _once(library.exercises[item.exercise]))))


def _current(library: Library) -> list[Exercise]:
    return [exercise for exercise in library.exercises.values() if exercise.replaced_by is None]


def _find_refusal(exercise: Exercise, profile: Profile, library: Library) -> LeftOut | None:
    tags = tags_of(profile, library)
    if not exercise.allowed_levels(tags):
        rule = exercise.find_skip(tags) or next((rule for rule in exercise.skip if rule.tag in tags), None)
        if rule is None:
            return LeftOut(exercise=exercise.id, rule="P_LIMIT", reason="reason/P_LIMIT")
        return LeftOut(exercise=exercise.id, rule="P_TAG", reason=f"skip/{rule.reason}", tag=rule.tag)
    first = exercise.get_level(lowest_place(exercise, profile, library).level)
    if not equipment_of(profile).issuperset((*exercise.equipment, *first.equipment)):
        return LeftOut(exercise=exercise.id, rule="P_EQUIPMENT", reason="reason/P_EQUIPMENT")
    return None


def _too_heavy(exercise: Exercise, limit: int, profile: Profile, *, acute_settled: bool) -> str:
    if exercise.load == "W" or exercise.load <= limit:
        return ""
    return "P_ACUTE" if is_fresh(profile, acute_settled=acute_settled) else "P_LOAD"


def is_fresh(profile: Profile, *, acute_settled: bool) -> bool:
    """The first weeks of an episode; one that was never asked for is taken for fresh."""
    return profile.episode in {None, Episode.ACUTE} and not acute_settled


def _lightest(exercise: Exercise, library: Library) -> tuple[int, tuple[int, int, str]]:
    """Mobility before relaxing before load: a first session should move something."""
    return _heft(exercise), start_order(exercise, library)


def _heft(exercise: Exercise) -> int:
    return {1: 0, 0: 1, 2: 2, 3: 3, "W": 4}[exercise.load]


def _needs(exercise: Exercise, profile: Profile, library: Library) -> tuple[Need, ...]:
    """What must be reached before even the lowest form."""
    return exercise.get_level(lowest_place(exercise, profile, library).level).needs


def lowest_place(exercise: Exercise, profile: Profile, library: Library) -> Place:
    return Place(exercise.allowed_levels(tags_of(profile, library))[0], 1, exercise.sets)


def first_place(exercise: Exercise, profile: Profile, library: Library) -> Place:
    """Where an exercise that joins later begins: the second form for whom nothing speaks for the lowest.

    In the first weeks of an episode it is the lowest (clinical rules 5.2), and so it is on the very first day
    (EXPERIENCE) and where the second form wants something of its own, or a tag takes it away.
    """
    lowest = lowest_place(exercise, profile, library)
    second = lowest.level + 1
    is_early = is_fresh(profile, acute_settled=False)
    if is_early or starts_low(profile, library) or second not in exercise.allowed_levels(tags_of(profile, library)):
        return lowest
    wants = exercise.get_level(second)
    has_all = equipment_of(profile).issuperset(wants.equipment)
    return altered(lowest, level=second) if has_all and not wants.needs else lowest


def _reasons(chosen: list[Exercise], minutes: int, rules: Thresholds) -> Iterator[Why]:
    yield _why("P_START", rules, ("exercises", len(chosen)))
    if any(exercise.load in {2, 3} for exercise in chosen):
        yield _why("P_FILL", rules)
    yield _why("P_MINUTES", rules, ("minutes", minutes))


def _why(rule: str, rules: Thresholds, *inputs: Input) -> Why:
    return Why(rule=rule, inputs=inputs, sources=rules.sources_of(rule))
