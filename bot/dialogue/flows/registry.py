"""All flows by name. A stored flow is found here; one that is gone starts over politely."""

from typing import Any

from bot.dialogue.flows.bother import BOTHER
from bot.dialogue.flows.card import CARD
from bot.dialogue.flows.changes import CHANGES
from bot.dialogue.flows.clarify import CLARIFY
from bot.dialogue.flows.clearing import CLEARANCE
from bot.dialogue.flows.desk import DESK_BREAK
from bot.dialogue.flows.disposed import CORRECTION, DISPOSED, FOLLOW_UP
from bot.dialogue.flows.ending import ENDING
from bot.dialogue.flows.flare import FLARING
from bot.dialogue.flows.limits import LIMITS
from bot.dialogue.flows.link import LINKING
from bot.dialogue.flows.lists import LISTS
from bot.dialogue.flows.maintaining import MAINTAINING
from bot.dialogue.flows.mending import MENDING
from bot.dialogue.flows.morning import MORNING
from bot.dialogue.flows.note import NOTE
from bot.dialogue.flows.onboarding import ONBOARDING
from bot.dialogue.flows.pausing import PAUSING
from bot.dialogue.flows.portion_help import PORTION_HELP
from bot.dialogue.flows.portion_mood import PORTION_MOOD
from bot.dialogue.flows.portion_person import PORTION_PERSON
from bot.dialogue.flows.portion_place import PORTION_PLACE
from bot.dialogue.flows.portion_rhythm import PORTION_RHYTHM
from bot.dialogue.flows.portion_safety import PORTION_SAFETY
from bot.dialogue.flows.portion_taste import PORTION_TASTE
from bot.dialogue.flows.portion_usual import PORTION_USUAL
from bot.dialogue.flows.preferences import PREFERENCES
from bot.dialogue.flows.relief import NIGHT, RELIEF
from bot.dialogue.flows.report import REPORT
from bot.dialogue.flows.round import ROUND
from bot.dialogue.flows.round_joining import ROUND_JOIN
from bot.dialogue.flows.screening import SCREENING
from bot.dialogue.flows.selftest import SELFTEST
from bot.dialogue.flows.session import SESSION
from bot.dialogue.flows.settings import ERASING, STOPPING
from bot.dialogue.flows.telling import PAIN_TOLD, PROBLEM, STEPS_TOLD, WALK_TOLD
from bot.dialogue.flows.underage import UNDERAGE
from bot.dialogue.flows.week import WEEK
from bot.dialogue.steps import FlowDef

FLOWS: dict[str, FlowDef[Any, Any]] = {
    flow.name: flow
    for flow in (
        BOTHER,
        MAINTAINING,
        CARD,
        CHANGES,
        CLARIFY,
        CLEARANCE,
        CORRECTION,
        DESK_BREAK,
        DISPOSED,
        ENDING,
        ERASING,
        FLARING,
        FOLLOW_UP,
        LIMITS,
        LINKING,
        LISTS,
        MENDING,
        MORNING,
        NIGHT,
        NOTE,
        ONBOARDING,
        PAIN_TOLD,
        PAUSING,
        PREFERENCES,
        PORTION_HELP,
        PORTION_MOOD,
        PORTION_PERSON,
        PORTION_PLACE,
        PORTION_RHYTHM,
        PORTION_SAFETY,
        PORTION_TASTE,
        PORTION_USUAL,
        PROBLEM,
        RELIEF,
        REPORT,
        ROUND,
        ROUND_JOIN,
        SCREENING,
        SELFTEST,
        SESSION,
        STEPS_TOLD,
        STOPPING,
        UNDERAGE,
        WEEK,
        WALK_TOLD,
    )
}


def flow_named(name: str) -> FlowDef[Any, Any] | None:
    return FLOWS.get(name)
