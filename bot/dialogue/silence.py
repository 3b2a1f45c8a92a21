"""Silence: two prompts unanswered, a note after three days, one after seven, then nothing. Never counted aloud.

What went into the silence is counted in the document's head and forgotten with the next tap or word. A member's data
goes when the time named at consent is over; a note comes before.
"""

from datetime import time, timedelta

from bot.dialogue.agenda import book_prompt, is_ready
from bot.dialogue.appointments import Nature
from bot.dialogue.conversation import Ended, end_early, open_flow, state_in
from bot.dialogue.flows.note import NOTE, NoteStart
from bot.dialogue.flows.session import PROMPT
from bot.dialogue.member import Known, Member, Status
from bot.dialogue.moment import Moment, from_micros
from bot.dialogue.steps import Book, OnDay
from bot.dialogue.text import text
from bot.dialogue.turn import Draft

SILENT = 2  # prompts that stayed without an answer
OVER = 4  # both notes were sent as well: nothing comes by itself any more
_NOTES = {SILENT: 3, SILENT + 1: 7}  # what was sent so far → the next note's day, counted from the last word
FAREWELL, FORGETTING = "farewell", "forgetting"
_NOTICE = timedelta(days=14)
_MONTH = timedelta(days=30.44)
_AT = time(11)


def is_silent(member: Member) -> bool:
    return member.unanswered >= SILENT


def note(draft: Draft) -> list[Ended]:
    """The next note, if its day has come. After the last one there is no prompt to come either."""
    sent = draft.member.unanswered
    heard_on = Moment(from_micros(draft.member.heard), draft.moment.zone).day
    if sent not in _NOTES or (draft.moment.day - heard_on).days < _NOTES[sent]:
        return []
    draft.change(unanswered=sent + 1)
    for slot in ("open", "parked"):
        state = state_in(draft, slot)
        if state is not None and state.flow == NOTE.name:
            end_early(draft, slot)
    last = draft.member.unanswered >= OVER
    if last:
        draft.drop_appointments(PROMPT)
    return open_flow(draft, NOTE, NoteStart(last=last))


def count_prompt(draft: Draft) -> None:
    """A prompt that waits for an answer has left."""
    if draft.member.open is not None:
        draft.change(unanswered=draft.member.unanswered + 1)


def end_silence(draft: Draft) -> None:
    """A word or a tap: all is as before, and the prompts come again."""
    was_silent = is_silent(draft.member)
    draft.change(unanswered=0)
    if was_silent and is_ready(draft):
        draft.drop_appointments(PROMPT)
        book_prompt(draft)


def keep_time(draft: Draft, before: Known) -> None:
    """With consent the time begins after which data goes. `before`: known before this turn."""
    if draft.member.known.consents and not before.consents:
        _book(draft, FAREWELL, _days_left(draft, notice=True))


def say_farewell(draft: Draft) -> list[Ended]:
    """The one note before deletion, unless the member was here meanwhile or wants nothing any more."""
    left = _days_left(draft, notice=True)
    if left > 0 or draft.moment.is_quiet():
        _book(draft, FAREWELL, max(left, 1))
        return []
    _book(draft, FORGETTING, _NOTICE.days)
    if draft.member.status is not Status.LEFT:
        draft.send(
            draft.words(text("silence/farewell", count=_NOTICE.days)),
            buttons=draft.link_rows(("today", "privacy")),
        )
    return []


def forget(draft: Draft) -> list[Ended]:
    """Everything goes, as was said at consent; a word since the note keeps it."""
    if _days_left(draft, notice=False) > 0:
        _book(draft, FAREWELL, max(_days_left(draft, notice=True), 1))
    else:
        draft.erase = True
    return []


def _days_left(draft: Draft, *, notice: bool) -> int:
    """Whole days until the data goes, or until the note before it."""
    ends = from_micros(draft.member.heard) + draft.kit.operator.months * _MONTH - (_NOTICE if notice else timedelta(0))
    return (Moment(ends, draft.moment.zone).day - draft.moment.day).days


def _book(draft: Draft, kind: str, days: int) -> None:
    draft.book(Book(kind=kind, when=OnDay(_AT, days), nature=Nature.SAFETY))
