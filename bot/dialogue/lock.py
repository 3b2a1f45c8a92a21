"""The lock: one function, at the end of every turn, for every channel.

What a disposition forbids leaves neither this turn nor the outbox, and its appointments are gone. An alarm that only
asks holds messages back and cancels nothing until it is answered.
"""

from bot.coach.disposition import Disposition, forbids
from bot.dialogue.conversation import Slot, end_early, follow, state_in
from bot.dialogue.flows.clearing import CLEARANCE
from bot.dialogue.flows.disposed import DISPOSED
from bot.dialogue.flows.registry import flow_named
from bot.dialogue.member import Known
from bot.dialogue.messages import Kind
from bot.dialogue.replay import LogMismatchError
from bot.dialogue.turn import Draft

ABOUT_MOVING = frozenset(Kind(kind) for kind in forbids(Disposition.EMERGENCY))
_BENEATH: tuple[Slot, ...] = ("open", "parked")
COURTESY_KINDS = ("prompt", "week", "desk-1", "desk-2", "desk-later")


def forbidden(known: Known) -> frozenset[Kind]:
    """The kinds of messages the present lock forbids."""
    if known.lock is None:
        return frozenset()
    return frozenset(Kind(kind) for kind in forbids(Disposition(known.lock.disposition)))


def enforce(draft: Draft, before: Known) -> None:
    """Drop what is forbidden now; `before` is what was known when the turn began."""
    known = draft.member.known
    kinds = forbidden(known)
    room = draft.member.alarm
    if known.lock is None and room is not None and room.flow == DISPOSED.name:
        end_early(draft, "alarm")  # what the lists asked on has opened it
    if kinds:
        draft.messages = [message for message in draft.messages if message.kind not in kinds]
        draft.withdraw |= kinds
        for kind in COURTESY_KINDS:
            draft.drop_appointments(kind)
        _end_forbidden_flows(draft, kinds)
        if known.lock != before.lock:
            _end_clearance(draft)
    elif known.safety_revision != before.safety_revision:
        end_outdated(draft, "parked")
        # While an alarm asks, nothing is cancelled.
        if draft.member.alarm is None and _minded(known) != _minded(before):
            end_outdated(draft, "open")


def _minded(known: Known) -> tuple[object, ...]:
    """What an exercise was chosen by, as far as it is about safety."""
    return known.disposition, known.tags, known.answers, known.once


def _end_forbidden_flows(draft: Draft, kinds: frozenset[Kind]) -> None:
    for slot in _BENEATH:
        state = state_in(draft, slot)
        flow = flow_named(state.flow) if state else None
        if flow is not None and flow.kind in kinds and not _asks_which_line(draft, slot):
            end_early(draft, slot)


def _end_clearance(draft: Draft) -> None:
    """What a practice said before another lock came opens that one neither sooner nor without its own visit."""
    for slot in _BENEATH:
        state = state_in(draft, slot)
        if state is not None and state.flow == CLEARANCE.name and state.revision != draft.member.known.safety_revision:
            end_early(draft, slot)


def _asks_which_line(draft: Draft, slot: Slot) -> bool:
    """The lists within this flow have locked for now and ask on: only their answer tells what the lock becomes."""
    lock, state = draft.member.known.lock, state_in(draft, slot)
    if slot != "open" or state is None or lock is None or not lock.provisional:
        return False
    try:
        waiting = follow(state).waiting
    except LogMismatchError:
        return False
    return waiting is not None and waiting.question.kind is Kind.EMERGENCY


def end_outdated(draft: Draft, slot: Slot) -> bool:
    """A flow begun under an older safety revision ends by its own rule instead of resuming; true if it did.

    What stands open ends only if it is about moving: lists and questions lead to what is safe, and are gone through.
    """
    state = state_in(draft, slot)
    if state is None or state.revision == draft.member.known.safety_revision:
        return False
    flow = flow_named(state.flow)
    if slot == "open" and (flow is None or flow.kind not in ABOUT_MOVING):
        return False
    end_early(draft, slot)
    return True
