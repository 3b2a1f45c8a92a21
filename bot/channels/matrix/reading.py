"""What stands in an event that was asked of the homeserver by hand."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from nio import Event, MegolmEvent
from nio.exceptions import EncryptionError

from bot.channels.matrix.wire import Wire, WireError


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


async def own_message(client: Any, room: str, name: str) -> dict[str, Any] | None:
    """A message of ours as it stands now: the last edit, where the homeserver tells one; `None` if it tells none."""
    try:
        found = await Wire(client).get(f"rooms/{quote(room, safe='')}/event/{quote(name, safe='')}")
    except WireError:
        return None
    if found.get("sender") != client.user_id:
        return None
    relations = found.get("unsigned", {}).get("m.relations", {})
    edit = relations.get("m.replace") if isinstance(relations, dict) else None
    shown = edit if isinstance(edit, dict) and "content" in edit else found
    content = content_of_event(client, shown, room)
    new = content.get("m.new_content")
    return new if isinstance(new, dict) else content
