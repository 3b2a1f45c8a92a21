"""Counters of this process, by name. Numbers only, never ids of people."""

import re
from collections import Counter
from dataclasses import dataclass, field

_NO_NAME = re.compile(r"[^a-zA-Z0-9_]")


@dataclass(slots=True)
class Metrics:
    """`count` adds, `values` reads, `exposition` is what a scraper reads."""

    _counts: Counter[str] = field(default_factory=Counter)

    def count(self, name: str, by: int = 1) -> None:
        self._counts[name] += by

    def values(self) -> dict[str, int]:
        return dict(self._counts)

    def exposition(self) -> str:
        """The text format of Prometheus, version 0.0.4; `rueckgrat_up` shows that the process runs."""
        lines = ["# TYPE rueckgrat_up gauge", "rueckgrat_up 1"]
        for name, value in sorted(self._counts.items()):
            full = f"rueckgrat_{_NO_NAME.sub('_', name)}_total"
            lines += [f"# TYPE {full} counter", f"{full} {value}"]
        return "\n".join([*lines, ""])
