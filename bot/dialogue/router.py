"""Decides what an event is for: alarm in free text first, then a command, the waiting question, else small talk."""

from typing import Any

from bot.coach.alarm import Alarm, AlarmLevel, Certainty
from bot.dialogue.agenda import greet, is_ready, offer_session
from bot.dialogue.amounts import Amount
from bot.dialogue.below import asks_about_alarm, explain_first, waiting_slot
from bot.dialogue.commanding import obey, opt_out, say_unknown
from bot.dialogue.commands import Called, Command, is_opt_out, is_slashed, read_command, read_name
from bot.dialogue.conversation import (
    SLOTS,
    Ended,
    Slot,
    answer,
    back,
    end_early,
    mark,
    show_again,
    start_over,
    state_in,
    waiting_in,
)
from bot.dialogue.events import ButtonTapped, MediaReceived, TextReceived
from bot.dialogue.facts import AlarmRaised, ListsDue
from bot.dialogue.flows.disposed import MISTAKE_WINDOW_S
from bot.dialogue.flows.registry import flow_named
from bot.dialogue.lock import ABOUT_MOVING
from bot.dialogue.locked import begin_clarify, dispose, is_correction_over, open_room
from bot.dialogue.member import FlowState
from bot.dialogue.messages import Kind
from bot.dialogue.own_words import Named, OwnWords
from bot.dialogue.presentation import BACK, DONE, SKIP, Tap, check_of, read_tap
from bot.dialogue.questions import Choice, Many, Question, SafetyChoice, SafetyList, Scale, TimeOfDay
from bot.dialogue.renewing import renew_offer
from bot.dialogue.replay import LogMismatchError
from bot.dialogue.round_questions import FirstDay
from bot.dialogue.steps import Ask
from bot.dialogue.talking import say_topic, topic_of
from bot.dialogue.telling import read_told
from bot.dialogue.text import Text, text
from bot.dialogue.turn import Draft
from bot.dialogue.typed import label_named, link_named, link_typed, token_named
from bot.dialogue.typed_word import TypedWord
from bot.dialogue.underage import hear_age


def on_text(draft: Draft, event: TextReceived) -> list[Ended]:
    """Typed words. Edits and captions are checked for alarms and never answer anything."""
    alarm = event.alarm
    if alarm is not None and alarm.level is not AlarmLevel.NONE and not _is_offered(draft, event, alarm):
        return raise_alarm(draft, alarm)
    if event.caption:
        return []  # what it belongs to arrives beside it and gets the line
    if event.edited or event.forwarded:
        return _say_beside(draft, text("media/edited") if event.edited else text("media/forwarded"))
    slot = waiting_slot(draft)
    called = read_command(event.text) or link_named(draft, event.text, None if slot is None else _waiting(draft, slot))
    if called is not None:
        return obey(draft, called)
    if is_opt_out(event.text):
        return opt_out(draft)
    if not draft.member.known.consents and draft.member.open is None:
        return greet(draft, event.text)
    if slot is None or is_slashed(event.text):
        told = read_told(event.text) or link_typed(draft, event.text)
        return obey(draft, told) if told is not None else say_unknown(draft, event.text)
    return _on_typed_answer(draft, slot, event.text)


def _is_offered(draft: Draft, event: TextReceived, alarm: Alarm) -> bool:
    """Word for word what stands on a button of the open question (*Legs up*): the model's doubt is no alarm then."""
    if alarm.certainty is not Certainty.ASK or event.caption or event.edited or event.forwarded:
        return False
    try:
        slot = waiting_slot(draft)
        ask = None if slot is None else _waiting(draft, slot)
    except Exception:  # noqa: BLE001  whatever is broken hides no alarm
        return False
    if ask is None:
        return False
    skips = ask.optional and _means_skip(draft, ask.question, event.text)
    return skips or label_named(draft, event.text, ask.question)


def raise_alarm(draft: Draft, alarm: Alarm) -> list[Ended]:
    """Help first. Sure words lock at once; unsure ones get the safety line and one question."""
    raised = AlarmRaised(
        level=alarm.level.value, category=alarm.category.value, certainty=alarm.certainty.value, rule=alarm.rule
    )
    draft.record(raised)
    if alarm.certainty is Certainty.ASK:
        return begin_clarify(draft, alarm.level.value, alarm.category.value)
    return dispose(draft, alarm.level.value, alarm.category.value)


def _on_typed_answer(draft: Draft, slot: Slot, typed: str) -> list[Ended]:
    if not renew_offer(draft):
        end_early(draft, "open")
        return offer_session(draft)
    ask, state = _waiting(draft, slot), state_in(draft, slot)
    if ask is None:
        return _start_over(draft, slot)
    if state is not None and is_correction_over(draft, state):
        return _out_of_time(draft)
    token = token_named(draft, typed, ask)
    if state is not None and token is not None:
        return _on_token(draft, slot, state, ask, token)
    if ask.optional and _means_skip(draft, ask.question, typed):
        return answer(draft, slot, ask, None)
    told = read_told(typed) if isinstance(ask.question, OwnWords | Named) else None
    if told is not None:
        return obey(draft, told)  # "Schmerz 6" is neither a name nor a help
    value = ask.question.parse(typed, draft.kit.words)
    if value is not None and state is not None and _too_late(draft, state, ask.question, value):
        return _outdated(draft)
    return answer(draft, slot, ask, value) if value is not None else _on_no_answer(draft, slot, ask.question, typed)


def _on_no_answer(draft: Draft, slot: Slot, question: Question[Any], typed: str) -> list[Ended]:
    """Words that answer nothing: a number, a command's bare name or an everyday thing, then the question again.

    Safety questions hear no small talk.
    """
    urgent = question.kind is Kind.EMERGENCY  # its first words are the action, never a hint
    is_safety = urgent or isinstance(question, SafetyList | SafetyChoice)
    told = read_told(typed) or read_name(typed) or link_typed(draft, typed)
    if told is not None and not is_safety and is_ready(draft):
        return obey(draft, told)
    age = hear_age(draft, typed)
    if age is not None:
        return age
    topic = None if is_safety else topic_of(draft, typed, waiting=True)
    if topic is not None:
        say_topic(draft, topic)
    show_again(draft, slot, None if urgent or topic is not None else hint_for(question))
    return []


def _means_skip(draft: Draft, question: Question[Any], typed: str) -> bool:
    """The label of the skipping button, or the everyday words for it, and nothing else."""
    said = typed.strip(" .!,").casefold()
    return said in {label.casefold() for label in draft.kit.words.labels(question.skip)}


def hint_for(question: Question[Any]) -> Text:
    """How this kind of question can be answered."""
    match question:
        case Scale(low=low, high=high) | Amount(low=low, high=high):
            return text("hint/scale", low=low, high=high)
        case SafetyList(items=items):
            return text("hint/list", count=len(items))
        case Many():
            return text("hint/many")
        case OwnWords(longest=longest):
            return text("hint/words", longest=longest)
        case Named(shortest=shortest, longest=longest):
            return text("hint/name", shortest=shortest, longest=longest)
        case TypedWord(labels=labels):
            return text("hint/word", word=Text(f"{labels}/yes"))
        case TimeOfDay() | FirstDay():
            return text("hint/time") if isinstance(question, TimeOfDay) else text("hint/day", weeks=question.ahead // 7)
        case _:
            return text("hint/choice")


def on_tap(draft: Draft, event: ButtonTapped) -> list[Ended]:
    """A button. Its data is not trusted: it must name a waiting question of this member, else it is refused kindly."""
    if event.data.startswith("/"):
        called = read_command(event.data)
        return obey(draft, called) if called is not None else []
    tap = read_tap(event.data)
    slot = None if tap is None else _slot_of(draft, tap.run)
    if tap is None or slot is None:
        return _outdated(draft)
    state = state_in(draft, slot)
    if state is None or tap.position < len(state.answers):
        return []  # the same tap twice, or a button of a question that is already answered: harmless
    if asks_about_alarm(draft) and _is_about_moving(state):
        explain_first(draft)
        return []
    if slot == "parked":
        draft.change(parked=draft.member.open, open=state)
        slot = "open"
    if not renew_offer(draft):
        end_early(draft, "open")
        return offer_session(draft)
    return _on_button(draft, slot, state, tap)


def _on_button(draft: Draft, slot: Slot, state: FlowState, tap: Tap) -> list[Ended]:
    if is_correction_over(draft, state):
        return _out_of_time(draft)
    ask = _waiting(draft, slot)
    if ask is None:
        return _start_over(draft, slot)
    if tap.position != len(state.answers) or tap.check != check_of(ask.question):
        return _outdated(draft)
    draft.in_place = draft.member.bottom == state.card
    return _on_token(draft, slot, state, ask, tap.token)


def _is_about_moving(state: FlowState) -> bool:
    flow = flow_named(state.flow)
    return flow is not None and flow.kind in ABOUT_MOVING


def _on_token(draft: Draft, slot: Slot, state: FlowState, ask: Ask, token: str) -> list[Ended]:
    question = ask.question
    if token == BACK and question.back:
        back(draft, slot)
        return []
    if token == SKIP and ask.optional:
        return answer(draft, slot, ask, None)
    if isinstance(question, Many):
        return _on_mark(draft, slot, state, ask, token)
    value = question.accept(token)
    if value is None or _too_late(draft, state, question, token):
        return _outdated(draft)
    return answer(draft, slot, ask, value)


def _on_mark(draft: Draft, slot: Slot, state: FlowState, ask: Ask, chosen: str) -> list[Ended]:
    question: Many[Any] = ask.question  # type: ignore[assignment]  # the caller has looked
    if chosen == DONE:
        value = question.accept("=" + ",".join(state.draft))
        return [] if value is None else answer(draft, slot, ask, value)
    if chosen.startswith("+") and chosen[1:] in {option.value for option in question.options}:
        mark(draft, slot, ask, chosen[1:])
        return []
    return _outdated(draft)


def _too_late(draft: Draft, state: FlowState, question: Question[Any], chosen: object) -> bool:
    """A mistaken tap can be taken back for half an hour."""
    if not isinstance(question, Choice) or chosen != "mistake":
        return False
    lock = draft.member.known.lock
    since = state.opened if lock is None else lock.since
    return draft.moment.micros - since > MISTAKE_WINDOW_S * 1_000_000


def _outdated(draft: Draft) -> list[Ended]:
    """An old or forged button: one kind line, and what is open is asked again."""
    draft.send(draft.words(text("button/outdated")))
    slot = waiting_slot(draft)
    if slot is not None:
        show_again(draft, slot)
    elif draft.member.known.lock is not None:
        return say_unknown(draft, "")
    return []


def _start_over(draft: Draft, slot: Slot) -> list[Ended]:
    """Questions of an older version begin again. What cannot even begin is said to be gone, and is never a no."""
    ended = start_over(draft, slot)
    if ended or state_in(draft, slot) is not None:
        return ended
    draft.send(draft.words(text("flow/lost")))
    if draft.member.known.lock is not None:
        return open_room(draft)
    if slot != "alarm":
        return []
    draft.record(ListsDue())
    return obey(draft, Called(Command.EMERGENCY))


def _out_of_time(draft: Draft) -> list[Ended]:
    """A tap is not taken back any more: what it closed stays."""
    draft.send(draft.words(text("button/outdated")))
    return open_room(draft)


def _slot_of(draft: Draft, run: int) -> Slot | None:
    for slot in SLOTS:
        state = state_in(draft, slot)
        if state is not None and state.run == run:
            return slot
    return None


def _waiting(draft: Draft, slot: Slot) -> Ask | None:
    state = state_in(draft, slot)
    if state is None:
        return None
    try:
        return waiting_in(draft, state)
    except LogMismatchError:
        return None


def on_media(draft: Draft, event: MediaReceived) -> list[Ended]:
    """What the coach cannot read: it says so, with the emergency line where words may have been meant."""
    return _say_beside(draft, text(f"media/{event.what.value}", emergency=draft.emergency_number))


def _say_beside(draft: Draft, line: Text) -> list[Ended]:
    """One kind line, and what is open is asked again below."""
    draft.send(draft.words(line), kind=Kind.TALK)
    slot = waiting_slot(draft)
    if slot is not None:
        show_again(draft, slot)
    return []


__all__ = ["on_media", "on_tap", "on_text", "raise_alarm"]
