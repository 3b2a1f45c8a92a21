"""Who goes through with it whatever the morning after says (clinical rules 3.2): tone and cards, never a finding.

Nobody is asked for more than the dose, so there are no extra repetitions to cap; a bad morning is a red light anyway.
"""

from bot.coach.derived import over_on, was_done
from bot.coach.records import History
from bot.library.thresholds import Thresholds


def endures(history: History, rules: Thresholds) -> bool:
    """Several sessions of the last weeks were done to the end, each with a bad morning behind it."""
    if not history.days:
        return False
    last, yellow = history.days[-1].day, rules.yellow
    found = 0
    for record in history.between(last - yellow.endurer_days, last):
        whole = record.session is not None and all(each.done == 1 for each in record.session.exercises)
        over = over_on(history, record.day + 1, rules) if whole and was_done(record) else None
        found += over is not None and over >= yellow.endurer_over
    return found >= yellow.endurer_sessions
