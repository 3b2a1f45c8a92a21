"""Questions of a day that is over: what is asked in the morning or in a session means the day it was asked on."""

from bot.dialogue.contact import NOON
from bot.dialogue.conversation import SLOTS, end_early, state_in
from bot.dialogue.flows.clearing import CLEARANCE
from bot.dialogue.flows.desk import DESK_BREAK
from bot.dialogue.flows.ending import ENDING
from bot.dialogue.flows.lists import LISTS
from bot.dialogue.flows.morning import MORNING
from bot.dialogue.flows.session import SESSION
from bot.dialogue.flows.week import WEEK
from bot.dialogue.member import FlowState
from bot.dialogue.moment import Moment, from_micros
from bot.dialogue.portioning import PORTION_FLOWS
from bot.dialogue.turn import Draft

OVER_MIDNIGHT = frozenset({SESSION.name, ENDING.name, LISTS.name, WEEK.name, CLEARANCE.name})
OF_A_DAY = OVER_MIDNIGHT | {MORNING.name, DESK_BREAK.name, *PORTION_FLOWS}
AT_IT = 3600 * 1_000_000  # microseconds since the question, within which somebody is still at it


def expire_stale(draft: Draft) -> None:
    """An old morning tap never counts for today; what yesterday left ends by its own rule, if nobody is at it."""
    for slot in SLOTS:
        state = state_in(draft, slot)
        if state is not None and _is_over(state, draft.moment):
            end_early(draft, slot)


def _is_over(state: FlowState, moment: Moment) -> bool:
    if state.flow not in OF_A_DAY:
        return False
    opened = Moment(from_micros(state.opened), moment.zone)
    if opened.day != moment.day:
        return state.flow not in OVER_MIDNIGHT or moment.micros - state.asked_at > AT_IT
    return state.flow == MORNING.name and moment.local.time() >= NOON
