"""An easier week now and then (clinical rules 5.7): every fifth week, or earlier when the days ask for it.

Sets get fewer, forms stay, nothing rises, for seven days. Days away and flare-ups are rest already: weeks count anew.
"""

from dataclasses import dataclass
from itertools import pairwise

from bot.coach.derived import usual_morning
from bot.coach.flare import flare_end
from bot.coach.records import DayRecord, History, Mode, session_days
from bot.library.thresholds import Deload as Numbers
from bot.library.thresholds import Thresholds

WEEK = 7


@dataclass(frozen=True, slots=True)
class Deload:
    """Why the week is easier (weeks, effort, usual or reduced), and its first day."""

    cause: str
    since: int


def find_deload(past: History, today: DayRecord, rules: Thresholds) -> Deload | None:
    """The easier week that today belongs to, or that begins today; `past` holds the days before."""
    numbers = rules.deload
    began = _last_begin(past, numbers)
    if began is not None and today.day - began < numbers.days:
        return Deload("goes-on", began)
    fresh = _fresh_since(past, today, began, rules)
    if fresh is None or today.day - fresh < numbers.days:
        return None
    cause = next((cause for cause in _causes(past, today, fresh, rules)), None)
    return None if cause is None else Deload(cause, today.day)


def _last_begin(past: History, numbers: Numbers) -> int | None:
    eased = [record.day for record in past.days if record.eased]
    return next((day for day in eased if day > eased[-1] - numbers.days), None)


def _fresh_since(past: History, today: DayRecord, began: int | None, rules: Thresholds) -> int | None:
    """The day since which the weeks count; None before the first session."""
    days, numbers = [record.day for record in session_days(past.days)], rules.deload
    if not days:
        return None
    returns = [later for earlier, later in pairwise(days) if later - earlier >= numbers.days]
    marks = [past.since if past.since is not None else days[0], *returns[-1:]]
    if began is not None:
        marks.append(began + numbers.days)
    calmed = flare_end(past, today, rules)
    return max([*marks, *([] if calmed is None else [calmed])])


def _causes(past: History, today: DayRecord, fresh: int, rules: Thresholds) -> tuple[str, ...]:
    numbers = rules.deload
    found = (
        ("weeks", today.day - fresh >= (numbers.every_weeks - 1) * WEEK),
        ("effort", _was_hard(past, today.day, numbers)),
        ("usual", _has_crept_up(past, today.day, fresh, rules)),
        ("reduced", _was_often_less(past, today.day, numbers)),
    )
    return tuple(cause for cause, applies in found if applies)


def _was_hard(past: History, day: int, numbers: Numbers) -> bool:
    """The mean effort of a week; a single session is no week."""
    sessions = [record.session for record in past.between(day - WEEK, day - 1) if record.session]
    efforts = [each.effort for session in sessions for each in session.exercises if each.effort is not None]
    return len(sessions) > 1 and bool(efforts) and sum(efforts) / len(efforts) >= numbers.effort


def _has_crept_up(past: History, day: int, fresh: int, rules: Thresholds) -> bool:
    """The usual morning against that of two weeks ago, both from mornings and not from the number told at first."""
    before = day - rules.deload.usual_days
    if before < fresh:
        return False
    mornings = past.without_told()
    now, then = usual_morning(mornings, day, rules), usual_morning(mornings, before, rules)
    return now is not None and then is not None and now - then >= rules.deload.usual_rise


def _was_often_less(past: History, day: int, numbers: Numbers) -> bool:
    recent = past.between(day - numbers.reduced_days, day - 1)
    return sum(record.mode is Mode.REDUCED and not record.eased for record in recent) >= numbers.reduced_gates
