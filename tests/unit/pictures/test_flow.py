"""A flow rests in each of its poses, goes through them in order, and comes back without a jump."""

import numpy as np
import pytest
from pydantic import ValidationError

from bot.pictures import film
from bot.pictures.flow import moment_in_flow, places, turns_over
from bot.pictures.motion import FRAMES_PER_SECOND
from bot.pictures.poses import Level
from bot.pictures.skeleton import place
from tests.unit.pictures.conftest import posed, staged

FLOW = ("pmr-kurz", 3)


def test_it_rests_in_every_pose_and_ends_where_it_began() -> None:
    stage = staged(*FLOW)
    tempo = stage.level.tempo
    assert tempo is not None
    way = places(tempo, 3)

    assert len(way) / FRAMES_PER_SECOND == film.length(stage, tempo)
    assert way == sorted(way)
    assert [way.count(pose) / FRAMES_PER_SECOND for pose in (1, 2)] == pytest.approx([tempo.hold] * 2, abs=0.11)
    assert 2.9 < way[-1] <= 3
    start, end = (moment_in_flow(stage, at).figure.placed.points["palm.near"] for at in (0, 3))
    assert np.allclose(start, end)


def test_a_pose_shows_its_own_muscles_and_none_on_the_way() -> None:
    stage = staged(*FLOW)

    assert moment_in_flow(stage, 1).phase.works == stage.level.phases[1].works
    assert [moment_in_flow(stage, at).muscles for at in (1, 1.5, 2)] == [1, 0, 1]


def test_only_who_turns_over_dissolves() -> None:
    assert not any(turns_over(staged(*FLOW), way) for way in range(3))


def test_a_flow_has_three_poses() -> None:
    level = posed(*FLOW)[0]

    with pytest.raises(ValidationError, match="three phases"):
        Level(phases=level.phases[:2], flow=True)


def test_a_shrug_lifts_the_shoulders_and_what_hangs_on_them() -> None:
    pose = posed("pmr-kurz", 1)[1].phases[1]
    low, high = place(pose), place(pose, {"shrug": 0.03})

    for part in ("shoulder.near", "palm.far"):
        assert float(np.linalg.norm(high.points[part] - low.points[part])) == pytest.approx(0.03)
    assert np.array_equal(high.back, low.back)
