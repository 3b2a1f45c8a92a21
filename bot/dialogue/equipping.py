"""What a home may lack: asked only when the plan's next exercise would need it."""

from dataclasses import replace

from bot.coach.programme import next_exercise
from bot.dialogue.history import places_of, profile_of
from bot.dialogue.member import Known
from bot.library.exercise import HOUSEHOLD, Equipment
from bot.library.library import Library


def wanted_equipment(known: Known, library: Library) -> tuple[str, ...]:
    """All things beyond the household the exercises know, if the next exercise is one that needs some; else nothing."""
    profile, have = profile_of(known, library), frozenset(places_of(known))
    plain = next_exercise(have, profile, library, acute_settled=False)
    equipped = replace(profile, equipment=frozenset(Equipment))
    full = next_exercise(have, equipped, library, acute_settled=False)
    if full is None or (plain is not None and full.exercise == plain.exercise):
        return ()
    return things(library)


def things(library: Library) -> tuple[str, ...]:
    used = {thing for exercise in library.exercises.values() for thing in exercise.equipment}
    return tuple(thing.value for thing in Equipment if thing in used - HOUSEHOLD)
