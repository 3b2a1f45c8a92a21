"""What small portions ask for in words: a remedy of one's own, a name, the places that hurt."""

import pytest

from bot.dialogue.facts import ProfileAnswered
from bot.dialogue.flows.portion import Portion
from bot.dialogue.markup import plain
from bot.dialogue.portions import next_portion
from tests.dialogue.living import portions, tokens, trains, waiting
from tests.dialogue.room import Room
from tests.dialogue.test_portions import after_days, moment_of


@pytest.mark.parametrize("language", ["de", "en"])
def test_own_words_come_back_on_a_hard_day(language: str) -> None:
    room = Room(language=language)
    room.first_day()
    for _ in range(7):
        trains(room)
        for asked in portions(room, later=("helped",)):
            if asked == "helped":
                break
    assert waiting(room) is not None

    room.says("  Mein <b>Kirschkern</b>kissen ")
    room.says("/schub")
    while room.member.open is not None and "none" in tokens(room):
        room.taps("none", after_s=60)

    assert "Mein <b>Kirschkern</b>kissen" in plain("".join(room.texts))


def test_a_chip_comes_back_in_the_readers_language() -> None:
    room, _ = after_days(8)
    room.says("/sprache")

    room.says("/schub")
    while "none" in tokens(room):
        room.taps("none", after_s=60)

    assert "Warmth" in "".join(room.texts)


def test_a_name_is_short_and_plain_or_asked_again() -> None:
    room, _ = after_days(6)
    trains(room)
    room.taps("=", after_s=60)  # the places come before the name
    for typed in ("K", "x" * 21, "<b>Kim</b>", "Kim\u202e!"):
        room.says(typed)
        assert waiting(room) is not None

    room.says(" Anna-Lena 2 ")

    assert room.known_facts(ProfileAnswered)[-1] == ProfileAnswered(field="name", value="Anna-Lena 2")


def _asked_for_places(language: str = "de") -> Room:
    room = Room(language=language)
    room.first_day()
    for _ in range(6):
        for _ in portions(room):
            pass
        trains(room)
    question = waiting(room)
    assert question is not None
    assert question.id == "places"
    return room


def test_the_places_are_asked_with_the_numbered_drawing() -> None:
    room = _asked_for_places()
    shown = room.visible[room.order[-1]]

    assert shown.picture is not None
    assert (shown.picture.figure, shown.picture.level) == ("where", 1)
    assert shown.picture.alt.startswith("Zeichnung: ein Mensch von hinten")
    labels = [button.label for row in shown.buttons for button in row if button.answers]
    assert [int(label.split()[0]) for label in labels] == list(range(1, 11))
    room.says("2, 7")

    assert room.member.known.about.places == ("low-left", "thigh-left")
    assert "Beide Beine" not in "".join(room.texts)


def test_both_legs_are_a_reason_to_ask_whether_it_is_new() -> None:
    room = _asked_for_places()
    for token in ("+thigh-left", "+shank-right", "="):
        room.taps(token, after_s=60)

    assert "Beide Beine" in "".join(room.texts)
    assert "Etwas ist neu" in room.labels


def test_pain_elsewhere_is_an_answer_and_not_asked_again() -> None:
    room = _asked_for_places()
    room.taps("=", after_s=60)

    assert room.known_facts(ProfileAnswered)[-1] == ProfileAnswered(field="places", value="none")
    assert next_portion(room.member, moment_of(room), room.kit) is not Portion.PLACE
