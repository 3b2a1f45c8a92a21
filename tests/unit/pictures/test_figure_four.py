"""An ankle lies across the other thigh: its own thigh points to the viewer, its shank past them to the other side."""

import pytest
from shapely.geometry import Point

from bot.pictures.checks import check_level
from bot.pictures.lock import Locked
from bot.pictures.marks import spindle
from bot.pictures.outline import union
from bot.pictures.skeleton import INDEX, SEGMENT, place, unit
from tests.unit.pictures.conftest import posed, staged

FIGURE = "gesaess-4"


@pytest.mark.parametrize(("number", "crossed", "other"), [(1, "near", "far"), (2, "near", "far")])
def test_the_ankle_lies_on_the_other_thigh_in_every_phase(number: int, crossed: str, other: str) -> None:
    for moment in staged(FIGURE, number).moments:
        figure = moment.figure
        ankle = figure.placed.points[f"ankle.{crossed}"] + figure.shift[crossed]

        assert figure.legs[other].distance(Point(*ankle)) < 0.04
        assert figure.legs[crossed].contains(Point(*ankle))


def test_a_leg_that_points_past_the_viewer_is_drawn_as_short_as_it_is_seen() -> None:
    level, locked = posed(FIGURE, 1)
    body = place(locked.phases[0], level.phases[0].build)
    hip, knee, ankle = (body.points[name] for name in ("hip", "knee.near", "ankle.near"))

    assert (knee - hip) @ unit(body.directions["thigh.near"]) == pytest.approx(0.50 * SEGMENT["thigh"])
    assert (ankle - knee) @ unit(body.directions["shank.near"]) == pytest.approx(-0.60 * SEGMENT["shank"])
    longest = max(abs(x - knee[0]) for x in staged(FIGURE, 1).moments[0].figure.legs["near"].bounds[::2])
    assert longest < SEGMENT["shank"]


def test_the_near_hand_reaches_through_between_the_legs() -> None:
    before, after = (moment.figure for moment in staged(FIGURE, 2).moments)
    wrists = [figure.placed.points["wrist.near"] + figure.shift["near"] for figure in (before, after)]

    assert before.arms["near"].contains(Point(*wrists[0]))
    assert after.legs["far"].intersection(after.arms["near"]).area > 5e-4  # over the thigh that it holds
    assert not after.arms["near"].contains(Point(*after.placed.points["fingers.near"]))


def test_lying_the_knee_of_the_leg_below_comes_to_the_belly_and_the_stretched_buttock_is_seen() -> None:
    before, after = (moment.figure for moment in staged(FIGURE, 2).moments)

    assert after.placed.points["knee.far"][0] < before.placed.points["knee.far"][0] - 0.15
    belly = spindle(after, "buttock").belly
    assert belly.difference(union(*after.arms.values())).area > 0.9 * belly.area


@pytest.mark.parametrize(
    ("number", "joint", "amount"),
    [(1, "hip.near", -30), (1, "knee.near", 60), (2, "knee.near", 60)],
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
