"""Bad days at the worker: damaged members among healthy ones, a lock against what waits, a clock that jumps."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pytest
from sqlalchemy import select, update

from bot.channels.channel import Delivery
from bot.dialogue.commanding import emergency_card
from bot.dialogue.events import Address, Arrival, ButtonTapped, TextReceived
from bot.dialogue.flows.session import PROMPT
from bot.dialogue.kit import numbers_of
from bot.dialogue.member import Member, load_member
from bot.dialogue.messages import Kind, Message, Priority
from bot.dialogue.wire import decode_message
from bot.runtime.clock import Clock
from bot.runtime.metrics import Metrics
from bot.runtime.worker import RETRY_AFTER_US, Worker
from bot.store.rows import State
from bot.store.schema import appointment, inbox, member, outbox
from bot.store.store import Store
from tests.bench.members import ACCOUNT, FIRST_PERSON, settle
from tests.dialogue.room import the_detector, the_kit
from tests.runtime.outside import Room, ScriptedChannel, VirtualTime
from tests.store.given import DAY, HOUR, NOW, SECOND

MEMBERS = 300
DAMAGED, MISFIT, RAISING = 7, 8, 9
TROUBLE = "Bei mir klemmt gerade etwas"


@dataclass
class Coach:
    """A worker and a clock on a store; the test's own time."""

    store: Store
    now: int = NOW

    def worker(self) -> Worker:
        return Worker(
            store=self.store,
            kit=the_kit(),
            detector=the_detector(),
            now=lambda: self.now,
            metrics=Metrics(),
            on_committed=lambda: None,
            on_erased=_nothing_kept,
        )

    async def works(self) -> None:
        """All that may be worked on at this moment."""
        worker = self.worker()
        while await worker.work_once():
            pass

    async def ticks(self) -> None:
        await Clock(store=self.store, now=lambda: self.now, metrics=Metrics(), on_due=lambda: None).tick()

    async def hears(self, *said: tuple[int, str], source: str = "") -> None:
        """(person, text) each; every text of a person comes once."""
        arrivals = [wrote(person, text, f"{source}{person}:{text}", self.now) for person, text in said]
        await self.store.receive(arrivals, now=self.now)

    async def taps(self, person: int, token: str) -> None:
        """The newest button of hers that stands for this."""
        found = [
            button.data
            for message in await self.messages_to(person)
            for row in message.buttons
            for button in row
            if button.data.endswith(f".{token}")
        ]
        assert found, [message.text for message in await self.messages_to(person)]
        tap = ButtonTapped(data=found[-1])
        await self.store.receive(
            [Arrival(source=f"tap {found[-1]}", address=where(person), event=tap, at=self.now)], now=self.now
        )
        await self.works()

    async def passes(self, *, hours: int) -> None:
        """Time goes on in quarters of an hour; the tidying comes every hour."""
        for quarter in range(4 * hours + 1):
            if quarter % 4 == 0:
                await self.store.upkeep(self.now)
            await self.ticks()
            await self.works()
            self.now += HOUR // 4

    async def sends(self, time: VirtualTime) -> list[Message]:
        """A sender starts now; what it sends in half a minute."""
        channel, sent = ScriptedChannel(time), list[Message]()

        async def keep(delivery: Delivery) -> None:
            sent.append(delivery.message)

        channel.account, channel.script = ACCOUNT, keep
        time.shift = self.now - NOW
        await Room(self.store, channel, time).pass_time(30)
        return sent

    async def prompts(self, people: int) -> list[int]:
        """How many messages nobody asked for each member got."""
        return [sum(m.priority is Priority.PROMPT for m in await self.messages_to(p)) for p in range(people)]

    async def next_prompts(self) -> int:
        """How many members have a prompt in the next two days."""
        soon = (appointment.c.settled == 0, appointment.c.kind == PROMPT, appointment.c.due < self.now + 2 * DAY)
        async with self.store.database.read() as connection:
            return len((await connection.execute(select(appointment.c.id).where(*soon))).all())

    async def said_to(self, person: int) -> list[str]:
        """What was written for her, oldest first."""
        return [message.text for message in await self.messages_to(person)]

    async def messages_to(self, person: int) -> list[Message]:
        return [decode_message(body) for _, _, body in await self.rows(person) if body]

    async def waiting(self) -> list[str]:
        """The kinds of messages that would leave now."""
        return [kind for state, kind, _ in await self.rows() if state == State.READY]

    async def rows(self, person: int | None = None) -> list[tuple[str, str, bytes]]:
        """State, kind and body of the messages in the outbox."""
        query = select(outbox.c.state, outbox.c.kind, outbox.c.body).order_by(outbox.c.id)
        if person is not None:
            query = query.where(outbox.c.address_key == where(person).key)
        async with self.store.database.read() as connection:
            return [(row.state, row.kind, row.body) for row in await connection.execute(query)]

    async def document(self, number: int) -> Member:
        stored = await self.store.member(number)
        assert stored is not None
        return load_member(stored.document or b"")


async def _nothing_kept(_addresses: Sequence[Address]) -> None:
    """No channel here keeps anything."""


def where(person: int) -> Address:
    return Address("telegram", ACCOUNT, str(FIRST_PERSON + person), str(FIRST_PERSON + person))


def help_card() -> str:
    numbers = numbers_of(the_kit())
    return emergency_card(the_kit().catalogs["de"], numbers.emergency, numbers.doctor, numbers.crisis)


def wrote(person: int, text: str, source: str, at: int) -> Arrival:
    return Arrival(source=source, address=where(person), event=TextReceived(text=text), at=at)


async def rewrite(store: Store, number: int, change: Callable[[bytes], bytes]) -> None:
    """Change a stored document, as a bad disk or a bad release would."""
    stored = await store.member(number)
    assert stored is not None
    assert stored.document is not None
    async with store.database.write() as connection:
        await connection.execute(update(member).where(member.c.id == number).values(document=change(stored.document)))


def with_misfit(document: bytes) -> bytes:
    """A session stands open whose log answers a question that nobody asks."""
    answer = {"question": "long-gone", "fingerprint": "0", "value": 3, "at": NOW, "channel": "telegram"}
    flow = {"flow": "stopping", "start": "{}", "run": 5, "revision": 0, "opened": NOW, "answers": [answer]}
    return json.dumps(json.loads(document) | {"open": flow}).encode()


async def damage_event(store: Store, person: int) -> None:
    async with store.database.write() as connection:
        await connection.execute(
            update(inbox).where(inbox.c.address_key == where(person).key).values(body=b"\x00 no event")
        )


async def test_three_damaged_members_among_three_hundred_hold_nobody_up(store: Store) -> None:
    coach = Coach(store)
    first = await settle(store, MEMBERS, NOW, due=None)
    await rewrite(store, first + DAMAGED, lambda _: b"\xff{ not a document")
    await rewrite(store, first + MISFIT, with_misfit)
    await coach.hears(*((person, "hallo") for person in range(MEMBERS)))
    await damage_event(store, RAISING)

    await coach.works()

    silent = [person for person in range(MEMBERS) if not await coach.said_to(person)]
    assert silent == [DAMAGED, RAISING]  # a log that no longer fits starts over politely, at once
    assert await store.dead_events() == []

    for _ in range(2):
        coach.now += RETRY_AFTER_US
        await coach.works()

    for person in (DAMAGED, RAISING):
        (line,) = await coach.said_to(person)
        assert TROUBLE in line
    dead = await store.dead_events()
    assert sorted(event.error for event in dead) == ["DocumentError", "WireError"]


async def test_a_damaged_document_hides_no_cry_for_help(store: Store) -> None:
    coach = Coach(store)
    first = await settle(store, 3, NOW, due=None)
    for person in range(3):
        await rewrite(store, first + person, lambda _: b"\x00\x01garbage")
    await coach.hears((0, "hallo"), (0, "/notfall"), (1, "Ich will nicht mehr leben"), (2, "hallo"), (2, "na?"))

    await coach.works()

    for person in (0, 1):
        (card,) = await coach.said_to(person)
        assert card == help_card()
    assert await coach.said_to(2) == []
    locks = [found.lock for person in range(3) if (found := await store.member(first + person)) is not None]
    assert locks == ["", "crisis", ""]  # what is already written is held back by the sender


@pytest.mark.parametrize("hours", [0, 5])
async def test_what_a_lock_forbids_never_leaves_however_long_it_waited(
    store: Store, time: VirtualTime, hours: int
) -> None:
    """An exercise waits in the outbox, its session stands open or parked, a prompt is due: then comes the alarm."""
    coach = Coach(store)
    open_one, parked_one, prompted = range(3)
    first = await settle(store, 3, NOW, due=NOW)
    await coach.hears((open_one, "/heute"), (parked_one, "/heute"))
    await coach.works()
    for person in (open_one, parked_one):
        await coach.taps(person, "go")
        await coach.taps(person, "3")
    await coach.hears((parked_one, "/loeschen"))  # the session waits meanwhile
    await coach.works()
    await coach.ticks()
    await coach.works()  # one prompt is written, two are put off: these members are talking
    before = [await coach.document(first + person) for person in range(3)]
    assert before[open_one].open is not None
    assert before[parked_one].parked is not None
    assert (await coach.waiting()).count(Kind.EXERCISE) == 2
    assert [message.priority for message in await coach.messages_to(prompted)] == [Priority.PROMPT]

    coach.now += 11 * 60 * SECOND
    await coach.hears(*((person, "Ich will nicht mehr leben") for person in range(3)))
    await coach.ticks()
    await coach.works()
    assert set(await coach.waiting()) <= {Kind.EMERGENCY, Kind.TALK}
    coach.now += hours * HOUR  # the sender was down
    await coach.ticks()
    await coach.works()
    sent = await coach.sends(time)

    assert [message.kind for message in sent].count(Kind.EMERGENCY) >= 3
    assert {message.kind for message in sent} <= {Kind.EMERGENCY, Kind.TALK}
    assert [message.text for message in sent if message.priority >= Priority.PROMPT and message.kind is Kind.TALK] == []
    for person in range(3):
        after = await coach.document(first + person)
        assert after.known.lock is not None
        assert "session" not in {state.flow for state in (after.open, after.parked) if state}


@pytest.mark.parametrize("shift", [HOUR, -HOUR, DAY, -DAY, 365 * DAY, -365 * DAY])
async def test_a_clock_that_is_set_wrong_brings_one_prompt_at_most_and_deletes_nobody(store: Store, shift: int) -> None:
    coach = Coach(store)
    people = 40
    await settle(store, people, NOW, due=NOW + HOUR // 2)
    await store.upkeep(coach.now)

    coach.now += shift
    await coach.passes(hours=3)
    while_wrong = await coach.prompts(people)
    coach.now -= shift
    await coach.passes(hours=3)

    assert (await store.counts())["member"] == people
    prompts = await coach.prompts(people)
    assert max(prompts) <= 1
    if abs(shift) > HOUR:
        assert sum(while_wrong) == 0  # nobody is written to for a time that is long past, or far off
    assert await coach.next_prompts() == people


async def test_after_a_long_standstill_there_is_no_mass_note(store: Store) -> None:
    coach = Coach(store)
    people = 40
    await settle(store, people, NOW, due=NOW + HOUR // 2)

    coach.now += 5 * HOUR
    await coach.passes(hours=1)

    assert await coach.prompts(people) == [0] * people
    next_due = await store.next_due()
    assert next_due is not None
    assert NOW + 12 * HOUR < next_due < NOW + 36 * HOUR  # tomorrow as usual
