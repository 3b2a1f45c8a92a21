"""Elapsed time and waiting, for loops that rest. Never the wall clock: that may jump by an hour or a year."""

import asyncio
import time
from typing import Protocol


class Timer(Protocol):
    """`seconds` only ever grows. What they count from means nothing."""

    def seconds(self) -> float: ...

    async def wait(self, event: asyncio.Event, seconds: float) -> None:
        """Until the event is set, but no longer than this."""


class MonotonicTimer:
    """The machine's own."""

    def seconds(self) -> float:
        return time.monotonic()

    async def wait(self, event: asyncio.Event, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await event.wait()
        except TimeoutError:
            return
