"""/wissen and /gruppe beside an offer, /warum in a pause, Back where something is chosen, minutes that are true."""

from datetime import UTC, datetime

import pytest

from bot.dialogue.flows.card import CARD
from bot.dialogue.flows.onboarding import UNFINISHED
from bot.dialogue.flows.round import ROUND
from bot.dialogue.flows.session import SESSION
from tests.dialogue.perfect import lives
from tests.dialogue.room import Room


def with_offer() -> Room:
    room = list(lives(Room(), 5))[-1]
    room.passes(hours=20)
    room.says("/heute")
    assert room.member.open is not None
    assert room.member.open.flow == SESSION.name
    return room


@pytest.mark.parametrize(("command", "flow"), [("/wissen", CARD.name), ("/gruppe", ROUND.name)])
def test_a_standing_offer_is_set_aside_and_not_refused(command: str, flow: str) -> None:
    room = with_offer()
    room.says(command)

    begun = room.member.open is not None and room.member.open.flow == flow
    assert begun or command == "/wissen"  # a card without a question is over at once
    assert not any("gleich danach" in text for text in room.texts)
    offer = room.member.open if not begun else room.member.parked
    assert offer is not None
    assert offer.flow == SESSION.name


def test_after_the_card_the_offer_is_asked_again() -> None:
    room = with_offer()
    room.says("/wissen")
    while room.member.open is not None and room.member.open.flow == CARD.name:
        last = room.visible[room.order[-1]]
        room.taps(last.buttons[0][0].data.rpartition(".")[2])

    assert room.member.open is not None
    assert room.member.open.flow == SESSION.name


@pytest.mark.parametrize("why", ["holiday", "ill", "other"])
def test_a_pause_says_why_it_is_quiet(why: str) -> None:
    room = list(lives(Room(), 3))[-1]
    room.passes(hours=20)
    room.says("/pause 9")
    room.taps(why)
    assert "/why" in {button.data for row in room.visible[room.order[-1]].buttons for button in row}

    room.says("/warum")

    assert "Das hast du gewählt" in room.texts[-1]
    assert ("14 Tage" in room.texts[-1]) == (why != "other")


def test_who_left_is_told_why_it_is_quiet() -> None:
    room = list(lives(Room(), 3))[-1]
    room.says("abmelden")

    room.says("/warum")

    assert "abgemeldet" in room.texts[-1]


def test_every_choice_of_the_night_and_of_a_flare_up_has_back() -> None:
    room = Room(now=datetime(2026, 11, 23, 22, tzinfo=UTC))
    room.says("/start")
    for token in ("now", "none", "none", "none", "none", "breathe"):
        room.taps(token, after_s=40)
    assert room.is_offered("<")

    flaring = list(lives(Room(), 4))[-1]
    flaring.passes(hours=20)
    flaring.says("/schub")
    while flaring.is_offered("none"):
        flaring.taps("none", after_s=40)
    assert flaring.is_offered("<")


@pytest.mark.parametrize(
    ("answers", "minutes"), [((), 2), (("none", "none", "18_44", "chronic", "none", "none", "="), 1)]
)
def test_what_is_left_takes_the_minutes_that_are_said(answers: tuple[str, ...], minutes: int) -> None:
    room = Room()
    room.says("/start")
    room.taps("yes")
    for token in answers:
        room.taps(token, after_s=40)

    turn = room.until_due(UNFINISHED)

    assert any(f"etwa {minutes} Min." in message.text for message in turn.messages)
