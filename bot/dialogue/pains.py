"""What is kept of pain numbers: those of the last weeks, with the session they belong to, and weekly sums."""

from datetime import date, timedelta

from bot.dialogue.member import FRESH_US, KEPT_DAYS, Known, Pain
from bot.library.quick import altered

KEPT_WEEKS = 26  # of the sums


def noted(known: Known, pain: Pain, day: date) -> Known:
    """One more number."""
    oldest = (day - timedelta(days=KEPT_DAYS)).isoformat()
    pains = (*(p for p in known.pains if p.day >= oldest), pain)
    known = altered(known, pains=pains, pain_weeks=_weeks(known, pain, day))
    if pain.when == "after" and known.sessions and known.sessions[-1].is_of(pain):
        return altered(known, sessions=(*known.sessions[:-1], altered(known.sessions[-1], after=pain.value)))
    return known


def put_right(known: Known, pain: Pain, day: date) -> Known:
    """The number takes the place of the one it corrects, at its time: means and sums look as if it had been right."""
    found = [n for n, each in enumerate(known.pains) if (each.day, each.when) == (pain.day, pain.when)]
    if not found:
        return noted(known, pain, day)
    wrong = known.pains[found[-1]]
    right = altered(pain, at=wrong.at)
    pains = (*known.pains[: found[-1]], right, *known.pains[found[-1] + 1 :])
    known = altered(known, pain_weeks=_weeks(known, wrong, day, taken_back=True))
    known = altered(known, pains=pains, pain_weeks=_weeks(known, right, day))
    if not known.sessions or not known.sessions[-1].is_of(pain):
        return known
    last = known.sessions[-1]
    if pain.when == "after":
        last = altered(last, after=pain.value)
    elif last.before == wrong.value and wrong.at <= last.at:
        last = altered(last, before=pain.value)
    return altered(known, sessions=(*known.sessions[:-1], last))


def number_before(known: Known, day: str, begins: int) -> int | None:
    """The number before a session: the one asked for it, or one of the last hour, as the plan took it for the gate."""
    for pain in reversed(known.pains):
        if pain.day == day and (pain.when == "before" or (pain.when != "after" and begins - pain.at <= FRESH_US)):
            return pain.value
    return None


def _weeks(known: Known, pain: Pain, day: date, *, taken_back: bool = False) -> tuple[tuple[str, int, int], ...]:
    """Weekly sums outlive the single numbers, for the chart. Pain after exercises is no usual pain."""
    if pain.value is None or pain.when == "after":
        return known.pain_weeks
    monday = (day - timedelta(days=day.weekday())).isoformat()
    before = next(((total, count) for week, total, count in known.pain_weeks if week == monday), (0, 0))
    kept = tuple(week for week in known.pain_weeks if week[0] != monday)
    sign = -1 if taken_back else 1
    total, count = max(0, before[0] + sign * pain.value), max(0, before[1] + sign)
    return tuple(sorted((*kept, (monday, total, count)) if count else kept))[-KEPT_WEEKS:]
