"""The body seen from the front: its joints move in the plane of the picture, sides are left and right in it.

Units as in `skeleton`. Positive: pelvis and spine to the picture's right; arm, thigh and forearm away from the body;
shank inwards; foot outwards. Depth is told by `build` alone: a segment that points at the viewer is seen shorter,
`pelvis`, `chest` and `face` are degrees that these are turned to the picture's right.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

import numpy as np

from bot.pictures.front_profiles import FRONT_TRUNK, HIP_HALF, SHOULDER_HALF
from bot.pictures.profiles import TRUNK, Profile, Vec
from bot.pictures.skeleton import (
    C7,
    SEGMENT,
    SHOULDER_AT,
    SWELLS,
    TRUNK_JOINTS,
    Placed,
    outlines,
    sided,
    spine_curve,
    swell,
    unit,
)

FRONT_SIDES: Final = ("left", "right")
FRONT_LIMB_JOINTS: Final = ("shoulder", "elbow", "wrist", "scapula", "hip", "knee", "ankle")
FRONT_JOINTS: Final = (
    "x", "y", *TRUNK_JOINTS, *(f"{joint}.{side}" for side in FRONT_SIDES for joint in FRONT_LIMB_JOINTS)
)  # fmt: skip
# What the picture's plane shows of a joint's range; a knee that points at the viewer may seem to bend to either side.
FRONT_RANGE: Final[Mapping[str, tuple[float, float]]] = {
    "x": (-9, 9), "y": (-9, 9), "pelvis": (-400, 400), "lumbar": (-28, 28), "thorax": (-28, 28), "neck": (-40, 40),
    "head": (-15, 15), "shoulder": (-60, 185), "elbow": (-150, 150), "wrist": (-90, 90), "scapula": (-0.02, 0.03),
    "hip": (-60, 125), "knee": (-90, 225), "ankle": (-70, 70),
}  # fmt: skip
# Of a pelvis turned side on, hips and knees bend in the picture's plane, whichever way it looks.
RANGE_SIDE_ON: Final = {"hip": (-125, 125), "knee": (-150, 150), "ankle": (-100, 100)}
RISE, RISES_FROM, RISES_OVER = 0.028, 70, 90  # the shoulder rises with the arm: by how much, degrees
MOVES_IN, MOVES_FROM, MOVES_OVER = 0.016, 90, 80
SOLE_INNER, SOLE_OUTER, EDGE = -0.016, 0.034, 0.026
WAIST_AT: Final = (0.060, 0.079)  # arc length, half width: where a hand rests on the hip
WIDENS: Final = 0.42  # share of what stands out in front that a full body is wider on each side
PELVIS_AT, RIBS_AT = 0.0, 0.22
EAR: Final = (0.052, 0.036)  # outwards and up from the skull base
_SIDE_FROM: Final = 45  # degrees
_TURNS_FROM, _TURNS_TO = 0.03, 0.26  # arc lengths between which the trunk turns


def place_front(pose: Vec, build: Mapping[str, float] | None = None) -> Placed:
    """Put the body where its joint vector says; see `skeleton.place`."""
    build = build or {}
    chest = build.get("chest", 0)
    spine, directions = spine_curve(pose[:2], 90 - float(pose[2]), pose[3:6])
    turned = {"pelvis": 90 - float(pose[2]), "head": float(directions[-1]) - float(pose[6])}
    bare = Placed(
        {},
        turned,
        spine,
        directions,
        spine,
        spine,
        view="front",
        trunk=_turned_trunk(chest, build),
        chest=chest,
        rolled=build.get("pelvis", 0),
        nearness={side: build.get(f"nearer.{side}", 1) for side in FRONT_SIDES},
        drop={side: build.get(f"drop.{side}", 0) for side in FRONT_SIDES},
        face=build.get("face", 0),
        girth=build.get("girth", 0),
    )
    points = _trunk_points(bare)
    for i, side in enumerate(FRONT_SIDES):
        first = len(TRUNK_JOINTS) + 2 + i * len(FRONT_LIMB_JOINTS)
        joints = [float(value) for value in pose[first : first + len(FRONT_LIMB_JOINTS)]]
        outwards = -1 if side == "left" else 1
        for found, ways in (
            _arm(joints[:4], bare, side, outwards, build),
            _leg(joints[4:], bare, side, outwards, build),
        ):
            points |= found
            turned |= ways
    back, front = outlines(bare)
    return replace(bare, points=points, back=back, front=front)


def _turned_trunk(chest: float, build: Mapping[str, float]) -> Profile:
    """A trunk is an ellipse across: turned, its width lies between those of the front and the side view."""
    at = FRONT_TRUNK.at
    swells = [depth * swell(at, *SWELLS[name]) for name, depth in build.items() if name in SWELLS]
    wide = FRONT_TRUNK.front + sum(swells) * WIDENS
    rolled = build.get("pelvis", 0)
    if chest == 0 and rolled == 0:
        return FRONT_TRUNK if not swells else Profile(at, wide, wide)
    share = np.clip((at - _TURNS_FROM) / (_TURNS_TO - _TURNS_FROM), 0, 1)
    angle = np.radians(rolled + (chest - rolled) * share * share * (3 - 2 * share))
    # Belly and back differ, which is seen of somebody who shows their side.
    own = (np.clip((np.abs(np.degrees(angle)) - _SIDE_FROM) / (90 - _SIDE_FROM), 0, 1)) ** 2
    mean = (TRUNK.front_at(at) + TRUNK.back_at(at)) / 2
    ahead, behind = (
        np.hypot(wide * np.cos(angle), (mean + own * (deep - mean)) * np.sin(angle))
        for deep in (TRUNK.front_at(at) + sum(swells), TRUNK.back_at(at))
    )
    looks_right = angle >= 0
    return Profile(at, np.where(looks_right, ahead, behind), np.where(looks_right, behind, ahead))


def _trunk_points(body: Placed) -> dict[str, Vec]:
    up = unit(body.directions["head"])
    skull = body.spine[-1]
    return {
        "hip": body.spine[0],
        "c7": body.on_spine(np.array([C7]))[0][0],
        "chest": body.on_spine(np.array([RIBS_AT]))[0][0],
        "navel": body.on_spine(np.array([0.10]))[0][0],
        "skull": skull,
        "head": skull + up * 0.045,
        "crown": skull + up * 0.115,
        "ear.left": skull + up * EAR[1] + unit(body.directions["head"] + 90) * EAR[0],
        "ear.right": skull + up * EAR[1] + unit(body.directions["head"] - 90) * EAR[0],
    }


def _arm(
    joints: list[float], body: Placed, side: str, outwards: int, build: Mapping[str, float]
) -> tuple[dict[str, Vec], dict[str, float]]:
    abduction, elbow_bend, wrist_bend, slide = joints
    where, along = (value[0] for value in body.on_spine(np.array([SHOULDER_AT])))
    out, up = unit(float(along) - 90 * outwards), unit(float(along))
    rise = slide - 0.011 + RISE * float(np.clip((abduction - RISES_FROM) / RISES_OVER, 0, 1))
    half = SHOULDER_HALF * float(np.cos(np.radians(build.get("chest", 0))))
    shoulder = where + up * rise + out * (half - MOVES_IN * float(np.clip((abduction - MOVES_FROM) / MOVES_OVER, 0, 1)))
    upper = float(along) + 180 + outwards * abduction
    fore = upper + outwards * elbow_bend
    hand = fore + outwards * wrist_bend
    elbow = shoulder + unit(upper) * SEGMENT["upper_arm"] * build.get(f"upper_arm.{side}", 1)
    wrist = elbow + unit(fore) * SEGMENT["forearm"] * build.get(f"forearm.{side}", 1)
    shown = build.get(f"hand.{side}", 1)
    points = {
        "shoulder": shoulder, "elbow": elbow, "wrist": wrist, "palm": wrist + unit(hand) * 0.05 * shown,
        "fingers": wrist + unit(hand) * SEGMENT["hand"] * shown,
        "tip": wrist + unit(hand) * (SEGMENT["hand"] - 0.0005) * shown,
    }  # fmt: skip
    return sided(points, side), sided({"upper_arm": upper, "forearm": fore, "hand": hand}, side)


def _leg(
    joints: list[float], body: Placed, side: str, outwards: int, build: Mapping[str, float]
) -> tuple[dict[str, Vec], dict[str, float]]:
    abduction, knee_bend, ankle_bend = joints
    pelvis = body.directions["pelvis"]
    out, up = unit(pelvis - 90 * outwards), unit(pelvis)
    hip = body.spine[0] + out * HIP_HALF * float(np.cos(np.radians(body.rolled)))
    thigh = pelvis + 180 + outwards * abduction
    shank = thigh - outwards * knee_bend
    foot = shank + outwards * ankle_bend
    knee = hip + unit(thigh) * SEGMENT["thigh"] * build.get(f"thigh.{side}", 1)
    ankle = knee + unit(shank) * SEGMENT["shank"] * build.get(f"shank.{side}", 1)
    down, aside = unit(foot), unit(foot + 90 * outwards)
    sole = ankle + down * SEGMENT["ankle_height"] * build.get(f"foot.{side}", 1)
    rib, along = (value[0] for value in body.on_spine(np.array([RIBS_AT])))
    points = {
        "hip": hip, "knee": knee, "ankle": ankle, "sole": sole,
        "inner": sole + aside * SOLE_INNER, "outer": sole + aside * SOLE_OUTER,
        "edge": ankle + down * 0.030 + aside * EDGE,
        "lap": hip + (knee - hip) * 0.75,
        "waist": body.spine[0] + up * WAIST_AT[0] + out * WAIST_AT[1],
    }  # fmt: skip
    flank = {
        f"{side}_pelvis": body.spine[0] + up * PELVIS_AT + out * float(body.trunk.front_at(np.array(PELVIS_AT))),
        f"{side}_ribs": rib + unit(float(along) - 90 * outwards) * float(body.trunk.front_at(np.array(RIBS_AT))),
    }
    return sided(points, side) | flank, sided({"thigh": thigh, "shank": shank, "foot": foot}, side)
