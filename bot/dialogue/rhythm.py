"""What follows flows that the weeks bring. Those of the day are `agenda`'s, those of commands `ending`'s."""

from bot.dialogue import agenda, ending
from bot.dialogue.conversation import Ended
from bot.dialogue.flows.note import NOTE, Noted
from bot.dialogue.turn import Draft


def after(draft: Draft, ended: Ended) -> list[Ended]:
    """What follows a flow's end, whichever it was."""
    match ended.flow:
        case NOTE.name:
            return _after_note(draft, ended.result)
        case _:
            return ending.after(draft, ended)


def _after_note(draft: Draft, wanted: Noted) -> list[Ended]:
    match wanted:
        case Noted.MINUTE:
            return agenda.offer_session(draft, minute=True)
        case Noted.FLARE:
            return agenda.begin_flare(draft)
        case _:
            return []
