"""What is known of a member's days: plain values, each of which may be missing. Days are counted, not timed.

A day's morning number belongs to the session of the day before. The lists are in ascending order of days.
"""

from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from enum import StrEnum
from operator import is_
from typing import Any, TypeVar

from bot.coach.place import Place
from bot.library.exercise import Load
from bot.library.quick import quick
from bot.library.screening import Episode

T = TypeVar("T")
_EVER = 1 << 40  # a day behind all others


class Quality(StrEnum):
    """How pain felt. A muscle that only burns is no pain and has no quality."""

    PULLING = "pulling"
    DULL = "dull"
    STABBING = "stabbing"
    RADIATING = "radiating"  # new, or farther down the leg


class Mode(StrEnum):
    NORMAL = "normal"
    REDUCED = "reduced"
    FLARE = "flare"
    RETURN = "return"
    RAMP = "ramp"
    SCREEN = "screen"
    STOP = "stop"


class Change(StrEnum):
    LEVEL_UP = "level_up"
    DOSE_UP = "dose_up"
    HOLD = "hold"
    DOSE_DOWN = "dose_down"
    LEVEL_DOWN = "level_down"
    REST = "rest"  # left out for now
    RESCREEN = "rescreen"
    STOP = "stop"


RISES = frozenset({Change.LEVEL_UP, Change.DOSE_UP})
LEVEL_CHANGES = frozenset({Change.LEVEL_UP, Change.LEVEL_DOWN})
MOVES = LEVEL_CHANGES | {Change.DOSE_UP, Change.DOSE_DOWN}


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class ExerciseRecord:
    exercise: str
    load: Load
    done: float | None = None  # 0, 0.5 or 1
    effort: float | None = None  # 0 to 10
    more: bool | None = None  # two more repetitions or five more seconds would have gone
    hurt: bool = False  # the member named this one as the one that hurt
    quality: Quality | None = None
    too_hard: bool = False  # the member asked for less
    place: Place | None = None  # where it was done, as far as the week's volume asks
    at: int | None = None  # epoch microseconds of the last exercise of that session; None where only the day is known


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionRecord:
    before: float | None = None
    peak: float | None = None
    after: float | None = None
    rise: float | None = None  # the greatest of a part of it, where before, peak and after are those of several
    quality: Quality | None = None
    unwell: bool = False  # dizzy or short of breath
    brief: bool = False  # one minute: a day of movement, but no session that the way back or a pause counts
    exercises: tuple[ExerciseRecord, ...] = ()

    def qualities(self) -> frozenset[Quality]:
        """How it felt, in the session and in any of its exercises."""
        felt = (self.quality, *(record.quality for record in self.exercises))
        return frozenset(quality for quality in felt if quality is not None)


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class DayRecord:
    day: int
    morning: float | None = None
    before: float | None = None  # pain now, asked without or ahead of a session
    told: float | None = None  # the highest number told at any other time of the day
    session: SessionRecord | None = None
    missed: bool = False  # planned, not done
    flare_said: bool = False  # the member calls it a flare-up
    sleep: float | None = None  # 0 to 10
    was_ill: bool = False  # nothing was done since an illness
    stopped: bool = False  # a flag, an alarm or a disposition locked the member on this day
    declined: bool = False  # the member kept the smaller form that day, although a rise was offered
    cleared: bool = False  # explicit clearance reopened on this day
    screened_clear: bool = False  # lists 1 to 3 were answered, all no, after everything else but numbers of this day
    last: float | None = None  # the last number told
    spike: float | None = None  # the highest number told after clear lists that was more than the one before it
    mode: Mode | None = None  # what the gate said on this day
    eased: bool = False  # a day of an easier week
    flaring: bool = False  # a flare-up was on: its values do not count as usual

    @property
    def pain_before(self) -> float | None:
        if self.session is not None and self.session.before is not None:
            return self.session.before
        return self.before

    @property
    def numbers(self) -> tuple[float, ...]:
        """All that is known of the day's pain, but for that after exercises."""
        return tuple(value for value in (self.pain_before, self.told, self.morning) if value is not None)


@dataclass(frozen=True, slots=True)
class Doing:
    """An exercise was done: on this day and, where a clock is known, at this moment (epoch microseconds)."""

    day: int
    at: int | None = None


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRecord:
    """A decision that was made. `basis` is the day of the session it was made from."""

    day: int
    exercise: str
    change: Change
    rule: str
    basis: int | None = None
    levels: int = 0  # so many levels up, or down when negative
    declined_on: int | None = None


@dataclass(frozen=True, slots=True)
class Announced:
    """A holiday or an illness said beforehand: from the day `first` on, up to but without the day `until`."""

    first: int
    until: int


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    days: tuple[DayRecord, ...] = ()
    changes: tuple[ChangeRecord, ...] = ()
    average: float | None = None  # usual pain as told at the start
    anew: tuple[tuple[int, float], ...] = ()  # day and usual pain where it was asked anew: it counts from the next day
    since: int | None = None  # day of the first session, also where its record is no longer kept
    weeks: tuple[tuple[int, float], ...] = ()  # a day of each week with its mean pain, for weeks no longer kept
    slept: tuple[int, float] | None = None  # day and answer of the last question about sleep, 0 to 10
    told: Episode | None = None  # the episode as it was told, and the day
    told_on: int | None = None
    ignored: tuple[int, ...] = ()  # days on which a session was planned and not done; they have no record
    wanted: int | None = None  # sessions a week; None: each day that was asked for is one
    announced: tuple[Announced, ...] = ()  # pauses that were said beforehand
    own: tuple[tuple[int, float], ...] = ()  # day and number: how well the own activity went, oldest first
    measured: tuple[tuple[str, Doing], ...] = ()  # exercises that were measured: as hard as training them
    strained: tuple[Doing, ...] = ()  # measurements with clearly more pain behind them than before
    _memo: dict[tuple[str, int], tuple[tuple[object, ...], Any]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    _numbers: list[int] = field(default_factory=list, init=False, repr=False, compare=False)  # of the days
    _base: "History | None" = field(default=None, repr=False, compare=False)
    _same_before: int = field(default=0, repr=False, compare=False)

    def __post_init__(self) -> None:
        self._numbers.extend([record.day for record in self.days])

    def find_day(self, day: int) -> DayRecord | None:
        index = bisect_left(self._numbers, day)
        found = index < len(self.days) and self.days[index].day == day
        return self.days[index] if found else None

    def recall(self, what: str, day: int, made_of: tuple[object, ...], make: Callable[[], T]) -> T:
        """A value derived from this history and `made_of`. Many rules ask for the same ones, so they are kept."""
        known = self._memo.get((what, day))
        if known is not None and all(map(is_, known[0], made_of)):
            kept: T = known[1]
            return kept
        made = make()
        self._memo[what, day] = (made_of, made)
        return made

    def until(self, day: int) -> "History":
        """As it was known before `day`."""
        days = self.before(day)
        if len(days) == len(self.days):
            return self
        return self.recall("until", day, (), lambda: replace(self, days=days, _base=self, _same_before=day))

    def with_day(self, record: DayRecord) -> "History":
        """With this day as the last one."""
        return replace(self, days=(*self.before(record.day), record), _base=self, _same_before=record.day)

    def with_change(self, change: ChangeRecord) -> "History":
        return replace(self, changes=(*self.changes, change), _base=self, _same_before=_EVER)

    def without_told(self) -> "History":
        """As if nobody had told what is usual: only numbers of days make it."""
        return replace(self, average=None, anew=(), _base=None, _same_before=0)

    def source(self, day: int) -> "History":
        """The one this was made from, as far as the days before `day` are the same: what they say is known there."""
        found = self
        while found._base is not None and day <= found._same_before:
            found = found._base
        return found

    def days_with(self, exercise: str) -> tuple[DayRecord, ...]:
        """The days whose session holds this exercise, done or not."""
        return self.recall("days with", 0, (), self._days_by_exercise).get(exercise, ())

    def doings(self, exercise: str) -> tuple[Doing, ...]:
        """Each time it was trained or measured, in any order. Whether it was done at all may be unknown: it counts."""
        return self.recall("doings", 0, (), self._doings_by_exercise).get(exercise, ())

    def done_on(self, day: int) -> tuple[str, ...]:
        """The exercises trained or measured on this day, or on one that travelling has put behind it."""
        by_exercise = self.recall("doings", 0, (), self._doings_by_exercise)
        return tuple(name for name, all_of_it in by_exercise.items() if any(each.day >= day for each in all_of_it))

    def _doings_by_exercise(self) -> dict[str, tuple[Doing, ...]]:
        found: dict[str, list[Doing]] = {}
        for record in self.days:
            for each in record.session.exercises if record.session else ():
                if each.done != 0:
                    found.setdefault(each.exercise, []).append(Doing(record.day, each.at))
        for exercise, doing in self.measured:
            found.setdefault(exercise, []).append(doing)
        return {exercise: tuple(all_of_it) for exercise, all_of_it in found.items()}

    def _days_by_exercise(self) -> dict[str, tuple[DayRecord, ...]]:
        found: dict[str, list[DayRecord]] = {}
        for record in self.days:
            if record.session is not None:
                for exercise in {each.exercise for each in record.session.exercises}:
                    found.setdefault(exercise, []).append(record)
        return {exercise: tuple(days) for exercise, days in found.items()}

    def before(self, day: int) -> tuple[DayRecord, ...]:
        return self.days[: bisect_left(self._numbers, day)]

    def between(self, first: int, last: int) -> tuple[DayRecord, ...]:
        """The days from `first` to `last`, both included."""
        return self.days[bisect_left(self._numbers, first) : bisect_left(self._numbers, last + 1)]

    def changes_of(self, exercise: str) -> tuple[ChangeRecord, ...]:
        return tuple(change for change in self.changes if change.exercise == exercise)


@dataclass(frozen=True, slots=True)
class Moment:
    """When a decision is made. `is_over`: today's session is behind, so it is about one tomorrow or later.

    `now`: epoch microseconds, None where days alone are known. `again`: this day had its session already, or one that
    travelling has put behind it: what it brought stands in no history yet.
    """

    day: int
    is_over: bool = False
    now: int | None = None
    again: bool = False

    @property
    def next_session_day(self) -> int:
        """The earliest day of the session that the decision is about."""
        return self.day + 1 if self.is_over else self.day


def session_days(days: tuple[DayRecord, ...]) -> tuple[DayRecord, ...]:
    return tuple(record for record in days if record.session is not None)


def whole_days(days: tuple[DayRecord, ...]) -> tuple[DayRecord, ...]:
    """With a session of more than one minute."""
    return tuple(record for record in days if record.session is not None and not record.session.brief)
