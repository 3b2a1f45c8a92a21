"""Chair, cushion, pillow and desk. They stand behind the figure: whoever sits covers the seat's near edge."""

from typing import Final

import numpy as np
from shapely import affinity
from shapely.geometry import LineString, Polygon, box
from shapely.geometry.base import BaseGeometry

from bot.pictures.layers import Canvas, Layer, Stroke
from bot.pictures.outline import moved, organic, union
from bot.pictures.profiles import Vec
from bot.pictures.props import (
    CHAIR_DEPTH,
    CHAIR_WIDTH,
    HANDLE_OUT,
    BoxAt,
    ChairAt,
    DeskAt,
    DoorAt,
    FrameAt,
    PillowAt,
    Props,
)
from bot.pictures.skeleton import unit
from bot.pictures.theme import CUSHION, DOOR, METAL, PILLOW, UPHOLSTERY, WOOD

# Where far and near edges are drawn: furniture is a little deeper than a person.
FAR: Final[Vec] = np.array([0.020, 0.017])
NEAR: Final[Vec] = np.array([-0.015, -0.013])
SEAT_THICKNESS, LEG, DESK_THICKNESS = 0.026, 0.015, 0.022
DOOR_THICKNESS, DOOR_TOP, POST_WIDTH = 0.034, 1.05, 0.052
BACK_FROM, BACK_TO = 0.115, 0.285  # of the backrest's post, above the seat


def furniture(props: Props) -> tuple[Layer, ...]:
    canvas = Canvas()
    if props.desk is not None:
        _desk(canvas, props.desk)
    if props.chair is not None:
        _chair(canvas, props.chair)
    if props.door is not None:
        _door(canvas, props.door)
    if props.box is not None:
        _box(canvas, props.box)
    if props.frame is not None:
        _frame(canvas, props.frame)
    return tuple(canvas.layers)


def pillow_layers(props: Props) -> tuple[Layer, ...]:
    """Before the far arm, which may lie beyond it, and under all else."""
    canvas = Canvas()
    if props.pillow is not None:
        _pillow(canvas, props.pillow)
    return tuple(canvas.layers)


def furnishing(props: Props) -> BaseGeometry:
    """The room that furniture takes in a picture."""
    return union(*(layer.shape.buffer(0.008) for layer in (*furniture(props), *pillow_layers(props))))


def solid(props: Props) -> dict[str, BaseGeometry]:
    """What no part of a body may cut through, by name; upholstery gives way a little, a cushion more."""
    found: dict[str, BaseGeometry] = {}
    if props.chair is not None and props.chair.faces != 0:
        seat = props.chair.seat
        gives = 0.012 + 0.25 * props.chair.cushion
        found["chair"] = box(seat.start, props.chair.height - SEAT_THICKNESS, seat.end, seat.y - gives)
    if props.desk is not None:
        top = props.desk.top
        found["desk"] = box(top.start, top.y - DESK_THICKNESS, top.end, top.y - 0.006)
    if props.box is not None:
        found["box"] = box(props.box.x, 0, props.box.x + props.box.width, props.box.height - 0.006)
    if props.stairs is not None:
        for name, step in props.stairs.steps.items():
            found[name] = box(step.start + 0.004, 0, step.end, step.y - 0.006)
    return found


def _chair(canvas: Canvas, chair: ChairAt) -> None:
    if chair.faces == 0:
        _chair_from_front(canvas, chair)
        return
    for shift, wood in ((FAR, WOOD.dark), (NEAR, WOOD.light)):
        _legs(canvas, chair, shift, wood)
        if shift is FAR:
            _bar(canvas, _post(chair, BACK_FROM, BACK_TO), FAR, UPHOLSTERY.dark, 0.024)
    _seat(canvas, chair)
    _bar(canvas, _post(chair, BACK_FROM, BACK_TO), NEAR, UPHOLSTERY.light, 0.026)
    if chair.cushion > 0:
        _cushion(canvas, chair)


def _legs(canvas: Canvas, chair: ChairAt, shift: Vec, wood: str) -> None:
    x, y = chair.x, chair.height - SEAT_THICKNESS / 2
    for top, foot in ((0.022, -0.014), (CHAIR_DEPTH - 0.020, CHAIR_DEPTH + 0.002)):
        ends = np.array([[x + chair.faces * top, y], [x + chair.faces * foot, 0.006]])
        _bar(canvas, ends, shift, wood, LEG)
    _bar(canvas, _post(chair, -0.012, BACK_TO + 0.004), shift, wood, LEG)


def _post(chair: ChairAt, low: float, high: float) -> Vec:
    """Part of the backrest's post, behind the line that a back leans on."""
    up = unit(chair.backrest.along)
    behind = unit(chair.backrest.along + 90 * chair.faces)
    foot = np.array([chair.backrest.x, chair.backrest.y]) + behind * 0.013
    return np.stack([foot + up * low, foot + up * high])


def _bar(canvas: Canvas, ends: Vec, shift: Vec, colour: str, width: float) -> None:
    canvas.stroke(Stroke(LineString(ends + shift), colour, width))


def _seat(canvas: Canvas, chair: ChairAt) -> None:
    x, y, end = chair.seat.start, chair.height, chair.seat.end
    corners = [np.array([x, y]) + NEAR, np.array([end, y]) + NEAR, np.array([end, y]) + FAR, np.array([x, y]) + FAR]
    top = Polygon(corners).buffer(0.005, quad_segs=6)
    side = moved(box(x - 0.002, y - SEAT_THICKNESS, end + 0.004, y + 0.004), NEAR)
    canvas.fill(top, UPHOLSTERY.dark)
    canvas.fill(side.buffer(-0.010).buffer(0.012, quad_segs=8), UPHOLSTERY.light)


def _chair_from_front(canvas: Canvas, chair: ChairAt) -> None:
    """Its back panel stands up behind whoever sits; front legs and the seat's edge are seen below the thighs."""
    seat, half = chair.seat.y, CHAIR_WIDTH / 2
    for inset, low, wood in ((0.030, 0.022, WOOD.dark), (0.012, 0.0, WOOD.light)):
        for side in (-1, 1):
            x = chair.x + side * (half - inset)
            _bar(canvas, np.array([[x, seat - 0.02], [x + side * 0.006, low]]), np.zeros(2), wood, LEG)
    for side in (-1, 1):
        x = chair.x + side * (half - 0.034)
        _bar(canvas, np.array([[x, seat], [x, seat + BACK_TO - 0.02]]), np.zeros(2), WOOD.dark, LEG * 0.9)
    panel = box(chair.x - half + 0.022, seat + BACK_FROM, chair.x + half - 0.022, seat + BACK_TO)
    canvas.fill(panel.buffer(-0.02).buffer(0.02, quad_segs=8), UPHOLSTERY.dark)
    front = box(chair.x - half, seat - SEAT_THICKNESS, chair.x + half, seat + 0.012)
    canvas.fill(front.buffer(-0.010).buffer(0.010, quad_segs=8), UPHOLSTERY.light)
    canvas.fill(
        box(chair.x - half + 0.006, seat - SEAT_THICKNESS, chair.x + half - 0.006, seat - 0.014), UPHOLSTERY.dark
    )


def _cushion(canvas: Canvas, chair: ChairAt) -> None:
    """Soft, and pressed in the middle by whoever sits on it."""
    low, high = chair.height, chair.seat.y
    x, end = sorted((chair.x + chair.faces * 0.012, chair.x + chair.faces * (CHAIR_DEPTH - 0.004)))
    far = moved(box(x, low, end, high), FAR * 0.75)
    near = moved(box(x, low + 0.004, end, high + 0.004), NEAR * 0.8)
    rounding = (high - low) * 0.42
    canvas.fill(organic(far.buffer(-rounding).buffer(rounding + 0.002, quad_segs=8), 0.006), CUSHION.dark)
    canvas.fill(organic(near.buffer(-rounding).buffer(rounding + 0.002, quad_segs=8), 0.006), CUSHION.light)


def _pillow(canvas: Canvas, pillow: PillowAt) -> None:
    """Full in the middle, flat at its seams; whoever lies or sits on it covers most of it."""
    half, high = pillow.width / 2, pillow.height
    t = np.linspace(-1, 1, 40)
    bulge = high * (0.5 + 0.5 * (1 - np.abs(t) ** 3) ** 0.6)
    outline = np.vstack([np.stack([t * half, bulge], 1), np.stack([t * half, high - bulge], 1)[::-1]])
    full = organic(Polygon(outline).buffer(-0.004).buffer(0.006, quad_segs=8), 0.004)
    shape = affinity.translate(affinity.rotate(full, pillow.turn, origin=(0, high / 2)), pillow.x, pillow.y)
    canvas.fill(moved(shape, FAR * 0.6), PILLOW.dark)
    canvas.body(moved(shape, NEAR * 0.5), PILLOW, 0.012, 0.6)


def _door(canvas: Canvas, door: DoorAt) -> None:
    """Its edge with the handle; the wall around it is not drawn, so that nothing distracts."""
    canvas.fill(box(door.x, FAR[1] - 0.034, door.x + DOOR_THICKNESS, DOOR_TOP), DOOR.light)
    _bar(canvas, np.array([[door.x, FAR[1] - 0.034], [door.x, DOOR_TOP]]), np.zeros(2), DOOR.dark, 0.005)
    neck = np.array([[door.x, door.handle], [door.x - HANDLE_OUT, door.handle]])
    _bar(canvas, neck, np.zeros(2), METAL.dark, 0.009)
    lever = np.array([[door.x - HANDLE_OUT, door.handle - 0.007], [door.x - HANDLE_OUT, door.handle + 0.007]])
    _bar(canvas, lever, np.zeros(2), METAL.light, 0.013)


def _box(canvas: Canvas, low: BoxAt) -> None:
    start, end, high = low.x, low.x + low.width, low.height
    corners = [np.array([x, high]) + shift for x, shift in ((start, NEAR), (end, NEAR), (end, FAR), (start, FAR))]
    canvas.fill(Polygon(corners).buffer(0.002), WOOD.dark)
    canvas.fill(moved(box(start, 0.004, end, high), NEAR).buffer(-0.004).buffer(0.005, quad_segs=6), WOOD.light)


def posts_before(props: Props) -> tuple[Layer, ...]:
    """Whoever comes through a frame to the viewer has the forearms behind its posts."""
    canvas = Canvas()
    if props.frame is not None and props.frame.half is not None:
        _frame(canvas, props.frame)
    return tuple(canvas.layers)


def _frame(canvas: Canvas, frame: FrameAt) -> None:
    """From the side its far post; from the front both, and above them the lintel."""
    if frame.half is None:
        _upright(canvas, frame.x + float(FAR[0]), -0.012, 1)
        return
    left, right = frame.x - frame.half, frame.x + frame.half
    canvas.fill(box(left - POST_WIDTH, DOOR_TOP + 0.02, right + POST_WIDTH, DOOR_TOP + 0.02 + POST_WIDTH), DOOR.light)
    for y in (DOOR_TOP + 0.02, DOOR_TOP + 0.02 + POST_WIDTH):
        canvas.stroke(Stroke(LineString([(left - POST_WIDTH, y), (right + POST_WIDTH, y)]), DOOR.dark, 0.004))
    _upright(canvas, left, -0.012, -1)
    _upright(canvas, right, -0.012, 1)


def _upright(canvas: Canvas, x: float, low: float, outwards: int) -> None:
    high = DOOR_TOP + 0.02
    start, end = sorted((x, x + outwards * POST_WIDTH))
    canvas.fill(box(start, low, end, high), DOOR.light)
    for at in (0, POST_WIDTH * 0.62, POST_WIDTH):
        edge = LineString([(x + outwards * at, low), (x + outwards * at, high)])
        canvas.stroke(Stroke(edge, DOOR.dark, 0.004))


def _desk(canvas: Canvas, desk: DeskAt) -> None:
    top = desk.top
    for shift, metal in ((FAR * 1.3, METAL.dark), (NEAR, METAL.light)):
        for x in (top.start + 0.030, top.end - 0.030):
            _bar(canvas, np.array([[x, top.y - 0.01], [x, 0.006]]), shift, metal, 0.013)
    corners = [(top.start, NEAR), (top.end, NEAR), (top.end, FAR * 1.3), (top.start, FAR * 1.3)]
    canvas.fill(Polygon([np.array([x, top.y]) + shift for x, shift in corners]).buffer(0.003), WOOD.dark)
    front = moved(box(top.start - 0.004, top.y - DESK_THICKNESS, top.end + 0.004, top.y + 0.002), NEAR)
    canvas.fill(front.buffer(-0.005).buffer(0.006, quad_segs=6), WOOD.light)
