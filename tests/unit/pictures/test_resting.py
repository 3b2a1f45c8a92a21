"""Lying with the legs on a chair: the chair looks at whoever lies before it, and a rest is one still picture."""

import pytest
from shapely.geometry import Point, box

from bot.pictures.card import card_svg
from bot.pictures.checks import check_level
from bot.pictures.contacts import Touch, gap
from bot.pictures.furniture import furnishing, solid
from bot.pictures.lock import Locked
from bot.pictures.props import CHAIR_DEPTH, ChairAt, Props
from bot.pictures.skeleton import INDEX, place
from bot.pictures.theme import BADGE
from tests.unit.pictures.conftest import posed, staged

LEVELS = (1, 2)


@pytest.mark.parametrize("number", LEVELS)
def test_calves_and_heels_lie_on_the_seat_and_the_back_on_the_floor(number: int) -> None:
    level, locked = posed("stufenlagerung", number)

    for phase, pose in zip(level.phases, locked.phases, strict=True):
        body = place(pose, phase.build)
        for part in ("calf.near", "calf.far", "heel.near", "heel.far"):
            assert abs(gap(body, Touch(part, "chair"), level.surfaces())) < 0.004
        assert abs(gap(body, Touch("back_sacrum", "floor"), level.surfaces())) < 0.004


def test_a_leg_that_lies_deeper_cuts_through_the_seat() -> None:
    level, locked = posed("stufenlagerung", 1)
    sunk = [pose.copy() for pose in locked.phases]
    for pose in sunk:
        pose[INDEX["hip.near"]] -= 8

    kinds = {(found.kind, found.about) for found in check_level("probe", 1, level, Locked(tuple(sunk), locked.between))}

    assert {("cut", "chair"), ("contact", "calf.near")} <= kinds


def test_a_chair_may_look_to_the_left() -> None:
    right, left = ChairAt(x=0.3), ChairAt(x=0.3, faces=-1)

    assert (left.seat.start, left.seat.end) == pytest.approx((0.3 - CHAIR_DEPTH, 0.3))
    assert (right.seat.start, right.seat.end) == pytest.approx((0.3, 0.3 + CHAIR_DEPTH))
    seat, back = solid(Props(chair=left))["chair"], furnishing(Props(chair=left))
    assert seat.bounds[2] == pytest.approx(0.3)
    # The backrest stands at the rear edge, on the other side from where the chair looks to.
    high = back.intersection(box(-1, left.height + 0.1, 1, 1)).bounds
    assert 0.27 < high[0] < high[2] < 0.40


def test_what_is_held_is_one_picture_and_what_moves_is_all_of_them() -> None:
    held, moving = staged("stufenlagerung", 1), staged("stufenlagerung", 2)

    assert len(held.moments) == len(moving.moments) == 2
    assert card_svg(held).count(BADGE) == 0
    assert card_svg(moving).count(BADGE) == 2


def test_the_mat_reaches_under_the_whole_chair() -> None:
    stage = staged("stufenlagerung", 1)

    assert stage.span[1] > furnishing(stage.level.props).intersection(Point(0.3, 0).buffer(0.15)).bounds[2]
