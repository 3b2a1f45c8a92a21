"""Figures as shipped, and copies of them that a test may spoil."""

import pickle
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import fields
from functools import cache
from pathlib import Path

import pytest

from bot.pictures import checks, stage
from bot.pictures.body import OBLIQUE, Figure
from bot.pictures.lock import Locked, read_lock
from bot.pictures.pose_files import load_poses
from bot.pictures.poses import Level
from bot.pictures.profiles import Vec
from bot.pictures.skeleton import Placed
from bot.pictures.stage import Stage, set_stage
from bot.pictures.theme import DEFAULT_PERSON, Person
from bot.pictures.views import draw_figure

SHIPPED = Path(__file__).parents[3] / "content" / "poses"
MOST_FIGURES = 64


@pytest.fixture(scope="session", autouse=True)
def figures_drawn_once() -> Iterator[None]:
    """A test spoils one pose of several: the others are drawn as they were. Nobody changes what is drawn."""
    drawn: dict[bytes, Figure] = {}

    def remembered(placed: Placed, person: Person, shapes: Mapping[str, str], oblique: Vec = OBLIQUE) -> Figure:
        body = [getattr(placed, each.name) for each in fields(placed)]
        key = pickle.dumps((body, person, dict(shapes), oblique))
        if key not in drawn:
            if len(drawn) == MOST_FIGURES:
                del drawn[next(iter(drawn))]
            drawn[key] = draw_figure(placed, person, shapes, oblique)
        return drawn[key]

    with pytest.MonkeyPatch.context() as patch:
        for module in (checks, stage):
            patch.setattr(module, "draw_figure", remembered)
        yield


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
