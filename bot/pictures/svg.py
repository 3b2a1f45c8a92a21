"""Layers in body heights become SVG text in pixels. Plain formatting; same layers, same bytes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from shapely.geometry import LineString, Polygon
from shapely.geometry.base import BaseGeometry

from bot.pictures.layers import Fill, Layer, Stroke
from bot.pictures.profiles import Vec
from bot.pictures.theme import BADGE, GOLD, NAVY, QUIET, RIM, SHADOW

# Digits are strokes in a 30 x 30 box around 0: the core picture needs no font.
_DIGITS: Final = {
    1: "M-5.5 -8.5L1.5 -13V13",
    2: "M-7.5 -6.5C-7.5 -15.5 8 -15.5 7.5 -6C7.2 .5 -3 5 -8 12.5H8.5",
    3: "M-7 -10.5C-3 -15 7.5 -14 7 -6.5C6.7 -2 2 -.8 -1.5 -.8C3 -.8 8.3 1 8.2 6C8 14.5 -4 14.8 -8 9.5",
    4: "M3.5 13V-13L-9 6H9",
    5: "M7 -13H-5.5L-6.8 -1.5C-2.5 -5 8 -4.5 8 4C8 14.5 -4.5 15 -8 9.5",
    0: "M0 -13C-10.5 -13 -10.5 13 0 13C10.5 13 10.5 -13 0 -13Z",
    7: "M-8 -13H8C2.5 -5 -1.5 3 -3 13",
    8: "M0 -1.5C-8.5 -3 -8.5 -13 0 -13C8.5 -13 8.5 -3 0 -1.5C-10.5 0 -10.5 13 0 13C10.5 13 10.5 0 0 -1.5Z",
    9: "M-5.5 12.5C3 11 8 3 8 -4.5C8 -16 -8 -16 -8 -5C-8 4.5 5.5 4.5 7.6 -3",
    6: "M5.5 -12.5C-3 -11 -8 -3 -8 4.5C-8 16 8 16 8 5C8 -4.5 -5.5 -4.5 -7.6 3",
}
BETWEEN: Final = 19  # from digit to digit
_SHADOW_DEFS: Final = (
    f'<defs><radialGradient id="shade"><stop offset="0" stop-color="{SHADOW}" stop-opacity=".42"/>'
    f'<stop offset=".55" stop-color="{SHADOW}" stop-opacity=".24"/>'
    f'<stop offset="1" stop-color="{SHADOW}" stop-opacity="0"/></radialGradient></defs>'
)


@dataclass(frozen=True, slots=True)
class View:
    """Where body heights land on the page: pixel position of (0, 0) and pixels per body height."""

    x: float
    y: float
    scale: float

    def pixels(self, points: Vec) -> Vec:
        return np.asarray(points * np.array([self.scale, -self.scale]) + np.array([self.x, self.y]))

    def world(self, x: float, y: float) -> Vec:
        return np.array([(x - self.x) / self.scale, (self.y - y) / self.scale])


@dataclass(frozen=True, slots=True)
class Pane:
    """A rectangle in pixels."""

    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Circle:
    """In pixels."""

    x: float
    y: float
    radius: float


def document(width: int, height: int, background: str, content: Iterable[str]) -> str:
    head = f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}">'
    paper = f'<rect width="{width}" height="{height}" fill="{background}"/>'
    return "\n".join([head, _SHADOW_DEFS, paper, *content, "</svg>"])


def layers_svg(layers: Sequence[Layer], view: View) -> str:
    return "\n".join(_layer(layer, view) for layer in layers)


def _layer(layer: Layer, view: View) -> str:
    data = path(layer.shape, view)
    # fill-opacity, not opacity: the latter makes the rasteriser draw a whole layer of its own.
    kind = "fill" if isinstance(layer, Fill) else "stroke"
    opacity = "" if layer.opacity >= 1 else f' {kind}-opacity="{layer.opacity:.3g}"'
    if isinstance(layer, Fill):
        return f'<path d="{data}" fill="{layer.colour}"{opacity}/>'
    return f'<path d="{data}"{opacity}{_stroke(layer, view)}/>'


def _stroke(layer: Stroke, view: View) -> str:
    dash = ""
    if layer.dash is not None:
        dash = f' stroke-dasharray="{" ".join(f"{part * view.scale:.1f}" for part in layer.dash)}"'
    return (
        f' fill="none" stroke="{layer.colour}" stroke-width="{layer.width * view.scale:.2f}"'
        f' stroke-linecap="round" stroke-linejoin="round"{dash}'
    )


def path(shape: BaseGeometry, view: View) -> str:
    found: list[str] = []
    # A tenth of a pixel is not seen; leaving it out halves the file.
    thin = shape.simplify(0.1 / view.scale)
    for part in getattr(thin, "geoms", [thin]):
        if isinstance(part, Polygon):
            found += [
                _ring(np.asarray(ring.coords)[:-1], view) + "Z"
                for ring in (part.exterior, *part.interiors)
                if not part.is_empty
            ]
        elif isinstance(part, LineString) and not part.is_empty:
            found.append(_ring(np.asarray(part.coords), view))
    return "".join(found)


def _ring(points: Vec, view: View) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in view.pixels(points).tolist())


def shadow(x: float, y: float, half_width: float, half_height: float) -> str:
    return f'<ellipse cx="{x:.1f}" cy="{y:.1f}" rx="{half_width:.1f}" ry="{half_height:.1f}" fill="url(#shade)"/>'


def badge(number: int, x: float, y: float, radius: float = 27) -> str:
    digits = [int(digit) for digit in str(number)]
    scale = radius / 25 * (0.9 if len(digits) == 1 else 0.74)
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}" fill="{BADGE}"/>' + "".join(
        f'<path transform="translate({x + (place - (len(digits) - 1) / 2) * BETWEEN * scale:.1f} {y:.1f})'
        f' scale({scale:.3f})" d="{_DIGITS[digit]}" fill="none"'
        f' stroke="{RIM}" stroke-width="4.8" stroke-linecap="round" stroke-linejoin="round"/>'
        for place, digit in enumerate(digits)
    )


def chevron(x: float, y: float, turned: int) -> str:
    return (
        f'<path transform="translate({x:.1f} {y:.1f}) rotate({turned})" d="M-7 -13L7 0L-7 13" fill="none"'
        f' stroke="{QUIET}" stroke-width="6" stroke-linecap="round" stroke-linejoin="round"/>'
    )


def onwards(x: float, y: float, turned: int) -> str:
    """From pose to pose of a flow: bolder than a chevron, because nothing else there says that it goes on."""
    return (
        f'<path transform="translate({x:.1f} {y:.1f}) rotate({turned})" d="M-19 0H12M0 -13L14 0L0 13" fill="none"'
        f' stroke="{BADGE}" stroke-width="7" stroke-linecap="round" stroke-linejoin="round"/>'
    )


def next_row(x: float, to_x: float, to_y: float, between: float) -> str:
    """From the end of a row, through the gap below it, to the badge at `to` with which the next one begins."""
    left, tip, bend = to_x - 74, to_x - 34, 14
    way = (
        f"M{x:.1f} {between - bend:.1f}Q{x:.1f} {between:.1f} {x - bend:.1f} {between:.1f}H{left + bend:.1f}"
        f"Q{left:.1f} {between:.1f} {left:.1f} {between + bend:.1f}V{to_y - bend:.1f}"
        f"Q{left:.1f} {to_y:.1f} {left + bend:.1f} {to_y:.1f}H{tip - 2:.1f}"
    )
    look = f'fill="none" stroke="{BADGE}" stroke-linecap="round" stroke-linejoin="round"'
    head = f"M{tip - 12:.1f} {to_y - 13:.1f}L{tip + 2:.1f} {to_y:.1f}L{tip - 12:.1f} {to_y + 13:.1f}"
    return f'<path d="{way}" {look} stroke-width="5" stroke-opacity=".6"/><path d="{head}" {look} stroke-width="7"/>'


def lens(target: Circle, glass: Circle, inside: str, paper: str) -> str:
    """Content magnified from one circle into another, with a ring around each."""
    zoom = glass.radius / target.radius
    move = f"translate({glass.x:.1f} {glass.y:.1f}) scale({zoom:.3f}) translate({-target.x:.1f} {-target.y:.1f})"
    return (
        _circle(target, f'fill="none" stroke="{RIM}" stroke-opacity=".8" stroke-width="{glass.radius * 0.055:.1f}"')
        + _circle(target, f'fill="none" stroke="{BADGE}" stroke-width="{glass.radius * 0.028:.1f}"')
        + _circle(glass, f'fill="{paper}"')
        + f'<g transform="{move}">{inside}</g>'
        + _circle(glass, f'fill="none" stroke="{BADGE}" stroke-width="{glass.radius * 0.042:.1f}"')
    )


def window(glass: Circle, inside: str, paper: str) -> str:
    """Another view of the same, in a ring."""
    edge = f'fill="none" stroke="{BADGE}" stroke-width="{glass.radius * 0.034:.1f}"'
    return _circle(glass, f'fill="{paper}"') + inside + _circle(glass, edge)


def pane(place: Pane, inside: str, paper: str, opacity: float) -> str:
    """Another view of the same, in a frame."""
    shape = (
        f'<rect x="{place.left:.1f}" y="{place.top:.1f}" width="{place.width:.1f}" height="{place.height:.1f}"'
        f' rx="{place.height * 0.12:.1f}" fill="{paper}" stroke="{BADGE}" stroke-width="{place.height * 0.022:.1f}"/>'
    )
    faded = "" if opacity >= 1 else f' opacity="{opacity:.3g}"'
    return f"<g{faded}>{shape}{inside}</g>"


def _circle(circle: Circle, look: str) -> str:
    return f'<circle cx="{circle.x:.1f}" cy="{circle.y:.1f}" r="{circle.radius:.1f}" {look}/>'


def ring(size: int, share: float, held: tuple[float, float], paper: str) -> str:
    """Once around is one repetition, clockwise from the top; the thick part is the hold."""
    middle, radius = size / 2, size * 0.38
    x, y = _on_circle(middle, radius, share)
    track = f'fill="none" stroke="{QUIET}" stroke-opacity=".45" stroke-width="4"'
    parts = [_circle(Circle(middle, middle, radius), track)]
    if held[1] > held[0]:
        (x1, y1), (x2, y2) = (_on_circle(middle, radius, at) for at in held)
        large = 1 if held[1] - held[0] > 0.5 else 0
        arc = f"M{x1:.2f} {y1:.2f}A{radius} {radius} 0 {large} 1 {x2:.2f} {y2:.2f}"
        parts.append(f'<path d="{arc}" fill="none" stroke="{GOLD}" stroke-width="8" stroke-linecap="round"/>')
    parts.append(f'<circle cx="{x:.2f}" cy="{y:.2f}" r="6" fill="{NAVY}" stroke="{RIM}" stroke-width="2"/>')
    return document(size, size, paper, parts)


def numbered_ring(size: int, number: int, count: int, paper: str) -> str:
    """The number of a pose, and around it an arc for each of them: those that have come are dark."""
    middle, radius, gap = size / 2, size * 0.42, 0.028
    parts = [badge(number, middle, middle, size * 0.30)]
    for place in range(count):
        (x1, y1), (x2, y2) = (
            _on_circle(middle, radius, (place + at) / count) for at in (gap * count / 2, 1 - gap * count / 2)
        )
        colour, faint = (NAVY, "") if place < number else (QUIET, ' stroke-opacity=".5"')
        parts.append(
            f'<path d="M{x1:.2f} {y1:.2f}A{radius} {radius} 0 0 1 {x2:.2f} {y2:.2f}" fill="none" stroke="{colour}"'
            f' stroke-width="4.5" stroke-linecap="round"{faint}/>'
        )
    return document(size, size, paper, parts)


def _on_circle(middle: float, radius: float, share: float) -> tuple[float, float]:
    angle = 2 * np.pi * share
    return middle + radius * float(np.sin(angle)), middle - radius * float(np.cos(angle))
