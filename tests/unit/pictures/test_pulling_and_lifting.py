"""A band at a door, a pack in both hands, forearms at a door frame: each stays where hands and text say."""

from itertools import pairwise

import numpy as np
import pytest
from pydantic import ValidationError
from shapely.geometry import LineString

from bot.pictures.band import band
from bot.pictures.card import card_svg
from bot.pictures.lifted import fists, pack_lifted
from bot.pictures.props import Props
from bot.pictures.skeleton import Placed, blended, place
from bot.pictures.stage import room
from bot.pictures.theme import BAND, PACK
from tests.unit.pictures.conftest import posed, staged


def way(figure: str, number: int) -> list[Placed]:
    """Both poses with all that were locked between them, in order."""
    level, locked = posed(figure, number)
    first, last = level.phases
    poses = [locked.phases[0], *locked.between[0], locked.phases[1]]
    shares = np.linspace(0, 1, len(poses))
    return [place(pose, blended(first.build, last.build, s)) for pose, s in zip(poses, shares.tolist(), strict=True)]


@pytest.mark.parametrize(("number", "low"), [(1, 0.245), (2, 0.12), (3, 0.0), (4, 0.0)])
def test_the_pack_stands_on_its_place_and_only_rises(number: int, low: float) -> None:
    height = posed("kreuzheben", number)[0].props.lifted
    assert height is not None
    bottoms = [pack_lifted(body, height).bounds[1] for body in way("kreuzheben", number)]

    assert bottoms[0] == pytest.approx(low, abs=0.01)
    assert all(later > before - 0.002 for before, later in pairwise(bottoms))
    assert bottoms[-1] - bottoms[0] > 0.05


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_the_load_stays_near_the_body_and_the_back_long(number: int) -> None:
    bodies = way("kreuzheben", number)

    for body in bodies:
        feet = body.points["heel.near"][0], body.points["toe.near"][0]
        assert feet[0] < fists(body)[0] < feet[1] + 0.16
    low, high = bodies[0].on_spine(np.array([0.02, 0.20]))[1]
    assert 0 <= high - low <= 30


def test_pictures_leave_room_for_what_is_lifted_and_pulled() -> None:
    for figure, number in (("kreuzheben", 4), ("rudern-band", 2)):
        stage = staged(figure, number)
        for moment in stage.moments:
            body, props = moment.figure.placed, stage.level.props
            wanted = (
                pack_lifted(body, props.lifted)
                if props.lifted is not None
                else LineString(band(body, props, "near", np.zeros(2))[0])
            )
            assert room(stage, moment).contains(wanted)


def test_a_drawn_band_is_longer_and_thinner() -> None:
    bodies, props = way("rudern-band", 2), posed("rudern-band", 2)[0].props
    drawn = [band(body, props, "near", np.zeros(2)) for body in (bodies[0], bodies[-1])]
    lengths = [float(np.linalg.norm(ends[1] - ends[0])) for ends, _ in drawn]

    assert lengths[1] > 1.5 * lengths[0]
    assert drawn[1][1] < drawn[0][1]


def test_a_light_and_a_strong_band_look_different_and_the_first_form_has_none() -> None:
    seen = {
        n: {name for name, tone in BAND.items() if tone.light in card_svg(staged("rudern-band", n))}
        for n in (1, 2, 3, 4)
    }

    assert seen == {1: set(), 2: {"light"}, 3: {"strong"}, 4: {"strong"}}
    assert PACK.light in card_svg(staged("kreuzheben", 1))


def test_a_band_wants_a_door() -> None:
    with pytest.raises(ValidationError, match="door"):
        Props.model_validate({"band": {}})


def test_a_forearm_stays_at_the_frame_while_the_body_goes_through() -> None:
    bodies = way("brust-tuer", 1)

    elbows = np.array([body.points["elbow.far"] for body in bodies])
    assert float(np.ptp(elbows[:, 0])) < 0.01
    assert bodies[0].points["elbow.far"][0] > bodies[0].points["shoulder.far"][0] + 0.05
    assert bodies[-1].points["elbow.far"][0] < bodies[-1].points["shoulder.far"][0] - 0.05
    assert bodies[-1].points["c7"][0] - bodies[0].points["c7"][0] > 0.1


def test_seen_from_the_front_both_forearms_stand_at_the_posts_of_the_frame() -> None:
    for moment in staged("brust-tuer", 2).moments:
        for side, at in (("left", -0.225), ("right", 0.225)):
            assert abs(moment.figure.placed.points[f"elbow.{side}"][0] - at) < 0.02
            assert moment.figure.placed.directions[f"forearm.{side}"] % 360 == pytest.approx(90, abs=4)
