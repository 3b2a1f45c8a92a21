"""The durable inbox as channels see it, and what is said while it is away: /notfall and sure alarm words, once."""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from bot.channels.channel import Channel, Delivery, DeliveryError
from bot.coach.alarm import AlarmDetector
from bot.dialogue.events import Arrival, TextReceived
from bot.dialogue.failures import StoreAwayError
from bot.dialogue.messages import Kind, Message, Priority
from bot.runtime.living import is_urgent
from bot.store.store import Store

log = logging.getLogger(__name__)

REMEMBERED = 2000
ANSWERS_ITSELF = {"web", "console"}  # these show the static text on their own


@dataclass(slots=True)
class StoreIntake:
    """One channel's inbox. `on_received` wakes the worker."""

    store: Store
    channel: Channel
    detector: AlarmDetector
    static_help: Callable[[str], str]
    now: Callable[[], int]
    on_received: Callable[[], None]
    _answered: OrderedDict[str, None] = field(default_factory=OrderedDict)
    _answering: set[asyncio.Task[None]] = field(default_factory=set)

    async def receive(self, arrivals: Sequence[Arrival], *, cursor: tuple[str, str] | None = None) -> None:
        """Write arrivals and position in one transaction. While the store is away, urgent ones are answered once."""
        position = None if cursor is None else (self.channel.name, self.channel.account, *cursor)
        kept = [arrival for arrival in arrivals if arrival.source not in self._answered or not _is_only_help(arrival)]
        try:
            await self.store.receive(kept, cursor=position, now=self.now())
        except StoreAwayError:
            self._answer_urgent(arrivals)
            raise
        self.on_received()

    async def position(self, name: str) -> str | None:
        return await self.store.position(self.channel.name, self.channel.account, name)

    def _answer_urgent(self, arrivals: Sequence[Arrival]) -> None:
        if self.channel.name in ANSWERS_ITSELF:
            return
        for arrival in arrivals:
            if arrival.source in self._answered or not arrival.address.private or not self._is_urgent(arrival):
                continue
            self._answered[arrival.source] = None
            while len(self._answered) > REMEMBERED:
                self._answered.popitem(last=False)
            task = asyncio.create_task(self._say(arrival))
            self._answering.add(task)
            task.add_done_callback(self._answering.discard)

    def _is_urgent(self, arrival: Arrival) -> bool:
        event = arrival.event
        if isinstance(event, TextReceived):
            event = replace(event, alarm=self.detector.check(event.text))
        return is_urgent(event)

    async def _say(self, arrival: Arrival) -> None:
        language = getattr(arrival.event, "language", None) or "de"
        message = Message(
            id=self.now(), text=self.static_help(language), kind=Kind.EMERGENCY, priority=Priority.EMERGENCY
        )
        try:
            await self.channel.send(Delivery(address=arrival.address, message=message))
        except DeliveryError as error:
            del self._answered[arrival.source]  # it comes again with the next delivery
            log.warning("static help not delivered", extra={"action": "static-help", "error": type(error).__name__})


def _is_only_help(arrival: Arrival) -> bool:
    """/notfall has been answered whole; alarm words must still reach the document and lock it."""
    return isinstance(arrival.event, TextReceived) and is_urgent(replace(arrival.event, alarm=None))
