"""Events and messages as ASCII JSON bytes, the form in which inbox and outbox keep them. Unknown kinds are an error."""

from functools import cache

from pydantic import TypeAdapter, ValidationError

from bot.dialogue.events import (
    EVENT_KINDS,
    DamagedReceived,
    Event,
    GroupChanged,
    ReachChanged,
    ReactionTakenBack,
    RoomMoved,
    SendRefused,
)
from bot.dialogue.messages import Message

_NAMES = {cls: name for name, cls in EVENT_KINDS.items()}
_MESSAGE = TypeAdapter(Message)
# With these nobody has said anything: they make no member of a stranger.
SILENT_KINDS = tuple(
    _NAMES[kind] for kind in (DamagedReceived, GroupChanged, ReachChanged, ReactionTakenBack, RoomMoved, SendRefused)
)


class WireError(ValueError):
    """Bytes that are no event or message of ours (damaged, or written by newer code)."""


@cache
def _codec(kind: str) -> TypeAdapter[Event]:
    """Made when the first event of its kind comes: all of them would hold up the start."""
    return TypeAdapter(EVENT_KINDS[kind])


def event_kind(event: Event) -> str:
    return _NAMES[type(event)]


def encode(value: Event | Message) -> bytes:
    """Without the fields that stand at their default: rows stay small."""
    if isinstance(value, Message):
        return _MESSAGE.dump_json(value, exclude_defaults=True, ensure_ascii=True)
    return _codec(_NAMES[type(value)]).dump_json(value, exclude_defaults=True, ensure_ascii=True)


def decode_event(kind: str, body: bytes) -> Event:
    try:
        return _codec(kind).validate_json(body)
    except (KeyError, ValidationError) as error:
        raise WireError(f"inbox event {kind!r} cannot be read: {type(error).__name__}") from None


def decode_message(body: bytes) -> Message:
    try:
        return _MESSAGE.validate_json(body)
    except ValidationError:
        raise WireError("outbox message cannot be read") from None
