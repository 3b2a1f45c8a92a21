"""The week as one picture: seven days, what was done ticked, the minutes, and the pain numbers as dots below.

Nothing marks a day as missed: a day without anything is an empty ring, whether it is past or still to come.
"""

from collections.abc import Iterator
from typing import Final

from bot.pictures.chart_values import WeekDay, WeekPicture
from bot.pictures.lettering import LABEL, NUMBER, TITLE, haloed, words
from bot.pictures.theme import AIR, CALM, CARD, INK, LINE, SOFT, TEAL

_LEFT: Final = 60.0
_COLUMN: Final = 162.0
_RING: Final = 330.0
_RADIUS: Final = 56
_PAIN_TOP, _PAIN_BOTTOM = 590.0, 770.0


def week_svg(week: WeekPicture) -> Iterator[str]:
    yield words(week.title, _LEFT, 92, TITLE, bold=True)
    yield words(week.summary, _LEFT, 152, LABEL, colour=SOFT)
    for index, day in enumerate(week.days):
        yield from _day(day, _middle(index))
    yield from _pains(week)


def _middle(index: int) -> float:
    return _LEFT + _COLUMN * (index + 0.5)


def _day(day: WeekDay, x: float) -> Iterator[str]:
    if day.today:
        yield (
            f'<rect x="{x - _COLUMN / 2 + 8:.1f}" y="196" width="{_COLUMN - 16}" height="272" rx="26" fill="{CALM}"/>'
        )
    yield words(day.label, x, 246, LABEL, anchor="middle", colour=INK if day.today else SOFT, bold=day.today)
    yield from _mark(day, x)
    if day.below:
        yield words(day.below, x, 444, LABEL - 4, anchor="middle")


def _mark(day: WeekDay, x: float) -> Iterator[str]:
    ring = f'cx="{x:.1f}" cy="{_RING}" r="{_RADIUS}"'
    match day.state:
        case "done":
            yield f'<circle {ring} fill="{TEAL}"/>'
            yield (
                f'<path d="M{x - 25:.1f} {_RING + 2}l17 18 33 -38" fill="none" stroke="{AIR}" stroke-width="11"'
                f' stroke-linecap="round" stroke-linejoin="round"/>'
            )
        case "moved":
            yield f'<circle {ring} fill="{CARD}" stroke="{TEAL}" stroke-width="9"/>'
            yield f'<circle cx="{x:.1f}" cy="{_RING}" r="17" fill="{TEAL}"/>'
        case "open":
            yield f'<circle {ring} fill="none" stroke="{LINE}" stroke-width="6"/>'


def _pains(week: WeekPicture) -> Iterator[str]:
    yield words(week.pain_label, _LEFT, 540, LABEL, colour=SOFT)
    right = _LEFT + _COLUMN * len(week.days)
    for value in (0, 10):
        y = _height(value)
        yield f'<line x1="{_LEFT}" y1="{y:.1f}" x2="{right:.1f}" y2="{y:.1f}" stroke="{LINE}" stroke-width="3"/>'
        yield words(str(value), right + 8, y + 12, LABEL - 8, colour=SOFT)
    known = [(_middle(index), _height(day.pain), day) for index, day in enumerate(week.days) if day.pain is not None]
    if len(known) > 1:
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y, _ in known)
        yield f'<polyline points="{path}" fill="none" stroke="{TEAL}" stroke-width="6" stroke-opacity=".45"/>'
    for x, y, _ in known:
        yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="15" fill="{TEAL}" stroke="{CARD}" stroke-width="5"/>'
    for x, y, day in known:
        yield haloed(day.shown, x, y - 30, NUMBER - 4)
    if week.legend:
        yield from _legend(week.legend)


def _legend(names: tuple[str, ...]) -> Iterator[str]:
    """What the two marks mean; both differ in shape, not only in colour."""
    x = _LEFT + 26
    for name, filled in zip(names, (True, False), strict=False):
        if filled:
            yield f'<circle cx="{x}" cy="880" r="24" fill="{TEAL}"/>'
            yield (
                f'<path d="M{x - 11} 881l8 8 14 -16" fill="none" stroke="{AIR}" stroke-width="5"'
                f' stroke-linecap="round" stroke-linejoin="round"/>'
            )
        else:
            yield f'<circle cx="{x}" cy="880" r="21" fill="{CARD}" stroke="{TEAL}" stroke-width="5"/>'
            yield f'<circle cx="{x}" cy="880" r="8" fill="{TEAL}"/>'
        yield words(name, x + 44, 895, LABEL, colour=SOFT)
        x += 44 + 24 * len(name) + 60


def _height(pain: float) -> float:
    return _PAIN_BOTTOM - (_PAIN_BOTTOM - _PAIN_TOP) * pain / 10
