"""/grenzen: what a physiotherapist told to leave out, asked with what the content holds and the member has."""

from bot.dialogue.conversation import Ended
from bot.dialogue.flows.limits import LIMITS, LimitsStart
from bot.dialogue.history import in_turn
from bot.dialogue.telling import first, open_beside
from bot.dialogue.turn import Draft
from bot.library.exercise import Category


def begin_limits(draft: Draft) -> list[Ended]:
    """The safety questions come first; under a lock nothing is trained anyway, and a limit may still be told."""
    before = first(draft)
    return open_beside(draft, LIMITS, limits_start(draft)) if before is None else before


def limits_start(draft: Draft) -> LimitsStart:
    known, library = draft.member.known, draft.kit.library
    current = [exercise for exercise in library.exercises.values() if exercise.replaced_by is None]
    kinds = [(kind.value, tuple(each.id for each in current if each.category is kind)) for kind in Category]
    own = [exercise for exercise in in_turn(known) if exercise in library.exercises]
    return LimitsStart(
        kinds=tuple((name, ids) for name, ids in kinds if ids),
        forms=tuple((exercise, library.exercises[exercise].top_level) for exercise in own),
        limits=known.limits,
    )
