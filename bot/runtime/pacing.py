"""Pacing: token buckets for sends and edits together. Pure; time comes in as seconds.

One bucket for the whole platform, one for each room. A few tokens of the big one are kept for answers and emergencies,
so that ten thousand prompts never stand before one cry for help.
"""

from dataclasses import dataclass, field

ROOM_RATE, ROOM_BURST = 1.0, 3.0  # private rooms: about one a second, short bursts tolerated
GROUP_RATE, GROUP_BURST = 18 / 60, 6.0  # groups: 20 a minute are allowed
RESERVE = 8.0  # tokens that prompts may not use
FORGET_AFTER_S = 120.0
ROOMS_KEPT = 50_000


@dataclass(slots=True)
class Bucket:
    """Fills with `rate` tokens a second up to `burst`."""

    rate: float
    burst: float
    tokens: float
    at: float

    def fill(self, now: float) -> None:
        self.tokens = min(self.burst, self.tokens + max(0.0, now - self.at) * self.rate)
        self.at = now

    def wait(self, now: float, needed: float = 1.0) -> float:
        """Seconds until `needed` tokens are there."""
        self.fill(now)
        return 0.0 if self.tokens >= needed else (needed - self.tokens) / self.rate

    def take(self, now: float) -> None:
        self.fill(now)
        self.tokens -= 1


@dataclass(slots=True)
class Pacing:
    """`rate`: messages a second over all rooms; 0 means no limit of our own."""

    rate: float
    _whole: Bucket | None = None
    _rooms: dict[str, Bucket] = field(default_factory=dict)
    _paused: dict[str, float] = field(default_factory=dict)
    _platform_until: float = 0.0

    def room_wait(self, room: str, now: float, *, private: bool) -> float:
        """Seconds until this room may get its next message."""
        pause = self._paused.get(room, 0.0) - now
        if self.rate == 0:
            return max(0.0, pause)
        return max(0.0, pause, self._room(room, now, private=private).wait(now))

    def budget(self, now: float, *, urgent: bool) -> int:
        """How many messages may leave now over all rooms."""
        if now < self._platform_until:
            return 0
        if self.rate == 0:
            return 1 << 30
        whole = self._whole_bucket(now)
        whole.fill(now)
        return max(0, int(whole.tokens - (0.0 if urgent else min(RESERVE, self.rate / 3))))

    def whole_wait(self, now: float) -> float:
        """Seconds until a prompt could leave again."""
        if now < self._platform_until:
            return self._platform_until - now
        if self.rate == 0:
            return 0.0
        return self._whole_bucket(now).wait(now, min(RESERVE, self.rate / 3) + 1)

    def take(self, room: str, now: float, *, private: bool) -> None:
        """A message leaves."""
        if self.rate == 0:
            return
        self._whole_bucket(now).take(now)
        self._room(room, now, private=private).take(now)

    def pause(self, room: str, now: float, seconds: float, *, whole_platform: bool = False) -> None:
        """The platform asked to wait. A second room that is asked while the first still waits pauses everything."""
        others = any(until > now for other, until in self._paused.items() if other != room)
        self._paused[room] = now + seconds
        if whole_platform or others:
            self._platform_until = max(self._platform_until, now + seconds)
        self._paused = {other: until for other, until in self._paused.items() if until > now}

    def _whole_bucket(self, now: float) -> Bucket:
        if self._whole is None:
            self._whole = Bucket(self.rate, self.rate, self.rate, now)
        return self._whole

    def _room(self, room: str, now: float, *, private: bool) -> Bucket:
        found = self._rooms.get(room)
        if found is None:
            if len(self._rooms) >= ROOMS_KEPT:
                self._rooms = {r: b for r, b in self._rooms.items() if now - b.at < FORGET_AFTER_S}
            rate, burst = (ROOM_RATE, ROOM_BURST) if private else (GROUP_RATE, GROUP_BURST)
            found = self._rooms[room] = Bucket(rate, burst, burst, now)
        return found
