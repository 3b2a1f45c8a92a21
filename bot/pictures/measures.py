"""Facts about a placed body in clinical words: the angles and distances that `expect` speaks of.

Joint angles are the clinician's interior ones (180 is straight); lengths are centimetres of a body of 170 cm.
"""

from collections.abc import Callable, Mapping
from typing import Final

import numpy as np

from bot.pictures.contacts import STRETCH
from bot.pictures.skeleton import OUTLINE_AT, Placed
from bot.pictures.stick import LIES_ON

BODY_CM: Final = 170
Measure = Callable[[Placed], float]


def _angle_at(body: Placed, one: str, joint: str, other: str) -> float:
    a = body.points[one] - body.points[joint]
    b = body.points[other] - body.points[joint]
    cosine = float(a @ b) / float(np.linalg.norm(a) * np.linalg.norm(b))
    return float(np.degrees(np.arccos(np.clip(cosine, -1, 1))))


def _knee(side: str) -> Measure:
    return lambda body: _angle_at(body, "hip", f"knee.{side}", f"ankle.{side}")


def _hip(side: str) -> Measure:
    """Shoulder, hip and knee in one line are 180; more is a sagging, overstretched hip."""

    def measure(body: Placed) -> float:
        trunk = body.points["hip"] - body.points[f"shoulder.{side}"]
        thigh = body.points[f"knee.{side}"] - body.points["hip"]
        turn = np.degrees(np.arctan2(trunk[0] * thigh[1] - trunk[1] * thigh[0], trunk @ thigh))
        return float(180 - turn)

    return measure


def _trunk_incline(body: Placed) -> float:
    """0 lying, 90 upright."""
    trunk = body.points["c7"] - body.points["hip"]
    return float(np.degrees(np.arctan2(trunk[1], abs(trunk[0]))))


def _lumbar_gap(body: Placed) -> float:
    low, high = STRETCH["back_lumbar"]
    part = (low <= OUTLINE_AT) & (high >= OUTLINE_AT)
    return float(body.back[part, 1].max()) * BODY_CM


def _lumbar_curve(body: Placed) -> float:
    """Degrees the small of the back is arched (+) or rounded (-) from pelvis to ribs."""
    at = np.array([0.02, 0.20])
    directions = body.on_spine(at)[1]
    return float(directions[1] - directions[0])


def _sternum_height(body: Placed) -> float:
    """The middle of the breastbone, halfway between its ends."""
    ends = body.points["front_thorax"] + body.points["front_upback"]
    return float(ends[1]) / 2 * BODY_CM


def off_line(body: Placed, first: str, middle: str, last: str) -> float:
    """How far the middle landmark lies off the line between the others, in body heights; on its left side it is +."""
    start, end = body.points[first], body.points[last]
    (x, y), (way_x, way_y) = body.points[middle] - start, end - start
    return float((way_x * y - way_y * x) / np.hypot(way_x, way_y))


def _stick_gap(body: Placed) -> float:
    """Of a stick that lies on sacrum and head: its distance from the upper back."""
    return abs(off_line(body, *LIES_ON)) * BODY_CM


def _crossed(side: str, other: str) -> Measure:
    """From an ankle to the other knee, which it lies across in a figure four."""
    return lambda body: float(np.linalg.norm(body.points[f"ankle.{side}"] - body.points[f"knee.{other}"])) * BODY_CM


def _height(landmark: str) -> Measure:
    return lambda body: float(body.points[landmark][1]) * BODY_CM


MEASURES: Final[Mapping[str, Measure]] = {
    "knee_angle.near": _knee("near"),
    "knee_angle.far": _knee("far"),
    "hip_angle.near": _hip("near"),
    "hip_angle.far": _hip("far"),
    "trunk_incline": _trunk_incline,
    "lumbar_gap_cm": _lumbar_gap,
    "lumbar_curve": _lumbar_curve,
    "stick_gap_cm": _stick_gap,
    "hip_height_cm": _height("hip"),
    "sternum_height_cm": _sternum_height,
    "hand_height_cm.near": _height("palm.near"),
    "hand_height_cm.far": _height("palm.far"),
    "ankle_to_other_knee_cm.near": _crossed("near", "far"),
    "ankle_to_other_knee_cm.far": _crossed("far", "near"),
    "toes_height_cm.near": _height("toe.near"),
    "toes_height_cm.far": _height("toe.far"),
}
