"""A bottle of water in a fist: the weight that everybody has at home. It stands across the hand."""

import numpy as np
from shapely import affinity
from shapely.geometry import Polygon, box
from shapely.geometry.base import BaseGeometry

from bot.pictures.layers import Canvas, Layer
from bot.pictures.outline import organic, union
from bot.pictures.profiles import Vec
from bot.pictures.props import Hands
from bot.pictures.skeleton import SIDES, Placed, unit
from bot.pictures.theme import BOTTLE, BOTTLE_CAP

# Body heights, from the middle of the fist up and down: a bottle of one litre.
FOOT, SHOULDER, NECK, TOP = -0.062, 0.034, 0.056, 0.072
IN_FIST = 0.037  # from the wrist
HALF, HALF_NECK, HALF_CAP = 0.0225, 0.0085, 0.0100


def held_by(hands: Hands | None) -> tuple[str, ...]:
    """The sides whose hand holds one."""
    return () if hands is None else SIDES if hands == "both" else (hands,)


def bottle(body: Placed, side: str, shift: Vec) -> tuple[BaseGeometry, BaseGeometry]:
    """The bottle and its cap, which points to the side of the thumb."""
    half = [(-HALF, FOOT), (-HALF, SHOULDER), (-HALF_NECK, NECK), (-HALF_NECK, TOP)]
    full = organic(Polygon([*half, *((-x, y) for x, y in reversed(half))]).buffer(0.002), 0.004)
    cap = box(-HALF_CAP, NECK + 0.004, HALF_CAP, TOP + 0.003).buffer(0.0015)
    turn = body.directions[f"hand.{side}"]
    x, y = body.points[f"wrist.{side}"] + unit(turn) * IN_FIST + shift
    placed = [affinity.translate(affinity.rotate(shape, turn, origin=(0, 0)), x, y) for shape in (full, cap)]
    return placed[0], placed[1]


def bottle_layers(body: Placed, side: str, shift: Vec) -> tuple[Layer, ...]:
    """To be drawn before the arm, so that the fingers close around it."""
    canvas = Canvas()
    full, cap = bottle(body, side, shift)
    canvas.body(full, BOTTLE, 0.010, 0.45)
    canvas.fill(cap, BOTTLE_CAP)
    return tuple(canvas.layers)


def bottles(body: Placed, hands: Hands | None) -> BaseGeometry:
    """The room they take in a picture."""
    return union(*(union(*bottle(body, side, np.zeros(2))).buffer(0.01) for side in held_by(hands)))
