"""When it is bad right now: relief by the sixth tap, no scale, one question in the morning, then the rest."""

from datetime import UTC, datetime

import pytest

from bot.dialogue.facts import Disposed, PainReported
from bot.dialogue.flows.onboarding import UNANSWERED, UNFINISHED
from bot.dialogue.flows.relief import NIGHT_AFTER
from bot.dialogue.messages import Kind
from tests.dialogue.room import Room

LATE = datetime(2026, 11, 23, 22, tzinfo=UTC)  # eleven at night in Berlin


def night(language: str = "de") -> Room:
    """Six taps: consent, four lists, the first relief."""
    room = Room(language=language, now=LATE)
    room.says("/start")
    for token in ("now", "none", "none", "none", "none"):
        room.taps(token, after_s=40)
    return room


@pytest.mark.parametrize("language", ["de", "en"])
def test_relief_comes_with_the_sixth_tap(language: str) -> None:
    room = night(language)

    room.taps("position")

    assert Kind.EXERCISE in room.kinds
    assert not room.known_facts(PainReported)


def test_every_relief_once_then_good_night() -> None:
    room = night()

    for token in ("position", "breathe", "doctor"):
        room.taps(token)

    assert "Ich lasse dich jetzt in Ruhe." in room.texts[-1]
    assert room.member.open is None


def test_a_yes_at_night_locks_and_offers_nothing() -> None:
    room = Room(now=LATE)
    room.says("/start")
    room.taps("now", after_s=40)

    room.taps("some", after_s=40)

    assert room.member.known.lock is not None
    assert room.kinds == {Kind.EMERGENCY}


def test_the_morning_asks_once_and_goes_on_with_what_is_missing() -> None:
    room = night()
    room.taps("breathe")
    room.taps("enough")

    room.until_due(NIGHT_AFTER)
    assert "nach der Nacht" in room.texts[-1]
    room.taps("better")

    assert "Wie alt bist du?" in room.texts[-1]
    for token in ("18_44", "chronic", "=", "4"):
        room.taps(token, after_s=40)
    assert [fact.disposition for fact in room.known_facts(Disposed)] == ["go"]
    room.taps("go")
    assert Kind.EXERCISE in room.kinds


def test_who_fell_asleep_is_asked_in_the_morning_too() -> None:
    room = night()
    room.taps("position")

    room.until_due(NIGHT_AFTER)

    assert "nach der Nacht" in room.texts[-1]


def test_after_a_bad_evening_the_morning_goes_on_with_the_exercises() -> None:
    room = Room(now=LATE)
    room.onboards(pain=8)
    room.taps("breathe")
    room.taps("enough")
    room.until_due(NIGHT_AFTER)

    room.taps("better")

    assert Kind.SESSION in room.kinds


def test_a_question_about_the_night_is_not_asked_in_the_afternoon() -> None:
    room = night()
    room.taps("breathe")
    room.passes(hours=18)

    room.until_due(NIGHT_AFTER)

    assert room.texts == []


def test_worse_in_the_morning_asks_the_lists_again() -> None:
    room = night()
    room.taps("doctor")
    room.taps("enough")
    room.until_due(NIGHT_AFTER)

    room.taps("worse")
    room.taps("some", after_s=40)

    assert room.member.known.lock is not None
    assert room.kinds == {Kind.EMERGENCY}


def test_much_pain_late_in_the_evening_gets_relief_instead_of_exercises() -> None:
    room = Room(now=LATE)

    room.onboards(pain=8)

    assert "Bequeme Lage" in room.labels


def test_an_onboarding_left_half_way_gets_one_line_and_is_dropped_after_two_weeks() -> None:
    room = Room()
    room.says("/start")
    for token in ("yes", "none", "none", "18_44"):
        room.taps(token, after_s=40)

    room.until_due(UNFINISHED)
    assert room.texts[0] == "Es fehlen noch 5 Fragen, etwa eine Minute."
    assert UNFINISHED not in {kind for kind, _ in room.appointments}

    room.until_due(UNANSWERED)
    assert room.texts == []
    assert room.member.open is None


def test_who_has_finished_hears_nothing_of_missing_answers() -> None:
    room = Room()
    room.first_day()

    assert not {UNFINISHED, UNANSWERED} & {kind for kind, _ in room.appointments}
