"""Virtual members live for weeks through the real inbox, dialogue engine, clock and outbox, in a store in memory.

All who do something at one moment are received together and stepped in one batch; nobody waits for a wall clock.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.dialogue.events import Address, Arrival, ButtonTapped, Event, TextReceived
from bot.dialogue.facts import Dated
from bot.dialogue.journal import load_fact
from bot.dialogue.moment import from_micros, micros
from bot.dialogue.wire import decode_message
from bot.runtime.clock import Clock
from bot.runtime.documents import Documents
from bot.runtime.kitting import Kitted
from bot.runtime.metrics import Metrics
from bot.runtime.worker import Worker
from bot.shell.virtual import KINDS, SCALES, Kind, Person, people
from bot.store.rows import SendRow, Settlement
from bot.store.store import Store

CHANNEL, ACCOUNT, OWNER = "web", "simulation", "simulation"
FIRST_DAY = datetime(2026, 1, 5, 8, 45, tzinfo=UTC)  # a Monday; prompts come at eight in Berlin, so an hour before
EVENING = timedelta(hours=7, minutes=45)  # when the check of a Sunday is due, at five, and not yet too late
BETWEEN = timedelta(seconds=45)  # from one answer to the next
MOST_ANSWERS = 80  # in one go
AT_ONCE = 2000
TRAVEL_DAYS = 4  # from one place to the next


@dataclass(frozen=True, slots=True)
class Life:
    """A virtual member with all that the journal holds."""

    person: Person
    journal: tuple[Dated, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """`set_aside`: events that could not be worked on; there must be none."""

    lives: tuple[Life, ...] = field(repr=False)  # asyncio writes the result of a main task down, for nobody
    set_aside: int


@dataclass(slots=True)
class _World:
    store: Store
    kitted: Kitted
    people: Sequence[Person]
    now: datetime = FIRST_DAY
    seen: dict[str, tuple[str, ...]] = field(default_factory=dict)  # buttons of the newest question, by room
    about: dict[str, str] = field(default_factory=dict)  # what it asks for, by room
    words: dict[str, str] = field(init=False)  # of such questions
    taps: int = 0
    worker: Worker = field(init=False)

    def __post_init__(self) -> None:
        catalog = self.kitted.kit.catalogs["de"]
        lines = {person.kind.line for person in self.people} - {""}
        self.words = {
            **{catalog.text(f"portion/{name}"): name for name in SCALES},
            **{catalog.text(f"screening/{line}"): line for line in lines},
            catalog.text("settings/ask-zone"): "zone",
        }
        self.worker = Worker(
            store=self.store,
            kit=self.kitted.kit,
            detector=self.kitted.detector,
            now=self.micros,
            metrics=Metrics(),
            on_committed=lambda: None,
            on_erased=_nothing,
            batch_s=math.inf,
            documents=Documents(most=2 * len(self.people)),
        )

    def micros(self) -> int:
        return micros(self.now)

    async def moment(self, arrivals: Sequence[Arrival]) -> None:
        """Everything that arrives at this moment, in one batch, and what the coach says to it."""
        await self.store.receive(arrivals, now=self.micros())
        await self._works()

    async def tick(self) -> None:
        """What is due by now becomes events."""
        clock = Clock(store=self.store, now=self.micros, metrics=Metrics(), on_due=lambda: None)
        await clock.tick()
        await self._works()

    async def answers(self) -> None:
        """Everybody answers what they see, again and again, until nobody has anything to tap."""
        for _ in range(MOST_ANSWERS):
            arrivals = [arrival for person in self.people if (arrival := self._tap(person)) is not None]
            if not arrivals:
                return
            self.now += BETWEEN
            await self.moment(arrivals)

    async def says(self, text: str, who: Iterable[Person]) -> None:
        await self.moment([self._arrival(person, TextReceived(text=text, language="de")) for person in who])

    async def says_again(self) -> None:
        """Who checks in twice a day tells pain and asks for exercises once more."""
        again = [person for person in self.people if person.kind.again]
        for person in again:
            person.has_taken = False
        for words in ("/schmerz", "/heute") if again else ():
            await self.says(words, again)
            await self.answers()

    async def travels(self, day: int) -> None:
        """To the next place, where the clock shows something else."""
        away = [person for person in self.people if person.kind.travels and day % TRAVEL_DAYS == 0]
        if away:
            await self.says("/einstellungen", away)
            await self.answers()
            await self.moment([self._arrival(person, self._clock(person, day)) for person in away])
            await self.answers()

    def _clock(self, person: Person, day: int) -> TextReceived:
        places = person.kind.travels
        place = ZoneInfo(places[day // TRAVEL_DAYS % len(places)])
        return TextReceived(text=f"{self.now.astimezone(place):%H:%M}", language="de")

    def _tap(self, person: Person) -> Arrival | None:
        data = self.seen.pop(_room(person), ())
        tokens = {each.rpartition(".")[2]: each for each in data}
        token = person.choose(list(tokens), self.about.pop(_room(person), ""))
        return None if token is None else self._arrival(person, ButtonTapped(data=tokens[token], language="de"))

    def _arrival(self, person: Person, event: Event) -> Arrival:
        self.taps += 1
        return Arrival(source=str(self.taps), address=_address(person), event=event, at=self.micros())

    async def _works(self) -> None:
        while await self.worker.work_once(AT_ONCE) >= AT_ONCE:
            pass  # all that waits is taken at once, up to so many
        await self._delivers()

    async def _delivers(self) -> None:
        rows = await self.store.claim_sends(CHANNEL, ACCOUNT, self.micros(), AT_ONCE)
        while rows:
            for row in rows:
                self._sees(row)
            sent = [Settlement.sent(row.id, str(row.id)) for row in rows]
            rows = await self.store.settle_and_claim(sent, CHANNEL, ACCOUNT, self.micros(), AT_ONCE)

    def _sees(self, row: SendRow) -> None:
        message = decode_message(row.body)
        answers = tuple(b.data for line in message.buttons for b in line if b.data.count(".") == 3)
        if answers and not message.only_edit:
            self.seen[row.address.room] = answers
            found = (name for words, name in self.words.items() if words in message.text)
            self.about[row.address.room] = next(found, "")


async def simulate(members: int, days: int, seed: int, kitted: Kitted, kinds: Sequence[Kind] = KINDS) -> Outcome:
    store = await Store.open("sqlite+aiosqlite://")
    try:
        await store.migrate()
        world = _World(store, kitted, people(members, seed, kinds))
        await store.node(OWNER, world.micros())
        for day in range(1, days + 1):
            await _day(world, day)
        lives = [Life(person, await _journal(store, person)) for person in world.people]
        return Outcome(tuple(lives), len(await store.dead_events()))
    finally:
        await store.aclose()


async def _day(world: _World, day: int) -> None:
    morning = FIRST_DAY + timedelta(days=day - 1)
    for person in world.people:
        person.wakes(day)
    world.now = morning
    await (world.says("/start", world.people) if day == 1 else world.tick())
    await world.answers()
    world.now = max(world.now, morning + EVENING)
    await world.tick()
    await world.answers()
    await world.travels(day)
    await world.says_again()


async def _journal(store: Store, person: Person) -> tuple[Dated, ...]:
    member = await store.member_by_address(_address(person).key)
    if member is None:
        return ()
    return tuple(
        Dated(
            fact=load_fact(row.kind, row.body),
            at=from_micros(row.at),
            day=datetime.fromisoformat(row.local_date).date(),
        )
        for row in await store.journal(member.member)
    )


def _room(person: Person) -> str:
    return f"virtual-{person.number}"


def _address(person: Person) -> Address:
    return Address(CHANNEL, ACCOUNT, _room(person), _room(person))


async def _nothing(_: object) -> None: ...
