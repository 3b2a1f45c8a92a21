"""Figures to recognise oneself in: they share the poses, and what holds for one holds for all."""

from dataclasses import replace

import numpy as np
import pytest
from shapely.geometry import box

from bot.pictures.author import FULLER, check_figure
from bot.pictures.card import card_svg
from bot.pictures.checks import check_level
from bot.pictures.fitting import fitted
from bot.pictures.pose_files import figures
from bot.pictures.poses import Phase
from bot.pictures.skeleton import place
from bot.pictures.stage import set_stage
from bot.pictures.theme import DEFAULT_PERSON, PEOPLE
from tests.unit.pictures.conftest import SHIPPED, posed, staged

OTHERS = [name for name, person in PEOPLE.items() if person is not DEFAULT_PERSON]
FULL = PEOPLE["pregnant"].physique


@pytest.mark.parametrize("exercise", [("bauchatmung", 1), ("knie-zur-brust", 3)])
@pytest.mark.parametrize("name", [name for name in OTHERS if PEOPLE[name].physique])
def test_every_figure_passes_the_checks(name: str, exercise: tuple[str, int]) -> None:
    assert check_level(*exercise, *posed(*exercise), PEOPLE[name]) == []


@pytest.mark.slow
@pytest.mark.parametrize("figure", figures(SHIPPED))
def test_every_pose_holds_for_every_body(figure: str) -> None:
    assert check_figure(SHIPPED, figure, FULLER) == []


def test_what_only_a_fuller_body_touches_is_told_with_its_name() -> None:
    huge = replace(DEFAULT_PERSON, physique={"girth": 0.05})
    found = check_figure(SHIPPED, "exzentrik-hinsetzen", {"huge": huge})

    assert {(problem.kind, problem.about) for problem in found} == {("cut", "chair")}
    assert all(problem.message.endswith("(huge)") for problem in found)


def test_each_looks_different_and_the_default_one_as_ever() -> None:
    level, locked = posed("kniebeuge", 3)
    drawn = {name: card_svg(set_stage(level, locked, person)) for name, person in PEOPLE.items()}

    assert len(set(drawn.values())) == len(PEOPLE)
    assert fitted(level, locked, DEFAULT_PERSON.physique) == (level, locked)


@pytest.mark.parametrize("exercise", [("bauchatmung", 2), ("bauchatmung", 3)])
def test_hands_on_the_belly_come_out_with_it(exercise: tuple[str, int]) -> None:
    slim, full = staged(*exercise), set_stage(*posed(*exercise), PEOPLE["pregnant"])
    for before, after in zip(slim.moments, full.moments, strict=True):
        lines = [moment.figure.placed.points for moment in (before, after)]
        apart = [points["palm.near"] - points["front_lumbar"] for points in lines]
        came = float(np.linalg.norm(lines[1]["front_lumbar"] - lines[0]["front_lumbar"]))

        assert came > 0.05
        assert float(np.linalg.norm(apart[1] - apart[0])) < 0.3 * came


def test_a_thigh_that_is_drawn_up_and_a_floor_below_press_a_belly_flat() -> None:
    level, locked = posed("knie-zur-brust", 3)
    stands, drawn_up = (place(pose, FULL).belly_at(np.array([0.11]))[0] for pose in locked.phases)

    assert drawn_up < 0.7 * stands
    prone = Phase(base="prone", on={"front_belly": "floor"})
    assert prone.worn_by(FULL).build == {}
    assert level.phases[0].worn_by(FULL).build.items() >= FULL.items()


@pytest.mark.parametrize("view", [("sitz-drehung", 1), ("where", 1)])
def test_from_the_front_and_from_behind_everybody_has_their_own_hair(view: tuple[str, int]) -> None:
    figures = {name: set_stage(*posed(*view), person).moments[0].figure for name, person in PEOPLE.items()}
    heads = {name: figure.head for name, figure in figures.items()}
    chin = figures["default"].placed.points["skull"][1] - 0.02
    crowns = {name: head.bounds[3] for name, head in heads.items()}
    wide = {name: head.intersection(box(-1, chin - 0.001, 1, chin)).area / 0.001 for name, head in heads.items()}

    assert crowns["pregnant"] > crowns["default"] + 0.02  # a knot
    assert wide["woman"] > wide["default"] + 0.04  # beside the chin
    assert heads["darker"].area > 1.05 * heads["default"].area  # curls stand off


def test_glasses_are_worn_from_the_front_too() -> None:
    older = PEOPLE["older"]
    worn, bare = (
        card_svg(set_stage(*posed("sitz-drehung", 1), replace(older, glasses=glasses))) for glasses in (True, False)
    )

    assert worn.count(f'stroke="{older.eye}"') >= 2
    assert f'stroke="{older.eye}"' not in bare


def test_a_belly_stands_out_in_front_of_whoever_shows_their_side_and_not_behind() -> None:
    slim, full = (set_stage(*posed("offenes-buch", 2), PEOPLE[name]) for name in ("default", "pregnant"))
    bodies = [stage.moments[0].figure.placed for stage in (slim, full)]
    at = np.array(0.11)

    assert bodies[1].trunk.front_at(at) > bodies[0].trunk.front_at(at) + 0.05
    assert bodies[1].trunk.back_at(at) == pytest.approx(float(bodies[0].trunk.back_at(at)))


def test_legs_and_arms_of_a_heavier_figure_are_fuller_from_the_front_too() -> None:
    slim, full = (set_stage(*posed("where", 1), PEOPLE[name]).moments[0].figure for name in ("default", "heavier"))

    for side in ("left", "right"):
        assert full.legs[side].area > 1.04 * slim.legs[side].area
        assert full.arms[side].area > 1.02 * slim.arms[side].area
