"""A round of moving together: which day a tap counts for, and what all have reached. Cooperative, never per person.

Missing a day costs nothing: the quietest days of a finished week are carried by the others, and whoever may not train
at the moment counts as the average. A tap can only ever raise a total.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
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
    """What a group may be shown. `is_told` is false while so few take part that a total would name somebody."""

    week: int
    today: int
    this_week: int
    total: int
    goal: int
    is_told: bool

    @property
    def is_reached(self) -> bool:
        return self.total >= self.goal


def active_day_of(now: datetime, zone: str, rules: ChallengeNumbers) -> date:
    """The day a movement counts for; it ends at three in the morning. `now`: aware."""
    return (now.astimezone(ZoneInfo(zone)).replace(tzinfo=None) - timedelta(hours=rules.day_ends_hour)).date()


def day_ends(day: date, zone: str, rules: ChallengeNumbers) -> datetime:
    """The moment after which a tap no longer counts for `day`; also on days with 23 or 25 hours."""
    following = day + timedelta(days=1)
    return datetime(following.year, following.month, following.day, rules.day_ends_hour, tzinfo=ZoneInfo(zone))


def score(
    plan: Plan, active: Mapping[date, int], *, people: int, covered: int, today: date, rules: ChallengeNumbers
) -> Score:
    """Add up. `active`: taps of each day by those who may train; `covered`: people of `people` who may not."""
    week = plan.week_of(today)
    weeks = [_week(plan, active, number, is_over=number < week, rules=rules) for number in range(1, plan.weeks + 1)]
    counting = people - covered

    def with_covered(days: int) -> int:
        return days + (days * covered // counting if counting > 0 else 0)

    return Score(
        week=week,
        today=active.get(today, 0) if 1 <= week <= plan.weeks else 0,
        this_week=with_covered(weeks[week - 1]) if 1 <= week <= plan.weeks else 0,
        total=with_covered(sum(weeks)),
        goal=plan.goal,
        is_told=people >= rules.shown_from,
    )


def suggest_goal(people: int, weeks: int, *, own_days: int, goal_percent: int) -> int:
    """Sized so that a group of ordinary people reaches it: a share of what all had in mind, at least one a week.

    `own_days`: active days a week that one person has in mind.
    """
    return max(weeks, people * own_days * weeks * goal_percent // 100)


def _week(plan: Plan, active: Mapping[date, int], number: int, *, is_over: bool, rules: ChallengeNumbers) -> int:
    first = plan.begins + timedelta(days=WEEK * (number - 1))
    days = sorted(active.get(first + timedelta(days=offset), 0) for offset in range(WEEK))
    if not is_over:
        return sum(days)
    kept = days[rules.joker_days :]
    return sum(kept) + rules.joker_days * (sum(kept) // len(kept))
