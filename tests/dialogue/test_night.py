"""When it is bad right now: relief by the sixth tap, no scale, one question in the morning, then the rest."""

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.dialogue.facts import Dated, Disposed, PainReported, TagsGiven
from bot.dialogue.flows.onboarding import UNANSWERED, UNFINISHED
from bot.dialogue.flows.relief import NIGHT_AFTER, ReliefStart
from bot.dialogue.member import adapter_for
from bot.dialogue.memory import remember
from bot.dialogue.messages import Kind
from bot.dialogue.moment import Moment
from bot.dialogue.nights import begin_relief
from bot.dialogue.turn import Draft
from tests.dialogue.room import Room, the_kit

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


EVERY_TAG = tuple(the_kit().library.tags)


@pytest.mark.parametrize("tag", EVERY_TAG)
def test_every_picture_of_the_night_is_a_form_allowed_to_everybody(tag: str) -> None:
    """Nobody was asked yet what to mind, so it may be any of them."""
    room, shown = night(), list[tuple[str, int]]()

    for token in ("position", "breathe", "doctor"):
        room.taps(token)
        assert room.last is not None
        shown += [(m.picture.figure, m.picture.level) for m in room.last.messages if m.picture is not None]

    library = room.kit.library
    assert shown == [("bauchatmung", 2)]
    tags = library.with_implied(frozenset({tag}))
    assert all(level in library.exercises[figure].allowed_levels(tags) for figure, level in shown)


@pytest.mark.parametrize(("tags", "position"), [((), 1), (("P20",), 0), (("FL",), 0), (("KN",), 1)])
def test_what_is_known_to_mind_counts_at_night(tags: tuple[str, ...], position: int) -> None:
    room = night()
    known = remember(room.member.known, Dated(TagsGiven(tags=tags), room.now, room.now.date()))
    draft = Draft(
        member=replace(room.member, known=known, open=None, parked=None),
        moment=Moment(room.now, ZoneInfo("Europe/Berlin")),
        kit=room.kit,
        next_id=1,
        channel="web",
    )

    begin_relief(draft)

    assert draft.member.open is not None
    start = adapter_for(ReliefStart).validate_json(draft.member.open.start)
    assert (start.position_level, start.breathe_level) == (position, 2 if {"P20", "FL"} & set(tags) else 1)


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
    assert room.texts[0] == "Es fehlen noch 5 Fragen, etwa 1 Min."
    assert UNFINISHED not in {kind for kind, _ in room.appointments}

    room.until_due(UNANSWERED)
    assert room.texts == []
    assert room.member.open is None


def test_who_has_finished_hears_nothing_of_missing_answers() -> None:
    room = Room()
    room.first_day()

    assert not {UNFINISHED, UNANSWERED} & {kind for kind, _ in room.appointments}
