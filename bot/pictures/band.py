"""An exercise band from the handle of a closed door to the fists that pull it. The longer it is drawn, the thinner."""

from typing import Final

import numpy as np
from shapely.geometry import LineString
from shapely.geometry.base import BaseGeometry

from bot.pictures.bottle import IN_FIST, held_by
from bot.pictures.layers import Canvas, Layer, Stroke
from bot.pictures.outline import union
from bot.pictures.profiles import Vec
from bot.pictures.props import HANDLE_OUT, Props
from bot.pictures.skeleton import Placed, unit
from bot.pictures.theme import BAND

SLACK: Final = 0.35  # the length at which it is as wide as it lies in the drawer
WIDTH: Final = {"light": 0.0125, "strong": 0.0185}
TAIL: Final = 0.030  # what hangs out of the fist


def band(body: Placed, props: Props, side: str, shift: Vec) -> tuple[Vec, float]:
    """Its two ends, the door's first, and how wide it is; shift 0 is the picture without depth."""
    if props.door is None or props.band is None:
        raise ValueError("a band wants a door to hang on")
    start = np.array([props.door.x - HANDLE_OUT, props.door.handle])
    fist = body.points[f"wrist.{side}"] + unit(body.directions[f"hand.{side}"]) * IN_FIST + shift
    length = float(np.linalg.norm(fist - start))
    wide = WIDTH[props.band.strength] * float(np.clip(np.sqrt(SLACK / length), 0.7, 1.1))
    return np.stack([start, fist]), wide


def band_layers(body: Placed, props: Props, side: str, shift: Vec) -> tuple[Layer, ...]:
    """To be drawn before the arm, so that the fingers close around it."""
    if props.band is None or side not in held_by(props.band.hands):
        return ()
    canvas, tone = Canvas(), BAND[props.band.strength]
    ends, width = band(body, props, side, shift)
    tail = np.stack([ends[1], ends[1] + np.array([0.004, -TAIL])])
    canvas.stroke(Stroke(LineString(tail), tone.dark, width))
    canvas.stroke(Stroke(LineString(ends), tone.dark, width))
    canvas.stroke(Stroke(LineString(ends), tone.light, width * 0.62))
    return tuple(canvas.layers)


def band_room(body: Placed, props: Props) -> BaseGeometry:
    """The room it takes in a picture; nothing where there is none."""
    hands = () if props.band is None else held_by(props.band.hands)
    return union(*(LineString(band(body, props, side, np.zeros(2))[0]).buffer(0.012) for side in hands))
