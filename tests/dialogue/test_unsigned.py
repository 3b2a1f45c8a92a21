"""As long as anything waits for a clinician's signature, README and /hilfe say so; for the report see test_report."""

from pathlib import Path

import pytest

from tests.dialogue.room import Room, the_kit

ROOT = Path(__file__).parents[2]


def anything_waits() -> bool:
    return bool(the_kit().library.unreviewed())


@pytest.mark.parametrize(
    ("file", "words"),
    [
        ("README.md", "No clinician has reviewed it yet"),
        ("content/README.md", "Nobody clinical has reviewed this content yet"),
    ],
)
def test_the_readme_says_so(file: str, words: str) -> None:
    text = " ".join((ROOT / file).read_text(encoding="utf-8").split())

    assert (words in text) is anything_waits()


@pytest.mark.parametrize(
    ("language", "command", "words"),
    [("de", "/hilfe", "Fachlich noch nicht geprüft"), ("en", "/help", "Not yet reviewed by a clinician")],
)
def test_the_help_says_so(language: str, command: str, words: str) -> None:
    room = Room(language=language)
    room.first_day()

    room.says(command)

    assert (words in "".join(room.texts)) is anything_waits()
