"""Pacing: token buckets for sends and edits together. Pure; time comes in as seconds that only grow.

One bucket for the whole platform, one for each room. A few tokens of the big one are kept for answers and emergencies,
so that ten thousand prompts never stand before one cry for help.

Where nobody tells the platform's rate (each Matrix homeserver has its own), it is found: every refusal halves it, and
quiet seconds raise it again by equal steps.
"""

from dataclasses import dataclass, field

from bot.dialogue.messages import Priority

ROOM_RATE, ROOM_BURST = 1.0, 3.0  # private rooms: about one a second, short bursts tolerated
GROUP_RATE, GROUP_BURST = 17 / 60, 3.0  # groups: 20 a minute are allowed, and a minute holds both
BURST_S = 0.25  # seconds of the rate that may leave at once: with what flows in, 31 in a second at a rate of 25
RESERVE = 5.0  # tokens that prompts may not use
KEPT_FOR_EMERGENCIES = 1.0  # of these, what answers may not use
OVERDRAFT = 5.0  # emergencies go below zero: the default rate of 25 a second leaves as much room to Telegram's 30
NEARLY = 1e-6  # a token that lacks so little is whole: sums of fractions are not exact
FORGET_AFTER_S = 60.0  # any room's bucket is full again by then
ROOMS_KEPT = 10_000
FOUND_LEAST = 0.1  # half of what Synapse allows where nobody has changed it: 0.2 events a second
BACK_AFTER_S = 60.0  # so many quiet seconds take a lowered rate back to where it was refused


@dataclass(slots=True)
class Bucket:
    """Fills with `rate` tokens a second up to `burst`. `at` may lie ahead: until then nothing flows in."""

    rate: float
    burst: float
    tokens: float
    at: float

    def fill(self, now: float) -> None:
        if now > self.at:
            self.tokens = min(self.burst, self.tokens + (now - self.at) * self.rate)
            self.at = now

    def wait(self, now: float, needed: float = 1.0) -> float:
        """Seconds until `needed` tokens are there."""
        self.fill(now)
        return 0.0 if self.tokens >= needed - NEARLY else max(0.0, self.at - now) + (needed - self.tokens) / self.rate

    def take(self, now: float) -> None:
        self.fill(now)
        self.tokens -= 1


@dataclass(slots=True)
class FoundRate:
    """Additive increase, multiplicative decrease; never above `most`, never below `FOUND_LEAST`. Messages a second."""

    most: float
    rate: float
    _gain: float = 0.0  # a second
    _at: float = 0.0

    def refused(self, now: float) -> None:
        self.rate = max(FOUND_LEAST, self.risen(now) / 2)
        self._gain = self.rate / BACK_AFTER_S

    def risen(self, now: float) -> float:
        """The rate now."""
        self.rate = min(self.most, self.rate + self._gain * max(0.0, now - self._at))
        self._at = max(self._at, now)
        return self.rate


@dataclass(slots=True)
class Pacing:
    """`rate`: messages a second over all rooms; 0 means no limit of our own, only the platform's pauses count.

    `finds`: `rate` is only the most, and the platform's own is found; rooms then have no rate of their own.
    """

    rate: float
    finds: bool = False
    _found: FoundRate | None = None
    _whole: Bucket | None = None
    _rooms: dict[str, Bucket] = field(default_factory=dict)
    _paused: dict[str, float] = field(default_factory=dict)
    _platform_until: float = 0.0
    _sweep_at: int = ROOMS_KEPT

    def pause_left(self, room: str, now: float) -> float:
        """Seconds for which the platform wants nothing in this room."""
        return max(0.0, self._paused.get(room, now) - now)

    def room_wait(self, room: str, now: float, *, private: bool) -> float:
        """Seconds until this room may get its next message."""
        own = 0.0 if self.rate == 0 or self.finds else self._room(room, now, private=private).wait(now)
        return max(self.pause_left(room, now), own)

    def budget(self, now: float, worst: Priority) -> int:
        """How many messages down to this priority may leave now over all rooms."""
        if now < self._platform_until:
            return 0
        if self.rate == 0:
            return 1 << 30
        whole = self._whole_bucket(now)
        whole.fill(now)
        return max(0, int(whole.tokens - self._kept(worst) + NEARLY))

    def whole_wait(self, now: float) -> float:
        """Seconds until a prompt could leave again."""
        pause = max(0.0, self._platform_until - now)
        if self.rate == 0:
            return pause
        return max(pause, self._whole_bucket(now).wait(now, self._kept(Priority.PROMPT) + 1))

    def take(self, room: str, now: float, *, private: bool) -> None:
        """A message leaves."""
        if self.rate == 0:
            return
        self._whole_bucket(now).take(now)
        if not self.finds:
            self._room(room, now, private=private).take(now)

    def pause(self, room: str, now: float, seconds: float, *, whole_platform: bool = False) -> None:
        """The platform asked to wait. A second room that is asked while the first still waits pauses everything."""
        self._paused = {other: until for other, until in self._paused.items() if until > now}
        others = any(other != room for other in self._paused)
        self._paused[room] = max(self._paused.get(room, 0.0), now + seconds)
        if whole_platform or others:
            if self._found is not None and now >= self._platform_until:  # sends under way are refused together: once
                self._found.refused(now)
            self.pause_all(now, seconds)

    def pause_all(self, now: float, seconds: float) -> None:
        """Nothing leaves meanwhile, and nothing is saved up for a burst afterwards."""
        self._platform_until = max(self._platform_until, now + seconds)
        if self.rate > 0:
            whole = self._whole_bucket(now)
            whole.fill(now)
            whole.tokens = min(whole.tokens, self._kept(Priority.PROMPT))
            whole.at = max(whole.at, self._platform_until)

    def _kept(self, worst: Priority) -> float:
        """Tokens that messages of this priority may not use; a small rate has no more than a third to keep."""
        most = self.rate / 3
        if worst == Priority.EMERGENCY:
            return -min(OVERDRAFT, most)
        return min(KEPT_FOR_EMERGENCIES if worst == Priority.ANSWER else RESERVE, most)

    def _whole_bucket(self, now: float) -> Bucket:
        if self._whole is None:
            self._whole = Bucket(self.rate, self._burst(), self._burst(), now)
        if self.finds:
            self._tune(self._whole, now)
        return self._whole

    def _burst(self) -> float:
        """However small the rate, a prompt can leave: also while the rate rises, and what is kept with it."""
        return max(self.rate * BURST_S, self._kept(Priority.PROMPT) + (2 if self.finds else 1))

    def _tune(self, whole: Bucket, now: float) -> None:
        """What was found since: the bucket goes on with it from here."""
        if self._found is None:
            self._found = FoundRate(self.rate, self.rate, _at=now)
        whole.fill(now)
        self.rate = whole.rate = self._found.risen(now)
        whole.burst = self._burst()
        whole.tokens = min(whole.tokens, whole.burst)

    def _room(self, room: str, now: float, *, private: bool) -> Bucket:
        found = self._rooms.get(room)
        if found is None:
            if len(self._rooms) >= self._sweep_at:
                self._rooms = {r: b for r, b in self._rooms.items() if now - b.at < FORGET_AFTER_S}
                self._sweep_at = max(ROOMS_KEPT, 2 * len(self._rooms))  # not again with every new room
            rate, burst = (ROOM_RATE, ROOM_BURST) if private else (GROUP_RATE, GROUP_BURST)
            found = self._rooms[room] = Bucket(rate, burst, burst, now)
        return found
