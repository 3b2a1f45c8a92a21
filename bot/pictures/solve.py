"""Authoring only: contacts and wishes become joint angles by bounded least squares.

The only place that needs scipy. The coach itself draws what was solved and locked.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

import numpy as np
from scipy.optimize import least_squares

from bot.pictures.balance import off_balance
from bot.pictures.contacts import (
    Surfaces,
    Touch,
    depth_below_floor,
    gap,
    held_places,
    kept,
    spheres,
    touches,
)
from bot.pictures.lock import Locked
from bot.pictures.measures import off_line
from bot.pictures.poses import Level, Phase, Spot
from bot.pictures.profiles import Vec
from bot.pictures.skeleton import Placed, blended
from bot.pictures.views import Rig

# The error that counts as 1: contacts are worth ten wishes' precision and more.
CONTACT, HOLD, PLACE, BALANCE, TOUCH, ABOVE, SUNK = 0.0005, 0.0015, 0.002, 0.003, 0.004, 0.006, 0.002
DIRECTION, LOOK, ASKED, SPINE, LIMB, PELVIS = 1.0, 2.0, 5.0, 25.0, 45.0, 60.0
SCAPULA, SCAPULA_ASKED, ROOT = 0.012, 0.003, 10.0
LINE: Final = 0.001
# In a flow: a foot, hand or knee that lands so far away has stepped, a pelvis that turned so far has turned over.
STEPS, TURNS = 0.06, 120.0
# Poses locked between two key poses; the film interpolates these by angle.
BETWEEN: Final = 11

Term = Callable[[Placed], Sequence[float] | Vec]


def solve_level(level: Level) -> Locked:
    """Key poses and the ways between them; three phases also get a way from the last to the first."""
    surfaces = level.surfaces()
    poses: list[Vec] = []
    before: Placed | None = None
    for phase in level.phases:
        poses.append(_solve_phase(phase, surfaces, before))
        before = phase.rig.place(poses[-1], phase.build)
    pairs = range(len(poses) if len(poses) > 2 else len(poses) - 1)
    ways = tuple(
        _way((level.phases[i], poses[i]), (level.phases[j], poses[j]), surfaces, whole=level.flow)
        for i, j in ((i, (i + 1) % len(poses)) for i in pairs)
    )
    apart = tuple(i for i, phase in enumerate(level.phases) if phase.view != level.view)
    other = level.from_beside
    beside = None if other is None else solve_level(other).phases[0]
    return Locked(tuple(poses), ways, level.view, apart, beside)


def _solve_phase(phase: Phase, surfaces: Surfaces, before: Placed | None) -> Vec:
    start = _vector(phase)
    target, tolerance = _wished(phase, start)
    terms = [*_contact_terms(phase, surfaces), *_place_terms(phase, before, surfaces), *_soft_terms(phase)]
    return _settle(phase.rig, start, target, tolerance, terms, phase.build, evaluations=250)


def _vector(phase: Phase) -> Vec:
    rest = phase.rig.rest
    values = [phase.start.get(joint, rest.get(joint.split(".")[0], 0)) for joint in phase.rig.joints]
    return np.array(values, float)


def _wished(phase: Phase, start: Vec) -> tuple[Vec, Vec]:
    """The joint vector nearest to the author's words, and how far each joint may be off it."""
    target = start.copy()
    index = phase.rig.index
    target[index["x"]] = 0
    tolerance = np.array([_patience(joint) for joint in phase.rig.joints])
    for joint, angle in phase.joints.items():
        target[index[joint]] = angle
        tolerance[index[joint]] = SCAPULA_ASKED if joint.startswith("scapula") else ASKED
    if phase.tilt is not None:
        target[index["pelvis"]] += phase.tilt
        tolerance[index["pelvis"]] = ASKED
    return target, tolerance


def _patience(joint: str) -> float:
    special = {
        "x": ROOT, "y": ROOT, "pelvis": PELVIS, "lumbar": SPINE, "thorax": SPINE, "neck": SPINE,
        "head": SPINE, "scapula": SCAPULA,
    }  # fmt: skip
    return special.get(joint.split(".", maxsplit=1)[0], LIMB)


def _contact_terms(phase: Phase, surfaces: Surfaces) -> list[Term]:
    declared = touches(kept(phase.on))
    touching = {touch.landmark for touch in declared}
    free = [(landmark, radius) for landmark, radius in spheres(phase.view) if landmark not in touching]
    return [
        lambda body: [gap(body, touch, surfaces) / CONTACT for touch in declared],
        _above_floor_term(free),
        lambda body: depth_below_floor(body) / SUNK,
    ]


def _above_floor_term(parts: Sequence[tuple[str, float]]) -> Term:
    return lambda body: [min(0.0, float(body.points[name][1]) - radius) / SUNK for name, radius in parts]


def _place_terms(phase: Phase, before: Placed | None, surfaces: Surfaces) -> list[Term]:
    fixed = [(name, 0, value, PLACE) for name, value in phase.x.items() if value is not None]
    fixed += [(name, 1, value, PLACE) for name, value in phase.y.items() if value is not None]
    if before is not None and before.view == phase.view:
        fixed += [
            (name, axis, float(before.points[name][axis]), HOLD)
            for name, axis in held_places(phase.hold, phase.on, surfaces, phase.rig.sides)
        ]
    above = [(upper, lower) for upper, lower in phase.above.items() if lower is not None]
    return [
        lambda body: [(float(body.points[name][axis]) - value) / error for name, axis, value, error in fixed],
        lambda body: [float(body.points[a][0] - body.points[b][0]) / ABOVE for a, b in above],
    ]


def _soft_terms(phase: Phase) -> list[Term]:
    terms = [_touch_term(phase), _direction_term(phase)]
    if phase.look is not None:
        look = phase.look
        terms.append(lambda body: [_turn(body.directions["head"] - 90 - look) / LOOK])
    if phase.line is not None:
        first, middle, last = phase.line
        terms.append(lambda body: [off_line(body, first, middle, last) / LINE])
    if phase.balanced:
        terms.append(lambda body: [off_balance(body, phase.on, inset=0.2) / BALANCE])
    return terms


def _touch_term(phase: Phase) -> Term:
    pairs = []
    for part, spot in phase.touch.items():
        if spot is not None:
            side = part.partition(".")[2]
            at = f"{spot.at}.{side}" if f"{spot.at}.{side}" in phase.rig.upright.points else spot.at
            pairs.append((part, at, np.array(spot.shift)))
    return lambda body: np.array(
        [(body.points[part] - body.points[at] - shift) / TOUCH for part, at, shift in pairs]
    ).ravel()


def _direction_term(phase: Phase) -> Term:
    asked = [(name, value) for name, value in phase.direction.items() if value is not None]

    def term(body: Placed) -> list[float]:
        return [_turn(_direction(body, name) - value) / DIRECTION for name, value in asked]

    return term


def _direction(body: Placed, name: str) -> float:
    if name != "trunk":
        return body.directions[name]
    trunk = body.points["c7"] - body.points["hip"]
    return float(np.degrees(np.arctan2(trunk[1], trunk[0])))


def _turn(degrees: float) -> float:
    return (degrees + 180) % 360 - 180


def _way(one: tuple[Phase, Vec], other: tuple[Phase, Vec], surfaces: Surfaces, *, whole: bool) -> tuple[Vec, ...]:
    """Blended joint angles, pulled back onto the contacts and touches that both key poses share.

    No part of the body sinks into the floor on the way, or deeper than in either pose.
    `whole`: no way at all where somebody steps or turns over.
    """
    (before, start), (after, end) = one, other
    if before.view != after.view:
        return ()
    rig = before.rig
    first, last = rig.place(start, before.build), rig.place(end, after.build)
    shared = [touch for touch in touches(kept(before.on)) if touch in touches(kept(after.on))]
    if whole and not _leads_over(first, last, shared):
        return ()
    heights = [(name, radius, first.points[name][1], last.points[name][1]) for name, radius in spheres(before.view)]
    lowest = [(name, float(min(own))) for name, *own in heights]
    tolerance = np.array([0.012 if "scapula" in joint else 12.0 for joint in rig.joints])
    tolerance[:2] = 0.05
    found: list[Vec] = []
    for share in np.linspace(0, 1, BETWEEN + 2)[1:-1]:
        blend = (1 - share) * start + share * end
        build = blended(before.build, after.build, float(share))
        terms = [
            _shared_term(shared, surfaces, first, last, float(share)),
            _touch_term(_followed(before, after, float(share))),
        ]
        terms += [lambda body: depth_below_floor(body) / SUNK, _above_floor_term(lowest)]
        found.append(_settle(rig, blend, blend, tolerance, terms, build, evaluations=12))
    return tuple(found)


def _followed(before: Phase, after: Phase, share: float) -> Phase:
    """What touches the same landmark in both poses goes there in a straight line from one shift to the other."""
    found: dict[str, Spot] = {}
    for part, spot in before.touch.items():
        there = after.touch.get(part)
        if spot is not None and there is not None and there.at == spot.at:
            x, y = ((1 - share) * a + share * b for a, b in zip(spot.shift, there.shift, strict=True))
            found[part] = Spot(at=spot.at, shift=(x, y))
    return Phase(base=before.base, view=before.view, touch=found)


def _leads_over(first: Placed, last: Placed, shared: Sequence[Touch]) -> bool:
    """Whether a body comes from pose to pose in the plane of the picture: it stays on something and turns not over."""
    stays = [touch.landmark for touch in shared if not touch.is_stretch]
    steps = any(abs(float(first.points[name][0] - last.points[name][0])) > STEPS for name in stays)
    return bool(shared) and not steps and abs(_turn(last.directions["pelvis"] - first.directions["pelvis"])) <= TURNS


def _shared_term(shared: Sequence[Touch], surfaces: Surfaces, first: Placed, last: Placed, share: float) -> Term:
    def term(body: Placed) -> list[float]:
        errors: list[float] = []
        for touch in shared:
            errors.append(gap(body, touch, surfaces) / 0.001)
            if not touch.is_stretch:
                name = touch.landmark
                x = (1 - share) * first.points[name][0] + share * last.points[name][0]
                errors.append(float(body.points[name][0] - x) / PLACE)
        return errors

    return term


def _settle(
    rig: Rig,
    start: Vec,
    target: Vec,
    tolerance: Vec,
    terms: Sequence[Term],
    build: Mapping[str, float],
    evaluations: int,
) -> Vec:
    low, high = rig.limits(build)
    scale = np.array([0.05 if joint in ("x", "y") else 0.01 if "scapula" in joint else 20 for joint in rig.joints])

    def errors(pose: Vec) -> Vec:
        body = rig.place(pose, build)
        return np.concatenate([(pose - target) / tolerance, *(np.asarray(term(body), float) for term in terms)])

    inside = np.clip(start, low + 1e-6, high - 1e-6)
    found = least_squares(errors, inside, bounds=(low, high), x_scale=scale, max_nfev=evaluations, ftol=1e-7, xtol=1e-7)
    return np.asarray(found.x, float)
