"""What a member told about themselves beside the safety questions, mostly in small portions after a session.

`None` and empty mean: never said or put off. Then the rules take the cautious side, so no answer ever raises a load by
being missing. Every field has a default, so older documents stay readable.
"""

from dataclasses import dataclass, fields
from typing import Any

from bot.library.quick import altered, quick


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """`own` and `helped` are a chip's id behind `#`, or the member's own words (see `own_words`)."""

    country: str = ""  # of the help numbers; empty is the operator's
    trigger: str = ""  # what the day's moment hangs on, such as coffee
    days_per_week: int | None = None
    average: int | None = None  # pain of an average day
    own: str = ""  # the activity that should go better
    own_now: int | None = None  # how well it goes, 0 to 10
    fear: int | None = None  # "movement harms my back", 0 to 10
    sleep: int | None = None  # of the last week, 0 to 10
    confidence: int | None = None  # "I can do something in spite of the pain", 0 to 10
    activity: str = ""
    work: str = ""
    minutes: int | None = None  # a day
    equipment: tuple[str, ...] | None = None  # beyond what every home has
    likes: tuple[str, ...] | None = None  # kinds of exercises
    places: tuple[str, ...] = ()  # where it mostly hurts, for the report
    name: str = ""  # to be called
    concern: str = ""  # what should be talked about in a practice, in own words; stands on the report and nowhere else
    concern_in: str = ""  # the channel in which that was written
    shown: str = ""  # whether somebody has shown how to lift: yes, no
    mood: str = ""  # whether mood may be asked about: yes, no


_NUMBERS = {"days_per_week", "average", "own_now", "fear", "minutes", "sleep", "confidence"}
_LISTS = {"equipment", "likes", "places"}
_FIELDS = frozenset(each.name for each in fields(About))


def is_about(field: str) -> bool:
    return field in _FIELDS


def told(about: About, field: str, value: str) -> About:
    """With one more answer. Lists are written with commas between; a number that is none leaves what was known."""
    read: dict[str, Any] = {field: value}
    if field in _NUMBERS:
        read = {field: int(value)} if value.isdecimal() else {}
    if field in _LISTS:
        read = {field: tuple(part for part in value.split(",") if part)}
    return altered(about, **read)
