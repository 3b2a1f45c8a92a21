"""The light of an exercise in a session, boundary by boundary."""

from dataclasses import replace

import pytest

from bot.coach.lights import Cause, Light, Lit, Speed, light_session, speed_of, worst_light
from bot.coach.records import DayRecord, ExerciseRecord, History, Mode, Quality, SessionRecord
from bot.library.library import Library

BRIDGE = ExerciseRecord(exercise="bruecke", load=3, done=1, effort=5, more=True)
TILT = ExerciseRecord(exercise="beckenkippen", load=1, done=1, effort=3, more=True)
SESSION = SessionRecord(before=3, after=3, exercises=(BRIDGE,))


def light(
    library: Library,
    session: SessionRecord,
    *,
    morning: float | None = 3,
    average: float | None = 3,
    mode: Mode | None = None,
) -> tuple[Lit, ...]:
    day = DayRecord(day=1, session=session, mode=mode)
    history = History(days=(day, DayRecord(day=2, morning=morning)), average=average)
    return light_session(history, day, library.thresholds)


@pytest.mark.parametrize(
    ("before", "peak", "after", "morning", "expected", "cause"),
    [
        (3, None, 3, 3, Light.GREEN, None),
        (3, 4, 3, 4, Light.GREEN, None),
        (3, None, 5, 3, Light.AMBER, Cause.RISE),
        (4, None, 5, 3, Light.AMBER, Cause.PEAK),
        (3, None, 6, 3, Light.RED, Cause.RISE),
        (4, 6, 4, 3, Light.RED, Cause.PEAK),
        (5, None, 6, 3, Light.AMBER, Cause.PEAK),
        (3, None, 3, 5, Light.RED, Cause.MORNING),
        (1, None, 1, 3, Light.GREEN, None),
        (2, None, 2, 4, Light.RED, Cause.MORNING),
        (5, None, 5, 3, Light.GREY, None),
        (3, None, 3, None, Light.GREY, None),
        (None, None, 3, 3, Light.GREY, None),
        (3, None, None, 3, Light.GREY, None),
        (3, None, 4.5, 3, Light.AMBER, Cause.PEAK),
        (8, 2, 1, 3, Light.GREEN, None),
    ],
)
def test_light_by_numbers(
    library: Library,
    before: float | None,
    peak: float | None,
    after: float | None,
    morning: float | None,
    expected: Light,
    cause: Cause | None,
) -> None:
    session = SessionRecord(before=before, peak=peak, after=after, exercises=(BRIDGE,))

    (lit,) = light(library, session, morning=morning)

    assert (lit.light, lit.cause) == (expected, cause)


@pytest.mark.parametrize(
    ("effort", "expected"),
    [(9, Light.RED), (8, Light.AMBER), (7, Light.AMBER), (6, Light.GREEN), (6.5, Light.GREY), (None, Light.GREY)],
)
def test_light_by_effort(library: Library, effort: float | None, expected: Light) -> None:
    (lit,) = light(library, replace(SESSION, exercises=(replace(BRIDGE, effort=effort),)))

    assert lit.light is expected


@pytest.mark.parametrize("quality", [Quality.STABBING, Quality.RADIATING])
def test_stabbing_and_radiating_pain_is_red_whatever_the_numbers(library: Library, quality: Quality) -> None:
    (by_session,) = light(library, replace(SESSION, quality=quality))
    (by_exercise,) = light(library, replace(SESSION, exercises=(replace(BRIDGE, quality=quality),)))

    assert (by_session.light, by_exercise.light) == (Light.RED, Light.RED)


def test_dizziness_is_red(library: Library) -> None:
    (lit,) = light(library, replace(SESSION, unwell=True))

    assert (lit.light, lit.cause) == (Light.RED, Cause.UNWELL)


def test_stopping_half_way_because_of_pain_is_amber(library: Library) -> None:
    (in_pain,) = light(library, replace(SESSION, exercises=(replace(BRIDGE, done=0.5, quality=Quality.PULLING),)))
    (named,) = light(library, replace(SESSION, exercises=(replace(BRIDGE, done=0.5, hurt=True),)))
    (for_other_reasons,) = light(library, replace(SESSION, exercises=(replace(BRIDGE, done=0.5),)))

    assert (in_pain.light, named.light, for_other_reasons.light) == (Light.AMBER, Light.AMBER, Light.GREEN)


@pytest.mark.parametrize(
    ("change", "mode", "good"),
    [
        ({}, None, True),
        ({}, Mode.NORMAL, True),
        ({}, Mode.REDUCED, False),
        ({"more": False}, None, False),
        ({"more": None}, None, False),
        ({"effort": 6}, None, False),
        ({"done": 0.5}, None, False),
        ({"done": None}, None, False),
    ],
)
def test_good_is_whole_easy_and_at_full_dose(
    library: Library, *, change: dict[str, bool | float | None], mode: Mode | None, good: bool
) -> None:
    record = replace(BRIDGE, **change)  # type: ignore[arg-type]  # the table's columns have several types

    (lit,) = light(library, replace(SESSION, exercises=(record,)), mode=mode)

    assert lit.is_good is good


def test_pain_counts_for_the_heaviest_exercise_unless_one_is_named(library: Library) -> None:
    session = SessionRecord(before=2, after=5, exercises=(TILT, BRIDGE))
    tilt, bridge = light(library, session)

    assert (tilt.light, bridge.light) == (Light.GREY, Light.RED)

    tilt, bridge = light(library, replace(session, exercises=(replace(TILT, hurt=True), BRIDGE)))

    assert (tilt.light, bridge.light) == (Light.RED, Light.GREY)


def test_without_heavier_ones_pain_counts_for_all(library: Library) -> None:
    light_two = replace(TILT, exercise="muschel", load=2)
    tilt, shell = light(library, SessionRecord(before=2, after=5, exercises=(TILT, light_two)))

    assert (tilt.light, shell.light) == (Light.GREY, Light.RED)

    (alone,) = light(library, SessionRecord(before=2, after=5, exercises=(TILT,)))

    assert alone.light is Light.RED


def test_without_a_usual_the_morning_is_held_against_pain_before(library: Library) -> None:
    (calm,) = light(library, SESSION, morning=4, average=None)
    (worse,) = light(library, SESSION, morning=5, average=None)
    (high,) = light(library, SessionRecord(before=4, after=4, exercises=(BRIDGE,)), morning=4, average=None)

    assert (calm.light, worse.light, high.light) == (Light.GREEN, Light.RED, Light.GREY)


def test_a_day_without_session_has_no_light(library: Library) -> None:
    day = DayRecord(day=1)

    assert light_session(History(days=(day,)), day, library.thresholds) == ()
    assert worst_light(()) is Light.GREY


def test_the_sessions_light_is_its_worst(library: Library) -> None:
    assert worst_light(light(library, SessionRecord(before=2, after=5, exercises=(TILT, BRIDGE)))) is Light.RED


@pytest.mark.parametrize(
    ("usual", "speed"),
    [(None, Speed.HOLD), (0, Speed.NORMAL), (4.4, Speed.NORMAL), (4.5, Speed.SLOW), (6.9, Speed.SLOW), (7, Speed.HOLD)],
)
def test_speed_by_usual_pain(library: Library, usual: float | None, speed: Speed) -> None:
    assert speed_of(usual, library.thresholds) is speed
