"""The first programme: light, short, in the lowest form, and with a reason for everything left out."""

from dataclasses import replace

import pytest

from bot.coach.disposition import Disposition
from bot.coach.place import Place
from bot.coach.profile import Activity, Profile, starts_low, tags_of
from bot.coach.programme import (
    Programme,
    ProgrammeItem,
    dose_of,
    first_load_limit,
    first_place,
    first_programme,
    fit_minutes,
    fitting_exercises,
    is_heavier,
    lowest_place,
    next_exercise,
    seconds_of,
)
from bot.library.exercise import HOUSEHOLD, Category, Equipment, Exercise, Need, Skip, Unit
from bot.library.library import Library
from bot.library.screening import AgeBand, Episode

HEALTHY = Profile(age=AgeBand.FROM_18, episode=Episode.NONE, pain_now=2, disposition=Disposition.GO)


def exercises(programme: Programme) -> list[tuple[str, int]]:
    return [(item.exercise, item.place.level) for item in programme.items]


def test_a_healthy_member_gets_two_light_ones_in_the_lowest_form_within_three_minutes(library: Library) -> None:
    programme = first_programme(HEALTHY, library)

    assert exercises(programme) == [("beckenkippen", 1), ("katze-kuh", 1)]
    assert [why.rule for why in programme.why] == ["P_START", "P_MINUTES"]
    assert programme.why[0].reason == "reason/P_START"
    seconds = (seconds_of(library.exercises[i.exercise], i.place, library.thresholds) for i in programme.items)
    assert sum(seconds) <= 180


def test_load_fills_the_place_when_only_one_light_exercise_fits(library: Library) -> None:
    left = {e.id: e for e in library.exercises.values() if e.id == "beckenkippen" or e.load not in {0, 1}}
    programme = first_programme(HEALTHY, library.model_copy(update={"exercises": left}))

    # Of what is heavier, the lightest one of the start playlist.
    assert exercises(programme) == [("beckenkippen", 1), ("vierfuessler", 1)]
    assert [why.rule for why in programme.why] == ["P_START", "P_FILL", "P_MINUTES"]


def test_who_has_thin_bones_begins_with_the_form_that_never_rounds(library: Library) -> None:
    programme = first_programme(replace(HEALTHY, tags=frozenset({"OP"})), library)

    assert exercises(programme) == [("beckenkippen", 1), ("katze-kuh", 2)]


@pytest.mark.parametrize(
    ("profile", "rule"),
    [
        (replace(HEALTHY, episode=Episode.ACUTE), "P_ACUTE"),
        (replace(HEALTHY, episode=None), "P_ACUTE"),
        (replace(HEALTHY, soft_open=("rf_walk",)), "P_LOAD"),
        (replace(HEALTHY, disposition=Disposition.DOCTOR_SOFT), "P_LOAD"),
        (replace(HEALTHY, pain_now=7), "P_LOAD"),
        (replace(HEALTHY, pain_average=7), "P_LOAD"),
        (replace(HEALTHY, tags=frozenset({"AF"})), "P_LOAD"),
    ],
)
def test_who_starts_without_load(library: Library, profile: Profile, rule: str) -> None:
    programme = first_programme(profile, library)

    assert exercises(programme) == [("beckenkippen", 1), ("katze-kuh", 1)]
    limit = first_load_limit(profile, library, acute_settled=False)
    every = library.exercises.values()
    spared = {(each.id, "P_TAG") for each in every if each.find_skip(tags_of(profile, library))}
    lacking = {(each.id, "P_EQUIPMENT") for each in every if not HOUSEHOLD.issuperset(each.equipment)}
    lacking = {(name, why) for name, why in lacking if (name, "P_TAG") not in spared}
    gone = {name for name, _ in spared | lacking}
    heavy = {(each.id, rule) for each in every if each.load in {*range(limit + 1, 4)} and each.id not in gone}
    assert limit < 3
    assert {(entry.exercise, entry.rule) for entry in programme.left_out} == heavy | spared | lacking


def test_once_the_first_weeks_have_settled_load_may_come(library: Library) -> None:
    acute = replace(HEALTHY, episode=Episode.ACUTE)

    assert len(first_programme(acute, library, acute_settled=True).items) == 2


@pytest.mark.parametrize("disposition", ["emergency", "crisis", "urgent", "doctor_first", "not_served"])
def test_a_lock_leaves_nothing(library: Library, disposition: str) -> None:
    programme = first_programme(replace(HEALTHY, disposition=Disposition(disposition)), library)

    assert programme.items == ()
    assert programme.why[0].rule == "P_DISPOSITION"


@pytest.mark.parametrize(
    ("tag", "left"),
    [
        ("P20", {"beckenkippen": "skip/long-supine", "bruecke": "skip/long-supine"}),
        ("FL", {"beckenkippen": "skip/floor", "bruecke": "skip/floor", "stufenlagerung": "skip/floor"}),
        ("DS", {"bruecke": "skip/back-surgery"}),
        ("BP", {"bruecke": "skip/press-breathing"}),
        ("KN", {"kniebeuge": "skip/knee-bend"}),
    ],
)
def test_tags_leave_out_with_their_reason(library: Library, tag: str, left: dict[str, str]) -> None:
    programme = first_programme(replace(HEALTHY, tags=frozenset({tag})), library)

    assert left.items() <= {entry.exercise: entry.reason for entry in programme.left_out}.items()
    by_tag = {entry.tag for entry in programme.left_out if entry.rule == "P_TAG"}
    assert by_tag <= library.with_implied(frozenset({tag})) | {"CA"}  # these tags take the free go as well
    assert not {item.exercise for item in programme.items} & left.keys()


def test_what_is_too_long_for_a_first_day_waits(library: Library) -> None:
    breathing = library.exercises["bauchatmung"]

    assert seconds_of(breathing, Place(1, 1, 1), library.thresholds) == 180
    assert "bauchatmung" not in {item.exercise for item in first_programme(HEALTHY, library).items}
    # Who can do nothing else gets it all the same, in a form without lying down.
    few = {name: library.exercises[name] for name in ("beckenkippen", "katze-kuh", "bauchatmung")}
    spared = replace(HEALTHY, tags=frozenset({"P20", "KN"}))
    alone = first_programme(spared, library.model_copy(update={"exercises": few}))
    assert exercises(alone) == [("bauchatmung", 2)]


def test_walks_and_desk_breaks_are_no_part_of_it(library: Library) -> None:
    chosen = {item.exercise for item in first_programme(HEALTHY, library).items}

    assert not chosen & {"spaziergang", "sitz-becken", "aufstehen-recken"}


def with_bridge(library: Library, **changes: object) -> Library:
    bridge = library.exercises["bruecke"].model_copy(update=changes)
    return library.model_copy(update={"exercises": {"bruecke": bridge}})


def test_a_tag_may_leave_some_levels(library: Library) -> None:
    changed = with_bridge(library, skip=(Skip(tag="KN", levels_allowed=(2, 3), reason="knee"),))

    assert exercises(first_programme(replace(HEALTHY, tags=frozenset({"KN"})), changed)) == [("bruecke", 2)]


def test_two_tags_that_leave_no_level_in_common_leave_it_out(library: Library) -> None:
    skips = (Skip(tag="KN", levels_allowed=(1,), reason="knee"), Skip(tag="SH", levels_allowed=(2,), reason="shoulder"))
    both = replace(HEALTHY, tags=frozenset({"KN", "SH"}))

    assert first_programme(both, with_bridge(library, skip=skips)).left_out[0].reason == "skip/knee"


def test_what_nobody_has_at_home_is_asked_for_first(library: Library) -> None:
    changed = with_bridge(library, equipment=(Equipment.BAND,))

    assert first_programme(HEALTHY, changed).left_out[0].reason == "reason/P_EQUIPMENT"
    owner = replace(HEALTHY, equipment=frozenset({Equipment.BAND}))
    assert exercises(first_programme(owner, changed)) == [("bruecke", 1)]


def test_what_wants_something_reached_before_waits_for_it(library: Library) -> None:
    bridge = library.exercises["bruecke"]
    first = bridge.levels[0].model_copy(update={"needs": (Need(exercise="kniebeuge", level=3),)})
    changed = with_bridge(library, levels=(first, *bridge.levels[1:]))
    none: frozenset[str] = frozenset()

    assert first_programme(HEALTHY, changed).items == ()
    assert next_exercise(none, HEALTHY, changed, acute_settled=False) is None
    reached = next_exercise(none, HEALTHY, changed, acute_settled=False, is_met=lambda need: need.level == 3)
    assert reached == ProgrammeItem("bruecke", Place(1, 1, 3))


def test_a_retired_exercise_does_not_come(library: Library) -> None:
    assert first_programme(HEALTHY, with_bridge(library, replaced_by="beckenkippen")).items == ()


def test_walks_and_desk_breaks_have_their_own_place_in_the_day(library: Library) -> None:
    for changed in (with_bridge(library, load="W"), with_bridge(library, category=Category.DESK_BREAK, load=1)):
        assert first_programme(HEALTHY, changed).items == ()


@pytest.mark.parametrize(
    ("unit", "amount", "seconds"),
    [
        (Unit.REPS, {"reps": 6}, 2 * 42 + 30),
        (Unit.REPS_SIDE, {"reps": 6, "per_side": True}, 4 * 42 + 30),
        (Unit.SECONDS, {"seconds": 6}, 2 * 6 + 30),
        (Unit.SECONDS_SIDE, {"seconds": 6, "per_side": True}, 4 * 6 + 30),
        (Unit.MINUTES, {"minutes": 6}, 2 * 360 + 30),
        (Unit.METRES, {"other": 6}, 2 * 6 + 30),
        (Unit.FLOORS, {"other": 6}, 2 * 120 + 30),
    ],
)
def test_dose_and_time_by_unit(library: Library, unit: Unit, amount: dict[str, int], seconds: float) -> None:
    exercise: Exercise = library.exercises["bruecke"].model_copy(update={"unit": unit})
    dose = dose_of(exercise, Place(1, 1, 2))

    assert {name: getattr(dose, name) for name in amount} == amount
    assert seconds_of(exercise, Place(1, 1, 2), library.thresholds) == seconds


def test_no_more_sets_are_taken_than_there_are(library: Library) -> None:
    items = (ProgrammeItem("bruecke", Place(1, 4, 3)), ProgrammeItem("beckenkippen", Place(1, 4, 2)))

    assert [item.place.sets for item in fit_minutes(items, 1, library)] == [1, 1]
    assert fit_minutes(items, 60, library) == items


@pytest.mark.parametrize(
    ("change", "low"),
    [
        ({}, False),
        ({"pain_now": 6}, True),
        ({"pain_now": None}, True),
        ({"fear": 7}, True),
        ({"fear": None}, True),
        ({"activity": Activity.INACTIVE}, True),
        ({"disposition": Disposition.CAUTION}, True),
    ],
)
def test_who_starts_on_the_lowest_form(library: Library, *, change: dict[str, object], low: bool) -> None:
    active = replace(HEALTHY, fear=2, activity=Activity.ACTIVE)

    assert starts_low(replace(active, **change), library) is low  # type: ignore[arg-type]  # mixed columns


ABLE = replace(HEALTHY, fear=2, activity=Activity.ACTIVE, pain_average=2)


def joins(profile: Profile, library: Library, have: frozenset[str] = frozenset()) -> ProgrammeItem | None:
    return next_exercise(have, profile, library, acute_settled=True)


def test_what_joins_later_begins_in_the_second_form_for_whom_nothing_speaks_against_it(library: Library) -> None:
    have = frozenset({"beckenkippen", "katze-kuh"})

    assert joins(ABLE, library, have) == ProgrammeItem("bruecke", Place(2, 1, 3))
    for change in ({"fear": 8}, {"activity": Activity.INACTIVE}, {"tags": frozenset({"SC"})}, {"soft_open": ("x",)}):
        lowest = joins(replace(ABLE, **change), library, have)
        assert lowest is not None
        assert lowest.place.level == 1


def test_the_first_day_holds_the_lowest_forms_for_everybody(library: Library) -> None:
    assert {item.place.level for item in first_programme(ABLE, library).items} == {1}


@pytest.mark.parametrize("wants", [{"equipment": (Equipment.BAND,)}, {"needs": (Need(exercise="kniebeuge", level=3),)}])
def test_where_the_second_form_wants_something_it_begins_in_the_lowest(
    library: Library, wants: dict[str, object]
) -> None:
    bridge = library.exercises["bruecke"]
    second = bridge.levels[1].model_copy(update=wants)

    assert first_place(bridge, ABLE, library).level == 2
    changed = bridge.model_copy(update={"levels": (bridge.levels[0], second, *bridge.levels[2:])})
    assert first_place(changed, ABLE, library).level == 1


# Exercises of which a tag takes the lower forms away, and the lowest that is left.
ONLY_HIGHER = {
    ("bauchatmung", "FL"): 2,
    ("bauchatmung", "P20"): 2,
    ("beinrueckseite", "OP"): 2,
    ("katze-kuh", "OP"): 2,
    ("rueckenstrecker", "SH"): 2,
}


def test_where_a_tag_takes_the_lower_forms_away_it_begins_in_the_lowest_that_is_left(library: Library) -> None:
    found = {
        (exercise.id, tag): levels[0]
        for exercise in library.exercises.values()
        for tag in library.tags
        if (levels := exercise.allowed_levels(library.with_implied(frozenset({tag})))) and levels[0] > 1
    }

    assert {pair: level for pair, level in found.items() if pair[1] != "CS"} == ONLY_HIGHER  # cortisone counts as OP
    for (name, tag), level in found.items():
        minding, exercise = replace(ABLE, tags=frozenset({tag})), library.exercises[name]
        assert lowest_place(exercise, minding, library).level == level
        assert first_place(exercise, minding, library).level == level


@pytest.mark.parametrize(
    ("change", "most"),
    [
        ({}, 3),
        ({"disposition": Disposition.DOCTOR_SOFT}, 1),
        ({"soft_open": ("rf_walk",)}, 1),
        ({"episode": Episode.ACUTE}, 1),
        ({"pain_average": 7}, 2),
    ],
)
def test_a_higher_form_is_no_way_past_the_members_limit(library: Library, change: dict[str, object], most: int) -> None:
    """Also where only a higher form is allowed: the first meeting is never heavier than the member's days may be."""
    for name, tag in ONLY_HIGHER:
        minding = replace(ABLE, tags=frozenset({tag}), **change)  # type: ignore[arg-type]  # mixed columns
        met = {item.exercise for item, _ in fitting_exercises(minding, library, 3, acute_settled=False)}

        assert not any(is_heavier(library.exercises[each], most) for each in met)
        assert (name in met) is not is_heavier(library.exercises[name], most)
