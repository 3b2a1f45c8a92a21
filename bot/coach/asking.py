"""Which one exercise of a session is asked "would two more have gone?": the one whose rise is nearest.

An exercise that has waited too long comes first, so that none is starved by another that is always a little nearer.
"""

from collections.abc import Sequence

from bot.coach.decision import Case, ambition_of, sessions_of
from bot.coach.disposition import may_rise
from bot.coach.lights import Light, Speed
from bot.coach.profile import disposition_of, equipment_of, is_careful, tags_of
from bot.coach.records import MOVES, Mode
from bot.coach.rising import Ambition, find_wait
from bot.coach.today import did


def ask_more_of(cases: Sequence[Case]) -> str | None:
    """None if a yes could raise nothing; on equal terms the exercise that comes first."""
    ambitions = [ambition_of(case, sessions_of(case)) for case in cases]
    able = [ambition for ambition in ambitions if _is_able(ambition)]
    nearest = min(able, key=_distance, default=None)
    return None if nearest is None else nearest.exercise.id


def _is_able(ambition: Ambition) -> bool:
    """Whether a yes today can lead to more of it one day; questions still open will have been answered by then."""
    return (
        ambition.mode is Mode.NORMAL
        and may_rise(disposition_of(ambition.profile, ambition.library))
        and ambition.speed is not Speed.HOLD
        and _has_next(ambition)
    )


def _has_next(ambition: Ambition) -> bool:
    exercise, place = ambition.exercise, ambition.place
    allowed = exercise.allowed_levels(tags_of(ambition.profile, ambition.library))
    higher = place.level + 1 in allowed and equipment_of(ambition.profile).issuperset(
        exercise.get_level(place.level + 1).equipment
    )
    return place.step < exercise.top_step or higher or place.sets < exercise.sets


def _distance(ambition: Ambition) -> tuple[bool, bool, int, int]:
    """Blocked ones last; then those that have waited too long; fewest missing goods; longest since its last change."""
    since = _last_change(ambition)
    waited = ambition.moment.day - since >= ambition.library.thresholds.rising.waits_days
    return find_wait(ambition) is not None, not waited, _missing(ambition), since


def _last_change(ambition: Ambition) -> int:
    """The day of its last change, or the first on which it was done: waiting begins with that."""
    moved = [change.day for change in ambition.changes if change.change in MOVES and change.declined_on is None]
    if moved:
        return moved[-1]
    own = ambition.exercise.id
    met = (record.day for record in ambition.history.days_with(own) if did(record, own))
    return next(met, ambition.moment.day)


def _missing(ambition: Ambition) -> int:
    """How many good sessions after today's a rise still wants; a red one has to leave the window first."""
    rising = ambition.library.thresholds.rising
    careful = is_careful(ambition.profile, ambition.library)
    wanted, window = (rising.careful_good, rising.careful_window) if careful else (rising.good, rising.window)
    last = ambition.sessions[-(window - 1) :]
    good = sum(entry.is_good for entry in last)
    red = max((number for number, entry in enumerate(last, start=1) if entry.light is Light.RED), default=0)
    return max(wanted - 1 - good, red, 0)
