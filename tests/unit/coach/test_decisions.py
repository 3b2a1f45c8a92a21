"""The decision where the day itself decides: locks, lists, flare-ups, silence."""

from dataclasses import replace

import pytest

from bot.coach.course import follow_days
from bot.coach.decision import decide
from bot.coach.disposition import Disposition
from bot.coach.place import Place, fit_place, reopened
from bot.coach.records import Change, DayRecord, History, Mode
from bot.library.exercise import Alternative, Equipment
from bot.library.library import Library
from tests.unit.coach.training_days import EASY, PROFILE, START, case, decisions, follow, last, trained, week


def test_a_flare_up_rests_load_and_keeps_what_is_gentle(library: Library) -> None:
    days = [DayRecord(day=1, before=5), DayRecord(day=2, before=5)]
    places = {"beckenkippen": Place(1, 1, 2), "bruecke": START}

    found = list(follow_days(places, days, PROFILE, library))

    assert [[d.change.value for d in day.decisions] for day in found] == [["hold", "rest"], ["hold", "hold"]]
    assert [d.reason for d in found[0].decisions] == ["reason/R_HOLD/flare", "reason/R_FLARE"]


def test_load_rests_once_in_a_flare_up_that_a_calm_day_does_not_end(library: Library) -> None:
    hard = [DayRecord(day=day, before=5, flaring=True) for day in (1, 2)]
    calm = [DayRecord(day=3, before=3), DayRecord(day=4)]
    history = History(days=(*hard, *calm), average=3)

    decided = decide(case(library, history, 4))

    assert (decided.change, decided.rule) == (Change.HOLD, "R_FLARE")


def test_much_usual_pain_rests_load_once(library: Library) -> None:
    found = decisions(library, [DayRecord(day=1), DayRecord(day=2)], profile=replace(PROFILE, pain_average=7))

    assert [(d.change.value, d.reason, d.swap) for d in found] == [
        ("rest", "reason/R_LOAD/usual-pain", True),
        ("hold", "reason/R_LOAD/usual-pain", False),
    ]


def test_lists_come_first_and_are_decided_again_only_with_news(library: Library) -> None:
    asked = [DayRecord(day=1, before=8), DayRecord(day=2, before=8)]

    assert [(d.change.value, d.rule) for d in decisions(library, asked)] == [("rescreen", "R_SCREEN")] * 2


def test_lists_left_unanswered_hold(library: Library) -> None:
    days = (DayRecord(day=1, mode=Mode.SCREEN), DayRecord(day=2, mode=Mode.SCREEN))

    decision = decide(case(library, History(days=days, average=3), 2))

    assert (decision.change, decision.reason) == (Change.HOLD, "reason/R_SCREEN/unanswered")


def test_a_pause_asks_the_lists_once_everything_is_lowered(library: Library) -> None:
    silence = [DayRecord(day=1, session=trained()), DayRecord(day=15), DayRecord(day=16)]

    found = follow(library, silence, Place(1, 1, 3))

    assert [(day.gate.mode.value, day.decisions[0].change.value) for day in found[1:]] == [
        ("screen", "rescreen"),
        ("ramp", "hold"),
    ]


def test_a_lock_stops(library: Library) -> None:
    assert last(library, [DayRecord(day=1, stopped=True), DayRecord(day=2)])[:2] == ("stop", "reason/R_FLAG")


@pytest.mark.parametrize(
    ("silent_days", "expected"),
    [
        (3, [Place(3, 3, 3)]),
        (7, [Place(3, 1, 3)]),
        (14, [Place(2, 1, 3)]),
        (27, [Place(1, 1, 3)]),
    ],
)
def test_silence_lowers_step_by_step_and_once(library: Library, silent_days: int, expected: list[Place]) -> None:
    silence = [DayRecord(day=n) for n in range(2, 2 + silent_days)]

    found = follow(library, [DayRecord(day=1, session=trained()), *silence], Place(3, 3, 3))

    assert [found[-1].places["bruecke"]] == expected


def test_a_return_after_a_month_goes_two_levels_down_at_once(library: Library) -> None:
    days = [DayRecord(day=1, session=trained()), DayRecord(day=35, screened_clear=True)]

    assert last(library, days, Place(4, 3, 3)) == ("level_down", "reason/R_PAUSE/level", Place(2, 1, 3))


def test_a_place_from_older_content_is_fitted(library: Library) -> None:
    assert fit_place(Place(9, 0, 0), library.exercises["bruecke"]) == Place(4, 1, 1)


@pytest.mark.parametrize(("level", "expected"), [(4, Place(2, 1, 3)), (2, Place(1, 1, 3)), (1, Place(1, 1, 3))])
def test_after_clearance_two_levels_down_or_the_lowest(library: Library, level: int, expected: Place) -> None:
    assert reopened(Place(level, 3, 3), frozenset(), library.exercises["bruecke"], 2) == expected


def test_walking_is_never_too_heavy(library: Library) -> None:
    walk = library.exercises["bruecke"].model_copy(update={"load": "W"})
    soft = replace(PROFILE, disposition=Disposition.DOCTOR_SOFT)
    asked = case(library, History(days=(DayRecord(day=1),), average=3), 1, profile=soft)

    assert decide(replace(asked, exercise=walk)).reason == "reason/R_HOLD/practice"


def test_an_exercise_that_was_skipped_is_no_session_of_it(library: Library) -> None:
    skipped = trained(record=replace(EASY, done=0))

    assert decisions(library, week(trained(), trained(), skipped))[-1].basis == 3


def test_alternatives_are_part_of_the_content(library: Library) -> None:
    assert library.exercises["bruecke"].alternatives == (Alternative(exercise="beckenkippen", level=1),)


@pytest.mark.parametrize(("things", "level"), [((), 3), ((Equipment.BACKPACK,), 4)])
def test_a_form_whose_things_are_gone_gives_way_to_one_without(
    library: Library, things: tuple[Equipment, ...], level: int
) -> None:
    profile = replace(PROFILE, equipment=frozenset(things))

    found = list(follow_days({"kniebeuge": Place(4, 2, 3)}, [DayRecord(day=1), DayRecord(day=2)], profile, library))

    assert [day.places["kniebeuge"].level for day in found] == [level, level]
    assert (found[0].decisions[0].reason == "reason/P_EQUIPMENT/level") is (level == 3)
