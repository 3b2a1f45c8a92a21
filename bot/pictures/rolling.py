"""A roller or a ball between the body and what it rolls on: the floor, or a wall if there is one.

Whoever moves along it takes it with them half as far, as any wheel between two things that slide past each other.
"""

from collections.abc import Iterator

import numpy as np
from shapely.geometry import LineString
from shapely.geometry.base import BaseGeometry

from bot.pictures.contacts import Round
from bot.pictures.layers import Canvas, Layer, Stroke
from bot.pictures.outline import disc, moved, union
from bot.pictures.profiles import Vec
from bot.pictures.props import BALL_RADIUS, BallAt, Props
from bot.pictures.skeleton import Placed, unit
from bot.pictures.theme import BALLS, ROLLER, ROLLER_HOLE, Tone

# Where the roller's far and near end are drawn: it is longer than a trunk is wide.
FAR, NEAR = np.array([0.030, 0.026]), np.array([-0.022, -0.019])
CORE = 0.40  # of its radius: it is hollow
RIM = 0.82  # of its radius: where its face meets the grooves
GROOVES, RINGS = (-66, -36, -6, 24, 54, 84), (0.36, 0.70)  # degrees around its axis, shares of its length
YIELDS = 0.004  # of its radius, before it counts as cut
SEAM = 0.9  # of a tennis ball's radius: of the circles that its two seams are part of


def rounds(props: Props) -> Iterator[tuple[str, Round]]:
    surfaces = props.surfaces()
    for name in ("roller", "ball"):
        surface = surfaces.get(name)
        if isinstance(surface, Round):
            yield name, surface


def solid_rounds(props: Props, body: Placed) -> dict[str, BaseGeometry]:
    """What no part of the body may cut through, by name."""
    return {name: disc(thing.centre(body), thing.radius - YIELDS) for name, thing in rounds(props)}


def rolling_room(props: Props, body: Placed) -> BaseGeometry:
    """The room that they take in a picture."""
    return union(*(layer.shape.buffer(0.008) for layer in rolling_layers(props, body)))


def rolling_layers(props: Props, body: Placed) -> tuple[Layer, ...]:
    """Behind the figure, which covers what lies against it."""
    canvas = Canvas()
    for name, thing in rounds(props):
        if name == "roller":
            # A wall is seen from its near edge, where the roller's near end lies against it.
            _roller(canvas, thing.centre(body) - (NEAR if thing.upright else 0), thing.radius)
        elif props.ball is not None:
            _ball(canvas, thing.centre(body), props.ball)
    return tuple(canvas.layers)


def _roller(canvas: Canvas, centre: Vec, radius: float) -> None:
    face = disc(centre, radius)
    canvas.fill(union(moved(face, FAR), moved(face, NEAR)).convex_hull, ROLLER.dark)
    along = FAR - NEAR
    axis = float(np.degrees(np.arctan2(along[1], along[0])))
    start = centre + NEAR
    for angle in GROOVES:
        edge = start + radius * unit(axis + angle)
        canvas.stroke(Stroke(LineString([edge + along * 0.06, edge + along * 0.94]), ROLLER.light, 0.0032, 0.9))
    for share in RINGS:
        ring = start + along * share + radius * np.stack([unit(axis + angle) for angle in range(-84, 85, 12)])
        canvas.stroke(Stroke(LineString(ring), ROLLER.light, 0.0032, 0.9))
    canvas.fill(moved(face, NEAR), ROLLER.dark)
    canvas.fill(moved(disc(centre, radius * RIM), NEAR), ROLLER.light)
    canvas.fill(moved(disc(centre, radius * CORE), NEAR), ROLLER_HOLE)


def _ball(canvas: Canvas, centre: Vec, ball: BallAt) -> None:
    tone: Tone = BALLS[ball.kind]
    radius = BALL_RADIUS[ball.kind]
    canvas.body(disc(centre, radius), tone, radius * 0.3, 0.55)
    if ball.kind == "tennis":
        for side in (50, 230):
            seam = disc(centre + unit(side) * radius * 1.25, radius * SEAM).boundary
            canvas.stroke(Stroke(seam.intersection(disc(centre, radius * 0.96)), tone.dark, 0.0024))
    if ball.kind == "soft":
        shine = centre + radius * 0.62 * np.stack([unit(angle) for angle in range(115, 160, 5)])
        canvas.stroke(Stroke(LineString(shine), "#FFFFFF", 0.005, 0.7))
