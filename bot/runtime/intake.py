"""The durable inbox as channels see it, and what is said while it is away: /notfall and sure alarm words, once."""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from bot.channels.channel import Channel, Delivery, DeliveryError
from bot.coach.alarm import AlarmDetector, AlarmLevel
from bot.dialogue.commands import Command, is_slashed, read_command
from bot.dialogue.events import Arrival, ButtonTapped, MediaReceived, ReactionTakenBack, TextReceived
from bot.dialogue.failures import StoreAwayError
from bot.dialogue.messages import Kind, Message, Priority
from bot.dialogue.rounding import ROOM_CODE
from bot.dialogue.rounds import read_invite, read_round_tap
from bot.runtime.standby import is_urgent
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
        kept = [heard for arrival in kept if (heard := heard_in_groups(arrival, self.detector)) is not None]
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


def heard_in_groups(arrival: Arrival, detector: AlarmDetector) -> Arrival | None:
    """Of what is said in a group nothing is written down but that it may be an alarm, or which command it is.

    A tap on a round's card is its group's affair, also where the card stands in a private room.
    """
    event, where = arrival.event, arrival.address
    if isinstance(event, ButtonTapped) and (read_round_tap(event.data) or read_invite(event.data)):
        heard = replace(event, home=where.private, waited_s=arrival.waited_s)
        return replace(arrival, address=replace(where, private=False), event=heard)
    if isinstance(event, ReactionTakenBack):
        heard_back = replace(event, waited_s=arrival.waited_s)
        return replace(arrival, address=replace(where, private=False), event=heard_back)
    if where.private:
        return arrival
    if isinstance(event, TextReceived):
        kept = _without_words(event, detector)
        return None if kept is None else replace(arrival, event=kept)
    return None if isinstance(event, MediaReceived) else arrival


def _without_words(event: TextReceived, detector: AlarmDetector) -> TextReceived | None:
    alarm = detector.check(event.text)
    if alarm.level is not AlarmLevel.NONE:
        return replace(event, text="", alarm=alarm)
    called = None if event.edited or event.forwarded else read_command(event.text)
    if called is None or not (is_slashed(event.text) or called.command is Command.EMERGENCY):
        return None  # "warum?" among people is no question to the coach
    is_code = called.command is Command.START and called.argument.startswith(ROOM_CODE)
    return replace(event, text=f"/{called.command.value}{' ' + called.argument if is_code else ''}")


def _is_only_help(arrival: Arrival) -> bool:
    """/notfall has been answered whole; alarm words must still reach the document and lock it."""
    return isinstance(arrival.event, TextReceived) and is_urgent(replace(arrival.event, alarm=None))
