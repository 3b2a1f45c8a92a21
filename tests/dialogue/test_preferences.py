"""/einstellungen: each thing is changed by two taps, takes effect at once, and the rest stays."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.coach.profile import minutes_of
from bot.dialogue.figures import PREGNANT, Figure, figure_of
from bot.dialogue.history import profile_of
from bot.pictures.theme import PEOPLE
from tests.dialogue.room import Room


@pytest.fixture
def room() -> Room:
    made = Room()
    made.first_day()
    return made


def settle(room: Room, *tokens: str) -> None:
    room.says("/einstellungen")
    for token in tokens:
        room.taps(token)


def next_prompt(room: Room) -> datetime:
    return min(made.due for (kind, _), made in room.appointments.items() if kind == "prompt")


def test_the_time_of_the_prompt_moves_to_the_next_day_without_exercises(room: Room) -> None:
    settle(room, "time", "1700")

    assert room.member.known.prompt_time == "17:00"
    assert next_prompt(room) == datetime(2026, 11, 24, 16, tzinfo=UTC)  # today was trained
    assert sum(kind == "prompt" for kind, _ in room.appointments) == 1


def test_a_typed_time_works_too(room: Room) -> None:
    settle(room, "time")
    room.says("halb sieben abends")

    assert room.member.known.prompt_time == "18:30"


def test_days_and_minutes_reach_the_plan(room: Room) -> None:
    settle(room, "days", "5")
    settle(room, "minutes", "10")

    profile = profile_of(room.member.known, room.kit.library, room.now.date())
    assert profile.days_per_week == 5
    assert minutes_of(profile, room.kit.library.thresholds) == 10


@pytest.mark.parametrize(("field", "value"), [("desk", "on"), ("push", "open"), ("questions", "few")])
def test_switches_are_kept(room: Room, field: str, value: str) -> None:
    settle(room, field, value)

    assert (field, value) in room.member.known.settings


def shown_as(room: Room) -> str:
    (picture,) = (message.picture for message in room.says("/uebungen beckenkippen").messages if message.picture)
    return picture.theme


def test_a_chosen_figure_is_in_the_next_picture(room: Room) -> None:
    before = shown_as(room)
    settle(room, "figure", "older")

    assert (before, shown_as(room)) == ("default", "older")


def test_who_is_far_on_in_a_pregnancy_is_drawn_so_whatever_was_chosen(room: Room) -> None:
    settle(room, "figure", "older")
    known = room.member.known

    assert figure_of(known) == "older"
    assert figure_of(replace(known, tags=("P20", "PG"))) == "pregnant"


def test_every_figure_that_can_be_chosen_can_be_drawn() -> None:
    assert {*Figure, PREGNANT} == PEOPLE.keys()


def test_the_language_changes_and_the_answer_is_in_it(room: Room) -> None:
    settle(room, "language", "en")

    assert room.member.language == "en"
    assert "English" in room.texts[0]


def test_help_numbers_follow_the_country(room: Room) -> None:
    settle(room, "country", "CH")

    room.says("/notfall")

    assert "144" in room.texts[0]


def test_the_zone_is_read_from_the_clock_and_brings_its_country(room: Room) -> None:
    away = room.now + timedelta(hours=-5)
    settle(room, "zone")

    room.says(away.strftime("%H:%M"))

    assert room.member.zone == "America/New_York"
    assert next_prompt(room) > room.now


def test_a_clock_a_few_minutes_off_changes_nothing(room: Room) -> None:
    before = room.member.zone
    settle(room, "zone")

    room.says((room.now + timedelta(hours=1, minutes=7)).strftime("%H:%M"))

    assert room.member.zone == before


def test_nothing_to_change_leaves_everything(room: Room) -> None:
    before = room.member.known

    settle(room, "close")

    assert room.member.known == before


def test_things_at_home_can_be_named_and_taken_back() -> None:
    room = Room()
    room.first_day()
    for marked, kept in (("+band", ("band",)), ("", ())):
        room.says("/einstellungen", after_s=60)
        room.taps("things")
        if marked:
            room.taps(marked)
        room.taps("=")
        assert room.member.known.about.equipment == kept
    room.says("/einstellungen", after_s=60)
    assert "Zu Hause: Nichts davon" in "".join(room.texts)


def settings_shown(room: Room) -> str:
    room.says("/einstellungen")
    return room.texts[-1]


def test_until_days_are_named_the_settings_say_that_prompts_come_every_day(room: Room) -> None:
    assert "Tage: jeden Tag" in settings_shown(room)

    settle(room, "days", "2")

    assert "Tage: 2" in settings_shown(room)


@pytest.mark.parametrize(
    ("tokens", "before", "after"),
    [
        (("time", "1700"), "Uhrzeit: 08:00", "Uhrzeit: 17:00"),
        (("minutes", "10"), "Minuten: 3", "Minuten: 10"),
        (("desk", "on"), "Pausen am Schreibtisch: Aus", "Pausen am Schreibtisch: An"),
        (("push", "open"), "Sperrbildschirm: Unauffällig", "Sperrbildschirm: Die Nachricht"),
        (("questions", "few"), "Fragen nebenbei: Wie vorgesehen", "Fragen nebenbei: Nur wenige"),
        (("figure", "woman"), "Figur in den Bildern: Junger Mann", "Figur in den Bildern: Frau"),
        (("country", "AT"), "Deutsch · Deutschland", "Deutsch · Österreich"),
    ],
)
def test_the_settings_show_what_holds_now(room: Room, tokens: tuple[str, ...], before: str, after: str) -> None:
    assert before in settings_shown(room)
    room.taps("close")

    settle(room, *tokens)

    assert after in settings_shown(room)


def test_few_questions_can_be_taken_back(room: Room) -> None:
    settle(room, "questions", "few")
    settle(room, "questions", "all")

    assert ("questions", "few") not in room.member.known.settings
