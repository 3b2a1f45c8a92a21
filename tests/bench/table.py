"""What a measurement found beside its budget, and how it is shown. Budgets are those of the design's section 7."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

WIDTHS = (3, 50, 24, 6)


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One budget. `values` are the numbers behind `found`; `kept` says whether the budget is.

    `over`: how many times as long as allowed the work takes, where time is all that a slower machine changes; else 0.
    """

    row: int
    work: str
    budget: str
    found: str
    kept: bool
    over: float = 0.0
    values: dict[str, float] = field(default_factory=dict)


def shown(results: Sequence[Result]) -> str:
    """The table, for a terminal."""
    lines = [("row", "work", "budget", "", "found")]
    lines += [(str(r.row), r.work, r.budget, "ok" if r.kept else "MISSED", r.found) for r in results]
    return "\n".join(_line(line) for line in lines)


def _line(cells: Sequence[str]) -> str:
    padded = [cell.ljust(width) for cell, width in zip(cells, WIDTHS, strict=False)]
    return "  ".join([*padded, *cells[len(WIDTHS) :]]).rstrip()


def written(results: Sequence[Result], file: Path) -> None:
    """The same as JSON, for comparisons between commits."""
    file.write_text(json.dumps([asdict(result) for result in results], indent=2, ensure_ascii=False) + "\n")
