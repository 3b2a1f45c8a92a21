"""Shifting the weight: it comes over the foot that stands, the crown stays at one height, and slips are caught."""

from itertools import pairwise

import numpy as np
import pytest

from bot.pictures.balance import centre_of_mass
from bot.pictures.checks import check_level
from bot.pictures.front_limbs import front_leg
from bot.pictures.front_measures import FRONT_MEASURES
from bot.pictures.front_skeleton import FRONT_JOINTS, place_front
from bot.pictures.lock import Locked
from bot.pictures.skeleton import Placed, blended
from bot.pictures.views import RIGS
from tests.unit.pictures.conftest import posed

FIGURE = "tai-chi-gewicht"


def key_poses(number: int) -> list[Placed]:
    level, locked = posed(FIGURE, number)
    return [p.rig.place(pose, p.build) for p, pose in zip(level.phases, locked.phases, strict=True)]


@pytest.mark.parametrize("number", [2, 3, 4])
def test_the_weight_goes_from_foot_to_foot(number: int) -> None:
    left, *_, right = key_poses(number)

    for body, side, sign in ((left, "left", -1), (right, "right", 1)):
        inner = float(body.points[f"inner.{side}"][0]) - sign * 0.085
        assert float(centre_of_mass(body)[0]) * sign > inner * sign


@pytest.mark.parametrize("number", [2, 3, 4])
def test_the_crown_stays_at_one_height_on_all_the_way(number: int) -> None:
    level, locked = posed(FIGURE, number)
    heights = [float(body.points["crown"][1]) for body in key_poses(number)]
    for way in range(len(level.phases) - 1):
        before, after = level.phases[way], level.phases[way + 1]
        for i, pose in enumerate(locked.between[way], start=1):
            share = i / (len(locked.between[way]) + 1)
            body = before.rig.place(pose, blended(before.build, after.build, share))
            heights.append(float(body.points["crown"][1]))
    assert np.ptp(heights) < 0.025


def test_a_foot_leaves_the_floor_in_the_third_form_alone() -> None:
    lifted = {n: FRONT_MEASURES["foot_height_cm.right"](key_poses(n)[0]) for n in (2, 3, 4)}

    assert lifted[3] > 3
    assert abs(lifted[2]) < 1
    assert abs(lifted[4]) < 1


def test_in_cloud_hands_the_hand_over_the_weight_is_the_higher_one() -> None:
    left, _, right = key_poses(4)

    assert left.points["palm.left"][1] > left.points["palm.right"][1] + 0.15
    assert right.points["palm.right"][1] > right.points["palm.left"][1] + 0.15
    assert left.chest < 0 < right.chest


@pytest.mark.parametrize(("joint", "amount"), [("pelvis", 6), ("y", -0.03), ("hip.left", 20)])
def test_a_spoiled_shift_is_caught(joint: str, amount: float) -> None:
    level, locked = posed(FIGURE, 4)
    poses = [pose.copy() for pose in locked.phases]
    poses[0][RIGS["front"].index[joint]] += amount

    assert check_level("probe", 1, level, locked) == []
    assert check_level("probe", 1, level, Locked(tuple(poses), locked.between, locked.view)) != []


def test_a_foot_that_leaves_the_floor_changes_its_shape_step_by_step() -> None:
    """It once did so at once, on eight tenths of the way."""
    way = [front_leg(body, "left", "hanging").foot for body in (dropped(share) for share in np.linspace(0, 1, 11))]
    steps = [one.symmetric_difference(other).area for one, other in pairwise(way)]

    assert max(steps) < 2 * min(steps)
    assert way[-1].area > 1.3 * way[0].area


def dropped(share: float) -> Placed:
    return place_front(np.zeros(len(FRONT_JOINTS)), {"drop.left": share})
