"""A bottle in the hand: held by the fist, seen behind its fingers, never cut off by the card."""

import pytest
from shapely.geometry import Point

from bot.pictures.bottle import bottle
from bot.pictures.card import card_svg
from bot.pictures.stage import room
from bot.pictures.theme import BOTTLE
from tests.unit.pictures.conftest import staged


@pytest.mark.parametrize("side", ["near", "far"])
def test_the_fist_closes_around_it_wherever_the_arm_goes(side: str) -> None:
    stage = staged("kaefer", 4)
    for moment in stage.moments:
        figure = moment.figure
        full, _ = bottle(figure.placed, side, figure.shift[side])

        middle = (figure.placed.points[f"wrist.{side}"] + figure.placed.points[f"palm.{side}"]) / 2
        assert full.contains(Point(*middle + figure.shift[side]))
        assert 0.2 < full.intersection(figure.arms[side]).area / full.area < 0.7
        assert room(stage, moment).buffer(0.02).contains(full)


def test_only_whoever_holds_one_has_one() -> None:
    assert BOTTLE.light in card_svg(staged("kaefer", 4))
    assert BOTTLE.light not in card_svg(staged("kaefer", 3))
