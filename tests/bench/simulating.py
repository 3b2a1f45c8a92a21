"""Row 11: virtual members through the real engine and store, in memory, on one core."""

import time

from bot.runtime.kitting import read_kit
from bot.settings import read_settings
from bot.shell.simulation import simulate
from tests.bench.table import Result

MEMBERS, DAYS, SEED = 100, 14, 1
BUDGET = 150  # member-days a second


async def simulating() -> list[Result]:
    """By processor time, so that a busy machine counts for nothing."""
    kitted = read_kit(read_settings({}, operator_name="Praxis Probe", operator_contact="probe@example.org"))
    began = time.process_time()
    outcome = await simulate(MEMBERS, DAYS, SEED, kitted)
    took = time.process_time() - began
    rate = MEMBERS * DAYS / took
    facts = sum(len(life.journal) for life in outcome.lives)
    return [
        Result(
            row=11,
            work=f"simulate {MEMBERS} members for {DAYS} days",
            budget=f"≥ {BUDGET} member-days/s",
            found=f"{rate:.0f}/s of processor time ({facts} facts)",
            kept=rate >= BUDGET and outcome.set_aside == 0,
            over=0.0 if outcome.set_aside else BUDGET / rate,
            values={"rate": rate, "facts": facts},
        )
    ]
