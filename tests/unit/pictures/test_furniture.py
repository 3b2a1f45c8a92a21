"""Chair and desk: they carry, they are seen, and nobody sits beside or reaches through them."""

from collections.abc import Callable

import pytest

from bot.pictures.card import card_svg
from bot.pictures.checks import check_level
from bot.pictures.contacts import Touch, gap
from bot.pictures.furniture import furnishing
from bot.pictures.lock import Locked
from bot.pictures.poses import Level
from bot.pictures.profiles import Vec
from bot.pictures.props import ChairAt, DeskAt, Props
from bot.pictures.skeleton import INDEX, place
from bot.pictures.stage import bounds
from bot.pictures.theme import UPHOLSTERY
from tests.unit.pictures.conftest import posed, staged

SEATED = ("sitz-becken", 2)


def kinds(level: Level, locked: Locked) -> set[tuple[str, str]]:
    return {(problem.kind, problem.about) for problem in check_level("probe", 1, level, locked)}


def moved(locked: Locked, change: Callable[[Vec], None]) -> Locked:
    poses = [pose.copy() for pose in locked.phases]
    for pose in poses:
        change(pose)
    return Locked(tuple(poses), locked.between)


def test_who_sits_touches_the_seat_and_stays_on_it() -> None:
    level, locked = posed(*SEATED)
    body = place(locked.phases[0])

    assert abs(gap(body, Touch("hip", "chair"), level.surfaces())) < 0.004
    assert kinds(level, locked) == set()


@pytest.mark.parametrize(
    ("joint", "amount", "found"),
    [
        ("y", 0.02, ("contact", "hip")),
        ("y", -0.03, ("cut", "chair")),
        ("x", 0.20, ("contact", "hip")),
    ],
)
def test_sitting_wrongly_is_found(joint: str, amount: float, found: tuple[str, str]) -> None:
    level, locked = posed(*SEATED)

    def change(pose: Vec) -> None:
        pose[INDEX[joint]] += amount

    assert found in kinds(level, moved(locked, change))


def test_a_thigh_through_a_desk_is_found() -> None:
    level, locked = posed(*SEATED)
    props = Props(chair=level.props.chair, desk=DeskAt(x=0.2, height=0.30))

    assert ("cut", "desk") in kinds(level.model_copy(update={"props": props}), locked)


def test_the_backrest_leans_and_is_touched_from_its_right() -> None:
    chair = ChairAt(x=0)
    level = Level(props=Props(chair=chair), phases=posed(*SEATED)[0].phases)
    body = place(posed(*SEATED)[1].phases[0])

    assert gap(body, Touch("back_lumbar", "backrest"), level.surfaces()) > 0
    nearer = Level(props=Props(chair=ChairAt(x=0.08)), phases=level.phases)
    assert gap(body, Touch("back_lumbar", "backrest"), nearer.surfaces()) < 0


def test_the_whole_chair_is_in_the_picture() -> None:
    stage = staged(*SEATED)
    left, _, right, top = bounds(stage, stage.moments[0])
    room = furnishing(stage.level.props).bounds

    assert (left, right, top) > (-1, room[2] - 1e-9, room[3])
    assert left <= room[0]
    assert UPHOLSTERY.light in card_svg(stage)
