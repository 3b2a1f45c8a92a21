"""What stands in an event that was asked of the homeserver by hand."""

from collections.abc import Mapping
from typing import Any

from nio import Event, MegolmEvent
from nio.exceptions import EncryptionError


def content_of_event(client: Any, raw: Mapping[str, Any], room: str) -> dict[str, Any]:
    """Decrypted if need be; empty where that cannot be done."""
    event = Event.parse_event(dict(raw))
    if isinstance(event, MegolmEvent):
        event.room_id = room
        try:
            event = client.decrypt_event(event)
        except EncryptionError:
            return {}
    content = event.source.get("content") if event is not None else None
    return content if isinstance(content, dict) else {}
