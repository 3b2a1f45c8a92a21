"""When an exercise gets smaller (clinical rules 5.6): at once, from one session, and each session counts once."""

from dataclasses import dataclass

from bot.coach.lights import Cause, Light, Lit
from bot.coach.place import Place, lower_level, smaller_dose
from bot.coach.records import Change, ChangeRecord
from bot.library.exercise import Exercise
from bot.library.thresholds import Thresholds

_BY_NUMBERS = frozenset({Cause.RISE, Cause.PEAK, Cause.MORNING})


@dataclass(frozen=True, slots=True, kw_only=True)
class Fall:
    change: Change
    rule: str
    cause: Cause | None
    place: Place
    swap: bool = False  # it cannot get smaller: offer another exercise


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What falling looks at. `sessions`: the exercise's last ones, at least one, the newest last."""

    sessions: tuple[Lit, ...]
    changes: tuple[ChangeRecord, ...]
    place: Place
    exercise: Exercise
    tags: frozenset[str]
    rules: Thresholds


def find_fall(ground: Ground) -> Fall | None:
    """What the last session asks for; None if it may stay."""
    last = ground.sessions[-1]
    if last.light is Light.RED:
        if _is_grave(ground, last):
            return _two_down(ground, last)
        return None if _is_one_number(ground, last) else _one_down(ground, "R_RED", last.cause)
    if _three_ambers(ground) or _hard_again(ground):
        return _amber_down(ground, last.cause)
    return _one_down(ground, "R_USER", None) if last.record.too_hard else None


def _is_grave(ground: Ground, last: Lit) -> bool:
    falling = ground.rules.falling
    reds = sum(entry.light is Light.RED for entry in ground.sessions[-falling.window :])
    rise = last.reading.rise
    by_rise = last.cause in {Cause.RISE, Cause.PEAK} and rise is not None and rise >= falling.strong_rise
    by_kind = last.cause in {Cause.RADIATING, Cause.STABBING}
    return by_kind or by_rise or reds >= falling.reds or _rose_just_now(ground)


def _rose_just_now(ground: Ground) -> bool:
    rises = [change for change in ground.changes if change.change is Change.LEVEL_UP and change.declined_on is None]
    if not rises:
        return False
    basis = rises[-1].basis if rises[-1].basis is not None else rises[-1].day
    since = sum(entry.day.day > basis for entry in ground.sessions)
    return 1 <= since <= ground.rules.falling.sessions_after_rise


def _three_ambers(ground: Ground) -> bool:
    count = ground.rules.falling.ambers
    last = ground.sessions[-count:]
    return len(last) == count and all(entry.light is Light.AMBER for entry in last)


def _hard_again(ground: Ground) -> bool:
    falling = ground.rules.falling
    efforts = [entry.record.effort for entry in ground.sessions[-falling.hard_sessions :]]
    hard = sum(effort is not None and effort >= falling.hard_effort for effort in efforts)
    return hard == falling.hard_sessions


def _two_down(ground: Ground, last: Lit) -> Fall:
    step = ground.rules.falling.landing_step
    lower = lower_level(ground.place, ground.tags, ground.exercise, step=step)
    if lower is not None:
        return Fall(change=Change.LEVEL_DOWN, rule="R_RED2", cause=last.cause, place=lower)
    if ground.place.step > 1:
        bottom = Place(ground.place.level, 1, ground.place.sets)
        return Fall(change=Change.DOSE_DOWN, rule="R_RED2", cause=last.cause, place=bottom)
    return Fall(change=Change.REST, rule="R_RED2", cause=last.cause, place=ground.place, swap=True)


def _one_down(ground: Ground, rule: str, cause: Cause | None) -> Fall:
    smaller = smaller_dose(ground.place)
    if smaller is not None:
        return Fall(change=Change.DOSE_DOWN, rule=rule, cause=cause, place=smaller)
    return _level_or_swap(ground, rule, cause)


def _is_one_number(ground: Ground, last: Lit) -> bool:
    """One red session by its numbers alone, where the form has nothing smaller.

    5.6 takes a dose or a set, and a form only after the second of three; a single noisy number must not cost one.
    """
    return last.cause in _BY_NUMBERS and smaller_dose(ground.place) is None


def _amber_down(ground: Ground, cause: Cause | None) -> Fall:
    place = ground.place
    if place.step > 1:
        smaller = Place(place.level, place.step - 1, place.sets)
        return Fall(change=Change.DOSE_DOWN, rule="R_AMBER", cause=cause, place=smaller)
    lower = lower_level(place, ground.tags, ground.exercise)
    if lower is not None:
        return Fall(change=Change.LEVEL_DOWN, rule="R_AMBER", cause=cause, place=lower)
    return _one_down(ground, "R_AMBER", cause)


def _level_or_swap(ground: Ground, rule: str, cause: Cause | None) -> Fall:
    lower = lower_level(ground.place, ground.tags, ground.exercise)
    if lower is not None:
        return Fall(change=Change.LEVEL_DOWN, rule=rule, cause=cause, place=lower)
    return Fall(change=Change.REST, rule=rule, cause=cause, place=ground.place, swap=True)
