"""An inbox in memory that keeps each source once, can be away, and wakes the test's coach."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from bot.dialogue.events import Arrival, ButtonTapped, TextReceived
from bot.dialogue.failures import StoreAwayError

Coach = Callable[[Arrival], Awaitable[None]]


class Inbox:
    """`Intake` as the store keeps it: durable for the test's life, deduplicated by source."""

    def __init__(self) -> None:
        self.arrivals: dict[str, Arrival] = {}
        self.attempts = 0
        self._attempt = asyncio.Condition()
        self.away = False
        self.hanging = False
        self.coach: Coach | None = None
        self._turns: set[asyncio.Task[None]] = set()

    async def receive(self, arrivals: Sequence[Arrival], *, cursor: tuple[str, str] | None = None) -> None:
        assert cursor is None
        async with self._attempt:
            self.attempts += 1
            self._attempt.notify_all()
        if self.hanging:
            await asyncio.Event().wait()
        if self.away:
            raise StoreAwayError
        for arrival in arrivals:
            if arrival.source in self.arrivals:
                continue
            self.arrivals[arrival.source] = arrival
            if self.coach is not None:
                turn = asyncio.ensure_future(self.coach(arrival))
                self._turns.add(turn)
                turn.add_done_callback(self._turns.discard)

    def help_meanwhile(self, arrivals: Sequence[Arrival]) -> None:
        raise AssertionError(f"the page shows the static text itself: {len(arrivals)}")

    async def position(self, name: str) -> str | None:
        assert name
        return None

    async def attempted(self, times: int) -> None:
        """Wait until the channel has tried this often to hand something over."""
        async with self._attempt:
            await self._attempt.wait_for(lambda: self.attempts >= times)

    @property
    def said(self) -> list[str]:
        return [said(arrival) for arrival in self.arrivals.values()]


def said(arrival: Arrival) -> str:
    """What a text or a tap says."""
    match arrival.event:
        case TextReceived(text=text):
            return text
        case ButtonTapped(data=data):
            return data
        case other:
            raise AssertionError(other)
