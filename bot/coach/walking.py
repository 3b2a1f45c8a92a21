"""Walking has a quota of its own (clinical rules 5.6, 5.2): minutes a week, grown slowly, less after a bad light.

A week's quota never lies above a fifth more than the better of the last two weeks that were really walked (invariant
I6). What nobody told was not walked: it never raises anything.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil, floor

from bot.coach.lights import Light, light_session, worst_light
from bot.coach.place import Place
from bot.coach.profile import Profile, is_careful, load_limit, tags_of
from bot.coach.programme import is_fresh
from bot.coach.records import History, session_days
from bot.library.library import Library
from bot.library.thresholds import Planning

WEEK = 7
WALK, BRISK, STAIRS = "spaziergang", "flott-gehen", "treppe"
FULL = 100  # percent
_BRISK_LOAD = 2  # whose exercises stay below this load walks at ease
_IN_ONE_GO = 2  # the walk's form from which stairs belong to it


@dataclass(frozen=True, slots=True, kw_only=True)
class Walking:
    """What the quota looks at. `walked`: minutes by day. `percent`: what the day's gate leaves of a walk.

    `grows`: on such a day something may get more; a walk is no exception (invariants I2 and I8).
    """

    day: int
    walked: Mapping[int, int]
    history: History
    profile: Profile
    library: Library
    percent: int = FULL
    grows: bool = True


def may_walk(walking: Walking) -> bool:
    """Whether nothing this member has to mind speaks against it."""
    return _is_allowed(WALK, walking)


def _is_allowed(name: str, walking: Walking) -> bool:
    exercise = walking.library.exercises.get(name)
    return exercise is not None and bool(exercise.allowed_levels(tags_of(walking.profile, walking.library)))


def is_brisk(walking: Walking) -> bool:
    """Whether a minute of today's walk may be brisk: every other walk, once walks are as long as it wants.

    It stays at a minute: how it went is not told, and what nobody told raises nothing.
    """
    wanted = [need.level or 1 for need in walking.library.exercises[BRISK].get_level(1).needs if need.exercise == WALK]
    return _may_add(BRISK, max(wanted, default=1), walking) and _walks_told(walking) % 2 == 1


def is_with_stairs(walking: Walking) -> bool:
    """Whether one flight of stairs belongs to today's walk: the walks between the brisk ones, from ten minutes on."""
    return _may_add(STAIRS, _IN_ONE_GO, walking) and _walks_told(walking) % 2 == 0


def _may_add(name: str, form: int, walking: Walking) -> bool:
    """Not in the first weeks of an episode, on no day that is smaller than others, and not while loads are kept low."""
    library, profile = walking.library, walking.profile
    place = walk_place(walking.walked, walking.day, library.thresholds.planning)
    if place is None or place.level < form or walking.percent < FULL or not _is_allowed(name, walking):
        return False
    return not is_fresh(profile, acute_settled=False) and load_limit(profile, library) >= _BRISK_LOAD


def _walks_told(walking: Walking) -> int:
    told = walking.library.thresholds.planning.walk_told_days
    return sum(minutes > 0 and 0 < walking.day - day <= told for day, minutes in walking.walked.items())


def quota_of(walking: Walking) -> int:
    """Minutes of the week that holds the day."""
    rules = walking.library.thresholds.planning
    last, before = (_minutes(walking, ago) for ago in (1, 2))
    best = max(last, before)
    if best < rules.walk_least:
        return _start(walking)
    if last < rules.walk_least:
        return min(_start(walking), floor(_exact(rules.growth * best)))
    light = _light(walking)
    if light is Light.RED:
        return min(floor(_exact(last * rules.walk_red)), rules.walk_target)
    if light is not Light.GREEN or not walking.grows:
        return min(last, rules.walk_target)
    grown = min(ceil(_exact(last * rules.walk_growth)), last + rules.walk_step, rules.walk_target)
    return min(grown, floor(_exact(rules.growth * best)))


def walk_today(walking: Walking) -> int:
    """Minutes of today's walk; 0 on a day between two walks, or when the week's quota is walked."""
    template = walking.library.thresholds.template(walking.profile.episode)
    least = walking.library.thresholds.planning.walk_least
    days = range(walking.day - template.walk_every + 1, walking.day + 1)
    left = quota_of(walking) - done_this_week(walking)
    if not may_walk(walking) or left < least or any(walking.walked.get(day) for day in days):
        return 0
    share = max(least, round(quota_of(walking) / _walks_a_week(walking)))
    return min(left, share, template.walk_most) * walking.percent // FULL


def done_this_week(walking: Walking) -> int:
    return _minutes(walking, 0)


def walk_place(walked: Mapping[int, int], day: int, rules: Planning) -> Place | None:
    """The form on the walk's ladder that the longest walk of the last weeks has shown; None: none was told."""
    longest = max((minutes for when, minutes in walked.items() if 0 <= day - when < rules.walk_told_days), default=0)
    if not longest:
        return None
    reached = (rules.walk_form_2, rules.walk_form_3, rules.walk_form_4)  # of clinical rules 4.7
    return Place(1 + sum(longest >= minutes for minutes in reached), 1, 1)


def _exact(minutes: float) -> float:
    """Without what binary fractions leave behind, or 110 minutes would be 111."""
    return round(minutes, 5)


def _walks_a_week(walking: Walking) -> int:
    return ceil(WEEK / walking.library.thresholds.template(walking.profile.episode).walk_every)


def _minutes(walking: Walking, ago: int) -> int:
    """Minutes of the week so many before this one; day 1 is a Monday, as in the calendar's day numbers."""
    monday = walking.day - (walking.day - 1) % WEEK - ago * WEEK
    return sum(minutes for day, minutes in walking.walked.items() if monday <= day < monday + WEEK)


def _start(walking: Walking) -> int:
    """A part of what goes on a good and on a bad day, as far as walks were told; else the shortest walk each time."""
    rules, told = walking.library.thresholds.planning, list[int]()
    for day, minutes in walking.walked.items():
        if minutes > 0 and 0 < walking.day - day <= rules.walk_told_days:
            told.append(minutes)
    low = is_careful(walking.profile, walking.library)
    part = rules.walk_start_low if low else rules.walk_start_high
    each = floor(part * (min(told) + max(told)) / 2) if told else rules.walk_least
    most = walking.library.thresholds.template(walking.profile.episode).walk_most
    return min(min(max(each, rules.walk_least), most) * _walks_a_week(walking), rules.walk_target)


def _light(walking: Walking) -> Light:
    """The worst of the sessions since last week's Monday; without any it is not known."""
    monday = walking.day - (walking.day - 1) % WEEK - WEEK
    records = session_days(walking.history.between(monday, walking.day - 1))
    rules = walking.library.thresholds
    lights = [light for record in records if (light := worst_light(light_session(walking.history, record, rules)))]
    order = (Light.RED, Light.AMBER, Light.GREY, Light.GREEN)
    return min(lights, key=order.index, default=Light.GREY)
