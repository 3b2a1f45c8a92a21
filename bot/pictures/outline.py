"""Shapes of body parts: tubes along bones, rounding by a gaussian along the outline, curves through points."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

import numpy as np
from shapely import affinity
from shapely.geometry import LineString, MultiLineString, Point, Polygon
from shapely.geometry.base import BaseGeometry
from shapely.ops import linemerge, unary_union

from bot.pictures.profiles import Points, Profile, Vec
from bot.pictures.skeleton import unit

_STEP: Final = 0.0016  # distance of outline points, in body heights
NOTHING: Final = Polygon()


def union(*shapes: BaseGeometry) -> BaseGeometry:
    return unary_union(shapes)


def disc(centre: Vec, radius: float) -> BaseGeometry:
    return Point(float(centre[0]), float(centre[1])).buffer(radius, quad_segs=16)


def tube(
    start: Vec, direction: float, length: float, shape: Profile, span: tuple[float, float] = (0, 1), extra: float = 0
) -> BaseGeometry:
    """A limb segment, thicker in front (direction + 90) than behind as its profile says."""
    t = np.linspace(*span, 28)
    axis = start + unit(direction) * (t * length)[:, None]
    across = unit(direction + 90)
    front = axis + across * (shape.front_at(t) + extra)[:, None]
    back = axis - across * (shape.back_at(t) + extra)[:, None]
    return Polygon(np.vstack([front, back[::-1]])).buffer(0)


def closed_up(shape: BaseGeometry, radius: float) -> BaseGeometry:
    """Fill inner corners narrower than the radius."""
    return shape.buffer(radius, quad_segs=8).buffer(-radius, quad_segs=8)


def opened(shape: BaseGeometry, radius: float) -> BaseGeometry:
    """Drop slivers narrower than the radius."""
    return shape.buffer(-radius, quad_segs=8).buffer(radius, quad_segs=8)


def biggest(shape: BaseGeometry) -> BaseGeometry:
    parts = [part for part in getattr(shape, "geoms", [shape]) if isinstance(part, Polygon)]
    return max(parts, key=lambda part: part.area, default=NOTHING)


def organic(shape: BaseGeometry, sigma: float) -> BaseGeometry:
    """Round every corner by a gaussian along the outline; filtering twice and subtracting keeps the size."""
    outline = biggest(shape)
    if not isinstance(outline, Polygon) or outline.is_empty:
        return NOTHING
    corners = np.asarray(outline.exterior.coords)
    count = max(64, int(outline.exterior.length / _STEP))
    along = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(corners, axis=0), axis=1))])
    at = np.linspace(0, along[-1], count, endpoint=False)
    points = np.stack([np.interp(at, along, corners[:, i]) for i in (0, 1)], 1)
    frequency = np.fft.rfftfreq(count, d=along[-1] / count)
    gain = np.exp(-2 * (np.pi * sigma * frequency) ** 2)
    smooth = np.fft.irfft(np.fft.rfft(points, axis=0) * (2 * gain - gain**2)[:, None], n=count, axis=0)
    return Polygon(smooth).buffer(0)


@lru_cache(maxsize=64)
def _curve(points: Points, count: int, *, closed: bool) -> Vec:
    """A curve with continuous curvature through points, spaced by the root of their distance."""
    knots = np.array(points, float)
    if closed:
        # Three turns around; the middle one no longer knows about the ends.
        knots = np.vstack([knots, knots, knots, knots[:1]])
    t = np.concatenate([[0], np.cumsum(np.sqrt(np.linalg.norm(np.diff(knots, axis=0), axis=1)))])
    slopes = _natural_slopes(t, knots)
    start, end = (t[len(points)], t[2 * len(points)]) if closed else (t[0], t[-1])
    return _hermite(t, knots, slopes, np.linspace(start, end, count, endpoint=not closed))


def _natural_slopes(t: Vec, knots: Vec) -> Vec:
    count, gap = len(t), np.diff(t)
    matrix = np.zeros((count, count))
    right = np.zeros((count, 2))
    chord = np.diff(knots, axis=0) / gap[:, None]
    for i in range(1, count - 1):
        matrix[i, i - 1 : i + 2] = gap[i], 2 * (gap[i - 1] + gap[i]), gap[i - 1]
        right[i] = 3 * (gap[i] * chord[i - 1] + gap[i - 1] * chord[i])
    matrix[0, :2], right[0] = (2, 1), 3 * chord[0]
    matrix[-1, -2:], right[-1] = (1, 2), 3 * chord[-1]
    return np.asarray(np.linalg.solve(matrix, right), np.float64)


def _hermite(t: Vec, knots: Vec, slopes: Vec, at: Vec) -> Vec:
    i = np.clip(np.searchsorted(t, at, side="right") - 1, 0, len(t) - 2)
    gap = (t[i + 1] - t[i])[:, None]
    s = (at - t[i])[:, None] / gap
    return np.asarray(
        (1 + 2 * s) * (1 - s) ** 2 * knots[i]
        + s * (1 - s) ** 2 * gap * slopes[i]
        + s**2 * (3 - 2 * s) * knots[i + 1]
        + s**2 * (s - 1) * gap * slopes[i + 1]
    )


def curve(points: Sequence[Vec] | Vec, count: int = 50) -> Vec:
    return _curve(tuple((float(x), float(y)) for x, y in points), count, closed=False)


def local_shape(points: Points, origin: Vec, forward: float, *, mirrored: bool = False) -> BaseGeometry:
    """A closed curve given as (along, across) from an origin."""
    return Polygon(_placed(_curve(points, 160, closed=True), origin, forward, mirrored=mirrored)).buffer(0)


def local_line(points: Points, origin: Vec, forward: float, *, mirrored: bool = False) -> LineString:
    return LineString(_placed(_curve(points, 30, closed=False), origin, forward, mirrored=mirrored))


def local_points(points: Points, origin: Vec, forward: float, *, mirrored: bool = False) -> Vec:
    return _placed(np.array(points, float).reshape(-1, 2), origin, forward, mirrored=mirrored)


def _placed(points: Vec, origin: Vec, forward: float, *, mirrored: bool) -> Vec:
    across = unit(forward + 90) * (-1 if mirrored else 1)
    return origin + points[:, :1] * unit(forward) + points[:, 1:] * across


def beyond(origin: Vec, direction: float, distance: float, bulge: float, size: tuple[float, float]) -> Polygon:
    """What lies further along than `distance`; its edge bulges, as a hem around a round limb does."""
    half, depth = size
    v = np.linspace(-half, half, 21)
    along, across = unit(direction), unit(direction + 90)
    edge = distance + bulge * np.clip(1 - (v / 0.035) ** 2, 0, None)
    line = origin + along * edge[:, None] + across * v[:, None]
    far = [origin + along * (distance + depth) + across * side for side in (half, -half)]
    return Polygon(np.vstack([line, far]))


def creases(top: BaseGeometry, under: BaseGeometry, joint: Vec, radius: float) -> BaseGeometry:
    """Where the outline of one part runs over another, leaving the joint itself unmarked."""
    return top.boundary.intersection(under.buffer(-0.0015)).difference(disc(joint, radius))


def lee_side(shape: BaseGeometry, depth: float) -> BaseGeometry:
    """The strip turned away from the light, which always comes from the top left."""
    return shape.difference(affinity.translate(shape, -depth * 0.35, depth))


def long_lines(shape: BaseGeometry, shortest: float = 0.013) -> BaseGeometry:
    """Join pieces and drop crumbs."""
    if not isinstance(shape, MultiLineString) and not hasattr(shape, "geoms"):
        return shape if shape.length > shortest else LineString()
    lines = [part for part in shape.geoms if isinstance(part, LineString)]
    if not lines:
        return LineString()
    merged = linemerge(lines)
    return MultiLineString([part for part in getattr(merged, "geoms", [merged]) if part.length > shortest])


def moved(shape: BaseGeometry, shift: Vec) -> BaseGeometry:
    return affinity.translate(shape, float(shift[0]), float(shift[1]))
