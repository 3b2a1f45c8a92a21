"""What a conversation must look like: the same answers given to the dialogue engine itself, without any delivery.

Whether a list was answered too hastily depends on how long the coach was down; that one bit is read off the chat.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.dialogue.markup import plain
from tests.crowd.manners import Manner, chosen
from tests.dialogue.room import Room

HASTY_S, SLOW_S = 0.01, 60.0


@dataclass(frozen=True, slots=True)
class Conversation:
    """`posted`: each new message in order, as it was sent. `final`: how each of them reads in the end.

    `logged`: question id and value of the answers in the open flow. `facts`: kinds in the journal, in order.
    """

    posted: tuple[str, ...]
    final: tuple[str, ...]
    said: tuple[str, ...]
    logged: tuple[tuple[str, object], ...]
    facts: tuple[str, ...]


@lru_cache(maxsize=256)
def conversation(manner: Manner, turns: int, hasty: tuple[bool, ...]) -> Conversation:
    """Played to the end with `turns` answered lines; `hasty` says it for each list, in order."""
    room = Room(channel="telegram")
    posted, said, lists = ["/start"], ["/start"], iter(hasty)
    posted = _posted(room, "/start", typed=True, after_s=SLOW_S)
    for _ in range(turns - 1):
        row = next(row for row in reversed(room.order) if room.visible[row].buttons)
        rows = [[{"text": b.label, "callback_data": b.data} for b in line] for line in room.visible[row].buttons]
        button = chosen(rows)
        said.append(button["text"].removeprefix("✓ ") if manner == "typed" else button["text"])
        is_list = any(b["callback_data"].endswith(".some") for line in rows for b in line)
        quick = is_list and next(lists, False)
        posted += _posted(room, said[-1], typed=manner == "typed", after_s=HASTY_S if quick else SLOW_S)
    state = room.member.open
    logged = () if state is None else tuple((answer.question, answer.value) for answer in state.answers)
    return Conversation(
        posted=tuple(posted),
        final=tuple(plain(room.visible[row].text) for row in room.order),
        said=tuple(said),
        logged=logged,
        facts=tuple(dated.fact.kind for dated in room.facts),
    )


def _posted(room: Room, line: str, *, typed: bool, after_s: float) -> list[str]:
    known = set(room.order)
    room.says(line, after_s=after_s) if typed else room.taps(line, after_s=after_s)
    assert room.last is not None
    new = [message for message in room.last.messages if message.id in room.order and message.id not in known]
    return [plain(message.text) for message in new if message.replaces is None]


def without_repeats(posted: Sequence[str]) -> tuple[list[str], list[int]]:
    """A message that was sent again stands right behind its first copy; the list without them, and their places."""
    again = [index for index, text in enumerate(posted) if index and text == posted[index - 1]]
    return [text for index, text in enumerate(posted) if index not in again], again
