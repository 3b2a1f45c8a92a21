"""Events and messages as ASCII JSON bytes, the form in which inbox and outbox keep them. Unknown kinds are an error."""

import json
from dataclasses import fields, is_dataclass
from typing import Any

from pydantic import TypeAdapter, ValidationError

from bot.dialogue.events import EVENT_KINDS, Event
from bot.dialogue.messages import Message

_NAMES = {cls: name for name, cls in EVENT_KINDS.items()}
_EVENTS = {name: TypeAdapter(cls) for name, cls in EVENT_KINDS.items()}
_MESSAGE = TypeAdapter(Message)


class WireError(ValueError):
    """Bytes that are no event or message of ours (damaged, or written by newer code)."""


_FIELDS: dict[type, tuple[tuple[str, Any], ...]] = {}
_SIMPLE = frozenset({str, int, bool, float, type(None)})


def _defaults(kind: type) -> tuple[tuple[str, Any], ...]:
    """A dataclass's fields with their defaults, looked up once; empty for everything else."""
    found = _FIELDS.get(kind)
    if found is None:
        found = tuple((field.name, field.default) for field in fields(kind)) if is_dataclass(kind) else ()
        _FIELDS[kind] = found
    return found


def _bare(value: Any) -> Any:
    """Dataclasses as mappings without the fields that stand at their default: rows stay small."""
    kind = type(value)
    if kind in _SIMPLE:
        return value
    if kind is tuple or kind is list:
        return [_bare(item) for item in value]
    if defaults := _defaults(kind):
        return {name: _bare(item) for name, default in defaults if (item := getattr(value, name)) != default}
    return value


def event_kind(event: Event) -> str:
    return _NAMES[type(event)]


def encode(value: Event | Message) -> bytes:
    return json.dumps(_bare(value), separators=(",", ":")).encode("ascii")


def decode_event(kind: str, body: bytes) -> Event:
    try:
        event: Event = _EVENTS[kind].validate_json(body)
    except (KeyError, ValidationError) as error:
        raise WireError(f"inbox event {kind!r} cannot be read: {type(error).__name__}") from None
    return event


def decode_message(body: bytes) -> Message:
    try:
        return _MESSAGE.validate_json(body)
    except ValidationError:
        raise WireError("outbox message cannot be read") from None
