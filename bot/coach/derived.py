"""Values derived from the days (clinical rules 5.3): usual pain, rise, next morning, adherence. None means unknown.

Whatever is compared with the usual is left out of it, so a light seen today stays the same when more days follow.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from math import ceil
from statistics import median

from bot.coach.records import DayRecord, History, Mode, SessionRecord
from bot.library.quick import quick
from bot.library.thresholds import Thresholds

WEEK = 7


def usual_morning(history: History, day: int, rules: Thresholds) -> float | None:
    """Usual morning pain as known before `day`."""
    history = history.source(day)

    def make() -> float | None:
        return _usual((record.morning for record in _counting_days(history, day, rules)), _told(history, day), rules)

    return history.recall("usual morning", day, (rules,), make)


def usual_before(history: History, day: int, rules: Thresholds) -> float | None:
    """Usual pain before a session as known before `day`."""
    history = history.source(day)

    def make() -> float | None:
        return _usual(
            (record.pain_before for record in _counting_days(history, day, rules)), _told(history, day), rules
        )

    return history.recall("usual before", day, (rules,), make)


def _told(history: History, day: int) -> float | None:
    """What was told to be usual, as known before `day`."""
    return next((usual for told, usual in reversed(history.anew) if told < day), history.average)


def _counting_days(history: History, day: int, rules: Thresholds) -> Iterable[DayRecord]:
    """Latest first, without flare-up days (the usual would creep up), back to a long pause: there it starts anew."""
    days = history.before(day)
    last_session: int | None = None
    for record in reversed(days):
        if last_session is not None and record.session and last_session - record.day >= rules.pause.restart_from:
            return
        last_session = record.day if record.session else last_session
        if not record.flaring and record.mode is not Mode.STOP:
            yield record


def _usual(values: Iterable[float | None], average: float | None, rules: Thresholds) -> float | None:
    known = list(islice((value for value in values if value is not None), rules.baseline.window))
    return float(median(known)) if len(known) >= rules.baseline.needs else average


def peak_of(session: SessionRecord) -> float | None:
    known = [value for value in (session.peak, session.after) if value is not None]
    return max(known, default=None)


def rise_of(record: DayRecord) -> float | None:
    """From pain before to the highest value during or after the session."""
    session = record.session or SessionRecord()
    whole = _difference(peak_of(session), record.pain_before)
    return max((rise for rise in (whole, session.rise) if rise is not None), default=None)


def over_on(history: History, day: int, rules: Thresholds) -> float | None:
    """How far the morning of `day` lies above the usual morning."""
    record = history.find_day(day)
    return _difference(record.morning if record else None, usual_morning(history, day, rules))


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A session day with its next morning, as the lights want it."""

    before: float | None
    peak: float | None
    rise: float | None
    next_morning: float | None
    usual_before: float | None
    over: float | None
    next_day: float | None  # next morning minus pain before, only where it says something (see `read_session`)


def read_session(history: History, record: DayRecord, rules: Thresholds) -> Reading:
    session = record.session or SessionRecord()
    following = history.find_day(record.day + 1)
    morning = following.morning if following else None
    before = record.pain_before
    usual = usual_morning(history, record.day + 1, rules)
    # Mornings have their own rhythm: against pain before they count only if they are also above the usual morning.
    comparable = usual is None or (morning is not None and morning > usual)
    return Reading(
        before=before,
        peak=peak_of(session),
        rise=rise_of(record),
        next_morning=morning,
        usual_before=usual_before(history, record.day, rules),
        over=_difference(morning, usual),
        next_day=_difference(morning, before) if comparable else None,
    )


def _difference(value: float | None, reference: float | None) -> float | None:
    return None if value is None or reference is None else value - reference


def was_done(record: DayRecord) -> bool:
    exercises = record.session.exercises if record.session else ()
    return any(exercise.done is not None and exercise.done > 0 for exercise in exercises)


def adherence_percent(history: History, day: int, rules: Thresholds) -> float | None:
    """Sessions done of those planned, over the last days up to and including `day`; None if none was planned.

    Who is asked more often than sessions are wanted, because no number was named yet, has planned only so many.
    """
    first = day - rules.rising.adherence_days + 1
    done = {r.day: was_done(r) for r in history.between(first, day) if r.session is not None or r.missed}
    asked = {**dict.fromkeys((each for each in history.ignored if first <= each < day), False), **done}
    if not asked:
        return None
    most = len(asked) if history.wanted is None else ceil(history.wanted * (day - min(asked) + 1) / WEEK)
    return min(100.0, 100 * sum(asked.values()) / min(most, len(asked)))
