"""Messages as Matrix text: complete without buttons, sound whatever they hold."""

from hypothesis import given
from hypothesis import strategies as st

from bot.channels.matrix.drawing import TAPS, bare, content_of, edit_of, seeds, taken_back, tapped
from bot.dialogue.messages import Button, Message

YES_NO = ((Button(label="Ja", data="1.0.ab.yes"), Button(label="Nein", data="1.0.ab.no")),)
BESIDE = ((Button(label="Zurück", data="1.0.ab.<", answers=False), Button(label="Warum?", data="/why", answers=False)),)


def test_answers_are_numbered_and_what_stands_beside_them_is_not() -> None:
    content = content_of(Message(id=1, text="**Gut?** 3 < 4", buttons=YES_NO + BESIDE))

    assert content["body"] == "Gut? 3 < 4\n\n1. Ja\n2. Nein\n↩ Zurück · Warum?"
    assert content["formatted_body"] == ("<strong>Gut?</strong> 3 &lt; 4<br><br>1. Ja<br>2. Nein<br>↩ Zurück · Warum?")
    assert content["msgtype"] == "m.text"


def test_a_number_of_a_picture_is_not_said_twice() -> None:
    rows = tuple((Button(label=label, data=f"d{label[-1]}"),) for label in ("1 Oben", "✓ 2 Mitte", "3x Unten"))

    assert content_of(Message(id=1, text="Wo?", buttons=rows))["body"] == "Wo?\n\n1. Oben\n2. ✓ Mitte\n3. 3x Unten"


def test_values_and_lines_that_apply_are_not_numbered() -> None:
    scale = tuple((Button(label=str(n), data=f"1.0.ab.{n}"),) for n in range(4))
    assert content_of(Message(id=1, text="Wie stark?", buttons=scale, numbered=False))["body"].endswith("0 · 1 · 2 · 3")
    unnumbered = Message(id=1, text="Trifft das zu?", buttons=YES_NO, numbered=False)
    assert content_of(unnumbered)["body"].endswith("• Ja\n• Nein")


def test_commands_begin_with_what_clients_let_through() -> None:
    content = content_of(Message(id=1, text="Weg mit /loeschen, sieh /daten an, nicht https://a.example/stop/x"))

    assert content["body"] == "Weg mit !loeschen, sieh !daten an, nicht https://a.example/stop/x"
    assert content["formatted_body"] == content["body"]


def test_reactions_are_offered_for_up_to_three_answers_that_say_nothing_about_health() -> None:
    message = Message(id=1, text="Los?", buttons=YES_NO, reactions=True)
    many = tuple((Button(label=f"Nummer {n}", data=f"d{n}"),) for n in range(4))

    assert len(seeds(message)) == 2
    assert tapped(content_of(message), seeds(message)[1]) == "1.0.ab.no"
    assert tapped(content_of(message), "❤️") is None
    assert seeds(Message(id=1, text="Los?", buttons=many, reactions=True)) == []
    assert seeds(Message(id=1, text="Taub?", buttons=YES_NO)) == []
    assert tapped(content_of(Message(id=1, text="Taub?", buttons=YES_NO)), "1") == ""
    assert tapped(content_of(Message(id=1, text="Gut gemacht", buttons=BESIDE)), "1") is None


def test_what_comes_unasked_is_covered() -> None:
    content = content_of(Message(id=1, text="Wie ist der Schmerz?", push="Guten Morgen", buttons=YES_NO))

    assert content["body"].startswith("Guten Morgen\n")
    assert content["formatted_body"].startswith("Guten Morgen<br><span data-mx-spoiler>Wie ist der Schmerz?</span><br>")


def test_an_old_question_loses_its_answers() -> None:
    content = bare(content_of(Message(id=1, text="Los?\n\nJetzt", buttons=YES_NO + BESIDE)))

    assert (content["body"], content["formatted_body"]) == ("Los?\n\nJetzt", "Los?<br><br>Jetzt")
    assert TAPS not in content
    assert edit_of(content, "$e")["m.new_content"] == content


@given(st.text(), st.lists(st.text(max_size=20), max_size=4), st.booleans(), st.text(max_size=5))
def test_any_message_becomes_a_sound_event(text: str, labels: list[str], numbered: bool, key: str) -> None:  # noqa: FBT001 - drawn
    rows = tuple((Button(label=label, data=f"d{place}"),) for place, label in enumerate(labels))
    content = content_of(Message(id=1, text=text, buttons=rows, numbered=numbered, reactions=True))

    for words in (content["body"], content["formatted_body"]):
        assert "\0" not in words
        words.encode()
    assert tapped(content, key) in {None, "", *content.get(TAPS, [])}


def test_a_card_says_with_which_sign_it_is_answered_and_what_taking_that_back_means() -> None:
    buttons = (
        (Button(label="Heute bewegt", data="g.1.261124", key="⭐", back="h.1.261124"),),
        (Button(label="Zurücknehmen", data="h.1.261124", key="↩️"),),
    )
    message = Message(id=1, text="Karte", buttons=buttons, reactions=True, silent=True)
    content = content_of(message)

    assert content["body"].endswith("⭐ Heute bewegt\n↩️ Zurücknehmen")
    assert seeds(message) == ["⭐"]
    assert [tapped(content, key) for key in ("⭐", "⭐️", "↩", "1️⃣")] == ["g.1.261124"] * 2 + ["h.1.261124", None]
    assert (taken_back(content, "⭐"), taken_back(content, "↩")) == ("h.1.261124", "")
