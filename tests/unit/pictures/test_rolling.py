"""A ball or roller lies against the body and what it rolls on, and goes half as far as the body does."""

import numpy as np
import pytest
from shapely.geometry import Point

from bot.pictures.card import card_svg
from bot.pictures.checks import check_level
from bot.pictures.contacts import Touch, gap
from bot.pictures.lock import Locked
from bot.pictures.rolling import rolling_room, rounds
from bot.pictures.skeleton import INDEX, OUTLINE_AT, Placed, place
from bot.pictures.stage import room
from bot.pictures.theme import BALLS, ROLLER
from tests.unit.pictures.conftest import posed, staged

ALL = [(figure, number) for figure in ("faszienball", "faszienrolle") for number in (1, 2, 3)]


def bodies(figure: str, number: int) -> list[Placed]:
    level, locked = posed(figure, number)
    return [place(pose, phase.build) for pose, phase in zip(locked.phases, level.phases, strict=True)]


@pytest.mark.parametrize(("figure", "number"), ALL)
def test_it_touches_the_back_and_what_it_rolls_on(figure: str, number: int) -> None:
    level, _ = posed(figure, number)
    ((name, thing),) = rounds(level.props)
    axis = 0 if thing.upright else 1
    for phase, body in zip(level.phases, bodies(figure, number), strict=True):
        (part,) = (part for part, surface in phase.on.items() if surface == name)

        assert abs(gap(body, Touch(part, name), level.surfaces())) < 0.004
        assert thing.centre(body)[axis] == pytest.approx(thing.radius)


@pytest.mark.parametrize(("figure", "number"), ALL)
def test_it_rolls_half_as_far_as_the_body_moves(figure: str, number: int) -> None:
    ((_, thing),) = rounds(posed(figure, number)[0].props)
    first, last = bodies(figure, number)
    axis = 1 if thing.upright else 0
    moved = last.points["hip"][axis] - first.points["hip"][axis]

    assert abs(moved) > 0.03
    assert thing.centre(last)[axis] - thing.centre(first)[axis] == pytest.approx(moved / 2)


@pytest.mark.parametrize(("figure", "number"), ALL)
def test_the_small_of_the_back_and_the_neck_stay_free_of_it(figure: str, number: int) -> None:
    """Never on the lumbar spine: the nearest place of the back lies at the seat, or at the shoulder blades."""
    ((_, thing),) = rounds(posed(figure, number)[0].props)
    low, high = (-0.05, 0.06) if figure == "faszienball" else (0.195, 0.315)
    for body in bodies(figure, number):
        nearest = OUTLINE_AT[np.linalg.norm(body.back - thing.centre(body), axis=1).argmin()]

        assert low <= nearest <= high


def test_a_body_that_is_pushed_into_it_cuts_through() -> None:
    level, locked = posed("faszienrolle", 3)
    sunk = [pose.copy() for pose in locked.phases]
    for pose in sunk:
        pose[INDEX["y"]] -= 0.03

    kinds = {(found.kind, found.about) for found in check_level("probe", 3, level, Locked(tuple(sunk), locked.between))}

    assert {("cut", "roller"), ("contact", "back_upback")} <= kinds


def test_each_level_shows_its_own_ball_and_leaves_room_for_it() -> None:
    shown = [card_svg(staged("faszienball", number)) for number in (1, 2, 3)]

    for kind, picture in zip(("soft", "tennis", "hard"), shown, strict=True):
        assert [BALLS[other].light in picture for other in BALLS] == [other == kind for other in BALLS]
    stage = staged("faszienrolle", 2)
    ((_, thing),) = rounds(stage.level.props)
    assert ROLLER.light in card_svg(stage)
    for moment in stage.moments:
        body = moment.figure.placed
        assert rolling_room(stage.level.props, body).contains(Point(*thing.centre(body)).buffer(thing.radius))
        assert room(stage, moment).buffer(1e-9).contains(rolling_room(stage.level.props, body))
