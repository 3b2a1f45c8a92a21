"""The profile as a line holds it. What is missing takes the cautious side, as it does in the conversation."""

from typing import Annotated

from pydantic import Field

from bot.coach.disposition import Disposition
from bot.coach.profile import FEAR, Activity, Profile
from bot.library.exercise import Category, Equipment
from bot.library.library import Library
from bot.library.screening import Episode
from bot.shell.fields import Age, Points
from bot.shell.lines import Asked
from bot.shell.triage_line import known_tags


class ProfileAsked(Asked):
    age: Age = None
    episode: Episode | None = None
    pain_now: Points | None = None
    pain_average: Points | None = None
    tags: tuple[str, ...] | None = None
    fear: Points | None = None
    activity: Activity | None = None
    equipment: tuple[Equipment, ...] | None = None
    minutes: Annotated[int, Field(ge=1, le=240)] | None = None
    days_per_week: Annotated[int, Field(ge=1, le=7)] | None = None
    likes: tuple[str, ...] | None = None
    disposition: Disposition | None = None


def odd_likes(asked: ProfileAsked | None, library: Library) -> tuple[str, ...]:
    """Likes that nothing follows from."""
    liked = (asked and asked.likes) or ()
    return tuple(each for each in liked if each not in library.exercises and each not in set(Category))


def read_profile(asked: ProfileAsked | None, library: Library) -> Profile:
    """Raises LineError for a tag that does not exist."""
    given = asked or ProfileAsked()
    tags = given.tags or ()
    known_tags(tags, library, "profile.tags")
    return Profile(
        age=given.age,
        episode=given.episode,
        pain_now=given.pain_now,
        pain_average=given.pain_average,
        tags=library.with_implied(frozenset(tags)),
        fear=given.fear,
        activity=given.activity or Activity.INACTIVE,
        equipment=frozenset(given.equipment or ()),
        minutes=given.minutes,
        days_per_week=given.days_per_week,
        likes=frozenset(given.likes or ()),
        disposition=given.disposition or Disposition.CAUTION,
        soft_open=(FEAR,) if given.fear is None else (),
    )
