"""A second warning sign while the first one stands or is being cleared: neither takes the other away."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.dialogue.facts import AlarmAnswered, Dated, Disposed
from bot.dialogue.facts_places import United
from bot.dialogue.flows.clarify import CLARIFY
from bot.dialogue.locks import chain
from bot.dialogue.member import Known, adapter_for
from bot.dialogue.memory import remember, remember_all
from bot.dialogue.moment import micros
from tests.dialogue.room import MONDAY, Room
from tests.dialogue.test_clearance import allowed_back, locked_by_alarm, says_the_practice, softened

CHEST = "ich habe starke Brustschmerzen und Atemnot"


def locked(room: Room, disposition: str, item: str) -> Room:
    """A firm lock from earlier, with its room closed."""
    fact = Disposed(disposition=disposition, items=(item,))
    room.member = replace(room.member, known=remember(room.member.known, Dated(fact, room.now, room.now.date())))
    return room


def test_a_mistaken_tap_in_the_second_screen_leads_back_to_the_alarm_and_opens_nothing() -> None:
    room = locked_by_alarm()
    allowed_back(room)
    room.says("1", after_s=60)
    room.taps("new")

    says_the_practice(room, "mistake", "no", "no", "no", "no", "no")

    lock = room.member.known.lock
    assert lock is not None
    assert (lock.disposition, lock.items) == ("emergency", ("leg_weakness",))
    assert "112" in room.texts[-1]
    assert room.is_offered("cleared")


def doctor_first_on_the_way_back() -> Room:
    room = Room()
    room.first_day()
    locked(room, "doctor_first", "rf_cancer").says("/heute")
    says_the_practice(room, "cleared", "okay", "family", "today", "nothing", "none")
    return room


def soft_on_the_way_back() -> Room:
    room = softened()
    room.says("/praxis", after_s=60)
    says_the_practice(room, "okay", "family", "week", "nothing", "none")
    return room


@pytest.mark.parametrize("begin", [doctor_first_on_the_way_back, soft_on_the_way_back])
def test_what_a_practice_said_before_an_emergency_does_not_clear_it(begin: Callable[[], Room]) -> None:
    room = begin()
    room.says(CHEST)
    room.taps("coming")

    for token in ("none", "none", "none", "="):
        if room.is_offered(token):
            room.taps(token, after_s=60)

    assert room.member.known.lock is not None
    assert room.member.known.lock.disposition == "emergency"
    assert room.member.open is None


def test_words_that_were_no_alarm_do_not_end_the_way_back() -> None:
    room = doctor_first_on_the_way_back()
    room.says("mir ist alles egal")
    room.taps("no")

    says_the_practice(room, "none", "none", "none", "=")

    assert room.member.known.lock is None


def test_a_tap_cannot_take_back_what_another_place_said_too() -> None:
    own = remember_all(Known(), [Dated(Disposed(disposition="emergency", items=("rf_legs",)), MONDAY, MONDAY.date())])

    both = remember(
        own, Dated(United(channel="matrix", locks=(("emergency", 0, ("chest_pain",)),)), MONDAY, MONDAY.date())
    )

    assert both.lock is not None
    assert both.lock.corrected


UNSURE = "mir ist alles egal"
ASKS = "nicht mehr leben"


@pytest.mark.parametrize(("disposition", "item"), [("doctor_first", "rf_cancer"), ("urgent", "rf_fever")])
def test_unsure_words_in_a_milder_room_are_asked_about_and_a_no_leads_back_to_it(disposition: str, item: str) -> None:
    room = Room()
    room.first_day()
    locked(room, disposition, item).says("/heute")

    room.says(UNSURE)
    assert ASKS in room.texts[-1]
    assert "112" in room.texts[-1]
    room.taps("no")

    assert room.member.known.lock is not None
    assert room.member.known.lock.disposition == disposition
    assert room.member.alarm is not None
    assert room.member.alarm.flow == "disposed"


def test_unsure_words_in_a_room_that_says_as_much_bring_its_text_again() -> None:
    room = locked_by_alarm()

    room.says("taubes bein")

    assert "112" in room.texts[-1]
    assert room.is_offered("coming")


def test_of_two_unsure_messages_both_are_asked_about_the_gravest_first() -> None:
    room = Room()
    room.first_day()
    room.says("taubes bein")
    room.says(UNSURE)
    assert ASKS in room.texts[-1]

    room.taps("no")
    assert "Bein" in room.texts[-1]
    room.taps("yes")

    assert [fact.answer for fact in room.known_facts(AlarmAnswered)] == ["no", "yes"]
    assert room.member.known.lock is not None
    assert room.member.known.lock.disposition == "urgent"


def test_the_same_unsure_words_twice_are_one_question() -> None:
    room = Room()
    room.first_day()
    room.says(UNSURE)
    room.says(UNSURE)

    room.taps("no")

    assert room.member.alarm is None


def test_a_sure_alarm_does_not_swallow_the_question_about_a_crisis() -> None:
    room = Room()
    room.first_day()
    room.says(UNSURE)

    room.says("ich habe Fieber")
    assert "116117" in room.texts[0]
    assert ASKS in room.texts[-1]
    room.taps("yes")

    assert room.member.known.lock is not None
    assert room.member.known.lock.disposition == "crisis"


def test_the_later_question_waits_for_the_one_about_newer_words() -> None:
    room = locked_by_alarm()
    room.taps("coming")
    room.says(UNSURE, after_s=1500)

    room.until_due("after-emergency")
    assert room.member.alarm is not None
    assert room.member.alarm.flow == "clarify"
    room.taps("no")
    room.until_due("after-emergency")

    assert "Hast du Hilfe" in room.texts[-1]


def asked_on_list_one() -> Room:
    """A yes is named, since when it is there is being asked, and meanwhile the room was asked for."""
    room = Room()
    room.first_day()
    room.says("/neu", after_s=3600)
    room.says("1", after_s=60)
    room.says("/heute", after_s=60)
    return room


def test_while_the_lists_ask_on_there_is_no_tap_to_take_back() -> None:
    room = asked_on_list_one()

    assert "112" in room.texts[-1]
    assert not room.is_offered("mistake")


def test_what_the_lists_lower_closes_the_room_too() -> None:
    room = asked_on_list_one()

    room.taps("same")
    room.taps("yes")

    assert room.member.known.lock is None
    assert room.member.alarm is None


def test_no_practice_clears_what_the_lists_have_not_named_yet() -> None:
    room = Room()
    room.first_day()
    room.says("/heute", after_s=29 * 86_400)
    for token in ("no", "no", "no", "no", "no", "none", "none", "some"):
        room.taps(token, after_s=60)

    room.says("/heute", after_s=60)

    assert room.is_offered("prepare")
    assert not room.is_offered("cleared")


CRISIS = "ich will mich umbringen"
CRISIS_LINE = "0800 1110111"
VIOLENCE = "mein Mann schlägt mich"
FULL_SCREEN = ("none", "none", "none", "none", "=")


def standing(room: Room) -> list[tuple[str, bool]]:
    """The locks, the uppermost first, and whether the lists still ask about each."""
    return [(lock.disposition, lock.provisional) for lock in chain(room.member.known.lock)]


def test_words_of_a_crisis_get_its_help_under_an_emergency_too_and_wait_their_own_day() -> None:
    room = locked_by_alarm()
    room.says(CRISIS, after_s=25 * 3600)

    assert CRISIS_LINE in room.texts[-1]
    assert room.is_due("after-crisis")
    assert standing(room) == [("emergency", False), ("crisis", False)]
    room.says("/heute")
    assert "112" in room.texts[-1]
    assert not room.is_offered("cleared")
    room.passes(hours=24)
    room.says("/heute")
    assert room.is_offered("cleared")


def test_a_crisis_that_was_asked_about_is_not_lost_behind_an_affirmed_emergency() -> None:
    room = Room()
    room.first_day()
    room.says(UNSURE)
    begun = replace(CLARIFY.samples[0], others=(("crisis", "suicidal"),))
    assert room.member.alarm is not None
    start = adapter_for(CLARIFY.start).dump_json(begun).decode()
    room.member = replace(room.member, alarm=replace(room.member.alarm, start=start))

    room.taps("yes")
    assert "112" in room.texts[0]
    assert ASKS in room.texts[-1]
    room.taps("yes")

    assert CRISIS_LINE in room.texts[-1]
    assert standing(room) == [("emergency", False), ("crisis", False)]


@pytest.mark.parametrize("words", ["ich habe 39 Fieber und Schüttelfrost", VIOLENCE, CRISIS])
def test_words_do_not_end_what_a_list_still_asks_about_an_emergency(words: str) -> None:
    room = Room()
    room.first_day()
    room.says("/neu")
    room.taps("some", after_s=60)

    room.says(words)
    assert standing(room)[0] == ("emergency", True)
    room.until_due("undecided")

    assert standing(room)[0] == ("emergency", False)
    assert "112" in room.texts[-1]


@pytest.mark.parametrize(("words", "hours"), [(VIOLENCE, 1), (CRISIS, 25)])
def test_the_own_wish_does_not_open_what_a_practice_should_look_at(words: str, hours: int) -> None:
    room = Room()
    room.first_day()
    locked(room, "urgent", "rf_fever").says(words)
    room.passes(hours=hours)
    room.says("/heute")
    room.taps("cleared")

    assert "Praxis" in room.texts[-1]
    says_the_practice(room, "okay", "family", "today", "nothing", *FULL_SCREEN)
    assert room.member.known.lock is None


def test_the_own_wish_opens_violence_and_a_crisis_alone() -> None:
    room = Room()
    room.first_day()
    room.says(VIOLENCE)
    room.says(CRISIS)
    room.passes(hours=25)
    room.says("/heute")
    says_the_practice(room, "cleared", "again", *FULL_SCREEN)

    assert room.member.known.lock is None
    assert "dort warst" not in " ".join(room.texts)


def test_however_often_words_say_it_what_they_cover_stays_and_does_not_grow() -> None:
    room = Room()
    room.first_day()
    locked(room, "urgent", "rf_fever")
    for words in (VIOLENCE, CHEST, CRISIS) * 4:
        room.says(words, after_s=120)

    locks = list(chain(room.member.known.lock))
    assert len(locks) < 8
    assert any(lock.items == ("rf_fever",) for lock in locks)


def test_united_places_keep_violence_and_what_a_practice_should_look_at_apart() -> None:
    own = remember_all(Known(), [Dated(Disposed(disposition="urgent", items=("rf_fever",)), MONDAY, MONDAY.date())])

    both = remember(
        own, Dated(United(channel="matrix", locks=(("urgent", micros(MONDAY), ("violence",)),)), MONDAY, MONDAY.date())
    )

    assert [lock.items for lock in chain(both.lock)] == [("violence",), ("rf_fever",)]


def test_the_own_wish_leaves_what_a_practice_should_look_at_meanwhile() -> None:
    room = softened()
    room.says(CRISIS)
    room.passes(hours=25)
    room.says("/heute")
    says_the_practice(room, "cleared", "again", *FULL_SCREEN)

    assert room.member.known.lock is None
    assert room.member.known.disposition == "doctor_soft"


def test_what_the_lists_find_on_the_way_back_from_a_crisis_is_said_and_is_for_a_practice() -> None:
    room = Room()
    room.first_day()
    room.says(CRISIS)
    room.passes(hours=25)
    room.says("/heute")
    says_the_practice(room, "cleared", "again", "none", "none")
    room.says("1", after_s=60)
    room.taps("new")

    assert "116117" in room.texts[-1]
    assert "Fieber" in room.texts[-1]
    assert room.is_due("after-urgent")
    assert not room.is_offered("mistake")
    room.says("/heute", after_s=120)
    room.taps("cleared")
    assert "Praxis" in room.texts[-1]


def test_words_beneath_what_a_list_asks_are_asked_about_a_day_later() -> None:
    room = asked_on_list_one()
    room.says("ich habe 39 Fieber und Schüttelfrost")
    for token in ("same", "yes"):
        room.taps(token)

    assert standing(room) == [("urgent", False)]
    assert room.is_due("after-urgent")
