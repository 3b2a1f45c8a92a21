"""Updates on their way to the bot: the queue, offsets and long polling.

An update leaves the queue when it is confirmed (by offset or by a webhook's 2xx) and not a moment earlier.
"""

import asyncio
import itertools
import json
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from tests.botapi.bell import Bell
from tests.botapi.judge import Judge
from tests.botapi.wire import Encoded, Refusal, Wire

MOST_UPDATES: Final = 100  # "Values between 1-100 are accepted"
NOT_BY_DEFAULT: Final = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
CONFLICT: Final = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
HOOKED: Final = (
    "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
)


@dataclass(frozen=True, slots=True)
class Waiting:
    id: int
    body: bytes
    lane: int  # the chat: updates of one are delivered in order


class Updates:
    def __init__(self, judge: Judge, changed: Bell) -> None:
        self._judge, self._changed = judge, changed
        self._ids = itertools.count(100_001)
        self._queue: OrderedDict[int, Waiting] = OrderedDict()
        self._allowed: frozenset[str] | None = None
        self._poll: asyncio.Future[str] | None = None
        self.taker: Callable[[Waiting], None] | None = None  # a webhook, while one is set

    def __len__(self) -> int:
        return len(self._queue)

    def push(self, kind: str, body: Wire, lane: int) -> int | None:
        """Queues an update if the bot asked for its kind."""
        allowed = kind in self._allowed if self._allowed is not None else kind not in NOT_BY_DEFAULT
        if not allowed:
            return None
        update = {"update_id": next(self._ids), kind: body}
        self._judge.update(update)
        return self._add(update, lane)

    def push_unjudged(self, body: Wire) -> int:
        """Queues what no valid update is: poison."""
        return self._add({"update_id": next(self._ids)} | body, 0)

    def _add(self, update: Wire, lane: int) -> int:
        waiting = Waiting(update["update_id"], json.dumps(update).encode(), lane)
        self._queue[waiting.id] = waiting
        if self.taker is not None:
            self.taker(waiting)
        self._end_poll("updates")
        return waiting.id

    def waiting(self) -> Iterable[Waiting]:
        return list(self._queue.values())

    def confirm(self, update_id: int) -> None:
        self._queue.pop(update_id, None)
        self._changed.ring()

    def clear(self) -> None:
        self._queue.clear()

    def allow(self, params: Wire) -> None:
        """The setting sticks until it is given anew; an empty list means the default."""
        if (kinds := params.get("allowed_updates")) is not None:
            self._allowed = frozenset(kinds) or None

    @property
    def polled(self) -> bool:
        """Whether a long poll is waiting right now."""
        return self._poll is not None

    @property
    def allowed(self) -> list[str]:
        return sorted(self._allowed or ())

    async def poll(self, params: Wire) -> Encoded:
        if self.taker is not None:
            raise Refusal(409, HOOKED)
        self.allow(params)
        self._confirm_before(params.get("offset"))
        self._end_poll("conflict")
        if not self._queue and (timeout := params.get("timeout")):
            await self._wait(timeout)
        limit = min(max(params.get("limit", MOST_UPDATES), 1), MOST_UPDATES)
        bodies = [waiting.body for waiting in itertools.islice(self._queue.values(), limit)]
        return Encoded(b"[" + b",".join(bodies) + b"]")

    async def _wait(self, timeout: float) -> None:  # noqa: ASYNC109 - the protocol's own parameter
        self._poll = poll = asyncio.get_running_loop().create_future()
        self._changed.ring()
        await asyncio.wait({poll}, timeout=timeout)
        if poll.done() and poll.result() == "conflict":
            raise Refusal(409, CONFLICT)
        if not poll.done():
            self._poll = None

    def _end_poll(self, why: str) -> None:
        if self._poll is not None and not self._poll.done():
            self._poll.set_result(why)
        self._poll = None

    def _confirm_before(self, offset: int | None) -> None:
        if offset is None:
            return
        if offset < 0:  # "starting from -offset update from the end; all previous are forgotten"
            offset = next(itertools.islice(reversed(self._queue), -offset - 1, None), 0)
        while self._queue and next(iter(self._queue)) < offset:
            self._queue.popitem(last=False)
        self._changed.ring()

    def close(self) -> None:
        self._end_poll("closed")
