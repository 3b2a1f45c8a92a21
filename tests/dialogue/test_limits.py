"""A physiotherapist's limits: by exercise, form or movement, or only some. They narrow everything and nothing else."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.coach.profile import Profile
from bot.coach.programme import first_programme
from bot.coach.selftest import fitting_tests
from bot.dialogue import facts as f
from bot.dialogue.flaring import gentle
from bot.dialogue.flows.session import SessionStart
from bot.dialogue.history import profile_of
from bot.dialogue.markup import plain
from bot.dialogue.member import Known, adapter_for
from bot.dialogue.memory import remember_all
from bot.dialogue.text import render
from bot.dialogue.uniting import flags_of, unite
from bot.library.exercise import Exercise
from bot.library.limits import Movement
from tests.dialogue.month import Month
from tests.dialogue.perfect import glad, lives
from tests.dialogue.room import Room, the_kit
from tests.exploration.explorer import explored

LIBRARY = the_kit().library
EXERCISES = sorted(LIBRARY.exercises)
LIMIT = (
    st.sampled_from(EXERCISES).map(lambda each: f"not:{each}")
    | st.tuples(st.sampled_from(EXERCISES), st.integers(1, 5)).map(lambda each: f"most:{each[0]}:{each[1]}")
    | st.sampled_from(EXERCISES).map(lambda each: f"only:{each}")
    | st.sampled_from(sorted(Movement)).map(lambda each: f"move:{each}")
)
LIMIT_SETS = st.lists(LIMIT, max_size=6, unique=True).map(tuple)


def breaks(limits: tuple[str, ...], exercise: Exercise, level: int) -> bool:
    """The promise in its own words, beside the code."""
    only = {limit.removeprefix("only:") for limit in limits if limit.startswith("only:")}
    moves = {limit.removeprefix("move:") for limit in limits if limit.startswith("move:")}
    most = [limit.split(":") for limit in limits if limit.startswith(f"most:{exercise.id}:")]
    floor = "floor" in moves and level not in exercise.allowed_levels(frozenset({"FL"}))
    return (
        f"not:{exercise.id}" in limits
        or bool(only and exercise.id not in only)
        or bool(moves & set(exercise.moves))
        or any(level > int(number) for _, _, number in most)
        or floor
    )


def with_limits(known: Known, limits: tuple[str, ...], room: Room) -> Known:
    return remember_all(known, [f.Dated(f.Limited(limits=limits), room.now, room.now.date())])


@given(LIMIT_SETS, st.lists(st.sampled_from(sorted(LIBRARY.tags)), max_size=4).map(frozenset))
@settings(max_examples=150, deadline=None)
def test_limits_only_ever_narrow_and_none_is_ever_broken(limits: tuple[str, ...], tags: frozenset[str]) -> None:
    room = Room()
    own = profile_of(with_limits(Known(), limits, room), LIBRARY, room.now.date()).tags
    for exercise in LIBRARY.exercises.values():
        free, limited = exercise.allowed_levels(tags), exercise.allowed_levels(tags | own)
        assert set(limited) <= set(free)
        assert not [level for level in limited if breaks(limits, exercise, level)]


@given(LIMIT_SETS)
@settings(max_examples=40, deadline=None)
def test_no_chooser_brings_what_a_limit_forbids(limits: tuple[str, ...]) -> None:
    """First programme, flare-up, self-tests: each reads the limits as it reads every skip tag."""
    room = Room()
    known = with_limits(Known(), limits, room)
    profile = replace(Profile(), tags=profile_of(known, LIBRARY, room.now.date()).tags)
    chosen = [(item.exercise, item.place.level) for item in first_programme(profile, LIBRARY).items]
    chosen += [(each.exercise, each.level) for each in gentle(known, room.kit, room.now.date())]
    stands_on = {test.id: test.exercise for test in LIBRARY.selftests.tests}
    chosen += [(stands_on[fit.test], fit.level) for fit in fitting_tests(profile, {}, LIBRARY, is_met=lambda _: True)]

    assert not [name for name, level in chosen if breaks(limits, LIBRARY.exercises[name], level)]


@pytest.mark.parametrize("limits", [("move:bend",), ("move:twist", "move:arch"), ("most:bruecke:1", "not:katze-kuh")])
def test_weeks_of_a_programme_never_hold_it(limits: tuple[str, ...]) -> None:
    room = list(lives(Room(), 4))[-1]
    room.member = replace(room.member, known=with_limits(room.member.known, limits, room))
    began = len(room.facts)
    Month(room, answer=glad).lives(20)

    items = [i for d in room.facts[began:] if isinstance(d.fact, f.SessionStarted) for i in d.fact.items]
    assert items
    assert not [name for name, level, _ in items if breaks(limits, LIBRARY.exercises[name], level)]


@pytest.mark.parametrize(
    "words",
    ["Meine Physio sagt: keine Brücke", "Mein Physio hat gesagt, nicht nach vorne beugen", "My physio says no planks"],
)
def test_what_a_physio_says_leads_to_the_question(words: str) -> None:
    room = list(lives(Room(), 2))[-1]
    room.passes(hours=20)
    room.says(words)

    assert any(button.data == "/limits" for row in room.visible[room.order[-1]].buttons for button in row)


def told(*tokens: str) -> Room:
    room = list(lives(Room(), 3))[-1]
    room.passes(hours=20)
    room.says("/grenzen")
    for token in tokens:
        room.taps(token)
    return room


def test_an_exercise_a_form_a_movement_and_only_some_are_kept() -> None:
    room = told("not", "strengthen", "+bruecke/name", "=")
    for way in (("move", "+bend", "+floor", "="), ("only", "mobilise", "+knie-pendel/name", "=")):
        room.says("/limits")
        for token in way:
            room.taps(token)

    assert room.member.known.limits == ("not:bruecke", "move:bend", "move:floor", "only:knie-pendel")


def test_a_form_is_the_highest_from_now_on() -> None:
    room = told("most")
    exercise = room.member.known.programme[0].exercise
    room.taps(f"{exercise}/name")
    room.taps("level-1/name")

    assert room.member.known.limits == (f"most:{exercise}:1",)


def test_only_the_same_question_lifts_it() -> None:
    room = told("move", "+bend", "=")
    room.says("/neu")
    for token in ("none", "none", "none", "="):
        room.taps(token, after_s=40)
    assert room.member.known.limits == ("move:bend",)

    room.says("/grenzen")
    for token in ("lift", "+move:bend", "="):
        room.taps(token)

    assert not room.member.known.limits


@pytest.mark.parametrize(
    "typed", ["Nach vorn beugen", "nach vorn beugen und Ohne Katze-Kuh", "1", "Without Cat-cow, 1"]
)
def test_what_is_lifted_can_be_typed_as_it_is_called(typed: str) -> None:
    question = next(q for path in explored("limits") for q in path.questions if q.id == "limits-lift")
    catalog, words = the_kit().catalogs["de"], the_kit().words

    assert question.parse(typed, words)
    assert question.parse("Ohne Beckenkippen", words) is None  # only something else of it is in force
    for row in question.rows():
        for option in row:
            assert question.parse(plain(render(option.label, catalog)), words) == frozenset({option.token[1:]})


def test_a_limit_opens_no_lock_and_is_united_with_another_place() -> None:
    room = Room()
    locked = remember_all(Known(), [f.Dated(f.Disposed(disposition="urgent"), room.now, room.now.date())])
    limited = with_limits(locked, ("only:bruecke",), room)

    assert limited.lock == locked.lock
    assert unite(Known(), flags_of(limited, "web"), room.now.date()).limits == ("only:bruecke",)


def test_an_offer_made_before_is_not_resumed_and_the_next_one_holds_nothing_of_it() -> None:
    room = list(lives(Room(), 3))[-1]
    room.passes(hours=20)
    room.says("/heute")
    assert room.member.open is not None
    offered = adapter_for(SessionStart).validate_json(room.member.open.start).planned[0].exercise
    category = LIBRARY.exercises[offered].category.value
    room.says("/grenzen")
    for token in ("not", category, f"+{offered}/name", "="):
        room.taps(token)
    assert room.member.open is None
    assert room.member.parked is None

    room.says("/heute")

    state = room.member.open
    assert state is not None
    start = adapter_for(SessionStart).validate_json(state.start)
    shown = (*start.planned, *start.spares, *((start.micro,) if start.micro else ()))
    assert shown
    assert offered not in {each.exercise for each in shown}
