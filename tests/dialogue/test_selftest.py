"""/test: measured in a trained form on a calm day, ended by pain, shown as a picture; it never raises a load."""

import json
from dataclasses import replace

import pytest

from bot.coach.programme import next_exercise
from bot.coach.records import Moment as CoachMoment
from bot.coach.rising import is_calm
from bot.coach.selftest import weakest
from bot.dialogue.facts import FlareSaid, ListsDue, SelfTested
from bot.dialogue.history import history_of, places_of, profile_of, results_of
from bot.dialogue.member import Tested as Outcome
from bot.dialogue.messages import Kind
from tests.dialogue.room import Room
from tests.dialogue.test_month import month


@pytest.fixture
def room() -> Room:
    room = month.__wrapped__(days=15).room  # a life of its own, for it goes on
    known = room.member.known
    soft = {item.id: "no" for item in room.kit.library.screening.items if item.soft}
    answers = tuple({**dict(known.answers), **soft}.items())
    room.member = replace(room.member, known=replace(known, answers=answers, disposition="go"))
    room.passes(hours=1)
    return room


def _measures(room: Room, *values: int | None) -> None:
    for value in values:
        room.says("Geht nicht" if value is None else str(value), after_s=60)
        if value is None:
            room.taps("not")


def _tests_of(room: Room) -> list[str]:
    """Which tests are still to come, by the start of the flow."""
    assert room.member.open is not None
    return [item["test"] for item in json.loads(room.member.open.start)["items"]]


def test_results_are_kept_and_shown_as_a_picture(room: Room) -> None:
    room.says("/test")
    room.taps("go")
    tests = _tests_of(room)
    room.taps("2")
    _measures(room, *(10 for _ in tests))
    room.taps("2")

    measured = room.known_facts(SelfTested)
    assert [fact.test for fact in measured] == tests
    assert {fact.value for fact in measured} == {10}
    picture = next(m.picture for m in reversed(room.visible.values()) if m.picture is not None)
    assert picture is not None
    assert picture.figure == "chart-stability"
    assert len(json.loads(picture.own)["axes"]) == len(tests)


def test_no_form_is_asked_for_that_is_not_trained(room: Room) -> None:
    room.says("/test")
    assert room.member.open is not None
    places = places_of(room.member.known)

    for item in json.loads(room.member.open.start)["items"]:
        trained = places[item["exercise"]].level if item["exercise"] in places else 1
        assert item["level"] <= trained


def test_where_it_hurts_the_tests_end_and_what_was_measured_counts(room: Room) -> None:
    room.says("/test")
    room.taps("go")
    room.taps("2")
    _measures(room, 5)
    room.says("Geht nicht")
    for token in ("hurt", "dull", "4"):
        room.taps(token)

    assert room.member.open is None or room.member.open.flow != "selftest"
    assert sorted(fact.stopped for fact in room.known_facts(SelfTested)) == [False, True]
    assert len(results_of(room.member.known)) == 1
    assert "aufgehört" in " ".join(room.texts[-2:])


def _hurts_at_once(room: Room, *tokens: str) -> None:
    room.says("/test")
    room.taps("go")
    room.taps("2")
    room.says("Geht nicht")
    for token in ("hurt", *tokens):
        room.taps(token, after_s=60)


@pytest.mark.parametrize("tokens", [(), ("dull", "3"), ("stabbing", "4"), ("unwell",)])
def test_pain_that_ends_a_test_is_a_reaction_like_any_other(room: Room, tokens: tuple[str, ...]) -> None:
    """Nothing rises or joins for 72 hours (I2), and the exercise of the test was done (I7)."""
    known, library = room.member.known, room.kit.library
    before = history_of(known, library)
    _hurts_at_once(room, *(tokens or ("pulling", "2")))
    history, day = history_of(room.member.known, library), room.now.date().toordinal()

    assert is_calm(before, CoachMoment(day), library)
    assert not any(is_calm(history, CoachMoment(day + later), library) for later in range(4))
    assert is_calm(history, CoachMoment(day + 4), library)
    assert len(history.measured) == len(before.measured) + 1
    assert results_of(room.member.known) == results_of(known)


def test_a_muscle_that_burns_is_no_pain_and_the_tests_go_on(room: Room) -> None:
    _hurts_at_once(room, "burn")

    assert room.known_facts(SelfTested) == []
    assert room.member.open is not None
    assert room.member.open.flow == "selftest"


def test_new_pain_down_the_leg_in_a_test_brings_the_lists_and_left_open_they_come_first(room: Room) -> None:
    _hurts_at_once(room, "leg")
    assert room.is_offered("none")
    assert room.is_offered("some")
    assert room.known_facts(ListsDue)
    room.says("/stopp")
    if room.is_offered("question"):
        room.taps("question")
    room.says("/heute", after_s=60)

    assert room.member.open is not None
    assert room.member.open.flow in {"lists", "flare"}


def test_very_strong_pain_behind_the_tests_brings_the_lists(room: Room) -> None:
    _hurts_at_once(room, "dull", "9")

    assert room.is_offered("none")
    assert room.is_offered("some")


def test_for_a_week_nothing_is_measured_again(room: Room) -> None:
    _hurts_at_once(room, "dull", "3")
    room.passes(days=6)
    room.says("/test")

    assert room.member.open is None or room.member.open.flow != "selftest"


def test_with_much_pain_nothing_is_measured(room: Room) -> None:
    room.says("/test")
    room.taps("go")
    room.taps("7")

    assert room.known_facts(SelfTested) == []
    assert "messen wir heute nicht" in " ".join(room.texts)
    assert room.is_offered("some")  # so far above the usual the lists are asked (2.5)


def test_more_pain_afterwards_is_heard(room: Room) -> None:
    room.says("/test")
    room.taps("go")
    tests = _tests_of(room)
    room.taps("1")
    _measures(room, *(5 for _ in tests))
    room.taps("4")

    assert "etwas viel" in " ".join(room.texts[-2:])


def test_a_flare_up_is_no_day_for_measuring(room: Room) -> None:
    room.says("/schub")
    assert room.known_facts(FlareSaid)

    room.says("/test")

    assert room.member.open is None or room.member.open.flow != "selftest"


def test_within_a_week_the_profile_is_shown_again(room: Room) -> None:
    room.says("/test")
    room.taps("go")
    tests = _tests_of(room)
    room.taps("2")
    _measures(room, *(10 for _ in tests))
    room.taps("2")
    room.passes(days=3)

    room.says("/test")

    assert room.last is not None
    assert any(m.picture is not None and m.picture.figure == "chart-stability" for m in room.last.messages)
    assert room.member.open is None or room.member.open.flow != "selftest"


def test_leaving_everything_out_shows_no_picture(room: Room) -> None:
    room.says("/test")
    room.taps("go")
    tests = _tests_of(room)
    room.taps("2")
    _measures(room, *(None for _ in tests))
    room.taps("2")

    assert room.known_facts(SelfTested) == []
    assert room.last is not None
    assert not any(m.picture is not None for m in room.last.messages)


def test_what_lags_behind_may_join_first_and_nothing_else_changes(room: Room) -> None:
    known, library = room.member.known, room.kit.library
    before = profile_of(known, library, room.now.date())
    level = {test.id: test.top_level for test in library.selftests.tests}
    for test in level:
        value = 1 if test == "balance" else 40
        room.member = replace(
            room.member, known=replace(room.member.known, tests=(*room.member.known.tests, _tested(test, value)))
        )
    after = profile_of(room.member.known, library, room.now.date())

    assert weakest(results_of(room.member.known), library) == "balance"
    assert replace(after, emphasis=()) == before
    new = next_exercise(frozenset(places_of(known)), after, library, acute_settled=True)
    assert new is not None
    assert new.exercise in after.emphasis
    assert new.place.level == 1


def _tested(test: str, value: int) -> Outcome:
    return Outcome(day="2026-12-08", test=test, level=1, value=value)


def test_under_a_lock_there_is_no_test(room: Room) -> None:
    room.says("Seit gestern habe ich Fieber und Schüttelfrost und der Rücken tut weh")

    room.says("/test")

    assert room.member.open is None or room.member.open.flow != "selftest"
    assert Kind.EXERCISE not in {m.kind for m in (room.last.messages if room.last else ())}
