"""Looking down at somebody who lies: what must stay on the mat stays there, what turns turns, and slips are caught."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from shapely.geometry import box

from bot.pictures.card import BESIDE_WIDTHS, beside_place, layout
from bot.pictures.checks import check_level
from bot.pictures.front_measures import FRONT_MEASURES, feet_off_mat
from bot.pictures.front_skeleton import FRONT_JOINTS, place_front
from bot.pictures.lock import Locked
from bot.pictures.pose_files import load_poses
from bot.pictures.profiles import Vec
from bot.pictures.skeleton import Placed, blended
from bot.pictures.spec import PoseFileError
from bot.pictures.stage import bounds
from bot.pictures.svg import Pane, View
from bot.pictures.views import RIGS
from tests.unit.pictures.conftest import posed, staged

INDEX = RIGS["front"].index


def along(figure: str, number: int) -> list[Placed]:
    """The key poses and the whole way between them."""
    level, locked = posed(figure, number)
    first, last = level.phases[0].build, level.phases[-1].build
    poses = (locked.phases[0], *locked.between[0], locked.phases[-1])
    shares = np.linspace(0, 1, len(poses))
    return [place_front(pose, blended(first, last, float(share))) for pose, share in zip(poses, shares, strict=True)]


@pytest.mark.parametrize("number", [1, 2, 3])
def test_knees_roll_while_head_and_shoulders_stay(number: int) -> None:
    way = along("knie-pendel", number)

    knees = [float(body.points["knee.right"][0]) for body in way]
    assert knees == sorted(knees)
    assert knees[-1] > knees[0] + 0.04
    for name in ("crown", "shoulder.left", "shoulder.right", "hip"):
        assert max(float(np.linalg.norm(body.points[name] - way[0].points[name])) for body in way) < 0.012


@pytest.mark.parametrize("number", [1, 2])
def test_feet_stay_where_they_stand_and_in_the_last_form_they_hang(number: int) -> None:
    way, hanging = along("knie-pendel", number), along("knie-pendel", 3)

    for name in ("ankle.left", "ankle.right"):
        assert max(float(np.linalg.norm(body.points[name] - way[0].points[name])) for body in way) < 0.012
    assert all(feet_off_mat(body, "left") < 0.02 for body in way)
    assert all(feet_off_mat(body, "left") > 0.10 for body in hanging)


def test_each_roll_is_wider_until_the_feet_leave_the_floor() -> None:
    rolled = [FRONT_MEASURES["pelvis_turned"](along("knie-pendel", number)[-1]) for number in (1, 2, 3)]

    assert rolled[0] < rolled[2] < rolled[1]


@pytest.mark.parametrize(("number", "heel"), [(1, (0.0, 0.05)), (3, (0.20, 0.40))])
def test_a_small_picture_tells_bent_knees_from_straight_or_seated_ones(number: int, heel: tuple[float, float]) -> None:
    stage = staged("knie-pendel", number)
    assert stage.beside is not None
    lying = stage.beside.moments[0].figure.placed
    frame = layout([bounds(stage, moment) for moment in stage.moments])[0][0]
    place = beside_place(stage, frame, 62, BESIDE_WIDTHS)

    assert lying.view == "side"
    assert heel[0] < lying.points["heel.near"][1] < heel[1]
    assert lying.points["knee.near"][1] > lying.points["hip"][1] + 0.15
    assert place is not None
    pane = box(*frame.view.world(place.left, place.top + place.height), *_end(frame.view, place))
    assert not pane.intersects(stage.moments[0].figure.silhouette)


def _end(view: View, place: Pane) -> Vec:
    return view.world(place.left + place.width, place.top)


def test_the_pose_from_beside_is_checked_too() -> None:
    level, locked = posed("knie-pendel", 3)
    assert locked.beside is not None
    sunk = locked.beside - np.eye(len(locked.beside))[1] * 0.03

    found = check_level("probe", 3, level, replace(locked, beside=sunk))
    assert {problem.kind for problem in found} >= {"contact"}


def test_a_pelvis_that_turns_narrows_and_the_chest_does_not() -> None:
    straight, turned = (place_front(np.zeros(len(FRONT_JOINTS)), {"pelvis": angle}) for angle in (0, 40))

    assert turned.trunk.front_at(np.array(0.0)) < 0.95 * straight.trunk.front_at(np.array(0.0))
    assert turned.trunk.front_at(np.array(0.26)) == pytest.approx(straight.trunk.front_at(np.array(0.26)))
    apart = [float(body.points["hip.right"][0] - body.points["hip.left"][0]) for body in (straight, turned)]
    assert apart[1] == pytest.approx(apart[0] * np.cos(np.radians(40)))


def test_the_mat_holds_all_but_the_arms_and_the_picture_holds_all() -> None:
    stage = staged("knie-pendel", 2)
    assert stage.lies_within is not None
    mat = box(*stage.lies_within)

    for moment in stage.moments:
        assert mat.contains(moment.figure.without_arms)
        assert box(*bounds(stage, moment)).contains(moment.figure.silhouette)


@pytest.mark.parametrize(
    ("joint", "amount", "kind"),
    [("pelvis", 8, "expect"), ("hip.right", -16, "expect"), ("lumbar", 26, "wish"), ("shoulder.left", 30, "wish")],
)
def test_a_spoiled_roll_is_caught(joint: str, amount: float, kind: str) -> None:
    level, locked = posed("knie-pendel", 2)
    poses = [pose.copy() for pose in locked.phases]
    poses[-1][INDEX[joint]] += amount

    assert check_level("probe", 1, level, locked) == []
    found = check_level("probe", 1, level, Locked(tuple(poses), locked.between, locked.view))
    assert kind in {problem.kind for problem in found}


@pytest.mark.parametrize("level", ["from_above: true", "view: front\n    from_above: true\n    props: {}"])
def test_from_above_is_a_front_view_on_a_mat(poses_dir: Path, level: str) -> None:
    base = "hook" if "view" not in level else "front_stand"
    text = f"id: probe\nlevels:\n  1:\n    {level}\n    phases:\n      - base: {base}\n"
    (poses_dir / "probe.yaml").write_text(text, encoding="utf-8")

    with pytest.raises(PoseFileError, match="from above is the front view, on a mat"):
        load_poses(poses_dir, "probe")
