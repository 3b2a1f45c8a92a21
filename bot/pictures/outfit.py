"""What someone carries or wears for an exercise: a backpack on the trunk, shoes on the feet."""

from typing import Final

import numpy as np
from shapely.geometry import LineString, Polygon
from shapely.geometry.base import BaseGeometry

from bot.pictures.layers import LINE, Canvas, Layer
from bot.pictures.outline import curve, moved, organic
from bot.pictures.profiles import Vec
from bot.pictures.skeleton import Placed, unit
from bot.pictures.theme import PACK, SHOE
from bot.pictures.torso import outside, trunk_point

PACK_FROM, PACK_TO, PACK_DEPTH = 0.098, 0.302, 0.092  # arc lengths; how far it stands off the back
STRAP: Final = 0.0085
# (arc length, depth -1 belly to 1 back): from the pack over the shoulder, down the chest, under the arm to the pack.
_STRAP_COURSE: Final = ((0.292, 1.0), (0.313, 0.55), (0.312, -0.25), (0.282, -0.72), (0.228, -0.62), (0.160, 0.95))


def pack(body: Placed) -> BaseGeometry:
    """Full at the bottom, as packs are; its straight side lies along the back."""
    t = np.linspace(0, 1, 40)
    at = PACK_FROM + (PACK_TO - PACK_FROM) * t
    bulge = PACK_DEPTH * (1 - np.abs(2 * t - 1) ** 4) ** 0.5 * (1 - 0.22 * t)
    inner, outer = outside(body, at, np.full(40, -0.020)), outside(body, at, bulge)
    return organic(Polygon(np.vstack([inner, outer[::-1]])).buffer(0), 0.009)


def pack_behind(body: Placed) -> tuple[Layer, ...]:
    """What the trunk covers."""
    canvas, shape = Canvas(), pack(body)
    canvas.body(shape, PACK, 0.011, 0.45)
    at = np.linspace(PACK_FROM + 0.022, PACK_FROM + 0.098, 20)
    pocket = outside(body, at, np.full(20, 0.046))
    flap = outside(body, np.linspace(PACK_TO - 0.052, PACK_TO - 0.040, 12), np.linspace(0.004, 0.078, 12))
    for line in (pocket, flap):
        canvas.line(LineString(line).intersection(shape.buffer(-0.006)), PACK.dark, 0.9, LINE * 1.1)
    return tuple(canvas.layers)


def pack_strap(body: Placed) -> tuple[Layer, ...]:
    """Over the shirt, under the near arm."""
    canvas = Canvas()
    course = LineString(curve([trunk_point(body, at, depth) for at, depth in _STRAP_COURSE]))
    canvas.body(course.buffer(STRAP), PACK, 0.004, 0.45)
    return tuple(canvas.layers)


def shoe(foot: BaseGeometry, ankle: Vec, direction: float) -> tuple[BaseGeometry, BaseGeometry]:
    """Upper and sole around a bare foot, up to the ankle bone."""
    along, up = unit(direction), unit(direction + 90)
    corners = ((-0.08, 0.010), (-0.01, 0.004), (0.03, 0.012), (0.16, 0.060), (0.16, -0.08), (-0.08, -0.08))
    low = Polygon([ankle + along * x + up * y for x, y in corners])
    upper = organic(foot.intersection(low).buffer(0.0035), 0.004)
    sole = upper.difference(moved(upper, up * 0.0085)).intersection(upper.buffer(-0.0002))
    return upper, sole


def shoe_layers(foot: BaseGeometry, ankle: Vec, direction: float, *, far: bool) -> tuple[Layer, ...]:
    canvas, tone = Canvas(), SHOE[far]
    upper, sole = shoe(foot, ankle, direction)
    canvas.body(upper, tone, 0.006, 0.5)
    canvas.fill(sole, tone.dark)
    return tuple(canvas.layers)
