"""Walking in what is known: what the quota looks at, and how it is told beside the exercises."""

from dataclasses import dataclass

from bot.coach.disposition import may_rise
from bot.coach.profile import disposition_of
from bot.coach.records import Mode, Moment
from bot.coach.rising import is_calm
from bot.coach.walking import Walking, done_this_week, is_brisk, is_with_stairs, may_walk, quota_of, walk_today
from bot.dialogue.history import walked_of
from bot.dialogue.planned_day import PlannedDay
from bot.dialogue.text import Text, text


def walking_of(day: PlannedDay) -> Walking:
    return Walking(
        day=day.today.day,
        walked=walked_of(day.known),
        history=day.history,
        profile=day.profile,
        library=day.library,
        percent=day.gate.walk_percent,
        grows=_may_grow(day),
    )


def _may_grow(day: PlannedDay) -> bool:
    is_open = may_rise(disposition_of(day.profile, day.library)) and not day.profile.soft_open and not day.stale
    is_normal = day.gate.mode is Mode.NORMAL and not day.gate.flaring
    return is_open and is_normal and is_calm(day.so_far, Moment(day.today.day, now=day.choosing.now), day.library)


def week_of(walking: Walking) -> Text | None:
    """Minutes walked this week, of those that the quota holds; None where walking is nothing for this member."""
    if not may_walk(walking):
        return None
    return text("walk/week", done=done_this_week(walking), planned=quota_of(walking))


@dataclass(frozen=True, slots=True)
class Walk:
    """Today's minutes, 0 for none, and what belongs to them."""

    minutes: int = 0
    brisk: bool = False
    stairs: bool = False


def offered(walking: Walking) -> Walk:
    minutes = walk_today(walking)
    return Walk(minutes, is_brisk(walking), is_with_stairs(walking)) if minutes > 0 else Walk()


def walk_text(walk: Walk) -> Text:
    if walk.stairs:
        return text("session/walk-stairs", minutes=walk.minutes)
    return text("session/walk-brisk" if walk.brisk else "session/walk", minutes=walk.minutes)
