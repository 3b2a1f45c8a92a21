"""The light of each exercise in a session (clinical rules 5.4): red before amber before green; grey is everything else.

Pain belongs to the session. It counts for the exercise that the member named, else for the heaviest ones done.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from bot.coach.derived import Reading, read_session
from bot.coach.records import DayRecord, ExerciseRecord, History, Mode, Quality, SessionRecord
from bot.library.quick import quick
from bot.library.thresholds import Lights, Thresholds

SESSIONS_AT_HAND = 20_000  # about a kilobyte each; a session that is over keeps its light


class Light(StrEnum):
    RED = "red"
    AMBER = "amber"
    GREEN = "green"
    GREY = "grey"  # something is missing, or it lies between


class Cause(StrEnum):
    """Why a light is red or amber; the reason told to members depends on it."""

    RADIATING = "radiating"
    STABBING = "stabbing"
    RISE = "rise"
    PEAK = "peak"
    MORNING = "morning"
    EFFORT = "effort"
    UNWELL = "unwell"
    STOPPED = "stopped"


class Speed(StrEnum):
    NORMAL = "normal"
    SLOW = "slow"
    HOLD = "hold"


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Lit:
    """An exercise in one session, with its light."""

    day: DayRecord
    record: ExerciseRecord
    reading: Reading
    light: Light
    cause: Cause | None
    is_good: bool


def light_session(history: History, day: DayRecord, rules: Thresholds) -> tuple[Lit, ...]:
    """Every exercise of that day's session with its light, from what is known by now."""
    history = history.source(day.day + 2)  # the morning after belongs to it
    return history.recall("lights", day.day, (day, rules), lambda: _lights(history, day, rules))


def _lights(history: History, day: DayRecord, rules: Thresholds) -> tuple[Lit, ...]:
    return _lit_by(day, read_session(history, day, rules), rules.lights)


@lru_cache(maxsize=SESSIONS_AT_HAND)
def _lit_by(day: DayRecord, reading: Reading, lights: Lights) -> tuple[Lit, ...]:
    session = day.session or SessionRecord()
    blamed = _blamed(session)
    return tuple(
        _lit(day, session, record, reading, lights, is_blamed=record in blamed) for record in session.exercises
    )


def speed_of(usual_before: float | None, rules: Thresholds) -> Speed:
    """Unknown usual pain never speeds anything up."""
    if usual_before is None or usual_before >= rules.speed.hold_from:
        return Speed.HOLD
    return Speed.SLOW if usual_before >= rules.speed.slow_from else Speed.NORMAL


def worst_light(lit: tuple[Lit, ...]) -> Light:
    """The session's light for the gate."""
    shown = {entry.light for entry in lit}
    return next((light for light in (Light.RED, Light.AMBER, Light.GREEN) if light in shown), Light.GREY)


def _blamed(session: SessionRecord) -> tuple[ExerciseRecord, ...]:
    named = tuple(record for record in session.exercises if record.hurt or record.quality is not None)
    if named:
        return named
    for load in (3, 2):
        heavy = tuple(record for record in session.exercises if record.load == load)
        if heavy:
            return heavy
    return session.exercises


def _lit(
    day: DayRecord, session: SessionRecord, record: ExerciseRecord, reading: Reading, lights: Lights, *, is_blamed: bool
) -> Lit:
    reds, ambers = _own_reds(record, lights), tuple(_own_ambers(record, lights))
    if is_blamed:
        reds = (*reds, *_session_reds(session, reading, lights))
        ambers = (*ambers, *_session_ambers(reading, lights))
    light = Light.GREY
    if reds:
        light = Light.RED
    elif ambers:
        light = Light.AMBER
    elif _is_green(record, reading, lights):
        light = Light.GREEN
    causes = (*reds, *ambers)
    return Lit(
        day=day,
        record=record,
        reading=reading,
        light=light,
        cause=causes[0] if causes else None,
        is_good=light is Light.GREEN and _was_easy(day, record, lights) and not was_much(reading, lights),
    )


def _own_reds(record: ExerciseRecord, lights: Lights) -> tuple[Cause, ...]:
    return tuple(
        cause
        for cause, applies in (
            (Cause.RADIATING, record.quality is Quality.RADIATING),
            (Cause.STABBING, record.quality is Quality.STABBING),
            (Cause.EFFORT, _at_least(record.effort, lights.red_effort)),
        )
        if applies
    )


def _session_reds(session: SessionRecord, reading: Reading, lights: Lights) -> tuple[Cause, ...]:
    peak = _at_least(reading.peak, lights.red_peak) and _at_least(reading.rise, lights.red_peak_rise)
    return tuple(
        cause
        for cause, applies in (
            (Cause.RADIATING, session.quality is Quality.RADIATING),
            # Stabbing pain is red whatever the numbers say: where two pages differ, the safer one holds.
            (Cause.STABBING, session.quality is Quality.STABBING),
            (Cause.RISE, _at_least(reading.rise, lights.red_rise)),
            (Cause.PEAK, peak),
            (Cause.MORNING, _is_bad_morning(reading, lights)),
            (Cause.UNWELL, session.unwell),
        )
        if applies
    )


def _is_bad_morning(reading: Reading, lights: Lights) -> bool:
    return _at_least(reading.over, lights.red_over) or _at_least(reading.next_day, lights.red_next_day)


def _own_ambers(record: ExerciseRecord, lights: Lights) -> Iterator[Cause]:
    if _at_least(record.effort, lights.amber_effort):
        yield Cause.EFFORT
    in_pain = record.hurt or record.quality is not None
    if in_pain and record.done is not None and record.done < 1:
        yield Cause.STOPPED


def _session_ambers(reading: Reading, lights: Lights) -> Iterator[Cause]:
    if _at_least(reading.rise, lights.amber_rise):
        yield Cause.RISE
    unusual = reading.usual_before is None or _more_than(reading.peak, reading.usual_before + lights.amber_above_usual)
    if _at_least(reading.peak, lights.amber_peak) and _at_least(reading.rise, lights.amber_peak_rise) and unusual:
        yield Cause.PEAK


def _is_green(record: ExerciseRecord, reading: Reading, lights: Lights) -> bool:
    if record.done is None:
        return False
    usual = reading.usual_before
    calm_peak = lights.green_peak if usual is None else max(lights.green_peak, usual + lights.green_above_usual)
    # Without any usual morning the morning is held against pain before the session.
    over = reading.next_day if reading.over is None else reading.over
    return (
        reading.next_morning is not None
        and _at_most(reading.rise, lights.green_rise)
        and _at_most(reading.peak, calm_peak)
        and _at_most(over, lights.green_over)
        and _at_most(record.effort, lights.green_effort)
    )


def _was_easy(day: DayRecord, record: ExerciseRecord, lights: Lights) -> bool:
    """Whole, easy, with something left, and at the full dose: a smaller session says nothing about a bigger one."""
    full_dose = day.mode in {None, Mode.NORMAL}
    return full_dose and record.done == 1 and record.more is True and _at_most(record.effort, lights.good_effort)


def was_much(reading: Reading, lights: Lights) -> bool:
    """Pain that nobody calls all right, even where it is near the usual: then all stays as it is."""
    return _more_than(reading.peak, lights.much_peak)


def _at_least(value: float | None, limit: float) -> bool:
    return value is not None and value >= limit


def _at_most(value: float | None, limit: float) -> bool:
    return value is not None and value <= limit


def _more_than(value: float | None, limit: float) -> bool:
    return value is not None and value > limit
