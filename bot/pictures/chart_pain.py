"""Pain over weeks: weekly means with their numbers, single days behind them, the studies' average course dashed."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from bot.pictures.chart_values import PainChart, Point
from bot.pictures.lettering import LABEL, NUMBER, TITLE, haloed, words
from bot.pictures.theme import BLUE, CARD, LINE, SOFT, TEAL, TEAL_PALE

WIDTH: Final = 1280
HEIGHT: Final = 960
_LEFT, _RIGHT, _TOP, _BOTTOM = 120.0, 1220.0, 250.0, 770.0
_SCALE: Final = (0, 2, 4, 6, 8, 10)
_ROOM_FOR_NUMBER: Final = 96.0  # pixels: closer numbers would touch


@dataclass(frozen=True, slots=True)
class _Field:
    """Where weeks and pain numbers land on the page."""

    span: float

    def x(self, at: float) -> float:
        return _LEFT + (_RIGHT - _LEFT) * at / self.span

    def y(self, value: float) -> float:
        return _BOTTOM - (_BOTTOM - _TOP) * value / 10

    def place(self, point: Point) -> tuple[float, float]:
        return self.x(point.at), self.y(point.value)


def pain_svg(chart: PainChart) -> Iterator[str]:
    field = _Field(max(chart.span, 1.0))
    yield words(chart.title, 60, 92, TITLE, bold=True)
    yield words(chart.subtitle, 60, 152, LABEL, colour=SOFT)
    yield from _grid(field, chart)
    yield from _reference(field, chart)
    for day in chart.days:
        x, y = field.place(day)
        yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="9" fill="{TEAL_PALE}"/>'
    if chart.days and chart.days_label:
        yield f'<circle cx="900" cy="884" r="11" fill="{TEAL_PALE}"/>'
        yield words(chart.days_label, 930, 899, LABEL, colour=SOFT)
    yield from _course(field, chart)


def _grid(field: _Field, chart: PainChart) -> Iterator[str]:
    for value in _SCALE:
        y = field.y(value)
        yield f'<line x1="{_LEFT}" y1="{y:.1f}" x2="{_RIGHT}" y2="{y:.1f}" stroke="{LINE}" stroke-width="3"/>'
        yield words(str(value), _LEFT - 24, y + 15, LABEL, anchor="end", colour=SOFT)
    for tick in chart.ticks:
        yield words(tick.label, field.x(tick.at), _BOTTOM + 58, LABEL, anchor="middle", colour=SOFT)


def _reference(field: _Field, chart: PainChart) -> Iterator[str]:
    reference = chart.reference
    if reference is None:
        return
    (x1, y1), (x2, y2) = field.place(reference.start), field.place(reference.end)
    for line in (f'x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"', 'x1="64" y1="884" x2="150" y2="884"'):
        yield f'<line {line} stroke="{BLUE}" stroke-width="6" stroke-dasharray="4 16" stroke-linecap="round"/>'
    yield words(reference.label, 176, 899, LABEL, colour=BLUE)


def _course(field: _Field, chart: PainChart) -> Iterator[str]:
    places = [field.place(point) for point in chart.weeks]
    if len(places) > 1:
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
        yield f'<polyline points="{path}" fill="none" stroke="{TEAL}" stroke-width="9" stroke-linejoin="round"/>'
    for index, (x, y) in enumerate(places):
        radius = 19 if index == len(places) - 1 else 15
        yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius}" fill="{TEAL}" stroke="{CARD}" stroke-width="5"/>'
    for index in _numbered([x for x, _ in places]):
        x, y = places[index]
        yield haloed(chart.weeks[index].shown, x, y - 34 if y > _TOP + 60 else y + 66, NUMBER)


def _numbered(xs: list[float]) -> list[int]:
    """Which points get a number: from the newest back, as far as they do not touch."""
    chosen: list[int] = []
    for index in reversed(range(len(xs))):
        if not chosen or xs[chosen[-1]] - xs[index] >= _ROOM_FOR_NUMBER * 0.8:
            chosen.append(index)
    return chosen
