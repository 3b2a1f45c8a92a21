"""The fold of decisions into the programme: where each exercise stands, since when, and whether it rests."""

from bot.dialogue.facts import ROTATE, START, Decided
from bot.dialogue.member import Placed
from bot.library.quick import altered


def placed(programme: tuple[Placed, ...], decided: Decided, day: str) -> tuple[Placed, ...]:
    """The programme after a decision of this ISO day."""
    old = next((place for place in programme if place.exercise == decided.exercise), None)
    if old is None:
        return (*programme, _new(decided, day))
    moved = _moved(old, decided, day)
    if decided.change == ROTATE:
        moved = altered(moved, rests=day, rested_by=decided.rule)
    elif decided.change == START and old.rests is not None:
        moved = altered(moved, since=day, rests=None, rested_by="")
    return tuple(moved if place.exercise == decided.exercise else place for place in programme)


def _new(decided: Decided, day: str) -> Placed:
    return Placed(
        exercise=decided.exercise,
        level=decided.level,
        dose_step=decided.dose_step,
        sets=decided.sets,
        since=day,
    )


def _moved(old: Placed, decided: Decided, day: str) -> Placed:
    level_moved = old.level != decided.level
    dose_moved = level_moved or old.dose_step != decided.dose_step or old.sets != decided.sets
    return altered(
        old,
        level=decided.level,
        dose_step=decided.dose_step,
        sets=decided.sets,
        level_since=day if level_moved else old.level_since,
        dose_since=day if dose_moved else old.dose_since,
        level_from=old.level if level_moved else old.level_from,
    )
