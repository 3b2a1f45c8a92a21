"""A bag hangs straight down from the fist that holds it, and whoever carries one stays level."""

import numpy as np
import pytest
from shapely.geometry import Point

from bot.pictures.bags import bag_layers, bag_room, held_by, sack
from bot.pictures.checks import check_level
from bot.pictures.front_measures import FRONT_MEASURES
from bot.pictures.lock import Locked
from bot.pictures.outline import union
from bot.pictures.props import BagIn
from bot.pictures.stage import room
from bot.pictures.views import RIGS
from tests.unit.pictures.conftest import posed, staged

FIGURE = "koffer-tragen"


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_each_bag_hangs_below_its_fist_above_the_floor_and_within_the_picture(number: int) -> None:
    stage = staged(FIGURE, number)
    bag = stage.level.props.bag
    assert bag is not None
    for moment in stage.moments:
        body = moment.figure.placed
        for side in held_by(bag, body.view):
            full = sack(bag, body, side, np.zeros(2))
            assert abs(full.centroid.x - float(body.points[f"wrist.{side}"][0])) < 0.012
            assert full.bounds[3] < float(body.points[f"fingers.{side}"][1]) + 0.02
            assert full.bounds[1] > 0.05
        assert room(stage, moment).contains(bag_room(bag, body).buffer(-0.001))


def test_only_the_first_form_has_two_and_the_heavy_one_is_larger() -> None:
    bags = [posed(FIGURE, number)[0].props.bag for number in (1, 2, 3)]
    body = staged(FIGURE, 2).moments[0].figure.placed
    areas = [sack(bag, body, "right", np.zeros(2)).area for bag in bags if bag is not None]

    assert [held_by(bag, "front") for bag in bags] == [("left", "right"), ("right",), ("right",)]
    assert areas[1] == areas[0]
    assert areas[2] > 1.4 * areas[1]


def test_the_handles_reach_into_the_fist() -> None:
    body = staged(FIGURE, 2).moments[0].figure.placed
    drawn = union(*(layer.shape for layer in bag_layers(BagIn(hand="right"), body, "right", np.zeros(2))))

    assert drawn.distance(Point(*body.points["wrist.right"])) < 0.04


@pytest.mark.parametrize("number", [1, 2, 3])
def test_whoever_carries_stays_level_while_a_foot_lifts(number: int) -> None:
    level, locked = posed(FIGURE, number)
    stands, steps = (p.rig.place(pose, p.build) for p, pose in zip(level.phases, locked.phases, strict=True))

    for measure in ("shoulder_slope", "pelvis_slope", "trunk_lean"):
        assert abs(FRONT_MEASURES[measure](stands) - FRONT_MEASURES[measure](steps)) < 2
    assert FRONT_MEASURES["foot_height_cm.left"](steps) > FRONT_MEASURES["foot_height_cm.left"](stands) + 3


@pytest.mark.parametrize(("joint", "amount"), [("lumbar", 10), ("pelvis", 5), ("hip.left", 30)])
def test_a_spoiled_carry_is_caught(joint: str, amount: float) -> None:
    level, locked = posed(FIGURE, 2)
    poses = [pose.copy() for pose in locked.phases]
    poses[-1][RIGS["front"].index[joint]] += amount

    assert check_level("probe", 1, level, locked) == []
    assert check_level("probe", 1, level, Locked(tuple(poses), locked.between, locked.view)) != []
