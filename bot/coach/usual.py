"""When the usual pain is asked anew (clinical rules 5.3, 5.5, 5.8): after a long pause, and in a flare-up that is none.

5.3 keeps the days of a flare-up out of the usual, so that it does not creep up. Who told three and has five every day
would stay in one for weeks by that, for no day would ever count. Only a number that was told makes such a flare-up, and
nothing is worked out instead: the member is asked.
"""

from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from bot.coach.derived import usual_before
from bot.coach.flare import exceeds_usual, is_much, screen_causes
from bot.coach.records import DayRecord, History, Quality, session_days
from bot.library.thresholds import Thresholds


@dataclass(frozen=True, slots=True)
class Doubt:
    """For so many days all numbers lie above what was told; what it may at most be told to be, by these numbers."""

    days: int
    most: float


def find_doubt(history: History, today: DayRecord, rules: Thresholds) -> Doubt | None:
    """None: the usual is not to be asked.

    Not where a number that was measured says that there is a flare-up, the member does, or pain still rises; and not
    beside anything that the lists ask about.
    """
    days, needs = _above_told(history, today, rules), rules.baseline.needs
    numbers = [max(record.numbers) for record in days if record.numbers]
    if len(numbers) < needs or today.day - days[0].day < rules.baseline.anew_days:
        return None
    measured = history.without_told()
    is_rising = median(numbers[-needs:]) > median(numbers[:needs])
    if is_rising or any(_speaks_against(record) or is_much(measured, record, rules) for record in days):
        return None
    is_listed = any(record.screened_clear for record in days) and not any(screen_causes(history, today, rules))
    return Doubt(today.day - days[0].day, median(numbers)) if is_listed else None


def _above_told(history: History, today: DayRecord, rules: Thresholds) -> list[DayRecord]:
    """The days up to today without a calm one between, oldest first; the first has a number."""
    found: list[DayRecord] = []
    for record in (today, *reversed(history.before(today.day))):
        above = exceeds_usual(history, record, rules)
        if above is not None and above <= rules.gate.flare_calm_above:
            break
        found.append(record)
    while found and not found[-1].numbers:
        found.pop()
    return found[::-1]


def is_unknown_again(history: History, day: int, rules: Thresholds) -> bool:
    """Whether a long pause lies behind (5.8, "new baseline") and neither numbers nor the member have told it since."""
    sessions = [record.day for record in session_days(history.before(day + 1))]
    gaps = (later for earlier, later in pairwise(sessions) if later - earlier >= rules.pause.restart_from)
    back = max(gaps, default=None)
    if back is None or any(told >= back for told, _ in history.anew):
        return False
    return usual_before(history.without_told(), day + 1, rules) is None


def _speaks_against(record: DayRecord) -> bool:
    session = record.session
    has_sign = session is not None and (session.unwell or Quality.RADIATING in session.qualities())
    return record.flare_said or record.stopped or has_sign
