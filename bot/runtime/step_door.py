"""`POST /steps`: a member's phone tells their steps, with a key of its own. It can tell nothing else and read nothing.

`Authorization: Bearer KEY`, and either JSON (`{"date": "2026-11-29", "steps": 6500}`, or several under `days`) or lines
such as `2026-11-29,6500`. Kept are a date and a number a day; who sends is known by the key alone, of which the
member's document holds a hash.
"""

import hmac
import json
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from bot.channels.web.limits import Bucket, Guesses, Limits
from bot.dialogue.events import StepsCounted
from bot.dialogue.failures import StoreAwayError
from bot.dialogue.member import DocumentError, load_member
from bot.dialogue.step_days import key_hash, read_step_days
from bot.store.rows import Posted
from bot.store.store import Store

PER_HOUR = 12  # a phone that tells every few minutes is asked to wait; the next number holds all before it
MEMBERS_COUNTED = 10_000


def new_key(member: int) -> str:
    """Whose it is, and 192 random bits."""
    return f"{member:x}-{secrets.token_urlsafe(24)}"


class StepDoor:
    """Who knocks with which key, and what they bring; `source` is the network address."""

    def __init__(self, store: Store, now: Callable[[], int], clock: Callable[[], float] = time.monotonic) -> None:
        self._store, self._now, self._clock = store, now, clock
        self._guesses = Guesses(Limits(), clock)
        self._buckets: OrderedDict[int, Bucket] = OrderedDict()

    async def take(self, key: str, body: bytes, source: str) -> tuple[str, int]:
        """202 kept, 400 not understood, 401 no such key, 429 too often, 503 the store is away."""
        try:
            return await self._take(key, body, source)
        except StoreAwayError:
            return "later", 503

    async def _take(self, key: str, body: bytes, source: str) -> tuple[str, int]:
        member = await self._member_of(key)
        if member is None:
            return ("no such key", 401) if self._guesses.allow(source) else ("later", 429)
        if not self._may(member):
            return "later", 429
        days = _days(body)
        if not days:
            return "a date and a number of steps, please", 400
        counted = StepsCounted(days=days, key=key_hash(key))
        posted = Posted(member=member, event=counted, source=f"steps:{self._store.ids.next(self._now())}")
        await self._store.post([posted], self._now())
        return "kept", 202

    async def _member_of(self, key: str) -> int | None:
        try:
            number = int(key.partition("-")[0], 16)
        except ValueError:
            return None
        found = await self._store.member(number) if 0 < number < 1 << 63 else None
        if found is None or found.document is None:
            return None
        try:
            kept = load_member(found.document).known.steps_key
        except DocumentError:
            return None
        return number if kept and hmac.compare_digest(kept, key_hash(key)) else None

    def _may(self, member: int) -> bool:
        bucket = self._buckets.setdefault(member, Bucket(PER_HOUR / 3600, PER_HOUR, self._clock))
        self._buckets.move_to_end(member)
        while len(self._buckets) > MEMBERS_COUNTED:
            self._buckets.popitem(last=False)
        return bucket.take()


def _days(body: bytes) -> tuple[tuple[str, int], ...]:
    """In JSON or in lines; empty if it is neither."""
    written = body.decode("utf-8", "replace")
    try:
        told: Any = json.loads(written)
    except ValueError:
        return read_step_days(written) or ()
    if isinstance(told, dict):
        told = told.get("days", [told])
    if not isinstance(told, list) or not all(isinstance(each, dict) for each in told):
        return ()
    return read_step_days("\n".join(f"{each.get('date', '')} {each.get('steps', '')}" for each in told)) or ()
