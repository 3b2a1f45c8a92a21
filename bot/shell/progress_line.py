"""`rueckgrat rules progress`: days of one exercise to a decision after each (DESIGN 8).

Beyond the contract a line may give `sets`, and a day `declined`: the rise offered before was not wanted on that day.
"""

from dataclasses import replace
from typing import Annotated, Any

from pydantic import Field, PlainValidator

from bot.coach.alarm import AlarmDetector, AlarmLevel
from bot.coach.course import follow_days
from bot.coach.disposition import forbids_exercise
from bot.coach.place import Place
from bot.coach.profile import Profile, disposition_of
from bot.coach.records import DayRecord, ExerciseRecord, Quality, SessionRecord
from bot.library.exercise import Exercise
from bot.library.library import Library
from bot.library.thresholds import Lights
from bot.runtime.kitting import Kitted
from bot.shell.fields import Points
from bot.shell.lines import Asked, LineError
from bot.shell.profile import ProfileAsked, read_profile
from bot.shell.saying import say_reason

LONGEST = 4000
EFFORTS = ("easy", "right", "hard")
MOST_EFFORT = 10
# How clinicians call it in both languages; a muscle that only burns is no pain.
QUALITIES: dict[str, Quality | None] = {
    **{quality.value: quality for quality in Quality},
    "ziehend": Quality.PULLING,
    "dumpf": Quality.DULL,
    "stechend": Quality.STABBING,
    "sharp": Quality.STABBING,
    "ausstrahlend": Quality.RADIATING,
    "leg": Quality.RADIATING,
    "burn": None,
    "brennt": None,
    "none": None,
}


def _quality(value: Any) -> Quality | None:
    if value is None:
        return None
    if isinstance(value, str) and value.strip().lower() in QUALITIES:
        return QUALITIES[value.strip().lower()]
    raise ValueError(f"should be one of {', '.join(QUALITIES)}")


def _told_effort(value: Any) -> float | str | None:
    if value is None or (isinstance(value, str) and value in EFFORTS):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= MOST_EFFORT:
        return float(value)
    raise ValueError(f"should be a number from 0 to {MOST_EFFORT} or one of {', '.join(EFFORTS)}")


class DayAsked(Asked):
    day: Annotated[int, Field(ge=0, le=1_000_000)]
    before: Points | None = None
    peak: Points | None = None
    after: Points | None = None
    quality: Annotated[Quality | None, PlainValidator(_quality)] = None
    unwell: bool | None = None  # dizzy or short of breath
    effort: Annotated[float | str | None, PlainValidator(_told_effort)] = None
    done: Annotated[float, Field(ge=0, le=1)] | None = None
    more: bool | None = None
    morning: Points | None = None
    missed: bool | None = None
    text: str | None = None
    declined: bool | None = None


class ProgressAsked(Asked):
    profile: ProfileAsked | None = None
    exercise: str
    level: int = 1
    dose_step: int = 1
    sets: Annotated[int, Field(ge=1, le=6)] | None = None
    days: Annotated[tuple[DayAsked, ...], Field(max_length=LONGEST)]


def answer_progress(asked: ProgressAsked, kitted: Kitted) -> dict[str, Any]:
    kit, library = kitted.kit, kitted.kit.library
    exercise = _exercise(asked, library)
    profile = _profile(asked, exercise, library)
    days = _days(asked, exercise, profile, kitted)
    place = Place(asked.level, asked.dose_step, asked.sets or exercise.sets)
    answers: dict[int, dict[str, Any]] = {}
    advised: tuple[str, ...] = ()
    for course in follow_days({exercise.id: place}, days, profile, library):
        (decision,) = course.decisions
        answers[course.day] = {
            "day": course.day,
            "gate": course.gate.mode.value,
            "change": decision.change.value,
            "rule": decision.rule,
            "reason": say_reason(decision, kit, tuple(key for key in course.gate.advice if key not in advised)),
        }
        advised = course.gate.advice
    return {"decisions": [answers[day.day] for day in asked.days]}


def _profile(asked: ProgressAsked, exercise: Exercise, library: Library) -> Profile:
    """Who names no things has those of the form they stand at."""
    profile = read_profile(asked.profile, library)
    if asked.profile is not None and asked.profile.equipment is not None:
        return profile
    return replace(profile, equipment=frozenset(exercise.get_level(asked.level).equipment))


def _exercise(asked: ProgressAsked, library: Library) -> Exercise:
    exercise = library.exercises.get(asked.exercise)
    if exercise is None:
        raise LineError(f"exercise: there is no {asked.exercise!r}; there are {', '.join(library.exercises)}")
    if not 1 <= asked.level <= exercise.top_level:
        raise LineError(f"level: {exercise.id} has the levels 1 to {exercise.top_level}")
    if not 1 <= asked.dose_step <= exercise.top_step:
        raise LineError(f"dose_step: {exercise.id} has the steps 1 to {exercise.top_step}")
    return exercise


def _days(asked: ProgressAsked, exercise: Exercise, profile: Profile, kitted: Kitted) -> list[DayRecord]:
    """In the order of the calendar; a disposition that forbids exercise stops from the first day on."""
    library = kitted.kit.library
    found: dict[int, DayRecord] = {}
    for index, day in enumerate(asked.days):
        if day.day in found:
            raise LineError(f"days.{index}.day: day {day.day} comes twice")
        found[day.day] = _day(day, exercise, library.thresholds.lights, kitted.detector)
    days = [found[day] for day in sorted(found)]
    if days and forbids_exercise(disposition_of(profile, library)):
        days[0] = replace(days[0], stopped=True)
    return days


def _day(asked: DayAsked, exercise: Exercise, lights: Lights, detector: AlarmDetector) -> DayRecord:
    alarm = detector.check(asked.text or "")
    return DayRecord(
        day=asked.day,
        morning=asked.morning,
        before=asked.before,
        session=_session(asked, exercise, lights),
        missed=asked.missed or False,
        declined=asked.declined or False,
        # Nobody can be asked here: what would need a question counts as it would with a yes.
        stopped=alarm.level is not AlarmLevel.NONE,
    )


def _session(asked: DayAsked, exercise: Exercise, lights: Lights) -> SessionRecord | None:
    """None on a rest day. Nothing done and nothing felt is no session either, so that a pause stays a pause."""
    felt = (asked.peak, asked.after, asked.quality, asked.unwell, asked.effort, asked.more)
    is_bare = all(value is None for value in felt)
    if is_bare and (asked.done == 0 or (asked.done is None and (asked.before is None or asked.missed))):
        return None
    record = ExerciseRecord(
        exercise=exercise.id,
        load=exercise.load,
        done=asked.done,
        effort=_effort(asked.effort, lights),
        more=asked.more,
        quality=asked.quality,
    )
    return SessionRecord(
        before=asked.before,
        peak=asked.peak,
        after=asked.after,
        quality=asked.quality,
        unwell=asked.unwell or False,
        exercises=(record,),
    )


def _effort(effort: float | str | None, lights: Lights) -> float | None:
    words = {"easy": lights.effort_easy, "right": lights.effort_right, "hard": lights.effort_hard}
    return words[effort] if isinstance(effort, str) else effort
