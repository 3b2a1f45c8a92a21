"""Wakes whoever waits for something to happen; costs nothing when nobody does."""

import asyncio
from collections.abc import Callable


class Bell:
    def __init__(self) -> None:
        self._waiting: list[asyncio.Future[None]] = []

    def ring(self) -> None:
        waiting, self._waiting = self._waiting, []
        for one in waiting:
            if not one.done():
                one.set_result(None)

    async def heard(self) -> None:
        one = asyncio.get_running_loop().create_future()
        self._waiting.append(one)
        await one

    async def until(self, true: Callable[[], bool], timeout: float) -> bool:  # noqa: ASYNC109 - asked by tests
        """Whether it became true in time; asked again whenever the bell rings."""
        try:
            async with asyncio.timeout(timeout):
                while not true():
                    await self.heard()
        except TimeoutError:
            return False
        return True
