"""Lists asked in the middle of something else: their follow-ups are heard to the end, whatever the flow around them."""

from dataclasses import replace

import pytest

from bot.dialogue.events import Due
from bot.dialogue.facts import Dated, ListsDue
from bot.dialogue.memory import remember
from bot.dialogue.messages import Kind
from bot.dialogue.moment import micros
from tests.dialogue.perfect import lives
from tests.dialogue.room import Room


def at_lists_of_a_hard_day() -> Room:
    room = Room()
    room.first_day()
    room.until_due("prompt")
    room.taps("3")
    room.taps("flare")
    return room


def test_after_a_yes_the_line_can_be_named_and_the_room_opens() -> None:
    room = at_lists_of_a_hard_day()
    room.taps("some", after_s=60)
    assert room.member.known.lock is not None
    assert room.member.known.lock.provisional

    room.taps("+rf_saddle")
    room.taps("=")
    room.taps("new")

    lock = room.member.known.lock
    assert lock is not None
    assert (lock.disposition, lock.items, lock.provisional) == ("emergency", ("rf_saddle",), False)
    assert room.member.open is None
    assert room.member.alarm is not None


def test_what_is_long_known_lets_the_day_go_on_more_carefully() -> None:
    room = at_lists_of_a_hard_day()
    for token in ("some", "+rf_saddle", "=", "same", "yes"):
        room.taps(token, after_s=60)

    assert room.member.known.lock is None
    assert room.member.known.disposition == "caution"
    assert room.member.open is not None
    assert room.member.open.flow == "flare"
    assert [key[0] for key in room.appointments if key[0] == "prompt"] == ["prompt"]


@pytest.mark.parametrize("typed", ["mein Bein ist taub im Schritt", "ich will nicht mehr leben"])
def test_alarm_words_meanwhile_end_the_flow_and_lock_for_good(typed: str) -> None:
    room = at_lists_of_a_hard_day()
    room.taps("some", after_s=60)

    room.says(typed)
    while room.is_offered("yes"):
        room.taps("yes")
    if room.member.open is not None:  # a crisis does not end what was asked about an emergency
        room.until_due("undecided")

    assert room.member.known.lock is not None
    assert not room.member.known.lock.provisional
    assert room.member.open is None


def test_lists_asked_later_never_make_the_disposition_milder() -> None:
    room = at_lists_of_a_hard_day()
    known = replace(room.member.known, disposition="doctor_soft")
    room.member = replace(room.member, known=known, open=None)
    room.says("/schub")
    for token in ("some", "+rf_saddle", "=", "same", "yes", "none", "none"):
        room.taps(token, after_s=60)

    assert room.member.known.lock is None
    assert room.member.known.disposition == "doctor_soft"


@pytest.mark.parametrize("hurt", [("leg", "3"), ("dull", "9")])
def test_what_comes_up_after_the_lists_of_a_day_is_asked_about_before_the_next_exercises(hurt: tuple[str, str]) -> None:
    """Lists that were clear at breakfast say nothing about what the exercises brought; left open, they come again."""
    room = Room()
    room.first_day()
    room.until_due("prompt")
    room.taps("3")
    room.says("/neu", after_s=60)
    for token in ("none", "none", "none", "="):
        room.taps(token, after_s=60)
    room.says("/heute", after_s=60)
    room.taps("go")
    for token in ("hurt", *hurt):
        room.taps(token)

    room.until_due("prompt")
    room.taps("3")

    assert room.member.open is not None
    assert room.member.open.flow == "lists", room.texts


def test_lists_answered_because_of_what_came_up_are_not_asked_again() -> None:
    room = Room()
    room.first_day()
    room.until_due("prompt")
    room.taps("3")
    room.taps("go")
    for token in ("hurt", "leg", "3", "none", "none", "none"):
        room.taps(token, after_s=60)
    room.trains()

    room.until_due("prompt")
    room.taps("3")

    assert room.member.open is not None
    assert room.member.open.flow == "session", room.texts


def test_a_sign_in_the_leg_keeps_the_lists_open_whatever_interrupts_them() -> None:
    """An alarm question answered with no ends the exercises; the lists come before any others."""
    room = Room()
    room.first_day()
    room.until_due("prompt")
    room.taps("3")
    room.taps("go")
    for token in ("hurt", "leg", "3"):
        room.taps(token)
    room.says("mein Bein ist taub")

    room.taps("no")

    assert room.member.open is not None
    assert room.member.open.flow == "lists", room.texts
    assert Kind.EXERCISE not in room.kinds
    room.says("/test", after_s=60)
    assert room.member.open.flow == "lists"


def test_something_new_on_a_hard_day_keeps_the_lists_due_until_they_are_answered_again() -> None:
    room = Room()
    room.first_day()
    room.says("/schub", after_s=86_400)
    for token in ("none", "none", "none", "news"):
        room.taps(token, after_s=60)
    room.says("/heute", after_s=600)
    assert room.is_offered("none")

    room.says("/stopp")
    room.taps("question")
    room.says("/heute", after_s=60)

    assert room.member.open is not None
    assert room.member.open.flow == "lists"


def test_a_mistaken_tap_behind_something_new_leaves_the_other_lists_due() -> None:
    room = Room()
    room.first_day()
    room.says("/neu", after_s=86_400)
    room.says("1", after_s=60)
    for token in ("new", "mistake", "no", "no", "no", "no", "no"):
        room.taps(token, after_s=60)
    assert room.member.known.lock is None

    room.says("/heute", after_s=600)

    assert room.member.open is not None
    assert room.member.open.flow == "lists"


def test_something_new_that_turns_out_clear_lets_the_day_go_on() -> None:
    room = Room()
    room.first_day()
    room.says("/neu", after_s=86_400)
    for token in ("none", "none", "none", "="):
        room.taps(token, after_s=60)

    room.says("/heute", after_s=600)

    assert room.member.open is not None
    assert room.member.open.flow == "session"


@pytest.mark.parametrize("due", [False, True])
def test_no_break_at_the_desk_comes_before_lists_that_are_due(*, due: bool) -> None:
    room = Room()
    room.first_day()
    room.passes(days=1, hours=1)
    known = replace(room.member.known, settings=(("desk", "on"),), since="2026-11-02")
    if due:
        known = remember(known, Dated(ListsDue(), room.now, room.now.date()))
    room.member = replace(room.member, known=known)

    room.happens(Due(kind="desk-1", local_date=room.now.date().isoformat(), due_at=micros(room.now)))

    assert (room.member.open is None) is due


def listed_at_breakfast(*, before: str = "", usual: int = 3) -> Room:
    """Eighteen calm days; then lists 1 to 3 clear in the morning, with this number told before them."""
    *_, room = lives(Room(), 18)
    room.passes(hours=20)
    if before:
        room.says(f"Schmerz {before}")
    if not before or int(before) <= usual + 1:
        room.says("/neu", after_s=60)
        tokens = ("none", "none", "none", "=")
    else:
        tokens = ("none", "none", "none", "steps")
    for token in tokens:
        room.taps(token, after_s=60)
    assert room.member.known.lock is None
    room.passes(hours=9)
    return room


def asks_lists(room: Room) -> bool:
    return room.is_offered("none") and room.is_offered("some")


@pytest.mark.parametrize(
    ("before", "evening", "asks"),
    [("", "8", True), ("2", "8", True), ("2", "6", True), ("6", "9", True), ("8", "8", False)],
)
def test_a_spike_after_clear_lists_brings_them_again(before: str, evening: str, asks: bool) -> None:  # noqa: FBT001
    """2.5: pain of 8, or three above the usual, comes with the lists. What lasts was there when they were answered."""
    room = listed_at_breakfast(before=before)
    room.says(f"Schmerz {evening}")

    assert asks_lists(room) is asks, room.texts


def test_a_spike_behind_the_gentle_thing_that_still_stands_open_brings_the_lists_again() -> None:
    *_, room = lives(Room(), 18)
    room.passes(hours=20)
    room.says("Schmerz 6")
    for _ in range(3):
        room.taps("none", after_s=60)
    room.says("Schmerz 9", after_s=3600)

    assert asks_lists(room), room.texts
    for _ in range(3):
        room.taps("none", after_s=60)
    assert room.is_offered("steps")
    room.says("Schmerz 9", after_s=3600)
    assert not asks_lists(room)


def test_a_spike_in_the_number_before_a_second_session_brings_the_lists_again() -> None:
    room = listed_at_breakfast(before="2")
    room.says("/heute")
    room.taps("go")
    room.taps("8")

    assert asks_lists(room), room.texts
    assert Kind.EXERCISE not in room.kinds


@pytest.mark.parametrize(("how", "peak"), [("dull", "8"), ("stabbing", "9"), ("dull", "6"), ("dull", "5")])
def test_much_pain_in_an_exercise_asks_the_lists_before_anything_else(how: str, peak: str) -> None:
    """Eight, or three above the usual, which is three here (2.5)."""
    asked = int(peak) >= 6
    room = Room()
    room.first_day()
    room.until_due("prompt")
    for token in ("3", "go", "hurt", how, peak):
        room.taps(token)

    assert room.is_offered("none") is asked
    assert room.is_offered("on") is not asked
    if asked:
        for _ in range(3):
            room.taps("none", after_s=60)
        assert Kind.EXERCISE not in room.kinds  # the day ends here


def test_today_on_a_hard_day_shows_where_it_stands_and_asks_no_list_twice() -> None:
    room = at_lists_of_a_hard_day()
    for _ in range(3):
        room.taps("none", after_s=60)
    room.says("/heute", after_s=60)

    assert room.member.open is not None
    assert room.member.open.flow == "flare"
    assert room.is_offered("steps")


def hurts_in_the_first_exercise(much: str) -> Room:
    *_, room = lives(Room(), 18)
    room.until_due("prompt")
    while room.is_offered("2"):
        room.taps("2")
    room.taps("go")
    while room.is_offered("2"):
        room.taps("2")
    for token in ("hurt", "dull", much):
        room.taps(token)
    return room


@pytest.mark.parametrize(("much", "asks"), [("3", False), ("4", False), ("6", True), ("9", True)])
def test_very_strong_pain_in_an_exercise_brings_the_lists_before_the_next_one(much: str, asks: bool) -> None:  # noqa: FBT001
    """2.5: pain of 8, or three above the usual of 2, comes with lists 1 to 3 before anything else."""
    room = hurts_in_the_first_exercise(much)

    assert asks_lists(room) is asks, room.texts


def test_behind_these_lists_no_exercise_follows() -> None:
    room = hurts_in_the_first_exercise("8")
    for _ in range(3):
        room.taps("none", after_s=60)

    assert not room.is_offered("fine")
    assert room.member.known.lock is None
    room.taps("6")
    room.says("/heute", after_s=600)
    assert not asks_lists(room)
