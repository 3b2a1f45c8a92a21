"""The two views of the body, from the side and from the front: what its joints are called, how it is placed and drawn.

All that knows a view only by its name looks here; everything else works on a placed body or a drawn figure.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

import numpy as np

from bot.pictures import body, front_body, front_skeleton, skeleton
from bot.pictures.body import OBLIQUE, Figure
from bot.pictures.muscles import FRONT_MUSCLES, LEG_MUSCLES, MUSCLES
from bot.pictures.profiles import Vec
from bot.pictures.skeleton import Placed, View
from bot.pictures.theme import Person

Build = Mapping[str, float]
SEEN: Final = front_body.SEEN  # of the shapes: what of the body is turned to the viewer, its back


@dataclass(frozen=True, eq=False)
class Rig:
    """`shortened`: segments that may point at the viewer; `rest`: comfortable values of joints nobody mentions.

    `ranges_side_on`: what differs once the pelvis has turned its side to the viewer.
    """

    sides: tuple[str, str]
    joints: tuple[str, ...]
    ranges: Mapping[str, tuple[float, float]]
    rest: Mapping[str, float]
    shortened: tuple[str, ...]
    muscles: frozenset[str]
    place: Callable[[Vec, Build | None], Placed]
    ranges_side_on: Mapping[str, tuple[float, float]] = field(default_factory=dict)

    @cached_property
    def index(self) -> Mapping[str, int]:
        return {joint: i for i, joint in enumerate(self.joints)}

    @cached_property
    def upright(self) -> Placed:
        """The neutral standing body; also the list of all landmarks and directions."""
        return self.place(np.zeros(len(self.joints)), None)

    def ranges_of(self, build: Build) -> Mapping[str, tuple[float, float]]:
        """The joints' ranges for a body that is turned so."""
        return (
            {**self.ranges, **self.ranges_side_on} if abs(build.get("pelvis", 0)) >= skeleton.SIDE_ON else self.ranges
        )

    def limits(self, build: Build) -> tuple[Vec, Vec]:
        """Lowest and highest allowed joint vector of a body that is turned so."""
        ranges = self.ranges_of(build)
        pairs = [ranges[joint.split(".")[0]] for joint in self.joints]
        return np.array([low for low, _ in pairs], float), np.array([high for _, high in pairs], float)


RIGS: Final[Mapping[View, Rig]] = {
    "side": Rig(
        sides=skeleton.SIDES,
        joints=skeleton.JOINTS,
        ranges=skeleton.RANGE,
        rest={"shoulder": 5, "elbow": 12, "hip": 4, "knee": 3},
        shortened=("upper_arm", "forearm", "hand", "thigh", "shank"),
        muscles=frozenset((*MUSCLES, *(f"{name}.far" for name in LEG_MUSCLES))),
        place=skeleton.place,
    ),
    "front": Rig(
        sides=front_skeleton.FRONT_SIDES,
        joints=front_skeleton.FRONT_JOINTS,
        ranges=front_skeleton.FRONT_RANGE,
        rest={"shoulder": 9, "elbow": 3, "hip": 2},
        shortened=("upper_arm", "forearm", "hand", "thigh", "shank", "foot"),
        muscles=frozenset(f"{name}.{side}" for name in FRONT_MUSCLES for side in front_skeleton.FRONT_SIDES),
        place=front_skeleton.place_front,
        ranges_side_on=front_skeleton.RANGE_SIDE_ON,
    ),
}


def draw_figure(placed: Placed, person: Person, shapes: Mapping[str, str], oblique: Vec = OBLIQUE) -> Figure:
    """`shapes`: what hands and feet look like, and which limbs are behind the trunk."""
    if placed.view == "front":
        return front_body.draw_from_front(placed, person, shapes)
    return body.draw_figure(placed, person, shapes, oblique)
