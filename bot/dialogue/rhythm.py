"""The rhythm of weeks: what each day's prompt books beside itself, and what follows the flows that come of it.

A push that nobody asked for comes at most twice a day: the prompt and, on Sundays, the check. Breaks come silently.
"""

from collections.abc import Callable, Iterator
from datetime import date, time

from bot.coach.profile import minutes_of
from bot.dialogue import agenda, ending
from bot.dialogue.breaks import begin_break, break_times, is_break_due, wants_breaks
from bot.dialogue.conversation import Ended, open_flow
from bot.dialogue.flows.bother import BOTHER, Bother, BotherStart
from bot.dialogue.flows.desk import BREAKS, DESK_BREAK, LATER
from bot.dialogue.flows.link import LINKING
from bot.dialogue.flows.lists import LISTS, Listed
from bot.dialogue.flows.note import NOTE, Noted
from bot.dialogue.flows.session import PROMPT, SESSION
from bot.dialogue.flows.session import Ended as SessionEnd
from bot.dialogue.flows.week import WEEK, WeekEnd
from bot.dialogue.history import profile_of
from bot.dialogue.linking import answer_link
from bot.dialogue.silence import is_silent
from bot.dialogue.steps import Book, OnDay
from bot.dialogue.turn import Draft
from bot.dialogue.weeks import begin_week, is_week_due, week_time

WEEKLY = "week"
COURTESY: tuple[str, ...] = (WEEKLY, *BREAKS, LATER)
FROM_DAY = 14  # what bothers, asked once
_LENGTHS = (3, 5, 10, 15, 20, 30)  # minutes a day


def book_day(draft: Draft) -> None:
    """What comes beside the prompts until the next one; booked again it only moves."""
    prompt = draft.member.known.prompt_time
    if prompt is None:
        return
    ahead = agenda.days_ahead(draft)
    now, last = draft.moment.now, draft.moment.at(time.fromisoformat(prompt), ahead)
    for days in range(ahead + 1):
        for kind, at in _rows(draft, date.fromordinal(draft.moment.day.toordinal() + days), time.fromisoformat(prompt)):
            if now < draft.moment.at(at, days) <= last:
                draft.book(Book(kind=kind, when=OnDay(at, days)))


def _rows(draft: Draft, day: date, prompt: time) -> Iterator[tuple[str, time]]:
    known = draft.member.known
    if is_week_due(known, day):
        yield WEEKLY, week_time(prompt)
    if wants_breaks(known):
        yield from ((kind, at) for kind, at in break_times(prompt) if is_break_due(draft.member, day, kind))


def begin_courtesy(draft: Draft, kind: str) -> list[Ended]:
    """Sunday's check or a break, if it still fits: in a silence neither comes, and nothing is asked of a guest."""
    known, day = draft.member.known, draft.moment.day
    if is_silent(draft.member) or known.lock is not None or not agenda.is_ready(draft):
        return []
    if kind == WEEKLY:
        asked = any(week.day == day.isoformat() for week in known.weeks)
        return [] if asked or not is_week_due(known, day) else begin_week(draft)
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
    return agenda.open_room(draft) if ended.result is Listed.LOCKED else agenda.offer_session(draft)


def _after_week(draft: Draft, ended: Ended) -> list[Ended]:
    if ended.result is WeekEnd.LOCKED:
        return agenda.open_room(draft)
    book_day(draft)  # breaks that were wanted come from the next working day on
    return []


def _after_break(draft: Draft, ended: Ended) -> list[Ended]:  # noqa: ARG001  whatever was said
    draft.change(unanswered_breaks=0)
    return []


def _after_bother(draft: Draft, ended: Ended) -> list[Ended]:
    if ended.result is Bother.OFTEN:
        draft.drop_appointments(PROMPT)
        agenda.book_prompt(draft)
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
    minutes = minutes_of(profile_of(draft.member.known, library), library.thresholds)
    more = next((length for length in _LENGTHS if length > minutes), minutes)
    return open_flow(draft, BOTHER, BotherStart(minutes=minutes, more=more))


_AFTER: dict[str, Callable[[Draft, Ended], list[Ended]]] = {
    NOTE.name: _after_note,
    LISTS.name: _after_lists,
    WEEK.name: _after_week,
    DESK_BREAK.name: _after_break,
    BOTHER.name: _after_bother,
    LINKING.name: lambda draft, ended: answer_link(draft, ended.result),
}
