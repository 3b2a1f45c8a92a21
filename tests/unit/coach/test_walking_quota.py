"""The walking quota (clinical rules 5.6): a tenth more after green weeks, the same after amber, less after red."""

from dataclasses import replace

import pytest

from bot.coach.disposition import Disposition
from bot.coach.profile import Activity, Profile
from bot.coach.records import DayRecord, ExerciseRecord, History, SessionRecord
from bot.coach.walking import Walking, is_brisk, is_with_stairs, quota_of, walk_place, walk_today
from bot.coach.week import first_week
from bot.library.library import Library
from bot.library.screening import AgeBand, Episode

WELL = Profile(
    age=AgeBand.FROM_18, episode=Episode.CHRONIC, pain_now=3, fear=2, activity=Activity.SOME, disposition=Disposition.GO
)
EASY = ExerciseRecord(exercise="beckenkippen", load=1, done=1, effort=4, more=True)


def history(after: float | None = 3) -> History:
    """A session on the Monday of the second and third week, each with its morning; `after`: pain behind the last."""
    days = [
        DayRecord(day=day, session=SessionRecord(before=3, after=pain, exercises=(EASY,)))
        for day, pain in ((8, 3), (15, after))
    ]
    mornings = [DayRecord(day=day, morning=3) for day in (9, 16)]
    return History(days=tuple(sorted((*days, *mornings), key=lambda each: each.day)), average=3)


def on(library: Library, day: int = 22, walked: dict[int, int] | None = None, **changes: object) -> Walking:
    found = Walking(day=day, walked=walked or {}, history=history(), profile=WELL, library=library)
    return replace(found, **changes)  # type: ignore[arg-type]  # named as the fields are


@pytest.mark.parametrize(
    ("last", "quota"),
    [(10, 11), (40, 44), (100, 110), (140, 150), (150, 150), (240, 150)],
)
def test_after_a_green_week_it_grows_by_a_tenth_up_to_the_target(library: Library, last: int, quota: int) -> None:
    assert quota_of(on(library, walked={15: last})) == quota


@pytest.mark.parametrize(("after", "quota"), [(5, 40), (None, 40), (6, 28), (9, 28)])
def test_amber_or_unknown_holds_it_and_red_takes_a_third(library: Library, after: float | None, quota: int) -> None:
    assert quota_of(on(library, walked={15: 40}, history=history(after))) == quota


def test_on_a_day_on_which_nothing_rises_walks_do_not_either(library: Library) -> None:
    """I8: no flare-up, smaller day, return or easier week, and nothing within 72 hours of more pain (I2)."""
    assert quota_of(on(library, walked={15: 40}, grows=False)) == 40
    assert quota_of(on(library, walked={15: 40}, grows=False, history=history(6))) == 28


def test_without_sessions_nothing_is_known_and_nothing_grows(library: Library) -> None:
    assert quota_of(on(library, walked={15: 40}, history=History())) == 40


@pytest.mark.parametrize(
    ("episode", "walks"),
    [(Episode.ACUTE, 7), (None, 7), (Episode.SUBACUTE, 4), (Episode.CHRONIC, 4), (Episode.NONE, 4)],
)
def test_a_first_week_holds_the_shortest_walks_as_often_as_the_phase_asks_for(
    library: Library, episode: Episode | None, walks: int
) -> None:
    week = first_week(replace(WELL, episode=episode), library)

    assert [minutes for _, minutes in week.walks] == [5] * walks


def test_it_starts_with_a_part_of_a_good_and_a_bad_day(library: Library) -> None:
    """Of 10 and 30 minutes: four fifths of the mean, seven tenths for whoever is careful."""
    walked = {22: 10, 23: 30}

    assert quota_of(on(library, day=24, walked=walked)) == 4 * 16
    assert quota_of(on(library, day=24, walked=walked, profile=replace(WELL, fear=8))) == 4 * 14


@pytest.mark.parametrize(("episode", "longest"), [(Episode.ACUTE, 10), (Episode.SUBACUTE, 30), (Episode.NONE, 30)])
def test_no_walk_is_longer_than_the_phase_asks_for(library: Library, episode: Episode, longest: int) -> None:
    assert walk_today(on(library, walked={15: 150}, profile=replace(WELL, episode=episode))) <= longest


def test_a_flare_halves_the_walk_and_the_day_after_a_walk_has_none(library: Library) -> None:
    assert walk_today(on(library, walked={15: 40})) == 11
    assert walk_today(on(library, walked={15: 40}, percent=50)) == 5
    assert walk_today(on(library, day=23, walked={15: 40, 22: 11})) == 0
    assert walk_today(on(library, day=24, walked={15: 40, 22: 11})) == 11
    assert walk_today(on(library, day=24, walked={15: 40, 22: 44})) == 0


def test_who_may_not_walk_is_offered_none(library: Library) -> None:
    rule = library.exercises["treppe"].skip[0]
    walk = library.exercises["spaziergang"].model_copy(update={"skip": (rule.model_copy(update={"tag": "P20"}),)})
    without = library.model_copy(update={"exercises": {**library.exercises, walk.id: walk}})
    asked = replace(on(library, profile=replace(WELL, tags=frozenset({"P20"}))), library=without)

    assert bool(walk_today(asked)) is bool(walk.allowed_levels(without.with_implied(frozenset({"P20"}))))


@pytest.mark.parametrize(("longest", "form"), [(5, 1), (10, 2), (20, 3), (30, 4), (60, 4)])
def test_the_longest_walk_shows_the_form_on_its_ladder(library: Library, longest: int, form: int) -> None:
    rules = library.thresholds.planning
    place = walk_place({20: longest, 21: 5}, 22, rules)

    assert place is not None
    assert place.level == form
    assert walk_place({}, 22, rules) is None


def test_a_minute_may_be_brisk_once_walks_are_long_enough_and_all_is_calm(library: Library) -> None:
    calm = on(library, walked={15: 25})

    assert is_brisk(calm)
    assert not is_brisk(on(library, walked={15: 15}))
    assert not is_brisk(replace(calm, percent=70))
    assert not is_brisk(replace(calm, profile=replace(WELL, episode=Episode.ACUTE)))
    assert not is_brisk(replace(calm, profile=replace(WELL, disposition=Disposition.DOCTOR_SOFT)))
    assert not is_brisk(replace(calm, profile=replace(WELL, tags=frozenset({"BP"}))))


def test_stairs_belong_to_the_walks_between_the_brisk_ones(library: Library) -> None:
    calm = on(library, walked={13: 12, 15: 25})

    assert is_with_stairs(calm)
    assert not is_brisk(calm)
    assert not is_with_stairs(on(library, walked={15: 25}))
    assert not is_with_stairs(on(library, walked={13: 5, 15: 5}))
    assert not is_with_stairs(replace(calm, percent=70))
    assert not is_with_stairs(replace(calm, profile=replace(WELL, episode=Episode.ACUTE)))
    assert not is_with_stairs(replace(calm, profile=replace(WELL, disposition=Disposition.DOCTOR_SOFT)))
    assert all(not is_with_stairs(replace(calm, profile=replace(WELL, tags=frozenset({tag})))) for tag in ("KN", "BP"))
