"""Legs seen from the front, as outlines; arms are those of `limbs`, which look alike from everywhere."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from shapely.geometry import LineString
from shapely.geometry.base import BaseGeometry
from shapely.ops import unary_union

from bot.pictures.front_profiles import (
    FEET,
    FRONT_SHANK,
    FRONT_THIGH,
    LIES_BEHIND,
    SHANK_AWAY,
    SIDE_TOES,
    SOLE_AWAY,
    TOE_LINE,
    TOE_LINES,
)
from bot.pictures.limbs import CUFF, FORESHORTENED, bone, knee_arc
from bot.pictures.outline import NOTHING, beyond, closed_up, disc, local_line, local_shape, organic, tube, union
from bot.pictures.profiles import HIND_FOOT, SHANK, THIGH, TOES, Points, Vec, fuller
from bot.pictures.skeleton import RADIUS, SEGMENT, SIDE_ON, Placed, unit

TOES_END: Final = {"front": 0.041, "crossed": 0.041, "edge": 0.053}  # from the ankle
TOES_HANG: Final = 0.085
STANDS_OR_HANGS: Final = ("front", "hanging")
HIDDEN: Final = 0.06  # body heights: a shank shorter than this points away from the viewer
KNEE: Final = 0.0312
SEEN_GIRTH: Final = 0.6  # share of what stands around a thigh that is seen from the front


@dataclass(frozen=True, slots=True, eq=False)
class FrontLeg:
    trousers: BaseGeometry
    foot: BaseGeometry
    toe_lines: BaseGeometry
    knee_line: BaseGeometry
    shank_behind: BaseGeometry = NOTHING  # of somebody who kneels, its foot is `foot`
    crossed: bool = False  # over the other thigh


def front_leg(body: Placed, side: str, foot: str) -> FrontLeg:
    hip, knee, ankle = (body.points[f"{name}.{side}"] for name in ("hip", "knee", "ankle"))
    thigh_way, thigh_length = bone(hip, knee, body.directions[f"thigh.{side}"])
    shank_way, shank_length = bone(knee, ankle, body.directions[f"shank.{side}"])
    share = thigh_length / SEGMENT["thigh"]
    # What points at the viewer is nearer and looks a little thicker.
    knob = disc(knee, KNEE + 0.006 * max(0.0, 1 - share))
    # Whoever shows their side shows the side of their legs.
    side_on = abs(body.rolled) >= SIDE_ON
    above, below = (
        (fuller(THIGH, body.girth), SHANK) if side_on else (fuller(FRONT_THIGH, body.girth * SEEN_GIRTH), FRONT_SHANK)
    )
    if side_on and body.rolled < 0:
        above, below = above.mirrored(), below.mirrored()
    thigh = tube(hip, thigh_way, thigh_length, above, (-0.05, 1))
    if foot == "behind":
        return _kneeling(organic(closed_up(union(thigh, knob), 0.014), 0.007), knee)
    if shank_length < HIDDEN:
        return FrontLeg(organic(closed_up(union(thigh, knob), 0.014), 0.007), NOTHING, NOTHING, NOTHING)
    shank = tube(knee, shank_way, shank_length, below, (0, 1), 0.001)
    whole = organic(closed_up(union(thigh, shank, knob), 0.014), 0.007)
    cuff = beyond(knee, shank_way, shank_length * CUFF, 0.005, (0.045, 0.07))
    return FrontLeg(
        trousers=whole.difference(cuff.difference(thigh.buffer(0.004))),
        foot=(sole := _foot(body, side, foot, knee, shank_way, shank_length)),
        toe_lines=_toes(body, side, foot).intersection(sole),
        knee_line=knee_arc(knee, thigh_way + 180, KNEE + 0.004) if share < FORESHORTENED else NOTHING,
        crossed=foot == "crossed",
    )


def _kneeling(thigh: BaseGeometry, knee: Vec) -> FrontLeg:
    """The shank lies behind the knee, along the mat: smaller the further away it is, the sole of its foot upwards."""
    way = np.array(LIES_BEHIND)
    along, length = float(np.degrees(np.arctan2(way[1], way[0]))), float(np.linalg.norm(way))
    cuff = beyond(knee, along, length * CUFF, 0.005, (0.045, 0.07))
    shank = organic(union(tube(knee, along, length, SHANK_AWAY), disc(knee, KNEE)), 0.007).difference(cuff)
    return FrontLeg(thigh, organic(local_shape(SOLE_AWAY, knee + way, along), 0.0035), NOTHING, NOTHING, shank)


def _foot(body: Placed, side: str, shape: str, knee: Vec, shank_way: float, length: float) -> BaseGeometry:
    ankle, way = body.points[f"ankle.{side}"], body.directions[f"foot.{side}"]
    if shape == "side":
        ahead = 1 if body.rolled > 0 else -1
        parts = (local_shape(HIND_FOOT, ankle, way + 90 * ahead, mirrored=ahead < 0), disc(ankle, 0.0215))
        ball = _ball_beside(ankle, way, ahead)
        toes = local_shape(TOES, ball, way + 90 * ahead, mirrored=ahead < 0)
        calf = SHANK if ahead > 0 else SHANK.mirrored()
        above = tube(knee, shank_way, length, calf if abs(body.rolled) >= SIDE_ON else FRONT_SHANK, (0.7, 1))
        return organic(closed_up(union(*parts, toes, above), 0.016), 0.0035)
    outline = (
        _dropped(body.drop.get(side, 0)) if shape in STANDS_OR_HANGS else FEET["front" if shape == "crossed" else shape]
    )
    # On the toes, the instep is seen.
    up = _heel_up(body, side)
    outline = tuple((x * up if x > 0 else x, y) for x, y in outline)
    sole = local_shape(outline, ankle, way, mirrored=side == "left")
    above = tube(knee, shank_way, length, FRONT_SHANK, (0.75, 1.0))
    return organic(closed_up(union(sole, above, disc(ankle, 0.0205)), 0.012), 0.0035)


def _dropped(share: float) -> Points:
    """A foot on its way from standing, 0, to hanging, 1."""
    standing, hanging = (np.array(FEET[shape]) for shape in STANDS_OR_HANGS)
    return tuple((float(x), float(y)) for x, y in standing + (hanging - standing) * share)


def _heel_up(body: Placed, side: str) -> float:
    """How much further from the sole the ankle is than in a foot that lies flat."""
    return float(np.linalg.norm(body.points[f"sole.{side}"] - body.points[f"ankle.{side}"])) / SEGMENT["ankle_height"]


def _ball_beside(ankle: Vec, way: float, ahead: int) -> Vec:
    along, down = unit(way + 90 * ahead), unit(way)
    return ankle + along * (SEGMENT["ball"] - 0.004) + down * (SEGMENT["ankle_height"] - RADIUS["ball"])


def _toes(body: Placed, side: str, shape: str) -> BaseGeometry:
    """The lines where they part."""
    if shape == "side":
        ankle, way, ahead = body.points[f"ankle.{side}"], body.directions[f"foot.{side}"], 1 if body.rolled > 0 else -1
        ball = _ball_beside(ankle, way, ahead)
        return union(*(local_line(line, ball, way + 90 * ahead, mirrored=ahead < 0) for line in SIDE_TOES))
    standing = TOES_END["front"]
    end = (
        standing + (TOES_HANG - standing) * body.drop.get(side, 0) if shape in STANDS_OR_HANGS else TOES_END.get(shape)
    )
    if end is None:
        return NOTHING
    down = unit(body.directions[f"foot.{side}"])
    sole = body.points[f"sole.{side}"]
    tips = body.points[f"ankle.{side}"] + down * end * _heel_up(body, side)
    aside = (body.points[f"outer.{side}"] - sole) / np.linalg.norm(body.points[f"outer.{side}"] - sole)
    return unary_union([LineString([tips + aside * at, tips - down * TOE_LINE + aside * at]) for at in TOE_LINES])
