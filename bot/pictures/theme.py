"""Colours, and the people the figure can be drawn as. A person changes looks, never a pose.

Red is kept for "stop": a working muscle is gold with dark fibres, a stretched one a pale outline.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from bot.pictures.profiles import HAIR_SHORT, Points
from bot.pictures.spec import UnknownFigureError


@dataclass(frozen=True, slots=True)
class Tone:
    """A colour in the light and its darker shade for folds and the lee side."""

    light: str
    dark: str


@dataclass(frozen=True, slots=True)
class Person:
    """How someone looks. The far side of the body is darker, not greyer: grey skin looks dead."""

    skin: Tone
    shirt: Tone
    trousers: Tone
    far_skin: Tone
    far_shirt: Tone
    far_trousers: Tone
    hair: Tone
    hair_shape: Points
    eye: str
    shoes: bool = False


DEFAULT_PERSON: Final = Person(
    skin=Tone("#DFA37C", "#C07F59"),
    shirt=Tone("#2E9C93", "#1F756F"),
    trousers=Tone("#5A6FA6", "#40517F"),
    far_skin=Tone("#BF8B6B", "#A87252"),
    far_shirt=Tone("#24796F", "#1B625B"),
    far_trousers=Tone("#465889", "#38476F"),
    hair=Tone("#7A4A3A", "#5C362A"),
    hair_shape=HAIR_SHORT,
    eye="#4A2F28",
)
PEOPLE: Final[Mapping[str, Person]] = {"default": DEFAULT_PERSON}

CARD: Final = "#FBFAF7"
CALM: Final = "#DCEBE6"
MAT: Final = Tone("#A9B7DA", "#8493BE")
MAT_SEAM: Final = "#C3CDE6"
WALL: Final = Tone("#D5DAE4", "#8C95A6")
WOOD: Final = Tone("#C79B6B", "#A0774B")
UPHOLSTERY: Final = Tone("#6FA8C9", "#4A83A6")
CUSHION: Final = Tone("#E6C9A8", "#C9A27A")
PILLOW: Final = Tone("#CDBCE0", "#A08BBD")
METAL: Final = Tone("#8C95A6", "#6F788A")
LOOP: Final = Tone("#E58FB0", "#B4557E")
PACK: Final = Tone("#C9705A", "#9C5040")
BOTTLE: Final = Tone("#9CCBE3", "#4E8FB4")
BOTTLE_CAP: Final = "#34608A"
PATH: Final = Tone("#E3D6C0", "#CBB999")
STONE: Final = Tone("#E4DACD", "#C3B4A0")
STONE_SHADE: Final = "#CFC3B2"
GRASS: Final = Tone("#A9C79B", "#7FA570")
# The near one and the far one.
SHOE: Final = (Tone("#B4C2D6", "#5D6880"), Tone("#94A3BA", "#4F5A71"))
GROUND: Final = "#9AA3B2"
SHADOW: Final = "#46506A"
GOLD: Final = "#F5B82E"
GOLD_EDGE: Final = "#8A5A00"
GOLD_FIBRE: Final = "#6B4300"
PALE: Final = "#FFF4D6"
NAVY: Final = "#1F2F5C"
RIM: Final = "#FFFFFF"
BADGE: Final = "#4A5878"
QUIET: Final = "#8C98AD"
AIR: Final = "#FFFFFF"
# Charts: the ink, lines and teal of the figures and of the web chat.
INK: Final = "#1F2A44"
SOFT: Final = "#55617A"
LINE: Final = "#CFD7E4"
TEAL: Final = "#1F756F"
TEAL_PALE: Final = "#9CCFC9"
BLUE: Final = "#5A6FA6"


def person(name: str) -> Person:
    """Raises UnknownFigureError."""
    try:
        return PEOPLE[name]
    except KeyError:
        raise UnknownFigureError(f"no theme {name!r}") from None
