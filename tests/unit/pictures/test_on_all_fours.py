"""On hands and knees: what carries stays below what it carries, and the back bends as the texts and rules say."""

import numpy as np
import pytest

from bot.pictures import film
from bot.pictures.measures import MEASURES
from bot.pictures.profiles import Vec
from bot.pictures.skeleton import INDEX, Placed, place
from tests.unit.pictures.conftest import posed, staged

BELOW = 0.035  # body heights: six centimetres


def bodies(figure: str, number: int) -> list[Placed]:
    level, locked = posed(figure, number)
    return [place(pose, phase.build) for pose, phase in zip(locked.phases, level.phases, strict=True)]


def whole_way(figure: str, number: int) -> list[Vec]:
    _, locked = posed(figure, number)
    return [*locked.phases, *(pose for way in locked.between for pose in way)]


def lumbar(body: Placed) -> float:
    """Degrees: + hollow, - round."""
    return MEASURES["lumbar_curve"](body)


@pytest.mark.parametrize("number", [2, 3, 4])
def test_hands_stay_below_the_shoulders_and_knees_below_the_hips(number: int) -> None:
    for body in bodies("katze-kuh", number):
        for side in ("near", "far"):
            hand, knee = (body.points[f"{part}.{side}"][0] for part in ("wrist", "knee"))
            assert abs(float(body.points[f"shoulder.{side}"][0] - hand)) < BELOW
            assert abs(float(body.points["hip"][0] - knee)) < BELOW


def test_the_small_form_goes_from_level_to_hollow_and_never_rounds() -> None:
    curves = [lumbar(place(pose)) for pose in whole_way("katze-kuh", 2)]

    assert min(curves) > -2  # what thin bones are allowed
    assert max(curves) > 24


@pytest.mark.parametrize("number", [1, 3])
def test_the_cat_is_round_and_the_cow_is_hollow(number: int) -> None:
    cat, cow = bodies("katze-kuh", number)

    assert lumbar(cat) < -15
    assert lumbar(cow) > 22
    assert cat.directions["head"] < cow.directions["head"] - 30  # the head goes along


def test_the_wave_begins_at_the_pelvis_and_ends_at_the_head() -> None:
    hollow, half, round_ = posed("katze-kuh", 4)[1].phases

    low, high = (half[INDEX[part]] - hollow[INDEX[part]] for part in ("lumbar", "thorax"))
    assert low > 50
    assert high < 10
    assert round_[INDEX["thorax"]] - half[INDEX["thorax"]] > 40


@pytest.mark.slow
def test_the_film_of_the_longest_way_is_small() -> None:
    stage = staged("katze-kuh", 4)
    assert stage.level.tempo is not None

    assert len(film.mp4(stage, stage.level.tempo)) <= 150 * 1024


@pytest.mark.parametrize("number", [1, 2, 3])
def test_the_back_stays_still_while_arm_and_leg_move(number: int) -> None:
    curves = [lumbar(place(pose)) for pose in whole_way("vierfuessler", number)]

    assert min(curves) > -2
    assert max(curves) - min(curves) < 18


@pytest.mark.parametrize("number", [2, 3, 4])
def test_the_raised_leg_is_straight_and_no_higher_than_the_pelvis(number: int) -> None:
    held = bodies("vierfuessler", number)[-1]

    assert MEASURES["knee_angle.near"](held) > 170
    assert float(held.points["ankle.near"][1] - held.points["hip"][1]) == pytest.approx(0, abs=0.04)
    assert float(held.points["knee.far"][1]) < 0.05


def test_arm_and_leg_of_opposite_sides_are_raised() -> None:
    held = bodies("vierfuessler", 3)[-1]

    assert float(held.points["fingers.far"][1]) > float(held.points["shoulder.far"][1]) - 0.02
    assert float(held.points["fingers.near"][1]) < 0.02
    assert float(held.points["toe.far"][1]) < 0.02
    assert float(held.points["toe.near"][1]) > 0.1


def test_elbow_and_knee_meet_below_the_belly() -> None:
    meeting = bodies("vierfuessler", 4)[0]
    elbow, knee = meeting.points["elbow.far"], meeting.points["knee.near"]

    assert float(np.linalg.norm(elbow - knee)) < 0.065  # both have flesh around them
    assert float(meeting.points["hip"][0]) < float(knee[0]) < float(meeting.points["wrist.near"][0])
    assert lumbar(meeting) > -16
