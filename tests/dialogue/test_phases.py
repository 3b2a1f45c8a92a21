"""An episode that was fresh when the member came moves on: what is asked and planned goes by where it stands now."""

from datetime import date, timedelta

from bot.dialogue.facts import ExerciseDone
from bot.dialogue.history import phase_on, profile_of
from bot.dialogue.member import Known
from bot.library.screening import Episode
from tests.dialogue.month import Month
from tests.dialogue.perfect import glad
from tests.dialogue.room import Room, the_kit


def test_from_day_43_on_the_lines_of_longer_episodes_are_asked_and_until_then_loads_stay_low() -> None:
    room = Room()
    room.onboards(episode="acute")
    room.taps("go")
    room.trains()
    room.ends_day()
    joined = room.now.date()
    month = Month(room, answer=glad)
    month.lives(43)

    asked = [(moment.date() - joined).days + 1 for moment, question in month.asked if question == "soft-now"]
    assert asked == [3, 43]
    assert dict(room.member.known.answers)["rf_long"] == "no"
    loads = {
        room.kit.library.exercises[dated.fact.exercise].load
        for dated in room.facts
        if isinstance(dated.fact, ExerciseDone) and (dated.day - joined).days == 42
    }
    assert loads <= {0, 1}


def test_while_the_new_lines_are_open_they_count_as_positive() -> None:
    answers = tuple((item.id, "no") for item in the_kit().library.screening.items if item.id != "rf_long")
    known = Known(age="18_44", episode="acute", episode_on="2026-11-23", answers=answers, tags=())
    told, library = date(2026, 11, 23), the_kit().library

    assert "rf_long" not in profile_of(known, library, told + timedelta(days=41)).soft_open
    assert "rf_long" in profile_of(known, library, told + timedelta(days=42)).soft_open


def test_an_older_document_counts_from_the_day_of_consent_and_a_new_answer_from_its_own() -> None:
    known = Known(episode="acute", joined="2026-10-01")
    again = Known(episode="acute", joined="2026-10-01", episode_on="2026-11-20")

    assert phase_on(known, date(2026, 11, 23), the_kit().library) is Episode.SUBACUTE
    assert phase_on(again, date(2026, 11, 23), the_kit().library) is Episode.ACUTE
