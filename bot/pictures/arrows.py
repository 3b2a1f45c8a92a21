"""Arrows of movement. Their direction always comes from the poses; nobody types it."""

from typing import Final

import numpy as np
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

from bot.pictures.outline import disc, union
from bot.pictures.poses import Arrow
from bot.pictures.profiles import Vec
from bot.pictures.skeleton import Placed, unit

SHAFT, HEAD_LENGTH, HEAD_HALF = 0.0078, 0.044, 0.0235
TURN_RADIUS, TURN_SWEEP = 0.118, 74.0
UPON_RADIUS, UPON_SWEEP = 0.054, 205.0  # of the same upon the pelvis
# Around what a turning part's arrow goes, and the half axes of its ring.
RINGS: Final = {"face": ("crown", (0.085, 0.022)), "chest": ("navel", (0.125, 0.035))}
SWING_RADIUS, SWING_SWEEP, SWING_END = 0.33, 92.0, 10.0  # of the arc along which an arm swings; degrees
STILL_SWING: Final = 120.0
BOW_OUTSIDE, BOW_SWEEP, BOW_END = 0.050, 27.0, 15.0  # of the arc outside of the head; degrees
STILL_BOW: Final = 20.0
STILL: Final = 0.004  # a landmark that moves less has no direction
STILL_TURN: Final = 1.0  # degrees
STILL_NEARER: Final = 0.1  # of a hand's size
OVER: Final = 0.6  # how much bolder in its middle an arrow is that goes over the body
BOTH_WAYS: Final[Vec] = np.full((1, 2), np.nan)  # stands between the halves of a course that goes both ways
NEARER: Final = (0.5, 1.75)  # how much bolder than usual, from far to near


class NoMovementError(ValueError):
    """An arrow was asked for where nothing moves."""


def arrow_course(arrow: Arrow, before: Placed, now: Placed) -> Vec:
    """Points from tail to tip, in a third column their boldness if they come nearer. Raises NoMovementError."""
    if arrow.sway is not None and arrow.about is not None:
        return _sway(arrow, now.points[arrow.sway], now.points[arrow.about])
    if arrow.step is not None:
        return _step(arrow, before, now)
    if before.view != now.view:
        raise NoMovementError("the pose before is seen from another side")
    if arrow.turn is not None:
        course = _upon(before, now) if arrow.upon else _turned(arrow.turn, before, now)
        return np.asarray(course + np.array(arrow.shift))
    if arrow.press is not None:
        # Above the part, its tip at the distance of `gap`.
        tip = now.points[arrow.press] + np.array(arrow.shift) + np.array([0, arrow.gap])
        return np.asarray(tip + np.array([0, 1]) * np.linspace(arrow.length, 0, 40)[:, None])
    if arrow.move is None:
        raise NoMovementError("an arrow needs `move`, `turn`, `press`, `sway` or `step`")
    start, end = before.points[arrow.move], now.points[arrow.move]
    if arrow.against is not None:
        start = start + now.points[arrow.against] - before.points[arrow.against]
    course = _move(arrow, start, end)
    if arrow.over:
        return np.column_stack([course, 1 + OVER * np.sin(np.linspace(0, np.pi, len(course)))])
    side = arrow.move.partition(".")[2]
    closer = now.nearness.get(side, 1) - before.nearness.get(side, 1)
    if abs(closer) < STILL_NEARER:
        return course
    # What comes to the viewer grows on its way, what leaves shrinks.
    start_bold, end_bold = NEARER if closer > 0 else NEARER[::-1]
    return np.column_stack([course, np.linspace(start_bold, end_bold, len(course))])


def _move(arrow: Arrow, start: Vec, end: Vec) -> Vec:
    way = end - start
    length = float(np.linalg.norm(way))
    if length < STILL:
        raise NoMovementError(f"{arrow.move} does not move")
    ahead = way / length
    tail = end + np.array(arrow.shift) + ahead * arrow.gap
    return np.asarray(tail + ahead * np.linspace(0, arrow.length, 40)[:, None])


def _sway(arrow: Arrow, at: Vec, about: Vec) -> Vec:
    """To and fro: two halves from the middle outwards, across the line from the joint or along it."""
    out = float(np.linalg.norm(at - about))
    if out < STILL:
        raise NoMovementError(f"{arrow.sway} cannot sway about itself")
    ahead = (at - about) / out
    t = np.linspace(0, arrow.length / 2, 20)
    if arrow.along:
        halves = [at + ahead * (arrow.gap + sense * t)[:, None] for sense in (1, -1)]
    else:
        radius = out + arrow.gap
        way = np.arctan2(ahead[1], ahead[0])
        angles = [way + sense * t / radius for sense in (1, -1)]
        halves = [about + radius * np.stack([np.cos(angle), np.sin(angle)], 1) for angle in angles]
    return np.asarray(np.vstack([halves[0], BOTH_WAYS, halves[1]]) + np.array(arrow.shift))


def _step(arrow: Arrow, before: Placed, now: Placed) -> Vec:
    """Seen from the front: on the ground before a foot that lifts or stands nearer, coming to the viewer."""
    if abs(now.points[str(arrow.step)][1] - before.points[str(arrow.step)][1]) < STILL:
        raise NoMovementError(f"{arrow.step} does not step")
    tail = np.array([before.points[str(arrow.step)][0], -arrow.gap]) + np.array(arrow.shift)
    course = tail + np.array([0, -1]) * np.linspace(0, arrow.length, 40)[:, None]
    return np.column_stack([course, np.linspace(*NEARER, len(course))])


def _turned(part: str, before: Placed, now: Placed) -> Vec:
    if part == "trunk":
        return _bow(before, now)
    if part.startswith("arm"):
        return _swing(part.partition(".")[2], before, now)
    return _turn(before, now) if part == "pelvis" else _turn_about(part, before, now)


def _turn(before: Placed, now: Placed) -> Vec:
    """An arc in front of the pelvis, in the sense in which the pelvis turned."""
    return _pelvic_arc(before, now, now.directions["pelvis"] - 90, TURN_RADIUS, TURN_SWEEP)


def _upon(before: Placed, now: Placed) -> Vec:
    """The same around the hip joint, over the crest."""
    return _pelvic_arc(before, now, 90, UPON_RADIUS, UPON_SWEEP)


def _pelvic_arc(before: Placed, now: Placed, middle: float, radius: float, sweep: float) -> Vec:
    turned = (now.directions["pelvis"] - before.directions["pelvis"] + 180) % 360 - 180
    if abs(turned) < STILL_TURN:
        raise NoMovementError("the pelvis does not turn")
    half = sweep / 2 * np.sign(turned)
    angles = np.radians(np.linspace(middle - half, middle + half, 40))
    return now.points["hip"] + radius * np.stack([np.cos(angles), np.sin(angles)], 1)


def _swing(side: str, before: Placed, now: Placed) -> Vec:
    """An arc around the shoulder along which the arm swung, the last part of its way."""
    end = now.directions[f"upper_arm.{side}"]
    swung = end - before.directions[f"upper_arm.{side}"]
    if abs(swung) < STILL_SWING:
        raise NoMovementError(f"the {side} arm does not swing")
    sense = np.sign(swung)
    angles = np.radians(np.linspace(end - sense * (SWING_END + SWING_SWEEP), end - sense * SWING_END, 60))
    return now.points[f"shoulder.{side}"] + SWING_RADIUS * np.stack([np.cos(angles), np.sin(angles)], 1)


def _bow(before: Placed, now: Placed) -> Vec:
    """The last part of the arc on which the head comes down or up about the hips, outside of it."""
    (start, _), (end, out) = (_about_hips(body) for body in (before, now))
    bowed = (end - start + 180) % 360 - 180
    if abs(bowed) < STILL_BOW:
        raise NoMovementError("the trunk does not bow")
    last, sense = BOW_END, np.sign(bowed)
    angles = np.radians(np.linspace(end - sense * min(abs(bowed), last + BOW_SWEEP), end - sense * last, 50))
    return now.points["hip"] + (out + BOW_OUTSIDE) * np.stack([np.cos(angles), np.sin(angles)], 1)


def _about_hips(body: Placed) -> tuple[float, float]:
    """Direction and distance of the crown."""
    way = body.points["crown"] - body.points["hip"]
    return float(np.degrees(np.arctan2(way[1], way[0]))), float(np.linalg.norm(way))


def _turn_about(part: str, before: Placed, now: Placed) -> Vec:
    """Seen from the front: the near half of a flat ring around the body, above the head or before the chest."""
    turned = now.face - before.face if part == "face" else now.chest - before.chest
    if abs(turned) < STILL_TURN:
        raise NoMovementError(f"the {part} does not turn")
    at, (wide, flat) = RINGS[part]
    angles = np.radians(np.linspace(200, 340, 40)[:: 1 if turned > 0 else -1])
    up = unit(now.directions["head"])
    middle = now.points[at] + up * (0.03 if part == "face" else 0)
    right = np.array([up[1], -up[0]])
    return np.asarray(middle + np.cos(angles)[:, None] * right * wide + np.sin(angles)[:, None] * up * flat)


def breath_course(body: Placed, way: str) -> Vec:
    """A small wave at the mouth."""
    ahead, across = unit(body.directions["head"] - 90), unit(body.directions["head"])
    t = np.linspace(0, 1, 50)
    wave = 0.0075 * np.sin(t * 3.2 * np.pi) * np.clip((1 - t) * 4, 0, 1)
    course = body.points["mouth"] + ahead * (0.030 + 0.105 * t)[:, None]
    if way == "in":
        course = body.points["mouth"] + ahead * (0.135 - 0.105 * t)[:, None]
    return np.asarray(course + across * wave[:, None])


def arrow_shape(course: Vec, boldness: float = 1) -> BaseGeometry:
    """A shaft that grows towards a swept-back head, slightly rounded; of a course both ways, two from its middle."""
    gaps = np.flatnonzero(np.isnan(course[:, 0]))
    if len(gaps):
        return union(*(arrow_shape(course[part], boldness) for part in (slice(gaps[0]), slice(gaps[0] + 1, None))))
    nearer = course[:, 2] if course.shape[1] > 2 else np.ones(len(course))
    course = course[:, :2]
    steps = np.linalg.norm(np.diff(course, axis=0), axis=1)
    along = np.concatenate([[0], np.cumsum(steps)])
    total = float(along[-1])
    head = min(HEAD_LENGTH * boldness * float(nearer[-1]), total * 0.5)
    half = HEAD_HALF * head / HEAD_LENGTH * float(nearer[-1] ** 0.5)
    t = np.linspace(0, total - head * 0.9, 50)
    axis = np.stack([np.interp(t, along, course[:, i]) for i in (0, 1)], 1)
    tangent = np.gradient(axis, axis=0)
    tangent /= np.linalg.norm(tangent, axis=1)[:, None]
    across = np.stack([-tangent[:, 1], tangent[:, 0]], 1)
    width = (SHAFT * boldness * (0.5 + 0.5 * t / total) * np.interp(t, along, nearer))[:, None]
    shaft = Polygon(np.vstack([axis + across * width, (axis - across * width)[::-1]])).buffer(0)
    tip, base = course[-1], np.array([np.interp(total - head, along, course[:, i]) for i in (0, 1)])
    ahead = (tip - base) / np.linalg.norm(tip - base)
    side = np.array([-ahead[1], ahead[0]])
    barb = base - ahead * head * 0.12
    point = Polygon([tip, barb + side * half, base + ahead * head * 0.12, barb - side * half])
    shape = union(shaft, disc(axis[0], SHAFT * boldness * 0.5), point)
    return shape.buffer(0.003, quad_segs=6).buffer(-0.0012, quad_segs=6)
