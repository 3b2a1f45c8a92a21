"""The methods that put a new message into a chat."""

import itertools
from collections.abc import Callable
from functools import partial
from typing import Final

from tests.botapi.wire import Call, Wire, bad_request
from tests.botapi.world import World

MEDIA: Final = ("photo", "animation", "video", "document", "voice", "audio", "sticker")
ALBUM: Final = ("photo", "video", "document", "audio")
ACTIONS: Final = frozenset(
    {
        "typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice",
        "upload_document", "choose_sticker", "find_location", "record_video_note", "upload_video_note",
    }
)  # fmt: skip
_albums = itertools.count(1)


def said(world: World, params: Wire) -> Wire:
    text, entities = world.judge.text(params["text"], params.get("parse_mode"), params.get("entities"))
    if not text:
        bad_request("message text is empty")
    return {"text": text, "entities": entities}


def captioned(world: World, params: Wire) -> Wire:
    source = params.get("caption") or ""
    text, entities = world.judge.text(source, params.get("parse_mode"), params.get("caption_entities"))
    return {"caption": text or None, "caption_entities": entities}


def send_message(world: World, call: Call) -> Wire:
    chat = world.writable(call)
    source = call.need("text")
    return world.post(chat, call.params, said(world, call.params), source)


def send_media(kind: str, world: World, call: Call) -> Wire:
    chat = world.writable(call)
    content = captioned(world, call.params) | shown(world, kind, call.params.get(kind), call)
    return world.post(chat, call.params, content, call.params.get("caption") or "")


def shown(world: World, kind: str, source: str | None, call: Call) -> Wire:
    """A file as a message shows it; an animation shows as a document too, for old clients."""
    held = world.files.take(kind, source, call.files)
    if held.kind == "animation":
        return {"animation": held.shown, "document": {k: held.shown[k] for k in ("file_id", "file_unique_id")}}
    return {held.kind: held.shown}


def send_media_group(world: World, call: Call) -> list[Wire]:
    chat = world.writable(call)
    items = call.need("media")
    if not 2 <= len(items) <= 10:
        bad_request("group send failed")
    if any(item.get("type") not in ALBUM for item in items):
        bad_request("can't parse InputMedia: media of this type can't be sent as an album")
    album = {"media_group_id": str(next(_albums))}
    contents = [album | captioned(world, item) | shown(world, item["type"], item.get("media"), call) for item in items]
    return [
        world.post(chat, call.params, content, item.get("caption") or "")
        for content, item in zip(contents, items, strict=True)
    ]


def send_location(world: World, call: Call) -> Wire:
    chat = world.writable(call)
    place = {"latitude": call.need("latitude"), "longitude": call.need("longitude")}
    return world.post(chat, call.params, {"location": place}, "")


def send_chat_action(world: World, call: Call) -> bool:
    chat = world.writable(call)
    if call.need("action") not in ACTIONS:
        bad_request("wrong parameter action in request")
    chat.actions.append(call.params["action"])
    return True


HANDLERS: Final[dict[str, Callable[[World, Call], object]]] = {
    "sendMessage": send_message,
    "sendMediaGroup": send_media_group,
    "sendLocation": send_location,
    "sendChatAction": send_chat_action,
    **{f"send{kind.capitalize()}": partial(send_media, kind) for kind in MEDIA},
}
