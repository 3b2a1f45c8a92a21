"""Measures of the drawn person as fractions of body height: thickness along bones and trunk, head, hands, feet.

Numbers only. Smoothing and joining happen in `outline`; what a thickness means for a contact in `contacts`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Vec = NDArray[np.float64]
Points = Sequence[tuple[float, float]]


@dataclass(frozen=True, slots=True, eq=False)
class Profile:
    """Half thickness in front of and behind an axis, densely tabulated and free of kinks."""

    at: Vec
    front: Vec
    back: Vec

    def front_at(self, t: Vec) -> Vec:
        return np.interp(t, self.at, self.front)

    def back_at(self, t: Vec) -> Vec:
        return np.interp(t, self.at, self.back)


def profile(rows: Sequence[tuple[float, float, float]], softness: float = 0.028) -> Profile:
    """Turn (place, front, back) rows into a table; corners are rounded over `softness` of its length."""
    table = np.array(rows)
    at = np.linspace(table[0, 0], table[-1, 0], 301)
    front, back = (_round_corners(np.interp(at, table[:, 0], table[:, i]), softness) for i in (1, 2))
    return Profile(at, front, back)


def _round_corners(values: Vec, softness: float) -> Vec:
    sigma = softness * len(values)
    reach = int(3 * sigma)
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) / sigma) ** 2)
    # Reflecting through the end points keeps both the value and the slope there.
    head = 2 * values[0] - values[reach:0:-1]
    tail = 2 * values[-1] - values[-2 : -reach - 2 : -1]
    return np.convolve(np.concatenate([head, values, tail]), kernel / kernel.sum(), mode="valid")


THIGH = profile([
    (-0.05, 0.044, 0.052), (0.0, 0.051, 0.060), (0.2, 0.0555, 0.0575), (0.5, 0.050, 0.048),
    (0.8, 0.0405, 0.038), (1.0, 0.037, 0.034), (1.05, 0.0365, 0.0335),
])  # fmt: skip
SHANK = profile([
    (0.0, 0.0365, 0.0345), (0.1, 0.0345, 0.037), (0.3, 0.031, 0.0455), (0.5, 0.028, 0.038),
    (0.75, 0.0245, 0.027), (1.0, 0.0225, 0.024), (1.1, 0.0225, 0.024),
])  # fmt: skip
UPPER_ARM = profile([
    (-0.05, 0.031, 0.031), (0.0, 0.031, 0.031), (0.25, 0.0295, 0.0305), (0.6, 0.0265, 0.0255),
    (1.0, 0.022, 0.0225),
])  # fmt: skip
FOREARM = profile([
    (0.0, 0.0225, 0.0225), (0.22, 0.0268, 0.0235), (0.55, 0.0215, 0.0205), (0.85, 0.0165, 0.0165),
    (1.0, 0.015, 0.0155),
])  # fmt: skip
# Arc length along the spine from the hip joint; the negative part, straight, rounds the buttocks.
TRUNK = profile([
    (-0.078, 0.004, 0.012), (-0.062, 0.028, 0.044), (-0.035, 0.045, 0.062), (0.0, 0.053, 0.0705),
    (0.045, 0.055, 0.0640), (0.09, 0.052, 0.0530), (0.14, 0.052, 0.0500), (0.19, 0.060, 0.054),
    (0.24, 0.066, 0.057), (0.285, 0.057, 0.052), (0.318, 0.037, 0.040), (0.345, 0.029, 0.031),
    (0.377, 0.027, 0.030),
], softness=0.012)  # fmt: skip

# (forward, up) from the skull base, looking along +forward.
HEAD: Points = (
    (0.0084, 0.1124), (0.0378, 0.1061), (0.0578, 0.0882), (0.0649, 0.0651), (0.0643, 0.0504),
    (0.0693, 0.0389), (0.0793, 0.0257), (0.0772, 0.0184), (0.0688, 0.0147), (0.0695, 0.0074),
    (0.0672, 0.0016), (0.0677, -0.0042), (0.0662, -0.0163), (0.0536, -0.0252), (0.0315, -0.0173),
    (0.0105, -0.0063), (-0.021, -0.0063), (-0.0452, 0.0126), (-0.0588, 0.0441), (-0.0546, 0.0788),
    (-0.0294, 0.104),
)  # fmt: skip
HAIR_SHORT: Points = (
    (0.0572, 0.0887), (0.0452, 0.1113), (0.0084, 0.1197), (-0.0315, 0.1118), (-0.0609, 0.0851),
    (-0.0667, 0.0462), (-0.0578, 0.0105), (-0.0441, -0.0074), (-0.0305, -0.0032), (-0.0226, 0.0147),
    (-0.0173, 0.0315), (-0.0079, 0.0478), (0.0074, 0.0551), (0.0131, 0.042), (0.02, 0.0462),
    (0.0226, 0.063), (0.0336, 0.0777), (0.0462, 0.083),
)  # fmt: skip
EAR: Points = (
    (0.0032, 0.0452), (0.01, 0.0378), (0.0074, 0.0252), (0.0011, 0.0184), (-0.0042, 0.0231),
    (-0.0074, 0.0357), (-0.0042, 0.0441),
)  # fmt: skip
EAR_FOLD: Points = ((0.004, 0.036), (0.004, 0.029), (0.0, 0.025))
JAW: Points = ((-0.004, 0.012), (0.003, -0.002), (0.020, -0.0135), (0.044, -0.0215))
HAIR_STRAND: Points = ((0.040, 0.094), (0.010, 0.098), (-0.022, 0.085), (-0.042, 0.056))
BROW: Points = ((0.0410, 0.0575), (0.0490, 0.0612), (0.0565, 0.0590))
MOUTH: Points = ((0.0515, 0.0012), (0.0575, -0.0002), (0.0625, 0.0012), (0.0655, 0.0040))
EYE = (0.0490, 0.0430)
EYE_RADIUS = 0.0048


@dataclass(frozen=True, slots=True)
class HandShape:
    """Outline and thumb from the wrist (along the hand, towards its back); the thumb's contour stays open."""

    outline: Points
    thumb: Points
    thumb_line: Points


HANDS = {
    # a palm on a surface, seen edge-on
    "flat": HandShape(
        (
            (-0.012, 0.0145), (0.012, 0.0150), (0.035, 0.0115), (0.060, 0.0035), (0.084, -0.0015),
            (0.0930, -0.0055), (0.088, -0.0085), (0.060, -0.0095), (0.030, -0.0120), (0.008, -0.0160),
            (-0.012, -0.0145),
        ),
        (
            (0.014, 0.0), (0.032, 0.003), (0.050, -0.002), (0.0575, -0.0070), (0.050, -0.0112),
            (0.03, -0.012), (0.014, -0.010),
        ),
        ((0.020, 0.0025), (0.036, 0.0025), (0.051, -0.0025), (0.0575, -0.0070)),
    ),
    "fist": HandShape(
        (
            (-0.010, 0.015), (0.012, 0.0175), (0.034, 0.0200), (0.050, 0.0150), (0.054, 0.0),
            (0.048, -0.0150), (0.030, -0.0195), (0.012, -0.0165), (-0.010, -0.0145),
        ),
        ((0.016, -0.004), (0.032, 0.006), (0.046, 0.003), (0.048, -0.005), (0.036, -0.009), (0.020, -0.012)),
        (
            (0.020, 0.002), (0.034, 0.0062), (0.0465, 0.0025), (0.047, -0.0055), (0.036, -0.0095),
            (0.022, -0.011),
        ),
    ),
    "relaxed": HandShape(
        (
            (-0.012, 0.0150), (0.010, 0.0160), (0.030, 0.0170), (0.052, 0.0150), (0.076, 0.0105),
            (0.0905, 0.0030), (0.0885, -0.0060), (0.070, -0.0120), (0.045, -0.0160), (0.020, -0.0165),
            (0.004, -0.0150), (-0.012, -0.0150),
        ),
        (
            (0.008, 0.006), (0.022, 0.0165), (0.044, 0.0200), (0.057, 0.0155), (0.056, 0.0090),
            (0.040, 0.0065), (0.022, 0.002),
        ),
        ((0.020, 0.0030), (0.038, 0.0065), (0.055, 0.0085), (0.0575, 0.0130)),
    ),
}  # fmt: skip

# (along the sole, up) from the ankle and from the ball of the foot.
HIND_FOOT: Points = (
    (-0.024, 0.022), (-0.030, 0.002), (-0.042, -0.022), (-0.038, -0.038), (-0.022, -0.044),
    (0.010, -0.040), (0.034, -0.038), (0.058, -0.0435), (0.076, -0.043), (0.082, -0.034),
    (0.080, -0.024), (0.064, -0.0135), (0.044, -0.004), (0.028, 0.010), (0.023, 0.024),
)  # fmt: skip
TOES: Points = (
    (-0.010, -0.0115), (0.012, -0.0112), (0.032, -0.0118), (0.0415, -0.006), (0.040, 0.0015),
    (0.022, 0.009), (0.0, 0.0155), (-0.016, 0.014),
)  # fmt: skip
