"""A round of two weeks lived at random: taps, redeliveries, a second place, undoing, leaving, returning, locks, weeks.

Beside the store, keeper and rules stands what the people themselves would tell, added up by ten lines of its own.
"""

import asyncio
import shutil
from collections import Counter
from collections.abc import Coroutine
from datetime import date, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from sqlalchemy import select, update

from bot.dialogue.events import Address, Tapped
from bot.runtime.metrics import Metrics
from bot.runtime.rounds import RoundKeeper
from bot.store.round_rooms import StoredRound, person_of
from bot.store.round_ticks import Tick
from bot.store.rows import Settlement
from bot.store.schema import member, outbox
from bot.store.store import Store
from tests.dialogue.room import the_kit
from tests.store.given import ACCOUNT, DAY, NOW, at, known

BEGINS = date(2026, 3, 2)
ROUND = StoredRound(
    id=77, starter=0, code="CODE", room_code="ROOM", name="team", language="de", zone="Europe/Berlin",
    begins=BEGINS.isoformat(), weeks=2, goal=20,
)  # fmt: skip
MEMBERS = ("anna", "bela")
PEOPLE = st.sampled_from([*MEMBERS, "cleo", "dora", "emil"])
SECOND = Address("matrix", ACCOUNT, "@anna:example.org", "!room")  # Anna's other place
_files = count()


class Lived(RuleBasedStateMachine):
    """`moved`, `here`, `gone` and `carried` are the truth."""

    migrated: Path

    def __init__(self) -> None:
        super().__init__()
        self._loop = asyncio.new_event_loop()
        self.file = self.migrated.with_name(f"lived{next(_files)}.db")
        shutil.copyfile(self.migrated, self.file)
        self.here: set[str] = set()
        self.moved: set[tuple[str, int]] = set()
        self.gone: Counter[int] = Counter()
        self.left_today: set[str] = set()
        self.carried: dict[int, int] = {}
        self.day, self.total, self.undone = 0, 0, False
        self.numbers: dict[str, int] = {}
        self._do(self._begin())

    def _do(self, work: Coroutine[Any, Any, None]) -> None:
        self._loop.run_until_complete(work)

    async def _begin(self) -> None:
        self.store = await Store.open(f"sqlite+aiosqlite:///{self.file}")
        await self.store.node("lived", NOW)
        self.numbers = {name: await known(self.store, name) for name in MEMBERS}
        async with self.store.rounds(NOW) as desk:
            await desk.start(ROUND, 5)
            await desk.bring("ROOM", at("group", private=False))
            for place in (at("anna"), SECOND):
                await desk.join("CODE", place, self.numbers["anna"], name="", shares=False)
        self.here.add("anna")
        self.two_places = True
        self.keeper = RoundKeeper(
            store=self.store, kit=the_kit(), now=lambda: self.now, metrics=Metrics(), on_written=lambda: None
        )

    @property
    def now(self) -> int:
        return NOW + self.day * DAY

    def teardown(self) -> None:
        self._do(self.store.aclose())
        self._loop.close()
        self.file.unlink()

    async def _tick(self, who: str, what: Tapped = Tapped.MOVED, person: str = "", times: int = 1) -> None:
        day = (BEGINS + timedelta(days=self.day)).isoformat()
        tap = Tick(round=ROUND.id, person=person or person_of(at(who)), day=day, what=what)
        async with self.store.rounds(self.now) as desk:
            await desk.tick([tap] * times)

    @rule(who=PEOPLE, times=st.integers(1, 3))
    def moves(self, who: str, times: int) -> None:
        self._do(self._tick(who, times=times))
        self.here.add(who)
        if who not in self.left_today:
            self.moved.add((who, self.day))

    @precondition(lambda self: self.two_places)
    @rule()
    def moves_elsewhere(self) -> None:
        self._do(self._tick("anna", person=person_of(SECOND)))
        self.moved.add(("anna", self.day))

    @rule(who=PEOPLE)
    def takes_back(self, who: str) -> None:
        self._do(self._tick(who, Tapped.UNDO))
        self.moved.discard((who, self.day))
        self.undone = True

    @rule(who=PEOPLE)
    def leaves(self, who: str) -> None:
        self._do(self._tick(who, Tapped.LEAVE))
        theirs = {each for each in self.moved if each[0] == who}
        self.gone.update(day for _, day in theirs)
        self.left_today |= {who} if (who, self.day) in theirs else set()
        self.moved -= theirs
        self.here.discard(who)
        self.two_places &= who != "anna"

    @rule(who=st.sampled_from(MEMBERS), lock=st.sampled_from(["", "emergency", "crisis"]))
    def is_locked(self, who: str, lock: str) -> None:
        async def locked() -> None:
            async with self.store.database.write() as connection:
                await connection.execute(update(member).where(member.c.id == self.numbers[who]).values(lock=lock))

        self._do(locked())

    @rule(who=st.sampled_from(MEMBERS), days=st.integers(0, 14))
    def has_a_flare_up(self, who: str, days: int) -> None:
        async def spared() -> None:
            async with self.store.rounds(self.now) as desk:
                await desk.spare(self.numbers[who], (BEGINS + timedelta(days=self.day + days)).isoformat())

        self._do(spared())

    @rule(days=st.integers(1, 4))
    def days_pass(self, days: int) -> None:
        self.day = min(self.day + days, 13)
        self.left_today.clear()
        if self.day >= 7 and 1 not in self.carried:
            self.carried[1] = self._made_up_for()

    def _made_up_for(self) -> int:
        week = sorted(sum(day == each for _, day in self.moved) + self.gone[each] for each in range(7))
        own = [sum(who == each and day < 7 for each, day in self.moved) for who in self.here]
        jokers = 2 * (sum(week[2:]) // 5) - week[0] - week[1]
        others = [(sum(own) - days) // (len(own) - 1) for days in own] if len(own) > 1 else [0]
        return max(jokers, sum(max(0, each - days) for each, days in zip(others, own, strict=False)))

    async def _shown(self) -> None:
        await self.keeper.tick()
        async with self.store.database.read() as connection:
            rows = (await connection.execute(select(outbox.c.id).where(outbox.c.settled == 0))).scalars().all()
        await self.store.settle([Settlement.sent(row, str(row)) for row in rows], self.now)

    @invariant()
    def adds_up(self) -> None:
        async def compared() -> None:
            await self._shown()
            async with self.store.rounds(self.now) as desk:
                told = await desk.tally(ROUND.id)
            days = Counter(day for _, day in self.moved) + self.gone
            assert told.active == {(BEGINS + timedelta(days=day)).isoformat(): number for day, number in days.items()}
            assert (told.people, told.carried) == (len(self.here), self.carried)
            total = sum(told.active.values()) + sum(told.carried.values())
            assert self.undone or total >= self.total  # nothing but taking back lowers it
            self.total, self.undone = total, False

        self._do(compared())


def test_a_round_lived_at_random_adds_up(migrated_sqlite: Path) -> None:
    Lived.migrated = migrated_sqlite
    often = settings(max_examples=6, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck))
    run_state_machine_as_test(Lived, settings=often)
