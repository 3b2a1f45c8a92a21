"""Whom the coach takes on: everybody, whoever has the code, or nobody; a call for help is answered to anybody."""

from dataclasses import replace

import pytest

from bot.dialogue.kit import Kit
from bot.dialogue.messages import Kind
from tests.dialogue.room import Room, the_kit

CODE = "backbone-2026"
WELCOME = "Hallo, ich bin **Rückgrat**"


def kit_with(signup: str) -> Kit:
    kit = the_kit()
    return replace(kit, operator=replace(kit.operator, signup=signup, signup_code=CODE))


@pytest.mark.parametrize("signup", ["closed", "code"])
@pytest.mark.parametrize("said", ["hallo", "/start", "/start falsch-2026", "/heute", "backbone", ""])
def test_nobody_is_taken_on_without_the_code(signup: str, said: str) -> None:
    room = Room(kit=kit_with(signup))

    room.says(said)

    assert room.member.open is None
    assert room.facts == []
    (line,) = room.texts
    assert WELCOME not in line
    assert "112" in line
    assert room.kit.operator.contact in line


@pytest.mark.parametrize("said", [CODE, f"/start {CODE}", f" {CODE} "])
def test_the_code_opens_by_word_and_by_link(said: str) -> None:
    room = Room(kit=kit_with("code"))
    room.says("hallo")

    room.says(said)

    assert any(WELCOME in line for line in room.texts)
    begun = room.member.open
    assert begun is not None
    room.says("/start")
    assert room.member.open is not None
    assert room.member.open.run == begun.run  # no code is asked for again
    room.taps("Ja, einverstanden")
    assert room.member.known.consents


def test_no_code_opens_what_is_closed() -> None:
    room = Room(kit=kit_with("closed"))

    room.says(CODE)

    assert room.member.open is None


def test_a_call_for_help_is_answered_and_locks_all_the_same() -> None:
    room = Room(kit=kit_with("closed"))

    room.says("/notfall")
    assert Kind.EMERGENCY in room.kinds
    room.says("Ich will nicht mehr leben")

    assert Kind.EMERGENCY in room.kinds
    assert room.member.known.lock is not None


def test_members_stay_members() -> None:
    room = Room()
    room.first_day()
    room.kit = kit_with("closed")

    room.passes(days=1)
    room.says("/start")

    assert room.member.open is not None
    assert not any("112" in line for line in room.texts)
