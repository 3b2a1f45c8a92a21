"""A band or a towel from a handle on the wall to both hands, seen from the front."""

from typing import Final

import numpy as np
from shapely.geometry import LineString, box
from shapely.geometry.base import BaseGeometry

from bot.pictures.front_skeleton import FRONT_SIDES
from bot.pictures.layers import Canvas, Layer
from bot.pictures.outline import biggest, disc, union
from bot.pictures.profiles import Vec
from bot.pictures.props import Props, TiedAt
from bot.pictures.skeleton import Placed, unit
from bot.pictures.theme import BAND, METAL, TOWEL

TONES: Final = {**BAND, "towel": TOWEL}
HALF: Final = {"light": 0.0075, "strong": 0.0130, "towel": 0.0180}  # half its width
TOWEL_LENGTH: Final = 0.36  # from the handle to the hands, body heights
IN_FIST, FIST = 0.030, 0.020  # from the wrist; the radius of what covers the band's end
HANDLE, KNOB = 0.036, 0.020  # how far a handle stands off the wall; its radius


def handle(props: Props) -> Vec:
    """Where the band is tied. There is no band without a wall."""
    if props.tied is None or props.wall is None:
        raise ValueError("a band hangs on a wall")
    return np.array([props.wall.x + props.wall.faces * HANDLE, props.tied.y])


def grip(body: Placed) -> Vec:
    """Between the two fists."""
    return np.asarray((_fist(body, "left") + _fist(body, "right")) / 2)


def fists(body: Placed) -> BaseGeometry:
    """What closes around the band's end."""
    return union(*(disc(_fist(body, side), FIST * body.nearness[side]) for side in FRONT_SIDES))


def _fist(body: Placed, side: str) -> Vec:
    return np.asarray(
        body.points[f"wrist.{side}"] + unit(body.directions[f"hand.{side}"]) * IN_FIST * body.nearness[side]
    )


def course(band: TiedAt, start: Vec, end: Vec) -> Vec:
    """Straight when pulled; a slack towel hangs as deep as its length allows."""
    t = np.linspace(0, 1, 30)[:, None]
    straight = start + (end - start) * t
    apart = float(np.linalg.norm(end - start))
    slack = max(0.0, TOWEL_LENGTH - apart) if band.kind == "towel" else 0.0
    depth = np.sqrt(apart * slack * 3 / 8)  # of a parabola that is so much longer than its chord
    return np.asarray(straight - np.array([0, 4 * depth]) * t * (1 - t))


def tied_shape(props: Props, body: Placed) -> BaseGeometry:
    if props.tied is None:
        return union()
    line = LineString(course(props.tied, handle(props), grip(body)))
    return biggest(line.buffer(HALF[props.tied.kind], cap_style="flat").difference(fists(body)))


def tied_room(props: Props, body: Placed) -> BaseGeometry:
    """The room that band and handle take in a picture."""
    return union() if props.tied is None else union(tied_shape(props, body), disc(handle(props), KNOB))


def handle_layers(props: Props) -> tuple[Layer, ...]:
    """A door's handle on the wall."""
    canvas = Canvas()
    if props.tied is not None and props.wall is not None:
        x, y = handle(props)
        low, high = sorted((float(x), props.wall.x))
        canvas.fill(box(low, y - 0.009, high, y + 0.009).buffer(0.003), METAL.dark)
        canvas.fill(disc(np.array([x, y]), KNOB), METAL.light)
    return tuple(canvas.layers)


def tied_layers(props: Props, body: Placed) -> tuple[Layer, ...]:
    """Over the body and its arms, up to the fists that hold it."""
    canvas = Canvas()
    if props.tied is not None:
        tone = TONES[props.tied.kind]
        knot = disc(handle(props), HALF[props.tied.kind] + 0.006)
        canvas.body(union(tied_shape(props, body), knot), tone, 0.005, 0.5)
    return tuple(canvas.layers)
