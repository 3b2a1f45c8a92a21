"""What can touch what: contact parts as spheres or stretches of the trunk, surfaces, and the gap between them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from bot.pictures.front_skeleton import FRONT_SIDES
from bot.pictures.profiles import Vec
from bot.pictures.skeleton import OUTLINE_AT, RADIUS, SIDES, Placed, View, unit

# A part that a clinician names and the landmarks that then lie on the surface.
COMPOUND: Final[Mapping[str, tuple[str, ...]]] = {
    "hand": ("wrist", "fingers"), "foot": ("heel", "ball", "toe"), "toes": ("ball", "toe"),
    "forearm": ("elbow", "wrist", "fingers"), "knee": ("knee",), "elbow": ("elbow",), "heel": ("heel",),
    "ball": ("ball",), "toe": ("toe",), "palm": ("palm",), "fingers": ("fingers",),
    "calf": ("calf",), "instep": ("instep",),
}  # fmt: skip
FRONT_COMPOUND: Final[Mapping[str, tuple[str, ...]]] = {
    "hand": ("wrist", "fingers"), "foot": ("inner", "outer"), "forearm": ("elbow", "wrist"), "knee": ("knee",),
    "elbow": ("elbow",), "palm": ("palm",), "fingers": ("fingers",), "tip": ("tip",), "edge": ("edge",),
    "shoulder": ("shoulder",),
}  # fmt: skip
MIDLINE: Final = ("seat", "hip", "occiput", "forehead")
FRONT_MIDLINE: Final = ("hip", "head")
# Of a stretch of the back or belly, the nearest point has to touch.
STRETCH: Final[Mapping[str, tuple[float, float]]] = {
    "back_sacrum": (-0.05, 0.085), "back_lumbar": (0.095, 0.150), "back_thorax": (0.190, 0.245),
    "back_upback": (0.200, 0.315), "front_pelvis": (-0.02, 0.07), "front_belly": (0.05, 0.16),
    "front_chest": (0.16, 0.29),
}  # fmt: skip
FRONT_STRETCH: Final[Mapping[str, tuple[float, float]]] = {
    "left_pelvis": (-0.05, 0.06), "right_pelvis": (-0.05, 0.06), "left_ribs": (0.16, 0.29), "right_ribs": (0.16, 0.29),
}  # fmt: skip
_STRETCH_POINTS = {
    name: (low <= OUTLINE_AT) & (high >= OUTLINE_AT) for name, (low, high) in {**STRETCH, **FRONT_STRETCH}.items()
}
LIES_ON: Final = 0.004  # of a stretch that lies on, how far apart in height its lying points may be, in body heights
# Parts that belong together: one of them on the floor explains why the others are near it.
NEIGHBOURS: Final = (
    ("heel", "ball", "toe", "instep"),
    ("inner", "outer", "edge"),
    ("wrist", "fingers", "elbow"),
    ("knee",),
    ("occiput", "forehead", "head"),
)


Shift = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Wall:
    """An upright surface; the body is in front of it (`faces` 1: the wall looks to +x)."""

    x: float
    faces: int
    top: float = 1.05  # how high it is drawn
    frame: bool = False  # of a door: limbs on the near side may reach past it


@dataclass(frozen=True, slots=True)
class Post:
    """The upright edge of a door frame, beside the body that goes through; forearms lie against its rear."""

    x: float
    faces: int = -1


@dataclass(frozen=True, slots=True)
class Floor:
    """A level surface. Parts nearer to the viewer than the trunk lie lower in the picture."""

    y: float


@dataclass(frozen=True, slots=True)
class Top:
    """A level top above the floor, from `start` to `end`: a seat, a table."""

    y: float
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Backrest:
    """A leaning line through (x, y); `along` is its direction upwards, `faces` 1: the body sits on its right."""

    x: float
    y: float
    along: float
    faces: int = 1


@dataclass(frozen=True, slots=True)
class Round:
    """A roller or ball between the body and the floor, or a wall; it rolls half as far as the hips move.

    `at` is its middle while the hips are at 0, along the way it rolls.
    """

    at: Shift
    radius: float
    upright: bool  # it rolls up and down, on a wall

    def centre(self, body: Placed) -> Vec:
        axis = 1 if self.upright else 0
        middle = np.array(self.at, float)
        middle[axis] += float(body.points["hip"][axis]) / 2
        return middle


Surface = Floor | Wall | Post | Top | Backrest | Round
Surfaces = Mapping[str, Surface]
FLOORS: Final[Surfaces] = {
    "floor": Floor(0),
    "floor_in_front": Floor(-0.030),
    "floor_far_in_front": Floor(-0.077),  # the knees of somebody on their side, bent towards the viewer
}
# What holds the body up; a wall, a backrest and a table only steady it.
STEPS: Final = ("step_1", "step_2", "step_3", "step_4")  # of a flight of stairs, from below
CARRYING: Final = frozenset({*FLOORS, "chair", "roller", *STEPS})


@dataclass(frozen=True, slots=True)
class Touch:
    """One landmark (or trunk stretch) on one surface."""

    landmark: str
    surface: str

    @property
    def is_stretch(self) -> bool:
        return self.landmark in _STRETCH_POINTS


def compound(side: str) -> Mapping[str, tuple[str, ...]]:
    """The landmarks of parts, in the view that the side belongs to."""
    return FRONT_COMPOUND if side in FRONT_SIDES else COMPOUND


def touches(on: Mapping[str, str]) -> tuple[Touch, ...]:
    """Break declared contacts (hand.near: floor) into single touches."""
    found: list[Touch] = []
    for part, surface in on.items():
        name, _, side = part.partition(".")
        parts = compound(side).get(name, (name,))
        found += [Touch(f"{landmark}.{side}" if side else landmark, surface) for landmark in parts]
    return tuple(found)


def kept(on: Mapping[str, str | None]) -> dict[str, str]:
    """Contacts without those that a phase took away from its base."""
    return {part: surface for part, surface in on.items() if surface is not None}


def held_landmarks(hold: Sequence[str], both: tuple[str, str] = SIDES) -> list[str]:
    """Landmarks that keep their place from the phase before; a part without a side means `both`."""
    known = compound(both[0])
    found = []
    for part in hold:
        name, _, side = part.partition(".")
        landmark = known[name][0] if name in known else name
        sides = (side,) if side else both if name in known else ("",)
        found += [f"{landmark}.{one}" if one else landmark for one in sides]
    return found


def held_places(
    hold: Sequence[str], on: Mapping[str, str | None], surfaces: Surfaces, both: tuple[str, str] = SIDES
) -> list[tuple[str, int]]:
    """What keeps its place, and along which axis: a hand on a wall stays at its height, a foot where it stands."""
    upright = {touch.landmark for touch in touches(kept(on)) if isinstance(surfaces[touch.surface], Wall | Post)}
    return [(landmark, int(landmark in upright)) for landmark in held_landmarks(hold, both)]


def gap(body: Placed, touch: Touch, surfaces: Surfaces) -> float:
    """Signed distance to the surface: 0 touches, negative is inside."""
    surface = surfaces[touch.surface]
    name = touch.landmark.split(".")[0]
    if touch.is_stretch:
        points, radius = _stretch(body, name), 0.0
    else:
        points, radius = body.points[touch.landmark][None], RADIUS.get(name, 0.0)
    if isinstance(surface, Round):
        return float(np.linalg.norm(points - surface.centre(body), axis=1).min()) - surface.radius - radius
    if isinstance(surface, Floor | Top):
        return float(points[:, 1].min()) - surface.y - radius
    if isinstance(surface, Backrest):
        ahead = unit(surface.along - 90 * surface.faces)
        return float(((points - np.array([surface.x, surface.y])) @ ahead).min()) - radius
    return float(((points[:, 0] - surface.x) * surface.faces).min()) - radius


def lowest_of(body: Placed, touch: Touch) -> Vec:
    """The points of a stretch of the trunk that lie on when it does."""
    points = _stretch(body, touch.landmark)
    return np.asarray(points[points[:, 1] < points[:, 1].min() + LIES_ON])


def _stretch(body: Placed, name: str) -> Vec:
    outline = body.back if name.startswith(("back", "left")) else body.front
    return np.asarray(outline[_STRETCH_POINTS[name]])


def spheres(view: View = "side") -> Sequence[tuple[str, float]]:
    """Everything that must never sink into the floor, declared as a contact or not."""
    if view == "front":
        sided = ("knee", "elbow", "wrist", "fingers", "inner", "outer", "shoulder")
        return [(f"{name}.{side}", RADIUS.get(name, 0.0)) for side in FRONT_SIDES for name in sided] + [
            ("head", RADIUS["head"])
        ]
    sided = ("knee", "elbow", "heel", "ball", "toe", "wrist", "fingers")
    return [(f"{name}.{side}", RADIUS[name]) for side in SIDES for name in sided] + [
        ("head", RADIUS["head"]), ("occiput", RADIUS["occiput"]), ("seat", RADIUS["seat"]),
        *((f"shoulder.{side}", RADIUS["shoulder"]) for side in SIDES),
    ]  # fmt: skip


def depth_below_floor(body: Placed) -> Vec:
    """How deep the trunk's outline points lie under the floor (0 where they do not)."""
    return np.asarray(np.minimum(0, np.concatenate([body.back[:, 1], body.front[:, 1]])))
