"""[Vertippt] on a disposition: each line again, unsure ones in other words, and both answers stay written."""

import pytest

from bot.dialogue.events import ButtonTapped
from bot.dialogue.facts import Dated, TagsGiven
from bot.dialogue.flows.lines import LATE_ITEM
from bot.dialogue.flows.session import SESSION
from bot.dialogue.memory import remember
from bot.dialogue.rescreening import is_new
from tests.dialogue.room import Room


def at_something_new() -> Room:
    room = Room()
    room.first_day()
    room.says("/neu", after_s=3600)
    return room


def taps(room: Room, *tokens: str) -> None:
    for token in tokens:
        room.taps(token, after_s=60)


def all_no(room: Room) -> None:
    while room.member.alarm is not None:
        room.taps("no")


def test_an_accident_taken_back_leaves_nothing_of_it() -> None:
    room = at_something_new()
    taps(room, "none")
    room.says("1", after_s=60)
    taps(room, "weeks", "no", "mistake")

    all_no(room)

    answers = dict(room.member.known.answers)
    assert (answers["rf_trauma"], answers[LATE_ITEM]) == ("no", "no")


def test_an_unsure_line_is_asked_once_more_when_a_tap_is_taken_back() -> None:
    room = Room()
    room.says("/start")
    taps(room, "yes", "none", "none", "18_44", "chronic", "none")
    room.says("1", after_s=60)
    taps(room, "no", "mistake")
    for item in ("rf_cancer", "rf_weight", "rf_opfx", "rf_postop", "rf_heart", "rf_thor"):
        room.taps("unsure" if item == "rf_heart" else "no")
    assert "abgeraten" in room.texts[-1]
    room.taps("yes")

    assert room.member.known.lock is not None
    assert room.member.known.lock.disposition == "doctor_first"


def test_a_mistaken_tap_on_a_warning_sign_in_pregnancy_can_be_taken_back() -> None:
    room = at_something_new()
    taps(room, "none", "none", "none", "+PG", "=", "yes")
    assert room.member.known.lock is not None

    taps(room, "mistake", "no")

    assert room.member.known.lock is None
    assert room.member.known.disposition == "caution"
    assert room.member.known.tags == ("PG",)


def test_taken_back_in_the_first_conversation_it_goes_on_at_caution() -> None:
    room = Room()
    room.says("/start")
    taps(room, "yes", "none", "none", "18_44", "chronic", "none", "none", "+PG", "=", "yes", "mistake", "no", "3")

    assert room.member.known.lock is None
    assert room.member.known.disposition == "caution"


def test_a_corrected_tap_that_leaves_something_urgent_says_so_and_asks_a_day_later() -> None:
    room = Room()
    room.first_day()
    room.says("/neu", after_s=3600)
    room.says("1", after_s=60)
    for token in ("new", "mistake", "no", "no", "no", "no", "yes"):
        room.taps(token)

    assert room.member.known.lock is not None
    assert room.member.known.lock.disposition == "urgent"
    assert "116117" in room.texts[-1]
    assert room.is_due("after-urgent")
    assert not room.is_offered("mistake")


def test_after_a_tap_taken_back_something_new_is_still_asked_to_the_end() -> None:
    room = at_something_new()
    room.says("1", after_s=60)
    taps(room, "new", "mistake")
    all_no(room)

    room.says("/heute")
    taps(room, "none", "none", "none", "+PG", "=", "no", "no", "no")

    assert room.member.known.tags == ("PG",)
    assert room.member.open is not None
    assert room.member.open.flow == SESSION.name


@pytest.mark.parametrize("lists", [0, 3])
def test_something_new_that_was_left_half_way_asks_what_to_mind_before_the_next_exercises(lists: int) -> None:
    room = at_something_new()
    taps(room, *["none"] * lists)
    room.says("/stopp")
    taps(room, "question")

    room.says("/heute", after_s=60)
    taps(room, "none", "none", "none", "+P20", "=", "no", "no")

    assert room.member.known.tags == ("P20",)


def test_a_tap_is_taken_back_in_half_an_hour_and_not_days_later() -> None:
    room = at_something_new()
    taps(room, "none", "none")
    room.says("1", after_s=60)
    taps(room, "new")
    room.taps("mistake", after_s=29 * 60)
    line = room.button("no")

    room.passes(days=3)
    room.happens(ButtonTapped(data=line))
    assert room.member.known.lock is not None
    assert "116117" in room.texts[-1]

    room.happens(ButtonTapped(data=line))
    room.says("nein")
    assert room.member.known.lock is not None
    assert not room.is_offered("mistake")


def test_the_question_after_half_an_hour_waits_for_a_tap_that_is_being_taken_back() -> None:
    room = at_something_new()
    room.says("1", after_s=60)
    taps(room, "new")
    room.taps("mistake", after_s=29 * 60)
    room.until_due("after-emergency")
    assert room.member.known.lock is not None
    assert room.is_due("after-emergency")

    all_no(room)
    assert room.member.known.lock is None


def test_a_tap_that_is_never_taken_back_to_the_end_does_not_put_that_question_off_for_good() -> None:
    room = at_something_new()
    room.says("1", after_s=60)
    taps(room, "new", "mistake")

    room.lives(hours=1)

    assert room.member.alarm is not None
    assert room.member.alarm.flow == "follow-up"
    assert not room.is_due("after-emergency")


def test_taking_a_tap_back_asks_every_line_of_its_list_also_those_that_were_never_reached() -> None:
    room = Room()
    room.says("/start")
    room.taps("yes")
    room.taps("none", after_s=1)  # faster than it can be read: line by line
    room.taps("yes")
    room.until_due("undecided")
    taps(room, "mistake", "no", "no", "no", "yes")

    assert room.member.alarm is not None
    taps(room, "no")
    assert room.member.known.lock is not None
    assert dict(room.member.known.answers)["rf_legs"] == "yes"


def test_taking_something_to_mind_away_in_the_settings_does_not_answer_what_came_on_top() -> None:
    room = at_something_new()
    room.says("/stopp")
    taps(room, "question")
    known = remember(room.member.known, Dated(TagsGiven(tags=()), room.now, room.now.date()))

    assert is_new(known)
