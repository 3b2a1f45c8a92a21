"""Mat, floor plate and wall. They have depth, because on a thin line far feet seem to float."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from shapely import affinity
from shapely.geometry import LineString, Polygon, box
from shapely.geometry.base import BaseGeometry

from bot.pictures.contacts import Surfaces, Wall
from bot.pictures.layers import Canvas, Layer
from bot.pictures.outline import disc, moved, union
from bot.pictures.profiles import Vec
from bot.pictures.theme import GRASS, GROUND, MAT, MAT_SEAM, PATH, SHADOW, WALL, WOOD

NEAR_EDGE, FAR_EDGE, SKEW, THICKNESS = -0.046, 0.030, 0.040, 0.013
FAR_OFF: Final = 0.0096  # how far to the right far limbs are drawn
MARKS, MARK_EVERY = 2, 0.12
# Seen from above: where the shade of a body falls, and by how much more with every body height above the mat.
LIES_OFF: Final[Vec] = np.array([0.007, -0.010])
FALLS_OFF: Final[Vec] = np.array([0.26, -0.26])
# Of a way that comes to the viewer: where it begins and ends in the picture, half its width there, stones on it.
AHEAD_FAR, AHEAD_NEAR, AHEAD_HALF = 0.045, -0.125, (0.115, 0.250)
AHEAD_PEBBLES: Final = ((-0.135, -0.030), (0.120, 0.012), (0.165, -0.085), (-0.178, -0.100), (-0.075, 0.030))
Span = tuple[float, float]
Bounds = tuple[float, float, float, float]  # left, low, right, top


def mat(span: Span, near_edge: float = NEAR_EDGE, far_edge: float = FAR_EDGE) -> tuple[Layer, ...]:
    start, end = span
    near, far = skewed(near_edge), skewed(far_edge)
    top = Polygon([(start + near, near_edge), (end + near, near_edge), (end + far, far_edge), (start + far, far_edge)])
    top = top.buffer(-0.006).buffer(0.006, quad_segs=8)
    canvas = Canvas()
    steps = [moved(top, np.array([0, -THICKNESS * share])) for share in (0.34, 0.67, 1)]
    canvas.fill(union(top, *steps), MAT.dark)
    canvas.fill(top, MAT.light)
    seam = far_edge - 0.009
    canvas.line(
        LineString([(start + skewed(seam) - 0.003, seam), (end + skewed(seam) - 0.017, seam)]), MAT_SEAM, 0.8, 0.0024
    )
    return tuple(canvas.layers)


def skewed(edge: float) -> float:
    """How far to the right a mat's edge lies that is at this height in the picture."""
    return SKEW * ((edge - NEAR_EDGE) / (FAR_EDGE - NEAR_EDGE) - 0.5)


def mat_from_above(bounds: Bounds) -> tuple[Layer, ...]:
    """The whole mat below somebody who lies on it, with the seam along its edge."""
    left, low, right, top = bounds
    whole = box(left, low, right, top).buffer(-0.02).buffer(0.02, quad_segs=8)
    canvas = Canvas()
    canvas.fill(moved(whole, np.array([0.004, -THICKNESS])), MAT.dark)
    canvas.fill(whole, MAT.light)
    canvas.line(whole.buffer(-0.014).boundary, MAT_SEAM, 0.8, 0.0024)
    return tuple(canvas.layers)


def shade_below(low: BaseGeometry, lifted: Sequence[tuple[float, BaseGeometry]]) -> tuple[Layer, ...]:
    """The soft shade of somebody who lies: away from the light at the top left, further the higher a part is."""
    canvas = Canvas()
    parts = [moved(low, LIES_OFF), *(moved(part, LIES_OFF + height * FALLS_OFF) for height, part in lifted)]
    shape = union(*parts).simplify(0.001)
    for wide in (0.012, 0.007, 0.002):
        canvas.fill(shape.buffer(wide, quad_segs=4), SHADOW, 0.10)
    return tuple(canvas.layers)


def floor_plate(span: Span) -> tuple[Layer, ...]:
    half = 0.026
    middle = LineString([(span[0] + half, -0.003), (span[1] - half, -0.003)])
    canvas = Canvas()
    canvas.fill(middle.buffer(half), GROUND, 0.32)
    return tuple(canvas.layers)


def path(span: Span, travelled: float, step: float) -> tuple[Layer, ...]:
    """A way through grass. Its marks repeat with every step, so that a walker can come by for ever."""
    every = step / round(step / MARK_EVERY)
    start, end = span
    canvas = Canvas()
    canvas.fill(box(start, FAR_EDGE - 0.004, end, FAR_EDGE + 0.007), GRASS.light)
    canvas.fill(box(start, NEAR_EDGE - 0.012, end, FAR_EDGE), PATH.light)
    canvas.fill(box(start, NEAR_EDGE - 0.024, end, NEAR_EDGE - 0.010), GRASS.light)
    first = int(np.floor((start + travelled) / every)) - 1
    for number in range(first, first + int((end - start) / every) + 4):
        x = number * every - travelled
        for shape, colour in _marks(x, number % MARKS):
            canvas.fill(shape.intersection(box(start, -1, end, 1)), colour)
    return tuple(canvas.layers)


def path_ahead(middle: float) -> tuple[Layer, ...]:
    """A way that comes to the viewer, under somebody who is seen from the front."""
    half_far, half_near = AHEAD_HALF
    canvas = Canvas()

    def strip(inner: float, outer: float) -> BaseGeometry:
        ends = [(-outer, AHEAD_NEAR), (-inner, AHEAD_NEAR), (-inner, AHEAD_FAR), (-outer, AHEAD_FAR)]
        share = half_far / half_near
        return Polygon([(middle + x * (share if y == AHEAD_FAR else 1), y) for x, y in ends])

    grass = strip(-half_near - 0.030, half_near + 0.030).buffer(-0.004).buffer(0.004)
    canvas.fill(grass, GRASS.light)
    canvas.fill(strip(-half_near, half_near), PATH.light)
    for x, y in AHEAD_PEBBLES:
        canvas.fill(affinity.scale(disc(np.array([middle + x, y]), 0.007), 1.6, 0.5), PATH.dark)
    return tuple(canvas.layers)


def _marks(x: float, kind: int) -> list[tuple[BaseGeometry, str]]:
    """A pebble on the way and a tuft at its edge, each a little different from the next."""
    at = np.array([x + 0.020 * kind, NEAR_EDGE + 0.012 + 0.020 * (kind % 2)])
    pebble = affinity.scale(disc(at, 0.008 + 0.002 * kind), 1.5, 0.45)
    left, low = x + 0.055 - 0.012 * kind, FAR_EDGE + 0.003
    blades = [
        Polygon([(left - 0.006, low), (left + 0.006, low), (left + lean, low + high)])
        for lean, high in ((-0.013, 0.020 + 0.004 * kind), (0.001, 0.030), (0.014, 0.022))
    ]
    return [(pebble, PATH.dark), (union(*blades).buffer(0.0015), GRASS.dark)]


def walls(surfaces: Surfaces) -> tuple[Layer, ...]:
    canvas = Canvas()
    for wall in surfaces.values():
        if isinstance(wall, Wall):
            depth = -0.034 * wall.faces
            # The far leg leans on a frame and is drawn further back.
            x = wall.x + (FAR_OFF if wall.frame else 0)
            low, high = sorted((x, x + depth))
            tone = WOOD if wall.frame else WALL
            canvas.fill(box(low, NEAR_EDGE, high, wall.top), tone.light)
            canvas.line(LineString([(x, NEAR_EDGE), (x, wall.top)]), tone.dark, 1, 0.005)
    return tuple(canvas.layers)


def shadow_spots(silhouette: BaseGeometry) -> list[tuple[float, float]]:
    """(middle, half width) of every stretch of the body that is near the floor."""
    low = silhouette.intersection(box(-9, -0.06, 9, 0.030))
    spots = []
    for part in getattr(low, "geoms", [low]):
        if not part.is_empty:
            left, _, right, _ = part.bounds
            spots.append(((left + right) / 2, (right - left) / 2 + 0.018))
    return spots
