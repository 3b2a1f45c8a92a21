"""Numbered places on the body, for the question where it hurts: a soft patch each, a line, and its number beside it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from shapely import affinity
from shapely.geometry import LineString
from shapely.geometry.base import BaseGeometry

from bot.pictures.body import Figure
from bot.pictures.layers import Canvas, Layer, Stroke
from bot.pictures.marks import control_point
from bot.pictures.outline import disc, union
from bot.pictures.poses import Region
from bot.pictures.profiles import Vec
from bot.pictures.svg import View, badge
from bot.pictures.theme import BADGE, PALE, RIM

RADIUS: Final = 0.034  # of a number's badge, in body heights
BESIDE: Final = 0.095  # how far the numbers stand off the body
APART: Final = 0.086  # at least, from number to number


@dataclass(frozen=True, slots=True, eq=False)
class Numbered:
    number: int
    patch: BaseGeometry
    start: Vec  # of its line
    badge: Vec


def numbered(figure: Figure, regions: Sequence[Region]) -> tuple[Numbered, ...]:
    """In the order of the file, which is the order of the answers: left ones in a column on the left."""
    patches = [_patch(figure, region) for region in regions]
    left, _, right, _ = figure.silhouette.bounds
    found: dict[int, Vec] = {}
    for edge, column in ((left - BESIDE, "left"), (right + BESIDE, "right")):
        mine = sorted(
            (i for i, region in enumerate(regions) if region.label == column),
            key=lambda i: -patches[i].centroid.y,
        )
        heights = _spread([patches[i].centroid.y for i in mine])
        found |= {i: np.array([edge, height]) for i, height in zip(mine, heights, strict=True)}
    return tuple(
        Numbered(i + 1, patch, np.array(patch.centroid.coords[0]), found[i]) for i, patch in enumerate(patches)
    )


def _patch(figure: Figure, region: Region) -> BaseGeometry:
    at = control_point(figure, region.part, region.at, region.across, region.side)
    name = "pelvis" if region.part == "trunk" else f"{region.part}.{region.side}"
    oval = affinity.scale(disc(at, 1), region.length / 2, region.width / 2)
    turned = affinity.rotate(oval, figure.placed.directions[name], origin=tuple(at))
    return turned.intersection(figure.without_arms.buffer(-0.004))


def _spread(heights: Sequence[float]) -> list[float]:
    """From above, pushed apart where they are too near, around the same middle."""
    spread = list(heights)
    for i in range(1, len(spread)):
        spread[i] = min(spread[i], spread[i - 1] - APART)
    shift = (sum(heights) - sum(spread)) / max(1, len(spread))
    return [height + shift for height in spread]


def region_layers(places: Sequence[Numbered]) -> tuple[Layer, ...]:
    canvas = Canvas()
    for place in places:
        canvas.fill(place.patch, PALE, 0.42)
        canvas.stroke(Stroke(place.patch.boundary, RIM, 0.0048, 0.95))
    for place in places:
        line = LineString([place.start, place.badge])
        canvas.stroke(Stroke(line, RIM, 0.0110, 0.9))
        canvas.stroke(Stroke(line, BADGE, 0.0050))
        canvas.fill(disc(place.start, 0.0105), RIM)
        canvas.fill(disc(place.start, 0.0075), BADGE)
    return tuple(canvas.layers)


def badges(places: Sequence[Numbered], view: View) -> list[str]:
    spots = [view.pixels(place.badge[None])[0] for place in places]
    return [
        badge(place.number, float(x), float(y), RADIUS * view.scale)
        for place, (x, y) in zip(places, spots, strict=True)
    ]


def region_room(places: Sequence[Numbered]) -> BaseGeometry:
    return union(*(disc(place.badge, RADIUS + 0.01) for place in places))
