"""What waits for an answer stands below whatever else was said: nobody has to look for it further up."""

from bot.dialogue.conversation import SLOTS, Slot, show_again, state_in
from bot.dialogue.events import ButtonTapped, Event, TextReceived
from bot.dialogue.flows.clarify import CLARIFY
from bot.dialogue.text import text
from bot.dialogue.turn import Draft


def waiting_slot(draft: Draft) -> Slot | None:
    return next((slot for slot in SLOTS if slot != "parked" and state_in(draft, slot) is not None), None)


def keep_below(draft: Draft, event: Event) -> None:
    """At the end of a member's own turn: where something else was said last, or nothing at all, the question follows.

    A tap that did nothing is a double one and stays without an answer.
    """
    slot = waiting_slot(draft)
    state = None if slot is None else state_in(draft, slot)
    if slot is None or state is None or draft.erase or draft.member.bottom == state.card:
        return
    is_said = any(not message.only_edit for message in draft.messages)
    if is_said or _wants_an_answer(event):
        opened = draft.member.open
        is_beside_a_room = slot == "alarm" and not asks_about_alarm(draft) and opened is not None
        if not is_beside_a_room or opened is None or draft.member.bottom != opened.card:
            show_again(draft, slot)


def _wants_an_answer(event: Event) -> bool:
    if isinstance(event, ButtonTapped):
        return event.data.startswith("/")
    return isinstance(event, TextReceived) and not event.caption


def asks_about_alarm(draft: Draft) -> bool:
    """Words that may be an alarm have not been explained yet."""
    return draft.member.alarm is not None and draft.member.alarm.flow == CLARIFY.name


def explain_first(draft: Draft) -> None:
    """What was wished has to wait for that."""
    draft.send(draft.words(text("flow/later")))
    show_again(draft, "alarm")
