"""Answers to taps, so that a button stops spinning: at once, in the background, whatever becomes of the tap."""

import asyncio
import logging
from collections import OrderedDict
from dataclasses import dataclass, field

from telegram.error import TelegramError

from bot.channels.telegram.api import Api

log = logging.getLogger(__name__)

REMEMBERED = 1000  # while the store is away the same taps are fetched again and again


@dataclass(slots=True)
class Taps:
    """A tap is answered once; an answer that comes too late no longer matters."""

    api: Api
    _seen: OrderedDict[str, None] = field(default_factory=OrderedDict, repr=False)
    _open: set[asyncio.Task[None]] = field(default_factory=set, repr=False)

    def answer(self, query: str) -> None:
        if query in self._seen:
            return
        self._seen[query] = None
        if len(self._seen) > REMEMBERED:
            self._seen.popitem(last=False)
        task = asyncio.create_task(self._answered(query))
        self._open.add(task)
        task.add_done_callback(self._open.discard)

    async def _answered(self, query: str) -> None:
        try:
            await self.api.call("answerCallbackQuery", {"callback_query_id": query})
        except TelegramError as error:
            log.debug("a tap was not answered", extra={"action": "tap-answer", "error": type(error).__name__})

    async def aclose(self) -> None:
        for task in self._open:
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)
