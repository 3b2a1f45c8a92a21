"""Trunk, shirt and head as outlines; they follow the bent spine without breaking."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

from bot.pictures.outline import closed_up, disc, local_shape, opened, organic, union
from bot.pictures.profiles import HEAD, Points, Vec
from bot.pictures.skeleton import C7, SPINE_LENGTH, Placed, unit

Edge = Callable[[Vec], Vec]
HEM: Final = 0.034  # arc length


@dataclass(frozen=True, slots=True, eq=False)
class Head:
    """Head and neck in one outline, and the hair."""

    skin: BaseGeometry
    hair: BaseGeometry


def ribbon(body: Placed, start: float, end: float, extra: float = 0) -> BaseGeometry:
    """The trunk between two arc lengths, as a union of slices because a strongly bent strip overlaps itself."""
    at = np.linspace(start, end, 60)
    front, back = (_at_depth(body, at, np.full(60, side), extra) for side in (-1.0, 1.0))
    slices = shapely.polygons(np.stack([front[:-1], front[1:], back[1:], back[:-1]], 1))
    # A hair wider, so that neighbours overlap; square corners, for they vanish in the union.
    overlapping = shapely.buffer(slices, 1e-5, quad_segs=1, join_style="mitre")
    return shapely.union_all(overlapping).buffer(0.002, quad_segs=4).buffer(-0.002, quad_segs=4)


def _at_depth(body: Placed, at: Vec, depth: Vec, extra: float) -> Vec:
    """Points of the trunk: `depth` runs from -1 at the belly to +1 at the back."""
    axis, along = body.on_spine(at)
    thickness = np.where(depth < 0, body.trunk.front_at(at) + body.belly_at(at), body.trunk.back_at(at)) + extra
    outwards = np.stack([-np.sin(np.radians(along)), np.cos(np.radians(along))], 1)
    return np.asarray(axis + outwards * (thickness * depth)[:, None])


def trunk_point(body: Placed, at: float, depth: float) -> Vec:
    point: Vec = _at_depth(body, np.array([at]), np.array([depth]), 0)[0]
    return point


def outside(body: Placed, at: Vec, off: Vec) -> Vec:
    """Points at a distance off the back, negative inside the trunk."""
    axis, along = body.on_spine(at)
    outwards = np.stack([-np.sin(np.radians(along)), np.cos(np.radians(along))], 1)
    return np.asarray(axis + outwards * (body.trunk.back_at(at) + off)[:, None])


def band(body: Placed, low: Edge, high: Edge, extra: float) -> BaseGeometry:
    """The trunk between two curved edges given across it."""
    across = np.linspace(-1, 1, 15)
    bottom, top = low(across), high(across)
    ones = np.ones(70)
    outline = [
        _at_depth(body, np.linspace(bottom[0], top[0], 70), -ones, extra),
        _at_depth(body, top, across, extra)[1:-1],
        _at_depth(body, np.linspace(top[-1], bottom[-1], 70), ones, extra),
        _at_depth(body, bottom[::-1], across[::-1], extra)[1:-1],
    ]
    return Polygon(np.vstack(outline)).buffer(0)


def hem(across: Vec) -> Vec:
    return np.asarray(HEM - 0.010 * (1 - across**2))


def collar(across: Vec) -> Vec:
    return np.asarray(C7 - 0.006 + 0.012 * across - 0.008 * (1 - across**2))


def shirt(body: Placed) -> BaseGeometry:
    cloth = organic(band(body, lambda v: hem(v) - 0.03, lambda v: collar(v) + 0.01, 0.003), 0.006)
    return cloth.intersection(band(body, hem, collar, 0.02))


def collar_band(body: Placed) -> BaseGeometry:
    return band(body, lambda v: collar(v) - 0.011, collar, 0.0035)


def pelvis(body: Placed) -> BaseGeometry:
    return opened(closed_up(ribbon(body, -0.078, 0.11), 0.012), 0.012)


def head(body: Placed, hair_shape: Points) -> Head:
    skull, up = body.points["skull"], body.directions["head"]
    face = local_shape(HEAD, skull, up - 90)
    nape = disc(skull + unit(up + 90) * 0.012 + unit(up) * 0.012, 0.030)
    neck = union(ribbon(body, C7 - 0.05, SPINE_LENGTH), nape, face.buffer(-0.004))
    skin = organic(closed_up(neck, 0.018), 0.004).union(face)
    return Head(skin, local_shape(hair_shape, skull, up - 90))
