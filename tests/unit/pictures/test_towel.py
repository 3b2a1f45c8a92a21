"""A towel runs from the sole to both fists, however the leg goes, and is seen whole."""

import pytest
from shapely.geometry import Point

from bot.pictures.card import card_svg
from bot.pictures.contacts import Touch, gap
from bot.pictures.skeleton import RADIUS, place, unit
from bot.pictures.stage import room
from bot.pictures.theme import TOWEL, WOOD
from bot.pictures.towel import towel_strand
from tests.unit.pictures.conftest import posed, staged

FIGURE = "beinrueckseite"


@pytest.mark.parametrize("side", ["near", "far"])
def test_it_holds_the_sole_and_ends_in_the_fist(side: str) -> None:
    stage = staged(FIGURE, 2)
    for moment in stage.moments:
        figure, body = moment.figure, moment.figure.placed
        strand = towel_strand(figure, "near", side)
        below = unit(body.directions["foot.near"] - 90) * RADIUS["ball"]

        assert strand.buffer(0.004).contains(Point(*body.points["ball.near"] + figure.shift["near"] + below))
        assert strand.contains(
            Point(*body.points[f"palm.{side}"] * 0.7 + body.points[f"wrist.{side}"] * 0.3 + figure.shift[side])
        )
        assert strand.intersects(figure.legs["near"])
        assert room(stage, moment).buffer(0.001).contains(strand)


def test_only_the_level_with_a_towel_shows_one_and_only_the_door_has_a_frame() -> None:
    shown = [card_svg(staged(FIGURE, number)) for number in (1, 2, 3)]

    assert [TOWEL.light in picture for picture in shown] == [False, True, False]
    assert WOOD.light not in shown[1]
    assert WOOD.light in shown[2]


def test_the_heel_leans_on_the_frame_while_the_other_leg_lies_through_the_door() -> None:
    level, locked = posed(FIGURE, 3)
    frame = level.props.wall
    assert frame is not None
    for phase, pose in zip(level.phases, locked.phases, strict=True):
        body = place(pose, phase.build)

        assert abs(gap(body, Touch("heel.far", "wall"), level.surfaces())) < 0.004
        assert body.points["knee.near"][0] < frame.x + 0.1 < body.points["heel.near"][0]
        assert body.points["toe.near"][1] < frame.top
