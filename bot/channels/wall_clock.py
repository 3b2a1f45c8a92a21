"""The one place that reads the wall clock: adapters and the runtime ask here, everything else is told."""

import time


def now_us() -> int:
    """Epoch microseconds."""
    return time.time_ns() // 1000
