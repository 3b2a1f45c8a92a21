"""Prone: what lies, lies; the chest lifts a hand's breadth at most, and the head never tips back."""

from dataclasses import replace

import pytest
from shapely.geometry import Point

from bot.pictures.balance import off_balance, support
from bot.pictures.contacts import Touch, gap
from bot.pictures.measures import MEASURES
from bot.pictures.poses import Phase
from bot.pictures.skeleton import Placed, place
from bot.pictures.stage import panel
from bot.pictures.svg import View
from bot.pictures.theme import PILLOW
from tests.unit.pictures.conftest import posed, staged

STRECKER = "rueckenstrecker"


def placed(figure: str, number: int, phase: int) -> tuple[Phase, Placed]:
    level, locked = posed(figure, number)
    return level.phases[phase], place(locked.phases[phase], level.phases[phase].build)


def on_the_way(figure: str, number: int) -> list[Placed]:
    level, locked = posed(figure, number)
    return [place(pose, level.phases[0].build) for pose in (*locked.phases, *locked.between[0])]


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_the_whole_front_lies_on_to_begin_with(number: int) -> None:
    level, _ = posed(STRECKER, number)
    _, body = placed(STRECKER, number, 0)

    for part in ("front_pelvis", "front_chest", "knee.near", "knee.far", "instep.near", "instep.far"):
        assert abs(gap(body, Touch(part, "floor"), level.surfaces())) < 0.004
    assert abs(MEASURES["trunk_incline"](body)) < 6


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_the_nose_has_room_below_the_forehead(number: int) -> None:
    _, body = placed(STRECKER, number, 0)

    assert 0.045 < float(body.points["forehead"][1]) < 0.080
    assert float(body.points["mouth"][1]) > 0.010


@pytest.mark.parametrize(("number", "low", "high"), [(1, 0, 3), (2, 4, 9), (3, 4, 9), (4, 2, 7)])
def test_the_breastbone_lifts_no_more_than_the_text_says(number: int, low: float, high: float) -> None:
    _, body = placed(STRECKER, number, 1)

    assert low <= MEASURES["sternum_height_cm"](body) <= high
    assert max(MEASURES["sternum_height_cm"](moment) for moment in on_the_way(STRECKER, number)) <= high + 0.5


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_the_neck_stays_long_all_the_way(number: int) -> None:
    for body in on_the_way(STRECKER, number):
        # The face looks to the floor, never ahead: the crown points along the back, not up behind it.
        assert body.directions["head"] < 14
        assert body.directions["head"] - body.spine_directions[40] < 12


def test_the_hands_of_the_second_form_only_lie_there() -> None:
    resting, lifted = (placed(STRECKER, 2, phase)[1] for phase in (0, 1))

    assert float(abs(lifted.points["elbow.near"] - resting.points["elbow.near"])[0]) < 0.006
    assert float(lifted.points["fingers.near"][1]) < 0.03


def test_arm_and_leg_of_the_last_form_are_of_opposite_sides() -> None:
    _, body = placed(STRECKER, 4, 1)

    assert MEASURES["hand_height_cm.far"](body) > MEASURES["hand_height_cm.near"](body) + 10
    assert MEASURES["toes_height_cm.near"](body) > MEASURES["toes_height_cm.far"](body) + 6


def test_a_belly_carries_over_all_that_lies_on() -> None:
    phase, body = placed(STRECKER, 2, 0)
    belly = {part: surface for part, surface in phase.on.items() if part.startswith("front")}
    carried = support(body, belly)

    assert carried is not None
    assert carried[1] - carried[0] > 0.15
    assert support(body, {"front_pelvis": "wall"}) is None
    assert off_balance(body, {"instep.near": "floor", "instep.far": "floor"}) > 0.2
    assert off_balance(body, phase.on) == 0


@pytest.mark.parametrize(("number", "phase"), [(1, 1), (2, 1), (3, 1)])
def test_pelvis_and_legs_stay_down_while_the_chest_comes_up(number: int, phase: int) -> None:
    level, _ = posed("sphinx", number)
    _, body = placed("sphinx", number, phase)

    for part in ("knee.near", "knee.far", "instep.near"):
        assert abs(gap(body, Touch(part, "floor"), level.surfaces())) < 0.004
    assert abs(gap(body, Touch("front_pelvis", "pillow" if number == 1 else "floor"), level.surfaces())) < 0.004


def test_each_form_of_the_sphinx_bends_the_back_further() -> None:
    pillow, forearms, hands = (placed("sphinx", number, 1)[1] for number in (1, 2, 3))
    inclines = [MEASURES["trunk_incline"](body) for body in (pillow, forearms, hands)]
    curves = [MEASURES["lumbar_curve"](body) for body in (pillow, forearms, hands)]

    assert inclines == sorted(inclines)
    assert curves == sorted(curves)
    assert abs(curves[0]) < 20  # the pillow keeps the back long
    assert 20 < inclines[1] < 36
    assert inclines[2] < 45  # half pressed up, never all the way


def test_elbows_carry_below_the_shoulders_and_later_stay_a_little_bent() -> None:
    _, sphinx = placed("sphinx", 2, 1)
    _, pressed = placed("sphinx", 3, 1)

    assert float(abs(sphinx.points["elbow.near"] - sphinx.points["shoulder.near"])[0]) < 0.02
    assert 20 < pressed.directions["forearm.near"] - pressed.directions["upper_arm.near"] < 45


def test_the_lifted_near_arm_shows_the_face_and_leaves_its_shade_on_the_mat() -> None:
    stage = staged(STRECKER, 1)
    lying, lifted = (moment.figure for moment in stage.moments)

    assert lifted.arms["near"].distance(Point(*lifted.placed.points["forehead"])) > 0.02
    assert all(
        after.placed.points[f"fingers.{side}"][1] > before.placed.points[f"fingers.{side}"][1] + 0.03
        for before, after in [(lying, lifted)]
        for side in ("near", "far")
    )
    view = View(0, 0, 700)
    ellipses = [panel(stage, moment, view).count("<ellipse") for moment in stage.moments]
    plain = replace(stage, level=stage.level.model_copy(update={"phases": (stage.level.phases[0],)}))
    assert ellipses[0] == panel(plain, stage.moments[0], view).count("<ellipse") + 1


def test_a_pillow_hides_the_far_arm_that_lies_beyond_it() -> None:
    stage = staged(STRECKER, 1)
    drawn = panel(stage, stage.moments[0], View(0, 0, 700))

    assert drawn.index(stage.person.far_skin.light) < drawn.index(PILLOW.dark) < drawn.index(stage.person.hair.light)
