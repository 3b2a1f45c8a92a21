"""The still: deterministic, without text, without red, large, and nothing covers the figure."""

import colorsys
import io
import re
from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from PIL import Image

from bot.pictures import theme
from bot.pictures.author import contact_sheet
from bot.pictures.card import HEIGHT, MARGIN, WIDTH, card_svg, layout
from bot.pictures.easel import still_svg
from bot.pictures.raster import png
from bot.pictures.spec import PictureSpec
from tests.unit.pictures.conftest import staged

ALL = [("beckenkippen", n) for n in (1, 2, 3, 4)] + [("bruecke", n) for n in (1, 2, 3, 4)] + [("welcome", 1)]


def _parsed(svg: str) -> ET.Element:
    return ET.fromstring(svg)  # noqa: S314 - reads what we wrote ourselves


@pytest.mark.parametrize(("figure", "level"), ALL)
def test_every_card_is_valid_svg_without_text_and_without_red(figure: str, level: int) -> None:
    svg = card_svg(staged(figure, level))

    tags = {element.tag.rsplit("}", 1)[1] for element in _parsed(svg).iter()}
    assert tags <= {"svg", "defs", "radialGradient", "stop", "rect", "g", "path", "circle", "ellipse"}
    for colour in set(re.findall(r'"#([0-9A-F]{6})"', svg)):
        hue, lightness, saturation = colorsys.rgb_to_hls(*(int(colour[i : i + 2], 16) / 255 for i in (0, 2, 4)))
        is_red = (hue < 0.03 or hue > 0.95) and saturation > 0.5 and 0.3 < lightness < 0.8
        assert not is_red, colour


def test_the_same_pose_is_the_same_svg() -> None:
    assert card_svg(staged("beckenkippen", 2)) == card_svg(staged("beckenkippen", 2))


def test_neighbouring_levels_differ() -> None:
    for figure in ("beckenkippen", "bruecke"):
        cards = [card_svg(staged(figure, level)) for level in (1, 2, 3, 4)]

        assert len(set(cards)) == len(cards)


@pytest.mark.parametrize("level", [1, 2, 3])
def test_lying_figures_fill_the_card(level: int) -> None:
    picture = Image.open(io.BytesIO(png(card_svg(staged("bruecke", level))))).convert("RGB")
    pixels = np.asarray(picture)
    skin = np.asarray([int(theme.DEFAULT_PERSON.skin.light[i : i + 2], 16) for i in (1, 3, 5)])

    columns = np.nonzero((np.abs(pixels.astype(int) - skin).sum(axis=2) < 12).any(axis=0))[0]

    assert picture.size == (WIDTH, HEIGHT)
    assert columns.max() - columns.min() > 0.75 * WIDTH


def test_the_lens_covers_neither_figure_nor_badge() -> None:
    root = _parsed(card_svg(staged("beckenkippen", 2)))
    circles = [
        tuple(float(element.attrib[key]) for key in ("cx", "cy", "r"))
        for element in root.iter("{http://www.w3.org/2000/svg}circle")
    ]
    glasses = sorted({circle for circle in circles if circle[2] > 90})

    assert len(glasses) == 2
    for x, y, radius in glasses:
        assert radius < x < WIDTH - radius
        assert radius < y < HEIGHT - radius
    (_, upper, first), (_, lower, second) = sorted(glasses, key=lambda circle: circle[1])
    assert lower - upper > first + second


def test_the_contact_sheet_shows_every_level(poses_dir: Path, tmp_path: Path) -> None:
    for other in poses_dir.glob("*.yaml"):
        if other.stem not in {"bruecke", "welcome", "bases"}:
            other.unlink()

    contact_sheet(poses_dir, tmp_path / "new" / "sheet.png")

    with Image.open(tmp_path / "new" / "sheet.png") as sheet:
        assert sheet.width > 2 * 640
        assert 3 * 480 < sheet.height < 4 * 480


def test_a_still_can_be_had_as_svg(shipped: Path) -> None:
    assert still_svg(shipped, PictureSpec("bruecke", 3, "still")) == card_svg(staged("bruecke", 3))


def test_three_wide_panels_that_would_be_small_stand_as_two_and_one() -> None:
    wide, tall = (0.0, 0.0, 0.85, 0.55), (0.0, 0.0, 0.4, 1.0)

    frames, stacked = layout([wide] * 3)
    assert not stacked
    assert frames[0].top == frames[1].top < frames[2].top
    assert frames[0].view.scale > 1.15 * (WIDTH - 2 * MARGIN) / (3 * 0.85)  # what one row would give at most
    line, stacked = layout([tall] * 3)
    assert not stacked
    assert len({frame.top for frame in line}) == 1
