"""Self-tests: who is offered which, in which form, what the results come to, and where to put the weight next. Pure.

A test never asks for a form that is not trained already, and a result never raises a load: what lags behind only
decides which exercise may join next, in its lowest form, through all gates (clinical rules 5; our own decision).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from bot.coach.place import Place
from bot.coach.profile import Profile, load_limit, tags_of
from bot.library.exercise import Exercise, Need
from bot.library.library import Library
from bot.library.screening import AgeBand
from bot.library.selftest import SelfTest

_LOAD_W = "W"


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One measurement. `day` is an ordinal; `value` in seconds or times."""

    test: str
    day: int
    level: int
    value: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitting:
    """A test somebody can be offered, in this form."""

    test: str
    level: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """One direction of the profile, 0 to 1: the latest result, and the first if there was an earlier one."""

    test: str
    latest: Result
    score: float
    first: float | None = None


def fitting_tests(
    profile: Profile, places: Mapping[str, Place], library: Library, is_met: Callable[[Need], bool], max_load: int = 3
) -> tuple[Fitting, ...]:
    """In the order of the content; an exercise that tags, load limit or prerequisites forbid brings no test.

    `max_load`: the heaviest that the day allows, 0 to 3.
    """
    tags, limit = tags_of(profile, library), min(load_limit(profile, library), max_load)
    found = ((test, _level(test, library, tags, limit, places, is_met)) for test in library.selftests.tests)
    return tuple(Fitting(test=test.id, level=level) for test, level in found if level is not None)


def _level(
    test: SelfTest,
    library: Library,
    tags: frozenset[str],
    limit: int,
    places: Mapping[str, Place],
    is_met: Callable[[Need], bool],
) -> int | None:
    exercise = library.exercises.get(test.exercise)
    if exercise is None or exercise.load == _LOAD_W or int(exercise.load) > limit:
        return None
    trained = places[exercise.id].level if exercise.id in places else 1
    levels = [level for level in exercise.allowed_levels(tags) if level <= min(test.top_level, trained)]
    if not levels:
        return None
    level = max(levels)
    return level if _is_open(exercise, level, trained, is_met) else None


def _is_open(exercise: Exercise, level: int, trained: int, is_met: Callable[[Need], bool]) -> bool:
    """What is trained was opened once; the lowest form of something new may want something reached before."""
    return trained > 1 or all(map(is_met, exercise.levels[level - 1].needs))


def score_of(result: Result, library: Library) -> float | None:
    """0 to 1: forms below count as a whole, the cap ends the rest; None for a test that is gone."""
    test = library.selftests.get_test(result.test)
    if test is None:
        return None
    within = min(result.value, test.cap) / test.cap
    return max(0.0, min(1.0, (min(result.level, test.top_level) - 1 + within) / test.top_level))


def axes_of(results: Sequence[Result], library: Library) -> tuple[Axis, ...]:
    """The profile, in the order of the content; `results` may come in any order."""
    return tuple(_axes(sorted(results, key=lambda result: result.day), library))


def _axes(results: Sequence[Result], library: Library) -> Iterator[Axis]:
    for test in library.selftests.tests:
        own = [result for result in results if result.test == test.id]
        if not own:
            continue
        score, first = score_of(own[-1], library), score_of(own[0], library) if len(own) > 1 else None
        if score is not None:
            yield Axis(test=test.id, latest=own[-1], score=score, first=first)


def weakest(results: Sequence[Result], library: Library) -> str | None:
    """The test that lags clearly behind the others; None where nothing stands out or too few were done."""
    rules, axes = library.thresholds.selftests, axes_of(results, library)
    if len(axes) < rules.least_axes:
        return None
    last = min(axes, key=lambda axis: axis.score)
    others = fmean(axis.score for axis in axes if axis is not last)
    return last.test if others - last.score >= rules.weak_gap else None


def emphasis(results: Sequence[Result], library: Library) -> tuple[str, ...]:
    """Exercises that may join first."""
    test = library.selftests.get_test(weakest(results, library) or "")
    return () if test is None else test.focus


def others_at(test: str, age: AgeBand | None, library: Library) -> float | None:
    """Where others of this age begin, on the same way from 0 to 1; None where nothing was read at its source."""
    found = library.selftests.get_test(test)
    band = found.band_of(age) if found is not None else None
    if found is None or band is None:
        return None
    return (found.top_level - 1 + min(band.low, found.cap) / found.cap) / found.top_level
