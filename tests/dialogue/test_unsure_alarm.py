"""Words that may be an alarm: the safety line and one question at once; nothing is cancelled until it is answered."""

import pytest

from bot.coach.alarm import MODEL, AlarmLevel, Certainty
from bot.dialogue.facts import AlarmAnswered, AlarmRaised, Disposed, SessionEnded
from bot.dialogue.messages import Kind
from tests.dialogue.room import Room, the_detector

# Heard by the model alone: no rule knows these words.
HINTS = {
    "de": "Am Bahngleis heute dachte ich, ein Schritt und alle wären mich los",
    "en": "stood on the platform today thinking one step and they'd be rid of me",
}


def unsure(room: Room, text: str = "mir ist alles egal") -> Room:
    room.first_day()
    room.says(text)
    return room


def test_the_safety_line_and_one_question_come_first() -> None:
    room = unsure(Room())

    assert room.kinds == {Kind.EMERGENCY}
    assert len(room.texts) == 1
    assert "112" in room.texts[0]
    assert room.texts[0].count("?") == 1
    assert room.member.known.lock is None


def test_nothing_is_cancelled_before_the_answer_and_a_no_ends_it() -> None:
    room = Room()
    room.first_day()
    planned = set(room.appointments)

    room.says("mir ist alles egal")
    assert planned <= set(room.appointments)
    room.taps("no")

    assert planned <= set(room.appointments)
    assert room.member.known.lock is None
    assert [fact.disposition for fact in room.known_facts(Disposed)] == ["go"]  # the first day's


@pytest.mark.parametrize("answer", ["yes", "unsure"])
def test_yes_and_unsure_lock(answer: str) -> None:
    room = unsure(Room())

    room.taps(answer)

    assert room.member.known.lock is not None
    assert [fact.answer for fact in room.known_facts(AlarmAnswered)] == [answer]


@pytest.mark.parametrize("language", sorted(HINTS))
def test_what_only_the_model_hears_is_asked_about_too(language: str) -> None:
    room = unsure(Room(language=language), HINTS[language])

    raised = room.known_facts(AlarmRaised)[-1]
    assert (raised.level, raised.certainty) == ("crisis", "ask")
    assert room.kinds == {Kind.EMERGENCY}
    assert raised.rule == MODEL


def test_exercises_begun_before_the_words_end_by_their_own_rule_and_the_day_is_planned_anew() -> None:
    room = Room()
    room.first_day()
    room.passes(days=1)
    room.says("/heute")
    room.taps("go")
    room.taps("3")
    before = room.member.open
    assert before is not None

    room.says("mir ist alles egal")
    assert room.member.open == before  # nothing is cancelled while it is asked
    room.taps("no")

    ended = room.known_facts(SessionEnded)[-1]
    assert not ended.finished
    assert room.member.known.lock is None
    assert room.member.open != before
    if (after := room.member.open) is not None:
        assert after.revision == room.member.known.safety_revision
    assert room.texts[0].startswith("Gut, dass das klar ist.")


def test_the_first_questions_go_on_after_a_no() -> None:
    room = Room()
    room.says("hallo")
    room.taps("Ja, einverstanden")
    before = room.member.open
    assert before is not None

    room.says("mir ist alles egal")
    room.taps("no")

    after = room.member.open
    assert after is not None
    assert after.run == before.run


@pytest.mark.parametrize(
    ("command", "label"),
    [("/settings", "Days a week"), ("/settings", "days a week.")],
)
def test_what_stands_on_a_button_of_the_open_question_is_an_answer_and_no_alarm(command: str, label: str) -> None:
    """The model alone would ask about them."""
    alarm = the_detector().check(label)
    assert (alarm.level is not AlarmLevel.NONE, alarm.certainty) == (True, Certainty.ASK)
    room = Room(channel="matrix", language="de" if command == "/einstellungen" else "en")
    room.first_day()
    room.says(command)
    before = room.member.open

    room.says(label)

    assert room.member.alarm is None
    assert room.known_facts(AlarmRaised) == []
    assert room.member.open != before  # it was taken as the answer


def test_the_same_words_beside_another_question_are_asked_about() -> None:
    room = Room()
    room.first_day()
    room.says("Days a week")

    assert room.member.alarm is not None


def test_sure_words_are_an_alarm_also_where_a_button_says_them() -> None:
    room = Room()
    room.says("/start")
    room.taps("yes")
    room.taps("some", after_s=60)
    assert "Taub im Schritt, Po" in room.labels

    room.says("Taub im Schritt, Po")

    assert room.known_facts(AlarmRaised)
