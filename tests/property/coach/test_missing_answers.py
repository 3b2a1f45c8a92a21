"""A missing answer never raises a load: without it the limits are at most those the answer would have given."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.coach.profile import Activity, Profile, equipment_of, fear_of, is_careful, load_limit, minutes_of, starts_low
from bot.coach.programme import first_load_limit
from bot.library.exercise import Equipment
from bot.library.library import Library
from tests.property.coach.histories import PROFILES

TOLD = st.builds(
    replace,
    PROFILES,
    activity=st.sampled_from(Activity),
    equipment=st.frozensets(st.sampled_from(Equipment), max_size=3),
    minutes=st.none() | st.integers(2, 60),
    days_per_week=st.none() | st.integers(1, 7),
    likes=st.frozensets(st.sampled_from(["mobilise", "strengthen"])),
)
NEVER_ASKED = Profile()
PORTIONS = ("fear", "activity", "equipment", "minutes", "days_per_week", "likes")


@pytest.mark.parametrize("field", PORTIONS)
@given(profile=TOLD)
@settings(max_examples=200, deadline=None)
def test_without_the_answer_nothing_is_heavier_longer_or_faster(library: Library, field: str, profile: Profile) -> None:
    rules = library.thresholds
    without = replace(profile, **{field: getattr(NEVER_ASKED, field)})

    assert load_limit(without, library) <= load_limit(profile, library)
    assert first_load_limit(without, library, acute_settled=True) <= first_load_limit(
        profile, library, acute_settled=True
    )
    assert minutes_of(without, rules) <= max(minutes_of(profile, rules), rules.starting.minutes_default)
    assert equipment_of(without) <= equipment_of(profile)
    if fear_of(profile, rules) < rules.rising.careful_fear or field != "fear":
        assert is_careful(without, library) >= is_careful(profile, library)
        assert starts_low(without, library) >= starts_low(profile, library)


@given(profile=TOLD)
@settings(max_examples=200, deadline=None)
def test_open_soft_lines_weigh_as_much_as_a_yes(library: Library, profile: Profile) -> None:
    waiting = replace(profile, soft_open=("rf_walk",))

    assert load_limit(waiting, library) <= library.thresholds.starting.max_load_soft


@given(profile=TOLD)
@settings(max_examples=200, deadline=None)
def test_an_average_day_that_nobody_told_counts_as_today(library: Library, profile: Profile) -> None:
    """The average is the one answer that may also be heavier than the default: someone usually worse than today."""
    without = replace(profile, pain_average=None)
    as_now = replace(profile, pain_average=profile.pain_now)

    assert starts_low(without, library) == starts_low(as_now, library)
