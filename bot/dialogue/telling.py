"""What a member tells by a command or in a few words: pain, a walk, steps, a pause, a problem with the coach.

A number is kept at once. Much more pain than usual opens the hard day with its lists; what stood open comes back below.
"""

from datetime import date
from typing import TypeVar

from bot.coach.derived import usual_before
from bot.coach.walking import done_this_week, may_walk, quota_of, walk_today
from bot.dialogue.agenda import book_prompt, ease, is_ready, offer_session
from bot.dialogue.amounts import read_amount
from bot.dialogue.charts import week_summary
from bot.dialogue.commands import Called, Command
from bot.dialogue.conversation import SLOTS, Ended, end_early, follow, open_flow, show_again, state_in
from bot.dialogue.facts import PainReported, StatusChanged, WalkLogged
from bot.dialogue.flows.flare import FLARING
from bot.dialogue.flows.pausing import NOON, PAUSE_OVER, PAUSING, PauseStart
from bot.dialogue.flows.report import REPORT, ReportStart
from bot.dialogue.flows.session import HARD, SESSION
from bot.dialogue.flows.session_start import SCREEN
from bot.dialogue.flows.telling import (
    LONGEST_WALK,
    MOST_STEPS,
    PAIN_TOLD,
    PROBLEM,
    WALK_TOLD,
    ProblemStart,
    TellStart,
)
from bot.dialogue.history import history_of
from bot.dialogue.lock import forbidden
from bot.dialogue.locked import open_room
from bot.dialogue.member import Status
from bot.dialogue.messages import Kind
from bot.dialogue.numbers import parts_of
from bot.dialogue.planning import gate_now, walking_now
from bot.dialogue.progress import week_done
from bot.dialogue.quantities import parse_scale
from bot.dialogue.questions import SafetyChoice, SafetyList
from bot.dialogue.replay import LogMismatchError
from bot.dialogue.step_days import read_step_days
from bot.dialogue.steps import Book, FlowDef, OnDay
from bot.dialogue.text import Joined, Number, Text, text
from bot.dialogue.turn import Draft
from bot.dialogue.walks import week_of

S = TypeVar("S")
R = TypeVar("R")
BESIDE = frozenset(
    {
        "pain-told",
        "walk-told",
        "steps-told",
        "problem",
        "preferences",
        "pausing",
        "mending",
        "report",
        "selftest",
        "limits",
        "round",
    }
)
LONGEST_PAUSE = 90  # days
MUCH = 7  # from here on the doors to help stand below
_PAIN = frozenset({"schmerz", "schmerzen", "schmerzwert", "pain"})
_STEPS = frozenset({"schritte", "steps"})
_WALKED = frozenset({"gegangen", "gelaufen", "spaziert", "spazieren", "spaziergang", "walk", "walked", "walking"})


def read_told(typed: str) -> Called | None:
    """`Schmerz 6`, `20 Minuten gegangen`, `6000 steps`: a few words that tell exactly one of these numbers.

    Or lines of an export with steps, a day each.
    """
    words = frozenset(parts_of(typed))
    if words & _PAIN and parse_scale(typed, 0, 10) is not None:
        return Called(Command.PAIN, typed)
    if read_step_days(typed) is not None:
        return Called(Command.STEPS, typed)
    if words & _STEPS and read_amount(typed, 1, MOST_STEPS) is not None:
        return Called(Command.STEPS, typed)
    if words & _WALKED and read_amount(typed, 1, LONGEST_WALK) is not None:
        return Called(Command.WALK, typed)
    return None


def first(draft: Draft, *, moving: bool = False) -> list[Ended] | None:
    """What stands before a wish: a lock's text where it is about moving, and unfinished safety questions always."""
    known = draft.member.known
    if known.lock is not None:
        return open_room(draft) if moving and Kind.WALKING in forbidden(known) else None
    if is_ready(draft) and not _waits_for_safety(draft):
        return None
    if draft.member.open is None:
        return offer_session(draft)  # which asks what is missing
    draft.send(draft.words(text("flow/later")))
    show_again(draft, "open")
    return []


def _waits_for_safety(draft: Draft) -> bool:
    state = draft.member.open
    if state is None:
        return False
    try:
        waiting = follow(state).waiting
    except LogMismatchError:
        return False
    return waiting is not None and isinstance(waiting.question, SafetyList | SafetyChoice)


def begin_pain(draft: Draft, argument: str) -> list[Ended]:
    """A pain number at any time; under a grave lock the room's own text."""
    before = first(draft, moving=True)
    if before is not None:
        return before
    value = parse_scale(argument, 0, 10)
    if value is None:
        return open_beside(draft, PAIN_TOLD, TellStart())
    draft.record(PainReported(when="now", value=value))
    return hear_pain(draft, value, links=("mistyped", "progress"))


def hear_pain(draft: Draft, value: int, *, links: tuple[str, ...] = ("progress",)) -> list[Ended]:
    """What a number leads to: on a hard day its lists, else one line, and the day's offer made anew from it."""
    library = draft.kit.library
    usual = usual_before(history_of(draft.member.known, library), draft.moment.day.toordinal(), library.thresholds)
    offered = _withdraw_offer(draft)
    if is_hard(draft, value, usual) and not _eases(draft):
        return ease(draft, said=False)
    compared = usual is not None and len(draft.member.known.pains) > 1  # the first number is its own usual
    noted = text("pain/noted-usual", usual=Number(f"{usual:g}")) if compared else text("pain/noted")
    doors = ("hurts", "news") if value >= MUCH else ()
    draft.send(draft.words(noted), buttons=draft.link_rows((*doors, *links)))
    if offered:
        return offer_session(draft)
    return go_back(draft)


def _eases(draft: Draft) -> bool:
    """Whether a hard day's gentle things stand open. They end where the number asks for the lists once more."""
    slots = [slot for slot in SLOTS if (state := state_in(draft, slot)) is not None and state.flow == FLARING.name]
    if gate_now(draft.member, draft.moment, draft.kit) != SCREEN:
        return bool(slots)
    for slot in slots:
        end_early(draft, slot)
    return False


def is_hard(draft: Draft, value: int, usual: float | None) -> bool:
    """The gate's word, and the number lies above the usual: a calm number on a flare-up's second day stays a number."""
    if not is_ready(draft) or (usual is not None and value <= usual):
        return False
    return gate_now(draft.member, draft.moment, draft.kit) in HARD


def _withdraw_offer(draft: Draft) -> bool:
    """An offer nobody has answered was made without this number."""
    for slot in ("open", "parked"):
        state = draft.member.open if slot == "open" else draft.member.parked
        if state is not None and state.flow == SESSION.name and not state.answers:
            end_early(draft, slot)
            return True
    return False


def begin_walk(draft: Draft, argument: str) -> list[Ended]:
    """Minutes walked. Walking is talked about unless a grave lock forbids it."""
    before = first(draft, moving=True)
    if before is not None:
        return before
    minutes = read_amount(argument, 1, LONGEST_WALK)
    if minutes is None:
        return open_beside(draft, WALK_TOLD, _walk_start(draft))
    draft.record(WalkLogged(minutes=minutes))
    return hear_walk(draft, minutes)


def hear_walk(draft: Draft, minutes: int) -> list[Ended]:
    walked = week_of(walking_now(draft.member, draft.moment, draft.kit))
    parts = (_week(draft), *((walked,) if walked is not None else ()))
    return hear_movement(draft, text("walk/noted", minutes=minutes, week=Joined(parts)))


def _walk_start(draft: Draft) -> TellStart:
    """With today's walk and the week's quota, where there is one."""
    walking = walking_now(draft.member, draft.moment, draft.kit)
    if not may_walk(walking):
        return TellStart()
    return TellStart(today=walk_today(walking), done=done_this_week(walking), planned=quota_of(walking))


def hear_steps(draft: Draft, steps: int) -> list[Ended]:
    return hear_movement(draft, text("steps/noted", steps=steps, week=_week(draft)))


def hear_movement(draft: Draft, noted: Text) -> list[Ended]:
    draft.send(draft.words(noted), buttons=draft.link_rows(("mistyped", "progress")), kind=Kind.WALKING)
    return go_back(draft)


def _week(draft: Draft) -> Text:
    return week_summary(week_done(draft.member.known, draft.kit.library, draft.moment.day))


def begin_pause(draft: Draft, argument: str) -> list[Ended]:
    """How long and why; `/pause 7` names the days."""
    days = read_amount(argument.casefold().replace("tage", "").replace("days", ""), 1, LONGEST_PAUSE)
    start = PauseStart(
        today=draft.moment.day.isoformat(),
        clock=draft.member.known.prompt_time or "",
        days=days or 0,
        doctor=draft.help_numbers.doctor,
    )
    before = first(draft)
    return open_beside(draft, PAUSING, start) if before is None else before


def end_pause(draft: Draft) -> list[Ended]:
    """The last day has come: the coach is there again. Under a lock it says nothing of its own."""
    pause = draft.member.known.pause
    if draft.member.status is not Status.PAUSED or pause is None or not pause.until:
        return []
    left = (date.fromisoformat(pause.until) - draft.moment.day).days
    if left > 0:  # the clock was wrong when this was booked
        draft.book(Book(kind=PAUSE_OVER, when=OnDay(NOON, left)))
        return []
    draft.record(StatusChanged(status=Status.ACTIVE.value))
    if draft.member.known.lock is not None:
        return []
    book_prompt(draft)
    draft.send(draft.words(text("pause/over")), buttons=draft.link_rows(("today", "pause")))
    return []


def begin_problem(draft: Draft) -> list[Ended]:
    """Something about the coach; the safety questions come first."""
    operator = draft.kit.operator
    start = ProblemStart(operator=operator.name, contact="" if operator.demo else operator.contact)
    before = first(draft)
    return open_beside(draft, PROBLEM, start) if before is None else before


def begin_report(draft: Draft) -> list[Ended]:
    """Two pages for a practice, also while a lock stands: then most of all."""
    before = first(draft)
    return open_beside(draft, REPORT, ReportStart(channel=draft.channel)) if before is None else before


def open_beside(draft: Draft, flow: FlowDef[S, R], start: S) -> list[Ended]:
    """A short flow beside the day: it takes the place of another one like it, and only the day's own is set aside."""
    standing = draft.member.open
    if standing is not None and standing.flow in BESIDE:
        end_early(draft, "open")
    return open_flow(draft, flow, start)


def go_back(draft: Draft) -> list[Ended]:
    """To what stood open before: asked again below. What was begun under an older safety revision is not resumed."""
    if draft.member.alarm is not None:
        show_again(draft, "alarm")
        return []
    parked = draft.member.parked
    if parked is not None and parked.revision != draft.member.known.safety_revision:
        end_early(draft, "parked")
    if draft.member.open is None and draft.member.parked is not None:
        draft.change(open=draft.member.parked, parked=None)
    if draft.member.open is not None:
        show_again(draft, "open")
    return []


__all__ = [
    "PAUSE_OVER",
    "begin_pain",
    "begin_pause",
    "begin_problem",
    "begin_walk",
    "end_pause",
    "first",
    "go_back",
    "hear_movement",
    "hear_pain",
    "hear_steps",
    "hear_walk",
    "is_hard",
    "open_beside",
    "read_told",
]
