"""A shopping bag in a fist: it hangs straight down whatever the body does, broad from the side, narrow in front."""

from typing import Final

import numpy as np
from shapely.geometry import LineString, Polygon, box
from shapely.geometry.base import BaseGeometry

from bot.pictures.layers import Canvas, Layer, Stroke
from bot.pictures.outline import organic, union
from bot.pictures.profiles import Vec
from bot.pictures.props import BagIn
from bot.pictures.skeleton import Placed, unit
from bot.pictures.theme import BAG, BAG_CREAM, BOTTLE, BOTTLE_CAP

IN_FIST: Final = 0.034  # from the wrist
HANDLES: Final = 0.075  # how far below the fist the bag begins
# Half its width above and below, and its height: body heights, for a light and a heavy one.
SIZES: Final = {False: (0.034, 0.043, 0.150), True: (0.044, 0.058, 0.185)}
BROADER: Final = 1.5  # seen from the side
STRAP: Final = 0.0085


def held_by(bag: BagIn | None, view: str) -> tuple[str, ...]:
    """The sides whose hand holds one."""
    if bag is None:
        return ()
    return (("left", "right") if view == "front" else ("near", "far")) if bag.hand == "both" else (bag.hand,)


def _grip(body: Placed, side: str, shift: Vec) -> Vec:
    return np.asarray(body.points[f"wrist.{side}"] + unit(body.directions[f"hand.{side}"]) * IN_FIST + shift)


def sack(bag: BagIn, body: Placed, side: str, shift: Vec) -> BaseGeometry:
    """The bag without its handles; full at the bottom."""
    broad = 1.0 if body.view == "front" else BROADER
    above, below, height = SIZES[bag.heavy]
    x, y = _grip(body, side, shift) - np.array([0, HANDLES])
    corners = [(-above, 0), (above, 0), (below, -height), (-below, -height)]
    return organic(Polygon([(x + a * broad, y + b) for a, b in corners]).buffer(0.004), 0.007)


def bag_layers(bag: BagIn, body: Placed, side: str, shift: Vec) -> tuple[Layer, ...]:
    """To be drawn before the arm, so that the fingers close around the handles."""
    canvas, full = Canvas(), sack(bag, body, side, shift)
    grip, (left, low, right, top) = _grip(body, side, shift), full.bounds
    for share in (0.38, 0.62) if bag.heavy else ():
        # Bottles that look out say that it is heavy.
        x = left + (right - left) * share
        canvas.fill(box(x - 0.007, top - 0.02, x + 0.007, top + 0.020).buffer(0.002), BOTTLE.light)
        canvas.fill(box(x - 0.009, top + 0.016, x + 0.009, top + 0.027).buffer(0.002), BOTTLE_CAP)
    for share in (0.24, 0.76):
        foot = np.array([left + (right - left) * share, top - 0.012])
        canvas.stroke(Stroke(LineString([grip, foot]), BAG.dark, STRAP))
    canvas.body(full, BAG, 0.010, 0.5)
    band = box(left - 1, low + 0.030, right + 1, low + 0.052 + 0.012 * bag.heavy).intersection(full)
    canvas.fill(band, BAG_CREAM, 0.85)
    return tuple(canvas.layers)


def bag_room(bag: BagIn | None, body: Placed) -> BaseGeometry:
    """The room they take in a picture."""
    if bag is None:
        return union()
    return union(*(sack(bag, body, side, np.zeros(2)).buffer(0.008) for side in held_by(bag, body.view)))
