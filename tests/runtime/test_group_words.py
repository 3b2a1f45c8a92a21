"""What is said in a group on its way into the inbox: an alarm or a command of ours is left of it, and no other word."""

from datetime import date

import pytest

from bot.coach.alarm import AlarmLevel
from bot.dialogue.events import Address, Arrival, ButtonTapped, Event, MediaReceived, TextReceived, Unreadable
from bot.dialogue.rounds import tap_data
from bot.runtime.intake import heard_in_groups
from tests.dialogue.room import the_detector

GROUP = Address("matrix", "@coach:example.org", "@ada:example.org", "!room", private=False)
HOME = Address("matrix", "@coach:example.org", "@ada:example.org", "!home")


def heard(event: Event, where: Address = GROUP) -> Arrival | None:
    return heard_in_groups(Arrival(source="1", address=where, event=event, at=1), the_detector())


@pytest.mark.parametrize(
    "said", ["Wer kommt heute mit zum Laufen?", "warum?", "Hilfe", "mein Rücken tut weh", "/unbekannt etwas", "stopp"]
)
def test_talk_among_people_is_not_written_down(said: str) -> None:
    assert heard(TextReceived(text=said)) is None


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("!schmerz 7 im Kreuz", "/pain"),
        ("/start r_ABCDE23456", "/start r_ABCDE23456"),
        ("/start R_abcde23456 und noch etwas", "/start R_abcde23456"),
        ("/start g_ABCDE23456 und noch etwas", "/start"),
        ("Notfall", "/emergency"),
    ],
)
def test_of_a_command_its_name_is_kept(said: str, kept: str) -> None:
    found = heard(TextReceived(text=said, governs=True))

    assert found is not None
    assert found.event == TextReceived(text=kept, governs=True)


def test_of_an_alarm_no_word_is_kept() -> None:
    found = heard(TextReceived(text="Ich spüre zwischen den Beinen nichts mehr"))

    assert found is not None
    assert isinstance(found.event, TextReceived)
    assert found.event.text == ""
    assert found.event.alarm is not None
    assert found.event.alarm.level is not AlarmLevel.NONE


def test_private_words_stay_and_a_tap_on_a_private_card_is_the_rounds() -> None:
    said = TextReceived(text="mein Rücken tut weh")
    tap = ButtonTapped(data=tap_data(7, date(2026, 11, 24)))

    assert heard(said, HOME) == Arrival(source="1", address=HOME, event=said, at=1)
    found = heard(tap, HOME)
    assert found is not None
    assert not found.address.private
    assert heard(MediaReceived(what=Unreadable.PHOTO)) is None
