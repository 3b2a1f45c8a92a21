"""A flare-up is over after two calm days in a row (clinical rules 5.5), whatever else stands between."""

import pytest

from bot.coach.gate import open_gate
from bot.coach.records import DayRecord, ExerciseRecord, History, Mode, SessionRecord
from bot.library.library import Library

BRIDGE = SessionRecord(before=3, exercises=(ExerciseRecord(exercise="bruecke", load=3, done=1),))
CALM_BEFORE = tuple(
    DayRecord(day=day, before=3, morning=3, session=BRIDGE, mode=Mode.NORMAL, screened_clear=day == 9)
    for day in range(1, 10)
)
HARD = DayRecord(day=10, told=6, flaring=True, screened_clear=True)
SAID = DayRecord(day=10, flare_said=True, flaring=True, screened_clear=True)


def gate_after(library: Library, *days: DayRecord) -> Mode:
    history = History(days=(*CALM_BEFORE, *days[:-1]), average=3)
    return open_gate(history, days[-1], library.thresholds).mode


@pytest.mark.parametrize("hard", [HARD, SAID])
@pytest.mark.parametrize(
    "later",
    [
        (DayRecord(day=11),),
        (DayRecord(day=11, before=3),),
        (DayRecord(day=11, screened_clear=True), DayRecord(day=12)),  # Sunday's lists, and no number at all
        (DayRecord(day=11, screened_clear=True), DayRecord(day=12, before=4)),
        (DayRecord(day=11, told=3), DayRecord(day=12)),
        (DayRecord(day=11, told=3), DayRecord(day=12, screened_clear=True), DayRecord(day=13)),
    ],
)
def test_until_then_it_goes_on(library: Library, hard: DayRecord, later: tuple[DayRecord, ...]) -> None:
    assert gate_after(library, hard, *later) is Mode.FLARE


@pytest.mark.parametrize(
    "later",
    [
        (DayRecord(day=11, told=3), DayRecord(day=12, before=4)),
        (DayRecord(day=11, told=3), DayRecord(day=12, screened_clear=True), DayRecord(day=13, before=3)),
        (DayRecord(day=11, told=3), DayRecord(day=12, told=3), DayRecord(day=13)),
    ],
)
def test_two_calm_days_end_it(library: Library, later: tuple[DayRecord, ...]) -> None:
    assert gate_after(library, HARD, *later) is Mode.RETURN


def test_the_way_back_counts_from_the_second_calm_day(library: Library) -> None:
    calm = [DayRecord(day=day, told=3) for day in range(11, 21)]

    assert gate_after(library, HARD, *calm[:2], *calm[2:10]) is Mode.RETURN
    assert gate_after(library, HARD, *calm[:2], *calm[2:], DayRecord(day=21, told=3)) is not Mode.RETURN


def test_a_calm_day_that_was_a_hard_one_all_the_same_is_not_yet_the_way_back(library: Library) -> None:
    """Lists that were due make it one: its session is none of the return."""
    listed = DayRecord(day=12, before=3, session=BRIDGE, mode=Mode.SCREEN, flaring=True, screened_clear=True)
    history = History(days=(*CALM_BEFORE, HARD, DayRecord(day=11, told=3), listed), average=3)
    gate = open_gate(history, DayRecord(day=13, before=3), library.thresholds)

    assert (gate.mode, gate.volume_percent) == (Mode.RETURN, 70)
