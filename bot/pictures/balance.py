"""Where the body's weight acts and whether its supports can carry it."""

from collections.abc import Iterable, Mapping
from typing import Final

import numpy as np

from bot.pictures.contacts import CARRYING, Touch, lowest_of, touches
from bot.pictures.profiles import Vec
from bot.pictures.skeleton import Placed
from bot.pictures.views import RIGS

_TRUNK_MASS: Final = 0.497
_HEAD_MASS: Final = 0.081
# (from, to, share of the way, mass): segments of each side.
_LIMB_MASS: Final = (
    ("shoulder", "elbow", 0.436, 0.028), ("elbow", "wrist", 0.43, 0.016), ("wrist", "fingers", 0.5, 0.006),
    ("hip", "knee", 0.433, 0.100), ("knee", "ankle", 0.433, 0.0465),
)  # fmt: skip
_FOOT_MASS: Final = {"side": ("heel", "ball", 0.5, 0.0145), "front": ("inner", "outer", 0.5, 0.0145)}


def centre_of_mass(body: Placed) -> Vec:
    spine = body.spine
    total = body.points["head"] * _HEAD_MASS
    total = total + (spine[int(len(spine) * 0.16)] * 0.45 + spine[int(len(spine) * 0.58)] * 0.55) * _TRUNK_MASS
    for side in RIGS[body.view].sides:
        for start, end, share, mass in (*_LIMB_MASS, _FOOT_MASS[body.view]):
            a = body.points[start if start == "hip" and body.view == "side" else f"{start}.{side}"]
            total = total + (a * (1 - share) + body.points[f"{end}.{side}"] * share) * mass
    return np.asarray(total)


def support(body: Placed, on: Mapping[str, str | None]) -> tuple[float, float] | None:
    """From where to where floor and chair carry the body; None when nothing touches them."""
    floor = {part: surface for part, surface in on.items() if surface in CARRYING}
    xs = [x for touch in touches(floor) for x in _reach(body, touch)]
    return (min(xs), max(xs)) if xs else None


def _reach(body: Placed, touch: Touch) -> Iterable[float]:
    """A landmark carries where it is, a belly or a flank over the whole stretch that lies on."""
    if touch.landmark in body.points:
        return (float(body.points[touch.landmark][0]),)
    return [float(x) for x in lowest_of(body, touch)[:, 0]]


def off_balance(body: Placed, on: Mapping[str, str | None], inset: float = 0.0) -> float:
    """How far the weight acts outside the support (signed); `inset` asks for a margin inside it."""
    carried = support(body, on)
    if carried is None:
        return 1.0
    low, high = carried
    margin = inset * (high - low)
    x = float(centre_of_mass(body)[0])
    return min(0.0, x - low - margin) + max(0.0, x - high + margin)
