"""Facts about a body seen from the front in clinical words; see `measures`, whose units hold."""

from collections.abc import Callable, Mapping
from typing import Final

import numpy as np

from bot.pictures.front_skeleton import FRONT_SIDES
from bot.pictures.measures import BODY_CM, MEASURES, Measure
from bot.pictures.profiles import Vec
from bot.pictures.skeleton import SEGMENT, Placed, View


def _slope(start: Vec, end: Vec) -> float:
    """Degrees from level: + when the right end in the picture is higher."""
    across = end - start
    return float(np.degrees(np.arctan2(across[1], across[0])))


def _pelvis_slope(body: Placed) -> float:
    return _slope(body.points["hip.left"], body.points["hip.right"])


def _shoulder_slope(body: Placed) -> float:
    return _slope(body.points["shoulder.left"], body.points["shoulder.right"])


def _side_bend(body: Placed) -> float:
    """Degrees the spine bends to the picture's right between pelvis and neck."""
    return float(body.directions["pelvis"] - body.on_spine(np.array([0.32]))[1][0])


def _trunk_lean(body: Placed) -> float:
    """Degrees the line from hips to neck leans to the picture's right of upright."""
    trunk = body.points["c7"] - body.points["hip"]
    return float(90 - np.degrees(np.arctan2(trunk[1], trunk[0])))


def _arm_raised(side: str) -> Measure:
    """0 beside the body, 90 level with the shoulder, 180 overhead."""

    def measure(body: Placed) -> float:
        outwards = -1 if side == "left" else 1
        trunk = float(np.degrees(np.arctan2(*(body.points["c7"] - body.points["hip"])[::-1])))
        return float(((body.directions[f"upper_arm.{side}"] - trunk - 180) * outwards + 90) % 360 - 90)

    return measure


def _leg_opened(side: str) -> Measure:
    """Degrees between the thigh and the trunk's line, outwards."""

    def measure(body: Placed) -> float:
        outwards = -1 if side == "left" else 1
        return float(
            ((body.directions[f"thigh.{side}"] - body.directions["pelvis"] - 180) * outwards + 180) % 360 - 180
        )

    return measure


def _body_line(end: str) -> Measure:
    """Neck, hips and knee or ankle: 180 is one line, less hangs or is bent."""

    def measure(body: Placed) -> float:
        a, b = body.points["c7"] - body.points["hip"], body.points[end] - body.points["hip"]
        cosine = float(a @ b) / float(np.linalg.norm(a) * np.linalg.norm(b))
        return float(np.degrees(np.arccos(np.clip(cosine, -1, 1))))

    return measure


def feet_off_mat(body: Placed, side: str) -> float:
    """Body heights that the ankle is above the hip of somebody on the back, whose thigh points up and shank down."""
    knee, hip, ankle = (body.points[f"{name}.{side}"] for name in ("knee", "hip", "ankle"))

    def depth(segment: str, seen: Vec) -> float:
        return float(np.sqrt(max(0.0, SEGMENT[segment] ** 2 - float(seen @ seen))))

    return depth("thigh", knee - hip) - depth("shank", ankle - knee)


def _height(landmark: str) -> Measure:
    return lambda body: float(body.points[landmark][1]) * BODY_CM


_SIDED: Final[Mapping[str, Callable[[str], Measure]]] = {
    "arm_raised": _arm_raised,
    "leg_opened": _leg_opened,
    "knee_line": lambda side: _body_line(f"knee.{side}"),
    "ankle_line": lambda side: _body_line(f"ankle.{side}"),
    "foot_height_cm": lambda side: _height(f"sole.{side}"),
    "knee_height_cm": lambda side: _height(f"knee.{side}"),
    "hand_height_cm": lambda side: _height(f"palm.{side}"),
}
FRONT_MEASURES: Final[Mapping[str, Measure]] = {
    "pelvis_slope": _pelvis_slope,
    "shoulder_slope": _shoulder_slope,
    "side_bend": _side_bend,
    "trunk_lean": _trunk_lean,
    "hip_height_cm": _height("hip"),
    "chest_turned": lambda body: body.chest,
    "face_turned": lambda body: body.face,
    "pelvis_turned": lambda body: body.rolled,
    **{f"{name}.{side}": make(side) for name, make in _SIDED.items() for side in FRONT_SIDES},
}
BY_VIEW: Final[Mapping[View, Mapping[str, Measure]]] = {"side": MEASURES, "front": FRONT_MEASURES}
