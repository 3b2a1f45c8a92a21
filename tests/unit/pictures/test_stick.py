"""A stick along the back: it touches in three places while both hands hold it, and a rounded back shows."""

from dataclasses import replace
from pathlib import Path

import pytest
from shapely.geometry import Point

from bot.pictures.author import solve_all
from bot.pictures.card import card_svg
from bot.pictures.skeleton import Placed, place
from bot.pictures.stage import room
from bot.pictures.stick import stick_shape
from tests.unit.pictures.conftest import posed, staged

LEVEL = 2


def bodies() -> list[Placed]:
    """Both poses and all on the way between them."""
    level, locked = posed("hueftbeuge", LEVEL)
    return [place(pose, level.phases[0].build) for pose in (*locked.phases, *locked.between[0])]


def test_it_touches_sacrum_upper_back_and_head_all_the_way() -> None:
    for body in bodies():
        for name in ("back_sacrum", "back_upback", "head_back"):
            assert stick_shape(body).distance(Point(*body.points[name])) < 0.012, name


@pytest.mark.parametrize("side", ["near", "far"])
def test_both_hands_stay_at_it(side: str) -> None:
    for body in bodies():
        assert stick_shape(body).distance(Point(*body.points[f"palm.{side}"])) < 0.03


def test_a_picture_leaves_room_for_it_and_draws_it_nowhere_else() -> None:
    stage = staged("hueftbeuge", LEVEL)
    without = stage.level.model_copy(update={"props": stage.level.props.model_copy(update={"stick": False})})

    for moment in stage.moments:
        assert room(stage, moment).buffer(1e-9).contains(stick_shape(moment.figure.placed))
    assert card_svg(stage) != card_svg(replace(stage, level=without))


@pytest.mark.slow
def test_a_rounded_back_is_a_finding(poses_dir: Path) -> None:
    bases, figure = poses_dir / "bases.yaml", poses_dir / "hueftbeuge.yaml"
    bases.write_text(bases.read_text("utf-8").replace("  line: [back_sacrum, back_upback, head_back]\n", ""), "utf-8")
    base = "      - base: hinge_with_stick\n"
    rounded = f"{base}        joints: {{lumbar: 40, thorax: 30}}\n"
    figure.write_text(figure.read_text("utf-8").replace(base, rounded), "utf-8")

    assert "stick_gap_cm" in {problem.about for problem in solve_all(poses_dir, ["hueftbeuge"])}
