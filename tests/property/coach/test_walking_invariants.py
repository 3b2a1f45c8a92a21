"""I6 for walking, by a reading of its own: never a fifth more than the better of two weeks that were really walked."""

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.coach.profile import Profile
from bot.coach.records import History
from bot.coach.walking import Walking, quota_of, walk_today
from bot.library.library import Library
from bot.library.screening import Episode
from tests.property.coach.histories import DAYS

HISTORIES = DAYS.map(lambda days: History(days=tuple(days), average=3))
WALKED = st.dictionaries(st.integers(1, 42), st.integers(0, 600), max_size=30)
PROFILES = st.builds(Profile, episode=st.sampled_from([None, *Episode]), fear=st.sampled_from([None, 2.0, 8.0]))
TARGET = 150  # minutes a week
SHORTEST = 5  # minutes: a week with less is none yet


def week(walked: dict[int, int], number: int) -> int:
    return sum(minutes for day, minutes in walked.items() if (day - 1) // 7 == number)


@given(WALKED, HISTORIES, PROFILES, st.sampled_from([100, 90, 70, 50]), st.integers(0, 5))
@settings(max_examples=150, deadline=None)
def test_i6_a_week_of_walks_stays_within_a_fifth_of_the_better_of_two(
    library: Library, walked: dict[int, int], history: History, profile: Profile, percent: int, number: int
) -> None:
    """Whatever was walked before, each walk that is offered is done, and nothing beside it."""
    past = {day: minutes for day, minutes in walked.items() if (day - 1) // 7 < number}
    best = max(week(past, number - 1), week(past, number - 2))
    now, planned = dict(past), 0
    for day in range(7 * number + 1, 7 * number + 8):
        asked = Walking(day=day, walked=now, history=history, profile=profile, library=library, percent=percent)
        quota, minutes = quota_of(asked), walk_today(asked)
        if best >= SHORTEST:
            assert quota * 10 <= best * 12
        assert minutes <= 60
        if minutes:
            now, planned = {**now, day: minutes}, planned + minutes
    assert planned <= TARGET
    if best >= SHORTEST:
        assert planned * 10 <= best * 12


@given(st.dictionaries(st.integers(1, 42), st.integers(0, 60), max_size=30), PROFILES)
@settings(max_examples=60, deadline=None)
def test_i5_walks_that_nobody_told_raise_nothing(library: Library, walked: dict[int, int], profile: Profile) -> None:
    """Without a week's walks, or without any session, the next week holds no more."""
    asked = Walking(day=43, walked=walked, history=History(), profile=profile, library=library)
    fewer = {day: minutes for day, minutes in walked.items() if day < 36}

    if week(walked, 5) >= SHORTEST:
        assert quota_of(asked) <= week(walked, 5)
    silent = Walking(day=43, walked=fewer, history=History(), profile=profile, library=library)
    assert quota_of(silent) <= TARGET
