"""What screening decides, which decision outweighs which, and what each forbids to be sent."""

from collections.abc import Iterable
from enum import StrEnum

from bot.library.screening import Disposition

__all__ = ["Disposition", "Kind", "forbids", "forbids_exercise", "gravity", "max_load", "may_rise", "worst"]


class Kind(StrEnum):
    """What a message or appointment is about, as far as a lock asks."""

    EXERCISE = "exercise"
    SESSION = "session"
    PLAN = "plan"
    DESK_BREAK = "desk_break"
    CHALLENGE = "challenge"
    CARD = "card"
    WALKING = "walking"


# The gravest first. Under-18s with an emergency hear about 112 first, so not_served stands below what cannot wait.
_ORDER = (
    Disposition.EMERGENCY,
    Disposition.CRISIS,
    Disposition.URGENT,
    Disposition.NOT_SERVED,
    Disposition.DOCTOR_FIRST,
    Disposition.DOCTOR_SOFT,
    Disposition.CAUTION,
    Disposition.GO,
)

_TRAINING = frozenset({Kind.EXERCISE, Kind.SESSION, Kind.PLAN, Kind.DESK_BREAK, Kind.CHALLENGE})
_FORBIDDEN = {
    Disposition.EMERGENCY: frozenset(Kind),
    Disposition.CRISIS: frozenset(Kind),
    Disposition.URGENT: frozenset(Kind),
    Disposition.NOT_SERVED: frozenset(Kind),
    Disposition.DOCTOR_FIRST: _TRAINING,  # not a wall: cards and walking talk stay
}


def gravity(disposition: Disposition) -> int:
    """Higher outweighs lower; go is 0."""
    return len(_ORDER) - 1 - _ORDER.index(disposition)


def worst(dispositions: Iterable[Disposition]) -> Disposition:
    """The gravest of them; go if there is none."""
    return max(dispositions, key=gravity, default=Disposition.GO)


def forbids(disposition: Disposition) -> frozenset[Kind]:
    """What must neither leave nor stay in the outbox; texts of the disposition itself have no kind and always leave."""
    return _FORBIDDEN.get(disposition, frozenset())


def forbids_exercise(disposition: Disposition) -> bool:
    return Kind.EXERCISE in forbids(disposition)


def may_rise(disposition: Disposition) -> bool:
    """Only go and caution let a dose or level go up; doctor_soft keeps it until someone has looked."""
    return disposition in {Disposition.GO, Disposition.CAUTION}


def max_load(disposition: Disposition, *, soft_open: bool, soft_load: int) -> int:
    """The heaviest exercise allowed. `soft_open`: a soft question waits for its answer and counts as a yes to loads."""
    if forbids_exercise(disposition):
        return -1
    return soft_load if soft_open or disposition is Disposition.DOCTOR_SOFT else 3
