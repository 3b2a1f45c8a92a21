"""What an operator lets the coach do with exercises: adapt them, keep a fixed programme, or have none at all."""

from dataclasses import replace
from enum import StrEnum

from bot.coach.decision import Decision
from bot.coach.place import Place
from bot.coach.records import RISES, Change


class Exercises(StrEnum):
    """`FIXED`: nothing grows by itself; what is safer still comes. `OFF`: all but exercises remains."""

    ADAPTIVE = "adaptive"
    FIXED = "fixed"
    OFF = "off"

    @property
    def grow(self) -> bool:
        """Whether anything may get more, or join, without the member's own choice."""
        return self is Exercises.ADAPTIVE


def held(decision: Decision, place: Place, exercises: Exercises) -> Decision:
    """A rise becomes a stay where nothing grows; `place` is where the exercise stands. All else is as decided."""
    if exercises.grow or decision.change not in RISES:
        return decision
    return replace(decision, change=Change.HOLD, rule="R_HOLD", cause="fixed", place=place, levels=0)
