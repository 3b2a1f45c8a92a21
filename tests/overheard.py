"""Whatever any test makes the coach say in a group goes through the leak check (`group_words`), in both languages.

What is looked at are the rows of the outbox as they are written, whoever writes them.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Insert, event
from sqlalchemy.engine import Engine

from bot.dialogue.messages import Message
from bot.dialogue.wire import WireError, decode_message
from bot.store.driver import Connection
from bot.store.schema import outbox, participant
from tests.group_words import wrong_lines

_INSERT = re.compile(r"INSERT INTO (outbox|participant) ")


@contextmanager
def overheard() -> Iterator[list[Message]]:
    """All messages for groups that are written meanwhile; in the end it is checked that none says what it must not."""
    said: list[Message] = []
    names: set[str] = set()

    def written(table: str, rows: Iterable[Mapping[str, Any]]) -> None:
        for each in rows:
            if table == participant.name:
                names.add(each.get("name", ""))
            elif each.get("private") in (False, 0) and (message := _message(each["body"])) is not None:
                said.append(message)

    def hears(_connection: Any, statement: Any, rows: Any, row: Any, _options: Any) -> None:
        if isinstance(statement, Insert) and statement.table in (outbox, participant):
            written(str(statement.table), [*rows, *([row] if row else [])])

    # What every turn does goes past SQLAlchemy to SQLite's driver (`store.hot`).
    whole = Connection._whole

    async def hears_driver(self: Connection, rows: Any, words: str, **options: Any) -> Any:
        if (into := _INSERT.match(words)) is not None:
            written(into[1], rows)
        return await whole(self, rows, words, **options)

    event.listen(Engine, "before_execute", hears)
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Connection, "_whole", hears_driver)
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
