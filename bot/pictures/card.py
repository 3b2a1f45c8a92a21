"""The still: 1280 x 960, one to three numbered moments, as large as the card allows."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations, pairwise
from typing import Final

import numpy as np
import shapely
from shapely.geometry import Point, box
from shapely.geometry.base import BaseGeometry

from bot.pictures import marks, overhead
from bot.pictures.outline import union
from bot.pictures.profiles import Vec
from bot.pictures.stage import Moment, Stage, bounds, content, lens_panel, on_own_ground, panel, room
from bot.pictures.svg import (
    Circle,
    Pane,
    View,
    badge,
    chevron,
    document,
    layers_svg,
    lens,
    next_row,
    onwards,
    pane,
    window,
)
from bot.pictures.theme import CALM, CARD
from bot.pictures.tied import tied_room

WIDTH, HEIGHT = 1280, 960
MARGIN, GUTTER = 30, 26
MOST_IN_LINE: Final = 3  # panels; more of them stand in several rows
MOST_IN_ROW: Final = 4  # of several rows
ALIKE: Final = 0.04  # of the largest scale: what nobody sees
LARGE_ENOUGH: Final = 0.93  # of the largest scale, for the sake of fewer rows
WORTH_A_BREAK: Final = 1.15  # times as large, for the sake of one line that is read at once
HEAD: Final = 34  # pixels above a row for its badges
ROW_GUTTER: Final = 44  # between rows: the way from one to the next leads through it
# Body heights: of a corner, and the widths that a badge and the signs before it need there.
CORNER, FOR_BADGE, FOR_NEW_ROW, FOR_SIGN = 0.14, 0.14, 0.27, 0.09
ASIDE: Final = 62  # pixels that this way needs before the badge of a new row
LARGEST: Final = 1150  # pixels per body height; beyond it a lying figure looks like a close-up
LENS_RADII: Final = (132, 120, 108, 96)
BESIDE_WIDTHS: Final = (420, 380, 340, 300, 260, 230)
BESIDE_ROOM: Final = 0.27  # body heights below somebody seen from above
PANE_MARGIN: Final = 10  # pixels
OVERHEAD_RADII: Final = (190, 175, 160, 146, 132, 120, 108)
PORTRAIT_FROM: Final = 0.40  # body heights, the middle of the thigh
LENS_TARGET: Final = 0.066  # body heights shown by the lens

Bounds = tuple[float, float, float, float]
Corners = tuple[float, float]  # body heights that are free at the top left and the top right
Cell = tuple[Bounds, Corners]


@dataclass(frozen=True, slots=True)
class Frame:
    """One panel: its place on the card in pixels, and the view into it."""

    left: float
    top: float
    width: float
    height: float
    view: View


def card_svg(stage: Stage) -> str:
    if stage.level.portrait:
        return _portrait_svg(stage)
    moments = stage.moments[-1:] if stage.level.held else stage.moments
    # Seen from above, the other side goes below the first moment; else it takes its place, as large as the rest.
    shown = [(stage, moment) for moment in moments]
    if stage.beside is not None and not stage.level.from_above:
        shown[0] = (stage.beside, stage.beside.moments[0])
    if len(moments) > MOST_IN_LINE:  # for want of room no mat is longer than who lies on it
        shown = [(on_own_ground(own, moment), moment) for own, moment in shown]
    boxes = [_with_room_beside(own, bounds(own, moment)) for own, moment in shown]
    frames, stacked = layout(
        boxes, [_corners(room(own, moment), box) for (own, moment), box in zip(shown, boxes, strict=True)]
    )
    parts: list[str] = []
    for number, ((own, moment), frame) in enumerate(zip(shown, frames, strict=True), start=1):
        parts.append(panel(own, moment, frame.view))
        if len(frames) > 1:
            parts += _counted(number, frames, stacked=stacked, flow=stage.level.flow)
        glass = lens_glass(moment, frame, taken_space(stage, [moment], frame, 62))
        parts.append(lens_svg(stage, moment, frame.view, glass))
        if number == 1 and stage.level.from_above:
            parts.append(beside_svg(stage, beside_place(stage, frame, 62, BESIDE_WIDTHS), 1))
        parts.append(overhead_svg(stage, moment, overhead_glass(stage, frame, 62, OVERHEAD_RADII)))
    return document(WIDTH, HEIGHT, CARD, [part for part in parts if part])


def _counted(number: int, frames: Sequence[Frame], *, stacked: bool, flow: bool) -> list[str]:
    """The panel's badge, and the sign that leads to it from the panel before."""
    frame, before = frames[number - 1], frames[number - 2]
    x, y = frame.left + 30, frame.top + 30
    sign = onwards if flow else chevron
    if number == 1:
        return [badge(number, x, y)]
    if stacked:
        return [badge(number, x, y), sign(x, y - 46, 90)]
    if frame.top == before.top:
        return [badge(number, x, y), sign(x - 50, y, 0)]
    way = next_row(before.left + before.width, x + ASIDE, y, frame.top - ROW_GUTTER / 2)
    return [way, badge(number, x + ASIDE, y)]


def _corners(seen: BaseGeometry, bounds: Bounds) -> Corners:
    """How much width is free on either side of what is high up in a panel."""
    left, _, right, top = bounds
    high = seen.intersection(box(left, top - CORNER, right, top + 1))
    return (right - left, right - left) if high.is_empty else (high.bounds[0] - left, right - high.bounds[2])


def _with_room_beside(stage: Stage, box: Bounds) -> Bounds:
    """Somebody seen from above leaves room below for a view from the side."""
    left, low, right, top = box
    room = BESIDE_ROOM if stage.level.from_above and stage.beside is not None else 0
    return (left, low - room, right, top)


def _portrait_svg(stage: Stage) -> str:
    """The upper body before a calm disc; the card's lower edge cuts it at the thigh."""
    moment = stage.moments[0]
    left, _, right, top = content(moment).bounds
    top += 0.03  # room for the waving
    scale = (HEIGHT - 2 * MARGIN) / (top - PORTRAIT_FROM)
    middle = (left + right) / 2 - 0.03
    view = View(WIDTH / 2 - middle * scale, MARGIN + top * scale, scale)
    disc = f'<circle cx="{WIDTH / 2}" cy="{HEIGHT * 0.58:.0f}" r="{HEIGHT * 0.44:.0f}" fill="{CALM}"/>'
    waves = layers_svg(marks.waving(moment.figure.placed), view)
    return document(WIDTH, HEIGHT, CARD, [disc, waves, panel(stage, moment, view)])


def layout(boxes: Sequence[Bounds], corners: Sequence[Corners] = ()) -> tuple[list[Frame], bool]:
    """Side by side or one below the other, whichever shows the figures larger; three also as two and one."""
    cells = list(zip(boxes, corners or [(0.0, 0.0)] * len(boxes), strict=True))
    if len(boxes) > MOST_IN_LINE:
        return _rows(cells), False
    row = _row(boxes)
    column = _column(boxes)
    stacked = column[0].view.scale > row[0].view.scale * 1.02
    lined = (column, True) if stacked else (row, False)
    if len(boxes) == MOST_IN_LINE:
        rows = _rows(cells)
        if rows[0].view.scale > lined[0][0].view.scale * WORTH_A_BREAK:
            return rows, False
    return lined


def _row(boxes: Sequence[Bounds]) -> list[Frame]:
    """Every panel is as wide as its own content."""
    count = len(boxes)
    low, high = min(b[1] for b in boxes), max(b[3] for b in boxes)
    widths = [right - left for left, _, right, _ in boxes]
    free = WIDTH - 2 * MARGIN - 2 * GUTTER * (count - 1)
    head = 50 if count > 1 else 0
    scale = min(free / sum(widths), (HEIGHT - 2 * MARGIN - head) / (high - low), LARGEST)
    slack = (free - scale * sum(widths)) / count
    base = HEIGHT - MARGIN - (HEIGHT - 2 * MARGIN - head - (high - low) * scale) * 0.45 + low * scale
    frames, left = [], float(MARGIN)
    for (x0, _, x1, _), width in zip(boxes, widths, strict=True):
        wide = width * scale + slack
        middle = left + wide / 2 - (x0 + x1) / 2 * scale
        frames.append(Frame(left, MARGIN, wide, HEIGHT - 2 * MARGIN, View(middle, base, scale)))
        left += wide + 2 * GUTTER
    return frames


def _rows(cells: Sequence[Cell]) -> list[Frame]:
    """In rows of at most four, broken where the figures become largest: who stands needs a taller row.

    Fewer rows are easier to follow, so they may cost a little of the size.
    """
    count = len(cells)
    breaks = ([0, *cuts, count] for rows in range(2, count + 1) for cuts in combinations(range(1, count), rows - 1))
    splits = [[cells[i:j] for i, j in pairwise(ends)] for ends in breaks]
    fitting = [split for split in splits if max(map(len, split)) <= MOST_IN_ROW]
    largest = max(map(_scale_of, fitting))
    best = min(
        fitting,
        key=lambda split: (
            _scale_of(split) < largest * LARGE_ENOUGH,
            len(split),
            int((1 - _scale_of(split) / largest) / ALIKE),
            max(map(len, split)),  # rows alike in length
            [-len(row) for row in split],  # a full row comes first
        ),
    )
    scale = _scale_of(best)
    heights = [_height(row) * scale + _head(row, first=i == 0) for i, row in enumerate(best)]
    slack = (HEIGHT - 2 * MARGIN - ROW_GUTTER * (len(best) - 1) - sum(heights)) / len(best)
    frames, top = [], float(MARGIN)
    for row, height in zip(best, heights, strict=True):
        base = top + height + slack * 0.6 + min(cell[0][1] for cell in row) * scale
        spare = _width_for(row) - sum(right - left for (left, _, right, _), _ in row) * scale
        left = float(MARGIN)
        for (x0, _, x1, _), _ in row:
            wide = (x1 - x0) * scale + spare / len(row)
            view = View(left + wide / 2 - (x0 + x1) / 2 * scale, base, scale)
            frames.append(Frame(left, top, wide, height + slack, view))
            left += wide + GUTTER
        top += height + slack + ROW_GUTTER
    return frames


def _scale_of(rows: Sequence[Sequence[Cell]]) -> float:
    """Pixels per body height with which these rows fill the card."""
    wide = min(_width_for(row) / sum(right - left for (left, _, right, _), _ in row) for row in rows)
    heads = sum(_head(row, first=i == 0) for i, row in enumerate(rows))
    free = HEIGHT - 2 * MARGIN - ROW_GUTTER * (len(rows) - 1) - heads
    return min(wide, free / sum(map(_height, rows)), LARGEST)


def _width_for(row: Sequence[Cell]) -> float:
    return WIDTH - 2 * MARGIN - GUTTER * (len(row) - 1)


def _height(row: Sequence[Cell]) -> float:
    return max(box[3] for box, _ in row) - min(box[1] for box, _ in row)


def _head(row: Sequence[Cell], *, first: bool) -> float:
    """Pixels above a row for its badges and the signs before them; none where the figures leave their corners free."""
    highest, last = max(box[3] for box, _ in row), len(row) - 1
    for i, (box_of, (left, right)) in enumerate(row):
        if highest - box_of[3] < CORNER and (
            left < (FOR_BADGE if first or i > 0 else FOR_NEW_ROW) or (i < last and right < FOR_SIGN)
        ):
            return HEAD
    return 0


def _column(boxes: Sequence[Bounds]) -> list[Frame]:
    """All panels registered: what stays put stays in place, the eye sees what moved."""
    count = len(boxes)
    left, right = min(b[0] for b in boxes), max(b[2] for b in boxes)
    heights = [high - low for _, low, _, high in boxes]
    free = HEIGHT - 2 * MARGIN - GUTTER * (count - 1)
    scale = min((WIDTH - 2 * MARGIN) / (right - left), free / sum(heights), LARGEST)
    slack = (free - scale * sum(heights)) / count
    x = WIDTH / 2 - (left + right) / 2 * scale
    frames, top = [], float(MARGIN)
    for (_, low, _, _), height in zip(boxes, heights, strict=True):
        tall = height * scale + slack
        frames.append(
            Frame(MARGIN, top, WIDTH - 2 * MARGIN, tall, View(x, top + tall - slack * 0.35 + low * scale, scale))
        )
        top += tall + GUTTER
    return frames


def taken_space(stage: Stage, moments: Sequence[Moment], frame: Frame, corner: float) -> BaseGeometry:
    """What a lens must not cover, in body heights: figures, arrows, behind a wall, the corner with the badge."""
    view = frame.view
    left, top = view.world(frame.left, frame.top)
    right, bottom = view.world(frame.left + corner, frame.top + corner)
    wall = stage.level.props.wall
    behind = [] if wall is None else [box(wall.x - 5 * (wall.faces > 0), -1, wall.x + 5 * (wall.faces < 0), 2)]
    bodies = union(*(content(moment) for moment in moments)).simplify(0.003)
    return union(box(left, bottom, right, top), *behind, bodies)


def lens_glass(moment: Moment, frame: Frame, taken: BaseGeometry, radii: Sequence[float] = LENS_RADII) -> Circle | None:
    """Where the lens goes, None when the moment wants none."""
    at = _lens_target(moment)
    if at is None:
        return None
    x, y = frame.view.pixels(at[None])[0]
    target = Circle(float(x), float(y), LENS_TARGET * frame.view.scale)
    return find_room(frame, target, taken.union(Point(*at).buffer(LENS_TARGET)), radii)


def lens_svg(stage: Stage, moment: Moment, view: View, glass: Circle | None) -> str:
    at = _lens_target(moment)
    if at is None or glass is None:
        return ""
    x, y = view.pixels(at[None])[0]
    target = Circle(float(x), float(y), LENS_TARGET * view.scale)
    return lens(target, glass, lens_panel(stage, moment, view, Point(*at).buffer(LENS_TARGET)), CARD)


def beside_place(stage: Stage, frame: Frame, corner: float, widths: Sequence[float]) -> Pane | None:
    """Where the first moment is seen from its other side, as large as there is room; None when it is not."""
    if stage.beside is None:
        return None
    left, low, right, top = bounds(stage.beside, stage.beside.moments[0])
    taken = taken_space(stage, stage.moments, frame, corner)
    for width in widths:
        height = width * (top - low) / (right - left) + 2 * PANE_MARGIN
        xs = np.arange(frame.left, frame.left + frame.width - width, 8)
        ys = np.arange(frame.top, frame.top + frame.height - height, 8)
        corners = np.stack(np.meshgrid(xs, ys[::-1]), -1).reshape(-1, 2)
        starts, ends = (frame.view.world(*(corners + size).T).T for size in ((0, height), (width, 0)))
        places = shapely.box(*starts.T, *ends.T)
        free = corners[shapely.distance(places, taken) * frame.view.scale > PANE_MARGIN]
        if len(free):
            x, y = free[0].tolist()
            return Pane(x, y, width, height)
    return None


def beside_svg(stage: Stage, place: Pane | None, opacity: float) -> str:
    if stage.beside is None or place is None or opacity <= 0:
        return ""
    moment = stage.beside.moments[0]
    left, low, right, top = bounds(stage.beside, moment)
    scale = (place.width - 2 * PANE_MARGIN) / (right - left)
    view = View(
        place.left + place.width / 2 - (left + right) / 2 * scale,
        place.top + place.height / 2 + (low + top) / 2 * scale,
        scale,
    )
    return pane(place, panel(stage.beside, moment, view), CARD, opacity)


def overhead_glass(stage: Stage, frame: Frame, corner: float, radii: Sequence[float]) -> Circle | None:
    """Where the small view from above goes, the same in all phases; None when the level wants none."""
    if not stage.level.overhead:
        return None
    bands = (tied_room(stage.level.props, moment.figure.placed) for moment in stage.moments)
    taken = union(taken_space(stage, stage.moments, frame, corner), *bands)
    x, y = frame.view.pixels(stage.moments[0].figure.placed.points["hip"][None])[0]
    return find_room(frame, Circle(float(x), float(y), 0), taken, radii)


def overhead_svg(stage: Stage, moment: Moment, glass: Circle | None) -> str:
    if glass is None:
        return ""
    middle, radius = overhead.MIDDLE, overhead.RADIUS
    scale = glass.radius / radius
    view = View(glass.x - middle[0] * scale, glass.y + middle[1] * scale, scale)
    around = Point(*middle).buffer(radius, quad_segs=32)
    # A film tells beforehand where the hands will go.
    start, goal = stage.moments[0].figure.placed, (moment.goal or moment.figure).placed
    layers = overhead.overhead_layers(moment.figure.placed, stage.level.props, stage.person)
    layers += overhead.overhead_arrow(start, goal, moment.signs)
    cut = [replace(layer, shape=layer.shape.intersection(around)) for layer in layers]
    return window(glass, layers_svg([layer for layer in cut if not layer.shape.is_empty], view), CARD)


def _lens_target(moment: Moment) -> Vec | None:
    """The height is fixed, so that phases can be compared through the lens."""
    wanted = moment.phase.lens
    return None if wanted is None else np.array([moment.figure.placed.points[wanted.at][0], wanted.height])


def find_room(frame: Frame, target: Circle, taken: BaseGeometry, radii: Sequence[float]) -> Circle:
    """The largest free circle, as near to the target as it gets; the smallest one in the corner if none is."""
    for radius in radii:
        xs = np.arange(frame.left + radius + 4, frame.left + frame.width - radius - 3, 12)
        ys = np.arange(frame.top + radius + 4, frame.top + frame.height - radius - 3, 12)
        spots = np.stack(np.meshgrid(xs, ys), -1).reshape(-1, 2)
        places = shapely.points((spots - [frame.view.x, frame.view.y]) / [frame.view.scale, -frame.view.scale])
        free = spots[shapely.distance(places, taken) * frame.view.scale > radius + 12]
        if len(free):
            x, y = min(free.tolist(), key=lambda spot: np.hypot(spot[0] - target.x, spot[1] - target.y))
            return Circle(x, y, radius)
    edge = radii[-1]
    return Circle(frame.left + frame.width - edge, frame.top + edge, edge)
