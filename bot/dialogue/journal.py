"""Facts as the journal keeps them: ASCII JSON of their fields, under their kind. Unknown kinds are an error."""

from functools import cache
from typing import get_args

from pydantic import TypeAdapter, ValidationError

from bot.dialogue.facts import Fact

_KINDS: dict[str, type[Fact]] = {cls.kind: cls for cls in get_args(Fact)}


class JournalError(ValueError):
    """An entry that cannot be read: damaged, or written by newer code."""


@cache
def _codec(kind: str) -> TypeAdapter[Fact]:
    """Made when the first fact of its kind comes: all of them would hold up the start."""
    return TypeAdapter(_KINDS[kind])


def dump_fact(fact: Fact) -> bytes:
    return _codec(fact.kind).dump_json(fact, ensure_ascii=True)


def load_fact(kind: str, body: bytes) -> Fact:
    try:
        return _codec(kind).validate_json(body)
    except (KeyError, ValidationError) as error:
        raise JournalError(f"journal entry {kind!r} cannot be read: {type(error).__name__}") from None
