"""A stick: seen from the front in both fists, from the side along the back.

There it touches sacrum, upper back and the back of the head, or it stands off and says so.
"""

from typing import Final

import numpy as np
from shapely.geometry import LineString
from shapely.geometry.base import BaseGeometry

from bot.pictures.front_skeleton import FRONT_SIDES
from bot.pictures.layers import Canvas, Layer, Stroke
from bot.pictures.outline import moved
from bot.pictures.profiles import Vec
from bot.pictures.skeleton import Placed
from bot.pictures.theme import WOOD

# Where it lies on, from below: the same names that a pose's `line` says.
LIES_ON: Final = ("back_sacrum", "back_upback", "head_back")
WIDTH: Final = 0.0135
BESIDE: Final = 0.75  # share of the way from fist to fist that it goes on beyond either
BELOW, ABOVE = 0.115, 0.085  # how far it goes on beyond sacrum and head


def stick(body: Placed) -> Vec:
    """Its two ends: along the back, the lower first, half its thickness behind the points that it touches.

    Seen from the front it goes through both fists.
    """
    if body.view == "front":
        left, right = (body.points[f"wrist.{side}"] * 0.4 + body.points[f"palm.{side}"] * 0.6 for side in FRONT_SIDES)
        beyond = (right - left) * BESIDE
        return np.stack([left - beyond, right + beyond])
    low, high = body.points[LIES_ON[0]], body.points[LIES_ON[-1]]
    along = (high - low) / np.linalg.norm(high - low)
    behind = np.array([-along[1], along[0]]) * WIDTH / 2
    return np.stack([low - along * BELOW + behind, high + along * ABOVE + behind])


def stick_shape(body: Placed) -> BaseGeometry:
    return LineString(stick(body)).buffer(WIDTH / 2)


def stick_layers(body: Placed) -> tuple[Layer, ...]:
    """Over trunk and head, under the near arm, so that its fingers close around it."""
    canvas, line = Canvas(), LineString(stick(body))
    canvas.stroke(Stroke(line, WOOD.dark, WIDTH))
    canvas.stroke(Stroke(moved(line, np.array([-0.0016, 0.0016])), WOOD.light, WIDTH * 0.6))
    return tuple(canvas.layers)
