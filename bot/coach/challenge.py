"""A round of moving together: which day a tap counts for, and what all have reached. Cooperative, never per person.

Missing a day costs nothing: when a week is over its missed days are carried by all, whoever missed them and why. While
it runs every tap counts alike, so nobody reads from a sum who may not train at the moment. A tap can only ever raise a
total, and nobody's leaving lowers it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.library.thresholds import ChallengeNumbers

WEEK = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What was agreed: begins on a day, lasts whole weeks, one goal in active days for all together."""

    begins: date
    weeks: int
    goal: int

    @property
    def last_day(self) -> date:
        return self.begins + timedelta(days=WEEK * self.weeks - 1)

    def week_of(self, day: date) -> int:
        """Counted from 1; 0 before the beginning, `weeks` + 1 after the end."""
        return min(max((day - self.begins).days // WEEK + 1, 0), self.weeks + 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """What a group may be shown. `is_told` is false while so few have moved that a total would name somebody."""

    today: int
    total: int
    goal: int
    is_told: bool

    @property
    def is_reached(self) -> bool:
        return self.total >= self.goal


def active_day_of(now: datetime, zone: str, rules: ChallengeNumbers) -> date:
    """The day a movement counts for; it ends at three in the morning. `now`: aware.

    Also where clocks are put back over three: a day that has ended does not begin again.
    """
    moment = now.astimezone(UTC)
    day = (moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None) - timedelta(hours=rules.day_ends_hour)).date()
    if moment >= day_ends(day, zone, rules):
        return day + timedelta(days=1)
    before = day - timedelta(days=1)
    return before if moment < day_ends(before, zone, rules) else day


def day_ends(day: date, zone: str, rules: ChallengeNumbers) -> datetime:
    """The moment after which a tap no longer counts for `day`; also on days with 23 or 25 hours."""
    following = day + timedelta(days=1)
    return datetime(following.year, following.month, following.day, rules.day_ends_hour, tzinfo=ZoneInfo(zone))


def score(
    plan: Plan,
    active: Mapping[date, int],
    carried: Mapping[int, int],
    *,
    people: int,
    movers: int,
    today: date,
    rules: ChallengeNumbers,
) -> Score:
    """Add up. `active`: people who moved on each day; `carried`: days made up for in each finished week (`carry`).

    `movers`: how many different people have moved so far. Who may not train at the moment is no part of it: a sum that
    knew would tell it to whoever watches the card.
    """
    days = sum(active.get(plan.begins + timedelta(days=offset), 0) for offset in range(WEEK * plan.weeks))
    return Score(
        today=active.get(today, 0) if plan.begins <= today <= plan.last_day else 0,
        total=days + sum(days for week, days in carried.items() if 1 <= week <= plan.weeks),
        goal=plan.goal,
        is_told=min(people, movers) >= rules.shown_from,
    )


def carry(days: Sequence[int], own: Sequence[int], rules: ChallengeNumbers) -> int:
    """The missed days of a week that is over, as far as all carry them. `days`: people who moved on each of the seven.

    `own`: active days of each person who takes part, 0 to 7. Two ways, and the one that gives more: the quietest days
    count as the average of the others (jokers), or whoever has fewer than the others on average counts as they do. The
    second one holds for whoever may not train, and for everybody else too, so that it shows nobody.
    """
    kept = sorted(days)[rules.joker_days :]
    jokers = rules.joker_days * (sum(kept) // len(kept)) - (sum(days) - sum(kept))
    others = max(1, len(own) - 1)
    return max(jokers, sum(max(0, (sum(own) - each) // others - each) for each in own))


def suggest_goal(people: int, weeks: int, *, own_days: int, goal_percent: int) -> int:
    """Sized so that a group of ordinary people reaches it: a share of what all had in mind, at least one a week.

    `own_days`: active days a week that one person has in mind.
    """
    return max(weeks, people * own_days * weeks * goal_percent // 100)
