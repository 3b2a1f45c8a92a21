"""Delivers updates to the bot's webhook: several connections, one chat's in order, again until a 2xx."""

import asyncio
import time
from collections import defaultdict
from dataclasses import dataclass
from typing import Final

from aiohttp import ClientError, ClientSession, ClientTimeout

from tests.botapi.updates import Updates, Waiting
from tests.botapi.wire import Wire

SECRET_HEADER: Final = "X-Telegram-Bot-Api-Secret-Token"
LONGEST_PAUSE: Final = 1.0


@dataclass(frozen=True, slots=True)
class Delivery:
    update_id: int
    status: int  # 0: no answer
    time: float


class Webhook:
    def __init__(self, url: str, secret: str | None, connections: int, updates: Updates, pause: float) -> None:
        self.url, self._secret, self.connections = url, secret, connections
        self._updates, self._pause = updates, pause
        self._slots = asyncio.Semaphore(connections)
        self._lanes: defaultdict[int, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._tasks: set[asyncio.Task[None]] = set()
        self._http = ClientSession(timeout=ClientTimeout(10))
        self.deliveries: list[Delivery] = []
        self.last_error: Wire = {}
        updates.taker = self.take
        for waiting in updates.waiting():
            self.take(waiting)

    def take(self, waiting: Waiting) -> None:
        task = asyncio.get_running_loop().create_task(self._deliver(waiting))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _deliver(self, waiting: Waiting) -> None:
        pause = self._pause
        async with self._lanes[waiting.lane]:
            while not await self._accepted(waiting):
                await asyncio.sleep(pause)
                pause = min(2 * pause, LONGEST_PAUSE)
        self._updates.confirm(waiting.id)

    async def _accepted(self, waiting: Waiting) -> bool:
        headers = {"Content-Type": "application/json"}
        if self._secret:
            headers[SECRET_HEADER] = self._secret
        status, reason = 0, "Connection refused or closed"
        async with self._slots:
            try:
                async with self._http.post(self.url, data=waiting.body, headers=headers) as answer:
                    status, reason = answer.status, answer.reason or ""
            except (ClientError, TimeoutError):
                pass
        self.deliveries.append(Delivery(waiting.id, status, time.monotonic()))
        if 200 <= status < 300:
            return True
        message = f"Wrong response from the webhook: {status} {reason}" if status else reason
        self.last_error = {"last_error_date": int(time.time()), "last_error_message": message}
        return False

    async def close(self) -> None:
        self._updates.taker = None
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._http.close()
