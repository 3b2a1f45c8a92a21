"""Counters of this process, by name. Numbers only, never ids of people."""

from collections import Counter
from dataclasses import dataclass, field


@dataclass(slots=True)
class Metrics:
    """`count` adds, `values` reads; exported by whoever serves them."""

    _counts: Counter[str] = field(default_factory=Counter)

    def count(self, name: str, by: int = 1) -> None:
        self._counts[name] += by

    def values(self) -> dict[str, int]:
        return dict(self._counts)
