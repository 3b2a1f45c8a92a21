"""A band from a handle on the wall to both fists: pulled it is straight, a slack towel hangs."""

import numpy as np
import pytest
from shapely.geometry import Point

from bot.pictures import overhead
from bot.pictures.arrows import arrow_course, arrow_shape
from bot.pictures.card import OVERHEAD_RADII, layout, overhead_glass
from bot.pictures.checks import check_level
from bot.pictures.lock import Locked
from bot.pictures.outline import disc
from bot.pictures.poses import Arrow
from bot.pictures.props import Props, TiedAt, WallAt
from bot.pictures.stage import bounds, room
from bot.pictures.tied import TOWEL_LENGTH, course, grip, handle, tied_room, tied_shape
from bot.pictures.views import RIGS
from tests.unit.pictures.conftest import posed, staged

INDEX = RIGS["front"].index
HERE, THERE = np.array([0.0, 0.7]), np.array([0.25, 0.7])


def test_a_pulled_band_is_straight_and_a_slack_towel_hangs_as_long_as_it_is() -> None:
    band, towel = (course(TiedAt(y=0.7, kind=kind), HERE, THERE) for kind in ("light", "towel"))

    assert np.ptp(band[:, 1]) == pytest.approx(0)
    assert towel[:, 1].min() < 0.7 - 0.08
    length = float(np.linalg.norm(np.diff(towel, axis=0), axis=1).sum())
    assert length == pytest.approx(TOWEL_LENGTH, rel=0.08)


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_the_band_reaches_from_the_handle_to_the_fists_and_the_picture_holds_it(number: int) -> None:
    stage = staged("pallof", number)
    for moment in stage.moments:
        body = moment.figure.placed
        shape = tied_shape(stage.level.props, body)
        assert shape.distance(Point(*handle(stage.level.props))) < 0.001
        assert shape.distance(Point(*grip(body))) < 0.035
        assert room(stage, moment).contains(disc(handle(stage.level.props), 0.004))


@pytest.mark.parametrize("number", [2, 3, 4])
def test_the_arms_come_to_the_viewer_and_the_trunk_stays(number: int) -> None:
    level, locked = posed("pallof", number)
    before, now = (p.rig.place(pose, p.build) for p, pose in zip(level.phases, locked.phases, strict=True))

    assert now.nearness["left"] > before.nearness["left"]
    for name in ("crown", "chest", "hip"):
        assert now.points[name] == pytest.approx(before.points[name], abs=0.006)
    arrow = Arrow(view="front", move="wrist.left", length=0.15)
    there, back = (arrow_course(arrow, *way) for way in ((before, now), (now, before)))
    assert there[0, 2] < there[-1, 2]
    assert back[0, 2] > back[-1, 2]
    assert arrow_shape(there).area > arrow_shape(there[:, :2]).area


@pytest.mark.parametrize("number", [2, 3, 4])
def test_from_above_one_sees_the_hands_go_away_from_the_breastbone_and_an_arrow_says_so(number: int) -> None:
    stage = staged("pallof", number)
    start, held = (moment.figure.placed for moment in stage.moments)

    assert overhead.grip(held)[1] < overhead.grip(start)[1] - 0.15
    assert overhead.overhead_arrow(start, held, 1)
    assert not overhead.overhead_arrow(start, start, 1)
    frames, _ = layout([bounds(stage, moment) for moment in stage.moments])
    for frame in frames:
        glass = overhead_glass(stage, frame, 62, OVERHEAD_RADII)
        assert glass is not None
        assert glass.radius >= 130  # large enough on a phone
        taken = tied_room(stage.level.props, held).union(stage.moments[-1].figure.silhouette)
        ring = Point(*frame.view.world(glass.x, glass.y)).buffer(glass.radius / frame.view.scale)
        assert not ring.intersects(taken)


def test_the_hands_go_straight_to_the_viewer() -> None:
    level, locked = posed("pallof", 2)
    first, last = level.phases
    rig, apart = first.rig, 0.0
    ends = [rig.place(pose, p.build).points["wrist.left"] for p, pose in zip((first, last), locked.phases, strict=True)]
    for i, pose in enumerate(locked.between[0], start=1):
        share = i / (len(locked.between[0]) + 1)
        build = {name: (1 - share) * first.build.get(name, 1) + share * last.build.get(name, 1) for name in last.build}
        straight = (1 - share) * ends[0] + share * ends[1]
        apart = max(apart, float(np.linalg.norm(rig.place(pose, build).points["wrist.left"] - straight)))
    assert apart < 0.012


def test_a_band_hangs_on_a_wall() -> None:
    with pytest.raises(ValueError, match="hangs on a wall"):
        handle(Props(tied=TiedAt(y=0.7)))
    assert handle(Props(tied=TiedAt(y=0.7), wall=WallAt(x=0.5, faces=-1)))[0] < 0.5


@pytest.mark.parametrize(
    ("joint", "amount", "kind"), [("pelvis", 6, "expect"), ("lumbar", 14, "wish"), ("y", 0.02, "contact")]
)
def test_a_spoiled_hold_is_caught(joint: str, amount: float, kind: str) -> None:
    level, locked = posed("pallof", 2)
    poses = [pose.copy() for pose in locked.phases]
    poses[-1][INDEX[joint]] += amount

    found = check_level("probe", 1, level, Locked(tuple(poses), locked.between, locked.view))
    assert kind in {problem.kind for problem in found}
