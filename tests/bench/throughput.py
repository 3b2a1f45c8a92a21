"""Row 1: turns a second, ours durable and beside the two peers. Row 3: how long an answer takes at a steady pace.

All bots meet the same crowd with the same number of turns; the double lives in a process of its own. The peers take
turns with ours several times in one run, so that a busy machine is busy for all; what counts are the ratios.
"""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from tests.bench.table import Result
from tests.crowd.bots import Bot, cpu_seconds, start_coach, start_peer
from tests.crowd.remote import RemoteCrowd

ROUNDS = 2
PEOPLE, TURNS = 200, 8  # a peer's conversation has eight turns
WARM_TURNS, SECONDS, PATIENCE = 200, 2.5, 30.0
RATE, STEADY_S, STEADY_PEOPLE, STEADY_TURNS = 50, 10, 150, 22
# What PTB's conversation reached where the budgets were set: 1,500 turns a second of a sketch were 4.9 times as many.
THEIRS_THEN = 306.0
Start = Callable[[str, Path], Awaitable[Bot]]


def _peer(name: str) -> Start:
    return lambda url, folder: start_peer(name, url, folder)


BOTS: dict[str, Start] = {"coach": start_coach, "ptb": _peer("ptb"), "aiogram": _peer("aiogram_fsm")}


async def throughput() -> list[Result]:
    """Row 1, tapped and typed: a tap is edited into the next question, a typed answer makes an edit and a new one."""
    found: dict[tuple[str, str], list[tuple[float, float]]] = {}
    for _ in range(ROUNDS):
        for manner in ("tap", "typed"):
            for name, start in BOTS.items():
                found.setdefault((manner, name), []).append(await _rate(start, manner))
    return [
        result
        for manner in ("tap", "typed")
        for result in _judged(manner, {name: _middle(found[manner, name]) for name in BOTS})
    ]


def _middle(rounds: list[tuple[float, float]]) -> tuple[float, float]:
    return median(rate for rate, _ in rounds), median(cpu for _, cpu in rounds)


async def _rate(start: Start, manner: str) -> tuple[float, float]:
    """Turns a second, and milliseconds of the bot's own processor time a turn."""
    with TemporaryDirectory(prefix="bench-") as folder:
        async with RemoteCrowd.spawn() as crowd:
            bot = await start(crowd.url, Path(folder))
            try:
                await crowd.tell("come", people=PEOPLE, manner=manner, turns=TURNS, renewed=True)
                reached = await crowd.tell("reach", turns=WARM_TURNS, timeout=PATIENCE)
                assert reached["turns"] >= WARM_TURNS, f"the bot does not answer: {bot.said()}"
                before = cpu_seconds(bot.pid)
                measured = await crowd.tell("measure", seconds=SECONDS)
                spent = cpu_seconds(bot.pid) - before
                await crowd.tell("stop")
            finally:
                await bot.kill()
    return measured["rate"], spent * 1000 / max(1, measured["turns"])


def _judged(manner: str, found: dict[str, tuple[float, float]]) -> list[Result]:
    ours, cost = found["coach"]
    results = []
    for name, title, wanted in (("ptb", "PTB + PicklePersistence", 3.5), ("aiogram", "aiogram FSM in memory", 1.5)):
        rate, theirs = found[name]
        results.append(
            Result(
                row=1,
                work=f"durable turns ({manner}) beside {title}",
                budget=f"≥ {wanted} ×",
                found=f"{ours / rate:.2f} ×  ({ours:.0f}/s beside {rate:.0f}; CPU a turn {cost:.2f}, {theirs:.2f} ms)",
                kept=ours >= wanted * rate,
                values={"ratio": ours / rate, "ours": ours, "theirs": rate, "cpu_ms": cost, "their_cpu_ms": theirs},
            )
        )
    return results


def pace(results: list[Result]) -> str:
    """How this machine compares with the one on which the budgets in seconds were set; "" if no peer was measured."""
    theirs = [each.values["theirs"] for each in results if each.row == 1 and each.work.endswith("PicklePersistence")]
    if not theirs:
        return ""
    slower = THEIRS_THEN / max(theirs)
    missed = [each for each in results if not each.kept]
    by_pace = [f"row {each.row}, {each.work} ({each.over:.1f} times)" for each in missed if 0 < each.over <= slower]
    told = (
        f"PTB makes {max(theirs):.0f} turns/s here and made {THEIRS_THEN:.0f}/s where the budgets were set: "
        f"what takes seconds takes about {slower:.1f} times as long here."
    )
    return "\n".join([told, *(f"Missed here, kept at that pace: {each}." for each in by_pace)])


async def latency() -> list[Result]:
    """Row 3: from the moment a person speaks to the request that shows her the answer."""
    with TemporaryDirectory(prefix="bench-") as folder:
        async with RemoteCrowd.spawn() as crowd:
            coach = await start_coach(crowd.url, Path(folder))
            try:
                await crowd.tell("come", people=STEADY_PEOPLE, manner="typed", turns=STEADY_TURNS, paced=True)
                reached = await crowd.tell("reach", turns=STEADY_PEOPLE, timeout=PATIENCE)
                assert reached["turns"] == STEADY_PEOPLE, f"the coach does not answer: {coach.said()}"
                await asyncio.sleep(1)
                found = await crowd.tell("steady", rate=RATE, seconds=STEADY_S)
            finally:
                await coach.kill()
    everybody = found["answered"] == found["asked"]
    return [
        Result(
            row=3,
            work=f"reply latency at {RATE} events/s",
            budget="p99 < 100 ms",
            found=f"p50 {found['p50']:.0f} ms, p99 {found['p99']:.0f} ms, most {found['most']:.0f} ms "
            f"({found['answered']} of {found['asked']} answered)",
            kept=everybody and found["p99"] < 100,
            over=found["p99"] / 100 if everybody else 0.0,
            values={name: float(found[name]) for name in ("p50", "p99", "most", "asked", "answered")},
        )
    ]
