"""Small drawn pictures: a still and a short looping clip, made here so that no file has to be shipped."""

import hashlib
import io
import math

import av
import numpy as np
from PIL import Image, ImageDraw

from bot.channels.channel import PictureFile
from bot.dialogue.messages import Form, Picture

WIDTH, HEIGHT = 640, 480


class DrawnPictures:
    """`Pictures` without the figure renderer; `broken` makes every drawing fail."""

    def __init__(self) -> None:
        self.broken = False
        self._files: dict[Picture, PictureFile] = {}

    def digest(self, picture: Picture) -> str:
        return hashlib.sha256(repr(picture).encode()).hexdigest()

    async def picture(self, picture: Picture) -> PictureFile:
        if self.broken:
            raise RuntimeError("drawing process died")
        if picture not in self._files:
            self._files[picture] = self._draw(picture)
        return self._files[picture]

    def _draw(self, picture: Picture) -> PictureFile:
        still = picture.form is Form.STILL
        data = _png(_frame(0.0)) if still else _mp4()
        mime = "image/png" if still else "video/mp4"
        return PictureFile(data=data, mime=mime, width=WIDTH, height=HEIGHT, digest=self.digest(picture))


def _frame(t: float) -> Image.Image:
    """A body lying on a mat that lifts its hips."""
    image = Image.new("RGB", (WIDTH, HEIGHT), "#FBFAF7")
    draw = ImageDraw.Draw(image)
    lift = 45 * (1 - math.cos(2 * math.pi * t))
    draw.rounded_rectangle((70, 360, 570, 380), 8, fill="#A9B7DA")
    hip, knee, foot = (330, 330 - lift), (440, 235), (490, 350)
    draw.line([(190, 335), hip], fill="#2E9C93", width=46, joint="curve")
    draw.line([hip, knee, foot], fill="#5A6FA6", width=38, joint="curve")
    draw.ellipse((100, 290, 170, 360), fill="#DFA37C")
    return image


def _png(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def _mp4() -> bytes:
    out = io.BytesIO()
    with av.open(out, "w", format="mp4", options={"movflags": "frag_keyframe+empty_moov"}) as movie:
        stream = movie.add_stream("h264", rate=12)
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        for number in range(24):
            frame = av.VideoFrame.from_ndarray(np.asarray(_frame(number / 24)), format="rgb24")
            movie.mux(stream.encode(frame))
        movie.mux(stream.encode(None))
    return out.getvalue()
