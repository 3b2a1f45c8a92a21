"""Self-tests over arbitrary results and people: no untrained form, no score outside 0 to 1, no load raised."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bot.coach.place import Place
from bot.coach.profile import Profile, load_limit, tags_of
from bot.coach.programme import first_programme, next_exercise
from bot.coach.selftest import Result, axes_of, emphasis, fitting_tests, others_at, score_of, weakest
from bot.library.screening import AgeBand
from tests.shipped import kitted

LIBRARY = kitted().kit.library
TESTS = [test.id for test in LIBRARY.selftests.tests]
RESULTS = st.lists(
    st.builds(
        Result,
        test=st.sampled_from([*TESTS, "gone"]),
        day=st.integers(739_000, 740_000),
        level=st.integers(1, 9),
        value=st.integers(0, 500),
    ),
    max_size=20,
)
PROFILES = st.builds(
    Profile,
    age=st.sampled_from([None, *AgeBand]),
    tags=st.frozensets(st.sampled_from(sorted(LIBRARY.tags)), max_size=4),
    soft_open=st.sampled_from([(), ("rf_long",)]),
)
PLACES = st.dictionaries(
    st.sampled_from(sorted(LIBRARY.exercises)),
    st.builds(Place, st.integers(1, 4), st.just(1), st.just(1)),
    max_size=8,
)


@given(PROFILES, PLACES, st.booleans())
def test_only_trained_and_allowed_forms_are_measured(profile: Profile, places: dict[str, Place], met: bool) -> None:  # noqa: FBT001  a case
    tags, limit = tags_of(profile, LIBRARY), load_limit(profile, LIBRARY)
    for each in fitting_tests(profile, places, LIBRARY, lambda _need: met):
        test = LIBRARY.selftests.get_test(each.test)
        assert test is not None
        exercise = LIBRARY.exercises[test.exercise]
        assert each.level in exercise.allowed_levels(tags)
        assert each.level <= (places[test.exercise].level if test.exercise in places else 1)
        assert int(exercise.load) <= limit


@given(RESULTS)
def test_scores_lie_on_the_picture_and_grow_with_the_result(results: list[Result]) -> None:
    for axis in axes_of(results, LIBRARY):
        assert 0 <= axis.score <= 1
        assert axis.first is None or 0 <= axis.first <= 1
    for result in results:
        score = score_of(result, LIBRARY)
        more = score_of(replace(result, value=result.value + 5), LIBRARY)
        harder = score_of(replace(result, level=result.level + 1), LIBRARY)
        assert (score is None) == (result.test == "gone")
        assert score is None or (more is not None and harder is not None and more >= score and harder >= score)


@given(RESULTS)
def test_what_lags_behind_is_the_lowest_of_enough(results: list[Result]) -> None:
    lagging, axes = weakest(results, LIBRARY), axes_of(results, LIBRARY)
    if lagging is not None:
        assert len(axes) >= LIBRARY.thresholds.selftests.least_axes
        assert next(axis.score for axis in axes if axis.test == lagging) == min(axis.score for axis in axes)


@given(PROFILES, RESULTS, st.integers(0, 3))
def test_results_choose_among_what_may_join_anyway(profile: Profile, results: list[Result], load: int) -> None:
    weighted = replace(profile, emphasis=emphasis(results, LIBRARY))

    assert first_programme(weighted, LIBRARY) == first_programme(profile, LIBRARY)
    assert load_limit(weighted, LIBRARY) == load_limit(profile, LIBRARY)
    have: frozenset[str] = frozenset()
    plain: set[str] = set()
    while found := next_exercise(have, profile, LIBRARY, acute_settled=True, max_load=load):
        plain.add(found.exercise)
        have |= {found.exercise}
    first = next_exercise(frozenset(), weighted, LIBRARY, acute_settled=True, max_load=load)
    assert (first is None) == (not plain)
    assert first is None or (first.exercise in plain and first.place.level == _lowest(first.exercise, profile))


def _lowest(exercise: str, profile: Profile) -> int:
    return min(LIBRARY.exercises[exercise].allowed_levels(tags_of(profile, LIBRARY)))


def test_only_what_was_read_at_its_source_is_shown_of_others() -> None:
    shown = {(test, age) for test in TESTS for age in AgeBand if others_at(test, age, LIBRARY) is not None}

    assert shown == {
        ("plank", AgeBand.FROM_18),
        ("side-left", AgeBand.FROM_18),
        ("side-right", AgeBand.FROM_18),
        ("balance", AgeBand.FROM_65),
    }


def test_what_was_seen_of_others_comes_from_a_study_and_no_age_is_forgotten() -> None:
    for test in LIBRARY.selftests.tests:
        told = [age for band in test.bands for age in band.ages]
        assert {*told, *test.without} == set(AgeBand) - {AgeBand.UNDER_18}
        assert all(key != "D_DESIGN" for band in test.bands for key in band.sources), test.id
