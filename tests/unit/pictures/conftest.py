"""Figures as shipped, and copies of them that a test may spoil."""

import shutil
from functools import cache
from pathlib import Path

import pytest

from bot.pictures.lock import Locked, read_lock
from bot.pictures.pose_files import load_poses
from bot.pictures.poses import Level
from bot.pictures.stage import Stage, set_stage
from bot.pictures.theme import DEFAULT_PERSON

SHIPPED = Path(__file__).parents[3] / "content" / "poses"


@pytest.fixture(scope="session")
def shipped() -> Path:
    return SHIPPED


@pytest.fixture
def poses_dir(tmp_path: Path) -> Path:
    """A copy of the shipped poses."""
    return Path(shutil.copytree(SHIPPED, tmp_path / "poses"))


@cache
def posed(figure: str, number: int) -> tuple[Level, Locked]:
    level = load_poses(SHIPPED, figure).levels[number]
    assert isinstance(level, Level)
    return level, read_lock(SHIPPED, figure)[number]


@cache
def staged(figure: str, number: int) -> Stage:
    return set_stage(*posed(figure, number), DEFAULT_PERSON)
