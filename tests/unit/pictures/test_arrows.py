"""Arrows point where the body moves, whatever the author thinks."""

import numpy as np
import pytest

from bot.pictures.arrows import NoMovementError, arrow_course, arrow_shape, breath_course
from bot.pictures.checks import check_level
from bot.pictures.poses import Arrow
from bot.pictures.profiles import Vec
from bot.pictures.skeleton import Placed, place
from tests.unit.pictures.conftest import posed, staged


def _bodies(figure: str, number: int) -> tuple[Placed, Placed]:
    level, locked = posed(figure, number)
    first, last = (place(pose, phase.build) for pose, phase in zip(locked.phases, level.phases, strict=True))
    return first, last


def _direction(course: Vec) -> Vec:
    way = course[-1] - course[0]
    return np.asarray(way / np.linalg.norm(way))


def test_the_bridge_s_arrow_points_up_and_down_on_the_way_back() -> None:
    down, up = _bodies("bruecke", 2)
    arrow = Arrow(move="hip")

    assert _direction(arrow_course(arrow, down, up))[1] > 0.9
    assert _direction(arrow_course(arrow, up, down))[1] < -0.9


@pytest.mark.parametrize(("figure", "number"), [("sitz-becken", 1), ("beckenkippen", 4)])
def test_an_arrow_upon_the_pelvis_turns_as_the_pelvis_does(figure: str, number: int) -> None:
    forward, back = sorted(_bodies(figure, number), key=lambda body: body.directions["pelvis"])
    arrow = Arrow(turn="pelvis", upon=True)

    to_back, to_front = arrow_course(arrow, forward, back), arrow_course(arrow, back, forward)

    assert to_back[-1, 0] < back.points["hip"][0] < to_back[0, 0]
    assert to_front[0, 0] < forward.points["hip"][0] < to_front[-1, 0]
    assert np.linalg.norm(to_back - back.points["hip"], axis=1).max() < 0.06


def test_an_arm_that_swings_back_goes_down_before_the_body_and_up_behind_it() -> None:
    forward, back = _bodies("federn", 2)

    course = arrow_course(Arrow(turn="arm.near"), forward, back)

    shoulder = back.points["shoulder.near"]
    assert course[0, 0] > shoulder[0] > course[-1, 0]
    assert course[:, 1].min() < min(course[0, 1], course[-1, 1]) < shoulder[1]
    assert np.linalg.norm(course[-1] - back.points["wrist.near"]) < 0.10
    with pytest.raises(NoMovementError, match="does not swing"):
        arrow_course(Arrow(turn="arm.far"), back, back)


def test_lying_the_pelvis_tilts_towards_the_head_when_the_back_flattens() -> None:
    arched, flat = _bodies("beckenkippen", 2)
    towards_head = flat.points["crown"] - flat.points["hip"]

    course = arrow_course(Arrow(turn="pelvis"), arched, flat)

    assert float(_direction(course) @ towards_head) > 0


def test_at_the_wall_the_front_of_the_pelvis_comes_up() -> None:
    arched, flat = _bodies("beckenkippen", 3)

    assert _direction(arrow_course(Arrow(turn="pelvis"), arched, flat))[1] > 0.9


def test_the_arrow_in_the_lens_presses_the_back_to_the_floor() -> None:
    arched, flat = _bodies("beckenkippen", 2)

    assert _direction(arrow_course(Arrow(move="back_lumbar"), arched, flat))[1] < -0.9


def test_without_movement_there_is_no_arrow() -> None:
    body, _ = _bodies("bruecke", 2)

    for arrow in (Arrow(move="hip"), Arrow(turn="pelvis"), Arrow(step="ankle.near"), Arrow()):
        with pytest.raises(NoMovementError):
            arrow_course(arrow, body, body)


def test_what_sways_has_an_arrow_with_two_heads_across_its_limb_or_along_it() -> None:
    body, _ = _bodies("bruecke", 2)
    limb = body.points["heel.near"] - body.points["hip"]

    across = arrow_course(Arrow(sway="heel.near", about="hip"), body, body)
    along = arrow_course(Arrow(sway="heel.near", about="hip", along=True), body, body)

    half = len(across) // 2
    assert abs((across[half - 1] - across[-1]) @ limb) < 0.001
    assert abs(_direction(along) @ limb) > np.linalg.norm(limb) - 0.01
    assert arrow_shape(across).area > 1.7 * arrow_shape(across[:half]).area
    with pytest.raises(NoMovementError, match="about itself"):
        arrow_course(Arrow(sway="hip", about="hip"), body, body)


def test_breath_goes_out_of_the_mouth_and_in_again() -> None:
    body, _ = _bodies("beckenkippen", 1)
    mouth = body.points["mouth"]

    out, back_in = breath_course(body, "out"), breath_course(body, "in")

    assert np.linalg.norm(out[0] - mouth) < np.linalg.norm(out[-1] - mouth)
    assert np.linalg.norm(back_in[-1] - mouth) < np.linalg.norm(back_in[0] - mouth)


def test_a_part_on_the_floor_is_pressed_down_and_one_in_the_air_cannot_be() -> None:
    level, locked = posed("curl-up", 1)
    (course,) = staged("curl-up", 1).moments[-1].courses
    head = staged("curl-up", 1).moments[-1].figure.placed.points["occiput"]

    assert course[0][1] > course[-1][1] > head[1] + 0.1
    assert course[0][0] == course[-1][0]
    assert check_level("probe", 1, level, locked) == []
    lifted = level.phases[-1].model_copy(update={"on": {**level.phases[-1].on, "occiput": None}})
    found = check_level("probe", 1, level.model_copy(update={"phases": (level.phases[0], lifted)}), locked)
    assert ("arrow", "occiput") in {(problem.kind, problem.about) for problem in found}


def test_who_bows_has_an_arrow_over_the_head_that_comes_down_and_goes_up_again() -> None:
    upright, bowed = _bodies("paeckchen", 3)

    down, up = (arrow_course(Arrow(turn="trunk"), *way) for way in ((upright, bowed), (bowed, upright)))

    assert down[-1][1] < down[0][1]
    assert up[-1][1] > up[0][1]
    assert np.linalg.norm(down - bowed.points["crown"], axis=1).min() > 0.05
    with pytest.raises(NoMovementError, match="does not bow"):
        arrow_course(Arrow(turn="trunk"), bowed, bowed)


def test_who_walks_to_the_viewer_has_an_arrow_on_the_way_that_grows_as_it_comes() -> None:
    (course,) = staged("koffer-tragen", 1).moments[-1].courses

    assert course[-1][1] < course[0][1] < 0
    assert course[-1][2] > course[0][2]
