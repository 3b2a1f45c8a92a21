"""[Vertippt] on a number: for ten minutes it can be given again, and what was decided from it is decided anew."""

from dataclasses import replace

from bot.dialogue.conversation import SLOTS, Ended, Slot, follow, open_flow, show_again, state_in
from bot.dialogue.facts import ListsDue, PainReported, StepsLogged, WalkLogged
from bot.dialogue.flows.flare import FLARING
from bot.dialogue.flows.mending import MENDING, Mended, MendStart, Wrong
from bot.dialogue.flows.session import SESSION
from bot.dialogue.member import FlowState, adapter_for
from bot.dialogue.replay import LogMismatchError
from bot.dialogue.text import text
from bot.dialogue.turn import Draft

WINDOW = 600 * 1_000_000  # microseconds
_NUMBER = "scale:0:10"


def begin_mending(draft: Draft) -> list[Ended]:
    """Ask the last number again; a line if it is too old."""
    found = _last_number(draft)
    if found is None:
        draft.send(draft.words(text("mend/late")))
        return []
    return open_flow(draft, MENDING, found)


def _last_number(draft: Draft) -> MendStart | None:
    since, day = draft.moment.micros - WINDOW, draft.moment.day.isoformat()
    numbers = [(pain.at, MendStart(when=pain.when)) for pain in draft.member.known.pains if pain.at >= since]
    for walk in draft.member.known.walks:
        if walk.day == day and walk.at >= since:
            numbers.append((walk.at, MendStart(what=Wrong.WALK, wrong=walk.last)))
        if walk.day == day and walk.steps_at >= since:
            numbers.append((walk.steps_at, MendStart(what=Wrong.STEPS)))
    for slot in ("open", "parked"):
        state = state_in(draft, slot)
        if state is not None:
            numbers += [
                (each.at, MendStart(run=state.run, index=index))
                for index, each in enumerate(state.answers)
                if each.fingerprint == _NUMBER and each.at >= since and index >= state.floor
            ]
    return max(numbers, key=lambda pair: pair[0], default=(0, None))[1]


def mended(draft: Draft, given: Mended) -> bool:
    """Put the number in its place; true if today's offer must be made anew."""
    if given.what is Wrong.WALK:
        draft.record(WalkLogged(minutes=given.value, instead_of=given.wrong))
        return False
    if given.what is Wrong.STEPS:
        draft.record(StepsLogged(steps=given.value))
        return False
    if given.when:
        draft.record(PainReported(when=given.when, value=given.value, corrects=True))
        return _withdraw_lists(draft) or _withdraw_offer(draft)
    for slot in SLOTS:
        state = state_in(draft, slot)
        if state is not None and state.run == given.run:
            _correct(draft, slot, state, given)
    return False


def _withdraw_offer(draft: Draft) -> bool:
    """An offer that nobody has answered was made from the wrong number."""
    for slot in SLOTS:
        state = state_in(draft, slot)
        if state is not None and state.flow == SESSION.name and not state.answers:
            draft.change(**{slot: None})
            return True
    return False


def _withdraw_lists(draft: Draft) -> bool:
    """A hard day that only the wrong number had opened, before any of its lists was answered."""
    for slot in SLOTS:
        state = state_in(draft, slot)
        if state is None or state.flow != FLARING.name or state.answers:
            continue
        start = adapter_for(FLARING.start).validate_json(state.start)
        if not start.said:
            draft.change(**{slot: None})
            if start.lists:
                draft.record(ListsDue(withdrawn=True))
            return True
    return False


def _correct(draft: Draft, slot: Slot, state: FlowState, given: Mended) -> None:
    """The log with the right number; answers that no longer fit behind it are asked again."""
    answers = list(state.answers)
    answers[given.index] = replace(answers[given.index], value=given.value)
    while len(answers) > given.index:
        fixed = replace(state, answers=tuple(answers), card=None)
        if _still_asks(fixed):
            draft.change(**{slot: None})
            draft.change(open=fixed)
            show_again(draft, "open")
            return
        answers.pop()


def _still_asks(state: FlowState) -> bool:
    try:
        return follow(state).waiting is not None
    except LogMismatchError:
        return False
