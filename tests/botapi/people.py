"""People and groups that a test plays. What they do becomes updates for the bot, as the platform would make them."""

import itertools
import time
from dataclasses import dataclass

from tests.botapi.rooms import PATIENCE, Room
from tests.botapi.views import Button, Message, view
from tests.botapi.wire import Upload, Wire
from tests.botapi.world import Query, World

ADMIN = "administrator"
RIGHTS = (
    "can_be_edited", "is_anonymous", "can_manage_chat", "can_delete_messages", "can_manage_video_chats",
    "can_restrict_members", "can_promote_members", "can_change_info", "can_invite_users", "can_post_stories",
    "can_edit_stories", "can_delete_stories", "can_send_welcome_messages",
)  # fmt: skip
BLOCKED = "bot was blocked by the user"
DEACTIVATED = "user is deactivated"
_queries = itertools.count(1)


def said_by(text: str) -> Wire:
    """A text as a person's client sends it: a command at its beginning is marked."""
    if not text.startswith("/"):
        return {"text": text}
    length = len(text.split(maxsplit=1)[0].encode("utf-16-le")) // 2
    return {"text": text, "entities": [{"type": "bot_command", "offset": 0, "length": length}]}


@dataclass(frozen=True, slots=True)
class Tap:
    """A tapped button; the client spins until the bot answers."""

    room: Room
    query: Query

    async def answered(self, timeout: float = PATIENCE) -> str | None:  # noqa: ASYNC109 - as everywhere here
        """Waits for the bot's answer; its text, if it has one."""
        await self.room.wait_for(lambda _: self.query.answered, timeout)
        return self.query.text

    def expire(self) -> None:
        """From now on the platform refuses an answer as too old."""
        self.query.open = False


class Person(Room):
    """One person and her private chat with the bot. The chat exists for the bot once she has written."""

    def __init__(self, world: World, id: int, name: str, language: str | None, *, started: bool = False) -> None:  # noqa: A002 - the protocol's word
        super().__init__(world, {"id": id, "type": "private", "first_name": name}, started=started)
        self.wire: Wire = {"id": id, "is_bot": False, "first_name": name}
        if language is not None:
            self.wire["language_code"] = language

    async def send(
        self, text: str, *, chat: Room | None = None, reply_to: Message | None = None, date: int | None = None
    ) -> Message:
        content = said_by(text) | {"date": date}
        return await self.send_content(chat=chat, reply_to=reply_to, **content)

    async def send_photo(self, data: bytes, caption: str | None = None, *, chat: Room | None = None) -> Message:
        return await self._send_file("photo", "photo.jpg", data, caption, chat)

    async def send_document(
        self, data: bytes, name: str = "report.pdf", caption: str | None = None, *, chat: Room | None = None
    ) -> Message:
        return await self._send_file("document", name, data, caption, chat)

    async def send_voice(self, data: bytes = b"OggS", *, chat: Room | None = None) -> Message:
        return await self._send_file("voice", "voice.ogg", data, None, chat)

    async def send_sticker(self, emoji: str = "👍", *, chat: Room | None = None) -> Message:
        held = self.world.files.keep("sticker", Upload("sticker.webp", b"RIFF"))
        shape = {"type": "regular", "width": 512, "height": 512, "is_animated": False, "is_video": False}
        sticker = {k: v for k, v in held.shown.items() if k != "file_name"} | shape | {"emoji": emoji}
        return await self.send_content(chat=chat, sticker=sticker)

    async def send_location(
        self, latitude: float = 52.5, longitude: float = 13.4, *, chat: Room | None = None
    ) -> Message:
        return await self.send_content(chat=chat, location={"latitude": latitude, "longitude": longitude})

    async def send_contact(self, phone: str = "+49301234567", *, chat: Room | None = None) -> Message:
        contact = {"phone_number": phone, "first_name": self.wire["first_name"], "user_id": self.id}
        return await self.send_content(chat=chat, contact=contact)

    async def _send_file(self, kind: str, name: str, data: bytes, caption: str | None, chat: Room | None) -> Message:
        held = self.world.files.keep(kind, Upload(name, data))
        content: Wire = {kind: held.shown, "caption": caption}
        return await self.send_content(chat=chat, **content)

    async def send_content(
        self, *, chat: Room | None = None, reply_to: Message | None = None, **content: object
    ) -> Message:
        """Any message, given by its fields as the platform names them."""
        room = chat or self
        room.chat.started = True
        if reply_to is not None:
            content["reply_to_message"] = {k: v for k, v in reply_to.wire.items() if k != "reply_to_message"}
        source = str(content.get("text") or content.get("caption") or "")
        record = self.world.keep(room.chat, self.wire, content, source)
        if self._heard(room, source, reply_to):
            self.world.updates.push("message", record.wire, room.id)
        return view(room.chat, record, self.world.files)

    def _heard(self, room: Room, text: str, reply_to: Message | None) -> bool:
        """Privacy mode: in groups a bot is told of commands, of its name and of replies to it."""
        if room.chat.wire["type"] == "private" or self.world.bot["can_read_all_group_messages"]:
            return True
        to_bot = reply_to is not None and reply_to.wire["from"]["id"] == self.world.bot["id"]
        return to_bot or text.startswith("/") or f"@{self.world.bot['username']}" in text

    async def edit(self, message: Message, text: str) -> Message:
        """Edits an own message: its text, or its caption if it has a picture."""
        room = self.world.chats[message.chat_id]
        record = room.records[message.id]
        name = "text" if "text" in record.wire else "caption"
        record.wire = record.wire | {name: text, "edit_date": int(time.time())}
        record.source = text
        self.world.updates.push("edited_message", record.wire, room.id)
        return view(room, record, self.world.files)

    async def tap(self, message: Message, button: str) -> Tap:
        """Taps a button by its label or data, on the message as it was when it was looked at: old screens are old."""
        wanted: Button = message.button(button)
        assert wanted.data is not None, f"{button!r} opens a link; the bot never hears of it"
        return await self.forge(message, wanted.data)

    async def forge(self, message: Message, data: str) -> Tap:
        """Sends callback data that no button of the message has, as a modified client can."""
        room = self.world.chats[message.chat_id]
        record = room.records.get(message.id)
        gone = {"message_id": message.id, "chat": room.wire, "date": 0}  # an inaccessible message
        number, query = str(next(_queries)), Query()
        self.world.queries[number] = query
        body = {"id": number, "from": self.wire, "chat_instance": str(room.id), "data": data}
        self.world.updates.push("callback_query", body | {"message": record.wire if record else gone}, room.id)
        return Tap(self, query)

    async def react(self, message: Message, emoji: str) -> None:
        reaction = {"old_reaction": [], "new_reaction": [{"type": "emoji", "emoji": emoji}]}
        chat = self.world.chats[message.chat_id].wire
        body = {"chat": chat, "message_id": message.id, "user": self.wire, "date": int(time.time()), **reaction}
        self.world.updates.push("message_reaction", body, message.chat_id)

    async def block(self) -> None:
        self.chat.refusal = BLOCKED
        self._membership("member", "kicked")

    async def unblock(self) -> None:
        self.chat.refusal = None
        self._membership("kicked", "member")

    async def deactivate(self) -> None:
        """The account is deleted; the bot is not told."""
        self.chat.refusal = DEACTIVATED

    def _membership(self, before: str, after: str) -> None:
        push_membership(self.world, self.chat.wire, self.wire, before, after)


def push_membership(world: World, chat: Wire, by: Wire, before: str, after: str) -> None:
    def member(status: str) -> Wire:
        until = {"until_date": 0} if status == "kicked" else dict.fromkeys(RIGHTS, True) if status == ADMIN else {}
        return {"status": status, "user": {k: world.bot[k] for k in ("id", "is_bot", "first_name", "username")}} | until

    body = {"chat": chat, "from": by, "date": int(time.time())}
    members = {"old_chat_member": member(before), "new_chat_member": member(after)}
    world.updates.push("my_chat_member", body | members, chat["id"])
