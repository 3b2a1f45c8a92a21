"""The rhythm of weeks: what each day's prompt books beside itself, and what follows the flows that come of it.

A push that nobody asked for comes at most twice a day: the prompt and, on Sundays, the check, or the silent number of
the morning. Breaks come silently.
"""

from collections.abc import Callable, Iterator
from datetime import date, time, timedelta

from bot.coach.profile import minutes_named
from bot.dialogue import agenda, ending
from bot.dialogue.breaks import begin_break, break_times, is_break_due, wants_breaks
from bot.dialogue.contact import days_ahead, fewer_days, is_wanted, morning_alone
from bot.dialogue.conversation import Ended, open_flow
from bot.dialogue.flows.bother import BOTHER, BotherStart
from bot.dialogue.flows.desk import BREAKS, DESK_BREAK, LATER
from bot.dialogue.flows.link import LINKING
from bot.dialogue.flows.lists import LISTS, Listed
from bot.dialogue.flows.maintaining import MAINTAINING, Keep
from bot.dialogue.flows.note import NOTE, Noted
from bot.dialogue.flows.session import PROMPT, SESSION
from bot.dialogue.flows.session import Ended as SessionEnd
from bot.dialogue.flows.week import WEEK, WeekEnd
from bot.dialogue.history import profile_of
from bot.dialogue.linking import answer_link
from bot.dialogue.locked import open_room
from bot.dialogue.member import Known, Status
from bot.dialogue.silence import is_silent
from bot.dialogue.steps import Book, OnDay
from bot.dialogue.turn import Draft
from bot.dialogue.weeks import begin_week, is_week_due, week_time

WEEKLY = "week"
MORNING_NUMBER = "morning"  # asked by itself, where no prompt comes that morning
COURTESY: tuple[str, ...] = (WEEKLY, MORNING_NUMBER, *BREAKS, LATER)
FROM_DAY = 14  # what bothers, asked once
_LENGTHS = (3, 5, 10, 15, 20, 30)  # minutes a day


def book_day(draft: Draft) -> None:
    """What comes beside the prompts until the next one; booked again it only moves."""
    prompt = draft.member.known.prompt_time
    if prompt is None:
        return
    ahead = days_ahead(draft.member.known, draft.moment.day)
    now, last = draft.moment.now, draft.moment.at(time.fromisoformat(prompt), ahead)
    for days in range(ahead + 1):
        for kind, at in _rows(draft, date.fromordinal(draft.moment.day.toordinal() + days), time.fromisoformat(prompt)):
            if now < draft.moment.at(at, days) <= last:
                draft.book(Book(kind=kind, when=OnDay(at, days)))


def keep_rhythm(draft: Draft, before: Known) -> None:
    """Other days than before, or exercises today: what comes next is booked anew. `before`: known before this turn."""
    known, day = draft.member.known, draft.moment.day
    if known.lock is not None or not agenda.is_ready(draft) or draft.member.status is not Status.ACTIVE:
        return
    moved = known.about.days_per_week != before.about.days_per_week
    if moved:
        draft.drop_appointments(PROMPT)
        agenda.book_prompt(draft)
        book_day(draft)
    if moved or known.sessions != before.sessions or known.prompt_time != before.prompt_time:
        at = morning_alone(known, day + timedelta(days=1))
        if at is not None and any(memo.day == day.isoformat() and memo.exercises for memo in known.sessions):
            draft.book(Book(kind=MORNING_NUMBER, when=OnDay(at, days=1)))


def _rows(draft: Draft, day: date, prompt: time) -> Iterator[tuple[str, time]]:
    known = draft.member.known
    if is_week_due(known, day):
        yield WEEKLY, week_time(prompt)
    if wants_breaks(known):
        yield from ((kind, at) for kind, at in break_times(prompt) if is_break_due(draft.member, day, kind))


def begin_courtesy(draft: Draft, kind: str) -> list[Ended]:
    """The check, a morning's number or a break, if it still fits: none in a silence, nothing is asked of a guest."""
    known, day = draft.member.known, draft.moment.day
    if is_silent(draft.member) or known.lock is not None or not agenda.is_ready(draft):
        return []
    if kind == WEEKLY:
        asked = any(week.day == day.isoformat() for week in known.weeks)
        return [] if asked or not is_week_due(known, day) else begin_week(draft)
    if kind == MORNING_NUMBER:
        third = is_wanted(known, day) and is_week_due(
            known, day
        )  # beside the prompt and the check it would be too much
        return agenda.begin_morning(draft) if agenda.wants_morning(draft) and not third else []
    return begin_break(draft) if wants_breaks(known) else []


def after(draft: Draft, ended: Ended) -> list[Ended]:
    """What follows a flow's end, whichever it was."""
    follow = _AFTER.get(ended.flow)
    if follow is not None:
        return follow(draft, ended)
    followed = ending.after(draft, ended)
    if ended == Ended(SESSION.name, SessionEnd.DONE) and not followed:
        return _ask_what_bothers(draft)
    return followed


def _after_note(draft: Draft, ended: Ended) -> list[Ended]:
    match ended.result:
        case Noted.MINUTE:
            return agenda.offer_session(draft, minute=True)
        case Noted.FLARE:
            return agenda.begin_flare(draft)
        case Noted.MISFIT:
            return begin_bother(draft)
        case _:
            return []


def _after_lists(draft: Draft, ended: Ended) -> list[Ended]:
    return open_room(draft) if ended.result is Listed.LOCKED else agenda.offer_session(draft)


def _after_week(draft: Draft, ended: Ended) -> list[Ended]:
    if ended.result is WeekEnd.LOCKED:
        return open_room(draft)
    book_day(draft)  # breaks that were wanted come from the next working day on
    return []


def _after_break(draft: Draft, ended: Ended) -> list[Ended]:  # noqa: ARG001  whatever was said
    draft.change(unanswered_breaks=0)
    return []


def _ask_what_bothers(draft: Draft) -> list[Ended]:
    """Once, behind a session, when two weeks are over and nothing else is asked."""
    known = draft.member.known
    asked = any(field == "bother" for field, _ in known.settings)
    if asked or known.since is None or draft.member.open is not None or known.lock is not None:
        return []
    days = (draft.moment.day - date.fromisoformat(known.since)).days
    return begin_bother(draft) if days >= FROM_DAY else []


def begin_bother(draft: Draft) -> list[Ended]:
    library = draft.kit.library
    minutes = minutes_named(profile_of(draft.member.known, library, draft.moment.day), library.thresholds)
    more = next((length for length in _LENGTHS if length > minutes), minutes)
    return open_flow(draft, BOTHER, BotherStart(minutes=minutes, more=more, fewer=fewer_days(draft.member.known)))


def _after_less(draft: Draft, ended: Ended) -> list[Ended]:
    """Fewer days from now on: the next prompt comes on the next of them."""
    if ended.result is Keep.FEWER:
        draft.drop_appointments(PROMPT)
        agenda.book_prompt(draft)
    return []


_AFTER: dict[str, Callable[[Draft, Ended], list[Ended]]] = {
    NOTE.name: _after_note,
    LISTS.name: _after_lists,
    WEEK.name: _after_week,
    DESK_BREAK.name: _after_break,
    MAINTAINING.name: _after_less,
    LINKING.name: lambda draft, ended: answer_link(draft, ended.result),
}
