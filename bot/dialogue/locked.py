"""What stands above all else: the question behind words that may be an alarm, the room of a lock, and the way out."""

from pydantic import ValidationError

from bot.coach.disposition import Disposition, gravity
from bot.dialogue.appointments import Nature
from bot.dialogue.clearances import can_clear, clearance_start
from bot.dialogue.conversation import Ended, Slot, end_early, open_flow, show_again, state_in
from bot.dialogue.facts import Disposed
from bot.dialogue.flows.clarify import CLARIFY, ClarifyStart
from bot.dialogue.flows.clearing import CLEARANCE
from bot.dialogue.flows.disposed import AFTER_URGENT, DAY, DISPOSED, MISTAKE_WINDOW_S, DisposedStart
from bot.dialogue.locks import chain, is_alone, kind_of
from bot.dialogue.member import FlowState, Lock, adapter_for
from bot.dialogue.starts import disposed_start
from bot.dialogue.steps import After, Book
from bot.dialogue.turn import Draft
from bot.library.quick import altered

CLEARED_IN: tuple[Slot, ...] = ("open", "parked")


def begin_clarify(draft: Draft, level: str, category: str) -> list[Ended]:
    """The safety line and one question, above all else. Where the room says as much already, it is said again."""
    standing = draft.member.alarm
    if standing is not None and standing.flow == DISPOSED.name and _says_as_much(draft, level, category):
        return _room_again(draft)
    return _ask_about(draft, ((level, category), *asked_in(standing)))


def _ask_about(draft: Draft, asked: tuple[tuple[str, str], ...]) -> list[Ended]:
    """What was asked and has no answer yet is asked too, the gravest first."""
    first, *others = sorted(dict.fromkeys(asked), key=lambda each: -gravity(Disposition(each[0])))
    number = draft.help_numbers.emergency
    start = ClarifyStart(level=first[0], category=first[1], number=number, others=tuple(others))
    return open_flow(draft, CLARIFY, start, "alarm")


def asked_in(standing: FlowState | None) -> tuple[tuple[str, str], ...]:
    """The words that wait for their question's answer; of several that were asked one after the other, all."""
    if standing is None or standing.flow != CLARIFY.name:
        return ()
    try:
        start = adapter_for(CLARIFY.start).validate_json(standing.start)
    except ValidationError:  # of an older version
        return ()
    return ((start.level, start.category), *start.others)


def _says_as_much(draft: Draft, level: str, category: str) -> bool:
    """Whether the lock's own text is as grave; of a crisis and of violence no other speaks."""
    lock, new = _speaking(draft), Lock(disposition=level, since=0, items=(category,))
    if lock is None or is_alone(new):
        return lock is not None and kind_of(lock) == kind_of(new)
    return gravity(Disposition(lock.disposition)) >= gravity(Disposition(level))


def dispose(draft: Draft, level: str, category: str) -> list[Ended]:
    """Lock for a sure alarm and open its room."""
    draft.record(Disposed(disposition=level, items=(category,), heard=True))
    return open_room(draft)


def open_room(draft: Draft, others: tuple[tuple[str, str], ...] = ()) -> list[Ended]:
    """The text of the present lock, as a new message everywhere; below it what has been asked and weighs more.

    `others`: asked about too, and left without an answer.
    """
    asked = (*asked_in(draft.member.alarm), *others)
    asked = tuple((level, category) for level, category in asked if not _says_as_much(draft, level, category))
    _ask_later(draft)
    ended = open_flow(draft, DISPOSED, _room(draft), "alarm")
    return _ask_about(draft, asked) if asked else ended


def _ask_later(draft: Draft) -> None:
    """What was closed in this turn beneath a lock that speaks for it is asked about a day later all the same."""
    speaking, now = _speaking(draft), draft.moment.micros
    beneath = (each for each in chain(draft.member.known.lock) if each is not speaking and each.since == now)
    if any(each.disposition == Disposition.URGENT for each in beneath):
        draft.book(Book(kind=AFTER_URGENT, when=After(DAY), nature=Nature.SAFETY))


def show_room(draft: Draft) -> list[Ended]:
    """The room's text once more; anew where what may be answered there has changed meanwhile."""
    standing = draft.member.alarm
    known_start = adapter_for(DISPOSED.start).dump_json(altered(_room(draft), again=False)).decode()
    if standing is None or (standing.flow == DISPOSED.name and _first(standing) != known_start):
        return open_room(draft)
    show_again(draft, "alarm")
    return []


def _first(state: FlowState) -> str:
    adapter = adapter_for(DISPOSED.start)
    return adapter.dump_json(altered(adapter.validate_json(state.start), again=False)).decode()


def _room(draft: Draft) -> DisposedStart:
    known, lock = draft.member.known, _speaking(draft)
    if known.lock is None or lock is None:
        raise ValueError("nothing is locked")
    clearable = can_clear(known.lock, draft.moment)
    return disposed_start(draft.kit, known, lock, draft.moment.micros, clearable=clearable)


def _speaking(draft: Draft) -> Lock | None:
    """The lock on top; in the turn in which one beneath it was closed that it does not speak of, that one."""
    lock = draft.member.known.lock
    if lock is None:
        return None
    new = (each for each in chain(lock) if each.since == draft.moment.micros)
    apart = (each for each in new if is_alone(each) or is_alone(lock) or each.disposition == Disposition.DOCTOR_FIRST)
    return next(apart, lock)


def is_correcting(draft: Draft) -> bool:
    """Whether a mistaken tap is being taken back, line by line, and there is still time for it."""
    state = draft.member.alarm
    return state is not None and _begun(state) is not None and not is_correction_over(draft, state)


def is_correction_over(draft: Draft, state: FlowState) -> bool:
    """Begun in time it has as long again; later its answers are about another day than the tap."""
    begun = _begun(state)
    return begun is not None and draft.moment.micros - begun > MISTAKE_WINDOW_S * 1_000_000


def _begun(state: FlowState) -> int | None:
    taps = (each.at for each in state.answers if state.flow == DISPOSED.name and each.value == "mistake")
    return next(taps, None)


def _room_again(draft: Draft) -> list[Ended]:
    end_early(draft, "alarm")
    return open_room(draft)


def begin_clearance(draft: Draft) -> list[Ended]:
    """What did the practice say? Too early it is the room's own text."""
    for slot in CLEARED_IN:
        state = state_in(draft, slot)
        if state is not None and state.flow == CLEARANCE.name:
            end_early(draft, slot)  # what the practice said is told anew
    start = clearance_start(draft.kit, draft.member.known, draft.moment)
    return open_room(draft) if start is None else open_flow(draft, CLEARANCE, start)


def after_visit(draft: Draft) -> list[Ended]:
    """Someone has looked: the way back begins where it may."""
    lock = draft.member.known.lock
    seen = lock is not None and lock.disposition in {"urgent", "doctor_first"}
    return begin_clearance(draft) if seen else []
