"""A flight of stairs with its rail. It has no end, so that somebody can go up for as long as a film lasts."""

from typing import Final

import numpy as np
from shapely.geometry import LineString, Polygon

from bot.pictures.furniture import FAR, NEAR
from bot.pictures.layers import LINE, Canvas, Layer, Stroke
from bot.pictures.outline import moved
from bot.pictures.profiles import Vec
from bot.pictures.props import StairsAt
from bot.pictures.scenery import Span
from bot.pictures.theme import METAL, STONE, STONE_SHADE, WOOD

BASE: Final = 0.06  # how far the flight goes on below its lowest step
RAIL_WIDTH, POST_WIDTH = 0.020, 0.009
RAIL_DEPTH: Final[Vec] = np.array([0.0096, 0.0084])  # it runs where the far hand is


def flight(stairs: StairsAt, span: Span, low: float, travelled: float) -> tuple[Layer, ...]:
    """Its whole steps around the span, for somebody who has gone so far; the walker stays, the stairs come by."""
    came = travelled * np.array([1, stairs.rise / stairs.tread])
    steps = range(_number(stairs, span[0] + travelled), _number(stairs, span[1] + travelled) + 1)
    edges = np.array([[(n - end) * stairs.tread, n * stairs.rise] for n in steps for end in (1, 0)]) - came
    canvas = Canvas()
    for start, end in zip(edges[::2], edges[1::2], strict=True):
        canvas.fill(Polygon([start + NEAR, end + NEAR, end + FAR, start + FAR]), STONE_SHADE)
    side = edges + NEAR
    canvas.fill(Polygon([*side, (side[-1, 0], low), (side[0, 0], low)]), STONE.light)
    canvas.stroke(Stroke(LineString(side), STONE.dark, LINE * 0.9))
    _rail(canvas, stairs, edges)
    return tuple(canvas.layers)


def _number(stairs: StairsAt, x: float) -> int:
    """Of the step at that place; 0 is the one at y = 0."""
    return int(np.floor(x / stairs.tread)) + 1


def _rail(canvas: Canvas, stairs: StairsAt, edges: Vec) -> None:
    middles = (edges[::2] + edges[1::2]) / 2 + RAIL_DEPTH
    high = np.array([0, stairs.rail + stairs.rise / 2])
    for foot in middles:
        canvas.stroke(Stroke(LineString([foot, foot + high]), METAL.light, POST_WIDTH))
    ahead = np.array([stairs.tread, stairs.rise]) * 0.3
    rail = LineString([middles[0] + high - ahead, middles[-1] + high + ahead])
    canvas.stroke(Stroke(rail, WOOD.dark, RAIL_WIDTH))
    canvas.stroke(Stroke(moved(rail, np.array([-0.001, 0.003])), WOOD.light, RAIL_WIDTH * 0.6))


def lowest(stairs: StairsAt, span: Span) -> float:
    """How deep the drawn flight reaches."""
    return _number(stairs, span[0]) * stairs.rise - BASE


def whole(stairs: StairsAt, span: Span) -> Span:
    """The span widened to whole steps."""
    first, last = _number(stairs, span[0]), _number(stairs, span[1])
    return (first - 1) * stairs.tread + float(NEAR[0]), last * stairs.tread + float(FAR[0])
