"""What stood open when the program changed: nothing is cleared by it, no lock is lost, and the member is told."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.dialogue.facts import AlarmAnswered
from bot.dialogue.member import FlowState
from tests.dialogue.room import Room

BROKEN = '{"of": "an older version"}'


def at(*said: str) -> Room:
    room = Room()
    room.first_day()
    for each in said:
        room.says(each, after_s=60)
    return room


def no_longer_begins(state: FlowState | None) -> FlowState:
    assert state is not None
    return replace(state, start=BROKEN)


def no_longer_follows(state: FlowState | None) -> FlowState:
    assert state is not None
    return replace(state, answers=(*state.answers[:-1], replace(state.answers[-1], question="of-an-older-version")))


Change = Callable[[FlowState | None], FlowState]


def test_a_question_about_words_that_may_be_an_alarm_is_told_to_be_gone_with_all_numbers() -> None:
    room = at("mir ist alles egal")
    room.member = replace(room.member, alarm=no_longer_begins(room.member.alarm))
    room.taps("yes")

    assert "aktualisiert" in room.texts[0]
    assert "116 123" in room.texts[-1]
    assert not room.known_facts(AlarmAnswered)
    room.says("/heute", after_s=60)
    assert room.member.open is not None
    assert room.member.open.flow == "lists"


@pytest.mark.parametrize("change", [no_longer_begins, no_longer_follows])
def test_a_list_that_has_locked_keeps_its_lock_and_the_undecided_yes_counts(change: Change) -> None:
    room = at("/neu")
    room.taps("some", after_s=60)
    room.member = replace(room.member, open=change(room.member.open))
    room.taps("+rf_bilat", after_s=60)

    assert "aktualisiert" in room.texts[0]
    if room.is_offered("none"):
        room.taps("none", after_s=60)
    room.until_due("undecided")

    assert room.member.known.lock is not None
    assert room.member.known.lock.disposition == "emergency"
    assert "112" in room.texts[-1]


def test_the_room_of_a_lock_opens_anew() -> None:
    room = at("/neu", "1")
    room.taps("new")
    room.member = replace(room.member, alarm=no_longer_begins(room.member.alarm))
    room.taps("coming")

    assert room.member.known.lock is not None
    assert "112" in room.texts[-1]
    assert room.is_offered("coming")


@pytest.mark.parametrize("change", [no_longer_begins, no_longer_follows])
def test_a_way_back_opens_nothing(change: Change) -> None:
    room = at("/neu")
    room.taps("unsure", after_s=60)
    room.taps("=")
    assert room.member.known.lock is not None
    room.passes(minutes=5)
    room.says("/heute")
    for token in ("cleared", "okay", "family", "today", "nothing", "none"):
        room.taps(token, after_s=60)
    room.member = replace(room.member, open=change(room.member.open))
    room.taps("none", after_s=60)

    assert "aktualisiert" in room.texts[0]
    assert room.member.known.lock is not None
    assert room.is_offered("okay") or room.is_offered("cleared")


def test_words_that_come_while_such_a_question_stands_are_heard() -> None:
    room = at("mir ist alles egal")
    room.member = replace(room.member, alarm=no_longer_begins(room.member.alarm))

    room.says("ich habe 39 Fieber und Schüttelfrost", after_s=60)

    assert room.member.known.lock is not None
    assert "116117" in room.texts[-1]
