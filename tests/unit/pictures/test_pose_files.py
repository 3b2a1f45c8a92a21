"""Pose files are read strictly and say where they are wrong."""

from pathlib import Path

import pytest

from bot.pictures.pose_files import figures, load_poses
from bot.pictures.poses import Level, PoseFile
from bot.pictures.spec import PoseFileError


def _written(poses_dir: Path, phase: str) -> PoseFile:
    text = f"id: probe\nlevels:\n  1:\n    phases:\n      - base: hook\n        {phase}\n"
    (poses_dir / "probe.yaml").write_text(text, encoding="utf-8")
    return load_poses(poses_dir, "probe")


def _first_phase_of(poses: PoseFile) -> dict[str, object]:
    level = poses.levels[1]
    assert isinstance(level, Level)
    return level.phases[0].model_dump()


def test_a_plain_joint_means_both_sides(poses_dir: Path) -> None:
    phase = _first_phase_of(_written(poses_dir, "joints: {knee: 80}"))

    assert phase["joints"] == {"knee.near": 80, "knee.far": 80}


def test_a_sided_joint_wins_over_the_plain_one(poses_dir: Path) -> None:
    phase = _first_phase_of(_written(poses_dir, "joints: {knee.near: 10, knee: 80}"))

    assert phase["joints"] == {"knee.near": 10, "knee.far": 80}


def test_the_key_on_is_a_word_and_null_takes_a_contact_of_the_base_away(poses_dir: Path) -> None:
    phase = _first_phase_of(_written(poses_dir, "on: {foot.near: null}"))

    contacts = phase["on"]
    assert isinstance(contacts, dict)
    assert "foot.far" in contacts
    assert "foot.near" not in contacts


def test_a_tilt_of_zero_is_kept(poses_dir: Path) -> None:
    assert _first_phase_of(_written(poses_dir, "tilt: 0"))["tilt"] == 0


@pytest.mark.parametrize(
    ("phase", "reason"),
    [
        ("joints: {knie: 80}", "unknown name 'knie.near'"),
        ("on: {head: floor}", "unknown name 'head.near'"),
        ("works: [biceps]", "unknown name 'biceps'"),
        ("expect: {mood: [1, 2]}", "unknown name 'mood.near'"),
        ("arows: []", "Extra inputs are not permitted"),
    ],
)
def test_an_unknown_word_is_refused_with_file_and_line(poses_dir: Path, phase: str, reason: str) -> None:
    with pytest.raises(PoseFileError, match=reason) as caught:
        _written(poses_dir, phase)

    assert str(caught.value).startswith("probe.yaml:6:")


def test_an_unknown_base_is_refused(poses_dir: Path) -> None:
    (poses_dir / "probe.yaml").write_text("id: probe\nlevels: {1: {phases: [{base: moon}]}}\n", encoding="utf-8")

    with pytest.raises(PoseFileError, match="unknown base 'moon'"):
        load_poses(poses_dir, "probe")


def test_every_shipped_figure_is_readable(shipped: Path) -> None:
    assert {"beckenkippen", "bruecke", "welcome"} <= set(figures(shipped))
    for figure in figures(shipped):
        assert load_poses(shipped, figure).levels
