"""The four kinds a day is mixed from (clinical rules 5.6), and how many of each a full programme has in mind."""

from collections import Counter
from collections.abc import Iterable, Mapping
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType

from bot.library.exercise import Category, Exercise
from bot.library.library import Library
from bot.library.thresholds import Thresholds


class Kind(StrEnum):
    MOVE = "move"
    HOLD = "hold"
    STRENGTH = "strength"
    CALM = "calm"


_KINDS = {
    Category.MOBILISE: Kind.MOVE,
    Category.STRETCH: Kind.MOVE,
    Category.STABILISE: Kind.HOLD,
    Category.STRENGTHEN: Kind.STRENGTH,
    Category.RELAX: Kind.CALM,
    Category.MIND_BODY: Kind.CALM,
}


def kind_of(exercise: Exercise) -> Kind | None:
    """None for walks and desk breaks, which are in no day's mix."""
    return _KINDS.get(exercise.category)


def shares_of(rules: Thresholds) -> dict[Kind, int]:
    """How many exercises of each kind are in turn at a time."""
    rotation = rules.rotation
    return {
        Kind.MOVE: rotation.move,
        Kind.HOLD: rotation.hold,
        Kind.STRENGTH: rotation.strength,
        Kind.CALM: rotation.calm,
    }


def counted(exercises: Iterable[str], library: Library) -> Mapping[Kind | None, int]:
    """How many there are of each kind; none of a kind that is not among them."""
    return _counted(tuple(exercises), library)


@lru_cache(maxsize=512)
def _counted(exercises: tuple[str, ...], library: Library) -> Mapping[Kind | None, int]:
    """Of a programme each exercise that may join asks for it, and programmes last."""
    return MappingProxyType(Counter(kind_of(library.exercises[exercise]) for exercise in exercises))
