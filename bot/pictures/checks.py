"""Whether a posed level is possible, steady, and what its author meant. Each finding is an error.

What an author looked at and accepts stands in the phase's `accept` as "kind part". Segment lengths need no
check: poses are joint angles, so they cannot change.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
from shapely.geometry import Point

from bot.pictures.arrows import NoMovementError, arrow_course
from bot.pictures.balance import off_balance, support
from bot.pictures.body import FLAT, Figure
from bot.pictures.contacts import (
    FLOORS,
    NEIGHBOURS,
    Floor,
    Surfaces,
    Top,
    gap,
    held_places,
    kept,
    spheres,
    touches,
)
from bot.pictures.fitting import fitted
from bot.pictures.front_measures import BY_VIEW
from bot.pictures.furniture import solid
from bot.pictures.lock import Locked
from bot.pictures.outline import union
from bot.pictures.poses import Level, Phase
from bot.pictures.profiles import Vec
from bot.pictures.rolling import solid_rounds
from bot.pictures.skeleton import C7, Placed, blended
from bot.pictures.theme import DEFAULT_PERSON, Person
from bot.pictures.torso import ribbon
from bot.pictures.views import RIGS, draw_figure

# Tolerances in body heights and degrees.
TOUCHES, SINKS, FALLS, SLIDES, MOVES, HOVERS = 0.004, 0.010, 0.012, 0.006, 0.02, 0.030
CUTS: Final = 4e-4  # area
WISHED, AT_LIMIT, TURNS = 12.0, 0.5, 15.0
FEET: Final = ("inner", "outer", "knee")
_NO_LIMIT: Final = ("x", "y", "pelvis", "scapula")


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong with a figure; `phase` counts from 1, 0 is the level or file as a whole."""

    figure: str
    level: int
    phase: int
    kind: str
    about: str
    message: str

    def __str__(self) -> str:
        return f"{self.figure} level {self.level} phase {self.phase}: {self.kind}: {self.message}"


@dataclass(frozen=True, slots=True)
class Finding:
    kind: str
    about: str
    message: str


def check_level(
    figure: str, number: int, level: Level, locked: Locked, person: Person = DEFAULT_PERSON
) -> list[Problem]:
    """All problems of one level in its locked poses, worn by this person."""
    level, locked = fitted(level, locked, person.physique)
    bodies = [phase.rig.place(pose, phase.build) for pose, phase in zip(locked.phases, level.phases, strict=True)]
    found: list[Problem] = []
    for i, (phase, pose, body) in enumerate(zip(level.phases, locked.phases, bodies, strict=True)):
        findings = [*_pose(phase, pose), *_body(phase, body, level)]
        if i > 0:
            findings += _against(phase, bodies[i - 1], body, level.surfaces())
        findings += _arrows(phase, bodies[i - 1], body)
        found += [
            Problem(figure, number, i + 1, one.kind, one.about, one.message)
            for one in findings
            if f"{one.kind} {one.about}" not in phase.accept
        ]
    found += [Problem(figure, number, 0, one.kind, one.about, one.message) for one in _ways(level, locked, bodies)]
    other = level.from_beside
    if other is not None and locked.beside is not None:
        found += check_level(figure, number, other, Locked((locked.beside,), (), other.view), person)
    return found


def _pose(phase: Phase, pose: Vec) -> Iterator[Finding]:
    ranges = phase.rig.ranges_of(phase.build)
    for joint, value in zip(phase.rig.joints, pose.tolist(), strict=True):
        name = joint.split(".")[0]
        asked = phase.joints.get(joint)
        if asked is not None and abs(value - asked) > WISHED:
            yield Finding("wish", joint, f"{joint} was asked {asked:.0f} and is {value:.0f}")
        low, high = ranges[name]
        at_low, at_high = low < 0 and value < low + AT_LIMIT, value > high - AT_LIMIT
        if name not in _NO_LIMIT and (at_low or at_high):
            yield Finding("range", joint, f"{joint} is at the end of its range ({value:.0f})")
        if not low - AT_LIMIT <= value <= high + AT_LIMIT:
            yield Finding("impossible", joint, f"{joint} is beyond its range ({value:.0f})")


def _body(phase: Phase, body: Placed, level: Level) -> Iterator[Finding]:
    surfaces = level.surfaces()
    yield from _contacts(phase, body, surfaces)
    figure: Figure = draw_figure(body, DEFAULT_PERSON, phase.shapes, FLAT)
    yield from _furniture(level, phase, figure)
    if not level.from_above:  # there the floor is the picture itself
        yield from _floor(phase, figure, surfaces)
        yield from _hovering(phase, body)
        yield from _balance(phase, body)
    yield from _knees(body)
    for measure, (low, high) in phase.expect.items():
        value = BY_VIEW[body.view][measure](body)
        if not low <= value <= high:
            yield Finding("expect", measure, f"{measure} is {value:.1f}, expected {low:g} to {high:g}")


def _contacts(phase: Phase, body: Placed, surfaces: Surfaces) -> Iterator[Finding]:
    for touch in touches(kept(phase.on)):
        distance = gap(body, touch, surfaces)
        if abs(distance) > TOUCHES:
            yield Finding("contact", touch.landmark, f"{touch.landmark} misses {touch.surface} by {distance:.3f}")


def _floor(phase: Phase, figure: Figure, surfaces: Surfaces) -> Iterator[Finding]:
    """The drawn outline, without its oblique depth, must not sink into the ground."""
    lowest = {"feet": 0.0, "hands": 0.0}  # those nearer to the viewer stand lower in the picture
    for touch in touches(kept(phase.on)):
        surface, part = surfaces[touch.surface], "feet" if touch.landmark.startswith(FEET) else "hands"
        if isinstance(surface, Floor):
            lowest[part] = min(lowest[part], surface.y)
    parts = {"body": (union(figure.trunk, figure.head, *figure.legs.values()), lowest["feet"])}
    parts["arms"] = (union(*figure.arms.values()), lowest["hands"])
    for name, (shape, ground) in parts.items():
        depth = ground - shape.bounds[1]
        if depth > SINKS:
            yield Finding("floor", name, f"{name} is {depth:.3f} below the floor")


def _furniture(level: Level, phase: Phase, figure: Figure) -> Iterator[Finding]:
    """Nobody reaches through a seat or a table, and whoever sits, sits on the seat."""
    surfaces, body = level.surfaces(), figure.placed
    for name, shape in {**solid(level.props), **solid_rounds(level.props, body)}.items():
        if figure.silhouette.intersection(shape).area > CUTS:
            yield Finding("cut", name, f"the body cuts through the {name}")
    for touch in touches(kept(phase.on)):
        top = surfaces[touch.surface]
        if (
            isinstance(top, Top)
            and not touch.is_stretch
            and not top.start < float(figure.placed.points[touch.landmark][0]) < top.end
        ):
            yield Finding("contact", touch.landmark, f"{touch.landmark} is beside the {touch.surface}")


def _hovering(phase: Phase, body: Placed) -> Iterator[Finding]:
    """Nearly on the floor, but not declared to touch it."""
    touching = {touch.landmark for touch in touches(kept(phase.on))}
    explained = set(touching)
    for group in NEIGHBOURS:
        for side in ("", *(f".{side}" for side in RIGS[body.view].sides)):
            names = {f"{name}{side}" for name in group}
            explained |= names if names & touching else set()
    for landmark, radius in spheres(body.view):
        name = landmark.split(".")[0]
        distance = float(body.points[landmark][1]) - radius
        if name not in {"seat", "shoulder"} and landmark not in explained and TOUCHES < distance < HOVERS:
            yield Finding("hover", landmark, f"{landmark} hovers {distance:.3f} above the floor without a contact")


def _balance(phase: Phase, body: Placed) -> Iterator[Finding]:
    if phase.moving:
        return
    if support(body, phase.on) is None:
        yield Finding("balance", "support", "nothing touches the floor")
    elif abs(outside := off_balance(body, phase.on)) > FALLS:
        yield Finding("balance", "support", f"the weight acts {abs(outside):.3f} outside the support")


def _knees(body: Placed) -> Iterator[Finding]:
    trunk = ribbon(body, 0.05, C7 - 0.03).buffer(-0.01)
    for side in RIGS[body.view].sides:
        if trunk.contains(Point(*body.points[f"knee.{side}"])):
            yield Finding("cut", f"knee.{side}", f"knee.{side} is inside the trunk")


def _against(phase: Phase, before: Placed, now: Placed, surfaces: Surfaces) -> Iterator[Finding]:
    if before.view != now.view:
        return
    for landmark, axis in held_places(phase.hold, phase.on, surfaces, phase.rig.sides):
        distance = abs(float(before.points[landmark][axis] - now.points[landmark][axis]))
        if distance > SLIDES:
            yield Finding("slide", landmark, f"{landmark} is held but slides by {distance:.3f}")
    moved = max(float(np.linalg.norm(now.points[name] - before.points[name])) for name in now.points)
    bent = max(float(np.abs(now.back - before.back).max()), float(np.abs(now.front - before.front).max()))
    turned = max(abs(now.face - before.face), abs(now.chest - before.chest))
    if max(moved, bent) < MOVES and turned < TURNS:
        yield Finding("alike", "phases", f"looks like the phase before (moves {max(moved, bent):.3f})")


def _arrows(phase: Phase, before: Placed, now: Placed) -> Iterator[Finding]:
    for arrow in phase.arrows:
        try:
            arrow_course(arrow, before, now)
        except NoMovementError as error:
            yield Finding("arrow", arrow.move or "turn", str(error))
        if arrow.press is not None and phase.on.get(arrow.press) not in FLOORS:
            yield Finding(
                "arrow", arrow.press, f"{arrow.press} does not lie on the floor, so it cannot be pressed down"
            )


def _ways(level: Level, locked: Locked, bodies: list[Placed]) -> Iterable[Finding]:
    """What both key poses hold on to stays in place on the way between them."""
    surfaces = level.surfaces()
    for way, ((before, after), (first, last)) in enumerate(zip(pairwise(level.phases), pairwise(bodies), strict=True)):
        shared = [touch for touch in touches(kept(before.on)) if touch in touches(kept(after.on))]
        poses = locked.between[way]
        for i, pose in enumerate(poses, start=1):
            share = i / (len(poses) + 1)
            body = before.rig.place(pose, blended(before.build, after.build, share))
            for touch in shared:
                if abs(gap(body, touch, surfaces)) > TOUCHES:
                    yield Finding("way", touch.landmark, f"{touch.landmark} leaves {touch.surface} on the way")
                elif not touch.is_stretch:
                    name = touch.landmark
                    line = (1 - share) * first.points[name][0] + share * last.points[name][0]
                    if abs(float(body.points[name][0] - line)) > SLIDES:
                        yield Finding("way", name, f"{name} slides on the way")
