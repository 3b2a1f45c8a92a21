"""Every command by its English name, from beginning to end: answered, in English, naming English commands only."""

import re
from dataclasses import replace

import pytest

from bot.dialogue.commands import GROUPS, MENU, NAMES, Command, name_of
from tests.dialogue.room import Room, the_kit

LISTED = sorted({command for _, commands in GROUPS for command in commands} | {each for _, each in MENU["en"]})
GERMAN = re.compile(r"[äöüÄÖÜß]|\b(?:nicht|und|oder|heute|deine|Übung|Woche|Schmerz|ist)\b")
NAMED = re.compile(r"(?<![\w/.])/([a-z]{3,20})\b")
OF_ITSELF = ("Rückgrat", "Deutsch", "für")  # the coach's name, the other language, a source's title


@pytest.mark.parametrize("command", LISTED)
def test_it_answers_in_english(command: Command) -> None:
    room = Room(language="en")
    room.first_day()

    room.says(f"/{name_of(command, 'en')}")

    said = "\n".join(room.texts)
    if command is Command.LINK:  # its code is made and told by the runtime, see tests/channel/test_linking_places.py
        assert room.last is not None
        assert room.last.wishes
        return
    assert said
    if command is Command.LANGUAGE:
        assert room.member.language == "de"
        return
    bare = re.sub(r"\*[^*]*gesundheitsinformation[^*]*\*", "", said)  # a source keeps its title
    for own in OF_ITSELF:
        bare = bare.replace(own, "")
    assert not GERMAN.search(bare), bare
    for name in NAMED.findall(said):
        assert name == name_of(NAMES[name], "en"), name


@pytest.mark.parametrize("command", [each for each in LISTED if each is not Command.ERASE])
def test_afterwards_the_day_goes_on(command: Command) -> None:
    """No command is a dead end: the exercises are there when they are asked for, or a question that leads on."""
    room = Room(language="en")
    room.first_day()
    room.says(f"/{name_of(command, 'en')}")
    room.passes(days=1)

    room.says("/today")

    assert room.texts
    assert room.member.open is not None


@pytest.mark.parametrize(
    ("language", "name", "by", "where"),
    [
        ("en", "", 'Run by "Demo on this machine".', "Where: on this machine."),
        ("en", "Praxis Probe", "Run by Praxis Probe.", "Where: on a computer of Praxis Probe."),
        ("de", "", "Betrieben von „Vorführung auf diesem Gerät“.", "Wo: auf diesem Gerät."),
        ("de", "Praxis Probe", "Betrieben von Praxis Probe.", "Wo: auf dem Rechner von Praxis Probe."),
    ],
)
def test_who_runs_it_and_where_is_said_in_the_readers_language(language: str, name: str, by: str, where: str) -> None:
    """Not in the operator's, which stood in the first two messages of everybody else."""
    kit = the_kit()
    room = Room(language=language, kit=replace(kit, operator=replace(kit.operator, name=name, place="")))

    room.says("hallo")

    assert any(by in words for words in room.texts)
    assert any(where in words for words in room.texts)
