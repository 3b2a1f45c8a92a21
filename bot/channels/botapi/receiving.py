"""Receiving by polling or webhook: raw updates → arrivals → inbox, and only then the platform is told.

Polling: the next offset is written with the arrivals in one transaction and used only afterwards. One update that
cannot be read never holds up the others.
"""

import asyncio
import hmac
import json
import logging
import time
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from telegram import Bot
from telegram.error import Conflict, EndPointNotFound, InvalidToken, RetryAfter, TelegramError

from bot.channels.channel import Intake, TokenRefusedError
from bot.channels.botapi.updates import ALLOWED, arrivals_of, callback_id, update_number
from bot.dialogue.failures import StoreAwayError

log = logging.getLogger(__name__)

LONG_POLL_S = 30
OFFSET = "offset"
LARGEST_UPDATE = 1 << 20
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105  a header's name


class RawBot(Bot):
    """The typed client, with updates as they came: it would refuse a whole batch for one update it does not know."""

    async def raw_updates(self, offset: int, timeout_s: int, allowed: list[str]) -> list[Any]:
        parameters = {"offset": offset, "timeout": timeout_s, "allowed_updates": allowed}
        found = await self._post("getUpdates", parameters, read_timeout=timeout_s + 10)
        return found if isinstance(found, list) else []


def now_us() -> int:
    return time.time_ns() // 1000


@dataclass(slots=True)
class Receiving:
    """`acknowledge` answers a tap at once, so that the button stops spinning."""

    bot: RawBot
    account: str
    acknowledge: Callable[[str], None]
    _failures: int = 0

    async def poll(self, intake: Intake) -> None:
        """Until cancelled. Raises `TokenRefusedError`."""
        offset = await self._first_offset(intake)
        while True:
            try:
                updates = await self._fetch(offset)
                offset = await _whole(self.take_in(intake, updates, offset))
                self._failures = 0
            except (InvalidToken, EndPointNotFound):
                raise TokenRefusedError("Telegram no longer accepts the token") from None
            except StoreAwayError:
                await self._wait("telegram-store-away", 5.0)
            except Conflict:
                await self._wait("telegram-conflict", 30.0)
            except RetryAfter:
                await self._wait("telegram-flood", 10.0)
            except TelegramError:
                await self._wait("telegram-unreachable", 30.0)

    async def _first_offset(self, intake: Intake) -> int:
        while True:
            try:
                saved = await intake.position(OFFSET)
            except StoreAwayError:
                await self._wait("telegram-store-away", 5.0)
                continue
            return int(saved) if saved else 0

    async def _fetch(self, offset: int) -> list[Any]:
        return await self.bot.raw_updates(offset, LONG_POLL_S, list(ALLOWED))

    async def take_in(self, intake: Intake, updates: list[Any], offset: int) -> int:
        """Write what came and the next offset in one transaction; returns that offset."""
        if not updates:
            return offset
        now = now_us()
        arrivals = [arrival for update in updates for arrival in arrivals_of(update, self.account, now)]
        following = max([offset, *(number + 1 for update in updates if (number := update_number(update)) is not None)])
        await intake.receive(arrivals, cursor=(OFFSET, str(following)))
        for update in updates:
            if (tapped := callback_id(update)) is not None:
                self.acknowledge(tapped)
        return following

    async def _wait(self, action: str, longest: float) -> None:
        self._failures += 1
        delay = min(longest, 2.0 ** min(self._failures - 1, 5))
        log.warning("receiving from Telegram pauses", extra={"action": action, "s": delay})
        await asyncio.sleep(delay)


async def _whole(work: Coroutine[Any, Any, int]) -> int:
    """Being stopped must not cut a transaction in two: it is finished first."""
    task = asyncio.ensure_future(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task])
        raise


def webhook_route(path: str, secret: str, take_in: Callable[[list[Any]], Awaitable[None]]) -> Route:
    """The route Telegram posts to. 503 while the store is away, so that it comes again."""

    async def receive(request: Request) -> Response:
        given = request.headers.get(SECRET_HEADER, "")
        if not hmac.compare_digest(given.encode(), secret.encode()):
            return PlainTextResponse("no", status_code=403)
        body = bytearray()
        async for chunk in request.stream():
            body += chunk
            if len(body) > LARGEST_UPDATE:
                return PlainTextResponse("too large", status_code=413)
        try:
            update = json.loads(body)
        except ValueError:
            return PlainTextResponse("ignored")  # coming again would not make it readable
        try:
            await take_in([update])
        except StoreAwayError:
            return PlainTextResponse("later", status_code=503)
        return PlainTextResponse("ok")

    return Route(path, receive, methods=["POST"])
