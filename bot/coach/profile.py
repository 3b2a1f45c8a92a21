"""Who the member is, as far as the rules ask. What was never asked takes the cautious side."""

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from bot.coach.disposition import Disposition, max_load, worst
from bot.library.exercise import HOUSEHOLD, Equipment
from bot.library.library import Library
from bot.library.quick import quick
from bot.library.screening import AgeBand, Episode
from bot.library.thresholds import Thresholds

WITHOUT_GO = "CA"  # the tag of everybody whom the screening does not let go freely
FEAR = "fear"  # stands among the soft lines while nobody has answered it


class Activity(StrEnum):
    INACTIVE = "inactive"
    SOME = "some"
    ACTIVE = "active"


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """None means not asked yet; the functions below say what is assumed then.

    `soft_open`: soft lines, and fear, that wait for an answer: until then they count as a yes (EXPERIENCE).
    """

    age: AgeBand | None = None
    episode: Episode | None = None  # its phase today (see `phase`)
    pain_now: float | None = None
    pain_average: float | None = None
    tags: frozenset[str] = frozenset()
    fear: float | None = None
    activity: Activity = Activity.INACTIVE
    equipment: frozenset[Equipment] = frozenset()
    minutes: int | None = None
    days_per_week: int | None = None
    likes: frozenset[str] = frozenset()
    disposition: Disposition = Disposition.CAUTION
    soft_open: tuple[str, ...] = ()
    confidence: float | None = None  # to do something in spite of the pain, 0 to 10
    mood: float | None = None  # sum of the two questions about it, 0 to 6
    emphasis: tuple[str, ...] = ()  # exercises that may join first, by what the self-tests showed
    was_shown: bool = False  # somebody has shown how to lift with a straight back
    country: str = "DE"


def usual_pain(profile: Profile) -> float | None:
    return profile.pain_now if profile.pain_average is None else profile.pain_average


def fear_of(profile: Profile, rules: Thresholds) -> float:
    return rules.starting.fear_default if profile.fear is None else profile.fear


def minutes_named(profile: Profile, rules: Thresholds) -> int:
    return rules.starting.minutes_default if profile.minutes is None else profile.minutes


def minutes_of(profile: Profile, rules: Thresholds) -> int:
    """How long a session may be: as long as the member wants, and no longer than the phase asks for."""
    return min(minutes_named(profile, rules), rules.template(profile.episode).minutes)


def equipment_of(profile: Profile) -> frozenset[Equipment]:
    return profile.equipment | HOUSEHOLD


def tags_of(profile: Profile, library: Library) -> frozenset[str]:
    """What the member has to mind, and what the disposition adds: without a free go no flexion under load."""
    return _minded(profile.tags, profile.age, profile.disposition, library)[0]


def disposition_of(profile: Profile, library: Library) -> Disposition:
    """What screening decided, and never milder than what age and tags alone ask for (invariant I12)."""
    return _minded(profile.tags, profile.age, profile.disposition, library)[1]


@lru_cache(maxsize=512)
def _minded(
    told: frozenset[str], age: AgeBand | None, screened: Disposition, library: Library
) -> tuple[frozenset[str], Disposition]:
    """Of every exercise a plan asks for both, several times."""
    own = library.with_implied(told)
    by_age = (rule.disposition for rule in library.screening.ages if age in rule.ages)
    has_caution = any(library.tags[tag].caution for tag in own & library.tags.keys())
    disposition = worst((screened, *by_age, Disposition.CAUTION if has_caution else Disposition.GO))
    return (own if disposition is Disposition.GO else own | {WITHOUT_GO}), disposition


def is_careful(profile: Profile, library: Library) -> bool:
    """Whether rises need more good days: much fear, brittle bones, 65 and older, or an age nobody knows."""
    by_tag = any(library.tags[tag].careful for tag in tags_of(profile, library) & library.tags.keys())
    is_old = profile.age in {None, AgeBand.FROM_65}
    return by_tag or is_old or fear_of(profile, library.thresholds) >= library.thresholds.rising.careful_fear


def takes_few(profile: Profile, rules: Thresholds) -> bool:
    """Little confidence or a low mood: small days. Who was never asked has none of it."""
    unsure = profile.confidence is not None and profile.confidence <= rules.yellow.confidence_low
    return unsure or (profile.mood is not None and profile.mood >= rules.mood.low)


def load_limit(profile: Profile, library: Library) -> int:
    """The heaviest exercise for this member whatever the day; -1 allows none at all."""
    starting = library.thresholds.starting
    limit = max_load(
        disposition_of(profile, library), soft_open=bool(profile.soft_open), soft_load=starting.max_load_soft
    )
    by_tags = (library.tags[tag].max_load for tag in tags_of(profile, library) & library.tags.keys())
    return min(limit, *by_tags, 3)


def starts_low(profile: Profile, library: Library) -> bool:
    """Whether a new ladder begins at its lowest form; otherwise at the second (clinical rules 4.1)."""
    rules = library.thresholds
    pain = usual_pain(profile)
    in_pain = pain is None or max(pain, profile.pain_now or 0) >= rules.starting.pain
    fearful = fear_of(profile, rules) >= rules.starting.fear
    is_adapted = disposition_of(profile, library) is not Disposition.GO or bool(profile.soft_open)
    return is_adapted or is_careful(profile, library) or in_pain or fearful or profile.activity is Activity.INACTIVE
