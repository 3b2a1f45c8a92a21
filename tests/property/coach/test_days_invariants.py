"""What a day holds, over arbitrary weeks and any set of exercises: invariants I6 and I7, minutes, wishes and tags."""

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.coach.place import Place
from bot.coach.profile import Profile, minutes_of
from bot.coach.programme import next_exercise
from bot.coach.records import DayRecord, ExerciseRecord, History, SessionRecord
from bot.coach.today import Day, choose, did, exercise_count, length_of, load3_allowance
from bot.library.exercise import Category, Exercise
from bot.library.library import Library
from bot.library.screening import AgeBand, Episode
from tests.property.coach.histories import PROFILES

KINDS = (
    ("move-1", Category.MOBILISE, 1),
    ("move-2", Category.MOBILISE, 1),
    ("hold-1", Category.STABILISE, 2),
    ("hold-2", Category.STABILISE, 3),
    ("strong-1", Category.STRENGTHEN, 3),
    ("strong-2", Category.STRENGTHEN, 3),
    ("rest-1", Category.RELAX, 0),
    ("desk-1", Category.DESK_BREAK, 1),
    ("walk-1", Category.WALK, "W"),
)
PLACE = st.builds(Place, st.integers(1, 4), st.integers(1, 4), st.integers(1, 3))
PLACES = st.dictionaries(st.sampled_from([name for name, _, _ in KINDS]), PLACE, min_size=1)


def with_many(library: Library) -> Library:
    """The shipped rules with nine made-up exercises of every kind."""
    bridge = library.exercises["bruecke"]
    made: dict[str, Exercise] = {
        name: bridge.model_copy(update={"id": name, "category": category, "load": load, "skip": ()})
        for name, category, load in KINDS
    }
    return library.model_copy(update={"exercises": made})


def member(minutes: int | None, likes: frozenset[str] = frozenset()) -> Profile:
    return Profile(age=AgeBand.FROM_18, episode=Episode.CHRONIC, pain_now=3, minutes=minutes, likes=likes)


def lived(
    library: Library, profile: Profile, days: list[tuple[int, dict[str, Place]]]
) -> list[tuple[Day, tuple[tuple[str, Place], ...]]]:
    """Every day's choice is done as chosen and stands in the next day's history."""
    records: list[DayRecord] = []
    told: list[tuple[Day, tuple[tuple[str, Place], ...]]] = []
    for number, places in days:
        day = Day(
            day=number,
            history=History(days=tuple(records)),
            profile=profile,
            library=library,
            since=records[0].day if records else None,
            acute_settled=True,
        )
        items = tuple((item.exercise, item.place) for item in choose(places, day))
        told.append((day, items))
        done = tuple(
            ExerciseRecord(exercise=name, load=library.exercises[name].load, done=1, place=place)
            for name, place in items
        )
        if done:
            records.append(DayRecord(day=number, session=SessionRecord(exercises=done)))
    return told


@st.composite
def weeks(draw: st.DrawFn) -> list[tuple[int, dict[str, Place]]]:
    number, days = 0, []
    for gap in draw(st.lists(st.just(1) | st.integers(1, 9), min_size=1, max_size=30)):
        number += gap
        days.append((number, draw(PLACES)))
    return days


@given(weeks(), st.none() | st.sampled_from([1, 3, 5, 10, 20, 45]))
@settings(max_examples=80, deadline=None)
def test_i6_a_week_never_holds_much_more_than_the_weeks_before(
    library: Library, days: list[tuple[int, dict[str, Place]]], minutes: int | None
) -> None:
    many = with_many(library)
    planning = many.thresholds.planning
    for day, items in lived(many, member(minutes), days):
        load3 = sum(place.sets for name, place in items if many.exercises[name].load == 3)
        if day.week >= planning.first_weeks:
            assert load3 <= max(load3_allowance(day), 0)


@given(weeks(), st.none() | st.sampled_from([1, 3, 5, 10, 20, 45]))
@settings(max_examples=80, deadline=None)
def test_a_day_is_never_longer_than_the_members_minutes(
    library: Library, days: list[tuple[int, dict[str, Place]]], minutes: int | None
) -> None:
    """Not even where a single exercise is all that there is: then it is a part of one. At first 12 minutes are most."""
    many = with_many(library)
    profile = member(minutes)
    for number, places in days:
        day = Day(day=number, history=History(), profile=profile, library=many, since=1, acute_settled=True)
        seconds = length_of(choose(places, day), many)
        assert seconds <= minutes_of(profile, day.rules) * 60
        assert day.week >= 2 or seconds <= 12 * 60


@given(weeks(), st.none() | st.sampled_from([3, 20]))
@settings(max_examples=80, deadline=None)
def test_i7_heavy_exercises_rest_48_hours_and_come_three_times_a_week(
    library: Library, days: list[tuple[int, dict[str, Place]]], minutes: int | None
) -> None:
    many = with_many(library)
    told = lived(many, member(minutes), days)
    for name, _, load in KINDS:
        done = [day.day for day, items in told if name in dict(items)]
        if load == 3:
            assert all(later - earlier >= 2 for earlier, later in pairwise(done))
            assert all(sum(0 <= day - other < 7 for other in done) <= 3 for day in done)


@given(weeks(), st.sampled_from([1, 3, 10, 20]))
@settings(max_examples=60, deadline=None)
def test_a_day_is_never_a_long_list_and_holds_no_walk_and_no_desk_break(
    library: Library, days: list[tuple[int, dict[str, Place]]], minutes: int
) -> None:
    many = with_many(library)
    for day, items in lived(many, member(minutes), days):
        assert len(items) <= exercise_count(day) <= 5
        assert day.week > 0 or len(items) <= 2
        assert len({name for name, _ in items}) == len(items)
        assert {many.exercises[name].category for name, _ in items}.isdisjoint({Category.WALK, Category.DESK_BREAK})
        assert all(place.sets <= dict(days)[day.day][name].sets for name, place in items)


@given(PLACES, st.integers(0, 20), st.sampled_from([name for name, _, _ in KINDS]))
@settings(max_examples=60, deadline=None)
def test_a_veto_keeps_an_exercise_away_for_two_weeks(
    library: Library, places: dict[str, Place], ago: int, unwanted: str
) -> None:
    many = with_many(library)
    day = Day(day=100, history=History(), profile=member(20), library=many, vetoes={unwanted: 100 - ago}, since=1)

    chosen = {item.exercise for item in choose(places, day)}

    assert ago >= 14 or unwanted not in chosen


@given(PLACES)
@settings(max_examples=40, deadline=None)
def test_every_exercise_gets_its_turn(library: Library, places: dict[str, Place]) -> None:
    many = with_many(library)
    told = lived(many, member(20), [(number, places) for number in range(1, 60, 2)])
    seen = {name for _, items in told for name, _ in items}

    assert seen == {
        name for name in places if many.exercises[name].category not in {Category.WALK, Category.DESK_BREAK}
    }


@given(PROFILES)
@settings(max_examples=80, deadline=None)
def test_newcomers_come_one_at_a_time_and_only_what_is_allowed(library: Library, profile: Profile) -> None:
    many = with_many(library)
    have: frozenset[str] = frozenset()
    while new := next_exercise(have, profile, many, acute_settled=False):
        assert new.exercise not in have
        assert new.place.level in many.exercises[new.exercise].allowed_levels(profile.tags)
        have |= {new.exercise}
    assert "walk-1" not in have
    assert "desk-1" not in have


def test_the_mix_is_one_of_each_kind(library: Library) -> None:
    many = with_many(library)
    places = {name: Place(1, 1, 1) for name, _, _ in KINDS}
    day = Day(day=30, history=History(), profile=member(20), library=many, since=1)

    kinds = [many.exercises[item.exercise].category for item in choose(places, day)]

    assert kinds == [
        Category.MOBILISE,
        Category.STABILISE,
        Category.STABILISE,
        Category.STRENGTHEN,
        Category.RELAX,
    ]
    assert length_of(choose(places, day), many) <= 20 * 60
    assert not any(did(record, "move-1") for record in day.history.days)
