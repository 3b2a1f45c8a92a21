"""The coach writes on the days the member wants, and asks the number of a morning without exercises all the same."""

from collections import Counter
from datetime import date, timedelta

import pytest

from bot.dialogue.facts import Decided, ProfileAnswered, SessionStarted
from tests.dialogue.month import Month, easy
from tests.dialogue.perfect import glad
from tests.dialogue.room import Room

WEEK = timedelta(days=7)


def asked_for_days(days: str, *, at: str = "0800") -> Room:
    """The second day, a Tuesday, with the number of days just told."""
    room = Room()
    room.onboards()
    room.taps("go")
    room.trains()
    room.taps("2")
    for token in (at, "right", "none"):
        room.taps(token)
    Month(room, lambda question, tokens: None if question == "days" else easy(question, tokens)).until("days")
    room.taps(days)
    return room


def steady(question: str, tokens: set[str]) -> str | None:
    """Keeps the number of days."""
    return "same" if question == "week-goal" else easy(question, tokens)


@pytest.mark.parametrize(
    ("days", "wanted"), [("1", {0}), ("2", {0, 3}), ("3", {0, 2, 4}), ("4", {0, 1, 3, 5}), ("7", set(range(7)))]
)
@pytest.mark.parametrize("at", ["0800", "1900"])
def test_so_many_days_a_week_and_the_same_each_week(days: str, wanted: set[int], at: str) -> None:
    room = asked_for_days(days, at=at)
    lived = Month(room, steady).lives(14)

    sessions = {dated.day for dated in room.facts if isinstance(dated.fact, SessionStarted)}
    monday = date(2026, 11, 30)
    assert {day.weekday() for day in sessions if monday <= day < monday + WEEK} == wanted
    pushed = Counter(day for day, message in lived.pushes if not message.silent)
    assert max(pushed.values()) <= 2


def test_the_days_are_named() -> None:
    room = asked_for_days("3")

    assert any("Montag, Mittwoch, Freitag" in text for text in room.texts)


@pytest.mark.parametrize(("days", "next_day"), [("1", "am Montag um 08:00"), ("2", "morgen um 08:00")])
def test_on_a_free_day_only_the_number_is_asked_without_a_sound_and_once(days: str, next_day: str) -> None:
    room = asked_for_days(days)  # on a Tuesday
    turns = room.lives(hours=24)
    pushes = [message for turn in turns for message in turn.messages if not message.only_edit]

    assert [message.silent for message in pushes] == [True]
    room.taps("3")
    assert "Heute ist frei" in room.texts[-1]
    assert next_day in room.texts[-1]
    assert room.member.open is None


def test_much_more_pain_on_a_free_morning_opens_the_hard_day() -> None:
    room = asked_for_days("2")
    room.until_due("morning")

    room.taps("8")

    assert room.is_offered("none")  # the three short lists


def test_who_trains_in_the_evening_is_asked_in_the_morning_and_rises_too() -> None:
    room = Room()
    room.onboards()
    room.taps("go")
    room.trains()
    room.taps("2")
    for token in ("1900", "right", "supper"):
        room.taps(token)

    lived = Month(room, glad).lives(40)

    asked = {moment.hour for moment, question in lived.asked if question == "pain-morning"}
    assert asked == {7}  # eight o'clock in Berlin
    assert any(fact.change in {"dose_up", "level_up"} for fact in room.known_facts(Decided))


@pytest.mark.parametrize(("days", "fewer"), [("7", "3"), ("4", "3"), ("3", "2"), ("1", "1")])
def test_less_means_fewer_days_and_the_settings_know_it(days: str, fewer: str) -> None:
    room = asked_for_days(days)
    room.says("/heute")
    room.taps("menu")

    room.taps("less")

    assert room.known_facts(ProfileAnswered)[-1] == ProfileAnswered(field="days_per_week", value=fewer)
    assert "/einstellungen" in room.texts[-1]


def test_other_days_in_the_settings_count_from_now_on() -> None:
    room = asked_for_days("7")
    while room.member.open is not None:
        room.taps("~")
    room.says("/einstellungen")
    room.taps("days")
    room.says("2")

    (booked,) = [made.local_date for made in room.appointments.values() if made.kind == "prompt"]
    assert booked == date(2026, 11, 26)
