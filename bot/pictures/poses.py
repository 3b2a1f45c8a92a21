"""The YAML of `content/poses/`: contacts, wishes and marks of every phase, read into strict models.

Sided keys: `knee` means both sides, `knee.near` one; they are expanded here, so nobody else has to know.
"""

from collections.abc import Collection, Mapping
from typing import Annotated, Any, Final, Literal, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from bot.pictures.contacts import COMPOUND, FLOORS, MIDLINE, STRETCH, Surfaces
from bot.pictures.measures import MEASURES
from bot.pictures.muscles import MUSCLES
from bot.pictures.props import Props
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
    shrug: Annotated[float, Field(ge=0, le=0.04)] | None = None  # how far the shoulders are drawn up

    @property
    def build(self) -> dict[str, float]:
        """What no joint moves; see `skeleton.place`."""
        moved = {"belly": self.belly, "shrug": self.shrug}
        return self.shorten | {name: value for name, value in moved.items() if value is not None}


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


class Level(Strict):
    """One rung of the ladder. Without a tempo it has no film; a portrait shows the upper body.

    What `walks` goes on instead of back: after the last phase the same with the sides swapped, `there` and `back` are
    the two steps. Its last phase is its first one with the sides swapped, a step further. On stairs the arms keep
    their sides, because the rail does.

    A `flow` of three poses rests in each one; its film goes through them and from the last back to the first.

    What is `held` is a rest: its still shows the last phase alone, its film only breathes.
    """

    props: Props = Props(mat=True)
    phases: tuple[Phase, ...] = Field(min_length=1, max_length=3)
    tempo: Tempo | None = None
    portrait: bool = False
    walks: bool = False
    held: bool = False
    flow: bool = False

    @model_validator(mode="after")
    def _flows_through_three(self) -> Self:
        if self.flow and len(self.phases) != 3:
            raise ValueError("a flow has three phases")
        return self

    def surfaces(self) -> Surfaces:
        """What this level's props add to the floor, by the name that `on` uses."""
        return {**FLOORS, **self.props.surfaces()}


class PoseFile(Strict):
    """All levels of one exercise. A number instead of a level means: drawn like that one."""

    id: str
    levels: dict[int, Level | int]
