"""The way into a round as a square code to be photographed, on a notice board or across a table; and as letters."""

from collections.abc import Iterator
from typing import Final

import segno

from bot.pictures.chart_values import JoinPicture
from bot.pictures.lettering import LABEL, TITLE, words
from bot.pictures.theme import CALM, CARD, INK, LINE, NAVY, SOFT

_LEFT, _TOP, _SIDE = 60.0, 200.0, 640.0
_QUIET: Final = 4  # modules of white around it: readers need them
_RIGHT: Final = 780.0
_LEVEL: Final = "q"  # a quarter may be stained or folded
_LINES: Final = 52.0


def join_svg(chart: JoinPicture) -> Iterator[str]:
    yield f'<path d="M0 960V690Q330 620 690 670T1280 590V960Z" fill="{CALM}"/>'
    yield words(chart.title, 60, 92, TITLE, bold=True)
    yield words(chart.subtitle, 60, 152, LABEL, colour=SOFT)
    yield (
        f'<rect x="{_LEFT}" y="{_TOP}" width="{_SIDE}" height="{_SIDE}" rx="36" fill="{CARD}" stroke="{LINE}"'
        f' stroke-width="5"/>'
    )
    yield from _code(chart.link)
    for number, line in enumerate(chart.how):
        yield words(line, _RIGHT, 420 + _LINES * number, LABEL, colour=INK)
    yield words(chart.code_label, _RIGHT, 600, LABEL, colour=SOFT)
    yield words(chart.code, _RIGHT, 668, TITLE - 8, colour=NAVY, bold=True)


def _code(link: str) -> Iterator[str]:
    """Dark squares as one path: seams between single ones would confuse a reader."""
    matrix = segno.make_qr(link, error=_LEVEL).matrix
    unit = _SIDE / (len(matrix) + 2 * _QUIET)
    path = [
        f"M{_LEFT + (x + _QUIET) * unit:.2f} {_TOP + (y + _QUIET) * unit:.2f}h{unit:.2f}v{unit:.2f}h-{unit:.2f}z"
        for y, row in enumerate(matrix)
        for x, dark in enumerate(row)
        if dark
    ]
    yield f'<path d="{"".join(path)}" fill="{NAVY}" shape-rendering="crispEdges"/>'
