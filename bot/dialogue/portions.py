"""Which small portion of the profile comes next, and when it may: after a finished session, at most two a day.

From the third day on those come first that keep loads low while they are open. Whatever is put off comes again some
days later and then leaves the member in peace; the loads stay low instead. None at night, in a flare-up, under a lock,
in the two weeks after a crisis, or when the session hurt.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from bot.coach.gate import open_gate
from bot.coach.profile import FEAR
from bot.coach.records import Mode
from bot.coach.usual import is_unknown_again
from bot.dialogue.beside import is_grieving
from bot.dialogue.equipping import wanted_equipment
from bot.dialogue.flows.portion import Portion
from bot.dialogue.history import day_of, history_of, phase_on, profile_of
from bot.dialogue.kit import Kit
from bot.dialogue.member import Known, Member, Status
from bot.dialogue.moment import Moment
from bot.dialogue.planning import wants_showing
from bot.dialogue.tastes import taste_pair
from bot.library.quick import altered
from bot.library.screening import Episode

A_DAY = 2  # questions
FEW_A_DAY = 1  # for whoever finds them too many
AGAIN = 3  # days until a portion that was put off
MOST = 3  # times, then never by itself
URGENT_AGAIN = 7  # days; these come again and again, for nothing rises without them
MUCH = 5  # pain after a session from which nobody wants to be asked things
MONTH = 28
VISIT_DAYS = 14


@dataclass(frozen=True, slots=True, kw_only=True)
class _When:
    """`day`: from which day on, the first session's being 1. `questions` it asks. `urgent`: before all others."""

    day: int
    questions: int = 1
    urgent: bool = False


_PLAN: Mapping[Portion, _When] = {
    Portion.DAYS: _When(day=2),
    Portion.AVERAGE: _When(day=2),
    Portion.USUAL: _When(day=1, urgent=True),
    Portion.OWN: _When(day=2, questions=2),
    Portion.SOFT: _When(day=3, urgent=True),
    Portion.FEAR: _When(day=3, urgent=True),
    Portion.ACTIVITY: _When(day=4),
    Portion.WORK: _When(day=4),
    Portion.MINUTES: _When(day=5),
    Portion.LIKES: _When(day=5),
    Portion.EQUIPMENT: _When(day=2),
    Portion.PLACE: _When(day=7),
    Portion.NAME: _When(day=7),
    Portion.HELPED: _When(day=8),
    Portion.MOOD: _When(day=25, questions=2),
    Portion.SLEEP: _When(day=26),
    Portion.CONFIDENCE: _When(day=27),
    Portion.SHOWN: _When(day=28),
    Portion.PRACTICE: _When(day=1, questions=2, urgent=True),
}
_IN_ORDER = tuple(sorted(_PLAN, key=lambda portion: not _PLAN[portion].urgent))
_MONTHLY = {Portion.MOOD, Portion.SLEEP, Portion.CONFIDENCE}  # and how movement feels, once that was told
_HARD = {Mode.FLARE, Mode.SCREEN, Mode.STOP}


def next_portion(member: Member, moment: Moment, kit: Kit) -> Portion | None:
    """The portion for this moment; `None` when it is enough for today, or not the day for questions."""
    known = member.known
    if member.status is not Status.ACTIVE or not may_ask(known, moment, kit):
        return None
    left = _left_today(known, moment)
    return next((portion for portion in _waiting(known, moment, kit) if _PLAN[portion].questions <= left), None)


def may_ask(known: Known, moment: Moment, kit: Kit) -> bool:
    """Whether this is a moment for questions about the person at all."""
    if known.lock is not None or not known.since or moment.is_night() or is_grieving(known, moment.day):
        return False
    today = moment.day.isoformat()
    if any(week.day == today for week in known.weeks):
        return False  # the weekly form was enough
    return not _hurt(known, today) and not _is_hard_day(known, moment, kit)


def _hurt(known: Known, today: str) -> bool:
    memos = [memo for memo in known.sessions if memo.day == today]
    hurt = any(each.quality is not None for memo in memos for each in memo.exercises)
    return hurt or any((memo.after or 0) > MUCH for memo in memos)


def _is_hard_day(known: Known, moment: Moment, kit: Kit) -> bool:
    library = kit.library
    today = day_of(known, moment.day.isoformat(), library)
    asked = altered(today, session=None, mode=None)
    gate = open_gate(history_of(known, library), asked, library.thresholds)
    return gate.mode in _HARD or gate.flaring or today.flaring


def _left_today(known: Known, moment: Moment) -> int:
    today = moment.day.isoformat()
    asked = sum(_PLAN[Portion(name)].questions for name, day, _ in known.portions if day == today and name in _PLAN)
    return (FEW_A_DAY if ("questions", "few") in known.settings else A_DAY) - asked


def _waiting(known: Known, moment: Moment, kit: Kit) -> Iterator[Portion]:
    """All that could be asked now, the urgent first."""
    number = (moment.day - date.fromisoformat(known.since or moment.day.isoformat())).days + 1
    for portion in _IN_ORDER:
        due = number >= _PLAN[portion].day and _is_time(portion, known, moment.day)
        if due and _IS_OPEN[portion](known, moment, kit):
            yield portion


def _is_time(portion: Portion, known: Known, today: date) -> bool:
    """Not asked before, or put off long enough ago and not too often."""
    asked = next((entry for entry in known.portions if entry[0] == portion), None)
    if portion is Portion.PRACTICE:
        return _is_visit_likely(known, asked, today)
    if asked is None:
        return True
    since = (today - date.fromisoformat(asked[1])).days
    if portion is Portion.USUAL:
        return since >= (AGAIN if asked[2] < MOST else MONTH)
    if portion in _MONTHLY or portion is Portion.SHOWN or (portion is Portion.FEAR and known.about.fear is not None):
        return since >= MONTH
    if _PLAN[portion].urgent:
        return since >= URGENT_AGAIN
    return since >= AGAIN and asked[2] < MOST


def is_usual_time(known: Known, today: date) -> bool:
    """Whether the usual may be asked anew: not on every hard day."""
    return _is_time(Portion.USUAL, known, today)


def _is_visit_likely(known: Known, asked: tuple[str, str, int] | None, today: date) -> bool:
    """An appointment takes its time: two weeks after it was advised, and two weeks after each "not yet"."""
    since = max(known.soft_since or "", asked[1] if asked else "")
    return bool(since) and (today - date.fromisoformat(since)).days >= VISIT_DAYS


_IS_OPEN: Mapping[Portion, Callable[[Known, Moment, Kit], bool]] = {
    Portion.DAYS: lambda known, _moment, _kit: known.about.days_per_week is None,
    # a second pain number a day is too much in the first weeks of an episode
    Portion.AVERAGE: lambda known, moment, kit: (
        known.about.average is None and phase_on(known, moment.day, kit.library) is not Episode.ACUTE
    ),
    Portion.USUAL: lambda known, moment, kit: is_unknown_again(
        history_of(known, kit.library), moment.day.toordinal(), kit.library.thresholds
    ),
    Portion.OWN: lambda known, _moment, _kit: not known.about.own,
    Portion.SOFT: lambda known, moment, kit: bool(set(profile_of(known, kit.library, moment.day).soft_open) - {FEAR}),
    Portion.FEAR: lambda known, moment, _kit: known.about.fear is None or _is_time(Portion.FEAR, known, moment.day),
    Portion.SLEEP: lambda _known, _moment, _kit: True,
    Portion.CONFIDENCE: lambda _known, _moment, _kit: True,
    Portion.ACTIVITY: lambda known, _moment, _kit: not known.about.activity,
    Portion.WORK: lambda known, _moment, _kit: not known.about.work,
    Portion.MINUTES: lambda known, _moment, _kit: known.about.minutes is None,
    Portion.LIKES: lambda known, moment, kit: (
        known.about.likes is None and bool(taste_pair(known, kit.library, moment.day))
    ),
    Portion.EQUIPMENT: lambda known, moment, kit: (
        known.about.equipment is None and bool(wanted_equipment(known, kit.library, moment.day))
    ),
    Portion.PLACE: lambda known, _moment, _kit: not known.about.places,
    Portion.NAME: lambda known, _moment, _kit: not known.about.name,
    Portion.HELPED: lambda known, _moment, _kit: not known.helped,
    Portion.MOOD: lambda known, _moment, _kit: known.about.mood != "no",
    Portion.SHOWN: lambda known, moment, kit: known.about.shown != "yes" and wants_showing(known, moment, kit),
    Portion.PRACTICE: lambda known, _moment, _kit: known.lock is None and known.disposition == "doctor_soft",
}
