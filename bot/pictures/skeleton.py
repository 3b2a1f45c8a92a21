"""The side-view skeleton: segments, joints with their human ranges, and where a joint vector puts everything.

Body height is 1, x points right, y up, the floor is y = 0, angles are degrees, the figure faces +x.
Signs are the clinical ones: flexion is positive. Zero is upright standing.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Final, Literal, TypeVar

import numpy as np

from bot.pictures.profiles import TRUNK, Profile, Vec

View = Literal["side", "front"]
SIDES: Final = ("near", "far")
SEGMENT: Final[Mapping[str, float]] = {
    "pelvis": 0.090, "lumbar": 0.100, "thorax": 0.135, "neck": 0.052, "upper_arm": 0.168, "forearm": 0.146,
    "hand": 0.092, "thigh": 0.243, "shank": 0.236, "ankle_height": 0.044, "heel": 0.042, "ball": 0.074,
    "toes": 0.034,
}  # fmt: skip
C7: Final = SEGMENT["pelvis"] + SEGMENT["lumbar"] + SEGMENT["thorax"]
SPINE_LENGTH: Final = C7 + SEGMENT["neck"]
SHOULDER_AT: Final = C7 - 0.043
SPINE_AT: Final[Vec] = np.linspace(0, SPINE_LENGTH, 60)
# Upright standing is an S: these are added to what a pose says, so 0 in the data is "as in standing".
NEUTRAL: Final[Mapping[str, float]] = {
    "pelvis": 8, "lumbar": -20, "thorax": 30, "neck": -16, "head": -2,
}  # fmt: skip

TRUNK_JOINTS: Final = ("pelvis", "lumbar", "thorax", "neck", "head")
LEG_JOINTS: Final = ("hip", "knee", "ankle", "toe")
LIMB_JOINTS: Final = ("shoulder", "elbow", "wrist", "scapula", *LEG_JOINTS)
JOINTS: Final = (
    "x", "y", *TRUNK_JOINTS, *(f"{joint}.{side}" for side in SIDES for joint in LIMB_JOINTS)
)  # fmt: skip
INDEX: Final[Mapping[str, int]] = {joint: i for i, joint in enumerate(JOINTS)}
# Human range; the spine's is relative to standing. The bounds make a backward knee impossible.
RANGE: Final[Mapping[str, tuple[float, float]]] = {
    "x": (-9, 9), "y": (-9, 9), "pelvis": (-400, 400), "lumbar": (-28, 48), "thorax": (-28, 38),
    "neck": (-55, 55), "head": (-25, 30), "shoulder": (-60, 185), "elbow": (0, 150), "wrist": (-90, 95),
    "scapula": (-0.03, 0.035), "hip": (-28, 142), "knee": (0, 158), "ankle": (-60, 32), "toe": (-25, 80),
}  # fmt: skip
RADIUS: Final[Mapping[str, float]] = {
    "knee": 0.037, "elbow": 0.023, "heel": 0.020, "ball": 0.012, "toe": 0.009, "wrist": 0.0165,
    "fingers": 0.0085, "palm": 0.013, "seat": 0.05, "hip": 0.073, "occiput": 0.0455, "forehead": 0.031,
    "shoulder": 0.031, "head": 0.055, "calf": 0.0445, "instep": 0.0125,
}  # fmt: skip
# Named places on the trunk's outline, as arc length.
TRUNK_PLACES: Final[Mapping[str, float]] = {"sacrum": 0.035, "lumbar": 0.12, "thorax": 0.215, "upback": 0.27}
SIDE_ON: Final = 60  # degrees: whatever is turned so far from the front shows its side
# Where on the trunk's front something swells, as arc lengths: most in the middle, nothing at the ends.
SWELLS: Final[Mapping[str, tuple[float, float]]] = {
    "breath": (0.045, 0.230), "round": (-0.025, 0.275), "bump": (-0.005, 0.225), "bust": (0.168, 0.302),
    "jowl": (0.300, 0.420),
}  # fmt: skip
OUTLINE_AT: Final[Vec] = np.linspace(-0.05, C7 - 0.01, 26)


HALFWAY: Final = "halfway "  # before the name of what is seen of a segment in the middle of the way to a pose
# What of a body's build is nothing unless a pose says so; all else are shares of a segment's length.
AT_REST: Final = frozenset({"belly", "shrug", "chest", "face", "pelvis", "girth", "drop.left", "drop.right", *SWELLS})

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True, eq=False)
class Placed:
    """A body in space: landmarks, directions of segments, the spine's curve and the trunk's two outlines.

    Seen from the front, `back` is the trunk's left outline in the picture and `front` its right one.
    """

    points: Mapping[str, Vec]
    directions: Mapping[str, float]
    spine: Vec
    spine_directions: Vec
    back: Vec
    front: Vec
    belly: float = 0
    view: View = "side"
    trunk: Profile = TRUNK
    chest: float = 0  # degrees that chest and head are turned, seen from the front
    face: float = 0
    rolled: float = 0  # so is the pelvis
    nearness: Mapping[str, float] = field(default_factory=dict)  # how much larger a hand near the viewer looks, by side
    drop: Mapping[str, float] = field(default_factory=dict)  # how far a foot hangs, seen from the front, by side
    girth: float = 0
    softness: tuple[tuple[str, float], ...] = ()

    def belly_at(self, at: Vec) -> Vec:
        """How far the front of the trunk stands out there, from a breath and from the person's build."""
        parts = (("breath", self.belly), *self.softness)
        return np.asarray(sum(depth * swell(at, *SWELLS[name]) for name, depth in parts))

    def on_spine(self, at: Vec) -> tuple[Vec, Vec]:
        """Points and directions at arc lengths; below the hip joint the axis goes on straight."""
        points = np.stack([np.interp(at, SPINE_AT, self.spine[:, i]) for i in (0, 1)], 1)
        below = at < 0
        points[below] += at[below, None] * unit(self.directions["pelvis"])
        return points, np.interp(at, SPINE_AT, self.spine_directions)


def unit(degrees: float) -> Vec:
    radians = np.radians(degrees)
    return np.array([np.cos(radians), np.sin(radians)])


def place(pose: Vec, build: Mapping[str, float] | None = None) -> Placed:
    """Put the body where its joint vector says.

    `build` is what no joint moves: the share that is seen of segments pointing at the viewer, under `belly` how
    far a breath lifts it, under `shrug` how far the shoulders are drawn up, and
    how full the person is: the swells, and `girth` for thighs and arms.
    """
    build = build or {}
    bends = pose[3:6] + _NEUTRAL_BEND
    spine, directions = spine_curve(pose[:2], 90 - NEUTRAL["pelvis"] - float(pose[2]), bends)
    trunk = {"pelvis": 90 - NEUTRAL["pelvis"] - float(pose[2])}
    trunk["head"] = float(directions[-1]) - NEUTRAL["head"] - float(pose[6])
    softness = tuple((name, depth * _room_for(name, pose)) for name, depth in build.items() if name in SWELLS)
    breath, girth = build.get("belly", 0), build.get("girth", 0)
    bare = Placed({}, trunk, spine, directions, spine, spine, breath, girth=girth, softness=softness)
    back, front = outlines(bare)
    points = _trunk_points(bare) | _head_points(bare)
    for side in SIDES:
        for found, turned in (_arm(pose, bare, side, build), _leg(pose, bare, side, build)):
            points |= found
            trunk |= turned
    return replace(bare, points=points, back=back, front=front)


def swell(at: Vec, start: float, end: float) -> Vec:
    """0 to 1: most in the middle of the stretch, nothing at its ends."""
    return np.asarray(np.sin(np.pi * np.clip((at - start) / (end - start), 0, 1)) ** 2)


def _room_for(swell: str, pose: Vec) -> float:
    """Share of a soft belly that is seen: a thigh that is drawn up presses it flat."""
    bent = max(float(pose[INDEX[f"hip.{side}"]]) for side in SIDES)
    return 1.0 if swell in {"bust", "jowl"} else 1 - 0.75 * float(np.clip((bent - 114) / 24, 0, 1))


def _window(start: float, end: float) -> Vec:
    t = np.clip((SPINE_AT - start) / (end - start), 0, 1)
    return np.asarray(t - np.sin(2 * np.pi * t) / (2 * np.pi))


# Each region bends over an overlapping window, as the integral of a raised cosine: the curve has no corner.
_BEND: Final[Vec] = np.stack([_window(0.015, 0.235), _window(0.150, 0.345), _window(0.295, SPINE_LENGTH)])
_NEUTRAL_BEND: Final[Vec] = np.array([NEUTRAL["lumbar"], NEUTRAL["thorax"], NEUTRAL["neck"]])


def spine_curve(root: Vec, start: float, bends: Vec) -> tuple[Vec, Vec]:
    """Points and directions along the spine: it starts at the hips and bends in lumbar, thorax and neck."""
    directions = start - bends @ _BEND
    step = np.stack([np.cos(np.radians(directions)), np.sin(np.radians(directions))], 1) * SPINE_AT[1]
    curve = np.concatenate([np.zeros((1, 2)), np.cumsum((step[1:] + step[:-1]) / 2, axis=0)])
    return curve + root, directions


def outlines(body: Placed) -> tuple[Vec, Vec]:
    """The trunk's outline on either side of its spine."""
    axis, along = body.on_spine(OUTLINE_AT)
    outwards = np.stack([-np.sin(np.radians(along)), np.cos(np.radians(along))], 1)
    back = axis + outwards * body.trunk.back_at(OUTLINE_AT)[:, None]
    return back, axis - outwards * (body.trunk.front_at(OUTLINE_AT) + body.belly_at(OUTLINE_AT))[:, None]


def _trunk_points(body: Placed) -> dict[str, Vec]:
    pelvis = body.directions["pelvis"]
    hip = body.spine[0]
    points = {
        "hip": hip,
        "c7": body.on_spine(np.array([C7]))[0][0],
        "seat": hip + unit(pelvis + 180) * 0.035 + unit(pelvis + 90) * 0.02,
    }
    for name, at in TRUNK_PLACES.items():
        where, along = (value[0] for value in body.on_spine(np.array([at])))
        points[f"back_{name}"] = where + unit(along + 90) * float(TRUNK.back_at(np.array(at)))
        points[f"front_{name}"] = where + unit(along - 90) * float(
            TRUNK.front_at(np.array(at)) + body.belly_at(np.array(at))
        )
    return points


def _head_points(body: Placed) -> dict[str, Vec]:
    up, forward = unit(body.directions["head"]), unit(body.directions["head"] - 90)
    skull = body.spine[-1]
    return {
        "skull": skull,
        "head": skull + up * 0.045 + forward * 0.006,
        "occiput": skull + up * 0.050 - forward * 0.020,
        "forehead": skull + up * 0.074 + forward * 0.034,
        "head_back": skull + up * 0.052 - forward * 0.0665,
        "crown": skull + up * 0.115,
        "mouth": skull + up * 0.002 + forward * 0.068,
    }


def _arm(pose: Vec, body: Placed, side: str, shorten: Mapping[str, float]) -> tuple[dict[str, Vec], dict[str, float]]:
    first = INDEX[f"shoulder.{side}"]
    flexion, elbow_flexion, wrist_flexion, slide = (float(angle) for angle in pose[first : first + 4])
    where, along = (value[0] for value in body.on_spine(np.array([SHOULDER_AT])))
    shoulder = where + unit(along - 90) * (0.004 + slide) + unit(along) * shorten.get("shrug", 0)
    upper = float(along) + 10 - 180 + flexion
    fore = upper + elbow_flexion
    hand = fore + wrist_flexion
    elbow = shoulder + unit(upper) * SEGMENT["upper_arm"] * shorten.get(f"upper_arm.{side}", 1)
    wrist = elbow + unit(fore) * SEGMENT["forearm"] * shorten.get(f"forearm.{side}", 1)
    points = {
        "shoulder": shoulder, "elbow": elbow, "wrist": wrist, "palm": wrist + unit(hand) * 0.05,
        "fingers": wrist + unit(hand) * SEGMENT["hand"],
    }  # fmt: skip
    return sided(points, side), sided({"upper_arm": upper, "forearm": fore, "hand": hand}, side)


def _leg(pose: Vec, body: Placed, side: str, shorten: Mapping[str, float]) -> tuple[dict[str, Vec], dict[str, float]]:
    first = INDEX[f"hip.{side}"]
    flexion, knee_flexion, dorsiflexion, toe_extension = (float(angle) for angle in pose[first : first + 4])
    thigh = body.directions["pelvis"] + NEUTRAL["pelvis"] - 180 + flexion
    shank = thigh - knee_flexion
    foot = shank + 90 + dorsiflexion
    upper, lower = (SEGMENT[part] * shorten.get(f"{part}.{side}", 1) for part in ("thigh", "shank"))
    knee = body.spine[0] + unit(thigh) * upper
    ankle = knee + unit(shank) * lower
    along, up = unit(foot), unit(foot + 90)
    ball = ankle + along * (SEGMENT["ball"] - 0.004) - up * (SEGMENT["ankle_height"] - RADIUS["ball"])
    heel = ankle - along * (SEGMENT["heel"] - RADIUS["heel"]) - up * (SEGMENT["ankle_height"] - RADIUS["heel"])
    toes = foot + toe_extension
    toe = ball + unit(toes) * SEGMENT["toes"] - unit(toes + 90) * (RADIUS["ball"] - RADIUS["toe"])
    points = {
        "knee": knee, "ankle": ankle, "heel": heel, "ball": ball, "toe": toe,
        "calf": knee + unit(shank) * lower * 0.3, "instep": ball + up * 0.003,
        "lap": body.spine[0] + unit(thigh) * upper * 0.8 + unit(thigh + 90) * 0.052,
        "ham": body.spine[0] + unit(thigh) * upper * 0.68 - unit(thigh + 90) * 0.046,
        "shin": knee + unit(shank) * lower * 0.26 + unit(shank + 90) * 0.033,
    }  # fmt: skip
    return sided(points, side), sided({"thigh": thigh, "shank": shank, "foot": foot, "toes": toes}, side)


def sided(values: Mapping[str, Value], side: str) -> dict[str, Value]:
    return {f"{name}.{side}": value for name, value in values.items()}


def blended(one: Mapping[str, float], other: Mapping[str, float], share: float) -> dict[str, float]:
    """What no joint moves, on the way from one pose to another; what swings past the viewer is shorter halfway."""
    names = sorted(name for name in one.keys() | other.keys() if not name.startswith(HALFWAY))
    usual = {name: 0 if name in AT_REST else 1 for name in names}
    ends = {name: (one.get(name, usual[name]), other.get(name, usual[name])) for name in names}
    more = {name: other[HALFWAY + name] - sum(ends[name]) / 2 for name in names if HALFWAY + name in other}
    return {
        name: (1 - share) * start + share * end + 4 * share * (1 - share) * more.get(name, 0)
        for name, (start, end) in ends.items()
    }


def mirrored(pose: Vec, joints: Collection[str] = LIMB_JOINTS) -> Vec:
    """The same pose with near and far side swapped, at least of these joints."""
    swapped = pose.copy()
    for joint in joints:
        near, far = INDEX[f"{joint}.near"], INDEX[f"{joint}.far"]
        swapped[near], swapped[far] = pose[far], pose[near]
    return swapped
