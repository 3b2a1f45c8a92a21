"""/wissen: the claim first, the card behind it, its own picture beside it, in both languages."""

from dataclasses import replace

import pytest

from bot.dialogue.facts import CardShown
from bot.dialogue.messages import Message
from tests.dialogue.room import Room


def asked_for(card: str, language: str = "de") -> Room:
    """Somebody who has seen all others lately."""
    room = Room(language=language)
    room.first_day()
    others = tuple((each.id, "2026-11-20") for each in room.kit.library.cards if each.id != card)
    room.member = replace(room.member, known=replace(room.member.known, cards=others))
    room.says("/wissen" if language == "de" else "/learn")
    return room


def shown(room: Room) -> Message:
    return room.visible[room.order[-1]]


@pytest.mark.parametrize("language", ["de", "en"])
def test_a_card_about_sitting_comes_with_its_picture_and_words_for_it(language: str) -> None:
    message = shown(asked_for("stuhl", language))

    assert message.picture is not None
    assert message.picture.figure == "stuhl"
    assert ("angelehnt" if language == "de" else "leaning back") in message.picture.alt


@pytest.mark.parametrize(("tapped", "right"), [("false", True), ("true", False)])
def test_the_picture_comes_behind_the_claim_whatever_was_thought(tapped: str, right: bool) -> None:  # noqa: FBT001
    room = asked_for("heben")
    assert shown(room).picture is None

    room.taps(tapped)

    message = shown(room)
    assert message.picture is not None
    assert message.picture.figure == "heben"
    assert room.known_facts(CardShown)[-1] == CardShown(card="heben", right=right)


def test_what_a_practice_decides_is_told() -> None:
    room = asked_for("wann-praxis")

    room.taps("false")

    assert "schaut zuerst deine Praxis" in shown(room).text
