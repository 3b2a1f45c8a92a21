"""Shipped poses are sound, and each kind of mistake in a pose is caught."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from bot.pictures.author import check_all
from bot.pictures.checks import check_level
from bot.pictures.lock import Locked
from bot.pictures.poses import Arrow, Level, Phase
from bot.pictures.profiles import Vec
from bot.pictures.skeleton import INDEX
from tests.unit.pictures.conftest import posed


@pytest.mark.slow  # `make check` does the same
def test_shipped_poses_have_no_problem(shipped: Path, tmp_path: Path) -> None:
    assert [str(problem) for problem in check_all(shipped, tmp_path / "kept")] == []


def test_a_flawless_figure_is_looked_at_again_after_a_change(poses_dir: Path, tmp_path: Path) -> None:
    for file in poses_dir.iterdir():
        if not file.name.startswith(("bauchatmung.", "bases.")):
            file.unlink()
    kept = tmp_path / "kept"
    before = check_all(poses_dir, kept)
    remembered = len(list(kept.iterdir()))

    (poses_dir / "bauchatmung.lock.json").write_text("{}")

    assert before == []
    assert remembered == 1
    assert check_all(poses_dir, kept) != []
    assert len(list(kept.iterdir())) == 1


def _changed(locked: Locked, phase: int, change: Callable[[Vec], None]) -> Locked:
    poses = [pose.copy() for pose in locked.phases]
    change(poses[phase])
    return Locked(tuple(poses), locked.between)


def _added(joint: str, amount: float) -> Callable[[Vec], None]:
    def change(pose: Vec) -> None:
        pose[INDEX[joint]] += amount

    return change


def _flipped(joint: str) -> Callable[[Vec], None]:
    def change(pose: Vec) -> None:
        pose[INDEX[joint]] *= -1

    return change


def _with_phase(level: Level, number: int, **changes: object) -> Level:
    phases = list(level.phases)
    phases[number] = phases[number].model_copy(update=changes)
    return level.model_copy(update={"phases": tuple(phases)})


def _kinds(level: Level, locked: Locked) -> set[str]:
    return {problem.kind for problem in check_level("probe", 1, level, locked)}


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        (_flipped("knee.near"), "impossible"),
        (_flipped("hip.near"), "contact"),
        (_added("y", -0.03), "floor"),
        (_added("y", 0.02), "contact"),
        (_added("knee.near", 40), "wish"),
        (_added("x", 0.02), "slide"),
        (_added("hip.near", 11), "expect"),
        (_added("neck", -60), "floor"),
    ],
)
def test_a_spoiled_bridge_is_caught(change: Callable[[Vec], None], kind: str) -> None:
    level, locked = posed("bruecke", 2)

    assert kind in _kinds(level, _changed(locked, 1, change))


def test_a_hand_that_slides_down_the_wall_is_caught() -> None:
    level, locked = posed("stuetz-wand", 1)

    assert "slide" not in _kinds(level, locked)
    assert "slide" in _kinds(level, _changed(locked, 1, _added("shoulder.near", -12)))


def test_a_joint_at_the_end_of_its_range_needs_to_be_accepted() -> None:
    level, locked = posed("bruecke", 2)
    bent = _changed(locked, 1, lambda pose: pose.__setitem__(INDEX["elbow.near"], 0.0))
    strained = _changed(locked, 1, lambda pose: pose.__setitem__(INDEX["head"], 29.8))

    assert "range" not in _kinds(level, bent)  # a straight elbow is no strain
    assert "range" in _kinds(level, strained)
    assert "range" not in _kinds(_with_phase(level, 1, accept=frozenset({"range head"})), strained)


def test_a_dropped_contact_shows_as_hovering_or_as_lost_balance() -> None:
    level, locked = posed("beckenkippen", 4)
    lifted = _changed(locked, 0, _added("y", 0.012))

    assert "balance" in _kinds(_with_phase(level, 0, on={}), locked)
    assert "hover" in _kinds(_with_phase(level, 0, on={"toes.near": "floor"}), lifted)


def test_a_standing_body_that_would_fall_is_caught() -> None:
    level, locked = posed("welcome", 1)

    assert "balance" not in _kinds(level, locked)
    assert "balance" in _kinds(_with_phase(level, 0, on={"heel.near": "floor", "heel.far": "floor"}), locked)


def test_a_knee_in_the_belly_is_caught() -> None:
    level, locked = posed("bruecke", 1)

    def fold(pose: Vec) -> None:
        pose[INDEX["lumbar"]], pose[INDEX["thorax"]], pose[INDEX["hip.near"]] = 47, 37, 150

    assert "cut" in _kinds(level, _changed(locked, 0, fold))


def test_two_phases_that_look_the_same_are_caught() -> None:
    level, locked = posed("bruecke", 1)
    same = Locked((locked.phases[0], locked.phases[0]), locked.between)

    assert {"alike", "arrow"} <= _kinds(level, same)


def test_an_arrow_where_nothing_moves_is_caught() -> None:
    level, locked = posed("bruecke", 2)

    assert "arrow" in _kinds(_with_phase(level, 1, arrows=(Arrow(move="heel.near"),)), locked)


def test_a_frame_that_leaves_a_shared_contact_is_caught() -> None:
    level, locked = posed("bruecke", 2)
    way = [pose.copy() for pose in locked.between[0]]
    way[5][INDEX["x"]] += 0.02

    assert "way" in _kinds(level, Locked(locked.phases, (tuple(way),)))


def test_an_expectation_that_is_not_met_is_caught() -> None:
    level, locked = posed("beckenkippen", 2)
    phase: Phase = level.phases[1]

    assert _kinds(level, locked) == set()
    assert "expect" in _kinds(_with_phase(level, 1, expect={**phase.expect, "lumbar_gap_cm": (3.0, 5.0)}), locked)


def test_poses_are_finite() -> None:
    for figure, number in (("beckenkippen", 1), ("bruecke", 4)):
        _, locked = posed(figure, number)

        assert all(np.isfinite(pose).all() for pose in (*locked.phases, *locked.between[0]))
