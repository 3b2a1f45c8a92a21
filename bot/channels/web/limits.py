"""Limits against floods and guessing. All count in memory on a clock that is given in; a restart forgives."""

import ipaddress
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

Clock = Callable[[], float]  # seconds, monotonic


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Per connection, per network address, and over all."""

    frame_bytes: int = 24 * 1024  # whatever fits into the page's field, also when every sign takes several bytes
    frames_per_s: float = 10
    burst: int = 20
    sockets_per_address: int = 32  # a family or an office behind one address
    sockets: int = 1000
    guesses_per_address: int = 5
    guesses: int = 100
    guess_window_s: float = 600
    emergency_wait_s: float = 1  # a store that takes longer is treated as away when someone asks for help
    store_wait_s: float = 5  # … and for whatever else is said
    frames_waiting: int = 64  # a connection's frames that wait for the store


class Bucket:
    """A token bucket: `burst` at once, `per_s` in the long run."""

    def __init__(self, per_s: float, burst: int, clock: Clock) -> None:
        self._per_s, self._burst, self._clock = per_s, burst, clock
        self._tokens = float(burst)
        self._seen = clock()

    def take(self) -> bool:
        now = self._clock()
        self._tokens = min(self._burst, self._tokens + (now - self._seen) * self._per_s)
        self._seen = now
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True


class Guesses:
    """How many return codes were tried within the window, from one network address and altogether."""

    def __init__(self, limits: Limits, clock: Clock) -> None:
        self._limits, self._clock = limits, clock
        self._tries: deque[tuple[float, str]] = deque()  # never longer than `limits.guesses`

    def allow(self, address: str) -> bool:
        """Count one try; False when it is one too many (and then it does not count)."""
        now = self._clock()
        while self._tries and self._tries[0][0] <= now - self._limits.guess_window_s:
            self._tries.popleft()
        network = network_of(address)
        of_this = sum(1 for _, other in self._tries if other == network)
        if of_this >= self._limits.guesses_per_address or len(self._tries) >= self._limits.guesses:
            return False
        self._tries.append((now, network))
        return True


class Doors:
    """How many sockets are open, from one network address and altogether."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._open: dict[str, int] = {}
        self._total = 0

    def enter(self, address: str) -> bool:
        network = network_of(address)
        count = self._open.get(network, 0)
        if count >= self._limits.sockets_per_address or self._total >= self._limits.sockets:
            return False
        self._open[network] = count + 1
        self._total += 1
        return True

    def leave(self, address: str) -> None:
        network = network_of(address)
        self._total -= 1
        self._open[network] -= 1
        if not self._open[network]:
            del self._open[network]


def network_of(address: str) -> str:
    """The address, or its /64 for IPv6: one line holder has many of those."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if parsed.version == 4:
        return address
    return str(ipaddress.ip_network((parsed, 64), strict=False))
