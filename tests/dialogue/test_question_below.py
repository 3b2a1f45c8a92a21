"""Whatever is said beside an open question, the question stands below it again: nobody has to scroll up for it."""

from collections.abc import Callable

import pytest

from bot.dialogue.commands import Command
from bot.dialogue.events import ButtonTapped
from bot.dialogue.facts import SessionEnded
from bot.dialogue.messages import Kind
from tests.dialogue.room import Room


def onboarding(room: Room) -> None:
    room.says("/start")
    for token in ("yes", "none"):
        room.taps(token, after_s=40)


def offer(room: Room) -> None:
    room.onboards()


def exercise(room: Room) -> None:
    room.onboards()
    room.taps("go")


def unsure_alarm(room: Room) -> None:
    exercise(room)
    room.says("ich kann irgendwie schlecht pinkeln")
    assert room.member.alarm is not None


def locked(room: Room) -> None:
    exercise(room)
    room.says("mein po ist taub und ich kann nicht pinkeln")
    assert room.member.known.lock is not None


STATES = [onboarding, offer, exercise, unsure_alarm, locked]
BESIDE = ["hmpf", "danke dir", "wie geht's", "schmerz 6", "/wasistdas", "/7", "👍"]
SAID = [*BESIDE, *(f"/{command.value}" for command in Command)]


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
def test_an_open_question_is_the_last_message_whatever_was_said_beside_it(state: Callable[[Room], None]) -> None:
    for said in SAID:
        room = Room()
        state(room)

        room.says(said)

        waiting = {slot.card for slot in (room.member.alarm, room.member.open) if slot is not None}
        assert room.texts, said
        assert room.member.bottom in waiting, said
        if room.member.alarm is not None and room.member.alarm.flow == "clarify":
            assert room.member.bottom == room.member.alarm.card, said


@pytest.mark.parametrize("data", ["/today", "/exercises", "/flare", "/resume", "/test", "fine"])
def test_while_words_that_may_be_an_alarm_wait_to_be_explained_nobody_is_led_to_move(data: str) -> None:
    room = Room()
    unsure_alarm(room)
    room.taps(data) if data == "fine" else room.happens(ButtonTapped(data=data))

    assert room.kinds <= {Kind.TALK, Kind.EMERGENCY}
    assert not room.known_facts(SessionEnded)
    assert room.member.alarm is not None
    assert room.member.bottom == room.member.alarm.card


def test_a_double_tap_stays_without_an_answer() -> None:
    room = Room()
    exercise(room)
    data = room.button("fine")
    room.happens(ButtonTapped(data=data))

    turn = room.happens(ButtonTapped(data=data))

    assert not turn.messages
