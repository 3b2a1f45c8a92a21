"""The way back after a red flag, but not straight on: left open, told anew, judged long ago, locked by a slip."""

from bot.dialogue.events import ButtonTapped
from bot.dialogue.history import profile_of
from tests.dialogue.room import Room
from tests.dialogue.test_clearance import CLEAR_LISTS, NOTHING_NEW, says_the_practice


def urgent_and_allowed() -> Room:
    """Fever on a list, and what the practice said about it; list 1 is being asked."""
    room = Room()
    room.first_day()
    room.says("/neu", after_s=60)
    says_the_practice(room, "none", "none")
    room.says("1", after_s=60)
    room.taps("new")
    room.says("/heute", after_s=60)
    says_the_practice(room, "cleared", "okay", "family", "today", "nothing")
    return room


def test_what_a_practice_said_last_counts_not_what_was_told_before() -> None:
    room = urgent_and_allowed()
    earlier = room.button("none")
    room.says("/heute", after_s=60)
    says_the_practice(room, "cleared", "not_yet")

    room.happens(ButtonTapped(data=earlier))

    assert room.member.open is None
    assert room.member.known.lock is not None


def test_a_way_back_left_open_begins_anew_another_day() -> None:
    room = urgent_and_allowed()
    room.taps("none", after_s=60)
    room.passes(days=2)
    room.taps("none")

    assert room.member.open is None
    assert room.member.known.lock is not None
    assert "gilt nicht mehr" in room.texts[0]
    assert "ärztlich" in room.texts[-1]


def test_a_practice_that_knows_the_pregnancy_is_not_asked_again_by_the_line_it_has_judged() -> None:
    room = Room()
    room.first_day()
    room.says("/neu", after_s=60)
    says_the_practice(room, "none", "none", "none", "+PG", "=", "no", "yes", "cleared", "okay", "specialist", "today")
    says_the_practice(room, "known", *CLEAR_LISTS, "=", "no", "no")

    assert room.member.known.lock is None
    assert room.member.known.disposition == "caution"


def judged_long_ago() -> Room:
    """An old fracture that a practice has judged; then words that locked as an emergency, a day ago."""
    room = Room()
    room.says("/start")
    says_the_practice(room, "yes", "none", "none", "45_59", "chronic", "none")
    room.says("3", after_s=60)
    says_the_practice(room, "cleared", "okay", "family", "earlier", "known", "none", "none", "none", "none", "=", "3")
    assert dict(room.member.known.answers)["rf_opfx"] == "yes"
    room.says("ich habe starke Brustschmerzen und Atemnot", after_s=60)
    room.passes(hours=25)
    room.says("/heute")
    says_the_practice(room, "cleared", "okay", "clinic", "today", "nothing")
    return room


def test_what_a_practice_judged_long_ago_does_not_bar_the_way_back_for_good() -> None:
    room = judged_long_ago()
    says_the_practice(room, "none", "none", "none")
    assert "Krebs" in room.texts[-1]
    assert "Osteoporose" not in room.texts[-1]
    says_the_practice(room, "none", NOTHING_NEW)

    assert room.member.known.lock is None
    assert "OP" in profile_of(room.member.known, room.kit.library, room.now.date()).tags


def test_what_is_told_first_on_the_way_back_is_said_and_wants_a_visit_of_its_own() -> None:
    room = judged_long_ago()
    says_the_practice(room, "none", "none", "none")
    room.says("1", after_s=60)
    room.taps("no")  # no practice has looked at the back because of it

    assert "Krebs" in room.texts[-1]
    assert room.member.known.lock is not None
    assert room.member.known.lock.disposition == "emergency"
    room.says("/heute", after_s=120)
    says_the_practice(room, "cleared", "okay", "clinic", "yesterday")
    assert "Besuch war vor" in room.texts[-1]
    room.says("/heute", after_s=120)
    says_the_practice(room, "cleared", "okay", "clinic", "today", "nothing", *CLEAR_LISTS, NOTHING_NEW)
    assert room.member.known.lock is None


def test_a_mistaken_tap_can_be_taken_back_once_and_leaves_the_day_open() -> None:
    room = Room()
    room.says("/start")
    room.taps("yes")
    room.says("1", after_s=40)
    room.taps("new")

    room.taps("mistake")
    for _ in range(5):
        room.taps("no")

    assert room.member.known.lock is None
    assert not [mark for mark in room.member.known.marks if mark.what == "stopped"]


def test_a_second_mistake_is_not_offered() -> None:
    room = Room()
    room.says("/start")
    room.taps("yes")
    room.says("1", after_s=40)
    room.taps("new")
    room.taps("mistake")
    for token in ("yes", "no", "no", "no", "no"):
        room.taps(token)

    room.says("/heute")

    assert room.member.known.lock is not None
    assert not any(label == "Vertippt" for label in room.labels[-3:])


def test_opening_the_room_again_does_not_renew_the_half_hour() -> None:
    room = Room()
    room.says("/start")
    room.taps("yes")
    room.says("1", after_s=40)
    room.taps("new")
    room.passes(minutes=31)

    room.says("/heute")

    assert not any("mistake" in button.data for m in room.last.messages for row in m.buttons for button in row)  # type: ignore[union-attr]  # a turn happened
