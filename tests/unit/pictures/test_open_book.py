"""Lying on the side seen from above: the pelvis stays side on, chest and arm open; seated, a stick turns along."""

import numpy as np
import pytest
from shapely.geometry import LineString, Point

from bot.pictures.checks import check_level
from bot.pictures.lock import Locked
from bot.pictures.poses import Arrow
from bot.pictures.profiles import TRUNK
from bot.pictures.skeleton import SEGMENT
from bot.pictures.stick import stick
from bot.pictures.theme import DEFAULT_PERSON
from bot.pictures.views import RIGS, draw_figure
from tests.unit.pictures.conftest import posed, staged
from tests.unit.pictures.test_from_above import along

FIGURE = "offenes-buch"
INDEX = RIGS["front"].index


@pytest.mark.parametrize("number", [1, 2])
def test_pelvis_legs_and_head_stay_where_they_lie(number: int) -> None:
    way = along(FIGURE, number)

    for name in ("hip", "knee.left", "knee.right", "ankle.left", "skull"):
        assert max(float(np.linalg.norm(body.points[name] - way[0].points[name])) for body in way) < 0.012
    assert {body.rolled for body in way} == {90}
    turns = [body.chest for body in way]
    assert turns == sorted(turns, reverse=True)


def test_the_upper_arm_goes_over_the_body_and_is_shortest_on_its_way() -> None:
    way = along(FIGURE, 2)
    reach = [float(body.points["wrist.left"][0] - body.points["shoulder.left"][0]) for body in way]

    assert reach == sorted(reach, reverse=True)
    assert reach[0] > 0.3 > -0.3 > reach[-1]
    assert min(abs(x) for x in reach) < 0.03


def test_an_arm_that_points_at_the_viewer_hides_its_sleeve() -> None:
    level, locked = posed(FIGURE, 2)
    phase = level.phases[-1]
    toward = phase.model_copy(update={"shorten": {**phase.shorten, "upper_arm.left": 0.1, "forearm.left": 0.05}})
    spread = staged(FIGURE, 2).moments[-1].figure
    drawn = draw_figure(toward.rig.place(locked.phases[-1], toward.build), DEFAULT_PERSON, toward.shapes)

    assert drawn.arms["left"].area < 0.6 * spread.arms["left"].area
    assert drawn.arms["left"].contains(Point(*drawn.placed.points["wrist.left"]))


def test_side_on_belly_and_back_differ_and_feet_show_their_side() -> None:
    body = staged(FIGURE, 2).moments[0].figure.placed
    at = np.array(0.0)

    assert body.trunk.front_at(at) == pytest.approx(float(TRUNK.front_at(at)), abs=1e-3)
    assert body.trunk.back_at(at) == pytest.approx(float(TRUNK.back_at(at)), abs=1e-3)
    left, _, right, _ = staged(FIGURE, 2).moments[0].figure.legs["left"].bounds
    ankle = body.points["ankle.left"][0]
    assert right - ankle > SEGMENT["ball"] > SEGMENT["heel"] * 0.9
    assert left < body.points["hip"][0]


def test_knees_bend_sideways_only_of_whoever_shows_their_side() -> None:
    level, locked = posed(FIGURE, 2)
    front = [phase.model_copy(update={"turned": {**phase.turned, "pelvis": 0}}) for phase in level.phases]
    found = check_level("probe", 1, level.model_copy(update={"phases": tuple(front)}), locked)

    assert check_level("probe", 1, level, locked) == []
    assert "impossible" in {problem.kind for problem in found}


def test_the_stick_goes_through_both_fists_and_turns_with_the_chest() -> None:
    for body in along(FIGURE, 3):
        left, right = stick(body)
        line = LineString([left, right])
        assert all(line.distance(Point(*body.points[f"palm.{side}"])) < 0.03 for side in ("left", "right"))
    first, last = along(FIGURE, 3)[0], along(FIGURE, 3)[-1]
    assert np.mean([end[0] for end in stick(last)]) > np.mean([end[0] for end in stick(first)]) + 0.05


def test_an_arrow_over_the_body_is_boldest_in_its_middle() -> None:
    arrow = next(arrow for phase in posed(FIGURE, 2)[0].phases for arrow in phase.arrows)
    assert isinstance(arrow, Arrow)
    (course,) = staged(FIGURE, 2).moments[-1].courses

    assert course[0][0] > course[-1][0]
    assert course[len(course) // 2][2] > 1.4 * max(course[0][2], course[-1][2])


@pytest.mark.parametrize(
    ("number", "joint", "amount", "kind"),
    [
        (1, "hip.left", 30, "expect"),
        (2, "hip.left", -30, "expect"),
        (2, "shoulder.left", 40, "expect"),
        (3, "y", 0.02, "contact"),
    ],
)
def test_a_spoiled_open_book_is_caught(number: int, joint: str, amount: float, kind: str) -> None:
    level, locked = posed(FIGURE, number)
    poses = [pose.copy() for pose in locked.phases]
    poses[-1][INDEX[joint]] += amount

    found = check_level("probe", 1, level, Locked(tuple(poses), locked.between, locked.view))
    assert kind in {problem.kind for problem in found}
