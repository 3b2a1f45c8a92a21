"""Invariants of who may do what at all: I9, I12, I13, over arbitrary members and histories hostile days included."""

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.coach.course import follow_days
from bot.coach.deload import find_deload
from bot.coach.disposition import Disposition
from bot.coach.place import Place
from bot.coach.profile import Profile, disposition_of, load_limit, tags_of
from bot.coach.programme import ProgrammeItem, first_programme, fitting_exercises
from bot.coach.records import RISES, Change, DayRecord, Mode
from bot.coach.week import first_week
from bot.library.catalog import read_catalogs
from bot.library.library import Library
from bot.library.screening import AgeBand, Episode
from tests.property.coach.histories import ANYBODY, DAYS, PLACES, SERVED, disturbed

CONTENT = Path(__file__).parents[3] / "content"
UNMOVED = {Change.STOP, Change.REST, Change.RESCREEN}


@given(PLACES, DAYS, ANYBODY)
@settings(max_examples=150, deadline=None)
def test_i9_no_decision_leaves_an_exercise_on_a_form_that_a_tag_forbids(
    library: Library, places: dict[str, Place], days: list[DayRecord], profile: Profile
) -> None:
    tags = tags_of(profile, library)
    for day in follow_days(places, days, profile, library):
        for decision in day.decisions:
            allowed = library.exercises[decision.exercise].allowed_levels(tags)
            assert decision.change in UNMOVED or decision.place.level in allowed


@given(ANYBODY)
@settings(max_examples=150, deadline=None)
def test_i9_the_first_week_holds_no_forbidden_form_and_no_forbidden_load(library: Library, profile: Profile) -> None:
    tags, limit = tags_of(profile, library), load_limit(profile, library)
    for day in first_week(profile, library).days:
        for item in day.items:
            exercise = library.exercises[item.exercise]
            assert item.place.level in exercise.allowed_levels(tags)
            assert exercise.load == "W" or exercise.load <= limit


LOADED_FLEXION = {"curl-up": {1, 2, 3, 4}, "kreuzheben": {1, 2, 3, 4}, "pilates-basis": {3, 4}, "yoga-kurz": {2, 3, 4}}


@given(ANYBODY, st.sampled_from(sorted(LOADED_FLEXION)), st.integers(1, 4), disturbed(max_days=10))
@settings(max_examples=60, deadline=None)
def test_nobody_without_a_free_go_rounds_the_back_under_load(
    library: Library, profile: Profile, exercise: str, level: int, days: list[DayRecord]
) -> None:
    """Clinical rules 2.2: neither what joins nor what was there before."""
    if disposition_of(profile, library) is Disposition.GO:
        return
    ready = replace(profile, minutes=45, episode=Episode.CHRONIC, soft_open=(), fear=1)
    for item in fitting_places(ready, library):
        assert item.place.level not in LOADED_FLEXION.get(item.exercise, ())
    for day in follow_days({exercise: Place(level, 1, 1)}, days, ready, library):
        for decision in day.decisions:
            assert decision.change in UNMOVED or decision.place.level not in LOADED_FLEXION[exercise]


def fitting_places(profile: Profile, library: Library) -> list[ProgrammeItem]:
    return [item for item, _ in fitting_exercises(profile, library, 3, acute_settled=True)]


@given(ANYBODY, st.sampled_from([1, 2, 3, 5, 20]), st.integers(1, 7))
@settings(max_examples=80, deadline=None)
def test_no_day_of_the_first_week_is_longer_than_the_members_minutes(
    library: Library, profile: Profile, minutes: int, days: int
) -> None:
    for day in first_week(replace(profile, minutes=minutes, days_per_week=days), library).days:
        assert day.seconds <= minutes * 60
        assert day.items


@given(PLACES, DAYS, ANYBODY)
@settings(max_examples=100, deadline=None)
def test_i12_under_18_there_is_no_programme_and_every_decision_stops(
    library: Library, places: dict[str, Place], days: list[DayRecord], profile: Profile
) -> None:
    child = replace(profile, age=AgeBand.UNDER_18)

    assert first_programme(child, library).items == ()
    assert first_week(child, library).days == ()
    for day in follow_days(places, days, child, library):
        assert {decision.change for decision in day.decisions} == {Change.STOP}


@given(ANYBODY)
@settings(max_examples=100, deadline=None)
def test_age_and_tags_never_make_a_disposition_milder(library: Library, profile: Profile) -> None:
    bare = replace(profile, tags=frozenset(), age=AgeBand.FROM_18)

    assert load_limit(profile, library) <= load_limit(bare, library)
    assert disposition_of(bare, library) is profile.disposition


# A dose, a picture of the body's inside, a finding, or that nobody need be asked: nothing of it is ever said (I13).
DOSES = re.compile(r"\d\s?(mg|milligram\w*|tablets?|tabletten?|pills?|tropfen|drops)\b", re.IGNORECASE)
FINDINGS = re.compile(
    r"\b(you have a|du hast ein\w*) (slipped|herniated|prolapsed|bulging|bandscheibenvorfall|hexenschuss|arthrose)"
    r"|\b(no doctor needed|no need (to see|for) a doctor|kein\w* arzt nötig|ohne arzt)\b",
    re.IGNORECASE,
)


@pytest.mark.parametrize("language", ["de", "en"])
def test_i13_no_text_names_a_dose_or_a_finding_or_sends_nobody_to_a_doctor(language: str) -> None:
    texts = read_catalogs(CONTENT / "locales")[language].texts

    told = [key for key, forms in texts.items() if any(DOSES.search(form) or FINDINGS.search(form) for form in forms)]

    assert told == []


@pytest.mark.parametrize(
    "text",
    ["Nimm 400 mg.", "two 500 mg pills", "Du hast einen Bandscheibenvorfall.", "No doctor needed", "Kein Arzt nötig."],
)
def test_i13_is_looked_for_with_patterns_that_find_it(text: str) -> None:
    assert DOSES.search(text) or FINDINGS.search(text)


@given(PLACES, disturbed(max_days=60), SERVED)
@settings(max_examples=60, deadline=None)
def test_i8_an_easier_week_lasts_seven_days_at_most_and_raises_nothing(
    library: Library, places: dict[str, Place], days: list[DayRecord], profile: Profile
) -> None:
    eased: Mapping[int, bool] = {}
    for day in follow_days(places, days, profile, library):
        eased = {**eased, day.day: day.gate.eased}
        if day.gate.eased:
            assert day.gate.mode is Mode.REDUCED
            assert not {decision.change for decision in day.decisions} & RISES
            begun = find_deload(
                replace(day.history, days=day.history.before(day.day)), DayRecord(day=day.day), library.thresholds
            )
            assert begun is not None
            assert 0 <= day.day - begun.since < 7
    assert not any(all(eased.get(day + ago) for ago in range(8)) for day in eased)
