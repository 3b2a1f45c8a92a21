"""Knowledge cards: the order, once in sixty days, one a day, for whom they are, none in an emergency."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.coach.cards import REST_DAYS, Reader, next_card
from bot.library.card import Topic
from bot.library.library import Library
from bot.library.screening import Episode
from bot.pictures.pose_files import figures

CONTENT = Path(__file__).parents[3] / "content"
TODAY = date(2026, 11, 24)
ANYONE = Reader(seen={}, episode=Episode.CHRONIC)


def read(reader: Reader, days: int, library: Library) -> list[str]:
    """The cards of so many days in a row."""
    shown: dict[str, date] = dict(reader.seen)
    found = []
    for offset in range(days):
        day = TODAY + timedelta(days=offset)
        card = next_card(replace(reader, seen=shown), day, library)
        if card is not None:
            shown[card.id] = day
            found.append(card.id)
    return found


def test_there_are_sixty_cards_and_those_on_what_a_practice_decides(library: Library) -> None:
    ids = {card.id for card in library.cards}

    assert len(ids) == 63
    assert {"wann-praxis", "befund", "operation"} <= ids


def test_about_half_have_a_quiz_and_neither_answer_is_always_right(library: Library) -> None:
    quizzes = [card.quiz for card in library.cards if card.quiz is not None]

    assert len(quizzes) >= len(library.cards) / 2
    assert quizzes.count(True) >= 8
    assert quizzes.count(False) >= 8


def test_cards_on_sitting_standing_and_lifting_show_it_in_poses_of_their_own(library: Library) -> None:
    pictured = {card.id for card in library.cards if card.picture}

    assert pictured == {"stuhl", "steh-sitz", "heben"}
    assert pictured <= set(figures(CONTENT / "poses"))


def test_the_first_week_reassures_and_tells_the_warning_signs(library: Library) -> None:
    assert read(ANYONE, 3, library) == ["keine-ursache", "bewegung-statt-bett", "warnzeichen"]


def test_the_acute_card_is_for_the_first_weeks(library: Library) -> None:
    assert "akut" in read(replace(ANYONE, episode=Episode.ACUTE), 60, library)
    assert "akut" not in read(ANYONE, 60, library)


def test_fear_brings_the_reassuring_cards_first(library: Library) -> None:
    first = set(read(replace(ANYONE, topics=frozenset({Topic.FEAR})), 5, library))
    assert first == {"schadet-bewegung", "alarm", "bilder", "buecken", "empfindlich"}


@pytest.mark.parametrize(
    ("topic", "cards"),
    [
        (Topic.DESK, ["heben", "sitzen", "stuhl", "steh-sitz", "buero-pause", "alltag"]),
        (Topic.MOOD, ["stress", "atmen", "pmr", "schlaf", "schlaflage", "stimmung"]),
        (Topic.SLEEP, ["schlaf", "schlaflage"]),
        (Topic.PACING, ["start-klein", "durchhalten"]),
    ],
)
def test_what_concerns_somebody_comes_behind_the_cards_of_the_first_week(
    library: Library, topic: Topic, cards: list[str]
) -> None:
    order = read(replace(ANYONE, topics=frozenset({topic})), 20, library)
    week = [card.id for card in library.cards[:10] if card.id in order]

    assert order[: len(week)] == week
    assert order[len(week) : len(week) + len(cards)] == cards


def test_some_cards_are_for_some_people_only(library: Library) -> None:
    assert read(replace(ANYONE, tags=frozenset({"OP"})), 1, library) == ["osteoporose"]
    assert "osteoporose" not in read(ANYONE, 60, library)
    assert "rehasport" not in read(replace(ANYONE, country="CH"), 60, library)


@given(st.integers(2, 150), st.sampled_from(list(Episode)))
def test_no_card_comes_twice_in_sixty_days(library: Library, days: int, episode: Episode) -> None:
    shown: dict[str, date] = {}
    for offset in range(days):
        day = TODAY + timedelta(days=offset)
        card = next_card(replace(ANYONE, episode=episode, seen=shown), day, library)
        if card is not None:
            assert card.id not in shown or (day - shown[card.id]).days >= REST_DAYS
            shown[card.id] = day


def test_one_card_a_day(library: Library) -> None:
    assert next_card(replace(ANYONE, seen={"gehen": TODAY}), TODAY, library) is None


@pytest.mark.parametrize("disposition", ["emergency", "crisis", "urgent"])
def test_no_cards_in_an_emergency(library: Library, disposition: str) -> None:
    assert next_card(replace(ANYONE, disposition=disposition), TODAY, library) is None


def test_whoever_waits_for_a_doctor_is_not_told_that_it_is_rarely_serious(library: Library) -> None:
    calming = {"keine-ursache", "mrt", "alarm", "bilder", "befund", "schadet-bewegung"}

    shown = read(replace(ANYONE, disposition="doctor_first"), 90, library)

    assert len(shown) > 20
    assert not calming & set(shown)
    assert calming <= set(read(ANYONE, 90, library))
