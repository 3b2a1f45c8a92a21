"""What a disposition forbids."""

import pytest

from bot.coach.disposition import Disposition, Kind, forbids, forbids_exercise, gravity, max_load, may_rise, worst

TRAINING = {Kind.EXERCISE, Kind.SESSION, Kind.PLAN, Kind.DESK_BREAK, Kind.CHALLENGE}


@pytest.mark.parametrize("disposition", ["emergency", "crisis", "urgent", "not_served"])
def test_the_grave_ones_forbid_everything(disposition: str) -> None:
    assert forbids(Disposition(disposition)) == set(Kind)


def test_doctor_first_leaves_cards_and_walking() -> None:
    assert forbids(Disposition.DOCTOR_FIRST) == TRAINING


@pytest.mark.parametrize("disposition", ["doctor_soft", "caution", "go"])
def test_the_mild_ones_forbid_nothing(disposition: str) -> None:
    assert not forbids(Disposition(disposition))
    assert not forbids_exercise(Disposition(disposition))


def test_every_disposition_has_its_own_weight() -> None:
    order = sorted(Disposition, key=gravity)

    assert [gravity(disposition) for disposition in order] == list(range(len(Disposition)))
    assert order[0] is Disposition.GO
    assert order[-1] is Disposition.EMERGENCY


def test_the_worst_of_nothing_is_go() -> None:
    assert worst(()) is Disposition.GO
    assert worst((Disposition.CAUTION, Disposition.CRISIS, Disposition.URGENT)) is Disposition.CRISIS


@pytest.mark.parametrize(
    ("disposition", "soft_open", "limit"),
    [("go", False, 3), ("go", True, 1), ("doctor_soft", False, 1), ("caution", False, 3), ("doctor_first", False, -1)],
)
def test_the_heaviest_load(*, disposition: str, soft_open: bool, limit: int) -> None:
    assert max_load(Disposition(disposition), soft_open=soft_open, soft_load=1) == limit


def test_only_go_and_caution_may_rise() -> None:
    assert {disposition for disposition in Disposition if may_rise(disposition)} == {"go", "caution"}
