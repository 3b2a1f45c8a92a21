"""Somebody who stands or kneels, seen from right above: what comes to the viewer in the front view goes down here.

Worked out from the pose seen from the front: a segment that is seen shorter points at the viewer by what is missing.
"""

from itertools import pairwise
from typing import Final

import numpy as np
from shapely import affinity
from shapely.geometry import LineString, box
from shapely.geometry.base import BaseGeometry

from bot.pictures import marks
from bot.pictures.front_skeleton import FRONT_SIDES
from bot.pictures.layers import Canvas, Layer
from bot.pictures.limbs import SLEEVE
from bot.pictures.outline import beyond, closed_up, disc, organic, tube, union
from bot.pictures.profiles import FOREARM, UPPER_ARM, Vec
from bot.pictures.props import Props
from bot.pictures.skeleton import SEGMENT, Placed, unit
from bot.pictures.theme import GROUND, METAL, WALL, Person
from bot.pictures.tied import HALF, TONES, handle

# In body heights; x as in the front view, y is 0 in the body's middle and falls towards the viewer.
MIDDLE, RADIUS = (0.045, -0.150), 0.295  # what is shown
TRUNK, FACE, HAIR = (0.104, 0.060), (0.047, 0.064), (0.0555, 0.056)  # half axes
HAIR_BACK: Final = 0.020  # how far behind the face
FIST_FROM, FIST_AHEAD, FIST, NOSE = 0.024, 0.010, 0.029, 0.010  # fists: from the wrist, and radius
BESIDE, BOLDNESS = 0.135, 1.15  # of the arrow from the arms
STILL: Final = 0.03
JOINTS: Final = (0.0325, 0.0225, 0.016)  # radii of shoulder, elbow and wrist


def overhead_layers(body: Placed, props: Props, person: Person) -> tuple[Layer, ...]:
    """From the floor up."""
    canvas = Canvas()
    canvas.fill(_shown(), GROUND, 0.20)
    trunk = organic(union(_oval(TRUNK), *(disc(_shoulder(body, side), 0.040) for side in FRONT_SIDES)), 0.008)
    canvas.body(trunk, person.shirt, 0.010)
    for side in FRONT_SIDES:
        _arm(canvas, _course(body, side), person)
    _band(canvas, body, props)
    for side in FRONT_SIDES:
        fist = disc(_fist(body, side), FIST)
        canvas.body(fist, person.skin, 0.006)
        canvas.line(fist.boundary, person.skin.dark, 0.7)
    _head(canvas, trunk, person)
    return tuple(canvas.layers)


def overhead_arrow(start: Placed, goal: Placed, opacity: float) -> tuple[Layer, ...]:
    """Beside the arms, along the way of the hands from one pose to another; none when they stay."""
    tail, tip = (grip(body) - np.array([BESIDE, 0]) for body in (start, goal))
    if opacity <= 0 or float(np.linalg.norm(tip - tail)) < STILL:
        return ()
    return marks.arrow_layers(tail + (tip - tail) * np.linspace(0.15, 1, 40)[:, None], opacity, BOLDNESS)


def grip(body: Placed) -> Vec:
    """Between the two fists."""
    return np.asarray((_fist(body, "left") + _fist(body, "right")) / 2)


def _shown() -> BaseGeometry:
    return disc(np.array(MIDDLE), RADIUS)


def _oval(half: tuple[float, float], behind: float = 0) -> BaseGeometry:
    return affinity.scale(disc(np.array([0.0, behind]), 1), *half)


def _shoulder(body: Placed, side: str) -> Vec:
    return np.array([float(body.points[f"shoulder.{side}"][0]), 0.0])


def _course(body: Placed, side: str) -> tuple[Vec, Vec, Vec]:
    """Shoulder, elbow and wrist."""
    names = ("shoulder", "elbow", "wrist")
    seen = [body.points[f"{name}.{side}"] for name in names]
    places = [_shoulder(body, side)]
    for name, start, end in zip(("upper_arm", "forearm"), seen, seen[1:], strict=False):
        missing = SEGMENT[name] ** 2 - float((end - start) @ (end - start))
        places.append(places[-1] + np.array([float(end[0] - start[0]), -np.sqrt(max(0.0, missing))]))
    shoulder, elbow, wrist = places
    return shoulder, elbow, wrist


def _fist(body: Placed, side: str) -> Vec:
    """Hands close around each other as they do in the front view."""
    wrist = _course(body, side)[-1]
    return np.asarray(wrist + np.array([unit(body.directions[f"hand.{side}"])[0] * FIST_FROM, -FIST_AHEAD]))


def _arm(canvas: Canvas, course: tuple[Vec, Vec, Vec], person: Person) -> None:
    bones = [_bone(start, end) for start, end in pairwise(course)]
    upper, fore = (
        tube(start, *bone, shape) for start, bone, shape in zip(course, bones, (UPPER_ARM, FOREARM), strict=False)
    )
    joints = (disc(joint, radius) for joint, radius in zip(course, JOINTS, strict=True))
    arm = organic(closed_up(union(upper, fore, *joints), 0.012), 0.004)
    canvas.body(arm, person.skin, 0.007)
    along, length = bones[0]
    sleeve = union(tube(course[0], along, length, UPPER_ARM, (0, SLEEVE + 0.2), 0.006), disc(course[0], 0.037))
    hem = beyond(course[0], along, max(length * SLEEVE, 0.02), 0.006, (0.06, 0.20))
    canvas.body(organic(sleeve, 0.005).difference(hem), person.shirt, 0.007)


def _bone(start: Vec, end: Vec) -> tuple[float, float]:
    way = end - start
    return float(np.degrees(np.arctan2(way[1], way[0]))), float(np.linalg.norm(way))


def _band(canvas: Canvas, body: Placed, props: Props) -> None:
    """From the fists to the handle, which is straight beside the body."""
    if props.tied is None or props.wall is None:
        return
    x, faces = props.wall.x, props.wall.faces
    left, right = sorted((x, x - faces))
    canvas.fill(box(left, -9, right, 9), WALL.light)
    end = np.array([float(handle(props)[0]), 0.0])
    canvas.fill(disc(end, 0.018), METAL.light)
    canvas.body(LineString([grip(body), end]).buffer(HALF[props.tied.kind] * 1.2), TONES[props.tied.kind], 0.005, 0.5)


def _head(canvas: Canvas, trunk: BaseGeometry, person: Person) -> None:
    face = union(_oval(FACE), disc(np.array([0.0, -FACE[1] - 0.002]), NOSE))
    ears = union(*(disc(np.array([side * FACE[0], -0.004]), 0.011) for side in (-1, 1)))
    canvas.fill(union(face, ears).buffer(0.010).intersection(trunk), person.shirt.dark, 0.25)
    canvas.body(union(face, ears), person.skin, 0.006)
    hair = organic(_oval(HAIR, HAIR_BACK), 0.004)
    canvas.body(hair, person.hair, 0.010, 0.5)
