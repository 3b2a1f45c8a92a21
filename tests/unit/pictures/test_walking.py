"""A walk goes on for ever: it never runs backwards, and the way passes by without a jump. And what is worn is seen."""

import numpy as np

from bot.pictures.card import card_svg
from bot.pictures.motion import STEPS, paces, stride_at
from bot.pictures.outfit import pack
from bot.pictures.poses import Phase
from bot.pictures.scenery import path
from bot.pictures.skeleton import INDEX, LEG_JOINTS, RADIUS, mirrored, place
from bot.pictures.stage import room
from bot.pictures.theme import PACK, SHOE
from tests.unit.pictures.conftest import posed, staged

WALK = ("spaziergang", 1)


def test_the_last_moment_is_the_first_one_with_the_sides_swapped() -> None:
    _, locked = posed(*WALK)
    first, last = locked.phases[0], mirrored(locked.phases[-1])

    assert float(np.abs(first - last)[2:].max()) < 3
    assert np.array_equal(mirrored(mirrored(first)), first)


def test_both_steps_take_the_same_time_and_go_forward() -> None:
    tempo = staged(*WALK).level.tempo
    assert tempo is not None
    steps = [pace.step for pace in paces(tempo)]

    assert steps == sorted(steps)
    assert abs(sum(step < STEPS for step in steps) - len(steps) / 2) <= 1


def test_the_foot_that_carries_stays_on_the_way() -> None:
    stage = staged(*WALK)
    moments = [stride_at(stage, done) for done in (0.55, 0.7, 0.85)]
    on_the_way = [float(moment.figure.placed.points["ball.near"][0]) + (moment.travelled or 0) for moment in moments]

    assert max(on_the_way) - min(on_the_way) < 0.01


def test_the_way_repeats_with_every_step() -> None:
    pace = staged(*WALK).pace
    here, later = path((-1, 1), 0, pace), path((-1, 1), 2 * pace, pace)

    assert len(here) == len(later)
    drift = [one.shape.symmetric_difference(other.shape).area for one, other in zip(here, later, strict=True)]
    assert max(drift) < 1e-6


def test_shoes_and_backpack_are_drawn_and_have_room() -> None:
    assert SHOE[0].light in card_svg(staged(*WALK))
    stage = staged("kniebeuge", 4)
    worn = pack(stage.moments[0].figure.placed)

    assert PACK.light in card_svg(stage)
    assert room(stage, stage.moments[0]).buffer(1e-6).contains(worn)


def test_a_breath_lifts_the_belly_and_nothing_else() -> None:
    pose = posed("bauchatmung", 3)[1].phases[0]
    flat, full = place(pose), place(pose, Phase(base="stand", belly=0.02).build)

    assert float(full.points["front_lumbar"][0] - flat.points["front_lumbar"][0]) > 0.01
    assert np.array_equal(full.back, flat.back)
    assert np.allclose(full.points["knee.near"], flat.points["knee.near"])
    assert INDEX["x"] == 0


def test_who_climbs_stands_on_the_steps_and_the_hand_stays_with_the_rail() -> None:
    stage = staged("treppe", 1)
    stairs = stage.level.props.stairs
    assert stairs is not None
    heights = []
    for done in (0.5, 0.7, 0.9):
        moment = stride_at(stage, done)
        points, gone = moment.figure.placed.points, (moment.travelled or 0) / stairs.tread
        # What the film takes from the climber, the stairs have come down by.
        heights.append(float(points["ball.near"][1]) + gone * stairs.rise)
        rail = float(points["palm.far"][1] - points["palm.far"][0] * stairs.rise / stairs.tread)
        assert abs(rail - stairs.rail - stairs.rise) < 0.03
    start = stage.locked.phases[0][INDEX["x"]] / stairs.tread * stairs.rise

    assert all(abs(height - start - stairs.rise - RADIUS["ball"]) < 0.006 for height in heights)


def test_the_arms_keep_their_sides_on_stairs() -> None:
    _, locked = posed("treppe", 3)
    swapped = mirrored(locked.phases[0], LEG_JOINTS)

    assert swapped[INDEX["knee.near"]] == locked.phases[0][INDEX["knee.far"]]
    assert swapped[INDEX["elbow.near"]] == locked.phases[0][INDEX["elbow.near"]]
    assert float(np.abs(swapped - locked.phases[-1])[2:].max()) < 8
