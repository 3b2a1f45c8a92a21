"""Sitting on the heels and folding forward: what touches the floor, what lies between, and that no cloth is torn."""

import pytest
from shapely.geometry import MultiPolygon

from bot.pictures.body import FLAT, draw_figure
from bot.pictures.card import card_svg
from bot.pictures.checks import check_level
from bot.pictures.contacts import Touch, gap
from bot.pictures.lock import Locked
from bot.pictures.props import PillowAt
from bot.pictures.skeleton import INDEX, place
from bot.pictures.stage import bounds
from bot.pictures.theme import DEFAULT_PERSON, PILLOW
from tests.unit.pictures.conftest import posed, staged

ON_THE_FLOOR = (2, 3, 4)
WITH_PILLOW = (1, 2)


@pytest.mark.parametrize("number", ON_THE_FLOOR)
def test_knees_and_insteps_never_leave_the_floor_and_the_seat_stays_low(number: int) -> None:
    level, locked = posed("paeckchen", number)

    for phase, pose in zip(level.phases, locked.phases, strict=True):
        body = place(pose, phase.build)
        for part in ("knee", "instep"):
            for side in ("near", "far"):
                assert abs(gap(body, Touch(f"{part}.{side}", "floor"), level.surfaces())) < 0.004
        assert body.points["hip"][1] < 0.20


@pytest.mark.parametrize("number", [3, 4])
def test_the_forehead_rests_on_the_floor_and_the_nose_is_not_pressed_into_it(number: int) -> None:
    level, locked = posed("paeckchen", number)
    body = place(locked.phases[-1], level.phases[-1].build)

    assert abs(gap(body, Touch("forehead", "floor"), level.surfaces())) < 0.004
    assert draw_figure(body, DEFAULT_PERSON, {}, FLAT).head.bounds[1] > -0.006


def test_the_arms_lie_back_in_one_form_and_long_in_the_next() -> None:
    back, long = (place(posed("paeckchen", number)[1].phases[-1]) for number in (3, 4))

    assert back.points["fingers.near"][0] < back.points["knee.near"][0]
    assert long.points["fingers.near"][0] > long.points["crown"][0] + 0.1


@pytest.mark.parametrize(("number", "part"), [(1, "front_chest"), (2, "seat")])
def test_a_pillow_carries_what_lies_on_it(number: int, part: str) -> None:
    level, locked = posed("paeckchen", number)
    body = place(locked.phases[-1], level.phases[-1].build)
    lifted = [pose.copy() for pose in locked.phases]
    lifted[-1][INDEX["y"]] += 0.02

    assert abs(gap(body, Touch(part, "pillow"), level.surfaces())) < 0.004
    found = check_level("probe", number, level, Locked(tuple(lifted), locked.between))
    assert ("contact", part) in {(problem.kind, problem.about) for problem in found}


def test_whoever_sits_beside_the_pillow_is_told() -> None:
    level, locked = posed("paeckchen", 2)
    pillow = level.props.pillow
    assert pillow is not None
    away = level.model_copy(update={"props": level.props.model_copy(update={"pillow": _moved(pillow, 0.3)})})

    found = {(problem.kind, problem.message) for problem in check_level("probe", 2, away, locked)}

    assert ("contact", "hip is beside the pillow") in found


def _moved(pillow: PillowAt, by: float) -> PillowAt:
    return pillow.model_copy(update={"x": pillow.x + by})


@pytest.mark.parametrize("number", WITH_PILLOW)
def test_a_pillow_is_seen_and_has_room_in_the_picture(number: int) -> None:
    stage = staged("paeckchen", number)
    pillow = stage.level.props.pillow
    assert pillow is not None

    assert PILLOW.light in card_svg(stage)
    assert bounds(stage, stage.moments[0])[0] <= pillow.top.start


@pytest.mark.parametrize("number", ON_THE_FLOOR)
def test_sitting_on_the_heels_leaves_the_trousers_in_one_piece(number: int) -> None:
    level, locked = posed("paeckchen", number)
    for phase, pose in zip(level.phases, locked.phases, strict=True):
        figure = draw_figure(place(pose, phase.build), DEFAULT_PERSON, phase.hands)

        assert not any(isinstance(leg, MultiPolygon) for leg in figure.legs.values())
