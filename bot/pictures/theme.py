"""Colours, and the people the figure can be drawn as. A person changes looks, never a pose.

Red is kept for "stop": a working muscle is gold with dark fibres, a stretched one a pale outline.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final, Literal

from bot.pictures.profiles import HAIR_BOB, HAIR_CURLS, HAIR_KNOT, HAIR_SHORT, HAIR_THIN, Points
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
    glasses: bool = False
    cut: Literal["short", "thin", "curls", "bob", "knot"] = "short"  # of the hair, seen from the front and from behind
    physique: Mapping[str, float] = field(default_factory=dict)  # see `skeleton.SWELLS`


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
_OLDER: Final = replace(
    DEFAULT_PERSON,
    skin=Tone("#E3AE8C", "#C38B69"),
    far_skin=Tone("#C59878", "#AE7F60"),
    shirt=Tone("#7C8FB3", "#5B6C90"),
    far_shirt=Tone("#5F7196", "#4A5A7B"),
    trousers=Tone("#6E6A78", "#504D5A"),
    far_trousers=Tone("#565361", "#45424F"),
    hair=Tone("#C4C1BC", "#9D9992"),
    hair_shape=HAIR_THIN,
    cut="thin",
    glasses=True,
    physique={"round": 0.010},
)
_HEAVIER: Final = replace(
    DEFAULT_PERSON,
    shirt=Tone("#4F7FB5", "#38608D"),
    far_shirt=Tone("#3B6592", "#2E5076"),
    trousers=Tone("#5C6370", "#434955"),
    far_trousers=Tone("#484E5A", "#3A3F4A"),
    hair=Tone("#54402F", "#3D2E22"),
    physique={"round": 0.050, "bust": 0.012, "jowl": 0.014, "girth": 0.021},
)
_DARKER: Final = replace(
    DEFAULT_PERSON,
    skin=Tone("#8E5C3F", "#6F442C"),
    far_skin=Tone("#754A32", "#5E3A26"),
    shirt=Tone("#5FA56C", "#457C50"),
    far_shirt=Tone("#478354", "#386843"),
    trousers=Tone("#5A6FA6", "#40517F"),
    hair=Tone("#2E2422", "#1D1615"),
    hair_shape=HAIR_CURLS,
    cut="curls",
    eye="#1F1512",
)
_WOMAN: Final = replace(
    DEFAULT_PERSON,
    shirt=Tone("#8F6BA8", "#6E4F86"),
    far_shirt=Tone("#70528A", "#5A406F"),
    trousers=Tone("#44607F", "#324A64"),
    far_trousers=Tone("#354C66", "#2A3D53"),
    hair=Tone("#8A5A36", "#6A4326"),
    hair_shape=HAIR_BOB,
    cut="bob",
    physique={"bust": 0.016},
)
_PREGNANT: Final = replace(
    _WOMAN,
    shirt=Tone("#3F97A8", "#2C7280"),
    far_shirt=Tone("#2F7684", "#255F6A"),
    hair=Tone("#4B342A", "#36241C"),
    hair_shape=HAIR_KNOT,
    cut="knot",
    physique={"bump": 0.068, "bust": 0.019},
)
# The names are part of what members choose: one is never taken away.
PEOPLE: Final[Mapping[str, Person]] = {
    "default": DEFAULT_PERSON,
    "older": _OLDER,
    "heavier": _HEAVIER,
    "darker": _DARKER,
    "woman": _WOMAN,
    "pregnant": _PREGNANT,
}

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
# Dark, as most are: blue like a chair it went under beside mat and trousers.
ROLLER: Final = Tone("#7A879E", "#3F4A60")
ROLLER_HOLE: Final = "#E9EDF4"
BALLS: Final[Mapping[str, Tone]] = {
    "soft": Tone("#B79AD6", "#8467AB"),
    "tennis": Tone("#D3DB52", "#94A02C"),
    "hard": Tone("#5E6B85", "#3A445A"),
}
TOWEL: Final = Tone("#A9D8C6", "#5E9C86")
LOOP: Final = Tone("#E58FB0", "#B4557E")
DOOR: Final = Tone("#E2CDB0", "#A0774B")
BAND: Final[Mapping[str, Tone]] = {"light": LOOP, "strong": Tone("#7D62A8", "#523A78")}
BAG: Final = Tone("#D98A4E", "#A8602C")
BAG_CREAM: Final = "#F3E3C6"
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
HOLLOW: Final = "#6675A3"
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
