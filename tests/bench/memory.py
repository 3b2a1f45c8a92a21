"""Row 9: the memory of the coach's own process after the first talks. Matrix is off; pictures have their processes."""

from pathlib import Path
from tempfile import TemporaryDirectory

from tests.bench.table import Result
from tests.crowd.bots import resident_mb, start_coach
from tests.crowd.remote import RemoteCrowd

PEOPLE, TURNS, SECONDS, PATIENCE = 200, 200, 8.0, 60.0
BUDGET_MB = 140


async def memory() -> list[Result]:
    """The virtual environment of the tests holds more than a server's: httpx loads rich where it finds it, 8 MB."""
    with TemporaryDirectory(prefix="bench-") as folder:
        async with RemoteCrowd.spawn() as crowd:
            coach = await start_coach(crowd.url, Path(folder))
            try:
                await crowd.tell("come", people=PEOPLE, manner="typed", turns=8, renewed=True)
                await crowd.tell("reach", turns=TURNS, timeout=PATIENCE)
                first = resident_mb(coach.pid)
                await crowd.tell("measure", seconds=SECONDS)
                later = resident_mb(coach.pid)
                await crowd.tell("stop")
            finally:
                await coach.kill()
    return [
        Result(
            row=9,
            work=f"memory of the main process, Telegram only, {PEOPLE} people talk",
            budget=f"< {BUDGET_MB} MB",
            found=f"{first:.0f} MB after the first turns, {later:.0f} MB after {SECONDS:.0f} s at full pace",
            kept=later < BUDGET_MB,
            values={"first_mb": first, "later_mb": later},
        )
    ]
