"""Seen from the front: names, contacts, balance and turns are as strict as from the side, and every slip is caught."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from bot.pictures.arrows import arrow_course
from bot.pictures.balance import centre_of_mass
from bot.pictures.checks import check_level
from bot.pictures.front_measures import FRONT_MEASURES
from bot.pictures.front_skeleton import FRONT_JOINTS, place_front
from bot.pictures.lock import Locked, read_lock, write_lock
from bot.pictures.marks import spindle
from bot.pictures.pose_files import load_poses
from bot.pictures.poses import Arrow, Level
from bot.pictures.profiles import Vec
from bot.pictures.skeleton import SEGMENT, Placed
from bot.pictures.spec import PoseFileError, StaleLockError
from bot.pictures.views import RIGS
from tests.unit.pictures.conftest import posed, staged

FIGURE = "einbein-stand"
INDEX = RIGS["front"].index


def _changed(locked: Locked, change: Callable[[Vec], None]) -> Locked:
    poses = [pose.copy() for pose in locked.phases]
    change(poses[-1])
    return Locked(tuple(poses), locked.between, locked.view)


def _added(joint: str, amount: float) -> Callable[[Vec], None]:
    def change(pose: Vec) -> None:
        pose[INDEX[joint]] += amount

    return change


def _kinds(level: Level, locked: Locked) -> set[str]:
    return {problem.kind for problem in check_level("probe", 1, level, locked)}


def _stands(number: int) -> Placed:
    level, locked = posed(FIGURE, number)
    return place_front(locked.phases[-1], level.phases[-1].build)


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        (_added("y", -0.03), "floor"),
        (_added("y", 0.02), "contact"),
        (_added("ankle.right", 20), "contact"),
        (_added("pelvis", 8), "expect"),
        (_added("thorax", 24), "wish"),
        (_added("x", 0.02), "slide"),
        (_added("x", -0.05), "slide"),
        (_added("hip.right", 9), "balance"),
        (_added("lumbar", 60), "impossible"),
    ],
)
def test_a_spoiled_stand_on_one_leg_is_caught(change: Callable[[Vec], None], kind: str) -> None:
    level, locked = posed(FIGURE, 3)

    assert _kinds(level, locked) == set()
    assert kind in _kinds(level, _changed(locked, change))


def test_the_weight_is_over_the_foot_that_stands() -> None:
    body = _stands(3)

    inner, outer = sorted(float(body.points[f"{edge}.right"][0]) for edge in ("inner", "outer"))
    assert inner < centre_of_mass(body)[0] < outer


def test_segments_keep_their_length_unless_they_point_at_the_viewer() -> None:
    body = _stands(3)

    def length(start: str, end: str) -> float:
        return float(np.linalg.norm(body.points[end] - body.points[start]))

    assert length("knee.right", "ankle.right") == pytest.approx(SEGMENT["shank"])
    assert length("elbow.left", "wrist.left") == pytest.approx(SEGMENT["forearm"])
    assert length("hip.left", "knee.left") < 0.8 * SEGMENT["thigh"]


def test_left_and_right_mirror_each_other() -> None:
    pose = np.zeros(len(FRONT_JOINTS))
    for joint, angle in (("shoulder", 70), ("elbow", 30), ("hip", 20), ("knee", 15)):
        for side in ("left", "right"):
            pose[INDEX[f"{joint}.{side}"]] = angle
    points = place_front(pose).points

    for name in ("fingers", "elbow", "knee", "outer", "waist"):
        assert points[f"{name}.left"] == pytest.approx(points[f"{name}.right"] * [-1, 1])
    assert points["fingers.right"][0] > points["shoulder.right"][0]
    assert FRONT_MEASURES["arm_raised.left"](place_front(pose)) == pytest.approx(70)


def test_the_arrow_of_a_turning_head_goes_the_way_the_face_turns() -> None:
    level, locked = posed(FIGURE, 4)
    left, right = (place_front(pose, phase.build) for pose, phase in zip(locked.phases, level.phases, strict=True))

    there, back = (arrow_course(Arrow(turn="face"), *way) for way in ((left, right), (right, left)))
    assert there[0, 0] < there[-1, 0]
    assert back[0, 0] > back[-1, 0]
    same = Locked((locked.phases[0], locked.phases[0]), locked.between, locked.view)
    still = [phase.model_copy(update={"turned": {}, "arrows": ()}) for phase in level.phases]
    assert "alike" in _kinds(level.model_copy(update={"phases": tuple(still)}), same)


def test_a_chest_that_turns_narrows_and_the_pelvis_does_not() -> None:
    straight, turned = (place_front(np.zeros(len(FRONT_JOINTS)), {"chest": angle}) for angle in (0, 40))

    def width(body: Placed, at: float) -> float:
        return float(body.trunk.front_at(np.array(at)))

    assert width(turned, 0.26) < 0.93 * width(straight, 0.26)
    assert width(turned, 0.0) == pytest.approx(width(straight, 0.0))


def test_muscles_lie_on_the_side_they_are_named_after() -> None:
    figure = staged(FIGURE, 3).moments[-1]

    assert figure.phase.works == ("hip.right",)
    assert spindle(figure.figure, "hip.right").belly.centroid.x > figure.figure.placed.points["hip"][0] + 0.04
    assert spindle(figure.figure, "hip.left").belly.centroid.x < figure.figure.placed.points["hip"][0] - 0.04


def _written(poses_dir: Path, level: str, phase: str) -> None:
    text = f"id: probe\nlevels:\n  1:\n    {level}\n    phases:\n      - {phase}\n"
    (poses_dir / "probe.yaml").write_text(text, encoding="utf-8")
    load_poses(poses_dir, "probe")


@pytest.mark.parametrize(
    ("level", "phase", "reason"),
    [
        ("view: front", "{base: front_stand, joints: {hip.near: 4}}", "unknown name 'hip.near.left'"),
        ("view: side", "{base: hook, joints: {hip.left: 4}}", "unknown name 'hip.left.near'"),
        ("view: front", "{base: hook}", "seen from the side"),
        ("view: front", "{base: front_stand, arrows: [{move: hip.near}]}", "unknown name 'hip.near'"),
        ("view: front", "{base: front_stand, works: [quads]}", "unknown name 'quads'"),
    ],
)
def test_names_of_the_other_view_are_refused(poses_dir: Path, level: str, phase: str, reason: str) -> None:
    with pytest.raises(PoseFileError, match=reason):
        _written(poses_dir, level, phase)


def test_a_lock_of_another_front_skeleton_is_refused(poses_dir: Path) -> None:
    levels = read_lock(poses_dir, FIGURE)
    write_lock(poses_dir, FIGURE, levels)
    assert read_lock(poses_dir, FIGURE)[3].view == "front"

    path = poses_dir / f"{FIGURE}.lock.json"
    path.write_text(path.read_text(encoding="utf-8").replace('"knee.left"', '"kneecap.left"'), encoding="utf-8")
    with pytest.raises(StaleLockError, match="another skeleton"):
        read_lock(poses_dir, FIGURE)
