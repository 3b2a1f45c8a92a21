"""Sunday's check begins: what this week was, as plain values. Who leaves it unanswered is asked more rarely."""

from dataclasses import replace
from datetime import date, time, timedelta

from bot.coach.records import Change
from bot.coach.weekly import burden, course_of
from bot.dialogue.advising import BESIDE
from bot.dialogue.beside import GOAL
from bot.dialogue.breaks import sits
from bot.dialogue.charts import week_picture
from bot.dialogue.choosing import CHOSEN
from bot.dialogue.conversation import Ended, open_flow
from bot.dialogue.facts import ROTATE, START
from bot.dialogue.flows.week import NEWS, WEEK, WeekStart
from bot.dialogue.history import profile_of
from bot.dialogue.member import Known, Week
from bot.dialogue.planning import coming_next, walking_now
from bot.dialogue.progress import total, week_done
from bot.dialogue.quoting import activity
from bot.dialogue.rounding import is_grieving
from bot.dialogue.starts import changes_start, screening_start
from bot.dialogue.turn import Draft
from bot.dialogue.walks import week_of
from bot.library.thresholds import Thresholds

SUNDAY = 6
ANNOUNCED = f"{BESIDE}news-"  # begins the names under which it is kept what was announced
SETTLING = 5  # days from the first exercises to the first check
TOLD = 2  # changes named beside the picture
_EACH_TIME, _THEN = 2, 4  # unanswered twice it comes every fourth week
_LONG, _NOON = time(17), time(11)
_AROUND = timedelta(hours=3)  # the check and the day's prompt stay so far apart
_CHANGED = {
    Change.LEVEL_UP.value: "up",
    Change.DOSE_UP.value: "up",
    Change.LEVEL_DOWN.value: "down",
    Change.DOSE_DOWN.value: "down",
    Change.REST.value: "rest",
    START: "new",
    ROTATE: "turn",
}


def week_time(prompt: time) -> time:
    """Late on Sunday afternoon, or at noon where the prompt itself comes then."""
    hours = abs(prompt.hour + prompt.minute / 60 - _LONG.hour)
    return _NOON if hours < _AROUND / timedelta(hours=1) else _LONG


def is_week_due(known: Known, day: date) -> bool:
    """On Sundays once the first days are over; unanswered twice, it waits longer."""
    if day.weekday() != SUNDAY or known.since is None or (day - date.fromisoformat(known.since)).days < SETTLING:
        return False
    last = date.fromisoformat(known.weeks[-1].day if known.weeks else known.since)
    weeks = max(1, ((day - last).days + 1) // 7)
    return weeks <= _EACH_TIME or weeks % _THEN == 0


def begin_week(draft: Draft) -> list[Ended]:
    return open_flow(draft, WEEK, week_start(draft))


def week_start(draft: Draft) -> WeekStart:
    known, library, today = draft.member.known, draft.kit.library, draft.moment.day
    rules = library.thresholds
    last = next((week for week in reversed(known.weeks) if week.pain is not None), None)
    before = last.pain if last else None
    few = ("questions", "few") in known.settings
    offers_desk = not few and sits(known) and not any(field == "desk" for field, _ in known.settings)
    news, coming = ("", "") if offers_desk or few or is_grieving(draft) else _new(draft)
    return WeekStart(
        courses=tuple(course_of(before, pain, rules).value for pain in range(11)),
        before=before,
        own=activity(draft, known.about.own),
        short=few,
        advised=_advised(known.weeks, rules),
        done=total(week_done(known, library, today)).days,
        goal=profile_of(known, library, today).days_per_week or GOAL,
        changes=_changes(known, today),
        offers_desk=offers_desk,
        news=news,
        coming=coming,
        picture=week_picture(draft, today, walked=week_of(walking_now(draft.member, draft.moment, draft.kit))),
        announces=ANNOUNCED + (news or coming) if news or coming else "",
        screening=replace(screening_start(draft.kit, known, today), lead="week/lists"),
        other=screening_start(draft.kit, known, today, (4,)),
        on_top=changes_start(draft.kit, known, today),
    )


def _advised(weeks: tuple[Week, ...], rules: Thresholds) -> int | None:
    """The smallest sum of the three numbers that is so much worse than last time that a practice should hear of it."""
    sums = [burden(week.pain, week.enjoyment, week.activity) for week in weeks]
    before = next((each for each in reversed(sums) if each is not None), None)
    if before is None:
        return None
    limits = rules.rescreening
    worse = max(before + limits.worse_points, before * (1 + limits.worse_percent / 100))
    return next((total for total in range(31) if total / 3 >= worse), None)


def _changes(known: Known, today: date) -> tuple[tuple[str, str], ...]:
    """What was decided this week, the newest of each exercise, the latest first."""
    monday = (today - timedelta(days=today.weekday())).isoformat()
    latest = {
        made.decided.exercise: _CHANGED[made.decided.change]
        for made in known.decisions
        if made.day >= monday and made.decided.change in _CHANGED and not made.decided.declined
    }
    return tuple(reversed(tuple(latest.items())))[:TOLD]


def _new(draft: Draft) -> tuple[str, str]:
    """One new thing: a way not used yet, else the exercise that comes next. Each is announced once, then none."""
    known = draft.member.known
    unused = {
        "cards": not known.cards,
        "together": not known.rounds,
        "walk": not known.walks,
        "other": not any(made.decided.rule == CHOSEN for made in known.decisions),
        "test": not known.tests,
    }
    news = next((name for name in NEWS if unused[name] and not _is_announced(known, name)), "")
    if news:
        return news, ""
    coming = coming_next(draft.member, draft.moment, draft.kit)
    return "", "" if _is_announced(known, coming) else coming


def _is_announced(known: Known, news: str) -> bool:
    return any(name == ANNOUNCED + news for name, _, _ in known.portions)
