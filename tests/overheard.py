"""Whatever any test makes the coach say in a group goes through the leak check (`group_words`), in both languages.

What is looked at are the rows of the outbox as they are written, whoever writes them.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Insert, event
from sqlalchemy.engine import Engine

from bot.dialogue.messages import Message
from bot.dialogue.wire import WireError, decode_message
from bot.store.schema import outbox, participant
from tests.group_words import wrong_lines


@contextmanager
def overheard() -> Iterator[list[Message]]:
    """All messages for groups that are written meanwhile; in the end it is checked that none says what it must not."""
    said: list[Message] = []
    names: set[str] = set()

    def hears(_connection: Any, statement: Any, rows: Any, row: Any, _options: Any) -> None:
        if not isinstance(statement, Insert) or statement.table not in (outbox, participant):
            return
        for each in [*rows, *([row] if row else [])]:
            if statement.table is participant:
                names.add(each.get("name", ""))
            elif each.get("private") is False and (message := _message(each["body"])) is not None:
                said.append(message)

    event.listen(Engine, "before_execute", hears)
    try:
        yield said
    finally:
        event.remove(Engine, "before_execute", hears)
    wrong = wrong_lines([text for message in said for text in _words(message)], names)
    assert wrong == [], "no group may read this"


def _message(body: bytes) -> Message | None:
    try:
        return decode_message(body)
    except WireError:
        return None  # tests of the store write bodies that are none


def _words(message: Message) -> list[str]:
    words = [message.text, *(button.label for row in message.buttons for button in row)]
    if message.picture is not None:
        drawn = [value for value in json.loads(message.picture.own).values() if isinstance(value, str)]
        words += [message.picture.alt, *(value for value in drawn if value not in message.picture.alt)]
    return words
