"""Two pictures to choose from: one exercise that moves and one that strengthens, both fit for this member."""

from datetime import date

from bot.coach.profile import equipment_of, load_limit, tags_of
from bot.coach.programme import is_ordinary, start_order
from bot.dialogue.flows.portion_taste import Taste
from bot.dialogue.history import profile_of
from bot.dialogue.member import Known
from bot.library.exercise import Category
from bot.library.library import Library

_SIDES = (frozenset({Category.MOBILISE, Category.STRETCH}), frozenset({Category.STRENGTHEN, Category.STABILISE}))


def taste_pair(known: Known, library: Library, day: date) -> tuple[Taste, ...]:
    """The two, or nothing where the content has no such pair for this member."""
    profile = profile_of(known, library, day)
    tags, limit = tags_of(profile, library), load_limit(profile, library)
    found: list[Taste] = []
    for side in _SIDES:
        fitting = [
            exercise
            for exercise in library.exercises.values()
            if exercise.category in side
            and exercise.replaced_by is None
            and is_ordinary(exercise)
            and exercise.load != "W"
            and exercise.load <= limit
            and exercise.allowed_levels(tags)
            and equipment_of(profile).issuperset(exercise.equipment)
        ]
        chosen = min(fitting, key=lambda exercise: start_order(exercise, library), default=None)
        if chosen is None:
            return ()
        found.append(Taste(exercise=chosen.id, level=chosen.allowed_levels(tags)[0], likes=chosen.category.value))
    return tuple(found)
