"""When an exercise may get bigger (clinical rules 5.6): all of it must hold, and what is unknown does not hold.

`find_obstacle` names the first thing in the way, so that the member can be told why all stays as it is.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta

from bot.coach.derived import adherence_percent, over_on, rise_of, usual_before
from bot.coach.disposition import Disposition, may_rise
from bot.coach.lights import Light, Lit, Speed, light_session, speed_of, was_much
from bot.coach.phase import phase_of
from bot.coach.place import Place
from bot.coach.profile import Profile, disposition_of, equipment_of, is_careful, tags_of
from bot.coach.records import LEVEL_CHANGES, MOVES, Change, ChangeRecord, DayRecord, History, Mode, Moment
from bot.coach.today import is_load
from bot.library.exercise import HELD, Exercise, Need
from bot.library.library import Library
from bot.library.quick import quick
from bot.library.screening import Episode

_FLOWN = 2  # days by which the calendar may run ahead of the clock
# All that a rise asks for holds, only the next form is not due: then one set may join, up to the exercise's own.
SETS_INSTEAD = frozenset({"top", "tag", "equipment", "level-days", "level-ups", "needs"})


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Ambition:
    """What rising looks at. `sessions`: the exercise's last ones, the newest last; `places`: of all exercises."""

    exercise: Exercise
    place: Place
    sessions: tuple[Lit, ...]
    history: History
    moment: Moment
    mode: Mode
    eased: bool
    profile: Profile
    places: Mapping[str, Place]
    library: Library
    screened: bool = True  # lists 1 to 3 were answered lately

    @property
    def changes(self) -> tuple[ChangeRecord, ...]:
        return self.history.changes_of(self.exercise.id)

    @property
    def usual(self) -> float | None:
        return usual_before(self.history, self.moment.day + 1, self.library.thresholds)

    @property
    def speed(self) -> Speed:
        return speed_of(self.usual, self.library.thresholds)

    @property
    def wants_level(self) -> bool:
        return self.place.step >= self.exercise.top_step


def find_obstacle(ambition: Ambition) -> str | None:
    """None if the rise may be offered. The word completes the reason's id, reason/R_HOLD/<word>."""
    return next(_obstacles(ambition), None)


def good_sessions(ambition: Ambition) -> int:
    return sum(entry.is_good for entry in ambition.sessions[-_window(ambition) :])


def _obstacles(ambition: Ambition) -> Iterator[str]:
    rules = ambition.library.thresholds.rising
    if not may_grow(ambition):
        waits = disposition_of(ambition.profile, ambition.library) is Disposition.DOCTOR_SOFT
        yield "practice" if waits and not ambition.profile.soft_open else "questions"
    if not ambition.screened:
        yield "screening"
    if ambition.moment.again:
        yield "again"
    if ambition.mode is not Mode.NORMAL:
        yield "deload" if ambition.eased else ambition.mode.value
    if not ambition.sessions:
        yield "start"
    else:
        yield from _weak_sessions(ambition, ambition.sessions[-1])
    if not is_calm(ambition.history, ambition.moment, ambition.library):
        yield "calm"
    adherence = adherence_percent(ambition.history, ambition.moment.day, ambition.library.thresholds)
    if adherence is None or adherence < rules.adherence_percent:
        yield "adherence"
    if ambition.speed is Speed.HOLD:
        yield "usual-pain"
    yield from _waits(ambition)


def _waits(ambition: Ambition) -> Iterator[str]:
    """What only time or another exercise can clear, however well the sessions go."""
    days = ambition.library.thresholds.rising.declined_days
    if any(_is_declined(change, ambition.moment.day, days) for change in ambition.changes):
        yield "declined"
    yield from _level_obstacles(ambition) if ambition.wants_level else _dose_obstacles(ambition)


def find_wait(ambition: Ambition) -> str | None:
    """What a rise would wait for even after good sessions; None if nothing. A missing set can still be added."""
    wait = next(_waits(ambition), None)
    grows = wait in SETS_INSTEAD and ambition.place.sets < ambition.exercise.sets
    return None if grows and ambition.speed is Speed.NORMAL else wait


def may_grow(ambition: Ambition) -> bool:
    """Whether anything of this member may rise at all, as far as the screening says."""
    return may_rise(disposition_of(ambition.profile, ambition.library)) and not ambition.profile.soft_open


def _weak_sessions(ambition: Ambition, last: Lit) -> Iterator[str]:
    if last.light is Light.RED:
        yield "red"  # and nothing smaller is left in this form
    if last.reading.next_morning is None:
        yield "morning"
    if last.light is Light.GREY:
        yield "missing"
    if was_much(last.reading, ambition.library.thresholds.lights):
        yield "much"
    window = ambition.sessions[-_window(ambition) :]
    needed = ambition.library.thresholds.rising
    wanted = needed.careful_good if is_careful(ambition.profile, ambition.library) else needed.good
    has_red = any(entry.light is Light.RED for entry in window)
    if not last.is_good or has_red or good_sessions(ambition) < wanted:
        yield "good"


def _window(ambition: Ambition) -> int:
    rising = ambition.library.thresholds.rising
    return rising.careful_window if is_careful(ambition.profile, ambition.library) else rising.window


def is_calm(history: History, moment: Moment, library: Library) -> bool:
    """No red session, no rise, in a measurement either, and no bad morning in the last 72 hours.

    Days have no clock. A session three days ago may have been in the evening, so until today is over it still counts;
    a morning three days ago is 72 hours away. Where the clock is known it counts too: three days of somebody who flew
    east may be fifty hours.
    """
    hours = library.thresholds.rising.calm_hours
    first = moment.day - hours // 24 + (1 if moment.is_over else 0)
    first_morning = moment.day - hours // 24 + 1
    if any(doing.day >= first or _is_since(doing.at, moment, hours) for doing in history.strained):
        return False
    days = history.between(min(first, first_morning) - _FLOWN, moment.day)
    return not any(
        ((record.day >= first or _is_within(record, moment, hours)) and _is_rough_session(history, record, library))
        or (record.day >= first_morning and _is_rough_morning(history, record, library))
        for record in days
    )


def _is_within(record: DayRecord, moment: Moment, hours: int) -> bool:
    exercises = record.session.exercises if record.session else ()
    return any(_is_since(each.at, moment, hours) for each in exercises)


def _is_since(at: int | None, moment: Moment, hours: int) -> bool:
    """By the clock, as far as it is known."""
    if at is None or moment.now is None:
        return False
    return at > moment.now - timedelta(hours=hours) // timedelta(microseconds=1)


def _is_rough_session(history: History, record: DayRecord, library: Library) -> bool:
    rise = rise_of(record)
    if rise is not None and rise >= library.thresholds.rising.calm_rise:
        return True
    return any(entry.light is Light.RED for entry in light_session(history, record, library.thresholds))


def _is_rough_morning(history: History, record: DayRecord, library: Library) -> bool:
    over = over_on(history, record.day, library.thresholds)
    return over is not None and over >= library.thresholds.rising.calm_over


def _is_declined(change: ChangeRecord, day: int, days: int) -> bool:
    return change.declined_on is not None and day - change.declined_on < days


def _dose_obstacles(ambition: Ambition) -> Iterator[str]:
    if ambition.speed is Speed.SLOW:
        last = [change.day for change in ambition.changes if change.change in MOVES and change.declined_on is None]
        if last and ambition.moment.day - last[-1] < ambition.library.thresholds.speed.slow_dose_days:
            yield "slow"


def _level_obstacles(ambition: Ambition) -> Iterator[str]:
    next_level = ambition.place.level + 1
    if next_level > ambition.exercise.top_level:
        yield "top"
    else:
        yield from _obstacles_to(next_level, ambition)


def _obstacles_to(next_level: int, ambition: Ambition) -> Iterator[str]:
    rising, day = ambition.library.thresholds.rising, ambition.moment.day
    if next_level not in ambition.exercise.allowed_levels(tags_of(ambition.profile, ambition.library)):
        yield "tag"
    if not equipment_of(ambition.profile).issuperset(ambition.exercise.get_level(next_level).equipment):
        yield "equipment"
    if is_load(ambition.exercise) and _is_acute(ambition):
        yield "acute"
    slow = ambition.speed is Speed.SLOW
    days = ambition.library.thresholds.speed.slow_level_days if slow else rising.level_days
    if _slept_badly(ambition):
        yield "sleep"
    if day - _level_since(ambition) < days:
        yield "level-days"
    limit = rising.careful_level_ups if is_careful(ambition.profile, ambition.library) else rising.level_ups
    if _level_ups(ambition.history, day, rising.level_ups_days) >= limit:
        yield "level-ups"
    needs = ambition.exercise.get_level(next_level).needs
    if not all(is_met(need, ambition.places, ambition.history, day, ambition.library) for need in needs):
        yield "needs"


def _is_acute(ambition: Ambition) -> bool:
    """In the first weeks of an episode load stays in the form it began with (clinical rules 5.2)."""
    history, day = ambition.history, ambition.moment.day
    since = history.told_on if history.told_on is not None or not history.days else history.days[0].day
    return phase_of(history.told, since, day, ambition.library.thresholds) is Episode.ACUTE


def _slept_badly(ambition: Ambition) -> bool:
    slept, yellow = ambition.history.slept, ambition.library.thresholds.yellow
    return slept is not None and slept[1] <= yellow.sleep_low and ambition.moment.day - slept[0] < yellow.sleep_days


def _level_since(ambition: Ambition) -> int:
    """The day of the last level change; unknown counts from the first day known, the later and safer guess."""
    marks = [
        change.day
        for change in ambition.changes
        if (change.change in LEVEL_CHANGES and change.declined_on is None) or change.rule == "P_START"
    ]
    return marks[-1] if marks else ambition.history.days[0].day


def _level_ups(history: History, day: int, days: int) -> int:
    """All the member's level rises of the last days, offered ones included."""
    rises = (c for c in history.changes if c.change is Change.LEVEL_UP and c.declined_on is None)
    return sum(day - change.day < days for change in rises)


def is_met(need: Need, places: Mapping[str, Place], history: History, day: int, library: Library) -> bool:
    """Whether what a level wants is reached on a day; `places` are those of all the member's exercises."""
    if need.exercise is not None:
        place = places.get(need.exercise)
        if place is None:
            return False
        other = library.exercises[need.exercise]
        held = other.amount(min(place.step, other.top_step)) if other.unit in HELD else 0
        return place.level >= (need.level or 1) and held >= (need.hold_seconds or 0)
    limit, days = need.usual_pain_at_most or 0, need.for_days or 0
    known = (usual_before(history, day + 1 - ago, library.thresholds) for ago in (0, days))
    return all(usual is not None and usual <= limit for usual in known)
