"""What follows a flow's end: flows that a command opened beside the day are settled here, the day's own in `agenda`."""

from collections.abc import Callable
from typing import Any

from bot.dialogue import agenda
from bot.dialogue.beside import trained_today
from bot.dialogue.conversation import Ended, end_early
from bot.dialogue.facts import ProfileAnswered
from bot.dialogue.flows.card import CARD
from bot.dialogue.flows.limits import LIMITS
from bot.dialogue.flows.mending import MENDING, Mended, Wrong
from bot.dialogue.flows.morning import MORNING
from bot.dialogue.flows.pausing import PAUSING
from bot.dialogue.flows.preferences import PREFERENCES
from bot.dialogue.flows.report import REPORT
from bot.dialogue.flows.round import ROUND, Refused
from bot.dialogue.flows.selftest import SELFTEST
from bot.dialogue.flows.telling import PAIN_TOLD, PROBLEM, STEPS_TOLD, WALK_TOLD
from bot.dialogue.flows.underage import UNDERAGE, Young
from bot.dialogue.measuring import hear_tests
from bot.dialogue.mending import mended
from bot.dialogue.mornings import hear_morning
from bot.dialogue.preferring import prefer
from bot.dialogue.telling import go_back, hear_pain, hear_steps, hear_walk
from bot.dialogue.turn import Draft


def after(draft: Draft, ended: Ended) -> list[Ended]:
    """The next flow, or nothing."""
    if ended.flow == REPORT.name and ended.result:
        draft.record(ProfileAnswered(field="concern_in", value=draft.channel))
    if ended.result is Refused.ROUND or ended.result is Young.YES:
        draft.turn_away()
        return []
    if ended.flow in {PROBLEM.name, REPORT.name, LIMITS.name, UNDERAGE.name}:
        return go_back(draft)
    if ended.flow in {CARD.name, ROUND.name} and draft.member.known.lock is None:
        return go_back(draft)
    if ended.flow == PAUSING.name:
        for slot in ("open", "parked"):
            end_early(draft, slot)
        return []
    hears = _HEARS.get(ended.flow)
    return agenda.after(draft, ended) if hears is None else hears(draft, ended.result)


def _after_mending(draft: Draft, given: Mended) -> list[Ended]:
    """The right number is in its place: the day's offer is made anew from it, or what stood open comes back."""
    if mended(draft, given) and not trained_today(draft.member.known, draft.moment.day):
        return agenda.offer_session(draft)
    if given.what is Wrong.WALK:
        return hear_walk(draft, given.value)
    if given.what is Wrong.STEPS:
        return hear_steps(draft, given.value)
    return go_back(draft) if draft.member.open is None else []


_HEARS: dict[str, Callable[[Draft, Any], list[Ended]]] = {
    PAIN_TOLD.name: hear_pain,
    WALK_TOLD.name: hear_walk,
    STEPS_TOLD.name: hear_steps,
    MORNING.name: hear_morning,
    MENDING.name: _after_mending,
    SELFTEST.name: hear_tests,
    PREFERENCES.name: prefer,
}
