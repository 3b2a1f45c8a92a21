"""Knee to chest: the hands reach the leg they hold, and in the film they close before the end of the way."""

import numpy as np
import pytest

from bot.pictures.body import draw_figure
from bot.pictures.motion import GRASPS, moment_at
from bot.pictures.skeleton import place
from bot.pictures.theme import DEFAULT_PERSON
from tests.unit.pictures.conftest import posed, staged


@pytest.mark.parametrize(
    ("number", "part", "sides"), [(1, "ham", "near"), (2, "shin", "near"), (3, "shin", "near"), (3, "shin", "far")]
)
def test_both_hands_hold_where_the_text_says(number: int, part: str, sides: str) -> None:
    level, locked = posed("knie-zur-brust", number)
    body = place(locked.phases[-1], level.phases[-1].build)

    assert np.linalg.norm(body.points[f"palm.{sides}"] - body.points[f"{part}.{sides}"]) < 0.025


@pytest.mark.parametrize("number", [1, 2])
def test_the_other_foot_stays_where_it_is(number: int) -> None:
    _, locked = posed("knie-zur-brust", number)
    before, after = (place(pose).points["heel.far"] for pose in locked.phases)

    assert np.linalg.norm(after - before) < 0.006


def test_on_the_way_hands_take_the_shape_of_the_pose_they_come_to() -> None:
    stage = staged("knie-zur-brust", 2)
    first, last = stage.level.phases
    assert first.hands != last.hands

    for done, hands in ((GRASPS - 0.1, first.hands), (GRASPS + 0.1, last.hands)):
        moment = moment_at(stage, done)
        expected = draw_figure(moment.figure.placed, DEFAULT_PERSON, hands)
        assert moment.figure.arms["near"].equals(expected.arms["near"])
