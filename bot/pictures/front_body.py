"""The clothed person from the front, from back to front: limbs behind, legs and pelvis, head, shirt, arms."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

import numpy as np
from shapely import affinity
from shapely.geometry import LineString
from shapely.geometry.base import BaseGeometry

from bot.pictures import torso
from bot.pictures.body import FLAT, Figure, side_head, skin_of_arm
from bot.pictures.front_limbs import FrontLeg, front_leg
from bot.pictures.front_profiles import BACK_HAIR, CURLY_HAIR, FRONT_EYE_RADIUS, FRONT_GLASSES, KNOT, LONG_HAIR
from bot.pictures.front_skeleton import FRONT_SIDES
from bot.pictures.front_torso import (
    TURNED_FROM,
    FrontHead,
    front_head,
    front_shirt,
    neck_band,
    turned_away,
    winding_folds,
)
from bot.pictures.layers import LINE, Canvas, Stroke
from bot.pictures.limbs import Arm, arm
from bot.pictures.outline import closed_up, curve, disc, lee_side, local_shape, organic, union
from bot.pictures.profiles import Vec
from bot.pictures.skeleton import SIDE_ON, Placed, unit
from bot.pictures.theme import Person, Tone

_PELVIS: Final = (-0.068, 0.10)  # arc lengths
GROIN: Final = 0.12
TURNED, FOLDED = 28, 0.6  # degrees of a chest from which its shirt's folds are drawn in full
SEEN: Final = "seen"
# Degrees of a turned face: up to the first it is drawn from the front, from the second on from the side.
FACES, PROFILE = 53, 2 * SIDE_ON - 53
MOST_TURNED: Final = 56  # of a face drawn from the front
FLY_TURNS_AWAY: Final = 8  # degrees of a rolled pelvis, whose upper thigh has a line of its own


def draw_from_front(body: Placed, person: Person, shapes: Mapping[str, str]) -> Figure:
    """`shapes`: see `views.draw_figure`."""
    arms = {side: arm(body, side, shapes.get(f"hand.{side}", "relaxed"), FLAT) for side in FRONT_SIDES}
    legs = {side: front_leg(body, side, shapes.get(f"foot.{side}", "front")) for side in FRONT_SIDES}
    far = {part for part, shape in shapes.items() if shape == "behind"}
    behind, canvas, over = Canvas(), Canvas(), Canvas()
    for side in FRONT_SIDES:
        if f"arm.{side}" in far:
            _arm_behind(behind, arms[side], person)
    from_behind = shapes.get(SEEN) == "back"
    trousers = _legs(canvas, body, legs, far, person, from_behind=from_behind)
    skin = _head_from_behind(canvas, body, person) if from_behind else _turned_head(canvas, body, person)
    shirt = front_shirt(body, arms, from_behind=from_behind)
    away = turned_away(body)
    # From nothing on, so that on the way there no sleeve darkens at once.
    turn = float(np.clip((abs(body.chest) - TURNED_FROM) / (TURNED - TURNED_FROM), 0, 1))
    if away is not None and f"arm.{away}" not in far:
        _arm_turned_away(canvas, arms[away], person, turn)
    canvas.fill(shirt, person.shirt.light, solid=True)
    canvas.fill(lee_side(shirt, 0.010), person.shirt.dark, 0.30)
    if away is not None:
        edge = shirt.boundary.intersection(arms[away].sleeve.buffer(-0.002))
        canvas.line(edge, person.shirt.dark, 0.8 * min(1.0, turn * 3))
        canvas.line(winding_folds(body), person.shirt.dark, FOLDED * min(1.0, abs(body.chest - body.rolled) / TURNED))
    canvas.line(shirt.boundary.intersection(trousers.buffer(-0.002)), person.shirt.dark, 0.6, LINE * 0.9)
    canvas.fill(neck_band(body, from_behind=from_behind).intersection(shirt.buffer(0.003)), person.shirt.dark, 0.6)
    # The arm of somebody lying on their side that is nearer to the viewer lies over the other one.
    for side in FRONT_SIDES[::-1] if body.chest >= SIDE_ON else FRONT_SIDES:
        if f"arm.{side}" not in far and side != away:
            _arm_before(over, body, arms[side], shirt, union(shirt, trousers, skin), person)
    return Figure(
        placed=body,
        far_arm=tuple(behind.layers),
        layers=tuple(canvas.layers),
        near_arm=tuple(over.layers),
        trunk=union(shirt, torso.ribbon(body, *_PELVIS)),
        legs={side: union(leg.trousers, leg.foot, leg.shank_behind) for side, leg in legs.items()},
        arms={side: union(one.skin, one.sleeve) for side, one in arms.items()},
        head=skin,
        shift=dict.fromkeys(FRONT_SIDES, FLAT),
    )


def _legs(
    canvas: Canvas, body: Placed, legs: Mapping[str, FrontLeg], far: set[str], person: Person, *, from_behind: bool
) -> BaseGeometry:
    """Pelvis and the legs that are not behind are one piece of cloth."""
    before = [side for side in FRONT_SIDES if f"leg.{side}" not in far]
    for side in FRONT_SIDES:
        if side in before and not legs[side].shank_behind.is_empty:
            canvas.body(legs[side].foot, person.far_skin, 0.007)
            canvas.body(legs[side].shank_behind, person.far_trousers, 0.010, 0.35)
        elif side not in before:
            _foot(canvas, legs[side], person.far_skin)
            canvas.body(legs[side].trousers, person.far_trousers, 0.010, 0.35)
    # The leg that the pelvis turns towards lies below the other one.
    for side in before[::-1] if body.rolled > 0 else before:
        if legs[side].shank_behind.is_empty:
            _foot(canvas, legs[side], person.skin)
    pelvis = organic(torso.ribbon(body, *_PELVIS), 0.008)
    plain = union(pelvis, *(legs[side].trousers for side in before))
    # Further down, legs that come near each other must not grow together.
    cloth = union(plain, closed_up(plain, 0.018).intersection(disc(body.points["hip"], GROIN)))
    canvas.body(cloth, person.trousers, 0.010, 0.35)
    crossed = [side for side in before if legs[side].crossed]
    for side in crossed:
        _crossed_leg(canvas, body, legs[side], side, person)
    if not crossed:
        _lines_of_legs(canvas, body, {side: legs[side] for side in before}, cloth, person, from_behind=from_behind)
    return cloth


def _lines_of_legs(
    canvas: Canvas,
    body: Placed,
    legs: Mapping[str, FrontLeg],
    cloth: BaseGeometry,
    person: Person,
    *,
    from_behind: bool,
) -> None:
    """The edges of foreshortened knees and of the upper leg, and the fly or the seat."""
    for leg in legs.values():
        canvas.line(leg.knee_line, person.trousers.dark, 0.8)
    if len(legs) == 2:
        sides = FRONT_SIDES if body.rolled >= 0 else FRONT_SIDES[::-1]
        upper, under = (legs[side].trousers for side in sides)
        canvas.line(upper.boundary.intersection(under.buffer(0.0015)), person.trousers.dark, 0.75)
        if from_behind:
            _seat(canvas, body, person.trousers.dark)
        elif cloth.contains(disc(body.points["hip"], 0.02)):
            down = unit(body.directions["pelvis"] + 180)
            fly = [body.points["hip"] + down * at for at in (0.012, 0.040, 0.064)]
            canvas.line(_line(fly), person.trousers.dark, 0.5 * max(0.0, 1 - abs(body.rolled) / FLY_TURNS_AWAY))


def _crossed_leg(canvas: Canvas, body: Placed, leg: FrontLeg, side: str, person: Person) -> None:
    """Its shank lies over the other thigh, the foot beyond it."""
    _foot(canvas, leg, person.skin)
    canvas.body(leg.trousers, person.trousers, 0.010, 0.35)
    beside = disc(body.points[f"hip.{side}"], 0.075)
    canvas.line(leg.trousers.boundary.difference(beside), person.trousers.dark, 0.75)


def _seat(canvas: Canvas, body: Placed, colour: str) -> None:
    """The seam in the middle and the fold below either buttock."""
    hip, up = body.points["hip"], unit(body.directions["pelvis"])
    right = np.array([up[1], -up[0]])
    canvas.line(_line([hip + up * at for at in (0.026, -0.020, -0.062)]), colour, 0.55)
    for side in (-1, 1):
        fold = [hip + right * side * x + up * y for x, y in ((0.010, -0.062), (0.038, -0.071), (0.068, -0.060))]
        canvas.line(_line(fold), colour, 0.55)


def _line(points: list[Vec]) -> BaseGeometry:
    return LineString(curve(points))


def _foot(canvas: Canvas, leg: FrontLeg, tone: Tone) -> None:
    canvas.body(leg.foot, tone, 0.007)
    # Shorter than what `line` keeps.
    canvas.stroke(Stroke(leg.toe_lines, tone.dark, LINE * 0.7, 0.8))


def _turned_head(canvas: Canvas, body: Placed, person: Person) -> BaseGeometry:
    """From the front or from the side; on the way between, one fades in over the other, which then fades out."""
    turned, skins = abs(body.face), []
    if turned > FACES:
        side = Canvas()
        skins.append(side_head(side, body, person))
        _add(canvas, side, (turned - FACES) / (SIDE_ON - FACES))
    if turned < PROFILE:
        front = Canvas()
        seen = replace(body, face=float(np.clip(body.face, -MOST_TURNED, MOST_TURNED)))
        head = front_head(seen, person.cut)
        _head(front, seen, head, person)
        skins.append(union(head.neck, head.face, head.hair, head.hair_behind))
        _add(canvas, front, (PROFILE - turned) / (PROFILE - SIDE_ON))
    return union(*skins)


def _add(canvas: Canvas, part: Canvas, strength: float) -> None:
    canvas.layers += [replace(layer, opacity=layer.opacity * min(1.0, strength)) for layer in part.layers]


def _head(canvas: Canvas, body: Placed, head: FrontHead, person: Person) -> None:
    skin, up = person.skin, body.directions["head"]
    canvas.body(head.hair_behind, Tone(person.hair.light, person.hair.dark), 0.012, 0.6)
    canvas.fill(head.neck, skin.light, solid=True)
    # The chin throws its shade on the neck.
    under = affinity.translate(head.face, *(-unit(up) * 0.010))
    canvas.fill(under.intersection(head.neck), skin.dark, 0.40)
    for ear in head.ears_behind:
        _ear(canvas, ear, skin)
    canvas.body(head.face, skin, 0.008, 0.28)
    canvas.body(head.hair, person.hair, 0.012, 0.4)
    for ear in head.ears_upon:
        _ear(canvas, ear, skin)
    for eye in head.eyes:
        oval = affinity.scale(disc(eye, FRONT_EYE_RADIUS), 0.82, 1.12)
        canvas.fill(affinity.rotate(oval, up - 90, origin=tuple(eye)), person.eye)
    for brow in head.brows:
        canvas.line(brow, person.hair.light, 0.95, LINE * 1.05)
    if person.glasses:
        _glasses(canvas, head, person.eye, up)
    canvas.line(head.nose, skin.dark, 0.85, LINE * 0.9)
    canvas.line(head.mouth, skin.dark, 0.95, LINE * 1.05)


def _head_from_behind(canvas: Canvas, body: Placed, person: Person) -> BaseGeometry:
    """The back of the head and, below the hair, the nape."""
    head = front_head(body, person.cut)
    canvas.fill(head.neck, person.skin.light, solid=True)
    for ear in (*head.ears_behind, *head.ears_upon):
        _ear(canvas, ear, person.skin)
    skull, right = body.points["skull"], body.directions["head"] - 90
    hair = local_shape(LONG_HAIR if person.cut == "bob" else BACK_HAIR, skull, right)
    if person.cut == "curls":
        hair = union(hair, local_shape(CURLY_HAIR[:12], skull, right)).buffer(0.002)
    canvas.fill(
        affinity.translate(hair, *(-unit(body.directions["head"]) * 0.008)).intersection(head.neck),
        person.skin.dark,
        0.4,
    )
    canvas.body(hair, person.hair, 0.012, 0.4)
    if person.cut == "knot":
        knot = local_shape(KNOT, skull, right)
        canvas.body(knot, person.hair, 0.008, 0.5)
        canvas.line(knot.boundary, person.hair.dark, 0.8)
        hair = union(hair, knot)
    return union(head.neck, hair)


def _glasses(canvas: Canvas, head: FrontHead, colour: str, up: float) -> None:
    wide, high = FRONT_GLASSES
    right = unit(up - 90)
    lenses = [
        affinity.rotate(affinity.scale(disc(eye, 1), wide, high), up - 90, origin=tuple(eye)) for eye in head.eyes
    ]
    bridge = LineString([head.eyes[0] + right * wide, head.eyes[1] - right * wide])
    canvas.line(union(*(lens.boundary for lens in lenses)), colour, 0.9, LINE * 0.9)
    canvas.stroke(Stroke(bridge, colour, LINE * 0.9, 0.9))


def _ear(canvas: Canvas, ear: BaseGeometry, skin: Tone) -> None:
    canvas.fill(ear, skin.light, solid=True)
    canvas.line(ear.boundary, skin.dark, 0.6, LINE * 0.7)


def _arm_behind(canvas: Canvas, one: Arm, person: Person) -> None:
    skin_of_arm(canvas, one, person.far_skin)
    canvas.body(one.sleeve, person.far_shirt, 0.007)


def _arm_turned_away(canvas: Canvas, one: Arm, person: Person, share: float) -> None:
    """Beside the chest; its sleeve darkens on the way there."""
    skin_of_arm(canvas, one, person.skin)
    canvas.fill(one.sleeve, person.shirt.light, solid=True)
    canvas.fill(one.sleeve, person.far_shirt.light, share)


def _arm_before(
    canvas: Canvas, body: Placed, one: Arm, shirt: BaseGeometry, under: BaseGeometry, person: Person
) -> None:
    if not one.toward:
        skin_of_arm(canvas, one, person.skin)
    edge = one.skin.boundary.intersection(under.buffer(-0.001)).difference(one.sleeve.buffer(0.001))
    canvas.line(edge, person.skin.dark, 0.75, LINE * 0.8)
    canvas.fill(one.sleeve, person.shirt.light, solid=True)
    canvas.fill(lee_side(union(one.sleeve, shirt), 0.009).intersection(one.sleeve), person.shirt.dark, 0.30)
    trunk = torso.ribbon(body, 0.034, 0.27).buffer(-0.002)
    seam = one.sleeve.boundary.intersection(trunk).difference(disc(one.shoulder, 0.041))
    canvas.line(seam, person.shirt.dark, 0.8)
    if one.toward:
        canvas.line(one.sleeve.boundary.intersection(shirt.buffer(-0.002)), person.shirt.dark, 0.7)
        skin_of_arm(canvas, one, person.skin)
        canvas.line(one.skin.boundary, person.skin.dark, 0.6, LINE * 0.8)
