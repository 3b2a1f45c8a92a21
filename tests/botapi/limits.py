"""The platform's pace: sends and edits over it get 429 with the seconds to wait. Off unless a test asks for it."""

import math
import time
from dataclasses import dataclass
from typing import Final

from tests.botapi.wire import Call, Refusal

PACED: Final = ("send", "edit")


@dataclass(frozen=True, slots=True)
class Rate:
    per_second: float
    burst: int


@dataclass(frozen=True, slots=True)
class Limits:
    """What Telegram's FAQ says; its true limits are not published and change."""

    overall: Rate = Rate(30, 30)
    private: Rate = Rate(1, 5)
    group: Rate = Rate(20 / 60, 20)


@dataclass(slots=True)
class Bucket:
    rate: Rate
    left: float
    at: float

    def refill(self, now: float) -> None:
        self.left = min(self.rate.burst, self.left + (now - self.at) * self.rate.per_second)
        self.at = now

    def wait(self) -> float:
        return 0.0 if self.left >= 1 else (1 - self.left) / self.rate.per_second


class Pace:
    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._buckets: dict[int, Bucket] = {}

    def check(self, call: Call) -> None:
        chat_id = call.chat_id
        if chat_id is None or call.method == "sendChatAction" or not call.method.startswith(PACED):
            return
        own = self._limits.private if chat_id > 0 else self._limits.group
        buckets = [self._bucket(0, self._limits.overall), self._bucket(chat_id, own)]
        if wait := max(bucket.wait() for bucket in buckets):
            seconds = math.ceil(wait)
            raise Refusal(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)
        for bucket in buckets:
            bucket.left -= 1

    def _bucket(self, key: int, rate: Rate) -> Bucket:
        now = time.monotonic()
        bucket = self._buckets.setdefault(key, Bucket(rate, rate.burst, now))
        bucket.refill(now)
        return bucket
