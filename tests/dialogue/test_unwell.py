"""Dizzy or short of breath in an exercise: it stops at once, and the rules hear of it (clinical rules 5.4)."""

from zoneinfo import ZoneInfo

import pytest

from bot.coach.lights import Light, light_session
from bot.dialogue.facts import ExerciseDone
from bot.dialogue.flows.session import SESSION
from bot.dialogue.history import history_of
from bot.dialogue.moment import Moment
from bot.dialogue.planning import plan_session
from bot.dialogue.unwell import says_unwell
from tests.dialogue.perfect import lives
from tests.dialogue.room import Room

WORDS = {
    "de": ("mir ist schwindelig", "schwindlig", "Schwindel", "benommen", "die Luft wird knapp", "kurzatmig"),
    "en": ("I feel dizzy", "dizzy", "lightheaded", "a bit short of breath", "so breathless"),
}  # fmt: skip
DENIED = ("mir ist nicht schwindelig", "kein Schwindel", "not dizzy", "Luft", "the wind", "es verschwindet")


def in_exercise(language: str = "de") -> Room:
    """Up to the first exercise of a day with several."""
    room = list(lives(Room(language=language), 5))[-1]
    room.passes(hours=20)
    room.says("/heute")
    for token in ("go", "3"):
        if room.is_offered(token):
            room.taps(token)
    assert room.is_offered("fine")
    return room


def is_stopped(room: Room) -> None:
    """The exercise counts as half done, no other one follows, the way to help stands beside it, all of it is red."""
    assert not room.is_offered("fine")
    room.taps("3")  # pain after
    done = room.known_facts(ExerciseDone)[-1]
    assert (done.quality, done.done, done.more) == ("unwell", 1, False)
    today = history_of(room.member.known, room.kit.library).days[-1]
    assert today.session is not None
    assert today.session.unwell
    lit = light_session(history_of(room.member.known, room.kit.library), today, room.kit.library.thresholds)
    assert {each.light for each in lit if each.record.exercise == done.exercise} == {Light.RED}


@pytest.mark.parametrize("language", ["de", "en"])
def test_the_button_stops_the_day(language: str) -> None:
    room = in_exercise(language)
    room.taps("hurt")
    room.taps("unwell")

    assert any("/notfall" in text or "/emergency" in text for text in room.texts)
    is_stopped(room)


@pytest.mark.parametrize(
    ("language", "words"), [(language, words) for language in WORDS for words in WORDS[language][:2]]
)
def test_typed_words_stop_it_too(language: str, words: str) -> None:
    room = in_exercise(language)
    room.says(words)

    is_stopped(room)


@pytest.mark.parametrize("words", [*WORDS["de"], *WORDS["en"]])
def test_everyday_words_are_heard(words: str) -> None:
    assert says_unwell(words)


@pytest.mark.parametrize("words", DENIED)
def test_a_denial_stops_nothing(words: str) -> None:
    assert not says_unwell(words)
    room = in_exercise()
    room.says(words)
    assert room.member.open is not None
    assert room.member.open.flow == SESSION.name


def test_next_time_the_exercise_is_no_heavier() -> None:
    room = in_exercise()
    for token in ("hurt", "unwell", "3"):
        room.taps(token)
    done = room.known_facts(ExerciseDone)[-1]
    room.passes(days=2)

    planned = plan_session(room.member, Moment(room.now, ZoneInfo(room.member.zone)), room.kit)

    again = [each for each in getattr(planned, "planned", ()) if each.exercise == done.exercise]
    assert all((each.level, each.step, each.sets) <= (done.level, done.dose_step, done.sets) for each in again)
    rules = {change.rule for change in planned.changes if change.exercise == done.exercise}
    assert rules <= {"R_RED", "R_RED2"}  # at the bottom of its ladder there is nothing left to take
