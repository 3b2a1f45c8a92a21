"""The end of the first day: a time, the right clock, the right numbers for help, and something to hang it on."""

from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from bot.dialogue.clocks import minutes_ahead, nearest_zone
from bot.dialogue.facts import ExerciseDone
from bot.dialogue.flows.ending import ENDING
from bot.dialogue.kit import Kit
from tests.dialogue.room import Room, the_kit

BERLIN = ZoneInfo("Europe/Berlin")


def at_the_end(kit: Kit | None = None, zone: str = "Europe/Berlin") -> Room:
    """After the first exercises, before anything was asked about tomorrow."""
    room = Room(kit=kit or the_kit())
    room.member = replace(room.member, zone=zone)
    room.onboards()
    room.taps("go")
    room.trains()
    room.taps("2")
    assert room.member.open is not None
    assert room.member.open.flow == ENDING.name
    return room


@pytest.mark.parametrize(
    ("language", "words"),
    [("de", "Das war's. 2 Minuten, ein bewegter Tag."), ("en", "That's it. 2 minutes, an active day.")],
)
def test_the_first_day_ends_with_its_minutes_and_tomorrows_moment(language: str, words: str) -> None:
    room = Room(language=language)

    room.first_day()

    (said,) = room.texts
    assert words in said.replace("*", "")
    assert "08:00" in said
    assert ("nach dem Kaffee" if language == "de" else "after your coffee") in said
    assert room.member.open is None


def test_from_hello_to_the_end_are_fifteen_taps_besides_the_exercises() -> None:
    room = Room()
    room.onboards()  # nine answers
    taps = 9
    for token in ("go", "more", "fine", "2", "0800", "right", "coffee"):
        room.taps(token)
        taps += 1

    assert taps - len(room.known_facts(ExerciseDone)) <= 15
    assert room.member.open is None


@pytest.mark.parametrize(("zone", "land", "number"), [
    ("Europe/Berlin", "in Deutschland", "112"),
    ("Europe/Vienna", "in Österreich", "112"),
    ("Europe/Zurich", "in der Schweiz", "144"),
    ("America/New_York", "außerhalb Europas", "112"),
])  # fmt: skip
def test_the_clock_names_the_land_its_zone_belongs_to(zone: str, land: str, number: str) -> None:
    room = at_the_end(zone=zone)

    room.taps("0800")

    assert land in room.texts[-1]
    assert f"Im Notfall: {number}." in room.texts[-1]


def test_another_country_changes_the_numbers_for_help_at_once() -> None:
    room = at_the_end()
    room.taps("0800")
    room.taps("land")

    room.taps("CH")
    moved = room.texts[0]
    room.taps("coffee")
    room.says("/notfall")

    assert "144" in moved
    assert "144" in "".join(room.texts)
    assert "116117" not in "".join(room.texts)
    assert room.member.zone == "Europe/Zurich"


def test_another_clock_moves_the_prompt_to_the_members_own_eight_oclock() -> None:
    room = at_the_end()
    room.taps("0800")
    room.taps("time")

    room.says("4:08 Uhr")  # the coach showed 10:07
    room.taps("coffee")

    (booked,) = (made for made in room.appointments.values() if made.kind == "prompt")
    assert room.member.zone == "America/New_York"
    assert booked.due.hour == 13
    assert room.member.known.about.country == "EU"


def test_a_clock_that_is_a_few_minutes_off_changes_nothing() -> None:
    room = at_the_end()
    room.taps("0800")
    room.taps("time")
    room.says("10:20")
    room.taps("coffee")

    assert room.member.zone == "Europe/Berlin"
    assert room.member.known.about.country == "DE"


def test_who_falls_asleep_over_it_is_called_tomorrow_all_the_same() -> None:
    room = at_the_end()
    room.taps("0800")

    room.until_due("prompt")

    assert room.texts
    assert room.member.known.prompt_time == "08:00"


def test_a_time_that_was_named_holds_when_the_rest_was_not_answered() -> None:
    room = at_the_end()
    room.taps("0800")

    room.until_due("prompt")
    room.until_due("prompt")

    assert room.now.astimezone(BERLIN).hour == 8


def test_who_names_no_time_is_called_once_and_asked_again_after_the_next_exercises() -> None:
    room = at_the_end()

    room.until_due("prompt")
    room.taps("3")
    while room.member.open is not None and room.member.open.flow != ENDING.name:
        tokens = [b.data.rpartition(".")[2] for row in room.visible[room.order[-1]].buttons for b in row]
        room.taps(next(token for token in ("go", "fine", "3") if token in tokens))

    assert room.member.open is not None
    assert "Wann passt es dir morgen" in room.texts[-1]


def test_who_begins_on_a_hard_day_is_asked_for_tomorrow_too() -> None:
    room = Room()
    room.onboards(pain=6)
    room.says("/schub")  # the lists were answered a moment ago
    room.taps("steps")

    room.ends_day()

    assert [key[0] for key in room.appointments if key[0] == "prompt"] == ["prompt"]
    assert "Das reicht für heute" in "".join(room.texts)


def test_nearest_zone_goes_round_midnight() -> None:
    zones = ((0, "home"), (-60, "west"), (600, "east"))

    assert nearest_zone(zones, minutes_ahead("00:10", "23:12")) == "west"
    assert nearest_zone(zones, minutes_ahead("20:00", "06:05")) == "east"
    assert nearest_zone(zones, minutes_ahead("20:00", "20:12")) == "home"
