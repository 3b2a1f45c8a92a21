"""How much of an exercise a smaller day holds (clinical rules 5.5, 5.7): fewer sets, then fewer repetitions or seconds.

Volume is sets times repetitions, seconds or minutes. The form stays; nothing here ever goes up.
"""

from dataclasses import dataclass

from bot.coach.gate import Gate
from bot.coach.place import Place
from bot.library.exercise import Exercise


@dataclass(frozen=True, slots=True)
class Share:
    """What a day holds of a place. `amount` may lie below the band where even its bottom is too much today."""

    step: int
    sets: int
    amount: int

    @property
    def volume(self) -> int:
        return self.sets * self.amount


def within_amount(exercise: Exercise, place: Place, share: Share, amount: int | None) -> Share:
    """The share, where the day has room for a part of one set only; kept on the step that this part really is."""
    if amount is None or share.volume <= amount:
        return share
    step = max((step for step in range(1, place.step + 1) if exercise.amount(step) <= amount), default=1)
    return Share(step=step, sets=1, amount=amount)


def share_of(exercise: Exercise, place: Place, gate: Gate) -> Share:
    """The most that the gate lets through; of two ways to the same volume the one with fewer sets.

    One repetition is the least: what cannot get smaller than that stays.
    """
    most_sets = max(1, place.sets - gate.sets_less)
    allowed = place.sets * exercise.amount(place.step) * gate.volume_percent // 100
    ways = [
        Share(step, sets, exercise.amount(step))
        for sets in range(1, most_sets + 1)
        for step in range(1, place.step + 1)
    ]
    fitting = [way for way in ways if way.volume <= allowed]
    if not fitting:
        return Share(step=1, sets=1, amount=max(1, allowed))
    return max(fitting, key=lambda way: (way.volume, -way.sets))
