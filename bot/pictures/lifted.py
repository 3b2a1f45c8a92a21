"""A backpack that is lifted by its handle with both hands: in front of the body, between the two arms."""

from typing import Final

import numpy as np
from shapely import affinity
from shapely.geometry import LineString, Polygon
from shapely.geometry.base import BaseGeometry

from bot.pictures.bottle import IN_FIST
from bot.pictures.layers import LINE, Canvas, Layer, Stroke
from bot.pictures.outline import organic
from bot.pictures.profiles import Vec
from bot.pictures.skeleton import SIDES, Placed, unit
from bot.pictures.theme import PACK

HANDLE: Final = 0.022  # from the fist down to the pack
SLIM: Final = 0.43  # half its width, as a share of its height: the fuller it is, the broader


def fists(body: Placed) -> Vec:
    """The middle between both hands."""
    places = [body.points[f"wrist.{side}"] + unit(body.directions[f"hand.{side}"]) * IN_FIST for side in SIDES]
    return np.asarray(sum(places) / len(places))


def pack_lifted(body: Placed, height: float) -> BaseGeometry:
    """It hangs straight down, its bottom `height` below the fists."""
    x, y = fists(body)
    full = height - HANDLE
    half = full * SLIM
    corners = [(-half * 0.92, -full), (half * 0.92, -full), (half, -full * 0.45), (half * 0.55, 0), (-half * 0.55, 0)]
    shape = organic(Polygon([*corners, (-half, -full * 0.45)]).buffer(-0.012).buffer(0.014, quad_segs=8), 0.008)
    # Rounding lifts the bottom a little; what stands on the floor must not float.
    sunk = -full - shape.bounds[1]
    return affinity.translate(shape, x, y - HANDLE + sunk)


def lifted_layers(body: Placed, height: float | None) -> tuple[Layer, ...]:
    """Over the far arm, under legs and near arm: it goes up between the knees."""
    if height is None:
        return ()
    canvas, shape = Canvas(), pack_lifted(body, height)
    x, y = fists(body)
    handle = LineString(
        [(x - 0.022, y - HANDLE - 0.012), (x - 0.012, y), (x + 0.012, y), (x + 0.022, y - HANDLE - 0.012)]
    )
    canvas.stroke(Stroke(handle, PACK.dark, 0.009))
    canvas.body(shape, PACK, 0.011, 0.45)
    left, low, right, top = shape.bounds
    for share in (0.30, 0.72):
        level = low + (top - low) * share
        canvas.line(
            LineString([(left, level), (right, level + 0.006)]).intersection(shape.buffer(-0.008)),
            PACK.dark,
            0.9,
            LINE * 1.1,
        )
    return tuple(canvas.layers)
