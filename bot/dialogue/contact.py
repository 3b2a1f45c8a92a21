"""On which days the coach writes by itself: as many a week as the member wants, as far apart as they can be.

Until a number is named, every day. Named, the days of the week stay the same, for a habit needs days that stay: those
that `rules plan` shows for a first week, Monday being its first. The number after exercises is asked next morning all
the same, silently, or nothing would ever rise for whoever trains every second day or in the evening.
"""

from datetime import date, time, timedelta

from bot.coach.week import session_days_of
from bot.dialogue.member import Known
from bot.dialogue.text import Joined, Param, Text

WEEK = 7
NOON = time(12)  # the morning number's end (EXPERIENCE, "A normal day")
_MORNING = time(8)
_FEWER = {7: 3, 6: 3, 5: 3, 4: 3, 3: 2, 2: 1, 1: 1}


def is_wanted(known: Known, day: date) -> bool:
    """Whether the day's prompt comes."""
    wanted = known.about.days_per_week
    return wanted is None or day.isoweekday() in session_days_of(min(max(wanted, 1), WEEK))


def days_ahead(known: Known, day: date) -> int:
    """Days from this one to the next with a prompt, 1 to 7."""
    return next(ahead for ahead in range(1, WEEK + 1) if is_wanted(known, day + timedelta(days=ahead)))


def morning_alone(known: Known, day: date) -> time | None:
    """When the number of this morning is asked by itself; `None`: the prompt asks it, or no time was named yet."""
    if known.prompt_time is None:
        return None
    prompt = time.fromisoformat(known.prompt_time)
    if prompt < NOON and is_wanted(known, day):
        return None
    return prompt if prompt < NOON else _MORNING


def weekday(day: date) -> Text:
    return Text(f"weekday/{day.isoweekday()}")


def named_days(count: int) -> Param:
    """The days of so many a week, in words."""
    if count >= WEEK:
        return Text("weekday/all")
    return Joined(tuple(Text(f"weekday/{number}") for number in session_days_of(max(count, 1))), ", ")


def fewer_days(known: Known) -> int:
    """How many days a week it becomes for whoever finds it too often; without a number named it was every day."""
    return _FEWER[min(max(known.about.days_per_week or WEEK, 1), WEEK)]
