"""Two hundred groups of fifty tap at once at Telegram's rate, in a time that passes only when the coach waits.

No card is edited more often than every four seconds, all of them together no faster than the rate, and the last tap
stands on every card within a minute. In every run it is forty groups of twenty at a fifth of the rate: to each of them
it is the same, a wave of edits takes eight seconds. That a process keeps up and a kill loses nothing is shown by the
rush on the double (`tests/chaos`); how fast the machine is plays no part here.
"""

import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import pairwise
from pathlib import Path

import pytest

from bot.channels.channel import Delivery
from bot.dialogue.events import Address
from bot.runtime.metrics import Metrics
from bot.runtime.rounds import RoundKeeper
from bot.store.round_rooms import person_of
from bot.store.round_ticks import Tick
from bot.store.store import Store
from tests.dialogue.room import the_kit
from tests.runtime.outside import Room, ScriptedChannel, VirtualTime
from tests.store.given import ACCOUNT, NOW
from tests.store.test_store_rounds import ROUND, TODAY

CLOSER = 1
SECONDS = 10  # the harder, the shorter: all of them within a sixth of the minute
BEGINS = 10.0  # seconds after all cards stand
PACE = 4.0


@dataclass(frozen=True)
class Crowd:
    """So many groups of so many people, and messages a second."""

    groups: int
    people: int
    rate: int


SOME, ALL = Crowd(40, 20, 5), Crowd(200, 50, 25)


@dataclass
class Seen:
    """What the platform got, and when: by room, the times and the newest words."""

    people: int
    times: dict[str, list[float]] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)
    shown: dict[str, float] = field(default_factory=dict)  # since when a card has said that all have moved

    async def keep(self, delivery: Delivery, at: float) -> None:
        room = delivery.address.room
        self.times.setdefault(room, []).append(at)
        self.words[room] = delivery.message.text
        if f"Heute bewegt: {self.people}\n" in delivery.message.text:
            self.shown.setdefault(room, at)


def group(number: int, who: str = "") -> Address:
    return Address("telegram", ACCOUNT, who, f"-{number}", private=False)


def private(number: int, place: int) -> Address:
    """The first few of each group have a card of their own, and tap there."""
    return Address("telegram", ACCOUNT, f"{number}.{place}", f"{number}.{place}")


@pytest.fixture(params=[SOME, pytest.param(ALL, marks=pytest.mark.slow)], ids=["some", "all"])
def crowd(request: pytest.FixtureRequest) -> Crowd:
    chosen: Crowd = request.param
    return chosen


@pytest.fixture
async def crowded(migrated_sqlite: Path, tmp_path: Path, crowd: Crowd) -> AsyncIterator[Store]:
    """A round in each group."""
    shutil.copyfile(migrated_sqlite, tmp_path / "rush.db")
    store = await Store.open(f"sqlite+aiosqlite:///{tmp_path / 'rush.db'}")
    await store.node("rush", NOW)
    async with store.rounds(NOW) as desk:
        for number in range(1, crowd.groups + 1):
            await desk.start(replace(ROUND, id=number, code=f"C{number}", room_code=f"R{number}", starter=number), 5)
            await desk.bring(f"R{number}", group(number))
            for place in range(CLOSER):
                await desk.place_privately(number, private(number, place))
    yield store
    await store.aclose()


async def test_a_rush_keeps_to_every_pace_and_its_last_tap_stands_within_a_minute(crowded: Store, crowd: Crowd) -> None:
    time, seen = VirtualTime(), Seen(crowd.people)
    channel = ScriptedChannel(time, "telegram")
    keeper = RoundKeeper(store=crowded, kit=the_kit(), now=time.now, metrics=Metrics(), on_written=lambda: None)
    while await keeper.tick():  # at first all cards are written, at no pace
        await Room(crowded, channel, time).pass_time(2)
    channel.script = lambda delivery: seen.keep(delivery, time.seconds())
    sender = Room(crowded, channel, time, rate=crowd.rate).sender()
    keeper.on_written = sender.wake
    groups = {group(number).room for number in range(1, crowd.groups + 1)}
    first = time.seconds() + BEGINS
    last = first + SECONDS - 1

    async def looks() -> None:
        await keeper.tick()
        if seen.shown.keys() >= groups or time.seconds() > last + 60:
            sender.stop()
        time.after(1, looks)

    async def taps(second: int) -> None:
        each = crowd.people // SECONDS
        people = range(second * each, (second + 1) * each)
        places = [(number, place) for place in people for number in range(1, crowd.groups + 1)]
        async with crowded.rounds(time.now()) as desk:
            await desk.tick([_tap(number, place) for number, place in places])

    for second in range(SECONDS):
        time.after(first + second - time.seconds(), partial(taps, second))
    time.after(BEGINS, looks)
    await sender.run()

    assert seen.shown.keys() >= groups  # every tap once, on every card
    assert max(seen.shown[name] for name in groups) - last <= 60
    for name in groups:
        assert min(later - earlier for earlier, later in pairwise(seen.times[name])) >= PACE
        assert most_within(seen.times[name], 60) <= 20
    everything = sorted(at for times in seen.times.values() for at in times)
    assert most_within(everything, 1) <= crowd.rate + 6  # the sender's own tests know why
    assert most_within(everything, 20) <= crowd.rate * 20 + 6
    own = [words for name, words in seen.words.items() if name not in groups]
    assert len(own) == crowd.groups * CLOSER
    assert all("Heute zählt für dich" in words for words in own)


def _tap(number: int, place: int) -> Tick:
    at_home = place < CLOSER
    where = private(number, place) if at_home else group(number, f"{number}.{place}")
    return Tick(round=number, person=person_of(where), day=TODAY, room=where.room)


def most_within(times: list[float], seconds: float) -> int:
    """The most that left in any time so long."""
    first, most = 0, 0
    for last, at in enumerate(times):
        while at - times[first] >= seconds:
            first += 1
        most = max(most, last - first + 1)
    return most
