"""Mat, floor plate and wall. They have depth, because on a thin line far feet seem to float."""

import numpy as np
from shapely.geometry import LineString, Polygon, box
from shapely.geometry.base import BaseGeometry

from bot.pictures.contacts import Surfaces, Wall
from bot.pictures.layers import Canvas, Layer
from bot.pictures.outline import moved, union
from bot.pictures.theme import GROUND, MAT, MAT_SEAM, WALL

NEAR_EDGE, FAR_EDGE, SKEW, THICKNESS = -0.046, 0.030, 0.040, 0.013
Span = tuple[float, float]


def mat(span: Span) -> tuple[Layer, ...]:
    start, end = span
    lean = SKEW / 2
    top = Polygon(
        [(start - lean, NEAR_EDGE), (end - lean, NEAR_EDGE), (end + lean, FAR_EDGE), (start + lean, FAR_EDGE)]
    )
    top = top.buffer(-0.006).buffer(0.006, quad_segs=8)
    canvas = Canvas()
    steps = [moved(top, np.array([0, -THICKNESS * share])) for share in (0.34, 0.67, 1)]
    canvas.fill(union(top, *steps), MAT.dark)
    canvas.fill(top, MAT.light)
    canvas.line(LineString([(start + 0.012, 0.021), (end - 0.002, 0.021)]), MAT_SEAM, 0.8, 0.0024)
    return tuple(canvas.layers)


def floor_plate(span: Span) -> tuple[Layer, ...]:
    half = 0.026
    middle = LineString([(span[0] + half, -0.003), (span[1] - half, -0.003)])
    canvas = Canvas()
    canvas.fill(middle.buffer(half), GROUND, 0.32)
    return tuple(canvas.layers)


def walls(surfaces: Surfaces) -> tuple[Layer, ...]:
    canvas = Canvas()
    for wall in surfaces.values():
        if isinstance(wall, Wall):
            depth = -0.034 * wall.faces
            low, high = sorted((wall.x, wall.x + depth))
            canvas.fill(box(low, NEAR_EDGE, high, 1.05), WALL.light)
            canvas.line(LineString([(wall.x, NEAR_EDGE), (wall.x, 1.05)]), WALL.dark, 1, 0.005)
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
