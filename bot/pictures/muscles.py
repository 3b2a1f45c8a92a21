"""Where muscles lie: control points on trunk and limbs, from -1 (front of the trunk, back of a limb) across.

A muscle is a spindle along a curve through its control points; `marks` draws it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

Part = Literal["trunk", "thigh", "shank", "upper_arm", "forearm"]


@dataclass(frozen=True, slots=True)
class Muscle:
    """`course` is (part, place along it, across -1..1); `belly` the spindle's half width."""

    course: tuple[tuple[Part, float, float], ...]
    belly: float


MUSCLES: Final[Mapping[str, Muscle]] = {
    "abs": Muscle((("trunk", 0.040, -0.62), ("trunk", 0.12, -0.66), ("trunk", 0.215, -0.70)), 0.0165),
    "lower_abs": Muscle((("trunk", 0.036, -0.58), ("trunk", 0.09, -0.62), ("trunk", 0.165, -0.64)), 0.0165),
    "deep_abs": Muscle((("trunk", 0.045, -0.38), ("trunk", 0.10, -0.45), ("trunk", 0.17, -0.42)), 0.021),
    "lumbar": Muscle((("trunk", 0.030, 0.62), ("trunk", 0.11, 0.62), ("trunk", 0.19, 0.64)), 0.0150),
    "back": Muscle((("trunk", 0.135, 0.64), ("trunk", 0.215, 0.66), ("trunk", 0.300, 0.62)), 0.0145),
    "spine": Muscle(
        (("trunk", 0.045, 0.66), ("trunk", 0.12, 0.60), ("trunk", 0.21, 0.66), ("trunk", 0.300, 0.62)), 0.0135
    ),
    "glutes": Muscle((("trunk", 0.062, 0.42), ("trunk", 0.008, 0.58), ("thigh", 0.16, -0.50)), 0.0245),
    "buttock": Muscle((("trunk", 0.036, 0.62), ("trunk", -0.012, 0.66), ("trunk", -0.064, 0.30)), 0.0225),
    "quads": Muscle((("thigh", 0.10, 0.48), ("thigh", 0.45, 0.50), ("thigh", 0.88, 0.45)), 0.0190),
    "hamstrings": Muscle((("thigh", 0.20, -0.42), ("thigh", 0.55, -0.46), ("thigh", 0.94, -0.42)), 0.0170),
    "calf": Muscle((("shank", 0.04, -0.40), ("shank", 0.28, -0.52), ("shank", 0.60, -0.35)), 0.0165),
    "hip_flexor": Muscle((("trunk", 0.090, -0.30), ("trunk", 0.015, -0.62), ("thigh", 0.26, 0.52)), 0.0165),
    "chest": Muscle((("trunk", 0.185, -0.62), ("trunk", 0.235, -0.70), ("trunk", 0.285, -0.50)), 0.0160),
    "triceps": Muscle((("upper_arm", 0.22, -0.38), ("upper_arm", 0.55, -0.46), ("upper_arm", 0.94, -0.30)), 0.0110),
    "forearm": Muscle((("forearm", 0.02, 0.15), ("forearm", 0.30, 0.25), ("forearm", 0.78, 0.05)), 0.0150),
    "shoulder": Muscle((("upper_arm", -0.10, 0.1), ("upper_arm", 0.18, 0.1), ("upper_arm", 0.50, 0.0)), 0.0190),
}
# These also lie on the far side, where they are seen when that leg is lifted or stepped forward.
LEG_MUSCLES: Final = ("quads", "hamstrings", "calf")
# Seen from the front; each has a left and a right. Across: 1 is the outer side, of the trunk 0 the middle.
FRONT_MUSCLES: Final[Mapping[str, Muscle]] = {
    "obliques": Muscle((("trunk", 0.045, 0.52), ("trunk", 0.11, 0.66), ("trunk", 0.185, 0.74)), 0.0185),
    "flank": Muscle((("trunk", 0.020, 0.82), ("trunk", 0.12, 0.72), ("trunk", 0.215, 0.80)), 0.0150),
    "abs": Muscle((("trunk", 0.040, 0.24), ("trunk", 0.12, 0.28), ("trunk", 0.205, 0.28)), 0.0160),
    "hip": Muscle((("trunk", 0.034, 0.80), ("trunk", -0.015, 0.84), ("thigh", 0.24, 0.62)), 0.0180),
    "quads": Muscle((("thigh", 0.14, 0.10), ("thigh", 0.50, 0.14), ("thigh", 0.90, 0.05)), 0.0185),
    "calf": Muscle((("shank", 0.06, 0.35), ("shank", 0.30, 0.45), ("shank", 0.62, 0.30)), 0.0135),
    "chest": Muscle((("trunk", 0.235, 0.20), ("trunk", 0.250, 0.55), ("trunk", 0.268, 0.92)), 0.0165),
    "shoulder": Muscle((("upper_arm", -0.10, 0.2), ("upper_arm", 0.18, 0.2), ("upper_arm", 0.50, 0.1)), 0.0180),
    "forearm": Muscle((("forearm", 0.05, 0.1), ("forearm", 0.35, 0.2), ("forearm", 0.75, 0.1)), 0.0120),
}
