"""The lists again: every four weeks line by line, after long pauses, and whenever they were left open."""

from datetime import timedelta

import pytest

from bot.dialogue.facts import ListsDue, SessionStarted
from bot.dialogue.flows.lists import LISTS
from bot.dialogue.flows.session import SESSION
from bot.dialogue.messages import Kind
from bot.dialogue.rescreening import is_stale
from tests.dialogue.room import Room

LINES = 5  # of list 1


def flow_of(room: Room) -> str:
    return "" if room.member.open is None else room.member.open.flow


def away(days: int) -> Room:
    room = Room()
    room.first_day()
    room.lives(days=days)
    return room


def answers_all(room: Room) -> None:
    while flow_of(room) == LISTS.name:
        last = room.visible[room.order[-1]]
        tokens = {button.data.rpartition(".")[2] for row in last.buttons for button in row}
        room.taps("none" if "none" in tokens else "no", after_s=60)


@pytest.mark.parametrize(("days", "lists"), [(13, 0), (14, 3), (20, 3), (27, 3)])
def test_a_long_pause_brings_the_short_lists_before_anything_else(days: int, lists: int) -> None:
    room = away(days)

    room.says("/heute")

    assert flow_of(room) == (LISTS.name if lists else SESSION.name)
    assert Kind.EXERCISE not in room.kinds
    for _ in range(lists):
        room.taps("none", after_s=60)
    assert flow_of(room) == SESSION.name


@pytest.mark.parametrize("days", [28, 60])
def test_after_four_weeks_list_one_is_asked_line_by_line_and_then_all_others(days: int) -> None:
    room = away(days)
    room.says("/heute")
    assert "Ist davon jetzt etwas neu?" in room.texts[-1]

    for _ in range(LINES):
        room.taps("no", after_s=20)
    for _ in range(3):
        room.taps("none", after_s=60)

    assert flow_of(room) == SESSION.name
    assert room.member.known.screened_fully == room.now.date().isoformat()
    room.taps("go")
    room.taps("3")
    assert room.member.known.lock is None


def test_a_yes_to_a_single_line_locks() -> None:
    room = away(30)
    room.says("/heute")
    room.taps("no", after_s=20)

    for token in ("yes", "no", "no", "no", "new"):
        room.taps(token, after_s=20)

    lock = room.member.known.lock
    assert lock is not None
    assert lock.disposition == "emergency"
    assert room.member.alarm is not None


def test_lists_left_open_come_again_and_nothing_starts_before() -> None:
    room = away(15)
    room.says("/heute")
    room.taps("none", after_s=60)

    room.says("/heute")
    assert flow_of(room) == LISTS.name
    room.lives(days=1)
    room.says("/heute")

    assert flow_of(room) == LISTS.name
    assert room.known_facts(ListsDue)
    assert len(room.known_facts(SessionStarted)) == 1
    answers_all(room)
    assert flow_of(room) == SESSION.name


def test_one_minute_from_a_late_note_waits_for_the_lists_too() -> None:
    room = away(20)

    room.taps("show")

    assert flow_of(room) == LISTS.name


def test_lists_answered_long_ago_raise_nothing_and_say_so() -> None:
    room = Room()
    room.first_day()
    day, library = room.now.date(), room.kit.library

    assert not is_stale(room.member.known, day + timedelta(days=13), library)
    assert is_stale(room.member.known, day + timedelta(days=14), library)
