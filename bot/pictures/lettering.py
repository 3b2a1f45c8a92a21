"""Words in pictures: sizes that stay readable on a phone, fonts as files of our own, everything escaped."""

from html import escape
from pathlib import Path
from typing import Final, Literal

from bot.pictures.theme import CARD, INK

FAMILY: Final = "Source Sans Pro"
FONTS: Final = tuple(
    str(Path(__file__).parent / "fonts" / name) for name in ("SourceSansPro-Regular.ttf", "SourceSansPro-Semibold.ttf")
)
# A card is 1280 wide and about 360 points on a phone: 40 here is 11 points there.
TITLE: Final = 60
NUMBER: Final = 50
LABEL: Final = 42
Anchor = Literal["start", "middle", "end"]


def words(
    content: str, x: float, y: float, size: float, *, anchor: Anchor = "start", colour: str = INK, bold: bool = False
) -> str:
    weight = ' font-weight="600"' if bold else ""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-family="{FAMILY}" font-size="{size:g}" text-anchor="{anchor}"'
        f'{weight} fill="{colour}">{escape(content)}</text>'
    )


def haloed(content: str, x: float, y: float, size: float, *, anchor: Anchor = "middle", colour: str = INK) -> str:
    """A number over lines: a rim in the card's colour keeps it readable."""
    rim = (
        f'<text x="{x:.1f}" y="{y:.1f}" font-family="{FAMILY}" font-size="{size:g}" text-anchor="{anchor}"'
        f' font-weight="600" fill="none" stroke="{CARD}" stroke-width="12" stroke-linejoin="round">'
        f"{escape(content)}</text>"
    )
    return rim + words(content, x, y, size, anchor=anchor, colour=colour, bold=True)
