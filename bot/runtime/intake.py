"""The durable inbox as channels see it, and what is said while it is away: /notfall and sure alarm words, once.

A database that hangs is as good as away: who calls for help waits a second for it, everybody else a few.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from bot.channels.channel import Channel, Delivery, DeliveryError
from bot.coach.alarm import AlarmDetector, AlarmLevel
from bot.dialogue.commands import Command, is_slashed, read_command
from bot.dialogue.events import Arrival, ButtonTapped, MediaReceived, ReactionTakenBack, TextReceived
from bot.dialogue.failures import StoreAwayError
from bot.dialogue.messages import Kind, Message, Priority
from bot.dialogue.rounding import ROOM_CODE, code_typed
from bot.dialogue.rounds import is_rounds
from bot.runtime.helped import Helped
from bot.runtime.standby import is_only_help, is_urgent
from bot.store.store import Store

log = logging.getLogger(__name__)

HELP_WAIT_S = 0.8  # seconds a call for help waits for the store; then it is answered from static text
AWAY_AFTER_S = 1.5  # a write that takes longer is left behind, so that the channel can listen again
AWAY_STILL_S = 0.2  # the same for both while the store is away already
LOST_AFTER_S = 5.0  # from when it was left behind: its connection is given up
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
    helped: Helped = field(default_factory=Helped)
    _answering: dict[str, asyncio.Task[None]] = field(default_factory=dict)
    _overdue: set[asyncio.Task[int]] = field(default_factory=set)  # writes nobody waits for any more
    _calm: set[str] = field(default_factory=set)  # looked at while the store is away, and not urgent
    _is_away: bool = False

    async def receive(self, arrivals: Sequence[Arrival], *, cursor: tuple[str, str] | None = None) -> None:
        """Write arrivals and position in one transaction. While the store is away, urgent ones are answered once."""
        await self._hear_of_answers(arrivals)
        position = None if cursor is None else (self.channel.name, self.channel.account, *cursor)
        kept = [arrival for arrival in arrivals if not (self._is_answered(arrival) and _is_only_help(arrival))]
        kept = [heard for arrival in kept if (heard := heard_in_groups(arrival, self.detector)) is not None]
        try:
            await self._write(kept, arrivals, position)
        except StoreAwayError:
            self._is_away = True
            self.help_meanwhile(arrivals)
            raise
        self._is_away = False
        self._calm.clear()
        if kept:
            self.helped.written(partial(self.help_meanwhile, kept))
        self.on_received()

    def _is_answered(self, arrival: Arrival) -> bool:
        return self.helped.knows(self.channel.name, arrival.source)

    async def _write(
        self, kept: Sequence[Arrival], arrivals: Sequence[Arrival], position: tuple[str, str, str, str] | None
    ) -> None:
        """One that hangs is left behind and may still succeed: what comes again then is known by its source.

        Until it ends no other is begun: they would only queue up behind it.
        """
        if self._overdue:
            raise StoreAwayError("a write hangs")
        writing = asyncio.create_task(self.store.receive(kept, cursor=position, now=self.now()))
        try:
            await asyncio.wait({writing}, timeout=AWAY_STILL_S if self._is_away else HELP_WAIT_S)
            if not writing.done() and not self._is_away:
                self.help_meanwhile(arrivals)
                await asyncio.wait({writing}, timeout=AWAY_AFTER_S - HELP_WAIT_S)
        finally:
            if not writing.done():
                self._overdue.add(writing)
                answered_here = any(_is_only_help(arrival) for arrival in kept)  # and not by a turn as well
                after_s = 0 if answered_here else LOST_AFTER_S
                lost = asyncio.get_running_loop().call_later(after_s, writing.cancel)
                writing.add_done_callback(partial(self._ended_late, lost))
        if writing in self._overdue:
            raise StoreAwayError("a write hangs")
        await writing

    def _ended_late(self, lost: asyncio.TimerHandle, writing: asyncio.Task[int]) -> None:
        lost.cancel()
        self._overdue.discard(writing)
        if not writing.cancelled() and writing.exception() is None:
            self._is_away = False
            self.on_received()

    async def _hear_of_answers(self, arrivals: Sequence[Arrival]) -> None:
        """An answer that is still under way may fail: only one that was delivered settles a call for help."""
        under_way = {self._answering[a.source] for a in arrivals if a.source in self._answering and _is_only_help(a)}
        if under_way:
            await asyncio.wait(under_way, timeout=HELP_WAIT_S)

    async def position(self, name: str) -> str | None:
        return await self.store.position(self.channel.name, self.channel.account, name)

    def help_meanwhile(self, arrivals: Sequence[Arrival]) -> None:
        """Answer what is urgent among arrivals that cannot be written now, each once."""
        if self.channel.name in ANSWERS_ITSELF:
            return
        for arrival in arrivals:
            known = self._is_answered(arrival) or arrival.source in self._answering
            if known or arrival.source in self._calm or not arrival.address.private:
                continue
            if not self._is_urgent(arrival):
                self._calm.add(arrival.source)
                continue
            self._answering[arrival.source] = asyncio.create_task(self._say(arrival))

    def _is_urgent(self, arrival: Arrival) -> bool:
        event = arrival.event
        if isinstance(event, TextReceived):
            event = replace(event, alarm=self.detector.check(event.text))
        return is_urgent(event)

    async def _say(self, arrival: Arrival) -> None:
        language = getattr(arrival.event, "language", None) or ""
        message = Message(
            id=self.now(), text=self.static_help(language), kind=Kind.EMERGENCY, priority=Priority.EMERGENCY
        )
        try:
            await self.channel.send(Delivery(address=arrival.address, message=message))
        except DeliveryError as error:  # it comes again with the next delivery
            log.warning("static help not delivered", extra={"action": "static-help", "error": type(error).__name__})
        else:
            self.helped.note(self.channel.name, arrival.source)
        finally:
            del self._answering[arrival.source]


def heard_in_groups(arrival: Arrival, detector: AlarmDetector) -> Arrival | None:
    """Of what is said in a group nothing is written down but that it may be an alarm, or which command it is.

    A tap on a round's card is its group's affair, also where the card stands in a private room.
    """
    event, where = arrival.event, arrival.address
    if isinstance(event, ButtonTapped) and is_rounds(event.data):
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
    code, *_ = [*called.argument.split(), ""]
    is_rooms = called.command is Command.START and code_typed(ROOM_CODE, code) is not None
    return replace(event, text=f"/{called.command.value}{' ' + code if is_rooms else ''}")


def _is_only_help(arrival: Arrival) -> bool:
    """/notfall has been answered whole; alarm words must still reach the document and lock it."""
    return is_only_help(arrival.event)
