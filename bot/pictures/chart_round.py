"""A round's way as one picture: the path all walk together, how far they are, and the weeks as a row below.

It holds sums of the whole group only, and nothing that is missing: what lies ahead is a path, not a debt. The weeks are
no marks on the path, or it would say that a group is late.
"""

from collections.abc import Iterator
from math import cos, pi
from typing import Final

from bot.pictures.chart_values import RoundPicture
from bot.pictures.lettering import LABEL, TITLE, words
from bot.pictures.theme import CALM, CARD, GOLD, GOLD_EDGE, GRASS, LINE, NAVY, SOFT, TEAL

_LEFT, _RIGHT = 110.0, 1150.0
_LOW, _HIGH = 714.0, 430.0
_SAMPLES: Final = 240
_BENDS: Final = 2.5
_SETTING_OUT: Final = 16  # of the samples: all three stand on the path
_ARRIVED: Final = 211  # beside the flag
_APART, _HALF = 10, 6  # samples between two people, and of one to their sides
_WIDE: Final = 34
_GREAT: Final = 150  # the sum, readable across a room
_DIGIT: Final = 0.54  # of a size
_ROW: Final = 880.0

Place = tuple[float, float]


def round_svg(chart: RoundPicture) -> Iterator[str]:
    way = tuple(_place(step / _SAMPLES) for step in range(_SAMPLES + 1))
    done = way[: round(_SAMPLES * min(max(chart.reached, 0.0), 1.0)) + 1]
    yield from _hills(way)
    yield words(chart.title, 60, 92, TITLE, bold=True)
    yield words(chart.subtitle, 60, 152, LABEL, colour=SOFT)
    yield words(chart.total, 60, 318, _GREAT, colour=TEAL, bold=True)
    yield words(chart.unit, 88 + _DIGIT * _GREAT * len(chart.total), 318, LABEL + 6, colour=SOFT)
    yield from _people(way, min(max(len(done) - 1, _SETTING_OUT), _ARRIVED))
    yield _line(way, LINE)
    if len(done) > 1:
        yield _line(done, TEAL)
    yield from _flag(way[-1], is_reached=chart.reached >= 1)
    yield words(chart.goal, _RIGHT + 70, way[-1][1] - 196, LABEL, anchor="end", colour=SOFT)
    yield from _weeks(chart)


def _place(share: float) -> Place:
    """A point of the path: upwards from left to right, in bends that grow gentler."""
    bend = 60 * (1 - share) * (cos(2 * pi * _BENDS * share) - 1)
    return _LEFT + (_RIGHT - _LEFT) * share, _LOW - (_LOW - _HIGH) * share + bend


def _line(way: tuple[Place, ...], colour: str) -> str:
    return (
        f'<polyline points="{_points(way)}" fill="none" stroke="{colour}" stroke-width="{_WIDE}"'
        f' stroke-linecap="round" stroke-linejoin="round"/>'
    )


def _points(way: tuple[Place, ...]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in way)


def _hills(way: tuple[Place, ...]) -> Iterator[str]:
    """The path runs along the ridge of the first one."""
    ridge = f"-20,{way[0][1] + 30:.1f} {_points(way)} 1300,{way[-1][1] - 8:.1f} 1300,980 -20,980"
    yield f'<polygon points="{ridge}" fill="{CALM}"/>'
    yield f'<path d="M0 960V800Q330 730 690 780T1280 700V960Z" fill="{GRASS.light}" fill-opacity=".45"/>'


def _flag(at: Place, *, is_reached: bool) -> Iterator[str]:
    x, y = at
    waiting = "" if is_reached else ' fill-opacity=".3"'  # a white one would be a sign of giving up
    yield f'<line x1="{x}" y1="{y}" x2="{x}" y2="{y - 170}" stroke="{NAVY}" stroke-width="9" stroke-linecap="round"/>'
    yield (
        f'<path d="M{x} {y - 168}q48 -22 96 0v66q-48 -22 -96 0z" fill="{GOLD}"{waiting} stroke="{GOLD_EDGE}"'
        f' stroke-width="5" stroke-linejoin="round"/>'
    )
    yield f'<circle cx="{x}" cy="{y}" r="22" fill="{GOLD if is_reached else CARD}" stroke="{NAVY}" stroke-width="6"/>'


def _people(way: tuple[Place, ...], at: int) -> Iterator[str]:
    """Three on the way, close together, nobody in front. The path is drawn over their feet, so they stand on it."""
    for steps, colour in ((-_APART, NAVY), (_APART, NAVY), (0, TEAL)):
        (x, y), (_, left), (_, right) = (way[at + steps + side] for side in (0, -_HALF, _HALF))
        rim = f'fill="{colour}" stroke="{CARD}" stroke-width="5" stroke-linejoin="round"'
        yield f'<circle cx="{x:.1f}" cy="{y - 112:.1f}" r="21" {rim}/>'
        yield f'<path d="M{x - 27:.1f} {left:.1f}V{y - 58:.1f}a27 27 0 0 1 54 0V{right:.1f}z" {rim}/>'


def _weeks(chart: RoundPicture) -> Iterator[str]:
    """One ring a week; those that are over carry a tick."""
    step = min(96.0, 1100.0 / chart.weeks)
    for week in range(1, chart.weeks + 1):
        x = 640 + (week - (chart.weeks + 1) / 2) * step
        yield f'<circle cx="{x:.1f}" cy="{_ROW}" r="32" fill="{CARD}" stroke="{NAVY}" stroke-width="5"/>'
        if week <= chart.weeks_over:
            yield (
                f'<path d="M{x - 14:.1f} {_ROW + 1}l10 11 18 -21" fill="none" stroke="{NAVY}" stroke-width="7"'
                f' stroke-linecap="round" stroke-linejoin="round"/>'
            )
        else:
            yield words(str(week), x, _ROW + 14, LABEL - 2, anchor="middle", colour=NAVY)
