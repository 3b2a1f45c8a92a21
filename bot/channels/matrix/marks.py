"""Which of our messages stand in the rooms already, although this database knows nothing of it.

After yesterday's backup was brought back, messages that waited in it have long been sent, and members' words come again
that were answered. A transaction id helps only for a day, for the same device and the same row. So every message
bears a mark of what it answers and says, and the first sync tells those that were sent since the saved position. A mark
is a keyed hash: it tells a homeserver nothing, and stands beside the encrypted words, so that a new device reads it.
"""

import hmac
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from bot.channels.matrix.updates import identifier
from bot.dialogue.messages import OF_ITSELF, Message

MARK = "de.rueckgrat.mark"
KEPT = 2000  # in the saved position; all others for as long as the process lives
KEPT_US = 3600 * 1_000_000  # what waited has been answered by then


def new_key() -> str:
    return secrets.token_hex(16)


@dataclass(slots=True)
class Marks:
    """Of one account. `key` comes with the database, so whatever is brought back knows its own marks.

    `heard`: mark → our event.
    """

    key: str = field(default_factory=new_key)
    heard: dict[str, str] = field(default_factory=dict)
    _began: int = 0

    def begin(self, key: str, heard: Mapping[str, str], now: int) -> None:
        """As the last process left it."""
        self.key = key or self.key
        self.heard.update(heard)
        self._began = now

    def of(self, message: Message, room: str, part: str) -> str:
        """Where nothing is known that it answers, it is marked by its row."""
        if not message.cause:
            return self.over(room, part, str(message.id))
        if message.cause.startswith(OF_ITSELF):
            return self.over(room, part, message.cause)
        labels = [button.label for row in message.buttons for button in row]
        return self.over(room, part, message.cause, message.text, *labels)

    def over(self, *parts: str) -> str:
        whole = "\n".join(f"{len(part)} {part}" for part in parts)
        return hmac.new(self.key.encode(), whole.encode(errors="replace"), sha256).hexdigest()[:32]

    def hear(self, own: Iterable[Mapping[str, Any]], *, blind: bool = False) -> None:
        """Events of ours that were sent into a room before this process began, decrypted or not.

        `blind`: something that was said there since cannot be read. A question that was edited may have been answered
        by it, so it is asked again: what the coach waits for must stand there.
        """
        closed: set[str | None] = set()
        for event in own:
            content = event.get("content")
            held: Mapping[Any, Any] = content if isinstance(content, Mapping) else {}
            mark, name, relation = (
                identifier(held.get(MARK)),
                identifier(event.get("event_id")),
                held.get("m.relates_to"),
            )
            if mark is not None and name is not None:
                self.heard[mark] = name
            if blind and isinstance(relation, Mapping):
                closed.add(identifier(relation.get("event_id")))
        self.heard = {mark: name for mark, name in self.heard.items() if name not in closed}

    def kept(self, now: int) -> dict[str, str]:
        """For the saved position: the next process may have to know them too."""
        if not self._began <= now < self._began + KEPT_US:
            return {}
        return dict(list(self.heard.items())[-KEPT:])
