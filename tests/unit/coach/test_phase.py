"""The phases of an episode (clinical rules 5.2): they move on by date, and each asks for a week of its own."""

from dataclasses import replace
from itertools import pairwise

import pytest

from bot.coach.disposition import Disposition
from bot.coach.joining import newcomer
from bot.coach.phase import has_settled, phase_of
from bot.coach.place import Place
from bot.coach.profile import Activity, Profile, minutes_of
from bot.coach.programme import first_place
from bot.coach.records import DayRecord, ExerciseRecord, History, Mode, SessionRecord
from bot.coach.today import Day, choose, is_load
from bot.library.library import Library
from bot.library.screening import AgeBand, Episode

WELL = Profile(
    age=AgeBand.FROM_18,
    pain_now=2,
    fear=2,
    activity=Activity.SOME,
    minutes=30,
    days_per_week=7,
    disposition=Disposition.GO,
)


@pytest.mark.parametrize(
    ("told", "days", "phase"),
    [
        (Episode.ACUTE, 0, Episode.ACUTE),
        (Episode.ACUTE, 41, Episode.ACUTE),
        (Episode.ACUTE, 42, Episode.SUBACUTE),
        (Episode.ACUTE, 83, Episode.SUBACUTE),
        (Episode.ACUTE, 84, Episode.CHRONIC),
        (Episode.ACUTE, -3, Episode.ACUTE),
        (Episode.SUBACUTE, 41, Episode.SUBACUTE),
        (Episode.SUBACUTE, 42, Episode.CHRONIC),
        (Episode.CHRONIC, 400, Episode.CHRONIC),
        (Episode.RECURRENT, 400, Episode.RECURRENT),
        (Episode.NONE, 400, Episode.NONE),
        (None, 400, None),
    ],
)
def test_a_phase_moves_on_by_date(library: Library, told: Episode | None, days: int, phase: Episode | None) -> None:
    assert phase_of(told, 1000, 1000 + days, library.thresholds) is phase


def test_without_a_day_nothing_moves_on(library: Library) -> None:
    assert phase_of(Episode.ACUTE, None, 1000, library.thresholds) is Episode.ACUTE


def _known_on(days: dict[int, float]) -> History:
    return History(days=tuple(DayRecord(day=day, before=pain) for day, pain in days.items()))


def test_three_sessions_a_week_can_settle_too(library: Library) -> None:
    """Days without a number are passed over, and old ones say nothing about now."""
    rare = _known_on({1: 4, 3: 4, 5: 4, 8: 3, 10: 3, 12: 3})
    rising = _known_on({1: 3, 3: 3, 5: 3, 8: 4, 10: 4, 12: 4})
    few = _known_on({8: 3, 10: 3, 12: 3})

    assert has_settled(rare, 12, library.thresholds)
    assert not has_settled(rising, 12, library.thresholds)
    assert not has_settled(few, 12, library.thresholds)
    assert has_settled(rare, 21, library.thresholds)
    assert not has_settled(rare, 22, library.thresholds)


def test_what_joins_in_the_first_weeks_begins_in_the_lowest_form(library: Library) -> None:
    exercise = library.exercises["vierfuessler"]

    assert first_place(exercise, replace(WELL, episode=Episode.ACUTE), library).level == 1
    assert first_place(exercise, replace(WELL, episode=Episode.SUBACUTE), library).level == 2


@pytest.mark.parametrize(
    ("episode", "minutes"),
    [
        (None, 10),
        (Episode.ACUTE, 10),
        (Episode.SUBACUTE, 20),
        (Episode.CHRONIC, 30),
        (Episode.RECURRENT, 30),
        (Episode.NONE, 20),
    ],
)
def test_a_session_is_as_long_as_its_phase_asks_for(library: Library, episode: Episode | None, minutes: int) -> None:
    assert minutes_of(replace(WELL, episode=episode), library.thresholds) == minutes
    assert minutes_of(replace(WELL, episode=episode, minutes=3), library.thresholds) == 3


@pytest.mark.parametrize(
    ("episode", "times"),
    [(Episode.ACUTE, 2), (Episode.SUBACUTE, 3), (Episode.CHRONIC, 3), (Episode.RECURRENT, 3), (Episode.NONE, 2)],
)
def test_what_strengthens_comes_as_often_a_week_as_the_phase_asks_for(
    library: Library, episode: Episode, times: int
) -> None:
    """Of somebody who trains every day and has settled."""
    records, places = _lived(library, replace(WELL, episode=episode), settled=True)

    loaded = [name for name in places if is_load(library.exercises[name])]
    assert loaded
    for name in loaded:
        assert _most_a_week([record.day for record in records if _holds(record, name)]) <= times


def test_in_the_first_weeks_two_days_a_week_hold_load_and_they_are_apart(library: Library) -> None:
    records, _ = _lived(library, replace(WELL, episode=Episode.ACUTE), settled=True)
    days = [record.day for record in records if _has_load(record, library)]

    assert _most_a_week(days) == 2
    assert min(later - earlier for earlier, later in pairwise(days)) >= 2


def test_until_pain_has_settled_load_waits_and_then_it_finds_a_place(library: Library) -> None:
    profile = replace(WELL, episode=Episode.ACUTE)
    records, places = _lived(library, profile, settled=False)

    assert not any(_has_load(record, library) for record in records)
    day = Day(day=29, history=History(days=records), profile=profile, library=library, since=1, acute_settled=True)
    new = newcomer(places, day)
    assert new is not None
    assert is_load(library.exercises[new.item.exercise])


def _most_a_week(days: list[int]) -> int:
    return max(sum(0 <= day - other < 7 for other in days) for day in days)


def _holds(record: DayRecord, name: str) -> bool:
    return record.session is not None and any(each.exercise == name for each in record.session.exercises)


def _has_load(record: DayRecord, library: Library) -> bool:
    return any(is_load(exercise) and _holds(record, name) for name, exercise in library.exercises.items())


def _lived(library: Library, profile: Profile, *, settled: bool) -> tuple[tuple[DayRecord, ...], dict[str, Place]]:
    """Four weeks, every day, in which all that is planned is done and everything that may join does."""
    records: tuple[DayRecord, ...] = ()
    places: dict[str, Place] = {"beckenkippen": Place(1, 1, 1)}
    for number in range(1, 29):
        history = History(days=records)
        day = Day(day=number, history=history, profile=profile, library=library, since=1, acute_settled=settled)
        new = newcomer(places, day)
        if new is not None:
            places = {name: place for name, place in places.items() if name != new.leaves}
            places[new.item.exercise] = new.item.place
        done = tuple(
            ExerciseRecord(exercise=item.exercise, load=library.exercises[item.exercise].load, done=1, place=item.place)
            for item in choose(places, day)
        )
        records = (*records, DayRecord(day=number, mode=Mode.NORMAL, session=SessionRecord(exercises=done)))
    return records, places
