"""What follows a flow's end: flows that a command opened beside the day are settled here, the day's own in `agenda`."""

from bot.dialogue import agenda
from bot.dialogue.beside import trained_today
from bot.dialogue.conversation import Ended, end_early
from bot.dialogue.flows.mending import MENDING, Mended, Wrong
from bot.dialogue.flows.morning import MORNING
from bot.dialogue.flows.pausing import PAUSING
from bot.dialogue.flows.preferences import PREFERENCES
from bot.dialogue.flows.report import REPORT
from bot.dialogue.flows.telling import PAIN_TOLD, PROBLEM, STEPS_TOLD, WALK_TOLD
from bot.dialogue.mending import mended
from bot.dialogue.mornings import hear_morning
from bot.dialogue.preferring import prefer
from bot.dialogue.telling import go_back, hear_pain, hear_steps, hear_walk
from bot.dialogue.turn import Draft


def after(draft: Draft, ended: Ended) -> list[Ended]:
    """The next flow, or nothing."""
    match ended.flow:
        case PAIN_TOLD.name:
            return hear_pain(draft, ended.result)
        case WALK_TOLD.name:
            return hear_walk(draft, ended.result)
        case STEPS_TOLD.name:
            return hear_steps(draft, ended.result)
        case MORNING.name:
            return hear_morning(draft, ended.result)
        case MENDING.name:
            return _after_mending(draft, ended.result)
        case PREFERENCES.name:
            return prefer(draft, ended.result)
        case PROBLEM.name | REPORT.name | PAUSING.name:
            return _leave(draft, ended)
        case _:
            return agenda.after(draft, ended)


def _leave(draft: Draft, ended: Ended) -> list[Ended]:
    """Behind a problem or a report the day goes on; a pause ends what stood open."""
    if ended.flow != PAUSING.name:
        return go_back(draft)
    for slot in ("open", "parked"):
        end_early(draft, slot)
    return []


def _after_mending(draft: Draft, given: Mended) -> list[Ended]:
    """The right number is in its place: the day's offer is made anew from it, or what stood open comes back."""
    if mended(draft, given) and not trained_today(draft.member.known, draft.moment.day):
        return agenda.offer_session(draft)
    if given.what is Wrong.WALK:
        return hear_walk(draft, given.value)
    if given.what is Wrong.STEPS:
        return hear_steps(draft, given.value)
    return go_back(draft) if draft.member.open is None else []
