"""A flow rests in each of its poses, goes through them in order, and comes back without a jump."""

from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from pydantic import ValidationError

from bot.pictures import film
from bot.pictures.card import card_svg, layout
from bot.pictures.flow import dissolved, dissolves, moment_in_flow, places
from bot.pictures.lock import read_lock, write_lock
from bot.pictures.motion import FRAMES_PER_SECOND
from bot.pictures.poses import Level
from bot.pictures.skeleton import place
from bot.pictures.stage import bounds, on_own_ground
from bot.pictures.svg import numbered_ring
from bot.pictures.theme import BADGE, NAVY, QUIET
from bot.pictures.views import RIGS
from tests.unit.pictures.conftest import posed, staged

FLOW = ("pmr-kurz", 2)


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


def test_who_keeps_a_foot_down_does_not_dissolve() -> None:
    assert not any(dissolves(staged(*FLOW), way) for way in range(3))


def test_a_flow_has_three_poses() -> None:
    level = posed(*FLOW)[0]

    with pytest.raises(ValidationError, match="at least three phases"):
        Level(phases=level.phases[:2], flow=True)


def test_a_shrug_lifts_the_shoulders_and_what_hangs_on_them() -> None:
    pose = posed("pmr-kurz", 1)[1].phases[1]
    low, high = place(pose), place(pose, {"shrug": 0.03})

    for part in ("shoulder.near", "palm.far"):
        assert float(np.linalg.norm(high.points[part] - low.points[part])) == pytest.approx(0.03)
    assert np.array_equal(high.back, low.back)


def test_more_than_three_poses_are_a_flow_and_one_movement_has_one_view() -> None:
    phases = posed("pilates-basis", 2)[0].phases

    with pytest.raises(ValidationError, match="more than three phases"):
        Level(phases=phases)
    with pytest.raises(ValidationError, match="seen from one side"):
        Level(phases=phases[1:3])


def test_whoever_turns_over_or_steps_dissolves_into_the_next_pose() -> None:
    """From the back to the side, from there onto the belly and back; on foot with each step, but not while bending."""
    pilates, yoga = staged("pilates-basis", 2), staged("yoga-kurz", 2)

    assert [dissolves(pilates, way) for way in range(4)] == [False, True, True, True]
    assert [dissolves(yoga, way) for way in range(6)] == [False, True, True, True, True, True]


@pytest.mark.parametrize("at", [1, 2, 3, 4])
def test_where_poses_dissolve_each_is_drawn_as_it_was_locked(at: int) -> None:
    stage = staged("pilates-basis", 2)
    drawn = moment_in_flow(stage, at).figure.placed
    locked = stage.moments[at % 4].figure.placed

    assert drawn.view == locked.view
    assert all(np.allclose(drawn.points[name], locked.points[name]) for name in locked.points)


def test_a_lock_keeps_a_pose_that_is_seen_from_another_side(poses_dir: Path) -> None:
    locked = read_lock(poses_dir, "pilates-basis")
    write_lock(poses_dir, "pilates-basis", locked)

    again = read_lock(poses_dir, "pilates-basis")[2]
    assert again.apart == (2,)
    assert [len(pose) for pose in again.phases] == [len(pose) for pose in locked[2].phases]
    assert again.joints_of(2) == RIGS["front"].joints


@pytest.mark.parametrize(
    ("figure", "number", "count"), [("pilates-basis", 2, 4), ("pilates-basis", 4, 5), ("yoga-kurz", 2, 6)]
)
def test_many_poses_stand_in_rows_with_a_badge_each_and_none_is_cut_off(figure: str, number: int, count: int) -> None:
    stage = staged(figure, number)
    boxes = [bounds(stage, moment) for moment in stage.moments]
    frames, _ = layout(boxes)

    assert card_svg(stage).count(f'fill="{BADGE}"') == count
    for (left, low, right, high), frame in zip(boxes, frames, strict=True):
        (x0, y1), (x1, y0) = frame.view.pixels(np.array([[left, low], [right, high]])).tolist()
        assert frame.left - 0.5 <= x0 <= x1 <= frame.left + frame.width + 0.5
        assert frame.top - 0.5 <= y0 <= y1 <= frame.top + frame.height + 0.5
    for one, other in combinations(frames, 2):
        assert one.left + one.width <= other.left + 0.5 or one.top + one.height <= other.top + 0.5


def test_from_row_to_row_a_way_leads_to_the_next_badge() -> None:
    stage = staged("yoga-kurz", 2)
    frames, _ = layout([bounds(stage, moment) for moment in stage.moments])
    rows = len({frame.top for frame in frames})

    assert rows == 2
    assert card_svg(stage).count('stroke-width="5" stroke-opacity=".6"') == rows - 1


def test_who_is_drawn_among_many_has_a_mat_for_themselves() -> None:
    stage = staged("pilates-basis", 4)

    lengths = [bounds(on_own_ground(stage, moment), moment) for moment in stage.moments]

    assert all(
        right - left < bounds(stage, stage.moments[0])[2] - bounds(stage, stage.moments[0])[0]
        for left, _, right, _ in lengths[:3]
    )


def test_two_poses_are_seen_at_once_for_a_moment_only() -> None:
    assert [dissolved(share) for share in (0, 0.3, 0.5, 0.7, 1)] == pytest.approx([0, 0, 0.5, 1, 1])


@pytest.mark.parametrize("count", [3, 6])
def test_a_film_says_which_pose_of_how_many_it_shows(count: int) -> None:
    last = numbered_ring(56, count, count, "#FFFFFF")

    assert [numbered_ring(56, number, count, "#FFFFFF").count(f'stroke="{NAVY}"') for number in (1, 2)] == [1, 2]
    assert last.count(f'stroke="{NAVY}"') == count
    assert f'stroke="{QUIET}"' not in last


def test_a_film_shows_what_goes_to_and_fro_in_a_pose_and_not_the_way_there() -> None:
    pilates, yoga = staged("pilates-basis", 2), staged("yoga-kurz", 2)

    assert len(moment_in_flow(pilates, 3).courses) == len(pilates.level.phases[3].arrows) == 2
    assert moment_in_flow(yoga, 2).courses == ()
    assert len(moment_in_flow(yoga, 0).courses) == 1  # a breath
    assert [moment_in_flow(pilates, at).signs for at in (0, 0.5, 1)] == [1, 0, 1]
