"""An exercise as clinicians write it: ladder, dose band, who must not do it. Ids only; texts live in the catalogs."""

from enum import StrEnum
from typing import Annotated, Literal, Self, TypeAlias

from pydantic import Field, model_validator

from bot.library.entry import Entry, ExerciseId, Review, SourceKey, TagId, TextKey
from bot.library.limits import Movement, is_limit, levels_within

Load: TypeAlias = Literal[0, 1, 2, 3, "W"]
LevelNumber: TypeAlias = Annotated[int, Field(ge=1, le=6)]


class Category(StrEnum):
    MOBILISE = "mobilise"
    STABILISE = "stabilise"
    STRENGTHEN = "strengthen"
    STRETCH = "stretch"
    RELAX = "relax"
    WALK = "walk"
    MIND_BODY = "mind-body"
    DESK_BREAK = "desk-break"


class Unit(StrEnum):
    REPS = "reps"
    REPS_SIDE = "reps_side"
    SECONDS = "sec"
    SECONDS_SIDE = "sec_side"
    MINUTES = "min"
    METRES = "metres"
    INTERVALS = "intervals"
    FLOORS = "floors"


HELD = frozenset({Unit.SECONDS, Unit.SECONDS_SIDE})


class Equipment(StrEnum):
    MAT = "mat"
    CHAIR = "chair"
    WALL = "wall"
    DOORFRAME = "doorframe"
    TOWEL = "towel"
    SHOES = "shoes"
    STAIRS = "stairs"
    BAG = "bag"
    STICK = "stick"
    BAND = "band"
    BACKPACK = "backpack"
    ROLLER = "roller"
    BALL = "ball"


# A blanket is a mat and a broom is a stick: whoever says "no equipment" still has these at home.
HOUSEHOLD = frozenset(
    {
        Equipment.MAT,
        Equipment.CHAIR,
        Equipment.WALL,
        Equipment.DOORFRAME,
        Equipment.TOWEL,
        Equipment.SHOES,
        Equipment.STAIRS,
        Equipment.BAG,
        Equipment.STICK,
    }
)


class Tempo(Entry):
    """Seconds of one repetition; a held exercise has only `hold`, and its band says how long."""

    up: Annotated[float, Field(ge=0, le=20)] = 0
    hold: Annotated[float, Field(ge=0, le=60)] = 0
    down: Annotated[float, Field(ge=0, le=20)] = 0

    @property
    def seconds(self) -> float:
        return self.up + self.hold + self.down


class Skip(Entry):
    """Who must leave this exercise out. With `levels_allowed` these levels remain, without it none."""

    tag: TagId
    levels_allowed: tuple[LevelNumber, ...] = ()
    reason: TextKey  # the text is skip/<reason>


class Need(Entry):
    """What must be reached before a level: another exercise's level, a hold, or a calm back for some days."""

    exercise: ExerciseId | None = None
    level: LevelNumber | None = None
    hold_seconds: Annotated[int, Field(ge=1, le=300)] | None = None
    usual_pain_at_most: Annotated[int, Field(ge=0, le=10)] | None = None
    for_days: Annotated[int, Field(ge=1, le=60)] | None = None

    @model_validator(mode="after")
    def _one_whole_thing(self) -> Self:
        ladder = self.exercise is not None and (self.level is None) != (self.hold_seconds is None)
        calm = self.usual_pain_at_most is not None and self.for_days is not None
        ladder_given = (self.exercise, self.level, self.hold_seconds) != (None, None, None)
        calm_given = (self.usual_pain_at_most, self.for_days) != (None, None)
        if (ladder_given, calm_given) not in {(ladder, False), (False, calm)} or not (ladder or calm):
            raise ValueError("name an exercise with level or hold_seconds, or usual_pain_at_most with for_days")
        return self


class Level(Entry):
    """A form. Its `equipment` comes on top of the exercise's; the first form has none of its own."""

    level: LevelNumber
    picture: Annotated[str, Field(pattern=r"^[a-z0-9-]+/[1-6]$")]
    equipment: tuple[Equipment, ...] = ()
    needs: tuple[Need, ...] = ()

    @model_validator(mode="after")
    def _first_form_wants_no_more(self) -> Self:
        if self.level == 1 and self.equipment:
            raise ValueError("what the first form wants stands under the exercise's own equipment")
        return self


class Alternative(Entry):
    """What to offer instead: by tag if it helps only those, at a level if only that one fits."""

    exercise: ExerciseId
    level: LevelNumber | None = None
    tags: tuple[TagId, ...] = ()


class Exercise(Entry):
    id: ExerciseId
    category: Category
    load: Load
    unit: Unit
    band: Annotated[tuple[Annotated[int, Field(ge=1, le=600)], ...], Field(min_length=1)]
    sets: Annotated[int, Field(ge=1, le=6)]
    max_per_week: Annotated[int, Field(ge=1, le=42)]
    equipment: tuple[Equipment, ...]
    muscles: Annotated[tuple[TextKey, ...], Field(min_length=1)]  # the text is muscle/<key>
    tempo: Tempo
    moves: tuple[Movement, ...] = ()  # what a practice may forbid as a movement
    skip: tuple[Skip, ...]
    levels: Annotated[tuple[Level, ...], Field(min_length=1)]
    alternatives: tuple[Alternative, ...] = ()
    shown_first: bool = False  # only for whom somebody has shown it to
    sources: Annotated[tuple[SourceKey, ...], Field(min_length=1)]
    reviewed: Review | None
    replaced_by: ExerciseId | None = None

    @property
    def top_level(self) -> int:
        return len(self.levels)

    @property
    def top_step(self) -> int:
        return len(self.band)

    def amount(self, step: int) -> int:
        """Repetitions, seconds or minutes of a dose step; steps count from 1, the bottom of the band."""
        return self.band[step - 1]

    def get_level(self, level: int) -> Level:
        """Raises IndexError for a level the ladder does not have."""
        if level < 1:
            raise IndexError(level)
        return self.levels[level - 1]

    def things(self) -> frozenset[Equipment]:
        """All that any of its forms wants."""
        return frozenset(self.equipment).union(*(level.equipment for level in self.levels))

    def find_skip(self, tags: frozenset[str]) -> Skip | None:
        """The first rule that takes the whole exercise from someone with these tags."""
        return next((rule for rule in self.skip if rule.tag in tags and not rule.levels_allowed), None)

    def allowed_levels(self, tags: frozenset[str]) -> tuple[int, ...]:
        """The levels that remain for someone with these tags and own limits; empty means: leave the exercise out."""
        levels = tuple(range(1, self.top_level + 1))
        for rule in self.skip:
            if rule.tag in tags:
                levels = tuple(level for level in levels if level in rule.levels_allowed)
        limits = [tag for tag in tags if is_limit(tag)]
        return levels_within(limits, self.id, self.moves, levels) if limits else levels

    def text_ids(self) -> tuple[str, ...]:
        """Every catalog entry this exercise needs; `alt-<n>` describes level n's picture to whoever does not see it."""
        stem = f"exercise/{self.id}"
        per_level = (
            f"{stem}/{kind}"
            for n in range(1, self.top_level + 1)
            for kind in (f"level-{n}/name", f"level-{n}/how", f"alt-{n}")
        )
        skips = (f"skip/{rule.reason}" for rule in self.skip)
        muscles = (f"muscle/{key}" for key in self.muscles)
        return (f"{stem}/name", f"{stem}/cue", f"{stem}/mistake", *per_level, *skips, *muscles)
