"""The methods that change or remove a message that is there already, and answers to taps."""

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from tests.botapi.sending import captioned, said, shown
from tests.botapi.wire import Call, Wire, bad_request
from tests.botapi.world import Chat, Record, World, inline_keyboard

SAME: Final = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)
TOO_OLD: Final = "query is too old and response timeout expired or query ID is invalid"
CAPTION: Final = ("caption", "caption_entities")
BODIES: Final = ("photo", "animation", "video", "document", "audio")
DELETABLE_SECONDS: Final = 48 * 3600
REACTIONS: Final = frozenset(
    "👍👎❤🔥🥰👏😁🤔🤯😱🤬😢🎉🤩🙏👌🕊🤡🥱🥴😍🐳💯🤣⚡🍌🏆💔🤨😐🍓🍾💋🖕😈😴😭🤓👻👀🎃🙈😇😨🤝✍🤗🫡🎅🎄☃💅🤪🗿🆒💘🙉🦄😘💊🙊😎👾"
)


def _editable(world: World, call: Call) -> tuple[Chat, Record]:
    chat = world.writable(call)
    record = chat.record(call.need("message_id"), "message to edit not found")
    if record.wire["from"]["id"] != world.bot["id"]:
        bad_request("message can't be edited")
    return chat, record


def _edit(world: World, call: Call, content: Wire, dropped: tuple[str, ...], source: str | None) -> Wire:
    """Puts `content` in the place of the fields `dropped`; the keyboard goes unless it is given again."""
    _, record = _editable(world, call)
    gone = {*dropped, "reply_markup", "edit_date"}
    new: Wire = {name: value for name, value in record.wire.items() if name not in gone}
    new |= {name: value for name, value in content.items() if value not in (None, [])}
    if keyboard := inline_keyboard(call.params):
        new["reply_markup"] = keyboard
    if new == {name: value for name, value in record.wire.items() if name != "edit_date"}:
        bad_request(SAME)
    record.earlier.append(replace(record, earlier=[]))
    record.wire, record.at = new | {"edit_date": int(time.time())}, time.monotonic()
    if source is not None:
        record.source = source
    world.edited += 1
    world.changed.ring()
    return record.wire


def edit_text(world: World, call: Call) -> Wire:
    source = call.need("text")
    _, record = _editable(world, call)
    if "text" not in record.wire:
        bad_request("there is no text in the message to edit")
    return _edit(world, call, said(world, call.params), ("text", "entities"), source)


def edit_caption(world: World, call: Call) -> Wire:
    _, record = _editable(world, call)
    if not any(body in record.wire for body in BODIES):
        bad_request("there is no caption in the message to edit")
    return _edit(world, call, captioned(world, call.params), CAPTION, call.params.get("caption") or "")


def edit_media(world: World, call: Call) -> Wire:
    media = call.need("media")
    _editable(world, call)
    content = captioned(world, media) | shown(world, media["type"], media.get("media"), call)
    return _edit(world, call, content, ("text", "entities", *CAPTION, *BODIES), media.get("caption") or "")


def edit_keyboard(world: World, call: Call) -> Wire:
    return _edit(world, call, {}, (), None)


def delete_message(world: World, call: Call) -> bool:
    chat = world.writable(call)
    record = chat.record(call.need("message_id"), "message to delete not found")
    if time.time() - record.wire["date"] > DELETABLE_SECONDS:
        bad_request("message can't be deleted for everyone")
    chat.deleted.append(chat.records.pop(record.wire["message_id"]))
    world.changed.ring()
    return True


def pin_message(world: World, call: Call) -> bool:
    chat = world.writable(call)
    chat.record(call.need("message_id"), "message to pin not found")
    chat.pinned = [*(one for one in chat.pinned if one != call.params["message_id"]), call.params["message_id"]]
    world.changed.ring()
    return True


def unpin_message(world: World, call: Call) -> bool:
    chat = world.writable(call)
    wanted = call.params.get("message_id", chat.pinned[-1] if chat.pinned else None)
    if wanted not in chat.pinned:
        bad_request("message to unpin not found")
    chat.pinned.remove(wanted)
    return True


def unpin_all(world: World, call: Call) -> bool:
    world.writable(call).pinned.clear()
    return True


def set_reaction(world: World, call: Call) -> bool:
    chat = world.writable(call)
    record = chat.record(call.need("message_id"), "message to react not found")
    emojis = [one.get("emoji", "") for one in call.params.get("reaction") or []]
    if len(emojis) > 1 or any(emoji.rstrip("\ufe0f") not in REACTIONS for emoji in emojis):
        bad_request("REACTION_INVALID")
    record.reactions = emojis
    world.changed.ring()
    return True


def answer_query(world: World, call: Call) -> bool:
    query = world.queries.get(call.need("callback_query_id"))
    if query is None or not query.open:
        bad_request(TOO_OLD)
    query.open, query.answered = False, True
    query.text, query.alert = call.params.get("text"), bool(call.params.get("show_alert"))
    world.changed.ring()
    return True


HANDLERS: Final[dict[str, Callable[[World, Call], object]]] = {
    "editMessageText": edit_text,
    "editMessageCaption": edit_caption,
    "editMessageMedia": edit_media,
    "editMessageReplyMarkup": edit_keyboard,
    "deleteMessage": delete_message,
    "pinChatMessage": pin_message,
    "unpinChatMessage": unpin_message,
    "unpinAllChatMessages": unpin_all,
    "setMessageReaction": set_reaction,
    "answerCallbackQuery": answer_query,
}
