"""What follows a flow's end: flows that a command opened beside the day are settled here, the day's own in `agenda`."""

from bot.dialogue import agenda
from bot.dialogue.conversation import Ended, end_early
from bot.dialogue.flows.morning import MORNING
from bot.dialogue.flows.pausing import PAUSING
from bot.dialogue.flows.preferences import PREFERENCES
from bot.dialogue.flows.report import REPORT
from bot.dialogue.flows.telling import PAIN_TOLD, PROBLEM, STEPS_TOLD, WALK_TOLD
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
        case PROBLEM.name | REPORT.name:
            return go_back(draft)
        case PREFERENCES.name:
            return prefer(draft, ended.result)
        case PAUSING.name:
            for slot in ("open", "parked"):
                end_early(draft, slot)
            return []
        case _:
            return agenda.after(draft, ended)
