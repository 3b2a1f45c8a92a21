"""A round of two weeks lived at random: taps, redeliveries, a second place, undoing, leaving, returning, locks, weeks.

Beside the store, keeper and rules stands what the people themselves would tell, added up by a few lines of its own. It
begins on the sixth day, when five people have moved unevenly: so nearly every run has a week with something to carry.
"""

import asyncio
import re
import shutil
from collections import Counter
from collections.abc import Coroutine
from datetime import date, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select, update

from bot.dialogue.events import Address, Tapped
from bot.dialogue.wire import decode_message
from bot.runtime.metrics import Metrics
from bot.runtime.rounds import RoundKeeper
from bot.store.round_rooms import StoredRound, person_of
from bot.store.round_ticks import Tick
from bot.store.rows import Settlement
from bot.store.schema import member, outbox
from bot.store.store import Store
from tests.dialogue.room import the_kit
from tests.store.given import ACCOUNT, DAY, NOW, SECOND, at, known

BEGINS = date(2026, 3, 2)
ROUND = StoredRound(
    id=77, starter=0, code="CODE", room_code="ROOM", name="team", language="de", zone="Europe/Berlin",
    begins=BEGINS.isoformat(), weeks=2, goal=20,
)  # fmt: skip
MEMBERS = ("anna", "bela")
EVERYBODY = (*MEMBERS, "cleo", "dora", "emil")
PEOPLE = st.sampled_from(EVERYBODY)
FEW = 4  # fewer are told no sums, except three beside somebody who left
SO_FAR, LAST = 6, 14
# How many days each has moved so far, and from which one on: some are below the average, or some days are quiet.
UNEVEN = st.tuples(st.permutations([6, 6, 3, 1, 0]), st.lists(st.integers(0, 5), min_size=5, max_size=5))
QUIET = st.tuples(st.just([4] * 5), st.just([2] * 5))
ELSEWHERE = Address("matrix", ACCOUNT, "@anna:example.org", "!room")  # Anna's other place
_files = count()


def running(of_a_rule: Any) -> Any:
    """Until the closing."""
    return precondition(lambda self: not self.closed)(of_a_rule)


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
        self.day, self.total, self.undone, self.steps = 0, 0, False, 0
        self.told, self.closed = False, False
        self.said: list[str] = []
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
            for place in (at("anna"), ELSEWHERE):
                await desk.join("CODE", place, self.numbers["anna"], name="", shares=False)
        self.here.add("anna")
        self.two_places = True
        self.keeper = RoundKeeper(
            store=self.store, kit=the_kit(), now=lambda: self.now, metrics=Metrics(), on_written=lambda: None
        )

    @property
    def now(self) -> int:
        return NOW + self.day * DAY + self.steps * 60 * SECOND  # each step's card may be shown

    def teardown(self) -> None:
        self._do(self.store.aclose())
        self._loop.close()
        self.file.unlink()

    async def _tick(self, who: str, what: Tapped = Tapped.MOVED, person: str = "", times: int = 1) -> None:
        day = (BEGINS + timedelta(days=self.day)).isoformat()
        tap = Tick(round=ROUND.id, person=person or person_of(at(who)), day=day, what=what)
        async with self.store.rounds(self.now) as desk:
            await desk.tick([tap] * times)

    @initialize(first=st.one_of(UNEVEN, QUIET))
    def five_have_moved(self, first: tuple[list[int], list[int]]) -> None:
        self.moved = {
            (who, (begin + offset) % SO_FAR)
            for who, days, begin in zip(EVERYBODY, *first, strict=True)
            for offset in range(days)
        }
        self.here |= {who for who, _ in self.moved}
        self.day = SO_FAR - 1

        async def ticked() -> None:
            async with self.store.rounds(self.now) as desk:
                await desk.tick([self._tap(who, day) for who, day in sorted(self.moved)])

        self._do(ticked())

    def _tap(self, who: str, day: int) -> Tick:
        return Tick(round=ROUND.id, person=person_of(at(who)), day=(BEGINS + timedelta(days=day)).isoformat())

    @running
    @rule(left_out=st.frozensets(PEOPLE, max_size=2))
    def nearly_all_move(self, left_out: frozenset[str]) -> None:
        moving = [who for who in EVERYBODY if who not in left_out]

        async def ticked() -> None:
            async with self.store.rounds(self.now) as desk:
                await desk.tick([self._tap(who, self.day) for who in moving])

        self._do(ticked())
        self.here.update(moving)
        self.moved |= {(who, self.day) for who in moving if who not in self.left_today}

    @running
    @rule(who=PEOPLE, times=st.integers(1, 3))
    def moves(self, who: str, times: int) -> None:
        self._do(self._tick(who, times=times))
        self.here.add(who)
        if who not in self.left_today:
            self.moved.add((who, self.day))

    @precondition(lambda self: self.two_places and not self.closed)
    @rule()
    def moves_elsewhere(self) -> None:
        self._do(self._tick("anna", person=person_of(ELSEWHERE)))
        self.moved.add(("anna", self.day))

    @running
    @rule(who=PEOPLE)
    def takes_back(self, who: str) -> None:
        self._do(self._tick(who, Tapped.UNDO))
        self.moved.discard((who, self.day))
        self.undone = True

    @running
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

    @running
    @rule(days=st.integers(1, 4))
    def days_pass(self, days: int) -> None:
        self._comes(min(self.day + days, LAST - 1))

    @precondition(lambda self: self.day < 7)
    @rule()
    def the_week_turns(self) -> None:
        self._comes(7)

    @precondition(lambda self: self.day >= 9 and not self.closed)
    @rule()
    def it_closes(self) -> None:
        self._comes(LAST)
        self.closed = True

    @precondition(lambda self: self.closed)
    @rule(who=PEOPLE)
    def moves_too_late(self, who: str) -> None:
        self._do(self._tick(who))

    def _comes(self, day: int) -> None:
        if day != self.day:
            self.left_today.clear()
        self.day = day
        for week in range(1, day // 7 + 1):
            if week not in self.carried:
                self.carried[week] = self._made_up_for(range(7 * (week - 1), 7 * week))

    def _made_up_for(self, days: range) -> int:
        week = sorted(sum(day == each for _, day in self.moved) + self.gone[each] for each in days)
        own = {who: sum(who == each and day in days for each, day in self.moved) for who in self.here}
        below = 0
        for who, theirs in own.items():
            others = [own[each] for each in own if each != who]
            below += max(0, sum(others) // len(others) - theirs) if others else 0
        return max(2 * (sum(week[2:]) // 5) - week[0] - week[1], below)

    async def _shown(self) -> None:
        await self.keeper.tick()
        async with self.store.database.read() as connection:
            query = select(outbox.c.id, outbox.c.body).where(outbox.c.settled == 0).order_by(outbox.c.id)
            rows = (await connection.execute(query)).all()
        self.said += [decode_message(row.body).text for row in rows]
        await self.store.settle([Settlement.sent(row.id, str(row.id)) for row in rows], self.now)

    @invariant()
    def adds_up(self) -> None:
        async def compared() -> None:
            self.steps += 1
            await self._shown()
            async with self.store.rounds(self.now) as desk:
                told = await desk.tally(ROUND.id)
            days = Counter(day for _, day in self.moved) + self.gone
            assert told.active == {(BEGINS + timedelta(days=day)).isoformat(): number for day, number in days.items()}
            assert (told.people, told.carried) == (len(self.here), self.carried)
            left = 1 if self.told and self.gone else 0  # who left stands in for one, so that no sum falls silent for it
            self.told = min(len({who for who, _ in self.moved}), len(self.here)) + left >= FEW
            assert told.is_told == self.told
            total = sum(told.active.values()) + sum(told.carried.values())
            assert self.undone or total >= self.total  # nothing but taking back lowers it
            self.total, self.undone = total, False
            if self.closed:
                assert re.findall(r"\d+", self.said[-1]) == ([str(total)] if self.told else [])

        self._do(compared())


def test_a_round_lived_at_random_adds_up(migrated_sqlite: Path) -> None:
    Lived.migrated = migrated_sqlite
    often = settings(max_examples=6, stateful_step_count=17, deadline=None, suppress_health_check=list(HealthCheck))
    run_state_machine_as_test(Lived, settings=often)
