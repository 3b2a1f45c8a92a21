"""Standing back bend: the trunk goes back from the hips on, at the table the seat stays where it leans."""

import numpy as np
import pytest

from bot.pictures.measures import MEASURES
from bot.pictures.skeleton import place
from tests.unit.pictures.conftest import posed


@pytest.mark.parametrize("number", [1, 2])
def test_the_small_of_the_back_arches_and_the_chest_goes_back(number: int) -> None:
    level, locked = posed("rueckbeuge-stand", number)
    upright, bent = (place(pose, phase.build) for pose, phase in zip(locked.phases, level.phases, strict=True))

    assert MEASURES["lumbar_curve"](bent) > MEASURES["lumbar_curve"](upright) + 8
    over_the_hips = [float((body.points["c7"] - body.points["hip"])[0]) for body in (upright, bent)]
    assert over_the_hips[1] < over_the_hips[0] - 0.03


def test_at_the_table_the_seat_stays_against_its_edge() -> None:
    level, locked = posed("rueckbeuge-stand", 1)
    upright, bent = (place(pose, phase.build) for pose, phase in zip(locked.phases, level.phases, strict=True))

    assert abs(bent.points["hip"][0] - upright.points["hip"][0]) < 0.006
    assert level.props.desk is not None
    assert np.abs(bent.back[:6, 0] - level.props.desk.top.end).min() < 0.03
