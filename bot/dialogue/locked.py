"""What stands above all else: the question behind words that may be an alarm, the room of a lock, and the way out."""

from bot.dialogue.clearances import can_clear, clearance_start
from bot.dialogue.conversation import Ended, end_early, open_flow, show_again
from bot.dialogue.facts import Disposed
from bot.dialogue.flows.clarify import CLARIFY, ClarifyStart
from bot.dialogue.flows.clearing import CLEARANCE
from bot.dialogue.flows.disposed import DISPOSED, DisposedStart
from bot.dialogue.member import FlowState, adapter_for
from bot.dialogue.starts import disposed_start
from bot.dialogue.turn import Draft
from bot.library.quick import altered


def begin_clarify(draft: Draft, level: str, category: str) -> list[Ended]:
    """The safety line and one question, above all else. A second unsure message does not ask twice."""
    standing = draft.member.alarm
    start = ClarifyStart(level=level, category=category, number=draft.help_numbers.emergency)
    if standing is not None and standing.flow == DISPOSED.name:
        return _room_again(draft)
    return open_flow(draft, CLARIFY, start, "alarm")


def dispose(draft: Draft, level: str, category: str) -> list[Ended]:
    """Lock for a sure alarm and open its room."""
    draft.record(Disposed(disposition=level, items=(category,)))
    return open_room(draft)


def open_room(draft: Draft) -> list[Ended]:
    """The text of the present lock, as a new message everywhere."""
    return open_flow(draft, DISPOSED, _room(draft), "alarm")


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
    known = draft.member.known
    clearable = known.lock is not None and can_clear(known.lock, draft.moment)
    return disposed_start(draft.kit, known, draft.moment.micros, clearable=clearable)


def _room_again(draft: Draft) -> list[Ended]:
    end_early(draft, "alarm")
    return open_room(draft)


def begin_clearance(draft: Draft) -> list[Ended]:
    """What did the practice say? Too early it is the room's own text."""
    start = clearance_start(draft.kit, draft.member.known, draft.moment)
    return open_room(draft) if start is None else open_flow(draft, CLEARANCE, start)


def after_visit(draft: Draft) -> list[Ended]:
    """Someone has looked: the way back begins where it may."""
    lock = draft.member.known.lock
    seen = lock is not None and lock.disposition in {"urgent", "doctor_first"}
    return begin_clearance(draft) if seen else []
