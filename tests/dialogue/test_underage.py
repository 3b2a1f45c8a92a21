"""An age under 18 told later than in the first conversation: asked once more, then everything goes."""

import pytest

from bot.dialogue.underage import says_under_age
from tests.dialogue.room import Room

YOUNG = (
    "ich bin 16",
    "Ich bin erst 15 Jahre alt.",
    "I'm 17",
    "i am only 14 years old",
    "bin noch minderjährig",
    "16 Jahre alt",
)
OTHERS = (
    "ich bin 18",
    "ich bin 71",
    "mein Sohn ist 12",
    "16",
    "bin 16 Minuten gegangen",
    "ich bin müde",
    "seit ich 16 bin",
)


@pytest.mark.parametrize("typed", YOUNG)
def test_words_that_tell_such_an_age(typed: str) -> None:
    assert says_under_age(typed)


@pytest.mark.parametrize("typed", OTHERS)
def test_words_that_tell_something_else(typed: str) -> None:
    assert not says_under_age(typed)


def test_whoever_is_under_18_is_turned_away_whenever_they_say_so() -> None:
    room = Room()
    room.first_day()
    room.says("ich bin 16")
    assert "unter 18" in room.texts[-1]
    assert not room.erased

    room.says("ja")

    assert room.erased
    assert room.last is not None
    assert room.last.minor
    assert "112" in room.texts[-1]


def test_whoever_is_older_goes_on_where_they_were() -> None:
    room = Room()
    room.first_day()
    room.says("/neu")
    room.says("ich bin 16", after_s=60)

    room.taps("no")

    assert not room.erased
    assert room.member.open is not None
    assert room.member.open.flow == "onboarding"
    assert room.is_offered("none")
