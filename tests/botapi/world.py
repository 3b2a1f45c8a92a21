"""What the platform keeps: chats with their messages, callback queries, the bot's profile; and who may write where."""

import itertools
import time
from dataclasses import dataclass, field
from typing import Final

from tests.botapi.bell import Bell
from tests.botapi.files import Files
from tests.botapi.judge import Judge
from tests.botapi.updates import Updates
from tests.botapi.webhook import Webhook
from tests.botapi.wire import Call, Refusal, Wire, bad_request

UPGRADED: Final = "Bad Request: group chat was upgraded to a supergroup chat"


@dataclass(slots=True)
class Record:
    """A message as it is now, and what it was before each edit."""

    wire: Wire
    source: str  # the text as it was sent, markup and all
    at: float  # time.monotonic() of its arrival
    silent: bool = False
    earlier: list["Record"] = field(default_factory=list)
    reactions: list[str] = field(default_factory=list)  # the bot's


@dataclass(slots=True)
class Chat:
    wire: Wire
    started: bool = True
    refusal: str | None = None  # why the bot may not write here: the text after "Forbidden: "
    moved_to: int | None = None
    records: dict[int, Record] = field(default_factory=dict)
    deleted: list[Record] = field(default_factory=list)
    pinned: list[int] = field(default_factory=list)
    admins: set[int] = field(default_factory=set)
    actions: list[str] = field(default_factory=list)
    numbers: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    @property
    def id(self) -> int:
        number: int = self.wire["id"]
        return number

    def record(self, message_id: int, missing: str) -> Record:
        if message_id not in self.records:
            bad_request(missing)
        return self.records[message_id]


@dataclass(slots=True)
class Query:
    """A tapped button that waits for answerCallbackQuery."""

    open: bool = True
    text: str | None = None
    alert: bool = False
    answered: bool = False


class World:
    def __init__(self, bot_id: int, judge: Judge, *, retry_pause: float) -> None:
        self.bot: Wire = {
            "id": bot_id,
            "is_bot": True,
            "first_name": "Rückgrat",
            "username": "rueckgrat_test_bot",
            "can_join_groups": True,
            "can_read_all_group_messages": False,
            "supports_inline_queries": False,
        }
        self.judge = judge
        self.changed = Bell()
        self.chats: dict[int, Chat] = {}
        self.files = Files(bot_id, judge)
        self.updates = Updates(judge, self.changed)
        self.webhook: Webhook | None = None
        self.retry_pause = retry_pause
        self.queries: dict[str, Query] = {}
        self.profile: dict[tuple[str, str, str], object] = {}  # (what, scope, language)
        self.sent = self.edited = 0

    def chat(self, call: Call) -> Chat:
        chat = self.chats.get(call.chat_id or 0)
        if chat is None or not chat.started:
            bad_request("chat not found")
        return chat

    def writable(self, call: Call) -> Chat:
        chat = self.chat(call)
        if chat.moved_to is not None:
            raise Refusal(400, UPGRADED, migrate_to_chat_id=chat.moved_to)
        if chat.refusal is not None:
            raise Refusal(403, f"Forbidden: {chat.refusal}")
        return chat

    def post(self, chat: Chat, params: Wire, content: Wire, source: str) -> Wire:
        """A message by the bot."""
        content = content | self._replied(chat, params)
        if keyboard := inline_keyboard(params):
            content["reply_markup"] = keyboard
        if topic := params.get("message_thread_id"):
            content |= {"message_thread_id": topic, "is_topic_message": True}
        self.sent += 1
        return self.keep(chat, self.bot, content, source, silent=bool(params.get("disable_notification"))).wire

    def keep(self, chat: Chat, sender: Wire, content: Wire, source: str, *, silent: bool = False) -> Record:
        """Files a message by anyone under the chat's next number."""
        number = next(chat.numbers)
        date = content.pop("date", None) or int(time.time())
        wire: Wire = {"message_id": number, "from": sender, "chat": chat.wire, "date": date}
        wire |= {name: value for name, value in content.items() if value not in (None, [])}
        record = chat.records[number] = Record(wire, source, time.monotonic(), silent)
        self.changed.ring()
        return record

    def _replied(self, chat: Chat, params: Wire) -> Wire:
        wanted = params.get("reply_parameters")
        if not wanted:
            return {}
        record = chat.records.get(wanted.get("message_id"))
        if record is not None:
            return {"reply_to_message": {k: v for k, v in record.wire.items() if k != "reply_to_message"}}
        if not wanted.get("allow_sending_without_reply"):
            bad_request("message to be replied not found")
        return {}

    async def close(self) -> None:
        self.updates.close()
        if self.webhook is not None:
            await self.webhook.close()


def inline_keyboard(params: Wire) -> Wire | None:
    """Only inline keyboards are shown as part of a message."""
    markup = params.get("reply_markup")
    keyboard: Wire | None = markup if markup and markup.get("inline_keyboard") else None
    return keyboard
