"""The small curl-up: the back rests on the hands and keeps its arch, head and shoulders come up a little."""

import pytest

from bot.pictures.body import draw_figure
from bot.pictures.measures import BODY_CM, MEASURES
from bot.pictures.skeleton import RADIUS, Placed, place
from bot.pictures.theme import DEFAULT_PERSON
from tests.unit.pictures.conftest import posed

CURL = "curl-up"


def down_and_up(number: int) -> tuple[Placed, Placed]:
    level, locked = posed(CURL, number)
    first, last = (place(pose, phase.build) for pose, phase in zip(locked.phases, level.phases, strict=True))
    return first, last


def lift_cm(number: int, part: str) -> float:
    down, up = down_and_up(number)
    return float(up.points[part][1] - down.points[part][1]) * BODY_CM


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_the_small_of_the_back_keeps_its_arch_over_the_hands(number: int) -> None:
    down, up = down_and_up(number)

    assert abs(MEASURES["lumbar_curve"](up) - MEASURES["lumbar_curve"](down)) < 12
    assert MEASURES["lumbar_gap_cm"](up) > 1.5
    for body in (down, up):
        assert abs(float(body.points["palm.near"][0] - body.points["back_lumbar"][0])) < 0.03


def test_head_and_shoulders_come_up_by_what_each_form_says() -> None:
    assert abs(lift_cm(1, "occiput")) < 0.5
    assert 3 <= lift_cm(2, "occiput") <= 5
    assert abs(lift_cm(2, "shoulder.near")) < 2
    for number in (3, 4):
        assert 1.5 <= lift_cm(number, "c7") <= 6
        assert lift_cm(number, "occiput") <= 14


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_the_chin_is_drawn_in_rather_than_thrown_up(number: int) -> None:
    down, up = down_and_up(number)
    directions = [body.directions["head"] - float(body.spine_directions[40]) for body in (down, up)]

    assert directions[1] < directions[0] + 2


def test_elbows_lie_but_for_the_last_form() -> None:
    on_floor = RADIUS["elbow"] + 0.004

    assert all(float(down_and_up(number)[1].points["elbow.near"][1]) < on_floor for number in (1, 2, 3))
    down, up = (float(body.points["elbow.near"][1]) for body in down_and_up(4))
    assert up > down + 0.02


def test_a_hand_under_the_body_is_not_drawn_over_it() -> None:
    body, _ = down_and_up(1)
    shown = draw_figure(body, DEFAULT_PERSON, {"hand.near": "flat"}).arms["near"]
    hidden = draw_figure(body, DEFAULT_PERSON, {"hand.near": "under"}).arms["near"]

    assert shown.area - hidden.area > 3e-4
    assert hidden.difference(shown.buffer(0.004)).area < 1e-5
