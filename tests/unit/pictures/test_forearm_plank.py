"""On the forearms: they lie where they carry, below the shoulders, and the body is one line while it holds."""

import pytest

from bot.pictures.contacts import Touch, gap
from bot.pictures.measures import MEASURES
from bot.pictures.skeleton import Placed, place
from tests.unit.pictures.conftest import posed

FIGURE = "unterarmstuetz"
LEVELS = (1, 2, 3, 4)
STRAIGHT = (172, 188)  # a sagging hip is above, a raised one below


def held(number: int) -> Placed:
    level, locked = posed(FIGURE, number)
    return place(locked.phases[-1], level.phases[-1].build)


@pytest.mark.parametrize("number", LEVELS)
def test_shoulder_hip_and_knee_are_one_line(number: int) -> None:
    low, high = STRAIGHT

    assert low < MEASURES["hip_angle.far"](held(number)) < high


@pytest.mark.parametrize("number", [1, 3, 4])
def test_it_goes_on_to_the_heel_where_the_toes_carry(number: int) -> None:
    assert MEASURES["knee_angle.far"](held(number)) > 172


@pytest.mark.parametrize(("number", "surface"), [(1, "wall"), (2, "floor"), (3, "floor"), (4, "floor")])
def test_the_whole_forearms_lie_on(number: int, surface: str) -> None:
    level, _ = posed(FIGURE, number)

    for part in ("elbow", "wrist", "fingers"):
        for side in ("near", "far"):
            assert abs(gap(held(number), Touch(f"{part}.{side}", surface), level.surfaces())) < 0.004


@pytest.mark.parametrize("number", [2, 3, 4])
def test_elbows_are_below_the_shoulders(number: int) -> None:
    body = held(number)

    assert float(abs(body.points["elbow.near"] - body.points["shoulder.near"])[0]) < 0.03


def test_each_form_leans_further_than_the_one_before() -> None:
    wall, knees, toes = (MEASURES["trunk_incline"](held(number)) for number in (1, 2, 3))

    assert 58 < wall < 75
    assert 5 < toes < knees < 35


@pytest.mark.parametrize("number", LEVELS)
def test_the_small_of_the_back_never_sags_on_the_way(number: int) -> None:
    _, locked = posed(FIGURE, number)
    resting = MEASURES["lumbar_curve"](place(locked.phases[0]))

    for pose in locked.between[0]:
        assert MEASURES["lumbar_curve"](place(pose)) < max(resting, 0) + 12
