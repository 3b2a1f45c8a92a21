"""A picture as a few letters: what a Matrix client shows until the picture has arrived.

Format: BlurHash (blurha.sh; Matrix: MSC 2448), 4 × 3 waves in 28 letters. Loads numpy and Pillow: workers only.
"""

import io
from typing import Final

import numpy as np
from PIL import Image

_WAVES: Final = (4, 3)  # across, down: the format's usual measure for a landscape picture
_SMALL: Final = (64, 48)  # so many pixels tell as much about waves that slow as all of them
_LETTERS: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz#$%*+,-.:;=?@[]^_{|}~"
_STEPS: Final = 9  # an amplitude takes -9…9


def blurhash(png: bytes) -> str:
    """The hash of a picture; `png`: any raster file that Pillow reads."""
    with Image.open(io.BytesIO(png)) as image:
        small = np.asarray(image.convert("RGB").resize(_SMALL, Image.Resampling.BOX), dtype=float) / 255
    light = np.where(small <= 0.04045, small / 12.92, ((small + 0.055) / 1.055) ** 2.4)
    across, down = (_waves(count, length) for count, length in zip(_WAVES, _SMALL, strict=True))
    factors = np.einsum("jy,ix,yxc->jic", down, across, light) / (_SMALL[0] * _SMALL[1])
    factors[0, 1:] *= 2
    factors[1:] *= 2
    mean, waves = factors[0, 0], factors.reshape(-1, 3)[1:]
    greatest = max(0, min(82, int(float(np.abs(waves).max()) * 166 - 0.5)))
    scaled = waves / ((greatest + 1) / 166)
    steps = np.clip(np.floor(np.sign(scaled) * np.abs(scaled) ** 0.5 * _STEPS + _STEPS + 0.5), 0, 2 * _STEPS)
    red, green, blue = (_of_screen(float(value)) for value in mean)
    digits = [(_WAVES[0] - 1 + (_WAVES[1] - 1) * 9, 1), (greatest, 1), ((red << 16) + (green << 8) + blue, 4)]
    digits += [(int(r * 361 + g * 19 + b), 2) for r, g, b in steps]
    return "".join(_written(value, length) for value, length in digits)


def _waves(count: int, length: int) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    return np.cos(np.pi * np.outer(np.arange(count), np.arange(length)) / length)


def _of_screen(light: float) -> int:
    """Linear light, 0…1, as a screen's value, 0…255."""
    light = min(1.0, max(0.0, light))
    return round(255 * (light * 12.92 if light <= 0.0031308 else 1.055 * light ** (1 / 2.4) - 0.055))


def _written(value: int, length: int) -> str:
    return "".join(_LETTERS[value // 83**place % 83] for place in reversed(range(length)))
