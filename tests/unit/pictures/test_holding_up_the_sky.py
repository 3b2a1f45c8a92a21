"""Qi Gong is seen from the front: the arms come down in wide arcs, and whoever stands on the toes is taller."""

import pytest

from bot.pictures.flow import dissolves
from tests.unit.pictures.conftest import posed, staged

FIGURE = "qigong-himmel"


@pytest.mark.parametrize("number", [1, 2, 3])
def test_the_arms_sink_outside_of_the_body_each_on_its_side(number: int) -> None:
    down = staged(FIGURE, number).moments[2]

    for course, side, outwards in zip(down.courses, ("left", "right"), (-1, 1), strict=True):
        shoulder = down.figure.placed.points[f"shoulder.{side}"]
        assert ((course[:, 0] - shoulder[0]) * outwards).min() > 0.15
        assert course[0, 1] > shoulder[1] > course[-1, 1]


def test_on_the_toes_the_soles_stay_on_the_floor_and_the_ankles_rise() -> None:
    flat, up = (moment.figure.placed for moment in staged(FIGURE, 3).moments[:2])

    for side in ("left", "right"):
        assert up.points[f"sole.{side}"][1] == pytest.approx(0, abs=0.002)
        assert up.points[f"ankle.{side}"][1] - flat.points[f"ankle.{side}"][1] == pytest.approx(0.044, abs=0.003)
    lowest = staged(FIGURE, 3).moments[1].figure.legs["left"].bounds[1]
    assert lowest == pytest.approx(0, abs=0.006)


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_it_flows(number: int) -> None:
    stage = staged(FIGURE, number)

    assert not any(dissolves(stage, way) for way in range(len(posed(FIGURE, number)[0].phases)))
