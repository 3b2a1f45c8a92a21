"""What a home may lack: asked only when the plan's next exercise, or the next form of one, would need it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from bot.coach.place import Place
from bot.coach.profile import Profile, tags_of
from bot.coach.programme import next_exercise
from bot.dialogue.history import places_of, profile_of
from bot.dialogue.member import Known
from bot.library.exercise import HOUSEHOLD, Equipment
from bot.library.library import Library


def wanted_equipment(known: Known, library: Library, day: date) -> tuple[str, ...]:
    """All things beyond the household the exercises know, if what comes next is something that needs some."""
    profile, places = profile_of(known, library, day), places_of(known)
    if _next_exercise_wants(frozenset(places), profile, library) or _next_form_wants(places, profile, library):
        return things(library)
    return ()


def _next_exercise_wants(have: frozenset[str], profile: Profile, library: Library) -> bool:
    plain = next_exercise(have, profile, library, acute_settled=False)
    equipped = replace(profile, equipment=frozenset(Equipment))
    full = next_exercise(have, equipped, library, acute_settled=False)
    return full is not None and (plain is None or full.exercise != plain.exercise)


def _next_form_wants(places: Mapping[str, Place], profile: Profile, library: Library) -> bool:
    """Whether an exercise is at the top of its band and its next form wants something not every home has."""
    tags = tags_of(profile, library)
    for name, place in places.items():
        exercise = library.exercises.get(name)
        if exercise is None or place.step < exercise.top_step or place.level + 1 not in exercise.allowed_levels(tags):
            continue
        if set(exercise.get_level(place.level + 1).equipment) - HOUSEHOLD:
            return True
    return False


def things(library: Library) -> tuple[str, ...]:
    used = {thing for exercise in library.exercises.values() for thing in exercise.things()}
    return tuple(thing.value for thing in Equipment if thing in used - HOUSEHOLD)
