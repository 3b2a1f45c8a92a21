"""What explains a figure never hides what it explains."""

import pytest

from bot.pictures.body import FLAT
from bot.pictures.marks import straight_line
from bot.pictures.skeleton import place
from tests.unit.pictures.conftest import posed, staged


@pytest.mark.parametrize("number", [2, 3])
def test_the_line_through_the_body_goes_behind_a_bent_arm(number: int) -> None:
    level, locked = posed("stuetz-wand", number)
    ends, arm = level.phases[1].align, staged("stuetz-wand", number).moments[1].figure.arms["near"]
    assert ends is not None
    body = place(locked.phases[1], level.phases[1].build)
    open_line, *_ = straight_line(body, ends, FLAT)
    behind, *_ = straight_line(body, ends, FLAT, before=arm)

    assert open_line.shape.intersection(arm).length > 0.05
    assert behind.shape.intersection(arm).length < 1e-6
    assert behind.shape.length > 0.5
