"""Where there are no buttons, what stands on them can be typed."""

import pytest

from bot.dialogue.member import Status
from bot.dialogue.messages import Message
from tests.dialogue.room import Room


def last(room: Room) -> Message:
    return room.visible[room.order[-1]]


def on_matrix() -> Room:
    room = Room(channel="matrix")
    room.says("hallo")
    return room


@pytest.mark.parametrize("words", ["Zurück", "zurück.", "back"])
def test_back_can_be_typed(words: str) -> None:
    room = on_matrix()
    for typed in ("ja", "nein", "nein"):
        room.says(typed, after_s=60)
    before = last(room).text
    room.says("18 bis 44")
    room.says(words)

    assert last(room).text == before


@pytest.mark.parametrize("label", ["Vertippt", "vertippt!"])
def test_a_mistaken_line_can_be_taken_back_in_words_for_half_an_hour(label: str) -> None:
    """In the room of a lock [Vertippt] is an answer, not the link below a number."""
    for typed in (label, "3"):
        for minutes in (1, 31):
            room = on_matrix()
            room.says("ja")
            room.says("1", after_s=60)
            while not room.is_offered("mistake"):
                room.taps("worse" if room.is_offered("worse") else "yes")
            room.says(typed, after_s=60 * minutes)

            assert ("Zeile für Zeile" in room.texts[0]) is (minutes == 1), (typed, minutes)
            assert room.member.known.lock is not None


def test_a_link_of_the_question_can_be_typed() -> None:
    room = on_matrix()
    room.says("English")

    assert room.member.language == "en"


def test_mistyped_can_be_typed() -> None:
    room = on_matrix()
    room.first_day()
    room.until_due("prompt")
    room.says("7")
    said = room.says("Vertippt")

    assert any(message.buttons for message in said.messages)
    assert not any("nicht verstanden" in words for words in room.texts)


def test_a_shown_number_is_an_answer_though_other_labels_hold_it() -> None:
    room = on_matrix()
    room.onboards()
    labels = [button.label for row in last(room).buttons for button in row]
    assert "In 1 Stunde" in labels[1:]
    room.says("1")

    assert last(room).picture is not None


def test_a_number_that_begins_another_label_is_asked_again() -> None:
    room = on_matrix()
    for typed in ("ja", "nein", "nein", "18 bis 44"):
        room.says(typed, after_s=60)
    asked = last(room).text
    room.says("6")

    assert room.member.status is Status.ACTIVE
    assert last(room).text.endswith(asked)


def test_safety_lines_take_no_shown_numbers() -> None:
    room = on_matrix()
    room.says("ja", after_s=60)

    assert not last(room).numbered
    assert not last(room).reactions


@pytest.mark.parametrize(
    ("said", "counts"),
    [("/einstellungen", True), ("/pause", True), ("/schmerz", False), ("/neu", False), ("/schub", False)],
)
def test_a_reaction_answers_only_what_says_nothing_about_health(said: str, *, counts: bool) -> None:
    room = Room()
    room.first_day()
    room.channel = "matrix"
    room.says(said, after_s=60)

    assert last(room).reactions == counts


@pytest.mark.parametrize("before", ["/hilfe", "/heute"])  # with nothing asked, and with an offer that waits
def test_a_link_below_any_words_can_be_typed(before: str) -> None:
    """[Something is new] leads to the lists: it must not be a button only."""
    room = on_matrix()
    room.first_day()
    room.says("/praxis")
    assert "Etwas ist neu" in [button.label for row in last(room).buttons for button in row]
    room.says(before)
    room.says("Etwas ist neu")

    assert "Zuerst deine Sicherheit" in last(room).text


def test_words_that_may_mean_anything_are_no_link() -> None:
    room = on_matrix()
    room.first_day()
    room.says("Wie geht das?")

    assert not any("Runde" in words for words in room.texts)
