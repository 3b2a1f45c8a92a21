"""Own ids: 63 bits, in order of time, never handed out twice. No clock in here: `now` is an argument.

From high to low: 41 bits of milliseconds since 2025, 8 bits for the process (its node number), 14 bits counting.
"""

EPOCH_MS = 1_735_689_600_000  # 2025-01-01T00:00:00Z
_MS_BITS = 41
_NODE_BITS = 8
_COUNT_BITS = 14
NODES = 1 << _NODE_BITS
BLOCK = 1 << (_COUNT_BITS - 1)  # the largest block
_COUNTS = 1 << _COUNT_BITS


def first_id(at: int) -> int:
    """The smallest id that can be made at epoch microsecond `at`: older rows have smaller ones."""
    return max(at // 1000 - EPOCH_MS, 0) << (_NODE_BITS + _COUNT_BITS)


def bucket(number: int) -> int:
    """The share of the work a member (or any other id) belongs to."""
    return number % 256


class Ids:
    """Makes the ids of one process. Goes on from the highest moment seen when the clock steps back."""

    __slots__ = ("_count", "_ms", "_node")

    def __init__(self, node: int) -> None:
        if not 0 <= node < NODES:
            raise ValueError(f"node number {node} is not between 0 and {NODES - 1}")
        self._node = node
        self._ms = -1
        self._count = 0

    def next(self, now: int) -> int:
        return self.block(1, now)

    def block(self, n: int, now: int) -> int:
        """The first of `n` consecutive ids."""
        if not 1 <= n <= BLOCK:
            raise ValueError(f"a block has 1 to {BLOCK} ids, not {n}")
        ms = max(now // 1000 - EPOCH_MS, 0)
        if ms > self._ms:
            self._begin(ms)
        elif self._count + n > _COUNTS:
            self._begin(self._ms + 1)
        first = ((self._ms << _NODE_BITS | self._node) << _COUNT_BITS) | self._count
        self._count += n
        return first

    def _begin(self, ms: int) -> None:
        if ms >> _MS_BITS:
            raise ValueError("the clock stands after the year 2094")
        self._ms = ms
        # Counting from 0 in every millisecond would put nearly all ids into bucket 0.
        self._count = (ms * 0x9E3779B1 >> 12) & 0xFF
