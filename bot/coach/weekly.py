"""The weekly check's numbers (clinical rules 3.2, 2.5): better or worse only beyond what one's numbers waver by."""

from enum import StrEnum

from bot.library.thresholds import Thresholds


class Course(StrEnum):
    BETTER = "better"
    SAME = "same"
    WORSE = "worse"
    UNKNOWN = "unknown"


def course_of(before: float | None, now: float | None, rules: Thresholds) -> Course:
    """Both the points and the percent must be reached; anything less is unchanged."""
    if before is None or now is None:
        return Course.UNKNOWN
    change, limits = now - before, rules.rescreening
    enough = abs(change) >= limits.no_change_points and abs(change) * 100 >= limits.no_change_percent * before
    if not enough:
        return Course.SAME
    return Course.BETTER if change < 0 else Course.WORSE


def burden(pain: float | None, enjoyment: float | None, activity: float | None) -> float | None:
    """The mean of the three; None unless all are known."""
    if pain is None or enjoyment is None or activity is None:
        return None
    return (pain + enjoyment + activity) / 3


def advises_practice(before: float | None, now: float | None, rules: Thresholds) -> bool:
    """The burden rose so much that a doctor or physiotherapist should hear of it; no alarm."""
    if before is None or now is None:
        return False
    rise, limits = now - before, rules.rescreening
    return rise >= limits.worse_points and rise * 100 >= limits.worse_percent * before
