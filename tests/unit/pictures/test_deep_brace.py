"""Hands that feel the belly: where they lie, and that the belly gets flat without the back moving along."""

import pytest

from bot.pictures.measures import MEASURES
from bot.pictures.skeleton import Placed, place
from tests.unit.pictures.conftest import posed

BRACE = "tiefe-spannung"


def relaxed_and_braced(number: int) -> tuple[Placed, Placed]:
    level, locked = posed(BRACE, number)
    first, last = (place(pose, phase.build) for pose, phase in zip(locked.phases, level.phases, strict=True))
    return first, last


@pytest.mark.parametrize("number", [1, 2, 3])
def test_the_belly_gets_flatter_and_spine_and_pelvis_stay(number: int) -> None:
    relaxed, braced = relaxed_and_braced(number)

    assert relaxed.belly - braced.belly > 0.02
    assert abs(MEASURES["lumbar_curve"](braced) - MEASURES["lumbar_curve"](relaxed)) < 4
    assert abs(braced.directions["pelvis"] - relaxed.directions["pelvis"]) < 3


@pytest.mark.parametrize("number", [1, 2])
def test_fingers_lie_between_navel_and_thighs(number: int) -> None:
    for body in relaxed_and_braced(number):
        axis = body.points["c7"] - body.points["hip"]
        along = (body.points["fingers.near"] - body.points["hip"]) @ axis / (axis @ axis)

        assert 0 < float(along) < 0.36  # of the way from hip to neck; the navel is at 0.4
        out = min(float(((body.front - body.points["fingers.near"]) ** 2).sum(1).min()) ** 0.5, 1)
        assert out < 0.035


def test_the_weight_comes_up_in_front_while_the_elbow_stays() -> None:
    relaxed, braced = relaxed_and_braced(3)

    assert float(braced.points["wrist.near"][1] - relaxed.points["wrist.near"][1]) > 0.08
    assert float(abs(braced.points["elbow.near"] - relaxed.points["elbow.near"]).max()) < 0.05
