"""What somebody once wrote on Matrix is never repeated on Telegram: neither in a new question nor in one under way."""

from collections.abc import Callable
from typing import Any

from bot.dialogue.conversation import SLOTS, state_in
from bot.dialogue.flows.flare import FLARING
from bot.dialogue.flows.round import ROUND
from bot.dialogue.flows.round_joining import ROUND_JOIN
from bot.dialogue.flows.session import SESSION
from bot.dialogue.flows.session_start import SessionStart
from bot.dialogue.flows.week import WEEK
from bot.dialogue.member import adapter_for
from bot.dialogue.own_words import CHIP
from bot.dialogue.turn import Draft
from bot.library.quick import altered

OWN = f"{CHIP}own"  # stands for an activity in own words


def quoted(draft: Draft, kept: str) -> str:
    """Own words, such as what helped once, or a name; nothing where they may not be shown."""
    return kept if draft.may_quote(kept) else ""


def activity(draft: Draft, kept: str) -> str:
    """The activity that should go better; a stand-in where it may not be shown, so that it is still asked about."""
    return kept if draft.may_quote(kept) else OWN


def greeted(draft: Draft, start: SessionStart) -> SessionStart:
    """The day's offer as it may be said here: without name and activity where they may not be shown."""
    return altered(start, own=quoted(draft, start.own), called=quoted(draft, start.called))


def stop_quoting(draft: Draft) -> None:
    """A place has joined: questions under way go on without the words. Their answers and choices stay the same."""
    for slot in SLOTS:
        state = state_in(draft, slot)
        change = None if state is None else _CHANGES.get(state.flow)
        if state is None or change is None:
            continue
        adapter = adapter_for(_STARTS[state.flow])
        start = adapter.dump_json(change(draft, adapter.validate_json(state.start))).decode()
        draft.change(**{slot: altered(state, start=start)})


_STARTS: dict[str, type[Any]] = {
    **{flow.name: flow.start for flow in (FLARING, WEEK)},
    **{flow.name: flow.start for flow in (ROUND, ROUND_JOIN)},
    SESSION.name: SESSION.start,
}
_CHANGES: dict[str, Callable[[Draft, Any], Any]] = {
    SESSION.name: greeted,
    ROUND.name: lambda draft, start: altered(start, called=quoted(draft, start.called)),
    ROUND_JOIN.name: lambda draft, start: altered(start, called=quoted(draft, start.called)),
    FLARING.name: lambda draft, start: altered(start, helped=quoted(draft, start.helped)),
    WEEK.name: lambda draft, start: altered(start, own=activity(draft, start.own)),
}
