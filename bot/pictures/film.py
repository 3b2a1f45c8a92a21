"""The moving picture: one repetition at its real tempo as a silent loop, MP4 (H.264) or GIF."""

import io
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Final

import av
import numpy as np
from PIL import Image
from shapely.geometry import box
from shapely.geometry.base import BaseGeometry

from bot.pictures.card import (
    Frame,
    beside_place,
    beside_svg,
    lens_glass,
    lens_svg,
    overhead_glass,
    overhead_svg,
    taken_space,
)
from bot.pictures.flow import dissolved, dissolves, flow_seconds, moment_in_flow, places, reshaped_in_flow
from bot.pictures.motion import (
    FRAMES_PER_SECOND,
    STEPS,
    Beat,
    beats,
    breathes,
    hold_share,
    moment_at,
    paces,
    reshaped,
    seconds,
    stride_at,
)
from bot.pictures.outline import union
from bot.pictures.poses import Tempo
from bot.pictures.raster import png
from bot.pictures.stage import Moment, Stage, bounds, content, panel, room
from bot.pictures.svg import Circle, Pane, View, document, numbered_ring, ring
from bot.pictures.theme import CARD

WIDTH, HEIGHT = 480, 360
MARGIN: Final = 8
RING_SIZE: Final = 56
RING_AT: Final = (10, 10)
LENS_RADII: Final = (84, 74, 64, 54)
BESIDE_WIDTHS: Final = (220, 200, 180, 160, 140, 120)
OVERHEAD_RADII: Final = (92, 84, 74, 64, 54)
LARGEST: Final = 560
PATH_BELOW, STAIRS_BELOW = -0.075, -0.16  # body heights under a walker
GIF_EVERY: Final = 2  # every second frame: 10 a second
QUALITIES: Final = (
    "25",
    "28",
    "31",
)  # x264's constant rate factor, the first that is small enough: flat colours stay clean
HEAVIEST: Final = 150_000  # bytes; a long flow would need more at the best quality


@dataclass(frozen=True, slots=True)
class Setting:
    """What stays through the whole film: the view, and the places of the lens and of other views."""

    view: View
    lens: Circle | None = None
    overhead: Circle | None = None
    beside: Pane | None = None


def mp4(stage: Stage, tempo: Tempo) -> bytes:
    """As good as a light file can be."""
    return light_enough(images(stage, tempo))


def light_enough(pictures: Sequence[Image.Image]) -> bytes:
    """The film of these pictures at the best quality that is not too heavy, or at the lowest there is."""
    found = b""
    for quality in QUALITIES:
        found = encoded(pictures, quality)
        if len(found) <= HEAVIEST:
            break
    return found


def encoded(pictures: Sequence[Image.Image], quality: str) -> bytes:
    """H.264 in the one pixel format every phone plays, index in front, so that it starts at once."""
    with tempfile.TemporaryDirectory() as folder:
        # Moving the index to the front needs a real file.
        target = Path(folder) / "film.mp4"
        with av.open(str(target), "w", options={"movflags": "+faststart"}) as container:
            stream = container.add_stream("libx264", rate=FRAMES_PER_SECOND)
            stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
            stream.time_base = Fraction(1, FRAMES_PER_SECOND)
            stream.options = {"crf": quality, "preset": "medium", "tune": "animation"}
            stream.thread_count = 1
            for image in pictures:
                frame = av.VideoFrame.from_ndarray(np.asarray(image), format="rgb24")
                container.mux(stream.encode(frame))
            container.mux(stream.encode(None))
        return target.read_bytes()


def gif(stage: Stage, tempo: Tempo) -> bytes:
    frames = images(stage, tempo)[::GIF_EVERY]
    # One palette for all frames, from a rest and a held pose: nothing flickers.
    both = Image.new("RGB", (WIDTH, HEIGHT * 2))
    both.paste(frames[0], (0, 0))
    both.paste(frames[len(frames) // 2], (0, HEIGHT))
    palette = both.quantize(96, method=Image.Quantize.MEDIANCUT)
    flat = [frame.quantize(palette=palette, dither=Image.Dither.NONE) for frame in frames]
    out = io.BytesIO()
    milliseconds = 1000 * GIF_EVERY // FRAMES_PER_SECOND
    flat[0].save(out, "GIF", save_all=True, append_images=flat[1:], duration=milliseconds, loop=0, optimize=True)
    return out.getvalue()


def images(stage: Stage, tempo: Tempo) -> list[Image.Image]:
    """All frames of the loop; a pose that comes twice is drawn once."""
    if stage.level.walks:
        return _walk(stage, tempo)
    if stage.level.flow:
        return _flow(stage, tempo)
    setting = set_up(stage)
    drawn: dict[tuple[int, bool], Image.Image] = {}
    pictures = []
    for beat in beats(tempo):
        back = beat.back and breathes(stage)
        if (beat.step, back) not in drawn:
            moment = partial(moment_at, back=back)
            drawn[beat.step, back] = _reshaping(stage, beat.step / STEPS, setting, reshaped, moment)
        pictures.append(_with_ring(drawn[beat.step, back], beat, tempo))
    return pictures


def _reshaping(
    stage: Stage,
    at: float,
    setting: Setting,
    how_far: Callable[[Stage, float], float],
    moment: Callable[..., Moment],
) -> Image.Image:
    """A frame. Where a hand closes, the open one fades into the closed one, for nothing else differs."""
    share = how_far(stage, at)

    def draw(*, as_after: bool) -> Image.Image:
        return _image(frame_svg(stage, moment(stage, at, as_after=as_after), setting))

    if share in {0, 1}:
        return draw(as_after=share == 1)
    return Image.blend(draw(as_after=False), draw(as_after=True), share)


def length(stage: Stage, tempo: Tempo) -> float:
    """Seconds of one loop."""
    return flow_seconds(tempo, len(stage.moments)) if stage.level.flow else seconds(tempo)


def _flow(stage: Stage, tempo: Tempo) -> list[Image.Image]:
    """From pose to pose, each with its number in the still: breaths are counted here, not repetitions."""
    setting, drawn = set_up(stage), dict[int, Image.Image]()

    def draw(step: int) -> Image.Image:
        if step not in drawn:
            drawn[step] = _reshaping(stage, step / STEPS, setting, reshaped_in_flow, moment_in_flow)
        return drawn[step]

    count, pictures = len(stage.moments), []
    signs = [_image(numbered_ring(RING_SIZE, number, count, CARD)) for number in range(1, count + 1)]
    for at in places(tempo, count):
        step, way = round(at * STEPS), min(int(at), count - 1)
        if dissolves(stage, way):
            pictures.append(Image.blend(draw(way * STEPS), draw((way + 1) * STEPS), dissolved(at - way)))
        else:
            pictures.append(draw(step).copy())
        pictures[-1].paste(signs[round(at) % count], RING_AT)
    return pictures


def _walk(stage: Stage, tempo: Tempo) -> list[Image.Image]:
    """Two steps without a ring: nobody counts them."""
    moments = [stride_at(stage, pace.step / STEPS) for pace in paces(tempo)]
    seen = union(*(content(moment) for moment in moments[:: len(moments) // 8]))
    left, _, right, top = seen.buffer(0.012).bounds
    below = PATH_BELOW if stage.level.props.stairs is None else STAIRS_BELOW
    scale = min((HEIGHT - 2 * MARGIN) / (top - below), LARGEST)
    view = View(WIDTH / 2 - (left + right) / 2 * scale, HEIGHT - MARGIN + below * scale, scale)
    wide = replace(stage, span=(float(view.world(0, 0)[0]) - 0.2, float(view.world(WIDTH, 0)[0]) + 0.2))
    return [_image(frame_svg(wide, moment, Setting(view))) for moment in moments]


def first_frame_svg(stage: Stage) -> str:
    """The frame that explains the exercise when the film does not play."""
    return frame_svg(stage, moment_at(stage, 0), set_up(stage))


def frame_svg(stage: Stage, moment: Moment, setting: Setting) -> str:
    view = setting.view
    parts = [panel(stage, moment, view), lens_svg(stage, moment, view, setting.lens)]
    parts.append(overhead_svg(stage, moment, setting.overhead))
    parts.append(beside_svg(stage, setting.beside, moment.signs))
    return document(WIDTH, HEIGHT, CARD, [part for part in parts if part])


def set_up(stage: Stage) -> Setting:
    """Only the body moves."""
    frame = _frame(stage)
    taken = taken_space(stage, stage.moments, frame, RING_SIZE)
    lens = lens_glass(stage.moments[0], frame, taken, LENS_RADII)
    return Setting(
        frame.view,
        lens,
        overhead_glass(stage, frame, RING_SIZE, OVERHEAD_RADII),
        beside_place(stage, frame, RING_SIZE, BESIDE_WIDTHS),
    )


def _frame(stage: Stage) -> Frame:
    boxes = [bounds(stage, moment) for moment in stage.moments]
    # The ground may run out of the picture: the figure is larger that way.
    shown = union(*(room(stage, moment) for moment in stage.moments))
    left, _, right, _ = shown.buffer(0.012).bounds
    low, high = min(b[1] for b in boxes), max(b[3] for b in boxes)
    scale = min((WIDTH - 2 * MARGIN) / (right - left), (HEIGHT - 2 * MARGIN) / (high - low), LARGEST)
    spare = HEIGHT - 2 * MARGIN - (high - low) * scale
    has_lens = any(phase.lens is not None for phase in stage.level.phases)
    usual = 0.12 if has_lens else 0.42
    views = [
        View(WIDTH / 2 - (left + right) / 2 * scale, HEIGHT - MARGIN - spare * share + low * scale, scale)
        for share in (usual, usual / 2, 0)
    ]
    # A body that would come below the ring moves further down.
    view = next((view for view in views if not shown.intersects(_ring_place(view))), views[-1])
    return Frame(MARGIN, MARGIN, WIDTH - 2 * MARGIN, HEIGHT - 2 * MARGIN, view)


def _ring_place(view: View) -> BaseGeometry:
    left, top = RING_AT
    return box(*view.world(left, top + RING_SIZE), *view.world(left + RING_SIZE, top))


def _with_ring(picture: Image.Image, beat: Beat, tempo: Tempo) -> Image.Image:
    copy = picture.copy()
    copy.paste(_image(ring(RING_SIZE, beat.share, hold_share(tempo), CARD)), RING_AT)
    return copy


def _image(svg: str) -> Image.Image:
    return Image.open(io.BytesIO(png(svg))).convert("RGB")
