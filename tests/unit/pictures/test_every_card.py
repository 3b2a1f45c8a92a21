"""The first card of all 48 exercises (of eight also the last) holds what its poses say: structure, not pixels."""

import re
from xml.etree import ElementTree as ET

import pytest

from bot.pictures.card import HEIGHT, WIDTH, card_svg
from bot.pictures.pose_files import load_poses
from bot.pictures.poses import Level
from bot.pictures.theme import BADGE, GOLD, NAVY
from tests.unit.pictures.conftest import SHIPPED, posed, staged

EXERCISES = sorted(path.stem for path in (SHIPPED.parent / "exercises").glob("*.yaml"))
TAGS = {"svg", "defs", "radialGradient", "stop", "clipPath", "rect", "g", "path", "circle", "ellipse", "line"}
SVG = "{http://www.w3.org/2000/svg}"


def drawn(exercise: str) -> list[int]:
    """The levels that have a card of their own."""
    return sorted(number for number, level in load_poses(SHIPPED, exercise).levels.items() if isinstance(level, Level))


def test_all_are_here_and_every_level_has_a_film() -> None:
    levels = [posed(exercise, number)[0] for exercise in EXERCISES for number in drawn(exercise)]

    assert len(EXERCISES) == 48
    assert len(levels) >= 150
    assert all(level.tempo is not None for level in levels)


# Every other one waits for a release: all are drawn by the same code, and `make check` looks at each pose.
@pytest.mark.parametrize(
    "exercise",
    [pytest.param(each, marks=pytest.mark.slow) if at % 2 else each for at, each in enumerate(EXERCISES)],
)
def test_a_card_holds_what_its_poses_say(exercise: str) -> None:
    numbers = drawn(exercise)
    cards = {}
    lasts = numbers[-1:] if EXERCISES.index(exercise) % 6 == 0 else []  # every pose is looked at by `make check`, too
    for number in {numbers[0], *lasts}:
        level, _ = posed(exercise, number)
        svg = cards[number] = card_svg(staged(exercise, number))
        shown = level.phases[-1:] if level.held else level.phases

        root = ET.fromstring(svg)  # noqa: S314 - reads what we wrote ourselves
        assert {element.tag.removeprefix(SVG) for element in root.iter()} <= TAGS
        assert root.attrib["viewBox"].split() == ["0", "0", str(WIDTH), str(HEIGHT)]
        assert not re.search(r"\b(?:nan|inf)\b", svg, re.IGNORECASE)
        assert svg.count(f'fill="{BADGE}"') == (len(shown) if len(shown) > 1 else 0)
        assert (f'"{GOLD}"' in svg) == any(phase.works for phase in shown)
        if any(phase.arrows for phase in shown):
            assert f'"{NAVY}"' in svg

    assert len(set(cards.values())) == len(cards)
