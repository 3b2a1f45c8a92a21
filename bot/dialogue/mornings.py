"""The number of a morning on which no exercises are offered: much more pain opens the hard day, else one quiet line."""

from datetime import time, timedelta

from bot.coach.derived import usual_before
from bot.dialogue.agenda import ease, offer_session
from bot.dialogue.contact import days_ahead, is_wanted, weekday
from bot.dialogue.conversation import Ended
from bot.dialogue.history import history_of
from bot.dialogue.telling import is_hard
from bot.dialogue.text import Text, text
from bot.dialogue.turn import Draft


def hear_morning(draft: Draft, value: int | None) -> list[Ended]:
    """On one of the member's days the offer follows, unless its time is still to come."""
    if _is_time(draft):
        return offer_session(draft)
    if value is None or draft.member.known.lock is not None:
        return []
    library = draft.kit.library
    usual = usual_before(history_of(draft.member.known, library), draft.moment.day.toordinal(), library.thresholds)
    if is_hard(draft, value, usual):
        return ease(draft, said=False)
    draft.send(draft.words(_what_comes(draft)), buttons=draft.link_rows(("today",)))
    return []


def _is_time(draft: Draft) -> bool:
    known = draft.member.known
    if known.prompt_time is None:
        return True
    return is_wanted(known, draft.moment.day) and time.fromisoformat(known.prompt_time) <= draft.moment.local.time()


def _what_comes(draft: Draft) -> Text:
    known, day = draft.member.known, draft.moment.day
    clock = known.prompt_time or ""
    if is_wanted(known, day):
        return text("morning/later", clock=clock)
    ahead = days_ahead(known, day)
    if ahead == 1:
        return text("morning/free-tomorrow", clock=clock)
    return text("morning/free", day=weekday(day + timedelta(days=ahead)), clock=clock)
