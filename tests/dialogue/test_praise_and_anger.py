"""Praise and anger, in the words people use: each gets its own answer, never the one for health questions."""

import pytest

from tests.dialogue.room import the_kit

PRAISE = (
    *("gut gemacht", "super gemacht", "toll gemacht", "bravo", "du bist toll", "tolle app"),
    *("well done", "great job", "nice work", "you're great"),
)
ANGER = (
    *("ich bin sauer", "ich bin wütend", "blöder Bot", "du nervst", "so ein mist"),
    *("I'm angry", "you are annoying", "stupid bot"),
)


@pytest.mark.parametrize(("words", "topic"), [*((w, "praise") for w in PRAISE), *((w, "anger") for w in ANGER)])
def test_praise_and_anger_are_heard(words: str, topic: str) -> None:
    finder = the_kit().topics
    assert finder is not None
    found = finder.find(words)

    assert found is not None
    assert found.id == topic
