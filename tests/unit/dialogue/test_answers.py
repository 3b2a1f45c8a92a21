"""Typed answers: what they mean in both languages, and that nothing unclear is ever taken for an answer."""

import unicodedata
from datetime import time
from enum import StrEnum

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.dialogue.answers import (
    OptionWords,
    SafetyReply,
    parse_choice,
    parse_many,
    parse_number,
    parse_safety,
    parse_scale,
    parse_time,
    parse_yes_no,
)
from bot.dialogue.kit import AllWords
from bot.dialogue.questions import SafetyChoice, Scale
from bot.dialogue.text import Text

BODY = (
    OptionWords("knee", ("Knie", "Knee")),
    OptionWords("wrist", ("Handgelenk", "Wrist")),
    OptionWords("shoulder", ("Schulter", "Shoulder")),
    OptionWords("balance", ("Schwindel und Gleichgewicht", "Dizziness and balance", "Schwindel", "Dizziness")),
    OptionWords("hip", ("Hüfte", "Hip")),
)
GOALS = (
    OptionWords("again", ("Noch einmal", "Once more")),
    OptionWords("later", ("Noch Pause", "Still a break", "Später")),
    OptionWords("go", ("Los geht's", "Let's go", "los")),
)
MINUTES = (OptionWords("m3", ("3 Minuten",)), OptionWords("m5", ("5 Minuten",)), OptionWords("m2", ("2 Minuten",)))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("7", 7), (" 7 ", 7), ("7.", 7), ("7!!", 7), ("7/10", 7), ("7 / 10", 7), ("7,5", 7.5),
        ("7.5", 7.5), ("sieben", 7), ("SIEBEN", 7), ("etwa sieben", 7), ("so um die 7", 7), ("ca. 7", 7),
        ("7 von 10", 7), ("sieben von zehn", 7), ("seven", 7), ("about seven", 7), ("7 out of 10", 7),
        ("a 7", 7), ("eine 7", 7), ("ne 7", 7), ("7️⃣", 7), ("🔟", 10), ("７", 7), ("٧", 7), ("७", 7),
        ("⑦", 7), ("zehn", 10), ("null", 0), ("zero", 0), ("0", 0), ("1000", 1000), ("zwölf", 12),
        ("zwoelf", 12), ("fuenf", 5), ("funf", 5), ("dreiundzwanzig", 23), ("twenty", 20),
        ("hundert", 100), ("siebeneinhalb", 7.5), ("six and a half", 6.5), ("so 6 bis 7", 6.5),
        ("6-7", 6.5), ("6 – 7", 6.5), ("six or seven", 6.5), ("fünf bis sechs", 5.5), ("Schmerz 6", 6),
        ("Pain: 6", 6), ("heute 4", 4), ("it's a 3", 3), ("ich würde sagen 4", 4), ("7 😖", 7), ("*7*", 7),
        ("\u200b7\u200b", 7), ("6 bis 7 von 10", 6.5), ("", None), ("-3", None), ("minus 3", None),
        ("7 oder 2", None), ("2 bis 8", None), ("3 Tage lang 8", None), ("7 2", None), ("7/5", None),
        ("7%", None), ("7+", None), ("mehr als 7", None), ("nicht 7", None), ("gestern 3 heute 5", None),
        ("zwischen 6 und 7", 6.5), ("between six and seven", 6.5), ("immer noch 6", 6), ("still a 6", 6),
        ("7 würd ich sagen", 7),
        ("5 oder so", 5), ("5 or so", 5), ("6ish", 6), ("five-ish", 5), ("a solid 6", 6), ("ne glatte 4", 4),
        ("3 komma 5", 3.5), ("drei Komma fünf", 3.5), ("six point five", 6.5), ("5 wie immer", 5),
        ("4, as usual", 4),
        ("zwischen 2 und 8", None), ("6 und 7", None), ("gestern 5", None), ("5 komma 12", None), ("oder so", None),
        ("noch nicht 7", None), ("4 wieder besser", None), ("viel", None), ("½", None), ("6,7,8", None),
        ("sehr", None), ("/", None), ("bis 7", None),
        ("7 bis", None), ("8 bis 7", None), ("7" + " " * 200, None),
    ],
)  # fmt: skip
def test_numbers_are_read_as_people_type_them(text: str, value: float | None) -> None:
    assert parse_number(text) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("7", 7), ("7/10", 7), ("7,5", 8), ("so 6 bis 7", 7), ("6-7/10", 7), ("0", 0), ("null", 0),
        ("10", 10), ("zehn", 10), ("six or seven", 7), ("fünf bis sechs", 6), ("9,5", 10), ("0,5", 1),
        ("unter 3", None), ("11", None), ("10,5", None), ("9 bis 11", None), ("7 oder 2", None),
        ("70/100", None), ("7/100", None), ("4/5", None), ("-1", None), ("3 Tage lang 8", None),
        ("8 aber gestern 3", None), ("geht so", None), ("1000", None),
        ("hm 4", 4), ("na ja, 6", 6), ("naja 6", 6), ("puh, 8", 8), ("ok 3", 3), ("joa 5", 5), ("leider 7", 7),
        ("heute morgen 4", 4), ("Stärke 4", 4), ("7 auf der Skala", 7), ("kinda 5", 5), ("somewhere around 4", 4),
        ("morgen um 8", None), ("4 nein", None), ("kein Abend 3", None), ("7 oder was", None), ("nicht 5", None),
    ],
)  # fmt: skip
def test_a_scale_takes_the_higher_number_and_never_guesses(text: str, value: int | None) -> None:
    assert parse_scale(text, 0, 10) == value


@pytest.mark.parametrize(
    ("text", "is_none"),
    [
        ("keine Schmerzen", True), ("Kein Schmerz!", True), ("schmerzfrei 🙂", True), ("no pain", True),
        ("It doesn't hurt.", True), ("keine", False), ("nichts", False), ("kein Schmerz, aber taub", False),
        ("keine Schmerzen mehr als sonst", False), ("no pain no gain", False), ("keine Schmerzen?", False),
    ],
)  # fmt: skip
def test_no_pain_in_words_is_a_zero_on_scales_of_pain_only(text: str, is_none: bool) -> None:  # noqa: FBT001 - a column
    pain, fear = (Scale(id="any", text=Text("any"), of_pain=of_pain) for of_pain in (True, False))

    assert pain.parse(text, AllWords({})) == (0 if is_none else None)
    assert fear.parse(text, AllWords({})) is None


YES = (
    "joah|jaja|passt so|passt für mich|klaro|logisch|geht in Ordnung|ye|"
    "ja|Ja!|JA|jo|jep|klar|na klar|passt|ok|okay|stimmt|ja klar|ja gerne|ja bitte|jaaaa|yes|Yes.|yep|"
    "yeah|sure|of course|yes please|ok ja|👍|👍🏽|✅|auf jeden Fall|ja 🙂|gerne|geht klar|jawohl|"
    "that's right"
)
NO = (
    "auf gar keinen Fall|lass mal|nö du|"
    "nein|Nein.|NEIN|nö|noe|ne|nee|nope|no|nicht wirklich|not really|nein danke|no thanks|"
    "auf keinen Fall|neeein|no way|eher nicht|heute nicht|stimmt nicht|passt nicht|👎|❌|lieber nicht|"
    "no thank you|n"
)
UNCLEAR = (
    "ja, aber nicht ganz|nein, aber schon etwas|ja nein|jein|na ja|naja|vielleicht|weiß nicht|ja?|"
    "nein?|no problem|kein Problem|nicht|ok nein|yes but no|maybe|||?|7|ja ich glaube aber nur links|"
    "nein doch|ja und nein|👍👎|no idea|not|yesterday|nebel"
)


@pytest.mark.parametrize(
    ("text", "meaning"),
    [(t, True) for t in YES.split("|")] + [(t, False) for t in NO.split("|")] + [(t, None) for t in UNCLEAR.split("|")],
)
def test_yes_and_no(text: str, meaning: bool | None) -> None:  # noqa: FBT001 - a table column, not an option
    assert parse_yes_no(text) is meaning


@pytest.mark.parametrize(
    ("text", "chosen"),
    [
        ("Knie", "knee"), ("knie!", "knee"), ("KNEE", "knee"), ("2", "wrist"), ("2.", "wrist"),
        ("2️⃣", "wrist"), ("2)", "wrist"), ("die zweite", "wrist"), ("the second one", "wrist"),
        ("Nummer drei", "shoulder"), ("option 3", "shoulder"), ("eins", "knee"), ("number one", "knee"),
        ("Hüfte", "hip"), ("hufte", None), ("huefte", "hip"), ("hand", "wrist"), ("should", "shoulder"),
        ("🦵 Knie", "knee"), ("Schwindel", "balance"), ("schwindel und gleichgewicht", "balance"),
        ("gleichgewicht", "balance"), ("meine Schulter", "shoulder"), ("die Schulter tut weh", "shoulder"),
        ("S", None), ("sch", None), ("Knie oder Hüfte", None), ("nicht die Schulter", None),
        ("Knie und Hüfte", None), ("6", None), ("0", None), ("", None), ("xyz", None), ("2 5", None),
        ("kein Knie", None), ("Knie aber auch mehr", None), ("k" * 300, None),
    ],
)  # fmt: skip
def test_a_choice_is_named_numbered_or_begun(text: str, chosen: str | None) -> None:
    assert parse_choice(text, BODY) == chosen


@pytest.mark.parametrize(
    ("text", "chosen"),
    [
        ("noch", None),
        ("noch pause", "later"),
        ("los", "go"),
        ("Los gehts", "go"),
        ("lets go", "go"),
        ("spaeter", "later"),
        ("once", "again"),
    ],
)
def test_two_possible_options_are_none(text: str, chosen: str | None) -> None:
    assert parse_choice(text, GOALS) == chosen


@pytest.mark.parametrize(("text", "chosen"), [("heute", None), ("today", None), ("not", "no"), ("heute nicht", "no")])
def test_half_of_a_label_is_not_its_opposite(text: str, chosen: str | None) -> None:
    options = [OptionWords("go", ("Jetzt anfangen", "Start now")), OptionWords("no", ("Heute nicht", "Not today"))]

    assert parse_choice(text, options) == chosen


@pytest.mark.parametrize(
    ("text", "chosen"), [("3 Minuten", "m3"), ("5", "m5"), ("1", "m3"), ("3", None), ("2", None), ("Minuten", None)]
)
def test_a_number_that_is_both_place_and_label_is_asked_again(text: str, chosen: str | None) -> None:
    assert parse_choice(text, MINUTES) == chosen


@pytest.mark.parametrize(
    ("text", "chosen"),
    [
        ("2, 5", {"wrist", "hip"}), ("2,5", {"wrist", "hip"}), ("1 3 4", {"knee", "shoulder", "balance"}),
        ("Knie und Schulter", {"knee", "shoulder"}), ("knee & wrist", {"knee", "wrist"}),
        ("Knie, Hüfte und 3", {"knee", "hip", "shoulder"}), ("Knie Schulter", {"knee", "shoulder"}),
        ("1️⃣ 2️⃣", {"knee", "wrist"}), ("Schwindel und Gleichgewicht", {"balance"}), ("Knie", {"knee"}),
        ("1;2", {"knee", "wrist"}), ("1+2", {"knee", "wrist"}), ("keins", set()), ("none", set()),
        ("0", set()), ("nichts davon", set()), ("None of these", set()), ("Knie und Ellbogen", None),
        ("1, 9", None), ("0, 1", None), ("", None), (",", None), ("Knie und nicht Schulter", None),
        ("alles außer 2", None), ("1-3", None), ("Knie, keins", None),
    ],
)  # fmt: skip
def test_many_choices(text: str, chosen: set[str] | None) -> None:
    assert parse_many(text, BODY) == chosen


NONE_OF_THESE = (
    "nein|Nein.|NEIN!|nö|nee|no|nope|0|null|zero|nichts|nichts davon|Nein, nichts davon|"
    "No, none of these|none|none of these|keins|nothing|0️⃣|٠|\u200bnein"
)
UNSURE = (
    "?|???|nicht sicher|Nicht sicher.|unsicher|weiß nicht|weiss nicht?|keine Ahnung|not sure|"
    "I don't know|I’m not sure|maybe|idk"
)
UNCLEAR_SAFETY = (
    "nein, aber das Bein kribbelt|no but my leg|nein aber|nein?|0?|nein 2|0, 2|6|9|1-3|ok|passt|nicht|"
    "nein danke|eigentlich nicht|nein 🤔|nein, nur manchmal|nein, ich glaube nicht|none except 2||.|"
    "ja aber nur links|nein ja|-1|3/5|kein Problem|nein und ja|alles gut|normal"
)


@pytest.mark.parametrize(
    ("text", "reply"),
    [(t, SafetyReply("none")) for t in NONE_OF_THESE.split("|")]
    + [(t, SafetyReply("unsure")) for t in UNSURE.split("|")]
    + [(t, None) for t in UNCLEAR_SAFETY.split("|")]
    + [(t, SafetyReply("lines")) for t in ("ja", "Ja, etwas davon", "yes", "Yes, something", "leider ja")]
    + [
        ("1", SafetyReply("lines", frozenset({1}))),
        ("2, 5", SafetyReply("lines", frozenset({2, 5}))),
        ("2,5", SafetyReply("lines", frozenset({2, 5}))),
        ("1 und 3", SafetyReply("lines", frozenset({1, 3}))),
        ("ja, 3", SafetyReply("lines", frozenset({3}))),
        ("Zeile zwei", SafetyReply("lines", frozenset({2}))),
        ("3️⃣", SafetyReply("lines", frozenset({3}))),
        ("1. 4.", SafetyReply("lines", frozenset({1, 4}))),
        ("3 trifft zu", SafetyReply("lines", frozenset({3}))),
    ],
)
def test_safety_lists(text: str, reply: SafetyReply | None) -> None:
    assert parse_safety(text, 5) == reply


class _Line(StrEnum):
    YES = "yes"
    NO = "no"
    UNSURE = "unsure"


PLAIN = "nein=no|Nein.=no|nö=no|nope=no|ja=yes|Yes!=yes|jo=yes|trifft zu=yes|weiß nicht=unsure|not sure=unsure|?=unsure"
HALF = (
    "geht nicht|eher nicht|nicht wirklich|not really|nicht heute|stimmt nicht|will ich nicht|lass mal|nein danke|nie|"
    "I don't|passt|ok|alles klar|klar|gerne|warum nicht|why not|los gehts|na|👍|👎|0|1|nein, aber nachts|ja nein"
)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [tuple(each.split("=")) for each in PLAIN.split("|")] + [(each, None) for each in HALF.split("|")],
)
def test_one_safety_line_is_answered_by_a_plain_word_only(typed: str, meant: str | None) -> None:
    """*Geht nicht* may be the foot that does not lift; *ok* to "did a doctor see it?" would take the alarm away."""
    line = SafetyChoice(id="line", text=Text("line"), options=tuple(_Line), labels="screening/single")

    assert line.parse(typed, AllWords({})) == meant


@pytest.mark.parametrize(
    ("text", "clock"),
    [
        ("8", "08:00"), ("8 Uhr", "08:00"), ("um 8", "08:00"), ("acht", "08:00"), ("halb acht", "07:30"),
        ("um halb 8", "07:30"), ("viertel nach 7", "07:15"), ("viertel vor acht", "07:45"),
        ("dreiviertel acht", "07:45"), ("viertel acht", "07:15"), ("7:30", "07:30"),
        ("07:30 Uhr", "07:30"), ("19.15", "19:15"), ("19 Uhr 15", "19:15"), ("19h", "19:00"),
        ("0730", "07:30"), ("8 pm", "20:00"), ("8pm", "20:00"), ("8 p.m.", "20:00"), ("8:30am", "08:30"),
        ("8 am", "08:00"), ("12 am", "00:00"), ("12 pm", "12:00"), ("half past seven", "07:30"),
        ("quarter past 7", "07:15"), ("quarter to eight", "07:45"), ("a quarter to eight", "07:45"),
        ("7 o'clock", "07:00"), ("ten past eight", "08:10"), ("zehn nach sieben", "07:10"),
        ("5 vor 8", "07:55"), ("fünf vor halb acht", "07:25"), ("mittags", "12:00"),
        ("12 Uhr mittags", "12:00"), ("noon", "12:00"), ("Mitternacht", "00:00"),
        ("morgens um 8", "08:00"), ("abends um 8", "20:00"), ("8 Uhr abends", "20:00"),
        ("nachmittags um 3", "15:00"), ("halb acht abends", "19:30"), ("am Abend um 8", "20:00"),
        ("morgen früh um 7", "07:00"), ("eight in the evening", "20:00"), ("nachts um 2", "02:00"),
        ("11 at night", "23:00"), ("mittags um 1", "13:00"), ("24 Uhr", "00:00"), ("0:15", "00:15"),
        ("gegen 18 Uhr", "18:00"), ("jeden Tag um 9", "09:00"), ("７:30", "07:30"), ("25", None),
        ("7:75", None), ("8 bis 9", None), ("8 oder 9", None), ("half seven", None), ("abends", None),
        ("morgens", None), ("", None), ("bald", None), ("um", None), ("morgens um 20 Uhr", None),
        ("24:30", None), ("730", None), ("nach 7", None), ("nicht um 8", None), ("-8", None),
        ("8:5", None), ("7:30:10", None), ("morgens abends 8", None),
    ],
)  # fmt: skip
def test_times_of_day(text: str, clock: str | None) -> None:
    assert parse_time(text) == (None if clock is None else time.fromisoformat(clock))


SNIPPETS = (
    "ja nein no aber but 0 1 2 7 10 , / - . ? von bis oder und halb viertel nach vor uhr pm am nichts none sieben "
    "½ ② ２ ፪ ٣ 7️⃣ 🤔 nein0 none"
)
TYPED = st.one_of(
    st.text(max_size=60),
    st.lists(
        st.sampled_from(SNIPPETS.split()),
        max_size=7,
    ).map(" ".join),
)


@given(TYPED)
def test_any_text_is_survived_and_a_scale_answer_lies_on_the_scale(text: str) -> None:
    for parse in (parse_number, parse_yes_no, parse_time):
        parse(text)
    chosen = parse_choice(text, BODY)
    many = parse_many(text, BODY)

    assert parse_scale(text, 0, 10) in {None, *range(11)}
    assert chosen in {None, *(option.id for option in BODY)}
    assert many is None or many <= {option.id for option in BODY}


@given(TYPED, TYPED)
@example("nein", "2")
@example("nein", "but")
@example("0", "aber")
def test_a_safety_list_is_never_answered_none_beside_a_line_number_or_a_but(first: str, second: str) -> None:
    for text in (first, f"{first} {second}", f"{second}{first}"):
        reply = parse_safety(text, 5)
        if reply is None:
            continue
        digits = {unicodedata.digit(character, 0) for character in text}
        assert reply.kind != "none" or (digits <= {0} and "aber" not in text.lower() and "but" not in text.lower())
        assert all(1 <= line <= 5 for line in reply.lines)
