"""An offer of exercises that waited is planned anew before it begins."""

from dataclasses import replace
from datetime import timedelta

from bot.dialogue.agenda import is_ready
from bot.dialogue.flows.session import SESSION
from bot.dialogue.member import FlowState, adapter_for
from bot.dialogue.moment import from_micros
from bot.dialogue.planning import RestDay, plan_session, waiting_now
from bot.dialogue.quoting import greeted
from bot.dialogue.session_start import WAIT
from bot.dialogue.turn import Draft

OFFER_LIVES = timedelta(hours=1)


def renew_offer(draft: Draft) -> bool:
    """An offer that stood for over an hour is planned anew before it begins; false: nothing may begin any more.

    So is one that left out what has rested for 48 hours meanwhile: prompts come at the minute, sessions do not.
    """
    state = draft.member.open
    if state is None or state.flow != SESSION.name or state.answers:
        return True
    is_new = draft.moment.now - from_micros(state.opened) <= OFFER_LIVES
    if is_new and not _has_rested_since(draft, state):
        return True
    planned = plan_session(draft.member, draft.moment, draft.kit) if is_ready(draft) else RestDay()
    if isinstance(planned, RestDay):
        return False
    start = adapter_for(SESSION.start).dump_json(greeted(draft, planned)).decode()
    draft.change(open=replace(state, start=start, opened=draft.moment.micros))
    return True


def _has_rested_since(draft: Draft, state: FlowState) -> bool:
    """Whether something that waited when the offer was made need not wait any more."""
    if f'"{WAIT}"' not in state.start:
        return False  # nothing waited; most offers are answered at once, and reading one costs as much as the turn
    offered = adapter_for(SESSION.start).validate_json(state.start)
    waited = {change.exercise for change in offered.changes if change.change == WAIT}
    return bool(waited) and not waited <= waiting_now(draft.member, draft.moment, draft.kit)
