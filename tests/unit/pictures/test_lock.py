"""What was looked at is what is drawn: a lock older than its poses is refused."""

from pathlib import Path

import numpy as np
import pytest

from bot.pictures.lock import lock_path, read_lock, write_lock
from bot.pictures.pose_files import BASES_FILE, figures, load_poses
from bot.pictures.solve import solve_level
from bot.pictures.spec import StaleLockError
from tests.unit.pictures.conftest import posed


def test_every_shipped_figure_has_a_fresh_lock_for_each_level(shipped: Path) -> None:
    for figure in figures(shipped):
        drawn = {number for number, level in load_poses(shipped, figure).levels.items() if not isinstance(level, int)}

        assert set(read_lock(shipped, figure)) == drawn


@pytest.mark.parametrize(
    ("name", "old", "new"), [("bruecke.yaml", "hold: 2", "hold: 3"), (BASES_FILE, "joints: {knee: 92}", "joints: {}")]
)
def test_a_lock_older_than_its_poses_is_refused(poses_dir: Path, name: str, old: str, new: str) -> None:
    text = (poses_dir / name).read_text(encoding="utf-8")
    assert old in text
    (poses_dir / name).write_text(text.replace(old, new), encoding="utf-8")

    with pytest.raises(StaleLockError, match="changed after"):
        read_lock(poses_dir, "bruecke")


def test_a_new_base_makes_nobody_elses_lock_stale(poses_dir: Path) -> None:
    with (poses_dir / BASES_FILE).open("a", encoding="utf-8") as file:
        file.write("\nhandstand: # not used by anybody\n  on: {hand: floor}\n")

    assert read_lock(poses_dir, "bruecke")


def test_a_damaged_lock_is_refused(poses_dir: Path) -> None:
    lock_path(poses_dir, "bruecke").write_text('{"format": 1', encoding="utf-8")

    with pytest.raises(StaleLockError, match="no readable lock"):
        read_lock(poses_dir, "bruecke")


def test_a_lock_of_another_skeleton_is_refused(poses_dir: Path) -> None:
    path = lock_path(poses_dir, "bruecke")
    path.write_text(path.read_text(encoding="utf-8").replace('"knee.far"', '"tail"'), encoding="utf-8")

    with pytest.raises(StaleLockError, match="another skeleton"):
        read_lock(poses_dir, "bruecke")


def test_writing_and_reading_keeps_poses(poses_dir: Path) -> None:
    locked = read_lock(poses_dir, "bruecke")
    write_lock(poses_dir, "bruecke", locked)

    again = read_lock(poses_dir, "bruecke")

    assert np.array_equal(locked[2].phases[1], again[2].phases[1])
    assert np.array_equal(locked[2].between[0][4], again[2].between[0][4])


def test_solving_again_finds_the_locked_poses() -> None:
    level, locked = posed("bruecke", 1)

    solved = solve_level(level)

    for fresh, kept in zip(solved.phases, locked.phases, strict=True):
        assert float(np.abs(fresh - kept).max()) < 0.6
