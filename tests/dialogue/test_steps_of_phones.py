"""Steps: pasted days, a key of one's own for the phone, and silence about what the phone tells."""

from dataclasses import replace

import pytest

from bot.dialogue.events import StepsCounted, StepsKeyMade
from bot.dialogue.facts import StepsLogged
from bot.dialogue.step_days import key_hash
from bot.dialogue.wishes import MakeStepsKey
from tests.dialogue.room import Room


@pytest.fixture
def room() -> Room:
    made = Room()
    made.first_day()
    address = "https://coach.example/steps"
    made.kit = replace(made.kit, operator=replace(made.kit.operator, steps_address=address))
    return made


def with_key(room: Room, key: str = "1f-secret") -> None:
    room.says("/schritte automatisch")
    assert room.last is not None
    assert room.last.wishes == (MakeStepsKey(),)
    room.happens(StepsKeyMade(key=key))


def steps_of(room: Room) -> dict[str, int]:
    return {walk.day: walk.steps for walk in room.member.known.walks}


@pytest.mark.parametrize("typed", ["2026-11-21 6500\n22.11.2026;7.000", "/schritte 2026-11-21,6500\n2026-11-22,7000"])
def test_pasted_days_are_kept(room: Room, typed: str) -> None:
    room.says(typed)

    assert steps_of(room) == {"2026-11-21": 6500, "2026-11-22": 7000}
    assert "Tage mit Schritten: 2" in room.texts[-1]


def test_days_to_come_and_long_ago_are_left_out(room: Room) -> None:
    room.says("2026-11-24 6500\n2026-01-22 7000\n2026-11-23 500")

    assert steps_of(room) == {"2026-11-23": 500}


@pytest.mark.parametrize(("language", "command"), [("de", "/schritte automatisch"), ("en", "/steps automatic")])
def test_a_key_is_shown_once_and_only_its_hash_is_kept(room: Room, language: str, command: str) -> None:
    room.member = replace(room.member, language=language)
    room.says(command)
    room.happens(StepsKeyMade(key="1f-secret"))

    assert "1f-secret" in room.texts[-1]
    assert "https://coach.example/steps" in room.texts[-1]
    assert room.member.known.steps_key == key_hash("1f-secret")


def test_what_a_phone_tells_is_kept_without_a_word(room: Room) -> None:
    with_key(room)
    shown, heard = list(room.order), room.member.heard

    room.happens(StepsCounted(days=(("2026-11-22", 7000), ("2026-11-23", 300)), key=key_hash("1f-secret")))
    room.happens(StepsCounted(days=(("2026-11-22", 7000), ("2026-11-23", 900)), key=key_hash("1f-secret")))

    assert steps_of(room) == {"2026-11-22": 7000, "2026-11-23": 900}
    assert room.order == shown
    assert room.member.heard == heard
    assert len(room.known_facts(StepsLogged)) == 3  # the day that was told already is not told again


def test_a_new_key_ends_the_old_one_and_off_ends_it_all(room: Room) -> None:
    with_key(room)
    with_key(room, "1f-another")

    room.happens(StepsCounted(days=(("2026-11-22", 7000),), key=key_hash("1f-secret")))
    assert not steps_of(room)

    room.says("/schritte aus")
    room.happens(StepsCounted(days=(("2026-11-22", 7000),), key=key_hash("1f-another")))
    assert not steps_of(room)
    assert room.member.known.steps_key == ""


def test_where_no_phone_can_tell_pasting_is_named(room: Room) -> None:
    room.kit = replace(room.kit, operator=replace(room.kit.operator, steps_address=""))

    room.says("/schritte automatisch")

    assert "2026-11-29 6500" in room.texts[-1]
    assert room.last is not None
    assert not room.last.wishes
