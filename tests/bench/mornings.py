"""Row 4: ten thousand prompts due, and somebody in a crisis writes. Row 6: the clock with a million appointments."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from bot.channels.wall_clock import now_us
from bot.runtime.clock import Clock
from bot.runtime.kitting import read_kit
from bot.runtime.metrics import Metrics
from bot.runtime.worker import Worker
from bot.settings import read_settings
from bot.store.store import Store
from tests.bench.members import ACCOUNT, FIRST_PERSON, pile_up, settle
from tests.bench.table import Result
from tests.crowd.bots import start_coach
from tests.crowd.gathering import begin_rounds
from tests.crowd.remote import RemoteCrowd

DUE_PEOPLE, STORED = 10_000, 1_000_000
TICKS = 200
CRISIS = "Ich will nicht mehr leben."
CALLS = 6  # people in a crisis, one after the other while the prompts are made and sent
BETWEEN_S, PATIENCE = 1.0, 5.0
SETTLED_S = 2.0  # by then the clock has ticked: the prompts stand before the first call
GIVEN_UP_S = 20.0  # what is not done by now has missed its budget
GROUPS, IN_EACH, A_MINUTE = 200, 50, 60.0  # all of them tap within a minute
CARDS_S = 55.0
BEFORE_US = 8_000_000  # the coach is up before the prompts are due
UNTIL_CARDS_US = 60_000_000  # and here, its cards stand in all groups: that takes a while at the default rate
HOUR_US, DAY_US = 3_600_000_000, 86_400_000_000
AT_HOURS = (8, 18)  # in the morning the prompt asks for a number, in the evening it holds the planned session


@asynccontextmanager
async def filled(file: Path) -> AsyncIterator[Store]:
    """A fresh database."""
    store = await Store.open(f"sqlite+aiosqlite:///{file}")
    try:
        await store.migrate()
        await store.node("bench", now_us())
        yield store
        await store.release(f"node:{store.ids._node}", "bench")
    finally:
        await store.aclose()


async def crisis() -> list[Result]:
    """Row 4, at the default rate. Each call comes from a member whose own prompt is due as well."""
    with TemporaryDirectory(prefix="bench-") as folder:
        async with RemoteCrowd.spawn() as crowd:
            await crowd.tell("settle", people=DUE_PEOPLE, first=FIRST_PERSON)
            groups = (await crowd.tell("gather", groups=GROUPS, people=IN_EACH))["groups"]
            due = now_us() + UNTIL_CARDS_US
            async with filled(Path(folder) / "r.db") as store:
                await settle(store, DUE_PEOPLE, now_us(), due=due)
                await begin_rounds(store, ACCOUNT, groups, now_us())
            coach = await start_coach(crowd.url, Path(folder), TELEGRAM_RATE="25", DRAW_AHEAD="true")
            try:
                shown = (await crowd.tell("cards", timeout=CARDS_S))["shown"]
                assert shown == GROUPS, f"{shown} of {GROUPS} groups have a card; {coach.said()}"
                await asyncio.sleep(max(0.0, (due - now_us()) / 1e6))
                before = int((await crowd.api.counts())["sent"])
                await crowd.tell("tap", rate=GROUPS * IN_EACH / A_MINUTE)
                await asyncio.sleep(SETTLED_S)
                took, sent = await _calls(crowd)
                tapping = await crowd.tell("tapped")
                assert coach.running, coach.said()
            finally:
                await coach.kill()
    answered = [milliseconds for milliseconds in took if milliseconds is not None]
    in_time = len(answered) == CALLS
    worst = max(answered) if in_time else PATIENCE * 1000
    waiting = DUE_PEOPLE - (sent - before)
    slowest = f"{'' if in_time else '> '}{worst:.0f} ms"
    first = "not in time" if took[0] is None else f"{took[0]:.0f} ms"
    return [
        Result(
            row=4,
            work=f"{DUE_PEOPLE} prompts due, {GROUPS} groups tap, a crisis text",
            budget="< 1 s, before the prompts",
            found=f"first {first}, worst {slowest}; {len(answered)} of {CALLS} answered in {PATIENCE:.0f} s; "
            f"{waiting} prompts still wait; {tapping['answered']} of {tapping['taps']} taps answered",
            kept=in_time and worst < 1000 and waiting > DUE_PEOPLE // 2,
            values={
                "first_ms": took[0] or -1.0,
                "worst_ms": worst,
                "answered": len(answered),
                "waiting": waiting,
                "taps": tapping["taps"],
                "taps_answered": tapping["answered"],
            },
        )
    ]


async def _calls(crowd: RemoteCrowd) -> tuple[list[float | None], int]:
    """Milliseconds until each call was answered, and how many messages had left by the last one in all."""
    took: list[float | None] = []
    for number in range(CALLS):
        person = FIRST_PERSON + DUE_PEOPLE - 1 - number  # from the end: their own prompts are last in the row
        answer = await crowd.tell("write", lines=[(person, CRISIS)], timeout=PATIENCE)
        took.extend(answer["took"])
        await asyncio.sleep(BETWEEN_S)
    return took, int((await crowd.api.counts())["sent"])


async def clock() -> list[Result]:
    """Row 6, in this process: the clock and the worker as `rueckgrat run` wires them, nobody sends."""
    with TemporaryDirectory(prefix="bench-") as folder:
        async with filled(Path(folder) / "r.db") as store:
            now = _at(AT_HOURS[0])
            first = await settle(store, DUE_PEOPLE, now, due=now + BEFORE_US)
            await pile_up(store, STORED, first=first, members=DUE_PEOPLE, now=now)
            idle = await _idle(store, now)
    return [
        Result(
            row=6,
            work=f"the clock's idle tick, {STORED} stored",
            budget="< 5 ms",
            found=f"median {median(idle):.2f} ms, worst of {TICKS} {max(idle):.1f} ms",
            kept=median(idle) < 5,
            values={"median_ms": median(idle), "most_ms": max(idle)},
        ),
        *[await _rush(hour) for hour in AT_HOURS],
    ]


async def _rush(hour: int) -> Result:
    with TemporaryDirectory(prefix="bench-") as folder:
        async with filled(Path(folder) / "r.db") as store:
            now = _at(hour)
            await settle(store, DUE_PEOPLE, now, due=now + BEFORE_US)
            events_s, outbox_s, sends = await _all_due(store, now + BEFORE_US + 1_000_000)
    return Result(
        row=6,
        work=f"{DUE_PEOPLE} due at {hour}:00, all in the outbox",
        budget="< 10 s",
        found=f"{sends} after {outbox_s:.1f} s; all are events after {events_s:.1f} s",
        kept=outbox_s < 10 and sends >= DUE_PEOPLE,
        over=outbox_s / 10 if sends >= DUE_PEOPLE else 0.0,
        values={"events_s": events_s, "outbox_s": outbox_s, "messages": sends},
    )


def _at(hour: int) -> int:
    """Today's hour, UTC: what a prompt holds depends on the time of day, and must not depend on when the bench runs."""
    return now_us() // DAY_US * DAY_US + hour * HOUR_US


def _clock(store: Store, now: int) -> Clock:
    return Clock(store=store, now=lambda: now, metrics=Metrics(), on_due=lambda: None)


async def _idle(store: Store, now: int) -> list[float]:
    ticking, took = _clock(store, now), []
    for _ in range(TICKS):
        began = time.perf_counter()
        moved = await ticking.tick()
        took.append((time.perf_counter() - began) * 1000)
        assert moved == 0
    return took


async def _all_due(store: Store, now: int) -> tuple[float, float, int]:
    """Seconds until all are events, seconds until all are in the outbox, and how many messages that made."""
    worker = _worker(store, now)
    began = time.perf_counter()
    moved = await _clock(store, now).tick()
    events_s = time.perf_counter() - began
    assert moved == DUE_PEOPLE, f"{moved} of {DUE_PEOPLE} came due"
    while time.perf_counter() - began < GIVEN_UP_S and await worker.work_once():
        pass
    took = time.perf_counter() - began
    return events_s, took, (await store.counts())["outbox waiting"]


def _worker(store: Store, now: int) -> Worker:
    kitted = read_kit(read_settings({}, operator_name="Praxis Probe", operator_contact="probe@example.org"))

    async def nothing(_: object) -> None: ...

    return Worker(
        store=store, kit=kitted.kit, detector=kitted.detector, now=lambda: now, metrics=Metrics(),
        on_committed=lambda: None, on_erased=nothing,
    )  # fmt: skip
