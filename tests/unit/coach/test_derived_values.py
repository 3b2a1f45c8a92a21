"""Usual pain, adherence and gaps, from what is known."""

import pytest

from bot.coach.derived import (
    adherence_percent,
    over_on,
    peak_of,
    rise_of,
    usual_before,
    usual_morning,
    was_done,
)
from bot.coach.phase import has_settled
from bot.coach.records import DayRecord, ExerciseRecord, History, Mode, SessionRecord
from bot.library.library import Library


def done(share: float | None = 1) -> SessionRecord:
    return SessionRecord(before=2, exercises=(ExerciseRecord(exercise="bruecke", load=3, done=share),))


def mornings(*values: float | None, average: float | None = 5, flaring: tuple[int, ...] = ()) -> History:
    days = (DayRecord(day=n, morning=value, flaring=n in flaring) for n, value in enumerate(values, 1))
    return History(days=tuple(days), average=average)


def test_the_usual_is_the_average_told_until_three_values_are_known(library: Library) -> None:
    assert usual_morning(mornings(1, 1), 9, library.thresholds) == 5
    assert usual_morning(mornings(1, None, 1, 2), 9, library.thresholds) == 1
    assert usual_morning(mornings(1, average=None), 9, library.thresholds) is None


def test_the_usual_looks_at_the_last_seven_before_the_day(library: Library) -> None:
    history = mornings(9, 9, 9, 1, 1, 1, 1, 2, 2, 2, 9)

    assert usual_morning(history, 11, library.thresholds) == 1
    assert over_on(history, 11, library.thresholds) == 8


def test_days_of_a_flare_up_do_not_become_usual(library: Library) -> None:
    assert usual_morning(mornings(2, 2, 2, 8, 8, 8, 8, flaring=(4, 5, 6, 7)), 8, library.thresholds) == 2


def test_locked_days_do_not_become_usual(library: Library) -> None:
    days = tuple(DayRecord(day=n, morning=9, mode=Mode.STOP) for n in range(1, 9))

    assert usual_morning(History(days=days, average=2), 9, library.thresholds) == 2


def test_after_a_long_pause_the_usual_starts_anew(library: Library) -> None:
    before = tuple(DayRecord(day=n, session=SessionRecord(before=1)) for n in (1, 2, 3))
    after = tuple(DayRecord(day=n, session=SessionRecord(before=6)) for n in (31, 32))

    assert usual_before(History(days=(*before, *after), average=4), 33, library.thresholds) == 4


def test_pain_told_without_a_session_counts_as_before(library: Library) -> None:
    days = tuple(DayRecord(day=n, before=2) for n in (1, 2, 3))

    assert usual_before(History(days=days), 4, library.thresholds) == 2


def test_peak_and_rise_take_the_higher_of_what_is_known() -> None:
    assert peak_of(SessionRecord(peak=2, after=4)) == 4
    assert peak_of(SessionRecord()) is None
    assert rise_of(DayRecord(day=1, before=1, session=SessionRecord(peak=3))) == 2
    assert rise_of(DayRecord(day=1, session=SessionRecord(peak=3))) is None


def test_adherence_counts_the_planned_sessions_of_two_weeks(library: Library) -> None:
    days = (
        DayRecord(day=1, session=done()),
        DayRecord(day=14, missed=True),
        DayRecord(day=15, session=done()),
        DayRecord(day=16, session=done(0)),
        DayRecord(day=17, session=done(None)),
        DayRecord(day=18),
    )

    assert adherence_percent(History(days=days), 18, library.thresholds) == 25
    assert adherence_percent(History(), 18, library.thresholds) is None
    assert not was_done(DayRecord(day=1))


@pytest.mark.parametrize(
    ("values", "settled"),
    [
        ((5, 5, 5, 5, 5, 5), True),
        ((3, 3, 3, 4, 4, 4), False),
        ((8, 8, 8, 6, 5, 5), False),
        ((8, 8, 8, 5, None, 5), False),
        ((None, 8, 8, 5, 5, 5), False),
    ],
)
def test_the_first_weeks_settle_on_three_calm_days(
    library: Library, *, values: tuple[float | None, ...], settled: bool
) -> None:
    days = tuple(DayRecord(day=n, before=value) for n, value in enumerate(values, 1))

    assert has_settled(History(days=days), 6, library.thresholds) is settled


def test_a_morning_stands_in_for_pain_before(library: Library) -> None:
    assert has_settled(mornings(4, 4, 4, 4, 4, 4), 6, library.thresholds)
