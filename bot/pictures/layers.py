"""What a drawing is made of, in body heights and in drawing order; `svg` turns it into text."""

from dataclasses import dataclass, field

from shapely.geometry.base import BaseGeometry

from bot.pictures.outline import lee_side, long_lines
from bot.pictures.theme import Tone

LINE: float = 0.0034


@dataclass(frozen=True, slots=True, eq=False)
class Fill:
    """`solid` marks the body itself: its outline counts for bounds, shadows and checks."""

    shape: BaseGeometry
    colour: str
    opacity: float = 1
    solid: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Stroke:
    shape: BaseGeometry
    colour: str
    width: float
    opacity: float = 1
    dash: tuple[float, float] | None = None


Layer = Fill | Stroke


@dataclass(slots=True)
class Canvas:
    """Collects layers from back to front."""

    layers: list[Layer] = field(default_factory=list)

    def fill(self, shape: BaseGeometry, colour: str, opacity: float = 1, *, solid: bool = False) -> None:
        if not shape.is_empty:
            self.layers.append(Fill(shape, colour, opacity, solid))

    def body(self, shape: BaseGeometry, tone: Tone, depth: float, shade: float = 0.32) -> None:
        """A part of the body with its lee side."""
        self.fill(shape, tone.light, solid=True)
        self.fill(lee_side(shape, depth), tone.dark, shade)

    def line(self, shape: BaseGeometry, colour: str, opacity: float = 1, width: float = LINE) -> None:
        kept = long_lines(shape)
        if not kept.is_empty:
            self.layers.append(Stroke(kept, colour, width, opacity))

    def stroke(self, stroke: Stroke) -> None:
        if not stroke.shape.is_empty:
            self.layers.append(stroke)
