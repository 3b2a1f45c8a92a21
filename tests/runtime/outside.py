"""What stands outside the runtime: time that passes only when somebody waits, and a platform that does as scripted."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from inspect import isawaitable
from typing import Any

from sqlalchemy import select

from bot.channels.channel import Delivery, Intake, Receipt
from bot.dialogue.messages import Kind, Message, Priority
from bot.dialogue.wire import encode
from bot.runtime.fulfilling import LatePictures
from bot.runtime.metrics import Metrics
from bot.runtime.sender import OPEN_SENDS, SLOTS, Sender
from bot.store.rows import NewSend
from bot.store.schema import outbox
from bot.store.store import Store
from tests.store.given import ACCOUNT, CHANNEL, DAY, NOW, SECOND, at
from tests.store.given import send as any_send

AT_ONCE = OPEN_SENDS
FULL = dict(SLOTS)[Priority.GROUP]  # prompts among them
LET_OTHERS_RUN = 40  # turns of the event loop: enough for a send without input and output to end


class VirtualTime:
    """Seconds pass only in `wait`. The wall clock (`now`) can be shifted beside them."""

    def __init__(self) -> None:
        self.elapsed = 0.0
        self.shift = 0
        self.waits = 0
        self._later: list[tuple[float, Callable[[], object]]] = []

    def seconds(self) -> float:
        return self.elapsed

    def now(self) -> int:
        return NOW + round(self.elapsed * SECOND) + self.shift

    def after(self, seconds: float, do: Callable[[], object]) -> None:
        """Something that happens when so much time has passed from now on."""
        self._later.append((self.elapsed + seconds, do))

    async def wait(self, event: asyncio.Event, seconds: float) -> None:
        self.waits += 1
        for _ in range(LET_OTHERS_RUN):
            if event.is_set():
                return
            await asyncio.sleep(0)
        until = self.elapsed + seconds
        if self._later and min(self._later, key=lambda one: one[0])[0] <= until:
            await self._happen()
        else:
            self.elapsed = until

    async def _happen(self) -> None:
        due = min(self._later, key=lambda one: one[0])
        self._later.remove(due)
        self.elapsed = max(self.elapsed, due[0])
        done = due[1]()
        if isawaitable(done):
            await done


@dataclass(frozen=True, slots=True)
class Try:
    """One call of the platform."""

    row: int
    room: str
    edits: str | None
    at: float


Script = Callable[[Delivery], Awaitable[None]]


class ScriptedChannel:
    """A platform account that remembers what it was asked; `script` may raise, wait, or do things meanwhile."""

    def __init__(self, time: VirtualTime, name: str = CHANNEL) -> None:
        self.name = name
        self.account = ACCOUNT
        self.time = time
        self.tries: list[Try] = []
        self.delivered: list[int] = []
        self.faults: dict[int, list[Exception]] = {}
        self.script: Script | None = None
        self.remotes: dict[int, str] = {}  # ids the platform gives, where they matter
        self.unfinished: set[int] = set()  # leave without their picture
        self.open = 0
        self.most_open = 0
        self.full = asyncio.Event()

    async def receive(self, intake: Intake) -> None:
        """Nothing ever arrives here."""

    async def aclose(self) -> None:
        """Nothing to close."""

    async def send(self, delivery: Delivery) -> Receipt:
        row = delivery.message.id
        self.tries.append(Try(row, delivery.address.room, delivery.edits, self.time.seconds()))
        self.open += 1
        self.most_open = max(self.most_open, self.open)
        if self.open >= FULL:
            self.full.set()
        try:
            if self.faults.get(row):
                raise self.faults[row].pop(0)
            if self.script is not None:
                await self.script(delivery)
        finally:
            self.open -= 1
        self.delivered.append(row)
        remote = self.remotes.get(row, delivery.edits or f"remote {row}")
        return Receipt(remote=remote, unfinished=row in self.unfinished)

    def rows(self) -> list[int]:
        return [one.row for one in self.tries]

    def times(self, row: int) -> list[float]:
        return [one.at for one in self.tries if one.row == row]


@dataclass(slots=True)
class Room:
    """A sender with what it stands between."""

    store: Store
    channel: ScriptedChannel
    time: VirtualTime
    rate: float = 0.0
    metrics: Metrics = field(default_factory=Metrics)
    woken: int = 0
    late: LatePictures | None = None

    def sender(self) -> Sender:
        return Sender(
            store=self.store,
            channel=self.channel,
            now=self.time.now,
            metrics=self.metrics,
            rate=self.rate,
            on_posted=self._posted,
            timer=self.time,
            late=self.late,
            static_help={"de": "**Hilfe:** 112 und 116 117", "en": "**Help:** 112"}.__getitem__,
        )

    def _posted(self) -> None:
        self.woken += 1

    async def pass_time(self, seconds: float) -> None:
        """A new sender works for so long, then ends gracefully."""
        sender = self.sender()
        self.time.after(seconds, sender.stop)
        await sender.run()


def message(number: int, person: str = "anna", **changes: Any) -> NewSend:
    """An answer for the outbox that can be decoded."""
    priority = changes.get("priority", Priority.ANSWER)
    body = encode(Message(id=number, text=f"Nachricht {number}"))
    defaults = {"body": body, "repeat": priority < Priority.PROMPT, "kind": Kind.TALK.value, "expires": NOW + DAY}
    return any_send(number, person, **{**defaults, **changes, "priority": int(priority)})


def prompt(number: int, person: str = "anna", **changes: Any) -> NewSend:
    return message(number, person, **{"priority": Priority.PROMPT, "kind": Kind.SESSION.value, **changes})


async def write(store: Store, *sends: NewSend, now: int = NOW) -> None:
    """Messages that wait in the outbox and belong to no member."""
    async with store.turns(now, members=0) as batch:
        await batch.send(sends)


async def states(store: Store) -> dict[int, tuple[str, str]]:
    """State and reason of every row of the outbox."""
    async with store.database.read() as connection:
        query = select(outbox.c.id, outbox.c.state, outbox.c.reason).order_by(outbox.c.id)
        return {row.id: (row.state, row.reason) for row in await connection.execute(query)}


__all__ = ["AT_ONCE", "Room", "ScriptedChannel", "Try", "VirtualTime", "at", "message", "prompt", "states", "write"]
