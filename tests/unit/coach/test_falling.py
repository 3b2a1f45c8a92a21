"""What makes an exercise smaller: at once, from one session, and each session once."""

from dataclasses import replace

import pytest

from bot.coach.place import Place
from bot.coach.records import Change, DayRecord, Quality, SessionRecord
from bot.library.library import Library
from tests.unit.coach.training_days import EASY, decisions, last, trained, week


@pytest.mark.parametrize(
    ("session", "expected"),
    [
        (trained(after=6), ("dose_down", "reason/R_RED/rise", Place(2, 1, 3))),
        (trained(after=7), ("level_down", "reason/R_RED2/rise", Place(1, 2, 3))),
        (trained(record=replace(EASY, effort=9)), ("dose_down", "reason/R_RED/effort", Place(2, 1, 3))),
        (
            trained(record=replace(EASY, quality=Quality.STABBING)),
            ("level_down", "reason/R_RED2/stabbing", Place(1, 2, 3)),
        ),
        (
            trained(record=replace(EASY, quality=Quality.RADIATING)),
            ("level_down", "reason/R_RED2/radiating", Place(1, 2, 3)),
        ),
        (trained(record=replace(EASY, too_hard=True)), ("dose_down", "reason/R_USER", Place(2, 1, 3))),
    ],
)
def test_one_session_can_lower_at_once(
    library: Library, session: SessionRecord, expected: tuple[str, str, Place]
) -> None:
    assert last(library, [DayRecord(day=1, session=session)]) == expected


def test_a_bad_morning_lowers_on_that_morning(library: Library) -> None:
    found = decisions(library, week(trained(), morning=5))

    assert [(d.change, d.reason) for d in found] == [
        (Change.HOLD, "reason/R_HOLD/morning"),
        (Change.DOSE_DOWN, "reason/R_RED/morning"),
    ]


def test_two_red_ones_among_three_cost_a_level(library: Library) -> None:
    days = week(trained(after=6), trained(), trained(after=6))

    assert last(library, days[:5], Place(2, 3, 3)) == ("level_down", "reason/R_RED2/rise", Place(1, 2, 3))


def test_red_soon_after_a_level_rise_takes_it_back(library: Library) -> None:
    days = week(trained(), trained(), trained(), trained(), trained(), trained(after=6))

    found = decisions(library, days, Place(2, 4, 3))

    assert [d.change for d in found].count(Change.LEVEL_UP) == 1
    assert (found[-2].change, found[-2].rule, found[-2].place) == (Change.LEVEL_DOWN, "R_RED2", Place(2, 2, 3))


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        (Place(1, 3, 3), ("dose_down", Place(1, 1, 3))),
        (Place(1, 1, 3), ("rest", Place(1, 1, 3))),
    ],
)
def test_grave_on_the_lowest_level_goes_to_the_bottom_then_swaps(
    library: Library, place: Place, expected: tuple[str, Place]
) -> None:
    (decision,) = decisions(library, [DayRecord(day=1, session=trained(after=8))], place)

    assert (decision.change, decision.place) == expected
    assert decision.swap is (decision.change is Change.REST)


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        (Place(2, 1, 3), ("dose_down", Place(2, 1, 2))),
        (Place(2, 1, 1), ("hold", Place(2, 1, 1))),
        (Place(1, 1, 1), ("hold", Place(1, 1, 1))),
    ],
)
def test_red_at_the_bottom(library: Library, place: Place, expected: tuple[str, Place]) -> None:
    change, reason, after = last(library, [DayRecord(day=1, session=trained(after=6))], place)

    assert (change, after) == expected
    assert change != "hold" or reason == "reason/R_HOLD/red"


@pytest.mark.parametrize(
    ("place", "expected"),
    [(Place(2, 1, 1), ("level_down", Place(1, 2, 1))), (Place(1, 1, 1), ("rest", Place(1, 1, 1)))],
)
def test_at_the_very_bottom_the_second_red_one_of_three_costs_a_form(
    library: Library, place: Place, expected: tuple[str, Place]
) -> None:
    """One noisy number does not: that pushed steady people down."""
    found = decisions(library, week(trained(after=6), trained(), trained(after=6))[:5], place)

    assert [d.change for d in found[:4]] == [Change.HOLD] * 4
    assert (found[-1].change, found[-1].place) == expected


@pytest.mark.parametrize("session", [trained(record=replace(EASY, effort=9)), replace(trained(), unwell=True)])
def test_at_the_very_bottom_too_much_effort_and_dizziness_still_count_at_once(
    library: Library, session: SessionRecord
) -> None:
    assert last(library, [DayRecord(day=1, session=session)], Place(2, 1, 1))[0] == "level_down"
    assert last(library, [DayRecord(day=1, session=session)], Place(1, 1, 1))[0] == "rest"


def test_at_the_very_bottom_a_flare_up_still_rests_what_is_heavy(library: Library) -> None:
    """Staying as it is after a red session is no leave to train it on a bad day."""
    found = decisions(library, [*week(trained(after=6), morning=5), DayRecord(day=3, before=5)], Place(2, 1, 1))

    assert {d.reason for d in found[1:]} <= {"reason/R_FLARE", "reason/R_SCREEN/pain", "reason/R_HOLD/flare"}
    assert "reason/R_FLARE" in [d.reason for d in found]


AMBER = trained(after=5)
HARD = trained(record=replace(EASY, effort=8))


@pytest.mark.parametrize("sessions", [(AMBER, AMBER, AMBER), (HARD, HARD)])
@pytest.mark.parametrize(
    ("place", "expected"),
    [
        (Place(2, 3, 3), ("dose_down", Place(2, 2, 3))),
        (Place(2, 1, 3), ("level_down", Place(1, 1, 3))),
        (Place(1, 1, 3), ("dose_down", Place(1, 1, 2))),
        (Place(1, 1, 1), ("rest", Place(1, 1, 1))),
    ],
)
def test_amber_thrice_or_hard_twice_lowers(
    library: Library, sessions: tuple[SessionRecord, ...], place: Place, expected: tuple[str, Place]
) -> None:
    change, reason, after = last(library, week(*sessions)[:-1], place)

    assert (change, after) == expected
    assert reason.startswith("reason/R_REST/" if change == "rest" else "reason/R_AMBER/")


def test_one_session_lowers_once(library: Library) -> None:
    found = decisions(library, [*week(trained(after=6), morning=5), DayRecord(day=3)], Place(2, 4, 3))

    assert [d.change for d in found if d.change is Change.DOSE_DOWN] == [Change.DOSE_DOWN]
