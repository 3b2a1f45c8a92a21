"""Answers to taps, so that a button stops spinning: in the background, whatever becomes of the tap.

At once, and without words: what a tap means is said by the message that follows. A tap on a round's card has none, so
it is held until it is counted, but never for long.
"""

import asyncio
import logging
from collections import OrderedDict
from dataclasses import dataclass, field

from telegram.error import TelegramError

from bot.channels.telegram.api import Api

log = logging.getLogger(__name__)

REMEMBERED = 1000  # while the store is away the same taps are fetched again and again
HELD_S = 4.0  # seconds a tap waits for its words


@dataclass(slots=True)
class Taps:
    """A tap is answered once; an answer that comes too late no longer matters."""

    api: Api
    _seen: OrderedDict[str, None] = field(default_factory=OrderedDict, repr=False)
    _open: set[asyncio.Task[None]] = field(default_factory=set, repr=False)
    _held: dict[str, asyncio.TimerHandle] = field(default_factory=dict, repr=False)

    def answer(self, query: str) -> None:
        if self._is_new(query):
            self._send(query, "")

    def hold(self, query: str) -> None:
        """Words may follow."""
        if self._is_new(query):
            self._held[query] = asyncio.get_running_loop().call_later(HELD_S, self.say, query, "")

    def say(self, query: str, words: str) -> None:
        """The words for a tap that is held; for any other it is too late."""
        waiting = self._held.pop(query, None)
        if waiting is not None:
            waiting.cancel()
            self._send(query, words)

    def _is_new(self, query: str) -> bool:
        if query in self._seen:
            return False
        self._seen[query] = None
        if len(self._seen) > REMEMBERED:
            self._seen.popitem(last=False)
        return True

    def _send(self, query: str, words: str) -> None:
        task = asyncio.create_task(self._answered(query, words))
        self._open.add(task)
        task.add_done_callback(self._open.discard)

    async def _answered(self, query: str, words: str) -> None:
        try:
            await self.api.call(
                "answerCallbackQuery", {"callback_query_id": query, **({"text": words} if words else {})}
            )
        except TelegramError as error:
            log.debug("a tap was not answered", extra={"action": "tap-answer", "error": type(error).__name__})

    async def aclose(self) -> None:
        for waiting in self._held.values():
            waiting.cancel()
        for task in self._open:
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)
