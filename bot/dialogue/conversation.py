"""Flows under way: open, answer, go back, show again, set aside, end. The engine's middle, on top of `replay`."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal, TypeAlias, TypeVar

from pydantic import ValidationError

from bot.dialogue.flows.registry import flow_named
from bot.dialogue.member import FlowState, adapter_for
from bot.dialogue.messages import Kind
from bot.dialogue.presentation import answer_line, question_rows, word_count
from bot.dialogue.questions import ListAnswer, Many, Marked, Place, Question, SafetyList
from bot.dialogue.replay import Answered, LogMismatchError, Replayed, Run, run
from bot.dialogue.steps import Ask, Book, Cancel, FlowDef, Record, Say, Step
from bot.dialogue.text import Text, text
from bot.dialogue.turn import AtHand, Draft
from bot.library.quick import altered

S = TypeVar("S")
R = TypeVar("R")
Slot: TypeAlias = Literal["alarm", "open", "parked"]
SLOTS: tuple[Slot, ...] = ("alarm", "open", "parked")
READING_MS_PER_WORD = 60  # faster than this nobody has read a list (EXPERIENCE, "The first four minutes")


@dataclass(frozen=True, slots=True)
class Ended:
    """A flow that came to its end in this turn."""

    flow: str
    result: Any


@dataclass(frozen=True, slots=True)
class _Card:
    """The message that carried the last question, and the line it becomes."""

    row: int
    line: str
    editable: bool
    links: tuple[str, ...] = ()


def state_in(draft: Draft, slot: Slot) -> FlowState | None:
    state: FlowState | None = getattr(draft.member, slot)
    return state


def _put(draft: Draft, slot: Slot, state: FlowState | None) -> None:
    draft.change(**{slot: state})


def follow(state: FlowState) -> Replayed:
    """Run a stored flow over its log. Raises `LogMismatchError` when code or start values no longer fit."""
    return _run(state).replayed


def _run(state: FlowState) -> Run:
    flow = flow_named(state.flow)
    if flow is None:
        raise LogMismatchError(f"no flow {state.flow!r}")
    return run(flow.body(_start_of(flow, state.start)), state.answers)


@lru_cache(maxsize=256)  # a session's is about fifteen kilobytes; a flow at hand does not ask
def _start_of(flow: FlowDef[Any, Any], start: str) -> Any:
    """Starts are frozen plain values: the same text gives the same start, and most turns read it again."""
    try:
        return adapter_for(flow.start).validate_json(start)
    except ValidationError:
        raise LogMismatchError(f"start values of {flow.name!r} no longer fit") from None


def waiting_in(draft: Draft, state: FlowState) -> Ask | None:
    """The open question; the run stays at hand for its answer, so that no turn replays a flow that was at hand."""
    if not _stands_at(draft.run, state):
        draft.run = (state, _run(state))
    return draft.run[1].replayed.waiting if draft.run is not None else None


def _stands_at(at_hand: AtHand | None, state: FlowState) -> bool:
    """Whether it is this very run, begun with these values, after these very answers."""
    if at_hand is None:
        return False
    kept = at_hand[0]
    return kept.run == state.run and kept.answers is state.answers and kept.start == state.start


def _answered(draft: Draft, before: FlowState, after: FlowState) -> Run:
    """The flow after one more answer."""
    at_hand, draft.run = draft.run, None
    if at_hand is not None and _stands_at(at_hand, before):
        return at_hand[1].go_on(after.answers[-1])
    return _run(after)


def open_flow(draft: Draft, flow: FlowDef[S, R], start: S, slot: Slot = "open") -> list[Ended]:
    """Begin a flow. What stands open is parked."""
    if state_in(draft, slot) is not None:
        _make_room(draft, slot)
    state = FlowState(
        flow=flow.name,
        start=adapter_for(flow.start).dump_json(start).decode(),
        run=draft.take_id(),
        revision=draft.member.known.safety_revision,
        opened=draft.moment.micros,
    )
    return _advance(draft, slot, state, run(flow.body(start), ()), None)  # as it will be read (tested for every start)


def _make_room(draft: Draft, slot: Slot) -> None:
    """Park what stands open; an older parked flow and a standing alarm question end by their own rule."""
    if slot != "open":
        end_early(draft, slot)
        return
    end_early(draft, "parked")
    draft.change(parked=draft.member.open, open=None)


def answer(draft: Draft, slot: Slot, ask: Ask, value: Any) -> list[Ended]:
    """Log an answer and let the flow go on. `value` is typed by the question, `None` when it was skipped."""
    state = state_in(draft, slot)
    if state is None:
        return []
    question = ask.question
    value = _with_haste(draft, state, value)
    logged = Answered(
        question=question.id,
        fingerprint=question.fingerprint,
        value=None if value is None else question.dump(value),
        at=draft.moment.micros,
        channel=draft.channel,
    )
    card = None
    if state.card is not None:
        editable = draft.in_place and draft.member.bottom == state.card and question.picture is None
        line = answer_line(draft, question, value)
        mendable = question.mend
        card = _Card(state.card, line, editable and not mendable, links=("mistyped",) if mendable else ())
    later = altered(state, answers=(*state.answers, logged), draft=(), card=None)
    return _advance(draft, slot, later, _answered(draft, state, later), card)


def _with_haste(draft: Draft, state: FlowState, value: Any) -> Any:
    if isinstance(value, ListAnswer) and value.marked is Marked.NONE:
        elapsed_ms = (draft.moment.micros - state.asked_at) / 1000
        return altered(value, hasty=0 <= elapsed_ms < READING_MS_PER_WORD * state.asked_words)
    return value


def back(draft: Draft, slot: Slot) -> None:
    """Drop the last answer and ask its question again. Never crosses what took effect at once."""
    state = state_in(draft, slot)
    if state is None or len(state.answers) <= state.floor:
        return
    state = altered(state, answers=state.answers[:-1], draft=())
    waiting = follow(state).waiting
    if waiting is not None:
        state = altered(state, draft=_marks_of(waiting.question))
        _present(draft, slot, state, waiting, _reusable(draft, state, waiting))


def show_again(draft: Draft, slot: Slot, hint: Text | None = None) -> None:
    """Ask the open question again below, with a hint; the old message loses its buttons."""
    state = state_in(draft, slot)
    if state is None:
        return
    waiting = follow(state).waiting
    if waiting is None:
        return
    if state.card is not None:
        draft.edit(state.card, draft.words(waiting.question.text))
    _present(draft, slot, state, waiting, None, hint)


def mark(draft: Draft, slot: Slot, ask: Ask, option: str) -> None:
    """Toggle a mark of a multi-select; the marks are a draft until Done."""
    state = state_in(draft, slot)
    if state is None:
        return
    marks = tuple(m for m in state.draft if m != option) if option in state.draft else (*state.draft, option)
    state = altered(state, draft=marks)
    if state.card is not None and ask.question.kind is Kind.EMERGENCY:
        draft.edit(state.card, draft.words(ask.question.text))
    _present(draft, slot, state, ask, _reusable(draft, state, ask))


def end_early(draft: Draft, slot: Slot) -> None:
    """End a flow by its own rule: some keep what was answered so far, others leave nothing behind."""
    state = state_in(draft, slot)
    if state is None:
        return
    _put(draft, slot, None)
    flow = flow_named(state.flow)
    try:
        so_far = follow(state)
    except LogMismatchError:
        return
    if state.card is not None and so_far.waiting is not None:
        draft.edit(state.card, draft.words(so_far.waiting.question.text))
    if flow is not None and flow.keeps:
        _collect(draft, state, so_far)
        for fact in flow.leftover(tuple(step for steps in so_far.steps for step in steps)):
            draft.record(fact, state.answers[-1].at if state.answers else state.opened)


def start_over(draft: Draft, slot: Slot) -> list[Ended]:
    """A log that no longer fits is set aside; the flow begins again with its own start values if those still fit."""
    state = state_in(draft, slot)
    if state is None:
        return []
    _put(draft, slot, None)
    flow = flow_named(state.flow)
    if flow is None:
        return []
    try:
        start = _start_of(flow, state.start)
    except LogMismatchError:
        return []
    draft.send(draft.words(text("flow/starts-over")))
    return open_flow(draft, flow, start, slot)


def _marks_of(question: Question[Any]) -> tuple[str, ...]:
    """What is marked before anything is tapped."""
    return tuple(option.value for option in question.marked) if isinstance(question, Many) else ()


def _reusable(draft: Draft, state: FlowState, ask: Ask) -> int | None:
    same_place = draft.in_place and state.card is not None and draft.member.bottom == state.card
    return state.card if same_place and (ask.question.picture is None or state.pictured) else None


def _is_edit(question: Question[Any]) -> bool:
    """Whether it may take the place of the card; what is urgent is always a new message, and the old one its answer."""
    return question.picture is None and question.kind is not Kind.EMERGENCY


def _advance(draft: Draft, slot: Slot, state: FlowState, run: Run, card: _Card | None) -> list[Ended]:
    progress = run.replayed
    waiting = progress.waiting
    silent_steps = not any(isinstance(step, Say) for step in progress.new)
    in_card = waiting is not None and waiting.question.place is Place.CARD and _is_edit(waiting.question)
    reuse = card.row if card is not None and card.editable and silent_steps and in_card else None
    if card is not None and reuse is None:
        draft.edit(card.row, card.line, card.links)
    if _perform(draft, progress.new):
        state = altered(state, floor=len(state.answers))
    if waiting is not None:
        state = altered(state, revision=draft.member.known.safety_revision, draft=_marks_of(waiting.question))
        _present(draft, slot, state, waiting, reuse)
        draft.run = (state, run)
        return []
    _put(draft, slot, None)
    _collect(draft, state, progress)
    return [Ended(state.flow, progress.result)]


def _perform(draft: Draft, steps: tuple[Step, ...]) -> bool:
    """Say what is said and let take effect what takes effect at once; true if anything did."""
    effective = False
    for step in steps:
        match step:
            case Say():
                _say(draft, step)
            case Record(fact=fact, at_once=True):
                draft.record(fact)
                effective = True
            case Book(at_once=True):
                draft.book(step)
            case Cancel(kind=kind, at_once=True):
                draft.drop_appointments(kind)
            case _:
                pass
    return effective


def _say(draft: Draft, step: Say) -> None:
    draft.send(
        draft.words(step.text),
        buttons=draft.link_rows(step.links),
        picture=step.picture and draft.described(step.picture),
        kind=step.kind,
        priority=step.priority,
        where=step.where,
        push=None if step.push is None else draft.words(step.push),
        file=step.file,
    )


def _collect(draft: Draft, state: FlowState, progress: Replayed) -> None:
    """Write the facts and appointments of all steps, each with the time of the answer that led to it."""
    for index, steps in enumerate(progress.steps):
        at = state.opened if index == 0 else state.answers[index - 1].at
        for step in steps:
            match step:
                case Record(fact=fact, at_once=False):
                    draft.record(fact, at)
                case Book(at_once=False):
                    draft.book(step, at)
                case Cancel(kind=kind, at_once=False):
                    draft.drop_appointments(kind)
                case _:
                    pass


def _present(
    draft: Draft, slot: Slot, state: FlowState, ask: Ask, replaces: int | None, hint: Text | None = None
) -> None:
    question = ask.question
    words = draft.words(question.text)
    if question.corner is not None:
        step, of = question.corner
        words = f"{words}\n\n{draft.words(text('card/corner', step=step, of=of))}"
    if hint is not None:
        words = f"{draft.words(hint)}\n\n{words}"
    row = draft.send(
        words,
        buttons=question_rows(draft, state, ask),
        picture=question.picture and draft.described(question.picture),
        kind=question.kind,
        replaces=replaces,
        silent=question.silent,
        numbered=question.numbered,
        reactions=question.reactable,
    )
    _put(
        draft,
        slot,
        altered(
            state,
            card=row,
            asked_at=draft.moment.micros,
            asked_words=word_count(words) if isinstance(question, SafetyList) else 0,
            pictured=question.picture is not None,
        ),
    )
