"""A picture as a few letters, beside what the format's own encoder makes of the same pixels."""

import io

import numpy as np
from PIL import Image

from bot.pictures.blur import blurhash


def _png(pixels: np.ndarray[tuple[int, ...], np.dtype[np.uint8]]) -> bytes:
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "PNG")
    return out.getvalue()


def test_it_is_what_the_formats_own_encoder_makes() -> None:
    y, x = np.mgrid[0:48, 0:64]
    slopes = np.stack([x * 4, y * 5, np.full_like(x, 128)], 2).astype(np.uint8)

    assert blurhash(_png(slopes)) == "L#HLF[2Y$5SgmGazjtf7gJfjfQfj"
    assert blurhash(_png(np.full((48, 64, 3), 255, np.uint8))) == "L6TSUA_3fQ_3~qj[fQj[fQfQfQfQ"


def test_a_large_picture_is_told_as_its_small_one() -> None:
    y, x = np.mgrid[0:480, 0:640]
    slopes = np.stack([x // 10 * 4, y // 10 * 5, np.full_like(x, 128)], 2).astype(np.uint8)

    assert blurhash(_png(slopes)) == "L#HLF[2Y$5SgmGazjtf7gJfjfQfj"
