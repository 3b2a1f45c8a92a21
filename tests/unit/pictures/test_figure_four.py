"""An ankle lies across the other thigh: its own thigh points to the viewer, its shank past them to the other side."""

import pytest
from shapely.geometry import Point

from bot.pictures.checks import check_level
from bot.pictures.lock import Locked
from bot.pictures.skeleton import INDEX, SEGMENT, place, unit
from tests.unit.pictures.conftest import posed, staged

FIGURE = "gesaess-4"


@pytest.mark.parametrize("number", [1, 2])
def test_the_ankle_lies_on_the_other_thigh_in_every_phase(number: int) -> None:
    for moment in staged(FIGURE, number).moments:
        figure = moment.figure
        ankle = figure.placed.points["ankle.near"] + figure.shift["near"]

        assert figure.legs["far"].distance(Point(*ankle)) < 0.04
        assert figure.legs["near"].contains(Point(*ankle))


def test_a_leg_that_points_past_the_viewer_is_drawn_as_short_as_it_is_seen() -> None:
    level, locked = posed(FIGURE, 1)
    body = place(locked.phases[0], level.phases[0].build)
    hip, knee, ankle = (body.points[name] for name in ("hip", "knee.near", "ankle.near"))

    assert (knee - hip) @ unit(body.directions["thigh.near"]) == pytest.approx(0.50 * SEGMENT["thigh"])
    assert (ankle - knee) @ unit(body.directions["shank.near"]) == pytest.approx(-0.60 * SEGMENT["shank"])
    longest = max(abs(x - knee[0]) for x in staged(FIGURE, 1).moments[0].figure.legs["near"].bounds[::2])
    assert longest < SEGMENT["shank"]


def test_the_arm_that_reaches_through_is_hidden_by_the_leg_before_it() -> None:
    before, after = (moment.figure for moment in staged(FIGURE, 2).moments)
    wrist = Point(*(after.placed.points["wrist.near"] + after.shift["near"]))

    assert before.arms["near"].contains(Point(*(before.placed.points["wrist.near"] + before.shift["near"])))
    assert not after.arms["near"].contains(wrist)
    assert after.legs["near"].contains(wrist)


@pytest.mark.parametrize(
    ("number", "joint", "amount"),
    [(1, "hip.near", -30), (1, "knee.near", 60), (2, "hip.far", -35), (2, "hip.near", 25)],
)
def test_a_spoiled_figure_four_is_caught(number: int, joint: str, amount: float) -> None:
    level, locked = posed(FIGURE, number)
    poses = [pose.copy() for pose in locked.phases]
    poses[-1][INDEX[joint]] += amount

    found = check_level("probe", 1, level, Locked(tuple(poses), locked.between, locked.view))
    assert {"expect", "cut"} & {problem.kind for problem in found}


def test_seen_from_the_front_the_crossed_foot_lies_beyond_the_other_thigh_on_a_chair_that_faces_the_viewer() -> None:
    beside = staged(FIGURE, 1).beside
    assert beside is not None
    figure = beside.moments[0].figure
    ankle = figure.placed.points["ankle.left"]

    assert beside.level.props.chair is not None
    assert beside.level.props.chair.faces == 0
    assert figure.legs["right"].distance(Point(*ankle)) < 0.04
