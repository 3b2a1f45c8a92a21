"""What makes an exercise bigger, and what is in the way."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from bot.coach.decision import decide
from bot.coach.disposition import Disposition
from bot.coach.place import Place
from bot.coach.profile import Profile
from bot.coach.records import Change, ChangeRecord, DayRecord, ExerciseRecord, History, SessionRecord
from bot.library.exercise import Equipment, Level, Need, Skip
from bot.library.library import Library
from bot.library.screening import AgeBand, Episode
from tests.unit.coach.training_days import EASY, PROFILE, case, decisions, last, trained, week


def test_two_easy_sessions_raise_the_dose_on_the_second_morning(library: Library) -> None:
    found = decisions(library, week(trained(), trained()))

    assert [d.change.value for d in found] == ["hold", "hold", "hold", "dose_up"]
    assert found[-1].place == Place(2, 3, 3)
    assert found[-1].sources == library.thresholds.sources_of("R_DOSE")
    assert ("good", 2) in found[-1].inputs
    assert found[-1].rules_version == library.thresholds.version


def test_the_top_of_the_band_leads_to_the_next_level_after_a_week(library: Library) -> None:
    found = decisions(library, week(trained(), trained(), trained(), trained()), Place(2, 4, 3))

    assert [d.reason for d in found[4:6]] == ["reason/R_HOLD/morning", "reason/R_HOLD/level-days"]
    assert (found[-1].change, found[-1].place, found[-1].levels) == (Change.LEVEL_UP, Place(3, 1, 3), 1)


@pytest.mark.parametrize(
    ("profile", "obstacle"),
    [
        (replace(PROFILE, soft_open=("rf_walk",)), "R_LOAD/limit"),
        (replace(PROFILE, disposition=Disposition.DOCTOR_SOFT), "R_LOAD/limit"),
        (replace(PROFILE, fear=7), "R_HOLD/good"),
        (replace(PROFILE, fear=None), "R_HOLD/good"),
        (replace(PROFILE, age=AgeBand.FROM_65), "R_HOLD/good"),
        (replace(PROFILE, age=None), "R_HOLD/good"),
        (replace(PROFILE, tags=frozenset({"CS"})), "R_HOLD/good"),
        (replace(PROFILE, tags=frozenset({"DS"})), "R_FLAG/no-form"),
        (replace(PROFILE, disposition=Disposition.DOCTOR_FIRST), "R_FLAG"),
        (replace(PROFILE, pain_average=None), "R_HOLD/usual-pain"),
    ],
)
def test_who_must_wait(library: Library, profile: Profile, obstacle: str) -> None:
    assert decisions(library, week(trained(), trained()), profile=profile)[-1].reason == f"reason/{obstacle}"


def test_the_careful_rise_with_three_good_ones(library: Library) -> None:
    profile = replace(PROFILE, fear=9)

    assert last(library, week(trained(), trained(), trained()), profile=profile)[0] == "dose_up"


@pytest.mark.parametrize(
    ("days", "obstacle"),
    [
        ([DayRecord(day=1)], "start"),
        (week(trained(), trained(), morning=None), "morning"),
        ([*week(trained(), morning=None), *week(trained(), start=3)], "good"),  # the first one's morning is unknown
        (week(trained(), trained(record=replace(EASY, effort=None))), "missing"),
        (week(trained(), trained(record=replace(EASY, more=False))), "good"),
        (week(trained(after=5), trained()), "good"),
        ([DayRecord(day=n, missed=True) for n in (1, 2, 3)] + week(trained(), trained(), start=4), "adherence"),
    ],
)
def test_what_is_in_the_way_of_a_rise(library: Library, days: list[DayRecord], obstacle: str) -> None:
    assert last(library, days)[1] == f"reason/R_HOLD/{obstacle}"


def test_pain_above_5_is_never_good_however_usual(library: Library) -> None:
    slow = replace(PROFILE, pain_average=6)
    days = week(trained(before=6, after=6), trained(before=6, after=6), morning=6)

    assert last(library, days, profile=slow)[1] == "reason/R_HOLD/much"


def test_a_rise_of_two_elsewhere_blocks_for_72_hours(library: Library) -> None:
    tilt = SessionRecord(before=3, after=5, exercises=(ExerciseRecord(exercise="beckenkippen", load=1),))
    days = [*week(trained(), trained())[:3], DayRecord(day=4, morning=3, session=tilt)]

    found = decisions(library, [*days, DayRecord(day=5), DayRecord(day=6), DayRecord(day=7)])

    assert [d.cause for d in found[3:]] == ["calm", "calm", "calm", ""]
    assert found[-1].change is Change.DOSE_UP


def test_until_the_day_is_over_an_evening_three_days_ago_still_counts(library: Library) -> None:
    rough = SessionRecord(before=3, after=5, exercises=(ExerciseRecord(exercise="beckenkippen", load=1),))
    days = (
        DayRecord(day=1, session=rough),
        DayRecord(day=2, session=trained()),
        DayRecord(day=3, morning=3, session=trained()),
        DayRecord(day=4, morning=3),
    )
    history = History(days=days, average=3)

    assert decide(case(library, history, 4, is_over=False)).cause == "calm"
    assert decide(case(library, history, 4)).change is Change.DOSE_UP


def test_slow_members_wait_a_week_between_steps_and_two_between_levels(library: Library) -> None:
    slow = replace(PROFILE, pain_average=5)
    easy = [trained(before=5, after=5)] * 9

    found = decisions(library, week(*easy, morning=5), Place(2, 2, 3), slow)

    assert [n for n, d in enumerate(found, 1) if d.change is Change.DOSE_UP] == [4, 12]
    assert "slow" in {d.cause for d in found}
    at_top = decisions(library, week(*easy, morning=5), Place(2, 4, 3), slow)
    assert [n for n, d in enumerate(at_top, 1) if d.change is Change.LEVEL_UP] == [16]


def test_the_top_of_the_ladder(library: Library) -> None:
    assert last(library, week(trained(), trained()), Place(4, 4, 3))[1] == "reason/R_HOLD/top"


def test_a_level_that_a_tag_forbids_is_not_offered(library: Library) -> None:
    bridge = library.exercises["bruecke"]
    gentle = bridge.model_copy(update={"skip": (Skip(tag="KN", levels_allowed=(1, 2), reason="knee"),)})
    changed = library.model_copy(update={"exercises": {"bruecke": gentle}})
    knees = replace(PROFILE, tags=frozenset({"KN"}))
    days = week(*[trained()] * 5)

    assert decisions(changed, days, Place(2, 4, 3), knees)[-1].reason == "reason/R_HOLD/tag"
    assert last(changed, days[:1], Place(4, 4, 3), knees) == ("level_down", "reason/R_FLAG/tag", Place(2, 1, 3))


def test_a_form_that_wants_what_is_not_at_home_waits_until_it_is(library: Library) -> None:
    bridge = library.exercises["bruecke"]
    banded = bridge.levels[2].model_copy(update={"equipment": (Equipment.BAND,)})
    changed = bridge.model_copy(update={"levels": (*bridge.levels[:2], banded, bridge.levels[3])})
    needing = library.model_copy(update={"exercises": {"bruecke": changed}})
    owner = replace(PROFILE, equipment=frozenset({Equipment.BAND}))
    days = week(*[trained()] * 4)

    assert decisions(needing, days, Place(2, 4, 3))[-1].reason == "reason/R_HOLD/equipment"
    assert decisions(needing, days, Place(2, 4, 3), owner)[-1].place == Place(3, 1, 3)
    # What is smaller is not touched by it.
    assert (
        decisions(needing, days[:2], Place(2, 2, 3))[-1].place == decisions(library, days[:2], Place(2, 2, 3))[-1].place
    )


def test_no_second_level_rise_for_the_careful_within_a_week(library: Library) -> None:
    history = History(
        days=tuple(week(*[trained()] * 5)),
        average=3,
        changes=(ChangeRecord(day=6, exercise="beckenkippen", change=Change.LEVEL_UP, rule="R_LEVEL", basis=5),),
    )
    at_top = replace(case(library, history, 10, profile=replace(PROFILE, fear=8)), place=Place(2, 4, 3))

    assert decide(at_top).cause == "level-ups"
    assert decide(replace(at_top, profile=PROFILE)).change is Change.LEVEL_UP


@pytest.mark.parametrize(
    ("need", "places", "met"),
    [
        (Need(exercise="beckenkippen", level=2), {"beckenkippen": Place(2, 1, 2)}, True),
        (Need(exercise="beckenkippen", level=3), {"beckenkippen": Place(2, 1, 2)}, False),
        (Need(exercise="beckenkippen", level=2), {}, False),
        (Need(exercise="unterarmstuetz", hold_seconds=20), {"unterarmstuetz": Place(1, 3, 2)}, True),
        (Need(exercise="unterarmstuetz", hold_seconds=21), {"unterarmstuetz": Place(1, 3, 2)}, False),
        (Need(exercise="beckenkippen", hold_seconds=5), {"beckenkippen": Place(1, 3, 2)}, False),  # repetitions
        (Need(usual_pain_at_most=3, for_days=7), {}, True),
        (Need(usual_pain_at_most=2, for_days=7), {}, False),
    ],
)
def test_what_a_level_needs(library: Library, *, need: Need, places: Mapping[str, Place], met: bool) -> None:
    bridge = library.exercises["bruecke"]
    third = Level(level=3, picture="bruecke/3", needs=(need,))
    changed = bridge.model_copy(update={"levels": (*bridge.levels[:2], third)})
    asked = case(library, History(days=tuple(week(*[trained()] * 5)), average=3), 10)

    decision = decide(replace(asked, exercise=changed, place=Place(2, 4, 3), places=places))

    assert decision.change is (Change.LEVEL_UP if met else Change.HOLD)


def test_a_declined_rise_comes_again_after_a_week(library: Library) -> None:
    offered = ChangeRecord(day=4, exercise="bruecke", change=Change.DOSE_UP, rule="R_DOSE", basis=3, declined_on=4)
    sessions = week(*[trained()] * 4)
    history = History(days=tuple(sessions), average=3, changes=(offered,))

    assert decide(case(library, history, 8)).cause == "declined"
    later = History(days=(*sessions, *week(trained(), start=9)), average=3, changes=(offered,))
    assert decide(case(library, later, 11)).change is Change.DOSE_UP


def test_an_offered_rise_is_decided_once(library: Library) -> None:
    found = decisions(library, [*week(trained(), trained()), DayRecord(day=5)])

    assert found[-1].reason == "reason/R_HOLD/decided"


@pytest.mark.parametrize(("told", "rises"), [(Episode.ACUTE, False), (Episode.SUBACUTE, True), (None, True)])
def test_in_the_first_weeks_load_stays_in_its_form(library: Library, told: Episode | None, rises: bool) -> None:  # noqa: FBT001
    profile = replace(PROFILE, episode=told)
    days = [
        DayRecord(day=day, morning=3, session=trained() if day % 2 else None)
        for day in range(1, library.thresholds.phases.acute_until)
    ]

    found = [decision.change for decision in decisions(library, days, Place(1, 1, 3), profile)]

    assert (Change.LEVEL_UP in found) is rises
    assert Change.DOSE_UP in found


def test_after_the_first_weeks_the_next_form_may_come(library: Library) -> None:
    profile = replace(PROFILE, episode=Episode.ACUTE)
    days = [DayRecord(day=day, morning=3, session=trained() if day % 2 else None) for day in range(1, 60)]

    found = decisions(library, days, Place(1, 4, 3), profile)

    first = next(number for number, decision in enumerate(found, start=1) if decision.change is Change.LEVEL_UP)
    assert first > library.thresholds.phases.acute_until
