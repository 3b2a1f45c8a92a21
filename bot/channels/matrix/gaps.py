"""What a sync left out of a room. Where the homeserver will not tell it now, that room's gap waits; nobody else does.

A gap that waits stands in the sync position, so a restart does not forget it. What is said in the room meanwhile is
heard at once, and what was said in the gap when it comes.
"""

import logging
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from nio import MessageDirection

from bot.channels.channel import TokenRefusedError
from bot.channels.matrix.errors import UNREACHED, code_of, http_status, is_error, is_limited, is_token_refused, wait_of
from bot.channels.matrix.position import Gap

log = logging.getLogger(__name__)

PAGES = 100
PAGE = 100  # homeservers give no more at once
GIVEN_UP_US = 24 * 3600 * 1_000_000
AGAIN_S = (5.0, 15.0, 60.0, 300.0, 600.0)


class GapError(Exception):
    """The homeserver does not tell it now. `status`: why; 0 where it was not reached. `wait_s`: what it asked for."""

    def __init__(self, what: str, *, status: int = 0, wait_s: float = 0.0) -> None:
        super().__init__(what)
        self.status = status
        self.wait_s = wait_s


@dataclass(slots=True)
class Gaps:
    """Of one account. `now`: epoch microseconds; `clock`: seconds that only grow."""

    client: Any
    now: Callable[[], int]
    clock: Callable[[], float] = time.monotonic
    open: dict[tuple[str, str], Gap] = field(default_factory=dict)  # by room and start
    _closed: dict[tuple[str, str], list[Any]] = field(default_factory=dict)
    _tries: dict[tuple[str, str], int] = field(default_factory=dict)
    _again_at: dict[tuple[str, str], float] = field(default_factory=dict)

    async def events(self, gap: Gap) -> list[Any]:
        """Oldest first. Raises `GapError`, or `TokenRefusedError`."""
        pages: list[Any] = []
        start = gap.start
        for _ in range(PAGES):
            try:
                page = await self.client.room_messages(gap.room, start, gap.since, MessageDirection.back, PAGE)
            except UNREACHED as error:
                raise GapError(type(error).__name__) from None
            if is_token_refused(page):
                raise TokenRefusedError("the homeserver no longer accepts the token")
            if is_error(page):
                status, wait_s = http_status(page), wait_of(page) if is_limited(page) else 0.0
                raise GapError(code_of(page) or str(status), status=status, wait_s=wait_s)
            pages += page.chunk
            if not page.chunk or page.end in {None, start}:
                return pages[::-1]
            start = page.end
        log.error("a gap is too long to be closed", extra={"action": "matrix-gap", "events": len(pages)})
        return pages[::-1]

    def remember(self, gaps: Iterable[Gap]) -> None:
        """What is open, and nothing else."""
        self.open = {(gap.room, gap.start): gap for gap in gaps}

    def hold(self, gap: Gap, why: str) -> None:
        """Until the homeserver tells it."""
        log.warning("a room's gap stays open", extra={"action": "matrix-gap-open", "why": why})
        self.open[gap.room, gap.start] = gap
        self._put_off((gap.room, gap.start), 0.0)

    async def close(self) -> None:
        """Ask for those whose time has come. Raises `TokenRefusedError`."""
        for name, gap in list(self.open.items()):
            if name in self._closed or self._again_at.get(name, 0.0) > self.clock():
                continue
            try:
                self._closed[name] = await self.events(gap)
            except GapError as error:
                if self._is_lost(name, error) or self.now() - gap.at > GIVEN_UP_US:
                    log.exception("a gap is given up", extra={"action": "matrix-gap-lost"})
                    self._closed[name] = []
                self._put_off(name, error.wait_s)

    def _is_lost(self, name: tuple[str, str], error: GapError) -> bool:
        """What is forbidden may be told as soon as we are in the room again: we may have been asked back."""
        tried = self._tries.get(name, 0)
        return error.status == 404 or (error.status == 403 and tried >= len(AGAIN_S) - 1)

    def taken(self) -> list[tuple[str, list[Any]]]:
        """Rooms and what was missing there; those gaps are closed."""
        closed, self._closed = self._closed, {}
        for name in closed:
            self.open.pop(name, None)
            self._tries.pop(name, None)
            self._again_at.pop(name, None)
        return [(room, events) for (room, _), events in closed.items()]

    def _put_off(self, name: tuple[str, str], asked_s: float) -> None:
        tries = self._tries[name] = self._tries.get(name, -1) + 1
        self._again_at[name] = self.clock() + max(asked_s, AGAIN_S[min(tries, len(AGAIN_S) - 1)])
