"""The clothed person from back to front: far limbs, head, near leg with pelvis, shirt, near arm.

Far limbs are drawn a little higher and darker, near ones a little lower: depth without perspective.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry

from bot.pictures import limbs, torso
from bot.pictures.layers import LINE, Canvas, Layer, Stroke
from bot.pictures.outfit import shoe_layers
from bot.pictures.outline import (
    biggest,
    closed_up,
    creases,
    disc,
    lee_side,
    local_line,
    local_shape,
    opened,
    organic,
    tube,
    union,
)
from bot.pictures.profiles import (
    BROW,
    EAR,
    EAR_FOLD,
    EYE,
    EYE_RADIUS,
    GLASSES,
    HAIR_STRAND,
    JAW,
    MOUTH,
    SHANK,
    TEMPLE,
    Vec,
)
from bot.pictures.skeleton import SPINE_LENGTH, Placed, unit
from bot.pictures.theme import Person, Tone

OBLIQUE: Final[Vec] = np.array([0.016, 0.014])
FLAT: Final[Vec] = np.zeros(2)
WHOLE_SLEEVE: Final = 5e-4  # of the far one: less than this is a sliver
HEM: Final = 0.045


@dataclass(frozen=True, slots=True, eq=False)
class Figure:
    """A drawn person. The arms come apart: muscles lie beneath the near one, and a lens shows neither."""

    placed: Placed
    far_arm: tuple[Layer, ...]
    layers: tuple[Layer, ...]
    near_arm: tuple[Layer, ...]
    trunk: BaseGeometry
    legs: Mapping[str, BaseGeometry]
    arms: Mapping[str, BaseGeometry]
    head: BaseGeometry
    shift: Mapping[str, Vec]

    @property
    def silhouette(self) -> BaseGeometry:
        return union(self.without_arms, *self.arms.values())

    @property
    def without_arms(self) -> BaseGeometry:
        return union(self.trunk, self.head, *self.legs.values())


def draw_figure(body: Placed, person: Person, hands: Mapping[str, str], oblique: Vec = OBLIQUE) -> Figure:
    shift = {"far": oblique * 0.6, "near": -oblique * 0.4}
    arms = {side: limbs.arm(body, side, hands.get(f"hand.{side}", "relaxed"), shift[side]) for side in shift}
    legs = {side: limbs.leg(body, side, shift[side]) for side in shift}
    canvas, behind = Canvas(), Canvas()
    _far_arm(behind, arms["far"], torso.ribbon(body, 0.02, SPINE_LENGTH, 0.004), person)
    _far_leg(canvas, legs["far"], person)
    head = side_head(canvas, body, person)
    trunk, trousers = _near_body(canvas, body, legs["near"], shift["near"], person)
    if hands.get("hand.near") == "under":
        arms["near"] = limbs.tucked(arms["near"], body, "near", union(trunk, trousers))
    if hands.get("hand.near") == "through":  # between the legs
        arms["near"] = limbs.threaded(arms["near"], body, "near", legs["near"].trousers.difference(trunk))
    over = Canvas()
    _near_arm(over, arms["near"], trunk, union(head, legs["near"].trousers), person)
    if hands.get("hand.far") == "across":
        _arm_across(over, arms["far"], person)
    return Figure(
        placed=body,
        far_arm=tuple(behind.layers),
        layers=tuple(canvas.layers),
        near_arm=tuple(over.layers),
        trunk=trunk,
        legs={"near": union(trousers, legs["near"].foot), "far": union(legs["far"].trousers, legs["far"].foot)},
        arms={side: union(arm.skin, arm.sleeve) for side, arm in arms.items()},
        head=head,
        shift=shift,
    )


def _far_arm(canvas: Canvas, arm: limbs.Arm, behind: BaseGeometry, person: Person) -> None:
    seen = arm.sleeve.difference(behind)
    shown = opened(seen, 0.0115)
    if shown.area < WHOLE_SLEEVE:
        # Of a sliver that peeps out around the torso only that is drawn out of which the arm comes.
        bare = arm.skin.difference(union(arm.sleeve.buffer(0.006), behind))
        hem = seen.intersection(bare.buffer(HEM))
        shown = biggest(opened(hem, 0.002))
    sleeve = shown.buffer(0.018).intersection(arm.sleeve)
    # Where the sleeve is left away, so is the shoulder in it.
    left_away = arm.sleeve.difference(sleeve).buffer(0.006)
    skin_of_arm(canvas, replace(arm, skin=arm.skin.difference(left_away)), person.far_skin)
    canvas.body(sleeve, person.far_shirt, 0.007)


def skin_of_arm(canvas: Canvas, arm: limbs.Arm, tone: Tone) -> None:
    canvas.body(arm.skin, tone, 0.007)
    canvas.line(creases(arm.upper, arm.fore, arm.elbow, 0.030), tone.dark, 0.8)
    canvas.line(arm.thumb_line, tone.dark, 0.95, LINE * 0.8)
    # Shorter than what `line` keeps.
    canvas.stroke(Stroke(arm.fingers, tone.dark, LINE * 0.7, 0.8))


def _far_leg(canvas: Canvas, leg: limbs.Leg, person: Person) -> None:
    _foot(canvas, leg, person.far_skin)
    if person.shoes:
        canvas.layers += shoe_layers(leg.foot, leg.ankle, leg.foot_direction, far=True)
    canvas.body(leg.trousers, person.far_trousers, 0.011, 0.35)
    _knee_fold(canvas, leg, person.far_trousers.dark)


def _foot(canvas: Canvas, leg: limbs.Leg, tone: Tone) -> None:
    canvas.body(leg.foot, tone, 0.007)
    # Shorter than what `line` keeps.
    canvas.stroke(Stroke(leg.toe_lines.intersection(leg.foot), tone.dark, LINE * 0.7, 0.8))


def _knee_fold(canvas: Canvas, leg: limbs.Leg, colour: str) -> None:
    # On a moderate bend the line floats and looks like a scratch.
    if leg.flexion > 112:
        canvas.line(creases(leg.thigh, leg.shank, leg.knee, 0.045), colour, 0.85)


def side_head(canvas: Canvas, body: Placed, person: Person) -> BaseGeometry:
    head = torso.head(body, person.hair_shape)
    skull, forward = body.points["skull"], body.directions["head"] - 90
    canvas.body(head.skin, person.skin, 0.009, 0.30)
    canvas.line(local_line(JAW, skull, forward), person.skin.dark, 0.55, LINE * 0.9)
    canvas.body(head.hair, person.hair, 0.012, 0.45)
    canvas.line(local_line(HAIR_STRAND, skull, forward), person.hair.dark, 0.5)
    ear = local_shape(EAR, skull, forward)
    canvas.fill(ear, person.skin.light)
    canvas.line(ear.boundary, person.skin.dark, 0.8, LINE * 0.8)
    canvas.line(local_line(EAR_FOLD, skull, forward), person.skin.dark, 0.7, LINE * 0.7)
    eye = skull + unit(forward) * EYE[0] + unit(forward + 90) * EYE[1]
    canvas.fill(Point(*eye).buffer(EYE_RADIUS), person.eye)
    canvas.line(local_line(BROW, skull, forward), person.hair.light, 0.95, LINE * 1.05)
    if person.glasses:
        rim = local_shape(GLASSES, skull, forward)
        canvas.line(union(rim.boundary, local_line(TEMPLE, skull, forward)), person.eye, 0.9, LINE * 0.9)
    canvas.line(local_line(MOUTH, skull, forward), person.skin.dark, 0.95, LINE * 0.9)
    return union(head.skin, head.hair)


def _near_body(
    canvas: Canvas, body: Placed, leg: limbs.Leg, shift: Vec, person: Person
) -> tuple[BaseGeometry, BaseGeometry]:
    """Pelvis and near leg are one piece of cloth, so that no seam crosses the hip."""
    pelvis, shirt = torso.pelvis(body), torso.shirt(body)
    _foot(canvas, leg, person.skin)
    if person.shoes:
        canvas.layers += shoe_layers(leg.foot, leg.ankle, leg.foot_direction, far=False)
    trousers = _trousers(leg, pelvis)
    canvas.body(trousers, person.trousers, 0.011, 0.35)
    visible = shirt
    if body.directions["thigh.near"] - (body.directions["pelvis"] - 180) > 120:
        # In deep flexion the thigh lies in front of the shirt.
        thigh = leg.thigh.difference(disc(body.points["hip"] + shift, 0.035))
        visible = biggest(opened(shirt.difference(thigh), 0.014))
    canvas.fill(visible, person.shirt.light, solid=True)
    canvas.fill(lee_side(shirt, 0.012).intersection(visible), person.shirt.dark, 0.32)
    canvas.line(visible.boundary.intersection(trousers.buffer(-0.002)), person.shirt.dark, 0.55, LINE * 0.9)
    _knee_fold(canvas, leg, person.trousers.dark)
    canvas.line(leg.knee_line, person.trousers.dark, 0.8)
    canvas.fill(torso.collar_band(body).intersection(shirt.buffer(0.002)), person.shirt.dark, 0.6)
    return union(pelvis, shirt), trousers


def _trousers(leg: limbs.Leg, pelvis: BaseGeometry) -> BaseGeometry:
    ankle = tube(leg.knee, leg.shank_direction, leg.shank_length, SHANK, (0.8, 1.1))
    whole = organic(closed_up(union(pelvis, leg.trousers, ankle), 0.028), 0.011)
    # The cut must never touch pelvis or thigh, which it would in a deep squat.
    keep = union(pelvis, leg.thigh).buffer(0.010)
    cut = whole.difference(limbs.cuff_cut(leg.knee, leg.shank_direction, leg.shank_length).difference(keep))
    return limbs.without_tab(cut, leg.flexion)


def _arm_across(canvas: Canvas, arm: limbs.Arm, person: Person) -> None:
    """The far forearm that crosses the chest comes to this side and lies over all else."""
    canvas.body(arm.below_elbow, person.skin, 0.006)
    canvas.line(arm.below_elbow.boundary, person.skin.dark, 0.75, LINE * 0.8)
    canvas.line(arm.thumb_line, person.skin.dark, 0.95, LINE * 0.8)
    canvas.stroke(Stroke(arm.fingers, person.skin.dark, LINE * 0.7, 0.8))


def _near_arm(canvas: Canvas, arm: limbs.Arm, trunk: BaseGeometry, behind: BaseGeometry, person: Person) -> None:
    skin_of_arm(canvas, arm, person.skin)
    canvas.fill(arm.sleeve, person.shirt.light, solid=True)
    soft_shoulder = disc(arm.shoulder, 0.052).intersection(trunk.buffer(-0.006))
    canvas.fill(lee_side(arm.sleeve, 0.007).difference(soft_shoulder), person.shirt.dark, 0.32)
    inside = trunk.buffer(-0.001)
    sleeve_edge = arm.sleeve.boundary.intersection(inside).difference(disc(arm.shoulder, 0.042))
    canvas.line(sleeve_edge, person.shirt.dark, 0.9)
    skin_edge = arm.skin.boundary.intersection(union(inside, behind)).difference(arm.sleeve.buffer(0.001))
    canvas.line(skin_edge, person.skin.dark, 0.75, LINE * 0.8)
