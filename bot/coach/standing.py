"""Where a member stands after weeks (clinical rules 2.5, 5.2, 5.7): worse, not better, or calm enough for less.

All are offers, never a change of the programme. What is not known for long enough says nothing.
"""

from math import fsum

from bot.coach.derived import adherence_percent
from bot.coach.phase import phase_of
from bot.coach.records import History
from bot.library.screening import Episode
from bot.library.thresholds import Plateau, Thresholds

WEEK = 7
PLATEAU, MAINTENANCE = "plateau", "maintenance"
WORSE, NOT_BETTER = "worse", "not-better"
_EARLY = {Episode.ACUTE, Episode.SUBACUTE}


def find_standing(history: History, day: int, rules: Thresholds) -> str | None:
    """WORSE, NOT_BETTER, PLATEAU, MAINTENANCE or None, as known at the end of `day`."""
    return history.recall("standing", day, (rules,), lambda: _standing(history, day, rules))


def _standing(history: History, day: int, rules: Thresholds) -> str | None:
    weeks = week_means(history)
    if _is_good_enough(weeks, day, rules.plateau):
        return MAINTENANCE
    phase = phase_of(history.told, history.told_on, day, rules)
    now, then = weeks.get(_week(day) - 1), weeks.get(_week(day) - 1 - rules.template(phase).better_weeks)
    if now is None or then is None or now <= rules.plateau.maintenance_pain or _is_better(then, now, rules.plateau):
        return None
    if _is_worse(then, now, rules):
        return WORSE
    if phase in _EARLY:
        return NOT_BETTER
    return PLATEAU if _has_trained(history, day, rules) and not _activity_better(history, day, rules.plateau) else None


def _is_better(then: float, now: float, plateau: Plateau) -> bool:
    return then - now >= plateau.points or (then > 0 and 100 * (then - now) / then >= plateau.percent)


def _is_worse(then: float, now: float, rules: Thresholds) -> bool:
    """By so much that a practice should hear of it, however much was trained."""
    limits = rules.rescreening
    return now - then >= limits.worse_points and 100 * (now - then) >= limits.worse_percent * then


def _has_trained(history: History, day: int, rules: Thresholds) -> bool:
    """Enough for it to say something about the exercises that nothing moves."""
    adherence = adherence_percent(history, day, rules)
    return adherence is not None and adherence >= rules.plateau.adherence_percent


def week_means(history: History) -> dict[int, float]:
    """Mean pain by week: kept ones, and those that the days themselves tell."""
    values: dict[int, list[float]] = {}
    for record in history.days:
        known = [value for value in (record.morning, record.pain_before) if value is not None]
        values.setdefault(_week(record.day), []).extend(known)
    told = {week: fsum(pains) / len(pains) for week, pains in values.items() if pains}
    return {**{_week(day): pain for day, pain in history.weeks}, **told}


def _week(day: int) -> int:
    """Day 1 is a Monday, as in the calendar's day numbers."""
    return (day - 1) // WEEK


def _is_good_enough(weeks: dict[int, float], day: int, plateau: Plateau) -> bool:
    """Each of the last whole weeks is known, and calm."""
    last = [weeks.get(_week(day) - ago) for ago in range(1, plateau.maintenance_weeks + 1)]
    return all(pain is not None and pain <= plateau.maintenance_pain for pain in last)


def _activity_better(history: History, day: int, plateau: Plateau) -> bool:
    """The own activity goes better than weeks ago; who never told says nothing by it."""
    told = [(when, value) for when, value in history.own if when <= day]
    if not told:
        return False
    last, now = told[-1]
    then = next((value for when, value in reversed(told) if last - when >= (plateau.weeks - 1) * WEEK), None)
    return then is not None and now - then >= plateau.activity_points
