"""One or more persons in several places, with a worker between: what is written there, and what each place is sent."""

import re
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from sqlalchemy import select

from bot.dialogue.events import Address, Arrival, ButtonTapped, Event, ReachChanged, TextReceived
from bot.dialogue.kit import Kit
from bot.dialogue.member import Member, dump_member, load_member
from bot.dialogue.messages import Message
from bot.dialogue.rounds import tap_data
from bot.dialogue.wire import decode_message
from bot.runtime.group_taps import Answer
from bot.runtime.metrics import Metrics
from bot.runtime.worker import Worker
from bot.store.schema import outbox
from bot.store.store import Store
from tests.dialogue.room import Room, the_detector, the_kit
from tests.store.given import ACCOUNT, NOW, SECOND, answered


def place(channel: str, person: str = "anna") -> Address:
    return Address(channel, ACCOUNT, person, person)


TELEGRAM, MATRIX, WEB = place("telegram"), place("matrix"), place("web")


@lru_cache(maxsize=1)
def trained() -> Member:
    """Somebody with a history: the first day is done, the prompt comes at eight."""
    room = Room()
    room.first_day()
    return room.member


@dataclass
class Places:
    """The coach between the places. `at`: the language each writes in."""

    store: Store
    now: int = NOW
    language: str = "de"
    kit: Kit = field(default_factory=the_kit)
    forgotten: list[Address] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)  # beside tapped buttons
    _sources: int = 0

    def worker(self) -> Worker:
        return Worker(
            store=self.store,
            kit=self.kit,
            detector=the_detector(),
            now=lambda: self.now,
            metrics=Metrics(),
            on_committed=lambda: None,
            on_erased=self._forget,
            on_emptied=self._forget,
            on_answered=self.answers.extend,
        )

    async def _forget(self, addresses: object) -> None:
        self.forgotten.extend(addresses)  # type: ignore[arg-type]  # a sequence of addresses

    async def works(self) -> None:
        while await self.worker().work_once():
            pass

    async def knows(self, where: Address, member: Member) -> None:
        """Somebody who has been here before, with this document."""
        await self._receive(where, TextReceived(text="hallo"))
        async with self.store.turns(self.now) as batch:
            (claim,) = batch.claims
            document = dump_member(member)
            lock = member.known.lock.disposition if member.known.lock else ""
            about = {"status": member.status.value, "locale": member.language, "zone": member.zone, "lock": lock}
            await batch.save([answered(claim, document=document, document_version=member.version, **about)])

    async def says(self, where: Address, text: str) -> list[str]:
        """Everything new that is sent there."""
        before = len(await self.messages(where))
        await self._receive(where, TextReceived(text=text, language=self.language))
        await self.works()
        return [message.text for message in (await self.messages(where))[before:]]

    async def taps(self, where: Address, wanted: str) -> list[str]:
        """Tap the newest button of this label or token there."""
        before = len(await self.messages(where))
        await self._receive(where, await self.button(where, wanted))
        await self.works()
        return [message.text for message in (await self.messages(where))[before:]]

    async def button(self, where: Address, wanted: str) -> ButtonTapped:
        """The tap on the newest button of this label or token there."""
        messages = await self.messages(where)
        rows = [row for message in reversed(messages) for row in message.buttons]
        found = [b.data for row in rows for b in row if wanted in {b.label, b.data.rpartition(".")[2], b.data}]
        assert found, [(message.text, message.buttons) for message in messages]
        return ButtonTapped(data=found[0], language=self.language)

    async def moves(self, where: Address, number: int, day: str) -> None:
        """A tap on a round's card there, for that ISO day."""
        await self._receive(where, ButtonTapped(data=tap_data(number, date.fromisoformat(day)), language=self.language))
        await self.works()

    async def loses(self, where: Address) -> None:
        """The coach can no longer reach anybody there."""
        await self._receive(where, ReachChanged(reachable=False))
        await self.works()

    async def arrives(self, where: Address, text: str) -> None:
        """It lies in the inbox; nobody has worked on it."""
        await self._receive(where, TextReceived(text=text, language=self.language))

    async def _receive(self, where: Address, event: Event) -> None:
        self._sources += 1
        self.now += 20 * SECOND
        arrival = Arrival(source=f"s{self._sources}", address=where, event=event, at=self.now)
        await self.store.receive([arrival], now=self.now)

    async def messages(self, where: Address) -> list[Message]:
        """All that waits to be sent there, oldest first, edits too."""
        async with self.store.database.read() as connection:
            query = select(outbox.c.body).where(outbox.c.address_key == where.key, outbox.c.body != b"")
            bodies = (await connection.execute(query.order_by(outbox.c.id))).scalars()
            return [decode_message(body) for body in bodies]

    async def code(self, where: Address) -> str:
        """The code that is made there."""
        said = await self.says(where, "/verbinden")
        return next(found[1] for text in said if (found := re.search(r"^/verbinden (\w+)$", text, re.MULTILINE)))

    async def member(self, where: Address) -> Member | None:
        stored = await self.store.member_by_address(where.key)
        return None if stored is None or not stored.document else load_member(stored.document)

    async def link(self, made: Address, given: Address) -> None:
        """A code from one place to the other, and both say yes."""
        await self.says(given, f"/verbinden {await self.code(made)}")
        await self.taps(given, "yes")
        await self.taps(made, "yes")

    async def persons(self) -> int:
        return (await self.store.counts())["member"]
