"""Flare-ups (clinical rules 5.5, 2.5): when one is on, when it ends, and which pain asks for the lists again."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import inf

from bot.coach.derived import peak_of, usual_before, usual_morning
from bot.coach.records import DayRecord, History, Mode, Quality
from bot.library.quick import altered
from bot.library.thresholds import Thresholds


def with_flares(days: tuple[DayRecord, ...], rules: Thresholds) -> tuple[DayRecord, ...]:
    """The days, each flaring whose own numbers make it one, whatever was done or left on it.

    Against numbers alone: what was told at the start may be wrong, and then no day would ever count as usual.
    """
    found: list[DayRecord] = []
    lowest, least = inf, min(rules.gate.flare_rise, rules.gate.flare_over)
    for record in days:
        may_be = max(record.numbers, default=0) >= min(lowest + least, rules.rescreening.pain)
        lowest = min((lowest, *record.numbers))
        if may_be and not record.flaring:
            past = History(days=tuple(found))
            usual = (usual_before(past, record.day, rules), usual_morning(past, record.day, rules))
            flares = usual != (None, None) and is_much(past, record, rules)
            found.append(altered(record, flaring=flares))
        else:
            found.append(record)
    return tuple(found)


def exceeds_usual(history: History, today: DayRecord, rules: Thresholds) -> float | None:
    """How far today lies above the usual: pain before or told, or the morning, the worst; None if none is known."""
    before, morning = _above_usual(history, today, rules)
    if before is None or morning is None:
        return morning if before is None else before
    return max(before, morning)


def _above_usual(history: History, today: DayRecord, rules: Thresholds) -> tuple[float | None, float | None]:
    numbers = [value for value in (today.pain_before, today.told) if value is not None]
    before, morning = max(numbers, default=None), today.morning
    usual = None if before is None else usual_before(history, today.day, rules)
    usual_at_dawn = None if morning is None else usual_morning(history, today.day, rules)
    return (
        None if before is None or usual is None else before - usual,
        None if morning is None or usual_at_dawn is None else morning - usual_at_dawn,
    )


def is_flaring(history: History, today: DayRecord, rules: Thresholds) -> bool:
    """Whether a flare-up is on today, be it new or not over yet. What was seen of today before is not taken back."""
    if today.flare_said or today.flaring or is_much(history, today, rules):
        return True
    return _after(_course(history, today.day, rules), history, today, rules).is_on


def is_much(history: History, today: DayRecord, rules: Thresholds) -> bool:
    """Whether a day's own numbers make it one of a flare-up."""
    before, morning = _above_usual(history, today, rules)
    if (before or 0) >= rules.gate.flare_rise or (morning or 0) >= rules.gate.flare_over:
        return True
    # Where so much pain is the usual, the number alone is no flare-up: it would be one every day.
    is_unusual = (before is None and morning is None) or max(before or 0, morning or 0) > 0
    return max(today.numbers, default=0) >= rules.rescreening.pain and is_unusual


@dataclass(frozen=True, slots=True)
class _Course:
    """Where flare-ups stand: `calm` days in a row of one that is on, its first day, the day on which the last ended."""

    is_on: bool = False
    calm: int = 0
    start: int = 0
    ended: int | None = None


def _course(history: History, day: int, rules: Thresholds) -> _Course:
    """As known before `day`."""
    history = history.source(day)

    def make() -> _Course:
        found = _Course()
        for record in history.before(day):
            if found.is_on or record.flaring:
                found = _after(found, history, record, rules)
        return found

    return history.recall("flare", day, (rules,), make)


def _after(course: _Course, history: History, record: DayRecord, rules: Thresholds) -> _Course:
    """Calm on enough known days in a row it is over, though not on a day that was one of it all the same.

    A day without a number neither helps nor harms.
    """
    begun = course if course.is_on else replace(course, start=record.day, calm=0, is_on=record.flaring)
    if not begun.is_on:
        return course
    above = exceeds_usual(history, record, rules)
    if record.flare_said or (above is not None and above > rules.gate.flare_calm_above):
        return replace(begun, calm=0)
    if above is None:
        return begun
    is_over = begun.calm + 1 >= rules.gate.flare_calm_days and not record.flaring
    return replace(begun, calm=begun.calm + 1, is_on=not is_over, ended=record.day if is_over else begun.ended)


def was_flaring(history: History, day: int, rules: Thresholds) -> bool:
    return _course(history, day, rules).is_on


def flare_start(history: History, today: DayRecord, rules: Thresholds) -> int:
    """The first day of the flare-up that is on today."""
    course = _course(history, today.day, rules)
    return course.start if course.is_on else today.day


def flare_end(history: History, today: DayRecord, rules: Thresholds) -> int | None:
    """The day on which the last flare-up was over; None if there was none in what is known."""
    return _after(_course(history, today.day, rules), history, today, rules).ended


def screen_causes(history: History, today: DayRecord, rules: Thresholds) -> Iterator[str]:
    """Why lists 1 to 3 come before anything else today. Once clear they are asked again for a new spike alone."""
    if today.screened_clear:
        if today.spike is not None and _is_screen_pain(history, _alone(today, today.spike), rules):
            yield "pain"
        return
    if _is_screen_pain(history, today, rules):
        yield "pain"
    if _lasts_too_long(history, today, rules):
        yield "flare-lasts"
    if _comes_too_often(history, today, rules):
        yield "flare-again"
    yield from history.recall("unanswered", today.day, (rules,), lambda: tuple(_unanswered(history, today, rules)))


def _alone(today: DayRecord, number: float) -> DayRecord:
    return altered(today, told=number, before=None, morning=None, session=None)


def _is_screen_pain(history: History, today: DayRecord, rules: Thresholds) -> bool:
    above = exceeds_usual(history, today, rules)
    if above is not None and above >= rules.rescreening.rise:
        return True
    if max(today.numbers, default=0) < rules.rescreening.pain:
        return False
    usual = usual_before(history, today.day, rules)
    rests = rules.gate.high_base_screen_hours // 24
    is_daily_life = usual is not None and usual >= rules.gate.high_base
    return not (is_daily_life and (today.screened_clear or _screened_within(history, today.day, rests)))


def _screened_within(history: History, day: int, days: int) -> bool:
    recent = history.between(day - days + 1, day - 1)
    return any(record.screened_clear or record.mode is Mode.SCREEN for record in recent)


def _lasts_too_long(history: History, today: DayRecord, rules: Thresholds) -> bool:
    above = exceeds_usual(history, today, rules)
    days = rules.rescreening.above_hours // 24
    lasts = today.day - flare_start(history, today, rules) >= days and was_flaring(history, today.day, rules)
    high = above is not None and above >= rules.rescreening.above
    return lasts and high and not _screened_within(history, today.day, days)


def _comes_too_often(history: History, today: DayRecord, rules: Thresholds) -> bool:
    if was_flaring(history, today.day, rules) or not is_flaring(history, today, rules):
        return False
    recent = history.between(today.day - rules.rescreening.flares_days + 1, today.day - 1)
    return sum(_starts_flare(history, record, rules) for record in recent) >= rules.rescreening.flares - 1


def _starts_flare(history: History, record: DayRecord, rules: Thresholds) -> bool:
    return record.flaring and not was_flaring(history, record.day, rules)


def _unanswered(history: History, today: DayRecord, rules: Thresholds) -> Iterator[str]:
    """What an earlier day left open: a screen not answered clear, a new leg symptom, a peak that asks for one."""
    for record in reversed(history.before(today.day)):
        if record.screened_clear:
            return
        if record.mode is Mode.SCREEN:
            yield "unanswered"
        if record.session is None:
            continue
        if Quality.RADIATING in record.session.qualities():
            yield "leg"
        peak = peak_of(record.session)
        if peak is not None and peak >= rules.rescreening.pain:
            yield "peak"
