"""Shirt and head seen from the front. The trunk itself is the ribbon of `torso`, with a front view's thickness."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from shapely.geometry import LineString, Polygon
from shapely.geometry.base import BaseGeometry

from bot.pictures.front_profiles import (
    CURLY_HAIR,
    DEPTH,
    EYE_AT,
    FRONT_BROW,
    FRONT_EAR,
    FRONT_HAIR,
    FRONT_TRUNK,
    HALF_FACE,
    HIGH_HAIR,
    KNOT,
    LONG_HAIR,
    NOSE,
    SMILE,
)
from bot.pictures.limbs import Arm
from bot.pictures.outline import NOTHING, closed_up, disc, local_line, local_shape, opened, organic, union
from bot.pictures.profiles import TRUNK, Points, Vec
from bot.pictures.skeleton import C7, SIDE_ON, SPINE_LENGTH, Placed, unit
from bot.pictures.torso import Edge, band, hem, ribbon, trunk_point

TURNED_FROM: Final = 5  # degrees of a chest's turn from which one arm comes from behind it
COLLAR_TURNS: Final = 0.45
FOLDS_FROM_TO: Final = (0.040, 0.285)  # arc lengths
FOLDS: Final = ((0, (0.0, 1.0)), (-42, (0.0, 0.62)), (30, (0.12, 0.8)))  # degrees from the middle; which part is drawn
NECKLINE, NECK_DEPTH, NAPE_DEPTH = 0.3165, 0.021, 0.004
TEMPLE: Final = 0.074  # above the skull base
HAIR_STANDS_OFF, CURLS_STAND_OFF = 0.013, 0.022
FRINGES: Final = {"thin": HIGH_HAIR, "curls": CURLY_HAIR}
HAIR_BEHIND: Final = {"bob": LONG_HAIR, "knot": KNOT}
EAR_COMES_FORWARD: Final = 12  # degrees of a turned head from which one ear lies on it
Shapes = dict[str, BaseGeometry]


@dataclass(frozen=True, slots=True, eq=False)
class FrontHead:
    """Neck, face and hair; features drawn upon them, and the ears behind or upon the head."""

    neck: BaseGeometry
    face: BaseGeometry
    hair: BaseGeometry
    hair_behind: BaseGeometry  # head and neck: of who wears it long or up
    eyes: tuple[Vec, ...]
    brows: tuple[LineString, ...]
    nose: LineString
    mouth: LineString
    ears_behind: tuple[BaseGeometry, ...]
    ears_upon: tuple[BaseGeometry, ...]


def neckline(across: Vec, depth: float = NECK_DEPTH, middle: float = 0) -> Vec:
    return np.asarray(NECKLINE - depth * np.clip(1 - ((across - middle) / 0.92) ** 2, 0, 1))


def turned_away(body: Placed) -> str | None:
    """The side whose shoulder a turn takes behind the chest; of somebody who shows their side, none."""
    if abs(body.chest) < TURNED_FROM or abs(body.rolled) >= SIDE_ON or abs(body.chest) >= SIDE_ON:
        return None
    return "right" if body.chest > 0 else "left"


def front_shirt(body: Placed, arms: dict[str, Arm], *, from_behind: bool) -> BaseGeometry:
    """From hem to neckline, with the slope of the shoulders and the roots of the sleeves."""
    cloth = organic(band(body, lambda v: hem(v) - 0.03, lambda v: 0.322 + 0 * v, 0.003), 0.005)
    neck = _neck(body, from_behind=from_behind)
    cloth = cloth.intersection(band(body, hem, neck, 0.02))
    away = turned_away(body)
    roots = [arm.sleeve.intersection(disc(arm.shoulder, 0.075)) for side, arm in arms.items() if side != away]
    slopes = [_slope(body, side, arm) for side, arm in arms.items()]
    whole = organic(closed_up(union(cloth, *slopes, *roots), 0.024), 0.004)
    hole = band(body, neck, lambda v: neck(v) + 0.03, -0.002)
    below = band(body, hem, lambda v: 0.345 + 0 * v, 0.2)
    return whole.difference(hole).intersection(below)


def _slope(body: Placed, side: str, arm: Arm) -> BaseGeometry:
    """From the neck to the top of the shoulder."""
    across = 1.0 if side == "left" else -1.0
    middle = trunk_point(body, 0.26, 0)
    out = (arm.shoulder - middle) / np.linalg.norm(arm.shoulder - middle)
    along = float(body.on_spine(np.array([C7]))[1][0])
    corners = [
        trunk_point(body, 0.318, across * 0.9),
        arm.shoulder + unit(along) * 0.030 + out * 0.004,
        arm.shoulder + out * 0.012,
        trunk_point(body, 0.20, across * 0.98),
        trunk_point(body, 0.20, 0),
        trunk_point(body, 0.30, 0),
    ]
    return Polygon(corners).buffer(0)


def _neck(body: Placed, *, from_behind: bool) -> Edge:
    """A shirt's collar lies higher on the nape than on the chest; a turn takes it along."""
    middle = 0 if turned_away(body) is None else -COLLAR_TURNS * float(np.sin(np.radians(body.chest)))
    return lambda v: neckline(v, NAPE_DEPTH if from_behind else NECK_DEPTH, middle)


def neck_band(body: Placed, *, from_behind: bool) -> BaseGeometry:
    neck = _neck(body, from_behind=from_behind)
    return band(body, lambda v: neck(v) - 0.010, neck, 0.003)


def winding_folds(body: Placed) -> BaseGeometry:
    """What hung straight down the shirt winds around a trunk that is turned against its pelvis."""
    at = np.linspace(*FOLDS_FROM_TO, 30)
    axis, along = body.on_spine(at)
    share = (at - at[0]) / (at[-1] - at[0])
    turn = np.radians(body.rolled + (body.chest - body.rolled) * share * share * (3 - 2 * share))
    wide, deep = FRONT_TRUNK.front_at(at), TRUNK.front_at(at)
    right = np.stack([np.sin(np.radians(along)), -np.cos(np.radians(along))], 1)
    folds = []
    for azimuth, (start, end) in FOLDS:
        a = np.radians(azimuth) * np.sign(body.chest)
        out = wide * np.sin(a) * np.cos(turn) + deep * np.cos(a) * np.sin(turn)
        folds.append(LineString((axis + right * out[:, None])[int(30 * start) : int(30 * end)]))
    return union(*folds)


def front_head(body: Placed, cut: str) -> FrontHead:
    skull, right = body.points["skull"], body.directions["head"] - 90
    turn = np.radians(body.face)

    def turned(points: Points, depth: float) -> Points:
        return tuple((x * float(np.cos(turn)) + depth * float(np.sin(turn)), y) for x, y in points)

    def line(points: Points, depth: float) -> LineString:
        return local_line(turned(points, depth), skull, right)

    def spot(x: float, y: float, depth: float) -> Vec:
        (seen, up), *_ = turned(((x, y),), depth)
        return np.asarray(skull + unit(right) * seen + unit(right + 90) * up)

    whole = (*HALF_FACE, *((-x, y) for x, y in HALF_FACE[-2:0:-1]))
    fringe = tuple(
        (x + DEPTH["hair"] * float(np.sin(turn)) * (1 - (x / 0.056) ** 2), y) for x, y in FRINGES.get(cut, FRONT_HAIR)
    )
    face = local_shape(whole, skull, right)
    hair = local_shape(fringe, skull, right)
    if abs(body.face) > EAR_COMES_FORWARD:
        # The temple that turns away takes its hair along.
        lead = float(np.sign(body.face))
        corners = ((lead * 0.018, 0.0), (lead * 0.018, TEMPLE), (lead * 0.090, TEMPLE), (lead * 0.090, 0.0))
        away = Polygon([skull + unit(right) * x + unit(right + 90) * y for x, y in corners])
        hair = opened(hair.difference(away), 0.005)
    # Turned to the right, the left ear comes forward and the right one goes behind the head.
    upon: list[BaseGeometry] = []
    behind: list[BaseGeometry] = []
    for sign in (-1, 1):
        ear = local_shape(turned(_mirrored(FRONT_EAR, sign), DEPTH["ear"]), skull, right)
        forward = abs(body.face) > EAR_COMES_FORWARD and sign * body.face < 0
        (upon if forward else behind).append(ear)
    return FrontHead(
        neck=organic(closed_up(union(ribbon(body, C7 - 0.063, SPINE_LENGTH), disc(skull, 0.0285)), 0.01), 0.004),
        face=face,
        hair=hair.intersection(face.buffer(CURLS_STAND_OFF if cut == "curls" else HAIR_STANDS_OFF)),
        hair_behind=local_shape(HAIR_BEHIND[cut], skull, right) if cut in HAIR_BEHIND else NOTHING,
        eyes=tuple(spot(sign * EYE_AT[0], EYE_AT[1], DEPTH["eye"]) for sign in (-1, 1)),
        brows=tuple(line(_mirrored(FRONT_BROW, sign), DEPTH["brow"]) for sign in (-1, 1)),
        nose=line(_mirrored(NOSE, -1 if body.face > 0 else 1), DEPTH["nose"]),
        mouth=line(SMILE, DEPTH["mouth"]),
        ears_behind=tuple(behind),
        ears_upon=tuple(upon),
    )


def _mirrored(points: Points, sign: int) -> Points:
    return tuple((sign * x, y) for x, y in points)
