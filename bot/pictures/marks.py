"""What is drawn upon a figure to explain it: muscles, arrows, the line through the body, the gap, the goal."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from shapely.geometry import LineString, Polygon
from shapely.geometry.base import BaseGeometry

from bot.pictures.arrows import arrow_shape
from bot.pictures.body import Figure
from bot.pictures.contacts import Surfaces, Wall
from bot.pictures.front_profiles import FRONT_SHANK, FRONT_THIGH
from bot.pictures.layers import Canvas, Layer, Stroke
from bot.pictures.limbs import bone
from bot.pictures.muscles import FRONT_MUSCLES, MUSCLES, Part
from bot.pictures.outline import NOTHING, closed_up, curve, disc, long_lines, opened, union
from bot.pictures.profiles import FOREARM, SHANK, THIGH, UPPER_ARM, Profile, Vec
from bot.pictures.skeleton import OUTLINE_AT, Placed, View, unit
from bot.pictures.theme import AIR, GOLD, GOLD_EDGE, GOLD_FIBRE, HOLLOW, NAVY, PALE, RIM
from bot.pictures.torso import trunk_point

GAP_SEEN: Final = 0.011
TOLD: Final = 2.5e-4  # square body heights that a part of a goal must still cover
SHORT_LINE: Final = 0.02  # body heights: what a limb leaves of the line between itself and the dot is less
_LIMBS: Final[dict[Part, tuple[str, str, dict[View, Profile]]]] = {
    "thigh": ("hip", "knee", {"side": THIGH, "front": FRONT_THIGH}),
    "shank": ("knee", "ankle", {"side": SHANK, "front": FRONT_SHANK}),
    "upper_arm": ("shoulder", "elbow", {"side": UPPER_ARM, "front": UPPER_ARM}),
    "forearm": ("elbow", "wrist", {"side": FOREARM, "front": FOREARM}),
}


@dataclass(frozen=True, slots=True, eq=False)
class Spindle:
    """A muscle in place: its belly and its fibres; `on_arm` ones are drawn over the near arm."""

    belly: BaseGeometry
    fibres: BaseGeometry
    on_arm: bool


def spindle(figure: Figure, name: str) -> Spindle:
    front = figure.placed.view == "front"
    name, _, side = name.partition(".")
    muscle = FRONT_MUSCLES[name] if front else MUSCLES[name]
    points = [control_point(figure, part, at, across, side or "near") for part, at, across in muscle.course]
    axis = curve(points)
    tangent = np.gradient(axis, axis=0)
    tangent /= np.linalg.norm(tangent, axis=1)[:, None]
    across = np.stack([-tangent[:, 1], tangent[:, 0]], 1)
    width = (muscle.belly * np.sin(np.pi * np.linspace(0, 1, len(axis))) ** 0.8)[:, None]
    skin = union(figure.trunk, *figure.legs.values()).buffer(-0.003)
    on_arm = muscle.course[0][0] in {"upper_arm", "forearm"}
    if on_arm:
        skin = figure.arms[side or "near"].buffer(-0.002)
    belly = Polygon(np.vstack([axis + across * width, (axis - across * width)[::-1]])).buffer(0).intersection(skin)
    fibres = [_fibre(axis, across, width * share, skipped) for share, skipped in ((-0.5, 10), (0, 5), (0.5, 10))]
    return Spindle(belly, union(*fibres).intersection(belly), on_arm)


def control_point(figure: Figure, part: Part, at: float, across: float, side: str) -> Vec:
    body = figure.placed
    # Of the trunk, 1 is its back; seen from the front, its left edge.
    if side == "right":
        across = -across
    if part == "trunk":
        return trunk_point(body, at, across)
    start_name, end_name, shapes = _LIMBS[part]
    shape = shapes[body.view]
    start, end = (body.points.get(f"{name}.{side}", body.points["hip"]) for name in (start_name, end_name))
    direction, _ = bone(start, end, body.directions[f"{part}.{side}"])
    outwards = across if body.view == "side" else -across
    thick = (shape.front_at if outwards > 0 else shape.back_at)(np.array(at))
    where = start + figure.shift[side] + (end - start) * at
    return np.asarray(where + unit(direction + 90) * thick * outwards)


def _fibre(axis: Vec, across: Vec, offset: Vec, skipped: int) -> BaseGeometry:
    """A thread that is thickest in the middle."""
    inner = slice(skipped, len(axis) - skipped)
    line = axis[inner] + across[inner] * offset[inner]
    half = (0.0018 * np.sin(np.linspace(0, np.pi, len(line))) ** 0.6)[:, None]
    return Polygon(np.vstack([line + across[inner] * half, (line - across[inner] * half)[::-1]])).buffer(0)


def working(canvas: Canvas, muscle: Spindle, strength: float) -> None:
    """Gold with dark fibres: readable without colour, and nothing like an injury."""
    canvas.fill(muscle.belly, GOLD, 0.97 * strength)
    canvas.fill(muscle.fibres, GOLD_FIBRE, 0.9 * strength)
    canvas.stroke(Stroke(muscle.belly.boundary, GOLD_EDGE, 0.0026, strength))


def stretching(canvas: Canvas, muscle: Spindle, strength: float) -> None:
    canvas.fill(muscle.belly, PALE, 0.25 * strength)
    canvas.stroke(Stroke(muscle.belly.boundary, PALE, 0.0062, 0.95 * strength))


def hands(figure: Figure) -> BaseGeometry:
    """What is seen of both hands."""
    body, seen = figure.placed, []
    for side, arm in figure.arms.items():
        reach = LineString([body.points[f"{part}.{side}"] + figure.shift[side] for part in ("wrist", "fingers")])
        hidden = figure.without_arms if side == "far" else NOTHING
        seen.append(arm.intersection(reach.buffer(0.030)).difference(hidden))
    return union(*seen)


def arrow_layers(
    course: Vec, opacity: float = 1, boldness: float = 1, beside: BaseGeometry = NOTHING
) -> tuple[Layer, ...]:
    """Navy with a white rim: seen on cloth, skin and mat alike. The rim cuts nothing off what it is `beside`."""
    shape = arrow_shape(course, boldness)
    canvas = Canvas()
    canvas.fill(shape.buffer(0.0048 * boldness, quad_segs=6).difference(beside), RIM, opacity)
    canvas.fill(shape, NAVY, opacity)
    return tuple(canvas.layers)


def straight_line(
    body: Placed, ends: tuple[str, str], shift: Vec, opacity: float = 1, before: BaseGeometry = NOTHING
) -> tuple[Layer, ...]:
    """Dashes through the body with a dot at either end: these points lie on one line, behind what is `before`."""
    start, end = (body.points[name] + shift for name in ends)
    line = long_lines(LineString([start, end]).difference(before), SHORT_LINE)
    dots = union(disc(start, 0.0095), disc(end, 0.0095))
    canvas = Canvas()
    canvas.stroke(Stroke(line, RIM, 0.0105, opacity * 0.9))
    canvas.fill(dots.buffer(0.0035), RIM, opacity)
    canvas.stroke(Stroke(line, NAVY, 0.0055, opacity, (0.020, 0.014)))
    canvas.fill(dots, NAVY, opacity)
    return tuple(canvas.layers)


def gap_layers(body: Placed, surfaces: Surfaces) -> tuple[Layer, ...]:
    """Air between the small of the back and what the back lies or leans on, where there is any."""
    wall = next((surface for surface in surfaces.values() if isinstance(surface, Wall)), None)
    axis, level = (1, -0.002) if wall is None else (0, wall.x + 0.003 * wall.faces)
    back = body.back[(OUTLINE_AT > 0.03) & (OUTLINE_AT < 0.23)]
    opposite = back.copy()
    opposite[:, axis] = level
    canvas = Canvas()
    # Opening leaves nothing where the back lies on, and round ends where it lifts off.
    gap = opened(Polygon(np.vstack([back, opposite[::-1]])).buffer(0), GAP_SEEN / 2)
    # Below a back it is dark; a light gap was taken for a folded towel.
    canvas.fill(gap, *((HOLLOW, 1) if wall is None else (AIR, 0.95)))
    return tuple(canvas.layers)


def goal_outline(goal: Figure, now: Figure, opacity: float) -> tuple[Layer, ...]:
    """Where the body will be, as dashes around what still has to be covered."""
    here = now.silhouette.buffer(0.012, quad_segs=4)
    outline = closed_up(goal.silhouette, 0.012).simplify(0.0006)
    left = outline.difference(here)
    # Hands that hardly move would leave a scribble.
    told = union(*(part for part in getattr(left, "geoms", [left]) if part.area > TOLD))
    canvas = Canvas()
    canvas.fill(opened(told, 0.004), NAVY, 0.07 * opacity)
    dashes = long_lines(outline.boundary.difference(here).intersection(told.buffer(0.002)), 0.06)
    canvas.stroke(Stroke(dashes, NAVY, 0.0048, 0.65 * opacity, (0.014, 0.011)))
    return tuple(canvas.layers)


def waving(body: Placed) -> tuple[Layer, ...]:
    """Two short arcs on either side of a raised hand."""
    canvas = Canvas()
    for side in (-1, 1):
        for radius in (0.062, 0.084):
            middle = body.directions["hand.near"] + side * 90
            angles = np.radians(np.linspace(middle - 24, middle + 24, 20))
            arc = body.points["palm.near"] + radius * np.stack([np.cos(angles), np.sin(angles)], 1)
            canvas.stroke(Stroke(LineString(arc), NAVY, 0.0052, 0.45))
    return tuple(canvas.layers)
