"""What stands around an exercise or is worn and held for it, as `props` of a level says it."""

from typing import Annotated, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from bot.pictures.contacts import STEPS, Backrest, Post, Round, Surface, Top, Wall

CHAIR_DEPTH: Final = 0.235
CHAIR_WIDTH: Final = 0.25
CHAIR_LEAN: Final = 97.0  # degrees of the backrest
HANDLE_OUT: Final = 0.026  # how far a door's handle stands off it


Hands = Literal["near", "far", "both"]
BallKind = Literal["soft", "tennis", "hard"]
# Across 15, 6.7 and 6.3 cm on a body of 170 cm.
BALL_RADIUS: Final[dict[BallKind, float]] = {"soft": 0.044, "tennis": 0.0197, "hard": 0.0185}
ROLLER_RADIUS: Final = 0.047  # 16 cm across


class Prop(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class WallAt(Prop):
    """`top`: how high it is drawn; lower beside somebody who lies, so that they are larger. `frame`: of a door."""

    x: float
    faces: Literal[-1, 1]
    top: float = 1.05
    frame: bool = False


class ChairAt(Prop):
    """`x` is the seat's rear edge, `faces` where it looks to; a chair that faces the viewer (0) has its middle there.

    A cushion lies on it, `height` is its top without it.
    """

    x: float
    height: float = 0.245
    cushion: float = 0
    faces: Literal[-1, 0, 1] = 1

    @property
    def seat(self) -> Top:
        if self.faces == 0:
            return Top(self.height + self.cushion, self.x - CHAIR_WIDTH / 2, self.x + CHAIR_WIDTH / 2)
        start, end = sorted((self.x, self.x + self.faces * CHAIR_DEPTH))
        return Top(self.height + self.cushion, start, end)

    @property
    def backrest(self) -> Backrest:
        lean = 90 + self.faces * (CHAIR_LEAN - 90)
        return Backrest(self.x + self.faces * 0.006, self.height, lean, self.faces)


class DeskAt(Prop):
    """From its near edge `x` to the right."""

    x: float
    width: float = 0.24
    height: float = 0.42

    @property
    def top(self) -> Top:
        return Top(self.height, self.x, self.x + self.width)


class PillowAt(Prop):
    """A firm pillow around (x, y), its lower middle; `turn` lays it along a sloping thigh."""

    x: float
    y: float
    width: float = 0.20
    height: float = 0.06
    turn: float = 0

    @property
    def top(self) -> Top:
        return Top(self.y + self.height, self.x - self.width / 2, self.x + self.width / 2)


class DoorAt(Prop):
    """A closed door to the right, seen from its edge; its handle is at half height, 105 cm on a body of 170 cm."""

    x: float
    handle: float = 0.618


class BoxAt(Prop):
    """A low box or step to put something on."""

    x: float
    width: float = 0.20
    height: float = 0.12

    @property
    def top(self) -> Top:
        return Top(self.height, self.x, self.x + self.width)


class FrameAt(Prop):
    """A door frame that somebody goes through to the right; seen from the front (`half`), towards the viewer."""

    x: float
    half: float | None = None  # as far as its posts stand on either side of x


class BandFor(Prop):
    """An exercise band around the door's handle, its ends in these hands."""

    hands: Hands = "both"
    strength: Literal["light", "strong"] = "light"


class BagIn(Prop):
    """A shopping bag in a fist: `left`, `right` seen from the front, `near`, `far` from the side."""

    hand: Literal["left", "right", "near", "far", "both"]
    heavy: bool = False


class TiedAt(Prop):
    """Tied to a wall's handle at this height and held in both hands; a towel does not stretch, it hangs when slack."""

    y: float
    kind: Literal["light", "strong", "towel"] = "light"


class StairsAt(Prop):
    """A flight that goes up to the right without end. The step at y = 0 ends at x = 0, `step_1` begins there."""

    rise: float = 0.102
    tread: float = 0.178
    rail: float = 0.47  # its height above the line along the steps' edges

    @property
    def steps(self) -> dict[str, Top]:
        """The steps that feet may stand on, by name."""
        names = enumerate(STEPS, start=1)
        return {name: Top(n * self.rise, (n - 1) * self.tread, n * self.tread) for n, name in names}


class RollerAt(Prop):
    """`at`: where its middle is while the hips are at 0, along the floor or up the wall; see `contacts.Round`."""

    at: float


class BallAt(RollerAt):
    """Between the body and a wall."""

    kind: BallKind


class Props(Prop):
    mat: bool = False
    stairs: StairsAt | None = None
    pillow: PillowAt | None = None
    wall: WallAt | None = None
    chair: ChairAt | None = None
    desk: DeskAt | None = None
    roller: RollerAt | None = None
    ball: BallAt | None = None
    towel: Literal["near", "far"] | None = None  # around the sole of this foot, its ends in both hands
    tied: TiedAt | None = None  # a band or towel from a handle on the wall, seen from the front
    loop: bool = False  # a small band around both thighs, seen from the front
    door: DoorAt | None = None
    frame: FrameAt | None = None
    box: BoxAt | None = None
    lifted: Annotated[float, Field(gt=0.08, lt=0.3)] | None = None  # a pack in both hands, so far below them
    band: BandFor | None = None
    backpack: bool = False
    stick: bool = False  # along the back, seen from the front in both fists; see `stick`
    bottle: Hands | None = None  # of water, in these hands
    bag: BagIn | None = None
    shoes: bool = False
    path: bool = False

    @model_validator(mode="after")
    def _hangs_on_a_door(self) -> Self:
        if self.band is not None and self.door is None:
            raise ValueError("a band wants a door to hang on")
        return self

    def surfaces(self) -> dict[str, Surface]:
        """What there is to touch, by the name that `on` uses."""
        found: dict[str, Surface] = {}
        if self.wall is not None:
            found["wall"] = Wall(self.wall.x, self.wall.faces, self.wall.top, self.wall.frame)
        if self.chair is not None:
            found |= {"chair": self.chair.seat, "backrest": self.chair.backrest}
        if self.box is not None:
            found["box"] = self.box.top
        if self.frame is not None:
            found["frame"] = Post(self.frame.x)
        if self.desk is not None:
            found["desk"] = self.desk.top
        if self.pillow is not None:
            found["pillow"] = self.pillow.top
        if self.stairs is not None:
            found |= self.stairs.steps
        if self.roller is not None:
            found["roller"] = self._round(self.roller.at, ROLLER_RADIUS)
        if self.ball is not None:
            found["ball"] = self._round(self.ball.at, BALL_RADIUS[self.ball.kind])
        return found

    def _round(self, at: float, radius: float) -> Round:
        if self.wall is None:
            return Round((at, radius), radius, upright=False)
        return Round((self.wall.x + radius * self.wall.faces, at), radius, upright=True)
