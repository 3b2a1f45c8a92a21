"""The service ends: one kind last note, with the day on which everything is erased and the way to one's data."""

from datetime import date, time

from bot.dialogue.appointments import Appointment, Nature
from bot.dialogue.conversation import Ended
from bot.dialogue.dates import date_text
from bot.dialogue.events import Due
from bot.dialogue.member import Status
from bot.dialogue.messages import Priority
from bot.dialogue.text import text
from bot.dialogue.turn import Draft
from bot.dialogue.whose import run_by

GOODBYE = "goodbye"  # the appointment's date is the last day; the operator books it, see `runtime/goodbye`
_AT = time(10)


def say_goodbye(draft: Draft, event: Due) -> list[Ended]:
    """Whoever is paused or locked must know it too; whoever wants nothing any more hears nothing.

    It goes out as an answer does, because prompts are held back from those; not at night.
    """
    last = date.fromisoformat(event.local_date)
    if draft.member.status in {Status.NEW, Status.LEFT} or draft.moment.day >= last:
        return []
    if draft.moment.is_quiet():
        days = 0 if draft.moment.local.time() < _AT else 1
        due = draft.moment.at(_AT, days)
        draft.set_appointment(Appointment(kind=GOODBYE, local_date=last, due=due, nature=Nature.SAFETY))
        return []
    words = text(
        "goodbye/text", operator=run_by(draft.kit.operator.name), day=date_text(last), emergency=draft.emergency_number
    )
    draft.send(draft.words(words), buttons=draft.link_rows(("export",)), priority=Priority.ANSWER)
    return []
