"""The test's side of the double: its people and groups, faults, poison, and many people at once."""

import itertools
import time
from collections.abc import Iterable
from types import TracebackType
from typing import Any, Final, Literal, Self

from tests.botapi.faults import Fault, Kind
from tests.botapi.groups import SUPERGROUPS, Group
from tests.botapi.groups import Kind as GroupKind
from tests.botapi.limits import Limits
from tests.botapi.people import Person, said_by
from tests.botapi.rooms import PATIENCE, Room
from tests.botapi.server import Request, Server
from tests.botapi.webhook import Delivery
from tests.botapi.wire import Wire

TOKEN: Final = "123456:TEST-token-of-the-double-0123456789"
Poison = Literal["missing_field", "unknown_type", "nul", "surrogate"]


class BotApi(Server):
    """`async with await BotApi.start() as double:` or start() and stop()."""

    def __init__(
        self,
        token: str = TOKEN,
        *,
        verdicts: bool = True,
        retry_pause: float = 0.05,
        limits: Limits | None = None,
    ) -> None:
        """`verdicts=False` is the fast mode; `retry_pause` is the first pause before a webhook is tried again."""
        super().__init__(token, verdicts=verdicts, retry_pause=retry_pause, limits=limits)
        self._people: dict[int, Person] = {}
        self._ids = itertools.count(1001)

    @classmethod
    async def start(
        cls,
        token: str = TOKEN,
        *,
        port: int = 0,
        verdicts: bool = True,
        retry_pause: float = 0.05,
        limits: Limits | None = None,
    ) -> Self:
        double = cls(token, verdicts=verdicts, retry_pause=retry_pause, limits=limits)
        await double.listen(port)
        return double

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    def person(
        self,
        id: int | None = None,  # noqa: A002 - the protocol's word
        *,
        name: str = "Ada",
        language: str | None = "de",
        started: bool = False,
    ) -> Person:
        """A person by her id, new or known. `started`: the bot may write first."""
        number = id if id is not None else next(n for n in self._ids if n not in self._people)
        if number not in self._people:
            self._people[number] = Person(self.world, number, name, language, started=started)
        return self._people[number]

    def group(self, members: list[Person], *, title: str = "Rücken fit", kind: GroupKind = "group") -> Group:
        """A group with the bot in it."""
        number = -next(self._ids) + (SUPERGROUPS if kind == "supergroup" else 0)
        return Group(self.world, number, title, kind, list(members))

    def fault(self, kind: Kind, method: str = "*", *, chat: Room | int | None = None, **more: Any) -> Fault:
        """Orders a fault; see faults.Fault for what can be said about it."""
        return self.faults.add(Fault(kind, method, chat.id if isinstance(chat, Room) else chat, **more))

    def heal(self) -> None:
        self.faults.heal()

    def revoke(self, new: str = "") -> None:
        """The token is no longer good; `new` is, if given."""
        self._token = new

    def poison(self, kind: Poison, person: Person | None = None) -> int:
        """Queues an update as no well-behaved client makes it; its id."""
        someone = person or self.person()
        someone.chat.started = True
        number = next(someone.chat.numbers)
        wire: Wire = {
            "message_id": number,
            "date": int(time.time()),
            "chat": someone.chat.wire,
            "from": someone.wire,
        }
        bodies: dict[Poison, Wire] = {
            "missing_field": {"message": {"message_id": number, "text": "hallo"}},
            "unknown_type": {"telepathy": {"thought": "hallo"}},
            "nul": {"message": wire | {"text": "ha\x00llo"}},
            "surrogate": {"message": wire | {"text": "ha\ud83dllo"}},
        }
        return self.world.updates.push_unjudged(bodies[kind])

    def inject(self, lines: Iterable[tuple[int, str]], language: str = "de") -> float:
        """Many people write at once, (person id, text) each; the time.monotonic() at which all was queued."""
        world = self.world
        for number, text in lines:
            person = self.person(number, language=language)
            person.chat.started = True
            record = world.keep(person.chat, person.wire, said_by(text), text)
            world.updates.push("message", record.wire, number)
        return time.monotonic()

    def commands(self, scope: str = "default", language: str = "") -> list[Wire]:
        found: Any = self.world.profile.get(("commands", scope, language), [])
        return list(found)

    def profile(self, what: Literal["description", "short_description", "name"], language: str = "") -> object:
        return self.world.profile.get((what, "default", language))

    @property
    def pending(self) -> int:
        """How many updates the bot has not confirmed."""
        return len(self.world.updates)

    async def drained(self, timeout: float = PATIENCE) -> None:  # noqa: ASYNC109 - as everywhere here
        """Waits until the bot has confirmed every update."""
        if not await self.world.changed.until(lambda: self.pending == 0, timeout):
            raise AssertionError(f"after {timeout} s {self.pending} updates are not confirmed")

    async def polled(self, timeout: float = PATIENCE) -> None:  # noqa: ASYNC109 - as everywhere here
        """Waits until the bot is in a long poll: it is up and has nothing left to fetch."""
        if not await self.world.changed.until(lambda: self.world.updates.polled, timeout):
            raise AssertionError(f"nobody polled within {timeout} s")

    @property
    def deliveries(self) -> list[Delivery]:
        return self.world.webhook.deliveries if self.world.webhook else []

    def calls(self, method: str) -> list[Request]:
        return [request for request in self.requests if request.method == method]
