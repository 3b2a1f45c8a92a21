"""Where a member stands with an exercise, and the smaller places below it. Nothing here ever goes up."""

from dataclasses import dataclass

from bot.library.exercise import Exercise
from bot.library.quick import altered


@dataclass(frozen=True, slots=True)
class Place:
    level: int
    step: int  # dose step, from 1, the bottom of the band
    sets: int


def fit_place(place: Place, exercise: Exercise) -> Place:
    """The nearest place that the exercise really has, for places kept from older content."""
    return Place(
        level=min(max(place.level, 1), exercise.top_level),
        step=min(max(place.step, 1), exercise.top_step),
        sets=max(place.sets, 1),
    )


def lower_level(
    place: Place, tags: frozenset[str], exercise: Exercise, *, levels: int = 1, step: int = 1
) -> Place | None:
    """So many levels down, as far as they are allowed; None if there is no lower one."""
    lower = [level for level in exercise.allowed_levels(tags) if level < place.level]
    if not lower:
        return None
    wanted = max(place.level - levels, 1)
    level = max((level for level in lower if level <= wanted), default=lower[0])
    return Place(level=level, step=min(step, exercise.top_step), sets=place.sets)


def smaller_dose(place: Place) -> Place | None:
    """One dose step down; at the bottom one set less; None if it cannot get smaller on this level."""
    if place.step > 1:
        return altered(place, step=place.step - 1)
    return altered(place, sets=place.sets - 1) if place.sets > 1 else None


def reopened(place: Place, tags: frozenset[str], exercise: Exercise, levels: int) -> Place:
    """After a cleared emergency or urgent finding: lowest form or `levels` down, at the bottom of the band."""
    return lower_level(place, tags, exercise, levels=levels) or altered(place, step=1)
