"""Arms and legs as outlines: bones joined, rounded, and then dressed with sleeve and trouser leg."""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from shapely.geometry import LineString
from shapely.geometry.base import BaseGeometry

from bot.pictures.front_profiles import FEET, TOE_LINE, TOE_LINES
from bot.pictures.outline import (
    NOTHING,
    beyond,
    biggest,
    closed_up,
    disc,
    local_line,
    local_points,
    local_shape,
    opened,
    organic,
    tube,
    union,
)
from bot.pictures.profiles import (
    FOREARM,
    HANDS,
    HIND_FOOT,
    KNUCKLE,
    SHANK,
    THIGH,
    TOES,
    UPPER_ARM,
    Profile,
    Vec,
    fuller,
)
from bot.pictures.skeleton import SEGMENT, Placed, unit

SLEEVE: Final = 0.58  # share of the upper arm
CUFF: Final = 0.90  # share of the shank
HEEL_SIT: Final = 140  # degrees of knee flexion
NEARER: Final = 0.010
SHAPES: Final = {"resting": "flat", "under": "flat", "through": "flat", "across": "laid", "turned_fist": "fist"}
TURNED: Final = {"resting", "turned_fist"}  # the other side of the hand is up
TOWARD: Final = 0.35  # share of the upper arm's length that is seen
TIPS: Final = 0.55  # share of an open hand's length that is seen at least
KNUCKLES: Final = 0.45  # of one that lies on the body and reaches past the viewer
FORESHORTENED: Final = 0.75  # a thigh shorter than this share shows its knee in front of it
ALONG: Final = 0.14  # body heights: a shank that is seen shorter points at the viewer or past them
CRUMB: Final = 4e-4  # of a partly hidden arm: less than this is a sliver


@dataclass(frozen=True, slots=True, eq=False)
class Arm:
    skin: BaseGeometry
    sleeve: BaseGeometry
    upper: BaseGeometry
    fore: BaseGeometry
    thumb_line: LineString
    fingers: BaseGeometry
    shoulder: Vec
    elbow: Vec
    below_elbow: BaseGeometry = NOTHING
    toward: bool = False  # the viewer: forearm and hand hide the sleeve behind them


@dataclass(frozen=True, slots=True, eq=False)
class Leg:
    trousers: BaseGeometry
    thigh: BaseGeometry
    shank: BaseGeometry
    foot: BaseGeometry
    knee: Vec
    ankle: Vec
    flexion: float  # as it is seen
    shank_direction: float
    shank_length: float
    knee_line: BaseGeometry  # of a knee that points at the viewer
    foot_direction: float
    toe_lines: BaseGeometry = NOTHING


def arm(body: Placed, side: str, hand: str, shift: Vec) -> Arm:
    shoulder, elbow, wrist = (body.points[f"{name}.{side}"] + shift for name in ("shoulder", "elbow", "wrist"))
    # A segment pointing at the viewer is shorter but keeps its thickness.
    upper_direction, upper_length = bone(shoulder, elbow, body.directions[f"upper_arm.{side}"])
    fore_direction, fore_length = bone(elbow, wrist, body.directions[f"forearm.{side}"])
    above = fuller(UPPER_ARM, body.girth * 0.45)
    upper = union(tube(shoulder, upper_direction, upper_length, above), disc(shoulder, 0.0325), disc(elbow, 0.0225))
    fore = union(tube(elbow, fore_direction, fore_length, FOREARM), disc(elbow, 0.0225))
    # A hand on one's own body turns its palm the other way; seen from the front, left and right mirror each other.
    turned = (hand in TURNED) != (side == "right")
    shape = HANDS[SHAPES.get(hand, hand)]
    direction, seen = bone(wrist, body.points[f"fingers.{side}"] + shift, body.directions[f"hand.{side}"])
    along, near = _length_seen(hand, seen / SEGMENT["hand"]), body.nearness.get(side, 1.0)
    hand_parts = [
        tuple((x * near * along, y * near) for x, y in part)
        for part in (shape.outline, shape.thumb, shape.thumb_line, shape.knuckles, *shape.fingers)
    ]
    palm = local_shape(hand_parts[0], wrist, direction, mirrored=turned)
    thumb = local_shape(hand_parts[1], wrist, direction, mirrored=turned)
    # Round before the smoothed outline, which would take them away.
    at = local_points(hand_parts[3], wrist, direction, mirrored=turned)
    knuckles = union(*(disc(one, KNUCKLE * near) for one in at))
    toward = body.view == "front" and upper_length < TOWARD * SEGMENT["upper_arm"]
    shown = fore if toward else union(upper, fore)
    skin = organic(closed_up(union(shown, palm, disc(wrist, 0.0152 * near)), 0.012), 0.0035)
    return Arm(
        skin=union(skin, thumb, knuckles),
        sleeve=_sleeve(shoulder, upper_direction, upper_length, above),
        upper=organic(upper, 0.005),
        fore=organic(fore, 0.005),
        thumb_line=local_line(hand_parts[2], wrist, direction, mirrored=turned),
        fingers=union(*(local_line(part, wrist, direction, mirrored=turned) for part in hand_parts[4:])),
        below_elbow=organic(closed_up(union(fore, palm, disc(wrist, 0.0152 * near)), 0.012), 0.0035)
        .union(thumb)
        .union(knuckles),
        shoulder=shoulder,
        elbow=elbow,
        toward=toward,
    )


def _length_seen(hand: str, share: float) -> float:
    """A fist is as deep as it is long; an open hand that points at the viewer shows its fingertips."""
    if SHAPES.get(hand, hand) == "fist":
        return 1.0
    return float(np.clip(share, KNUCKLES, 1) if hand == "laid" else np.clip(share / 0.5, TIPS, 1))


def bone(start: Vec, end: Vec, direction: float) -> tuple[float, float]:
    """How a segment is seen, direction and length: one that points past the viewer is drawn backwards."""
    way = end - start
    return direction + (180 if float(way @ unit(direction)) < 0 else 0), float(np.linalg.norm(way))


def tucked(arm: Arm, body: Placed, side: str, cover: BaseGeometry) -> Arm:
    """The same arm with its hand under the body: what `cover` hides of the hand is not seen."""
    seen = _without(arm, body, ("palm", "fingers"), side, cover)
    return replace(arm, skin=organic(biggest(seen), 0.006), thumb_line=LineString(), fingers=NOTHING)


def threaded(arm: Arm, body: Placed, side: str, cover: BaseGeometry) -> Arm:
    """The same arm reaching through behind a leg: what `cover` hides of it is not seen, what comes out behind it is."""
    seen = _without(arm, body, ("elbow", "wrist", "fingers"), side, cover)
    parts = [part for part in getattr(seen, "geoms", [seen]) if part.area > CRUMB]
    return replace(arm, skin=union(*parts), thumb_line=LineString(), fingers=NOTHING)


def _without(arm: Arm, body: Placed, parts: tuple[str, ...], side: str, cover: BaseGeometry) -> BaseGeometry:
    reach = LineString([body.points[f"{part}.{side}"] for part in parts]).buffer(0.050)
    return opened(arm.skin.difference(reach.intersection(cover)), 0.002)


def _sleeve(shoulder: Vec, direction: float, length: float, shape: Profile) -> BaseGeometry:
    """Wider at the hem; cut only after rounding, so that the hem stays crisp."""
    snug = organic(
        union(tube(shoulder, direction, length, shape, (0, SLEEVE + 0.2), 0.0045), disc(shoulder, 0.037)), 0.005
    )
    flare = tube(shoulder, direction, length, shape, (SLEEVE - 0.25, SLEEVE + 0.1), 0.0065)
    hem = beyond(shoulder, direction, length * SLEEVE, 0.006, (0.06, 0.14))
    return organic(union(snug, flare), 0.006).difference(hem)


def leg(body: Placed, side: str, shift: Vec) -> Leg:
    hip, knee, ankle = (
        body.points["hip"] + shift,
        body.points[f"knee.{side}"] + shift,
        body.points[f"ankle.{side}"] + shift,
    )
    thigh_direction, thigh_length = bone(hip, knee, body.directions[f"thigh.{side}"])
    shank_direction, shank_length = bone(knee, ankle, body.directions[f"shank.{side}"])
    flexion = thigh_direction - shank_direction
    foot_direction = body.directions[f"foot.{side}"]
    seen_along = shank_length < ALONG or shank_direction != body.directions[f"shank.{side}"]
    # A knee that points at the viewer is nearer and looks a little thicker.
    knob = disc(knee, 0.0355 + NEARER * max(0.0, 1 - thigh_length / SEGMENT["thigh"]))
    if flexion > 25:
        # The kneecap stands out on the outer side of the bend.
        knob = union(knob, disc(knee + unit(thigh_direction + 90 - flexion / 2) * 0.006, 0.0335))
    thigh = tube(hip, thigh_direction, thigh_length, fuller(THIGH, body.girth), (-0.05, 1))
    shank = tube(knee, shank_direction, shank_length, SHANK, (0, 1), 0.001)
    cuff = cuff_cut(knee, shank_direction, shank_length)
    whole = organic(closed_up(union(thigh, shank, knob), 0.016), 0.007)
    return Leg(
        trousers=without_tab(whole.difference(cuff), flexion),
        thigh=organic(union(thigh, knob), 0.007),
        shank=organic(union(shank, knob), 0.006).difference(cuff),
        foot=_foot_seen_along(ankle, foot_direction)
        if seen_along
        else _foot(body, side, shift, ankle, tube(knee, shank_direction, shank_length, SHANK, (0.7, 1))),
        knee=knee,
        ankle=ankle,
        flexion=flexion,
        shank_direction=shank_direction,
        shank_length=shank_length,
        knee_line=NOTHING
        if thigh_length > FORESHORTENED * SEGMENT["thigh"]
        else knee_arc(knee, thigh_direction + 180, 0.040),
        foot_direction=foot_direction,
        toe_lines=_toes_seen_along(ankle, foot_direction) if seen_along else NOTHING,
    )


def knee_arc(knee: Vec, middle: float, radius: float) -> LineString:
    """The edge of a knee before the thigh that it hides."""
    angles = np.radians(np.linspace(middle - 62, middle + 62, 24))
    return LineString(knee + radius * np.stack([np.cos(angles), np.sin(angles)], 1))


def cuff_cut(knee: Vec, direction: float, length: float) -> BaseGeometry:
    return beyond(knee, direction, length * CUFF, 0.006, (0.045, 0.07))


def without_tab(trousers: BaseGeometry, flexion: float) -> BaseGeometry:
    """Where thigh and shank lie on each other, the cut of the cuff leaves a tab between them."""
    return biggest(opened(trousers, 0.009)) if flexion > HEEL_SIT else trousers


def _foot_seen_along(ankle: Vec, direction: float) -> BaseGeometry:
    """Of a shank that points past the viewer its foot is seen from the instep, the big toe up."""
    sole = local_shape(FEET["hanging"], ankle, direction, mirrored=True)
    return organic(closed_up(union(sole, disc(ankle, 0.0215)), 0.012), 0.0035)


def _toes_seen_along(ankle: Vec, direction: float) -> BaseGeometry:
    along, aside = unit(direction), unit(direction - 90)
    tips, ends = ankle + along * 0.088, ankle + along * (0.086 - 2 * TOE_LINE)
    return union(*(LineString([tips + aside * at, ends + aside * at]) for at in TOE_LINES))


def _foot(body: Placed, side: str, shift: Vec, ankle: Vec, above: BaseGeometry) -> BaseGeometry:
    """Hind foot and toes turn against each other at the ball."""
    ball = body.points[f"ball.{side}"] + shift
    hind = local_shape(HIND_FOOT, ankle, body.directions[f"foot.{side}"])
    toes = local_shape(TOES, ball, body.directions[f"toes.{side}"])
    sole = opened(closed_up(union(hind, toes, disc(ball, 0.0118)), 0.006), 0.006)
    return organic(closed_up(union(sole, disc(ankle, 0.0215), above), 0.016), 0.0035)
