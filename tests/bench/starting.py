"""Row 8: from the start of the process to the first answer for somebody who already waits."""

import asyncio
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.bench.table import Result
from tests.crowd.bots import cpu_seconds, start_coach
from tests.crowd.remote import RemoteCrowd

PATIENCE = 30.0
BUDGET_S = 2.0


async def starting() -> list[Result]:
    """The very first start makes the database; the second is the one an operator sees at every restart."""
    took, busy = [], []
    with TemporaryDirectory(prefix="bench-") as folder:
        async with RemoteCrowd.spawn() as crowd:
            for number in (1, 2):
                await crowd.tell("come", people=1, turns=1)
                began = asyncio.get_running_loop().time()
                coach = await start_coach(crowd.url, Path(folder))
                try:
                    reached = await crowd.tell("reach", turns=number, timeout=PATIENCE)
                    took.append(asyncio.get_running_loop().time() - began)
                    busy.append(cpu_seconds(coach.pid))
                    assert reached["turns"] == number, f"the coach does not answer: {coach.said()}"
                    assert await coach.end() == 0, coach.said()
                finally:
                    await coach.kill()
    return [
        Result(
            row=8,
            work="start-up to first reply",
            budget=f"< {BUDGET_S:.0f} s",
            found=f"{took[1]:.2f} s; {took[0]:.2f} s with a new database (CPU {busy[1]:.2f}, {busy[0]:.2f} s)",
            kept=max(took) < BUDGET_S,
            over=max(took) / BUDGET_S,
            values={"first": took[0], "second": took[1], "cpu_first": busy[0], "cpu_second": busy[1]},
        )
    ]
