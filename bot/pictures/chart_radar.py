"""The stability profile as a radar: each direction one self-test, the latest result as an area, the first one dashed.

The outer ring is the top form held up to the cap, not what anybody must reach. A small ring on an axis marks what was
seen in others of that age, where that was read at its source.
"""

import math
from collections.abc import Iterator
from typing import Final

from bot.pictures.chart_values import RadarAxis, StabilityProfile
from bot.pictures.lettering import LABEL, TITLE, Anchor, haloed, words
from bot.pictures.theme import BLUE, CARD, INK, LINE, SOFT, TEAL, TEAL_PALE

_X: Final = 640.0
_Y: Final = 540.0
_RADIUS: Final = 238.0
_RINGS: Final = (1 / 3, 2 / 3, 1.0)
_LEAST: Final = 0.03  # a dot in the very middle would hide the others
_NAME_GAP: Final = 34.0
_DASHED: Final = f'stroke="{BLUE}" stroke-width="6" stroke-dasharray="4 16" stroke-linecap="round"'


def radar_svg(profile: StabilityProfile) -> Iterator[str]:
    yield words(profile.title, 60, 92, TITLE, bold=True)
    yield words(profile.subtitle, 60, 152, LABEL, colour=SOFT)
    count = len(profile.axes)
    for share in _RINGS:
        yield _outline([share] * count, f'fill="none" stroke="{LINE}" stroke-width="{4 if share == 1 else 3}"')
    for index in range(count):
        x, y = _place(index, count, 1)
        yield f'<line x1="{_X}" y1="{_Y}" x2="{x:.1f}" y2="{y:.1f}" stroke="{LINE}" stroke-width="3"/>'
    yield _outline(
        [axis.score for axis in profile.axes],
        f'fill="{TEAL_PALE}" fill-opacity="0.55" stroke="{TEAL}" stroke-width="9" stroke-linejoin="round"',
    )
    if any(axis.first is not None for axis in profile.axes):
        shares = [axis.score if axis.first is None else axis.first for axis in profile.axes]
        yield _outline(shares, f'fill="none" {_DASHED}')
    for index, axis in enumerate(profile.axes):
        yield from _axis(index, count, axis)
    yield from _legend(profile)


def _axis(index: int, count: int, axis: RadarAxis) -> Iterator[str]:
    if axis.others is not None:
        x, y = _place(index, count, axis.others)
        yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="15" fill="none" stroke="{INK}" stroke-width="5"/>'
    x, y = _place(index, count, axis.score)
    yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="15" fill="{TEAL}" stroke="{CARD}" stroke-width="5"/>'
    x, y = _place(index, count, 1, beyond=_NAME_GAP)
    side = math.cos(_angle(index, count))
    anchor: Anchor = "middle" if abs(side) < 0.2 else "start" if side > 0 else "end"
    above = math.sin(_angle(index, count)) < -0.9
    first = y - 36 if above else y + 4
    yield haloed(axis.label, x, first, LABEL, anchor=anchor)
    yield words(axis.shown, x, first + 46, LABEL - 4, anchor=anchor, colour=SOFT)


def _legend(profile: StabilityProfile) -> Iterator[str]:
    x = 64.0
    if profile.first_label:
        yield f'<line x1="{x}" y1="914" x2="{x + 76}" y2="914" {_DASHED}/>'
        yield words(profile.first_label, x + 96, 929, LABEL, colour=BLUE)
        x = 500.0
    if profile.others_label:
        yield f'<circle cx="{x + 15}" cy="914" r="15" fill="none" stroke="{INK}" stroke-width="5"/>'
        yield words(profile.others_label, x + 48, 929, LABEL, colour=SOFT)


def _outline(shares: list[float], look: str) -> str:
    places = (_place(index, len(shares), share) for index, share in enumerate(shares))
    return f'<polygon points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in places)}" {look}/>'


def _angle(index: int, count: int) -> float:
    """The first axis points up, the others follow clockwise."""
    return 2 * math.pi * index / count - math.pi / 2


def _place(index: int, count: int, share: float, *, beyond: float = 0) -> tuple[float, float]:
    length = _RADIUS * max(_LEAST, share) + beyond
    return _X + length * math.cos(_angle(index, count)), _Y + length * math.sin(_angle(index, count))
