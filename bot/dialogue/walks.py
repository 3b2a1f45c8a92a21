"""Walking in what is known: what the quota looks at, and how it is told beside the exercises."""

from bot.coach.walking import Walking, done_this_week, is_brisk, may_walk, quota_of, walk_today
from bot.dialogue.history import ordinal
from bot.dialogue.planned_day import PlannedDay
from bot.dialogue.text import Text, text


def walking_of(day: PlannedDay) -> Walking:
    return Walking(
        day=day.today.day,
        walked={ordinal(walk.day): walk.minutes for walk in day.known.walks if walk.minutes},
        history=day.history,
        profile=day.profile,
        library=day.library,
        percent=day.gate.walk_percent,
    )


def week_of(walking: Walking) -> Text | None:
    """Minutes walked this week, of those that the quota holds; None where walking is nothing for this member."""
    if not may_walk(walking):
        return None
    return text("walk/week", done=done_this_week(walking), planned=quota_of(walking))


def offered(walking: Walking) -> tuple[int, bool]:
    """Minutes of today's walk, and whether one of them may be brisk."""
    minutes = walk_today(walking)
    return minutes, minutes > 0 and is_brisk(walking)
