"""What a member types: each command does its one thing, in both languages, and what stood open comes back below."""

from datetime import timedelta

import pytest

from bot.dialogue.commands import GROUPS, MENU, NAMES, Command, name_of, read_command
from bot.dialogue.events import Due
from bot.dialogue.facts import PainReported, PauseTaken, ProblemTold, StatusChanged, StepsLogged, WalkLogged
from bot.dialogue.flows.flare import FLARING
from bot.dialogue.flows.pausing import PAUSE_OVER
from bot.dialogue.flows.session import SESSION
from bot.dialogue.member import Status
from bot.dialogue.messages import Attachment, Kind, Where
from bot.dialogue.moment import micros
from tests.dialogue.room import Room


@pytest.fixture
def room() -> Room:
    """A member on the evening of the first day, nothing open."""
    made = Room()
    made.first_day()
    return made


def open_flow(room: Room) -> str:
    return "" if room.member.open is None else room.member.open.flow


@pytest.mark.parametrize("language", ["de", "en"])
def test_every_menu_and_help_name_is_a_command_of_its_language(language: str) -> None:
    named = [command for _, commands in GROUPS for command in commands]

    assert len(named) == len(set(named))
    for name, command in MENU[language]:
        assert NAMES[name] is command
        assert name == name_of(command, language)
    for command in named:
        called = read_command(f"/{name_of(command, language)}")
        assert called is not None
        assert called.command is command


def test_everything_is_found_under_help_but_what_is_offered_where_it_belongs() -> None:
    listed = {command for _, commands in GROUPS for command in commands}

    assert set(Command) - listed == {Command.START, Command.HELP, Command.EMERGENCY, Command.MISTYPED}


@pytest.mark.parametrize(("language", "typed"), [("de", "!hilfe"), ("en", "/help"), ("de", "hilfe"), ("en", "help")])
def test_help_begins_with_the_emergency_line_and_says_that_nobody_reviewed_it(language: str, typed: str) -> None:
    room = Room(language=language)
    room.onboards()

    room.says(typed)

    body = room.texts[0]
    assert body.startswith("**Notfall? 112" if language == "de" else "**Emergency? 112")
    assert ("noch nicht geprüft" if language == "de" else "Not yet reviewed") in body
    assert f"/{name_of(Command.PAIN, language)}" in body


@pytest.mark.parametrize("typed", ["/schmerz 4", "/pain 4", "Schmerz 4", "pain 4/10", "mein Schmerz ist heute 4"])
def test_a_pain_number_is_kept_at_any_time(room: Room, typed: str) -> None:
    room.says(typed)

    assert room.known_facts(PainReported)[-1] == PainReported(when="now", value=4)
    assert "festgehalten" in room.texts[-1]
    assert "Vertippt" in room.labels


def test_a_command_is_known_behind_either_sign_and_without_one() -> None:
    answers = []
    for typed in ("/heute", "!heute", "heute"):
        room = Room(channel="matrix")
        room.onboards()  # the offer stands open, with *Heute nicht* below it
        room.says(typed)
        answers.append((open_flow(room), room.texts))

    assert answers[0][0] == SESSION.name
    assert answers[0] == answers[1] == answers[2]


@pytest.mark.parametrize(
    "typed",
    ["/notfall!", "/notfall.", "/notfall\nmein Bein", "/ notfall", "／notfall", "\u200b/notfall", "/notfall🆘",
     "„Notfall“", "/emergency!!!", "/notfall, bitte", "*notfall*"],
)  # fmt: skip
def test_a_call_for_help_in_haste_is_one(room: Room, typed: str) -> None:
    room.says(typed)

    assert Kind.EMERGENCY in room.kinds


@pytest.mark.parametrize("typed", ["/notfallplan", "/schmerz6", "/heute_nicht", "/", "! ", "kein Notfall"])
def test_what_only_begins_like_a_command_is_none(typed: str) -> None:
    assert read_command(typed) is None


def test_without_a_number_pain_is_asked(room: Room) -> None:
    room.says("/schmerz")
    room.taps("5")

    assert room.known_facts(PainReported)[-1] == PainReported(when="now", value=5)


def test_a_told_number_can_be_put_right(room: Room) -> None:
    room.says("Schmerz 8")
    room.says("/vertippt")
    room.taps("2")

    assert room.known_facts(PainReported)[-1] == PainReported(when="now", value=2, corrects=True)
    assert open_flow(room) == ""  # the hard day is gone with the wrong number, and today is done already


def test_much_more_pain_than_usual_opens_the_hard_day_with_its_lists(room: Room) -> None:
    room.says("Schmerz 9")

    assert open_flow(room) == FLARING.name
    assert Kind.EXERCISE not in room.kinds


def test_a_number_beside_an_open_offer_renews_the_offer(room: Room) -> None:
    room.until_due("prompt")
    room.taps("3")
    before = open_flow(room)

    room.says("Schmerz 2")

    assert before == open_flow(room) == SESSION.name
    assert room.known_facts(PainReported)[-1].when == "now"
    assert "festgehalten" in room.texts[0]


def test_a_number_within_a_safety_list_is_no_small_talk(room: Room) -> None:
    room.until_due("prompt")
    room.taps("3")
    room.says("/schub")
    numbers = len(room.known_facts(PainReported))

    room.says("Schmerz 6")

    assert len(room.known_facts(PainReported)) == numbers
    assert open_flow(room) == FLARING.name


def test_a_bare_number_is_asked_about_before_it_counts(room: Room) -> None:
    numbers = len(room.known_facts(PainReported))
    room.says("6")
    assert len(room.known_facts(PainReported)) == numbers

    room.taps("Ja, Schmerz 6")

    assert room.known_facts(PainReported)[-1].value == 6


@pytest.mark.parametrize("typed", ["/gehen 20", "/walk 20", "20 Minuten gegangen", "ich war 20 Minuten spazieren"])
def test_a_walk_is_kept_and_counts(room: Room, typed: str) -> None:
    room.says(typed)

    assert room.known_facts(WalkLogged) == [WalkLogged(minutes=20)]
    assert "20 Minuten gegangen" in room.texts[-1]


@pytest.mark.parametrize("typed", ["/schritte 6000", "/steps 6000", "6.000 Schritte"])
def test_steps_are_kept(room: Room, typed: str) -> None:
    room.says(typed)

    assert room.known_facts(StepsLogged) == [StepsLogged(steps=6000)]


@pytest.mark.parametrize(("command", "token", "fact"), [("/gehen", "15", "walk"), ("/schritte", "4000", "steps")])
def test_without_a_number_there_are_offers_and_a_wrong_word_is_asked_again(
    room: Room, command: str, token: str, fact: str
) -> None:
    room.says(command)
    room.says("ziemlich viel")
    room.taps(token)

    assert room.facts[-1].fact.kind == fact


def test_a_pause_ends_by_itself_with_one_quiet_line(room: Room) -> None:
    room.says("/pause")
    room.taps("week")
    room.taps("holiday")
    assert room.known_facts(StatusChanged)[-1] == StatusChanged(status="paused")
    assert not any(kind == "prompt" for kind, _ in room.appointments)

    room.until_due(PAUSE_OVER)

    assert room.member.status is Status.ACTIVE
    assert any(kind == "prompt" for kind, _ in room.appointments)
    (message,) = room.last.messages if room.last else ()
    assert message.push == "Dein Moment ist da."


def test_a_pause_with_days_asks_only_why_and_resume_ends_it(room: Room) -> None:
    room.says("/pause 7")
    room.taps("ill")
    assert room.known_facts(PauseTaken)[-1].until == (room.now.date() + timedelta(days=7)).isoformat()
    assert "116117" in room.texts[-1]

    room.says("/weiter")

    assert room.known_facts(StatusChanged)[-1] == StatusChanged(status="active")
    assert not any(kind == PAUSE_OVER for kind, _ in room.appointments)
    assert room.member.known.pause is not None
    assert room.member.known.pause.until == room.now.date().isoformat()


def test_a_pause_that_ends_under_a_lock_says_nothing(room: Room) -> None:
    room.says("/pause 3")
    room.taps("other")
    room.says("ich bin im Schritt taub und kann nicht mehr Wasser lassen")

    room.until_due(PAUSE_OVER)

    assert room.last is not None
    assert room.last.messages == ()


def test_a_clock_that_runs_ahead_for_an_hour_ends_no_pause(room: Room) -> None:
    room.says("/pause 7")
    room.taps("other")
    until = room.now.date() + timedelta(days=7)
    room.passes(days=300)
    assert room.until_due(PAUSE_OVER).messages == ()
    room.passes(days=-300)

    turn = room.happens(Due(kind=PAUSE_OVER, local_date="2027-09-20", due_at=micros(room.now)))  # see `bring_back`

    assert room.member.status is Status.PAUSED
    assert [made.local_date for made in turn.appointments] == [until]


def test_a_problem_is_noted_without_words(room: Room) -> None:
    room.says("/problem")
    room.taps("picture")

    assert room.known_facts(ProblemTold) == [ProblemTold(what="picture")]
    assert "probe@example.org" in room.texts[-1]


def test_own_exercises_are_listed_and_one_is_shown_with_its_picture(room: Room) -> None:
    room.says("/uebungen")
    assert "Beckenkippen" in room.texts[-1]

    room.taps("Beckenkippen")

    assert room.last is not None
    picture = room.last.messages[0].picture
    assert picture is not None
    assert picture.figure == "beckenkippen"
    assert picture.alt


def test_progress_is_a_picture_and_three_sentences(room: Room) -> None:
    room.says("/fortschritt")

    assert room.last is not None
    message = room.last.messages[0]
    assert message.picture is not None
    assert message.picture.figure == "chart-pain"
    assert len(message.text.split("\n")) == 3
    assert "1 bewegter Tag" in message.text


@pytest.mark.parametrize("typed", ["/uebungen", "/fortschritt", "/schmerz 5", "/gehen 10", "/schritte 5000"])
def test_in_an_emergency_commands_show_its_text_and_nothing_else(room: Room, typed: str) -> None:
    room.says("ich bin im Schritt taub und kann nicht mehr Wasser lassen")

    room.says(typed)

    assert room.kinds <= {Kind.EMERGENCY, Kind.TALK}
    assert any("112" in text for text in room.texts)
    assert not room.known_facts(WalkLogged)


def test_support_names_what_the_country_has(room: Room) -> None:
    room.says("/unterstuetzung")
    assert "Rehasport" in room.labels

    room.taps("Physio")

    assert "Verordnung" in room.texts[-1]


def test_support_of_another_country_names_no_german_prescription(room: Room) -> None:
    room.says("/einstellungen")
    room.taps("country")
    room.taps("CH")

    room.says("/support")

    assert "Physio" not in room.labels
    assert "Kurse" in room.labels


def test_consent_and_export_say_what_is_kept(room: Room) -> None:
    room.says("/einwilligung")
    assert "23. Nov. 2026" in room.texts[-1]

    room.says("/export")

    assert room.last is not None
    (sent,) = (message for message in room.last.messages if message.file is not None)
    assert (sent.file, sent.kind, sent.where) == (Attachment.EXPORT, Kind.EXPORT, Where.ORIGIN)


@pytest.mark.parametrize("typed", ["/schmerz 4", "/gehen 10", "/pause", "/einstellungen", "/fortschritt", "/export"])
def test_before_consent_nothing_is_kept(typed: str) -> None:
    room = Room()

    room.says(typed)

    assert room.facts == []
    assert "112" in room.texts[0]


@pytest.mark.parametrize(
    "typed", ["/hilfe", "/fortschritt", "/uebungen", "/unterstuetzung", "/einwilligung", "/export"]
)
def test_a_command_that_shows_is_answered_and_the_open_question_asked_again(room: Room, typed: str) -> None:
    room.until_due("prompt")
    room.taps("3")
    room.taps("go")
    question = room.texts[-1]

    room.says(typed)

    assert room.texts[-1] == question


def test_what_was_set_aside_by_a_command_comes_back(room: Room) -> None:
    room.until_due("prompt")
    room.taps("3")
    room.taps("go")
    question = room.texts[-1]

    room.says("/gehen")
    room.taps("10")

    assert open_flow(room) == SESSION.name
    assert room.texts[-1] == question


@pytest.mark.parametrize(
    "typed", ["/schmerz", "/schmerz 4", "/gehen 20", "/schritte 9000", "/pause 7", "/einstellungen", "/problem"]
)
def test_unfinished_safety_questions_are_never_set_aside(typed: str) -> None:
    room = Room()
    room.says("/start")
    room.taps("yes")
    state, question = room.member.open, room.texts[-1]

    room.says(typed)

    assert "gleich danach" in room.texts[0]
    assert room.texts[-1] == question
    assert state is not None
    assert room.member.open is not None
    assert (room.member.open.run, room.member.parked) == (state.run, None)
    assert not any(dated.fact.kind in {"pain", "walk", "steps", "pause-taken", "problem"} for dated in room.facts)


def test_a_second_short_question_takes_the_place_of_the_first_and_the_day_comes_back(room: Room) -> None:
    room.until_due("prompt")
    room.taps("3")
    room.taps("go")
    question = room.texts[-1]

    room.says("/einstellungen")
    room.says("/gehen")
    room.taps("10")

    assert open_flow(room) == SESSION.name
    assert room.texts[-1] == question
