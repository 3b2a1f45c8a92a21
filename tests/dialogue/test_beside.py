"""What is no text to answer: stickers, voice, places, edited and forwarded words; and what a lock screen may show."""

import pytest

from bot.dialogue.events import ButtonTapped, Event, MediaReceived, TextReceived, Unreadable
from bot.dialogue.facts import AlarmRaised
from bot.dialogue.flows.session import SESSION
from bot.dialogue.messages import Kind, Message
from bot.dialogue.turn import Turn
from tests.dialogue.room import Room

ALARM = "ich bin im Schritt taub und kann nicht mehr Wasser lassen"


def offered() -> Room:
    room = Room()
    room.first_day()
    room.until_due("prompt")
    room.taps("3")
    return room


def said(turn: Turn | None) -> list[Message]:
    return [] if turn is None else [message for message in turn.messages if not message.only_edit]


@pytest.mark.parametrize(
    ("event", "words"),
    [
        (MediaReceived(what=Unreadable.STICKER), "Sticker"),
        (MediaReceived(what=Unreadable.VOICE), "112"),
        (MediaReceived(what=Unreadable.PHOTO), "112"),
        (MediaReceived(what=Unreadable.LOCATION), "112"),
        (TextReceived(text="los", edited=True), "Warnzeichen"),
        (TextReceived(text="los", forwarded=True), "eigenen Worten"),
    ],
)
def test_a_kind_line_says_what_the_coach_can_read_and_the_question_stays(event: Event, words: str) -> None:
    room = offered()
    question = room.texts[-1]

    room.happens(event)

    assert words in room.texts[0]
    assert room.texts[-1] == question
    assert room.member.open is not None
    assert room.member.open.flow == SESSION.name
    assert room.member.open.answers == ()


def test_a_caption_answers_nothing_and_says_nothing() -> None:
    room = offered()

    turn = room.happens(TextReceived(text="los", edited=True, caption=True))

    assert turn.messages == ()


@pytest.mark.parametrize(
    "event",
    [
        TextReceived(text=ALARM, edited=True),
        TextReceived(text=ALARM, edited=True, caption=True),
        TextReceived(text=ALARM, forwarded=True),
    ],
)
def test_alarm_words_win_in_edited_and_forwarded_words_too(event: TextReceived) -> None:
    room = offered()

    room.happens(event)

    assert room.known_facts(AlarmRaised)
    assert Kind.EMERGENCY in room.kinds


def test_whatever_comes_unasked_is_discreet() -> None:
    room = Room()
    room.first_day()

    room.until_due("prompt")

    assert {message.push for message in said(room.last)} == {"Dein Moment ist da."}


def test_an_answer_hides_nothing() -> None:
    room = offered()

    assert {message.push for message in said(room.last)} == {None}


def test_who_switches_it_gets_the_message_itself() -> None:
    room = Room()
    room.first_day()
    room.says("/einstellungen")
    room.taps("push")
    room.taps("open")

    room.until_due("prompt")

    assert {message.push for message in said(room.last)} == {None}


def test_an_emergency_follow_up_is_never_covered() -> None:
    room = Room()
    room.first_day()
    room.says(ALARM)

    room.until_due("after-emergency")

    assert said(room.last)
    assert {message.push for message in said(room.last)} == {None}


def test_a_forged_command_button_does_nothing() -> None:
    room = offered()

    turn = room.happens(ButtonTapped(data="/nothing-like-this"))

    assert turn.messages == ()
