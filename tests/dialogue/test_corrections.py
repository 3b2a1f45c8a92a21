"""What was mistyped is as if it had been right: pain in means and decisions, a walk, steps."""

from dataclasses import replace

import pytest

from bot.dialogue.facts import ListsDue, PainReported, WalkLogged
from bot.dialogue.flows.flare import FLARING
from bot.dialogue.flows.lists import LISTS
from bot.dialogue.flows.session import SESSION
from bot.dialogue.member import Known
from bot.dialogue.memory import remember_all
from bot.dialogue.progress import day_pain, pain_by_week, week_done
from tests.dialogue.room import Room


@pytest.fixture
def room() -> Room:
    made = Room()
    made.first_day()
    return made


def flow_of(room: Room) -> str:
    return "" if room.member.open is None else room.member.open.flow


def pains(room: Room) -> list[tuple[str, int | None]]:
    return [(pain.when, pain.value) for pain in room.member.known.pains]


def test_a_corrected_number_counts_alone_in_the_mean_of_its_day_and_week(room: Room) -> None:
    room.until_due("prompt")
    room.taps("9")
    room.says("/vertippt")
    room.taps("2")

    ((_, mean),) = pain_by_week(room.member.known)
    assert day_pain(room.member.known, room.now.date().isoformat()) == 2
    assert mean == 2.5  # the first day's 3 and this 2
    assert ("morning", 9) not in pains(room)


def test_a_corrected_number_after_the_exercises_is_the_sessions(room: Room) -> None:
    room.says("/vertippt")  # the ending stands behind it, but the number is only minutes old
    room.taps("4")

    assert room.member.known.sessions[-1].after == 4
    assert pains(room) == [("before", 3), ("after", 4)]


def test_a_hard_day_of_a_wrong_number_goes_with_it_and_one_that_was_said_stays(room: Room) -> None:
    room.until_due("prompt")
    room.taps("9")
    assert flow_of(room) == FLARING.name
    room.says("/vertippt")
    room.taps("3")
    assert flow_of(room) == SESSION.name
    assert room.known_facts(ListsDue)[-1].withdrawn

    room.taps("flare")
    room.says("Schmerz 9")
    room.says("/vertippt")
    room.taps("3")

    assert flow_of(room) == FLARING.name
    assert not room.known_facts(ListsDue)[-1].withdrawn


def test_a_corrected_number_that_is_still_hard_keeps_the_lists(room: Room) -> None:
    room.until_due("prompt")
    room.taps("10")
    room.says("/vertippt")
    room.taps("9")

    assert flow_of(room) == FLARING.name
    assert not room.known_facts(ListsDue)[-1].withdrawn


def test_lists_that_were_begun_stay(room: Room) -> None:
    room.until_due("prompt")
    room.taps("9")
    room.taps("none", after_s=60)
    room.says("/vertippt")
    room.taps("3")

    assert flow_of(room) == FLARING.name


def test_a_mistyped_walk_is_put_right(room: Room) -> None:
    room.says("/gehen 15")
    room.says("/gehen 200")
    assert "Vertippt" in room.labels
    room.taps("Vertippt")
    room.says("20")

    assert room.known_facts(WalkLogged)[-1] == WalkLogged(minutes=20, instead_of=200)
    today = week_done(room.member.known, room.kit.library, room.now.date())[0]
    assert room.member.known.walks[-1].minutes == 35
    assert today.moved
    assert "20 Minuten" in room.texts[-1]


def test_a_walk_that_was_none_can_be_taken_back(room: Room) -> None:
    room.says("/walk 30")
    room.says("/mistyped")
    room.says("0")

    assert room.member.known.walks[-1].minutes == 0


def test_mistyped_steps_are_put_right(room: Room) -> None:
    room.says("/schritte 60000")
    room.says("/vertippt")
    room.says("6000")

    assert room.member.known.walks[-1].steps == 6000


def test_a_walk_of_ten_minutes_ago_stands(room: Room) -> None:
    room.says("/gehen 200")
    room.passes(minutes=11)
    room.says("/vertippt")

    assert room.member.known.walks[-1].minutes == 200
    assert flow_of(room) == ""


def test_the_journal_tells_the_same_as_the_document(room: Room) -> None:
    room.until_due("prompt")
    for said in ("9", "/vertippt", "3", "/walk 200", "/mistyped", "20"):
        room.says(said)

    rebuilt = remember_all(Known(), room.facts)

    assert replace(room.member.known) == rebuilt
    assert PainReported(when="morning", value=3, corrects=True) in room.known_facts(PainReported)


def test_a_wrong_number_takes_away_its_own_lists_and_not_those_of_something_new(room: Room) -> None:
    room.passes(days=1)
    room.says("/neu")
    room.says("/stopp")
    room.taps("question")
    room.says("Schmerz 9")
    room.says("/vertippt")
    room.taps("3")

    assert flow_of(room) == LISTS.name
