"""Where a member stands after weeks (clinical rules 5.7): it does not move, or it is good enough to keep with less.

Both are offers, never a change of the programme. What is not known for long enough says nothing.
"""

from statistics import mean

from bot.coach.derived import adherence_percent
from bot.coach.records import History
from bot.library.thresholds import Plateau, Thresholds

WEEK = 7
PLATEAU, MAINTENANCE = "plateau", "maintenance"


def find_standing(history: History, day: int, rules: Thresholds) -> str | None:
    """PLATEAU, MAINTENANCE or None, as known at the end of `day`."""
    return history.recall("standing", day, (rules,), lambda: _standing(history, day, rules))


def _standing(history: History, day: int, rules: Thresholds) -> str | None:
    weeks = week_means(history)
    if _is_good_enough(weeks, day, rules.plateau):
        return MAINTENANCE
    return PLATEAU if _does_not_move(weeks, history, day, rules) else None


def week_means(history: History) -> dict[int, float]:
    """Mean pain by week: kept ones, and those that the days themselves tell."""
    values: dict[int, list[float]] = {}
    for record in history.days:
        known = [value for value in (record.morning, record.pain_before) if value is not None]
        values.setdefault(_week(record.day), []).extend(known)
    told = {week: mean(pains) for week, pains in values.items() if pains}
    return {**{_week(day): pain for day, pain in history.weeks}, **told}


def _week(day: int) -> int:
    """Day 1 is a Monday, as in the calendar's day numbers."""
    return (day - 1) // WEEK


def _is_good_enough(weeks: dict[int, float], day: int, plateau: Plateau) -> bool:
    """Each of the last whole weeks is known, and calm."""
    last = [weeks.get(_week(day) - ago) for ago in range(1, plateau.maintenance_weeks + 1)]
    return all(pain is not None and pain <= plateau.maintenance_pain for pain in last)


def _activity_moved(history: History, day: int, plateau: Plateau) -> bool:
    """The own activity goes better or worse than weeks ago; who never told says nothing by it."""
    told = [(when, value) for when, value in history.own if when <= day]
    if not told:
        return False
    last, now = told[-1]
    then = next((value for when, value in reversed(told) if last - when >= (plateau.weeks - 1) * WEEK), None)
    return then is not None and abs(now - then) >= plateau.activity_points


def _does_not_move(weeks: dict[int, float], history: History, day: int, rules: Thresholds) -> bool:
    plateau = rules.plateau
    now, then = weeks.get(_week(day) - 1), weeks.get(_week(day) - 1 - plateau.weeks)
    if now is None or then is None or now <= plateau.maintenance_pain:
        return False
    change = abs(now - then)
    moved = change >= plateau.points or (then > 0 and 100 * change / then >= plateau.percent)
    adherence = adherence_percent(history, day, rules)
    return (
        not moved
        and not _activity_moved(history, day, plateau)
        and adherence is not None
        and adherence >= plateau.adherence_percent
    )
