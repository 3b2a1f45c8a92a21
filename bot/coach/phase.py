"""The first weeks of an episode (clinical rules 5.2): load waits until pain has settled on some days in a row."""

from statistics import median

from bot.coach.records import History
from bot.library.thresholds import Thresholds


def has_settled(history: History, day: int, rules: Thresholds) -> bool:
    """Pain before was low enough on each of the last days up to `day`, and not more than in the days before those.

    A day without a number is a day that has not settled.
    """
    span, limit = rules.starting.acute_days, rules.starting.acute_pain
    recent = _values(history, day - span + 1, day)
    earlier = _values(history, day - 2 * span + 1, day - span)
    if len(recent) < span or len(earlier) < span:
        return False
    return max(recent) <= limit and median(recent) <= median(earlier)


def _values(history: History, first: int, last: int) -> list[float]:
    days = history.between(first, last)
    known = (record.pain_before if record.pain_before is not None else record.morning for record in days)
    return [value for value in known if value is not None]
