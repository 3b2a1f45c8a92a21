"""What only the front view shows: leaning, opening and holding sideways, true on all the way and spoiled on purpose."""

import numpy as np
import pytest

from bot.pictures.checks import check_level
from bot.pictures.front_measures import FRONT_MEASURES
from bot.pictures.front_skeleton import place_front
from bot.pictures.lock import Locked
from bot.pictures.loops import loop_shape
from bot.pictures.skeleton import Placed, blended
from bot.pictures.views import RIGS
from tests.unit.pictures.conftest import posed

INDEX = RIGS["front"].index


def phases(figure: str, number: int) -> list[Placed]:
    level, locked = posed(figure, number)
    return [place_front(pose, phase.build) for pose, phase in zip(locked.phases, level.phases, strict=True)]


def way(figure: str, number: int) -> list[Placed]:
    level, locked = posed(figure, number)
    first, last = level.phases[0].build, level.phases[-1].build
    shares = np.linspace(0, 1, len(locked.between[0]) + 2)[1:-1]
    poses = zip(locked.between[0], shares, strict=True)
    return [place_front(pose, blended(first, last, float(share))) for pose, share in poses]


@pytest.mark.parametrize("number", [1, 2, 3])
def test_whoever_leans_sideways_keeps_the_pelvis_level(number: int) -> None:
    upright, leaning = phases("seitneigung", number)

    assert abs(FRONT_MEASURES["trunk_lean"](upright)) < 2
    assert FRONT_MEASURES["side_bend"](leaning) < -35
    assert all(abs(FRONT_MEASURES["pelvis_slope"](body)) < 4 for body in way("seitneigung", number))


@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_clamshell_opens_at_the_knee_alone(number: int) -> None:
    closed, opened = phases("muschel", number)

    assert opened.points["knee.right"][1] > closed.points["knee.right"][1] + 0.04
    for side in ("left", "right"):
        assert _stands_out(closed, side) > 0.05  # or else nobody sees that hips and knees are bent
    for body in (closed, opened, *way("muschel", number)):
        assert np.linalg.norm(body.points["ankle.right"] - body.points["ankle.left"]) < 0.06
        assert abs(FRONT_MEASURES["pelvis_slope"](body) - FRONT_MEASURES["pelvis_slope"](closed)) < 4
        assert abs(body.points["ankle.left"][1] - closed.points["ankle.left"][1]) < 0.025  # it stays on the mat


def _stands_out(body: Placed, side: str) -> float:
    """How far in front of the line from hip to ankle the knee lies."""
    hip, knee, ankle = (body.points[f"{name}.{side}"] for name in ("hip", "knee", "ankle"))
    share = float((knee - hip) @ (ankle - hip) / ((ankle - hip) @ (ankle - hip)))
    return float(np.linalg.norm(knee - hip - share * (ankle - hip)))


def test_each_clamshell_opens_further_and_the_band_gives() -> None:
    small, wide = (phases("muschel", number)[-1].points["knee.right"][1] for number in (1, 2))
    closed, opened = (loop_shape(body).area for body in phases("muschel", 3))

    assert wide > small + 0.03
    assert opened > 1.3 * closed


@pytest.mark.parametrize(("number", "end"), [(1, "ankle"), (2, "knee"), (3, "ankle"), (4, "ankle")])
def test_a_side_plank_is_one_line_and_the_elbow_below_the_shoulder(number: int, end: str) -> None:
    held = phases("seitstuetz", number)[-1]

    assert FRONT_MEASURES[f"{end}_line.left"](held) > 168
    if number > 1:
        assert abs(float(held.points["elbow.left"][0] - held.points["shoulder.left"][0])) < 0.02


@pytest.mark.parametrize(
    ("figure", "number", "joint", "amount", "kind"),
    [
        ("seitneigung", 1, "y", 0.02, "contact"),
        ("seitneigung", 2, "lumbar", 18, "expect"),
        ("seitneigung", 3, "pelvis", 12, "expect"),
        ("muschel", 2, "pelvis", 14, "expect"),
        ("muschel", 2, "hip.right", -20, "expect"),
        ("muschel", 4, "y", -0.03, "floor"),
        ("seitstuetz", 3, "lumbar", 26, "expect"),
        ("seitstuetz", 2, "shoulder.left", 20, "contact"),
        ("seitstuetz", 1, "hip.left", 14, "expect"),
    ],
)
def test_a_spoiled_pose_is_caught(figure: str, number: int, joint: str, amount: float, kind: str) -> None:
    level, locked = posed(figure, number)
    poses = [pose.copy() for pose in locked.phases]
    poses[-1][INDEX[joint]] += amount

    found = check_level("probe", 1, level, Locked(tuple(poses), locked.between, locked.view))
    assert kind in {problem.kind for problem in found}
