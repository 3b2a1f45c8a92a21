"""The YAML of `content/poses/`: contacts, wishes and marks of every phase, read into strict models.

Sided keys: `knee` means both sides, `knee.near` one; they are expanded here, so nobody else has to know.
"""

from collections.abc import Collection, Mapping
from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from bot.pictures.contacts import COMPOUND, FLOORS, MIDLINE, STRETCH, Backrest, Surfaces, Top, Wall
from bot.pictures.measures import MEASURES
from bot.pictures.muscles import MUSCLES
from bot.pictures.skeleton import JOINTS, SIDES, upright

LANDMARKS: Final = frozenset(upright().points)
DIRECTIONS: Final = frozenset(upright().directions) | {"trunk"}
_PARTS: Final = frozenset(f"{part}.{side}" for part in COMPOUND for side in SIDES) | {*MIDLINE, *STRETCH}
_SHORTENED: Final = frozenset(f"{part}.{side}" for part in ("upper_arm", "forearm", "hand") for side in SIDES)
_HANDS: Final = frozenset(f"hand.{side}" for side in SIDES)


def _known(name: str, names: Collection[str]) -> str:
    if name not in names:
        raise ValueError(f"unknown name {name!r}")
    return name


def _both_sides(names: Collection[str]) -> BeforeValidator:
    """Expand keys to sides; a key with a side wins over the same key without."""

    def expand(values: Mapping[str, Any]) -> dict[str, Any]:
        plain: dict[str, Any] = {}
        sided: dict[str, Any] = {}
        for key, value in values.items():
            if key in names:
                sided[key] = value
            else:
                plain |= {_known(f"{key}.{side}", names): value for side in SIDES}
        return plain | sided

    return BeforeValidator(expand)


def _one_of(names: Collection[str]) -> AfterValidator:
    return AfterValidator(lambda name: _known(name, names))


Landmark = Annotated[str, _one_of(LANDMARKS)]
Joints = Annotated[dict[str, float], _both_sides(JOINTS)]
ByLandmark = _both_sides(LANDMARKS)
# null takes away what the base pose says
Places = Annotated[dict[str, float | None], ByLandmark]
Shift = tuple[float, float]
CHAIR_DEPTH: Final = 0.235
CHAIR_LEAN: Final = 97.0  # degrees of the backrest


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Spot(Strict):
    """A landmark, moved by a shift."""

    at: str
    shift: Shift = (0, 0)


def _as_spot(value: Any) -> Any:
    return {"at": value} if isinstance(value, str) else value


class Wishes(Strict):
    """What a pose asks for: contacts are kept exactly, all else as well as the body allows."""

    start: Joints = {}
    joints: Joints = {}
    on: Annotated[dict[str, str | None], _both_sides(_PARTS)] = {}
    above: Annotated[dict[str, str | None], ByLandmark] = {}
    touch: Annotated[dict[str, Annotated[Spot, BeforeValidator(_as_spot)] | None], ByLandmark] = {}
    x: Places = {}
    y: Places = {}
    direction: Annotated[dict[str, float | None], _both_sides(DIRECTIONS)] = {}
    shorten: Annotated[dict[str, float], _both_sides(_SHORTENED)] = {}
    hands: Annotated[dict[str, Literal["flat", "resting", "relaxed", "fist"]], _both_sides(_HANDS)] = {}
    tilt: float | None = None
    look: float | None = None
    balanced: bool = False
    belly: Annotated[float, Field(ge=-0.02, le=0.04)] | None = None  # how far a breath lifts it

    @property
    def build(self) -> dict[str, float]:
        """What no joint moves; see `skeleton.place`."""
        return self.shorten if self.belly is None else {**self.shorten, "belly": self.belly}


class Arrow(Strict):
    """Its direction is never written down: `move` follows a landmark, `turn` the pelvis, from phase to phase."""

    move: Landmark | None = None
    turn: Literal["pelvis"] | None = None
    gap: float = 0.03
    length: float = 0.09
    shift: Shift = (0, 0)
    in_lens: bool = False


class Lens(Strict):
    """Enlarges a movement that is too small to see, at a fixed height so that phases can be compared."""

    at: Landmark
    height: float


class Phase(Wishes):
    """One numbered pose of an exercise, with what is drawn on it and what must be true of it."""

    base: str
    hold: tuple[str, ...] = ()
    moving: bool = False
    works: tuple[Annotated[str, _one_of(MUSCLES)], ...] = ()
    stretch: tuple[Annotated[str, _one_of(MUSCLES)], ...] = ()
    arrows: tuple[Arrow, ...] = Field(default=(), max_length=2)
    align: tuple[Landmark, Landmark] | None = None
    show_gap: bool = False
    lens: Lens | None = None
    breath: Literal["in", "out"] | None = None
    expect: Annotated[dict[str, tuple[float, float]], _both_sides(MEASURES)] = {}
    accept: frozenset[str] = frozenset()


class Tempo(Strict):
    """Seconds of one repetition: into the pose, hold it, back, rest."""

    there: float = Field(gt=0, le=6)
    hold: float = Field(ge=0, le=30)
    back: float = Field(gt=0, le=6)
    rest: float = Field(ge=0, le=6)


class WallAt(Strict):
    x: float
    faces: Literal[-1, 1]


class ChairAt(Strict):
    """`x` is the seat's rear edge, `faces` where it looks to. A cushion lies on it, `height` is its top without it."""

    x: float
    height: float = 0.245
    cushion: float = 0
    faces: Literal[-1, 1] = 1

    @property
    def seat(self) -> Top:
        start, end = sorted((self.x, self.x + self.faces * CHAIR_DEPTH))
        return Top(self.height + self.cushion, start, end)

    @property
    def backrest(self) -> Backrest:
        lean = 90 + self.faces * (CHAIR_LEAN - 90)
        return Backrest(self.x + self.faces * 0.006, self.height, lean, self.faces)


class DeskAt(Strict):
    """From its near edge `x` to the right."""

    x: float
    width: float = 0.24
    height: float = 0.42

    @property
    def top(self) -> Top:
        return Top(self.height, self.x, self.x + self.width)


class PillowAt(Strict):
    """A firm pillow around (x, y), its lower middle; `turn` lays it along a sloping thigh."""

    x: float
    y: float
    width: float = 0.20
    height: float = 0.06
    turn: float = 0

    @property
    def top(self) -> Top:
        return Top(self.y + self.height, self.x - self.width / 2, self.x + self.width / 2)


class Props(Strict):
    mat: bool = False
    pillow: PillowAt | None = None
    wall: WallAt | None = None
    chair: ChairAt | None = None
    desk: DeskAt | None = None
    backpack: bool = False
    shoes: bool = False
    path: bool = False


class Level(Strict):
    """One rung of the ladder. Without a tempo it has no film; a portrait shows the upper body.

    What `walks` goes on instead of back: after the last phase the same with the sides swapped, `there` and `back` are
    the two steps. Its last phase is its first one with the sides swapped, a step further.

    What is `held` is a rest: its still shows the last phase alone, its film only breathes.
    """

    props: Props = Props(mat=True)
    phases: tuple[Phase, ...] = Field(min_length=1, max_length=3)
    tempo: Tempo | None = None
    portrait: bool = False
    walks: bool = False
    held: bool = False

    def surfaces(self) -> Surfaces:
        """What this level's props add to the floor, by the name that `on` uses."""
        found = dict(FLOORS)
        wall, chair, desk, pillow = self.props.wall, self.props.chair, self.props.desk, self.props.pillow
        if wall is not None:
            found["wall"] = Wall(wall.x, wall.faces)
        if chair is not None:
            found |= {"chair": chair.seat, "backrest": chair.backrest}
        if desk is not None:
            found["desk"] = desk.top
        if pillow is not None:
            found["pillow"] = pillow.top
        return found


class PoseFile(Strict):
    """All levels of one exercise. A number instead of a level means: drawn like that one."""

    id: str
    levels: dict[int, Level | int]
