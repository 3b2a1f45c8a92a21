"""Where an episode stands (clinical rules 5.2): it moves on by date; in its first weeks load waits for calm days."""

from statistics import median

from bot.coach.records import History
from bot.library.screening import Episode
from bot.library.thresholds import Thresholds


def phase_of(told: Episode | None, since: int | None, today: int, rules: Thresholds) -> Episode | None:
    """What was told on the day `since`, as it is on `today`: an acute episode becomes subacute, then chronic.

    Who has told less than six weeks had up to six behind them, and it counts from the telling. Too late only means that
    loads stay low for longer; the lists are asked again every four weeks in any case.
    """
    if since is None or told not in {Episode.ACUTE, Episode.SUBACUTE}:
        return told
    phases = rules.phases
    lasted = max(0, today - since) + (phases.acute_until if told is Episode.SUBACUTE else 0)
    if lasted >= phases.subacute_until:
        return Episode.CHRONIC
    return Episode.SUBACUTE if lasted >= phases.acute_until else Episode.ACUTE


def has_settled(history: History, day: int, rules: Thresholds) -> bool:
    """Pain before was low enough on each of the last days with a number up to `day`, and not more than on those before.

    Numbers come on days with exercises and on the mornings after, so days without one are passed over; but all of them
    must lie within the last weeks, or they say nothing about now.
    """
    span, phases = rules.starting.acute_days, rules.phases
    known = _values(history, day - phases.settling_days + 1, day)
    recent, earlier = known[-span:], known[-2 * span : -span]
    if len(earlier) < span:
        return False
    return max(recent) <= rules.starting.acute_pain and median(recent) <= median(earlier)


def _values(history: History, first: int, last: int) -> list[float]:
    days = history.between(first, last)
    known = (record.pain_before if record.pain_before is not None else record.morning for record in days)
    return [value for value in known if value is not None]
