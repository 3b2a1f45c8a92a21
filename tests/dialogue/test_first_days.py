"""The thin path as a member lives it: hello to the second day that differs because of the answers."""

import pytest

from bot.dialogue.facts import Consented, Decided, ExerciseDone, PainReported, SessionEnded, SessionStarted
from bot.dialogue.member import Status
from bot.dialogue.messages import Kind, Priority
from tests.dialogue.room import Room


@pytest.mark.parametrize("language", ["de", "en"])
def test_the_first_exercise_comes_within_ten_taps(language: str) -> None:
    room = Room(language=language)

    room.onboards()
    room.taps("go")

    exercises = [m for m in room.last.messages if m.kind is Kind.EXERCISE]  # type: ignore[union-attr]  # a turn happened
    assert room.member.language == language
    assert [m.picture.figure for m in exercises if m.picture] == ["beckenkippen"]


def test_nothing_is_recorded_before_consent() -> None:
    room = Room()

    room.says("hallo")

    assert room.facts == []
    assert room.member.status is Status.NEW


def test_a_refusal_erases_the_person() -> None:
    room = Room()
    room.says("/start")

    room.taps("no")

    assert room.erased


def test_the_first_day_is_written_down() -> None:
    room = Room()

    room.first_day()

    assert room.known_facts(Consented)
    assert [f.when for f in room.known_facts(PainReported)] == ["before", "after"]
    assert [f.effort for f in room.known_facts(ExerciseDone)] == [5, 5]
    assert room.known_facts(SessionEnded) == [SessionEnded(finished=True)]
    assert [key[0] for key in room.appointments if key[0] == "prompt"] == ["prompt"]


def test_the_first_session_holds_nothing_heavy() -> None:
    room = Room()

    room.first_day()

    (started,) = room.known_facts(SessionStarted)
    assert [item[0] for item in started.items] == ["beckenkippen", "katze-kuh"]


def test_the_second_day_begins_with_the_morning_number_and_stays_gentle_while_the_soft_lines_are_open() -> None:
    room = Room()
    room.first_day()

    room.until_due("prompt")
    asked = room.last
    room.taps("3")

    assert asked is not None
    assert all(m.priority is Priority.PROMPT for m in asked.messages)
    assert room.member.open is not None
    assert "Ein paar Fragen sind noch offen" in "".join(room.texts)
    assert "Brücke" not in "".join(room.texts)


def test_after_a_painful_first_day_the_second_day_holds_no_bridge_and_says_why() -> None:
    room = Room()
    room.onboards()
    room.taps("go")
    room.taps("hurt")
    room.taps("stabbing")
    room.taps("5")
    room.taps("enough")
    room.taps("5")
    room.ends_day()

    room.until_due("prompt")
    room.taps("3")
    assert Kind.EXERCISE not in room.kinds
    assert "war zuletzt zu viel und ruht jetzt" in "".join(room.texts)
    room.taps("go")
    room.trains()
    room.taps("3")

    (_, second) = room.known_facts(SessionStarted)
    assert [item[0] for item in second.items] == ["katze-kuh"]
    changes = [fact.change for fact in room.known_facts(Decided) if fact.exercise == "beckenkippen"]
    assert changes == ["start", "rest", "rotate"]  # there is no smaller form, so something else takes its place


def test_rest_after_pain_is_no_dead_end() -> None:
    room = Room()
    room.onboards()
    room.taps("go")
    room.taps("hurt")
    room.taps("stabbing")
    room.taps("5")
    room.taps("enough")
    room.taps("5")
    room.ends_day()
    room.until_due("prompt")
    room.taps("3")

    room.until_due("prompt")

    assert Kind.SESSION in room.kinds


def test_skipping_the_morning_number_is_fine() -> None:
    room = Room()
    room.first_day()
    room.until_due("prompt")

    room.taps("~")

    assert Kind.SESSION in room.kinds


def test_why_names_rule_numbers_and_source() -> None:
    room = Room()
    room.first_day()
    room.until_due("prompt")
    room.taps("3")

    room.says("/warum")

    said = "\n".join(room.texts)
    assert "R_" in said
    assert Kind.PLAN in room.kinds


def test_in_a_flood_of_texts_the_call_for_help_is_still_answered() -> None:
    room = Room()
    room.says("/start")
    for _ in range(40):
        room.says("hm", after_s=0.1)
    flooded = room.texts

    room.says("/notfall", after_s=0.1)

    assert flooded == []
    assert "112" in "".join(room.texts)
