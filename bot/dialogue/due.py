"""Appointments that have come due. State, lock, pause and quiet hours are looked at again here, not when booked."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

from bot.coach.allowing import Exercises
from bot.coach.disposition import Disposition
from bot.dialogue.agenda import begin_day, book_prompt
from bot.dialogue.appointments import Appointment, Nature
from bot.dialogue.below import asks_about_alarm
from bot.dialogue.beside import trained_today
from bot.dialogue.conversation import Ended, end_early, follow, open_flow, show_again
from bot.dialogue.events import Due
from bot.dialogue.facts import Disposed, PromptCame
from bot.dialogue.flows.disposed import (
    AFTER_CRISIS,
    AFTER_DOCTOR_FIRST,
    AFTER_EMERGENCY,
    AFTER_URGENT,
    FOLLOW_UP,
    FollowUpStart,
)
from bot.dialogue.flows.lists import LISTS
from bot.dialogue.flows.morning import MORNING
from bot.dialogue.flows.onboarding import ONBOARDING, UNANSWERED, UNFINISHED
from bot.dialogue.flows.registry import flow_named
from bot.dialogue.flows.relief import NIGHT_AFTER
from bot.dialogue.flows.screening import UNDECIDED
from bot.dialogue.flows.session import PROMPT, SESSION
from bot.dialogue.goodbye import GOODBYE, say_goodbye
from bot.dialogue.learning import begin_card, has_card
from bot.dialogue.linking import CODE_OVER, hide_code
from bot.dialogue.locked import is_correcting, open_room
from bot.dialogue.locks import chain
from bot.dialogue.member import Status
from bot.dialogue.moment import from_micros, resolve
from bot.dialogue.nights import ask_after_night
from bot.dialogue.presentation import word_count
from bot.dialogue.rhythm import COURTESY, begin_courtesy, book_day
from bot.dialogue.silence import FAREWELL, FORGETTING, count_prompt, forget, is_silent, note, say_farewell
from bot.dialogue.starts import CORNERS, page
from bot.dialogue.steps import After, Book, OnDay
from bot.dialogue.telling import PAUSE_OVER, end_pause
from bot.dialogue.text import Text, text
from bot.dialogue.turn import Draft

STALE = timedelta(hours=2)  # courtesy later than this is dropped; a backlog never stacks up
FAR_OFF = timedelta(days=1)
CALM = time(11)
TO_TRAIN = frozenset({MORNING.name, LISTS.name, SESSION.name})  # with which a day that has exercises begins
TALKING = timedelta(minutes=10)  # a prompt waits while the member is in the middle of something
FOLLOW_UPS = {
    AFTER_EMERGENCY: "emergency",
    AFTER_URGENT: "urgent",
    AFTER_CRISIS: "crisis",
    AFTER_DOCTOR_FIRST: "doctor_first",
}
WORDS_A_MINUTE = 238  # silent reading of adults (Brysbaert 2019)
SHORT_QUESTION = 15  # words
TAP = 2 / 60  # minutes


def on_due(draft: Draft, event: Due) -> list[Ended]:
    """A kind of an older version has nothing to say any more."""
    if event.kind in FOLLOW_UPS:
        return _follow_up(draft, event.kind)
    if event.kind == PROMPT:
        return _prompt(draft, event)
    if event.kind == GOODBYE:
        return say_goodbye(draft, event)
    if event.kind in ALWAYS:
        return _look_again_tomorrow(draft, event) if _is_far_off(draft, event) else ALWAYS[event.kind](draft)
    if not _is_timely(draft, event):
        return []
    if event.kind in COURTESY:
        return _courtesy(draft, event)
    return IF_TIMELY[event.kind](draft) if event.kind in IF_TIMELY else []


def _follow_up(draft: Draft, kind: str) -> list[Ended]:
    """One question, once, while its lock stands. One about newer words, or a tap being taken back, comes first."""
    disposition = FOLLOW_UPS[kind]
    if not any(lock.disposition == disposition for lock in chain(draft.member.known.lock)):
        return []
    if asks_about_alarm(draft) or is_correcting(draft):
        draft.book(Book(kind=kind, when=After(TALKING), nature=Nature.SAFETY))
        return []
    return open_flow(draft, FOLLOW_UP, FollowUpStart(disposition=disposition, numbers=draft.help_numbers), "alarm")


def _undecided(draft: Draft) -> list[Ended]:
    """Unanswered for ten minutes, the undecided yes counts."""
    known, lock = draft.member.known, draft.member.known.lock
    if lock is None and known.disposition == Disposition.DOCTOR_SOFT and known.soft_since is None:
        draft.record(Disposed(disposition=known.disposition))
    if lock is None or not lock.provisional:
        return []
    end_early(draft, "open")
    draft.record(Disposed(disposition=lock.disposition, items=lock.items))
    return open_room(draft)


def _is_timely(draft: Draft, event: Due) -> bool:
    """Near its time and outside the quiet hours, for somebody who wants to hear from us."""
    chosen = time.fromisoformat(draft.member.known.prompt_time) if draft.member.known.prompt_time else None
    late = draft.moment.now - from_micros(event.due_at)
    return draft.member.status is Status.ACTIVE and -STALE <= late <= STALE and not draft.moment.is_quiet(chosen)


def _is_far_off(draft: Draft, event: Due) -> bool:
    """What notes and deletes waits when it comes a day too late: perhaps it is the clock that is wrong."""
    return event.kind in PATIENT and draft.moment.now - from_micros(event.due_at) > FAR_OFF


def _look_again_tomorrow(draft: Draft, event: Due) -> list[Ended]:
    draft.book(Book(kind=event.kind, when=OnDay(CALM, 1), nature=Nature.SAFETY))
    return []


def _unanswered(draft: Draft) -> list[Ended]:
    """The answers of an onboarding left half-way are dropped after two weeks."""
    state = draft.member.open
    if state is not None and state.flow == ONBOARDING.name and draft.member.known.lock is None:
        draft.change(open=None)
    return []


def _unfinished(draft: Draft) -> list[Ended]:
    """An onboarding left half-way: one line next day, then nothing."""
    state = draft.member.open
    if state is None or state.flow != ONBOARDING.name or draft.member.known.lock is not None:
        return []
    waiting = follow(state).waiting
    corner = waiting.question.corner if waiting is not None else None
    steps = range(corner[0], corner[1] + 1) if corner is not None else range(1)
    draft.send(draft.words(text("onboarding/unfinished", count=len(steps), minutes=_minutes_of(draft, steps))))
    show_again(draft, "open")
    return []


def _minutes_of(draft: Draft, steps: range) -> int:
    """Whole minutes, as read: the lists by their words, any other question as a short one; a tap each."""
    words = 0
    for step in steps:
        number = next((each for each, place in CORNERS.items() if place == step), None)
        lines = page(draft.kit, number).lines if number is not None else ()
        words += sum(word_count(draft.words(Text(f"screening/{line.item}"))) for line in lines) or SHORT_QUESTION
    return max(1, round(words / WORDS_A_MINUTE + len(steps) * TAP))


def _prompt(draft: Draft, event: Due) -> list[Ended]:
    """The day's prompt. The next one is booked whatever happens to this one."""
    tomorrow_first = from_micros(event.due_at) <= draft.moment.now
    book_prompt(draft, today=not tomorrow_first)
    if draft.member.known.lock is not None or not _is_timely(draft, event):
        return []
    book_day(draft)
    if _is_busy(draft):
        _postpone(draft, event)
        return []
    if trained_today(draft.member.known, draft.moment.day):
        return []
    if is_silent(draft.member):
        return note(draft)
    if draft.kit.exercises is Exercises.OFF:
        return begin_card(draft) if has_card(draft) else []
    ended = begin_day(draft)
    count_prompt(draft)
    standing = draft.member.open
    if standing is not None and standing.flow in TO_TRAIN:
        draft.record(PromptCame())
    return ended


def _courtesy(draft: Draft, event: Due) -> list[Ended]:
    """What the weeks bring beside the prompt: it waits for a talk that is warm, and lapses with it."""
    if _is_busy(draft):
        _postpone(draft, event)
        return []
    return begin_courtesy(draft, event.kind)


def _is_busy(draft: Draft) -> bool:
    """A safety question or a flow that may not be parked stands open, or a talk is warm, whatever it is about."""
    if draft.member.alarm is not None:
        return True
    state = draft.member.open
    flow = flow_named(state.flow) if state else None
    if flow is not None and not flow.parkable:
        return True
    return draft.moment.now - from_micros(draft.member.heard) < TALKING


def _postpone(draft: Draft, event: Due) -> None:
    """Ten minutes later, as the same appointment of the same day; after two hours it lapses."""
    due = draft.moment.now + TALKING
    if due - _first_due(draft, event) > STALE:
        return
    draft.set_appointment(Appointment(kind=event.kind, local_date=draft.moment.day, due=due))


def _first_due(draft: Draft, event: Due) -> datetime:
    """When the appointment stood before it was put off; of a prompt that is the member's own time."""
    due, chosen = from_micros(event.due_at), draft.member.known.prompt_time
    if event.kind != PROMPT or chosen is None:
        return due
    own = resolve(date.fromisoformat(event.local_date), time.fromisoformat(chosen), draft.moment.zone)
    return min(due, own)


ALWAYS: dict[str, Callable[[Draft], list[Ended]]] = {
    UNDECIDED: _undecided,
    UNANSWERED: _unanswered,
    FAREWELL: say_farewell,
    FORGETTING: forget,
    PAUSE_OVER: end_pause,
    CODE_OVER: hide_code,
}
PATIENT = {UNANSWERED, FAREWELL, FORGETTING, PAUSE_OVER}
IF_TIMELY: dict[str, Callable[[Draft], list[Ended]]] = {
    NIGHT_AFTER: ask_after_night,
    UNFINISHED: _unfinished,
}
