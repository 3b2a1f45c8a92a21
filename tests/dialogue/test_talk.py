"""Small talk: an everyday thing gets its answer; an alarm, a command and an answer to a question always come first."""

from pathlib import Path

import pytest
import yaml

from bot.coach.alarm import AlarmLevel, Certainty
from bot.dialogue.commands import NAMES
from bot.dialogue.everyday import LONGEST
from bot.dialogue.facts import AlarmRaised
from bot.dialogue.flows.session import SESSION
from bot.dialogue.messages import Kind
from tests.dialogue.room import Room, the_detector, the_kit

CASES = yaml.safe_load((Path(__file__).parents[1] / "unit" / "coach" / "alarm_cases.yaml").read_text(encoding="utf-8"))
SENTENCES = Path(__file__).with_name("everyday_sentences.txt")


@pytest.fixture
def room() -> Room:
    made = Room()
    made.first_day()
    return made


def topic(typed: str) -> str:
    found = the_kit().topics.find(typed)
    return "" if found is None else found.id


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("Hallo", "greeting"),
        ("guten Morgen, Coach", "greeting"),
        ("Danke dir!", "thanks"),
        ("Bist du ein Mensch?", "human"),
        ("are you a real person or a bot", "human"),
        ("Soll ich Ibuprofen nehmen?", "medicine"),
        ("Kannst du mir einen Termin machen?", "appointment"),
        ("mein Knie tut weh", "other-pain"),
        ("My shoulder aches", "other-pain"),
        ("mein Rücken tut so weh", "back-pain"),
        ("es zieht ins Bein", "leg"),
        ("Du bist toll", "praise"),
        ("du nervst", "anger"),
        ("Test", "test"),
        ("so ein Wetter heute", "weather"),
        ("ich habe schlecht geschlafen", "sleep"),
        ("darf ich joggen", "sport"),
        ("mein Chef versteht das nicht", "work"),
        ("kannst du mich krankschreiben", "sick-note"),
        ("wer hat dich programmiert", "maker"),
        ("was speicherst du", "data"),
        ("kostet das was", "cost"),
        ("muss ich zum Arzt", "doctor"),
        ("keine Lust", "no-wish"),
        ("how long will it take", "how-long"),
        ("👍🏽", "praise"),
        ("112", "ambulance"),
        ("112!", "ambulance"),
        ("SOS", "ambulance"),
        ("Danke dir 🙏", "thanks"),
        ("wie viele tage hab ich schon", "my-numbers"),
        ("ich möchte einen bericht für den arzt", "report"),
        ("kann ich eine woche aussetzen", "break"),
        ("nicht jetzt", "not-now"),
        ("lösch meine daten", "erase-all"),
        ("die Brücke tut im Knie weh", "exercise-hurt"),
        ("mein Arzt hat gesagt ich soll kein Kreuzheben machen", "limits"),
        ("ich kann nicht mehr sitzen", "cannot"),
        ("Bitte diese Übung nicht mehr schicken", "exercise-dislike"),
        ("mir ist die Übung zu langweilig", "exercise-dislike"),
        ("Meine Mutter ist gestorben, mir ist gerade nicht nach Übungen", "grief"),
        ("schmerzfrei heute!! 🎉", "pain-free"),
        ("darf das weh tun?", "should-it-hurt"),
        ("why do you want that number", "why-number"),
        ("how many reps", "reps"),
        ("can my mum use this too", "together"),
        ("this isnt working", "no-effect"),
        ("ja", "asked-nothing"),
    ],
)
def test_everyday_things_are_recognised(typed: str, expected: str) -> None:
    assert topic(typed) == expected


def test_a_hundred_everyday_sentences_meet_their_topic() -> None:
    lines = SENTENCES.read_text(encoding="utf-8").splitlines()
    cases = [line.split(None, 1) for line in lines if line and not line.startswith("#")]

    other = {words: (topic(words), expected) for expected, words in cases if topic(words) != expected}

    assert len(cases) >= 100
    assert len({expected for expected, _ in cases}) >= 60
    assert not other


def test_hardly_any_of_these_sentences_is_taken_for_an_alarm_and_none_for_a_sure_one() -> None:
    """The alarm may ask about one message in ten for nothing; of these it is less than one in twenty."""
    lines = SENTENCES.read_text(encoding="utf-8").splitlines()
    words = [line.split(None, 1)[-1] for line in lines if line[:1].isalpha()]
    found = [alarm for alarm in map(the_detector().check, words) if alarm.level is not AlarmLevel.NONE]

    assert len(found) <= len(words) // 20
    assert not [alarm for alarm in found if alarm.certainty is not Certainty.ASK]


@pytest.mark.parametrize(
    "typed",
    [
        "Danke, aber meine Brust drückt so komisch",
        "hallo mir ist schwindelig",
        "super, jetzt kribbelt der Fuß",
        "der Witz ist, dass mir schlecht wird",
        "bei dem Wetter wird mein Fuß taub",
        "was ist der Sinn des Lebens",
        "xyzzy",
        "",
        "hallo " * (LONGEST + 1),
    ],
)
def test_a_complaint_within_small_talk_is_not_answered_as_small_talk(typed: str) -> None:
    found = the_kit().topics.find(typed)

    assert found is None or found.health


def test_every_topic_is_recognised_by_its_own_words_and_none_is_hidden_by_another() -> None:
    for each in the_kit().library.topics.topics:
        plain = [p for p in (*each.whole, *each.holds) if "@" not in p and "*" not in p and "+" not in p]
        others = {topic(words) for words in plain} - {each.id}
        assert not others, f"{each.id}: {others}"


def test_links_of_topics_are_commands() -> None:
    for each in the_kit().library.topics.topics:
        assert set(each.links) <= set(NAMES), each.id


@pytest.mark.parametrize(
    ("typed", "shown"), [("Einstellungen", "Uhrzeit"), ("fortschritt", "Tag"), ("Pause!", "lange")]
)
def test_the_name_of_a_command_works_without_a_slash(room: Room, typed: str, shown: str) -> None:
    room.says(typed)

    assert shown in "".join([*room.texts, *room.labels])


def test_what_may_be_about_the_body_leads_to_help(room: Room) -> None:
    room.says("mein Knie tut weh")

    data = [button.data for row in room.visible[room.order[-1]].buttons for button in row]
    assert {"/hurts", "/news"} <= set(data)


def test_no_topic_ever_stands_before_an_alarm() -> None:
    """Every sentence that raises an alarm raises it in the conversation too, also with a greeting before it."""
    base = Room()
    base.first_day()
    sentences = [text for name in ("textbook", "alarms") for texts in CASES[name].values() for text in texts]
    heard = [p + text for p in ("", "Hallo, ") for text in sentences if _alarms(p + text)]
    for typed in heard:
        room = Room(member=base.member, now=base.now, next_id=base.next_id)
        room.says(typed)
        assert room.known_facts(AlarmRaised), typed
        assert Kind.EMERGENCY in room.kinds, typed
    assert len(heard) > 200


def _alarms(typed: str) -> bool:
    return the_detector().check(typed).level is not AlarmLevel.NONE


def test_an_answer_to_the_waiting_question_is_an_answer(room: Room) -> None:
    room.until_due("prompt")
    room.taps("3")

    room.says("keine Zeit")  # a topic too, but here it means [not today]

    assert room.member.open is None
    assert not any("eine Minute genug" in text for text in room.texts)


def test_small_talk_beside_a_question_is_answered_and_the_question_asked_again(room: Room) -> None:
    room.until_due("prompt")
    room.taps("3")
    question = room.texts[-1]

    room.says("bist du ein Mensch?")

    assert "Programm" in room.texts[0]
    assert room.texts[-1] == question
    assert room.member.open is not None
    assert room.member.open.flow == SESSION.name


def test_a_nod_beside_a_question_gets_the_hint(room: Room) -> None:
    room.says("/schmerz")

    room.says("aha")

    assert "0 bis 10" in room.texts[-1]
    assert len(room.texts) == 1


@pytest.mark.parametrize("typed", ["danke", "bist du ein Mensch?", "mein Knie tut weh", "alles gut", "Schmerz 6"])
def test_safety_questions_hear_no_small_talk(typed: str) -> None:
    room = Room()
    room.says("/start")
    room.taps("yes")
    question = room.texts[-1]

    room.says(typed)

    assert len(room.texts) == 1
    assert room.texts[0].endswith(question)
    assert room.texts[0] != question  # the hint stands above it


def test_before_consent_questions_about_the_coach_are_answered_and_nothing_is_kept() -> None:
    room = Room()
    room.says("/start")

    room.says("bist du ein Mensch?")

    assert "Programm" in room.texts[0]
    assert room.facts == []


@pytest.mark.parametrize("language", ["de", "en"])
def test_unknown_words_get_one_honest_line_and_three_doors(language: str) -> None:
    room = Room(language=language)
    room.first_day()

    room.says("xyzzy plugh")

    (message,) = room.last.messages if room.last else ()
    assert [button.data for row in message.buttons for button in row] == ["/hurts", "/news", "/menu"]


@pytest.mark.parametrize(("door", "begins"), [("/hurts", "flare"), ("/news", "onboarding")])
def test_the_doors_lead_somewhere(room: Room, door: str, begins: str) -> None:
    room.says(door)

    assert room.member.open is not None
    assert room.member.open.flow == begins


def test_while_locked_everything_typed_gets_the_locks_own_text(room: Room) -> None:
    room.says("ich bin im Schritt taub und kann nicht mehr Wasser lassen")

    room.says("bist du ein Mensch?")

    said = [message for message in (room.last.messages if room.last else ()) if not message.only_edit]
    assert {message.kind for message in said} == {Kind.EMERGENCY}
