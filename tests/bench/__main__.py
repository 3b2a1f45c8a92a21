"""`make bench`: measure what the design promises, beside the peers where it promises ratios. A few minutes.

`--row N` (repeatable) chooses rows, `--json FILE` keeps the numbers. The exit code is 1 if a budget is missed.
"""

import argparse
import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final

from tests.bench.alarm import alarm
from tests.bench.memory import memory
from tests.bench.mornings import clock, crisis
from tests.bench.simulating import simulating
from tests.bench.starting import starting
from tests.bench.table import Result, shown, written
from tests.bench.throughput import latency, pace, throughput

ROWS: Final[dict[int, Callable[[], Awaitable[list[Result]]]]] = {
    1: throughput,
    3: latency,
    4: crisis,
    6: clock,
    8: starting,
    9: memory,
    10: alarm,
    11: simulating,
}


async def measured(rows: list[int]) -> list[Result]:
    """One after the other: they share the machine's cores."""
    results: list[Result] = []
    for row in rows:
        results += await ROWS[row]()
    return results


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--row", type=int, action="append", choices=sorted(ROWS), help="only this row; repeatable")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the numbers there too")
    options = parser.parse_args()
    results = asyncio.run(measured(options.row or sorted(ROWS)))
    print("\n".join([shown(results), *filter(None, [pace(results)])]))  # noqa: T201  a bench prints
    if options.json:
        written(results, options.json)
    return 0 if all(result.kept for result in results) else 1


if __name__ == "__main__":
    raise SystemExit(main())
