"""A small closed band around both thighs, seen from the front: over the upper leg, pulling at the lower one."""

from typing import Final

import numpy as np
from shapely.geometry import LineString
from shapely.geometry.base import BaseGeometry

from bot.pictures.front_profiles import FRONT_THIGH
from bot.pictures.layers import Canvas, Layer
from bot.pictures.outline import organic
from bot.pictures.profiles import Vec
from bot.pictures.skeleton import Placed, unit
from bot.pictures.theme import LOOP

AT: Final = 0.80  # share of the thigh
HALF: Final = 0.0125  # half its width


def loop_shape(body: Placed) -> BaseGeometry:
    """From the outer edge of one thigh to that of the other."""
    left, right = (_edge(body, side) for side in ("left", "right"))
    return organic(LineString([left, right]).buffer(HALF, cap_style="flat"), 0.003)


def _edge(body: Placed, side: str) -> Vec:
    hip, knee = body.points[f"hip.{side}"], body.points[f"knee.{side}"]
    outwards = body.directions[f"thigh.{side}"] + (90 if side == "right" else -90)
    return np.asarray(hip + (knee - hip) * AT + unit(outwards) * float(FRONT_THIGH.front_at(np.array(AT))))


def loop_layers(body: Placed) -> tuple[Layer, ...]:
    """Over both legs, under the arms."""
    canvas = Canvas()
    canvas.body(loop_shape(body), LOOP, 0.004, 0.5)
    return tuple(canvas.layers)
