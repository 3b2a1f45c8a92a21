"""The YAML of `content/poses/`: contacts, wishes and marks of every phase, read into strict models.

Sided keys: `knee` means both sides, `knee.near` one; they are expanded here, so nobody else has to know.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from bot.pictures.contacts import FLOORS, Surfaces, kept
from bot.pictures.names import both_sides, one_of, seen_alike
from bot.pictures.props import Props
from bot.pictures.skeleton import HALFWAY, View
from bot.pictures.views import RIGS, SEEN, Rig

Landmark = Annotated[str, one_of("landmark")]
Joints = Annotated[dict[str, float], both_sides("joint")]
ByLandmark = both_sides("landmark")
# null takes away what the base pose says
Places = Annotated[dict[str, float | None], ByLandmark]
Shift = tuple[float, float]
Foot = Literal["front", "hanging", "edge", "side", "heel", "behind", "crossed"]


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

    view: View = "side"  # first, because it says what the other fields' names mean
    start: Joints = {}
    joints: Joints = {}
    on: Annotated[dict[str, str | None], both_sides("part")] = {}
    above: Annotated[dict[str, str | None], ByLandmark] = {}
    touch: Annotated[dict[str, Annotated[Spot, BeforeValidator(_as_spot)] | None], ByLandmark] = {}
    x: Places = {}
    y: Places = {}
    direction: Annotated[dict[str, float | None], both_sides("direction")] = {}
    line: tuple[Landmark, Landmark, Landmark] | None = None  # the middle one lies between the two others
    shorten: Annotated[dict[str, float], both_sides("shortened")] = {}
    # the same in the middle of the way to this pose, of what swings past the viewer
    halfway: Annotated[dict[str, float], both_sides("shortened")] = {}
    nearer: Annotated[dict[str, float], both_sides("hand")] = {}  # seen from the front: how much larger a hand looks
    hands: Annotated[
        dict[
            str,
            Literal[
                "flat", "resting", "relaxed", "fist", "under", "through", "laid", "across", "inward", "turned_fist"
            ],
        ],
        both_sides("hand"),
    ] = {}
    tilt: float | None = None
    look: float | None = None
    balanced: bool = False
    belly: Annotated[float, Field(ge=-0.02, le=0.04)] | None = None  # how far a breath lifts it
    physique: Annotated[dict[str, float], Field(max_length=0)] = {}  # no author's business: see `worn_by`
    shrug: Annotated[float, Field(ge=0, le=0.04)] | None = None  # how far the shoulders are drawn up
    # seen from the front: degrees that these are turned to the picture's right, and what lies behind the trunk
    turned: dict[Literal["pelvis", "chest", "face"], Annotated[float, Field(ge=-90, le=90)]] = {}
    feet: Annotated[dict[str, Foot], both_sides("foot")] = {}
    behind: tuple[Annotated[str, one_of("limb")], ...] = ()
    from_behind: bool = False  # the front view of somebody who turns their back

    @property
    def rig(self) -> Rig:
        return RIGS[self.view]

    @property
    def build(self) -> dict[str, float]:
        """What no joint moves; see `skeleton.place`."""
        moved = {"belly": self.belly, "shrug": self.shrug, **{str(part): at for part, at in self.turned.items()}}
        own = {name: value for name, value in moved.items() if value is not None}
        near = {name.replace("hand", "nearer"): share for name, share in self.nearer.items()}
        halfway = {HALFWAY + part: share for part, share in self.halfway.items()}
        drop = {part.replace("foot", "drop"): 1.0 for part, foot in self.feet.items() if foot == "hanging"}
        return {**self.shorten, **halfway, **self.physique, **near, **drop, **own}

    def worn_by(self, physique: Mapping[str, float]) -> Self:
        """The same for a fuller body; what it lies on presses its front flat."""
        lies = any(part.startswith(("front", "left", "right")) for part in kept(self.on))
        return self.model_copy(update={"physique": {} if lies else dict(physique)})

    @property
    def shapes(self) -> dict[str, str]:
        """What hands and feet look like, and which limbs are behind the trunk; see `views.draw_figure`."""
        seen = {SEEN: "back"} if self.from_behind else {}
        return {**self.hands, **self.feet, **dict.fromkeys(self.behind, "behind"), **seen}


class Arrow(Strict):
    """Its direction is never written down: `move` follows a landmark, `turn` a part, from phase to phase.

    `press`: a part that lies on the floor is pressed down without moving.
    `step`: a foot that lifts or stands nearer, seen from the front, comes to the viewer.
    `sway`: a part goes to and fro about a joint (`about`), of which a flow shows one end; `along`: towards it and away.
    """

    view: View = "side"
    move: Landmark | None = None
    against: Landmark | None = None  # another landmark, where the whole body moves too
    turn: Literal["trunk", "pelvis", "chest", "face", "arm.near", "arm.far", "arm.left", "arm.right"] | None = None
    press: Landmark | None = None
    step: Landmark | None = None
    sway: Landmark | None = None
    about: Landmark | None = None
    along: bool = False
    gap: float = 0.03
    length: float = 0.09
    shift: Shift = (0, 0)
    upon: bool = False  # of a pelvis that turns: the arc lies on it, where hands or a chair are in front of it
    over: bool = False  # on its way it comes to the viewer and leaves again
    in_lens: bool = False


class Region(Strict):
    """A numbered place on the body: an oval around a point of the trunk or a leg, its number in a column beside."""

    view: View = "front"
    part: Literal["trunk", "thigh", "shank"]
    side: Literal["left", "right"] = "left"  # in the picture
    at: float
    across: Annotated[float, Field(ge=-1, le=1)] = 0  # 1 is the outer side
    length: Annotated[float, Field(gt=0, le=0.3)]
    width: Annotated[float, Field(gt=0, le=0.3)]
    label: Literal["left", "right"]


class Lens(Strict):
    """Enlarges a movement that is too small to see, at a fixed height so that phases can be compared."""

    view: View = "side"
    at: Landmark
    height: float


class Phase(Wishes):
    """One numbered pose of an exercise, with what is drawn on it and what must be true of it."""

    base: str
    hold: tuple[str, ...] = ()
    moving: bool = False
    works: tuple[Annotated[str, one_of("muscle")], ...] = ()
    stretch: tuple[Annotated[str, one_of("muscle")], ...] = ()
    arrows: Annotated[tuple[Arrow, ...], seen_alike] = Field(default=(), max_length=4)  # two, or two on either side
    align: tuple[Landmark, Landmark] | None = None
    show_gap: bool = False
    lens: Annotated[Lens | None, seen_alike] = None
    breath: Literal["in", "out"] | None = None
    regions: Annotated[tuple[Region, ...], seen_alike] = ()
    expect: Annotated[dict[str, tuple[float, float]], both_sides("measure")] = {}
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

    A `flow` of three to six poses rests in each one; its film goes through them and from the last back to the first.
    A pose of it may be seen from another side than the rest.

    What is `held` is a rest: its still shows the last phase alone, its film only breathes.

    `from_above` looks down at somebody who lies: the front view on a mat that fills the picture, without a floor.

    `beside`: how the first pose looks from another side, in a small picture.

    `overhead`: a small round picture beside it looks down on head, arms and what they hold, see `overhead`.
    """

    view: View = "side"
    props: Props = Props(mat=True)
    phases: Annotated[tuple[Phase, ...], seen_alike] = Field(min_length=1, max_length=6)
    tempo: Tempo | None = None
    portrait: bool = False
    walks: bool = False
    held: bool = False
    flow: bool = False
    from_above: bool = False
    overhead: bool = False
    beside: Annotated[Phase | None, seen_alike] = None

    @model_validator(mode="after")
    def _is_a_front_view_from_above(self) -> Self:
        if self.from_above and (self.view != "front" or not self.props.mat):
            raise ValueError("from above is the front view, on a mat")
        return self

    @model_validator(mode="after")
    def _fits_a_picture(self) -> Self:
        if self.flow and len(self.phases) < 3:
            raise ValueError("a flow has at least three phases")
        if not self.flow and len(self.phases) > 3:
            raise ValueError("more than three phases are a flow")
        if not self.flow and any(phase.view != self.view for phase in self.phases):
            raise ValueError("phases of one movement are seen from one side")
        return self

    @property
    def from_beside(self) -> "Level | None":
        """The first pose from its other side, as a level of its own; from the front a chair faces the viewer."""
        if self.beside is None:
            return None
        chair = self.props.chair
        turned = None if chair is None else chair.model_copy(update={"x": 0.0, "faces": 0})
        props = Props(mat=self.props.mat, chair=turned)
        return Level(view=self.beside.view, phases=(self.beside,), props=props)

    def worn_by(self, physique: Mapping[str, float]) -> Self:
        """The same level for somebody of another build."""
        return self.model_copy(update={"phases": tuple(phase.worn_by(physique) for phase in self.phases)})

    def surfaces(self) -> Surfaces:
        """What this level's props add to the floor, by the name that `on` uses."""
        return {**FLOORS, **self.props.surfaces()}


class PoseFile(Strict):
    """All levels of one exercise. A number instead of a level means: drawn like that one."""

    id: str
    levels: dict[int, Level | int]
