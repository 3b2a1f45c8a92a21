"""A chat as a test reads it: the bot's messages, and waiting for them."""

import asyncio
from collections.abc import Callable
from typing import Self, TypeVar

from tests.botapi.views import Message, view
from tests.botapi.wire import Wire
from tests.botapi.world import Chat, World

T = TypeVar("T")
R = TypeVar("R", bound="Room")
PATIENCE = 30.0  # seconds; generous, since a test must not fail because a machine is busy


class Room:
    def __init__(self, world: World, wire: Wire, *, started: bool = True) -> None:
        self.world = world
        self.chat = world.chats[wire["id"]] = Chat(wire, started=started)
        self._read = 0  # the number of the last message that next_message handed out

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.id})"

    @property
    def id(self) -> int:
        return self.chat.id

    def _views(self, *, bot: bool) -> list[Message]:
        bot_id = self.world.bot["id"]
        found = (r for r in self.chat.records.values() if (r.wire["from"]["id"] == bot_id) is bot)
        return [view(self.chat, record, self.world.files) for record in found]

    @property
    def messages(self) -> list[Message]:
        """The bot's messages as they are now, oldest first; deleted ones are gone."""
        return self._views(bot=True)

    @property
    def last(self) -> Message:
        return self.messages[-1]

    @property
    def texts(self) -> list[str]:
        return [message.text for message in self.messages]

    @property
    def deleted(self) -> list[Message]:
        return [view(self.chat, record, self.world.files) for record in self.chat.deleted]

    @property
    def pinned(self) -> list[int]:
        return list(self.chat.pinned)

    @property
    def actions(self) -> list[str]:
        """The chat actions shown so far ("typing" ...)."""
        return list(self.chat.actions)

    def reaction(self, message: Message) -> list[str]:
        """What the bot put under a message."""
        return list(self.chat.records[message.id].reactions)

    def now(self, message: Message) -> Message:
        """The same message as it is now."""
        return view(self.chat, self.chat.records[message.id], self.world.files)

    async def wait_for(self, wanted: Callable[[Self], T | None], timeout: float = PATIENCE) -> T:  # noqa: ASYNC109 - asked by tests
        """The first truthy result of `wanted(room)`, asked again whenever something changes."""
        try:
            async with asyncio.timeout(timeout):
                while not (found := _found(wanted, self)):
                    await self.world.changed.heard()
                return found
        except TimeoutError:
            raise AssertionError(f"waited {timeout} s in {self!r}; the bot's messages: {self.texts}") from None

    async def next_message(self, timeout: float = PATIENCE) -> Message:  # noqa: ASYNC109 - as everywhere here
        """The bot's next message that was not handed out yet; edits are no new messages."""
        message = await self.wait_for(lambda room: next((m for m in room.messages if m.id > self._read), None), timeout)
        self._read = message.id
        return message

    async def sees(self, text: str, timeout: float = PATIENCE) -> Message:  # noqa: ASYNC109 - as everywhere here
        """The newest message of the bot whose visible text contains `text`, waiting for it if need be."""
        return await self.wait_for(
            lambda room: next((m for m in reversed(room.messages) if text in m.text), None), timeout
        )

    def skip(self) -> None:
        """Makes next_message begin after what is there now."""
        self._read = max(self.chat.records, default=0)


def _found(wanted: Callable[[R], T | None], room: R) -> T | None:
    """A chat that is still empty is not what was waited for."""
    try:
        return wanted(room)
    except IndexError:
        return None
