"""A towel around the sole of a foot, its ends in both hands: one strand runs behind the leg, the near one before it."""

from typing import Final

import numpy as np
from shapely.geometry import LineString, Polygon
from shapely.geometry.base import BaseGeometry

from bot.pictures.body import Figure
from bot.pictures.layers import LINE, Canvas, Layer
from bot.pictures.outline import NOTHING, organic, union
from bot.pictures.profiles import Vec
from bot.pictures.skeleton import RADIUS, unit
from bot.pictures.theme import TOWEL

# Body heights.
BEHIND_BALL, BEFORE_BALL = 0.034, 0.012  # of the foot: what of the sole lies in the towel
CLOTH: Final = 0.0055  # half its thickness
AT_FIST: Final = 0.013  # half its width where it is gathered
END: Final = 0.055  # hangs out of the fist
IN_FIST: Final = 0.037  # from the wrist


def strand_layers(figure: Figure, foot: str | None, side: str) -> tuple[Layer, ...]:
    """From the sole to this side's hand, to be drawn before that arm."""
    if foot is None:
        return ()
    canvas = Canvas()
    canvas.body(towel_strand(figure, foot, side), TOWEL, 0.006, 0.5)
    sole, fist = _sole(figure, foot).mean(0), _fist(figure, side)
    canvas.line(LineString([sole + (fist - sole) * 0.3, sole + (fist - sole) * 0.92]), TOWEL.dark, 0.7, LINE * 0.7)
    return tuple(canvas.layers)


def towel_room(figure: Figure, foot: str | None) -> BaseGeometry:
    """The room that it takes in a picture."""
    if foot is None:
        return NOTHING
    return union(*(towel_strand(figure, foot, side) for side in figure.shift)).buffer(0.008)


def towel_strand(figure: Figure, foot: str, side: str) -> BaseGeometry:
    """As wide as the cloth under the sole, narrow in the fist."""
    sole, fist = _sole(figure, foot), _fist(figure, side)
    along = fist - sole.mean(0)
    across = np.array([-along[1], along[0]]) / float(np.linalg.norm(along)) * AT_FIST
    ends = [fist + across, fist - across]
    if float((sole[0] - sole[1]) @ across) < 0:
        ends.reverse()
    t = np.linspace(0, 1, 16)[:, None]
    edges = [start + (end - start) * t + _sag(t, start, sole.mean(0)) for start, end in zip(sole, ends, strict=True)]
    cloth = Polygon(np.vstack([edges[0], edges[1][::-1]])).buffer(0)
    hanging = LineString([fist, fist + np.array([0.008, -END])]).buffer(AT_FIST, cap_style="flat")
    return organic(union(cloth, LineString(sole).buffer(CLOTH), hanging), 0.003)


def _sag(t: Vec, edge: Vec, middle: Vec) -> Vec:
    """Cloth gathers soon after it has left the sole."""
    return np.asarray((middle - edge) * 0.25 * np.sin(np.pi * t))


def _sole(figure: Figure, foot: str) -> Vec:
    """Both ends of the cloth along the sole, behind and before the ball of the foot."""
    direction = figure.placed.directions[f"foot.{foot}"]
    ball = (
        figure.placed.points[f"ball.{foot}"] + figure.shift[foot] - unit(direction + 90) * (RADIUS["ball"] + CLOTH / 2)
    )
    return np.stack([ball - unit(direction) * BEHIND_BALL, ball + unit(direction) * BEFORE_BALL])


def _fist(figure: Figure, side: str) -> Vec:
    body = figure.placed
    return np.asarray(
        body.points[f"wrist.{side}"] + unit(body.directions[f"hand.{side}"]) * IN_FIST + figure.shift[side]
    )
