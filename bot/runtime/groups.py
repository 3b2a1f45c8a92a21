"""Events of groups: taps on a card are counted, words are read in memory and answered with one public line or nothing.

Nothing anybody writes in a group is stored.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.coach.alarm import AlarmDetector, AlarmLevel
from bot.dialogue.commands import Command, read_command
from bot.dialogue.events import Address, ButtonTapped, Event, RoomMoved, TextReceived
from bot.dialogue.groups import group_reply
from bot.dialogue.kit import Kit
from bot.dialogue.messages import Kind, Message, Priority
from bot.dialogue.moment import from_micros
from bot.dialogue.rounding import ROOM_CODE
from bot.dialogue.rounds import counts_now, read_round_tap
from bot.dialogue.wire import WireError, decode_event, encode
from bot.runtime.wishes import plan_of
from bot.store.ids import Ids
from bot.store.rounds import Tick, person_of
from bot.store.rows import NewSend, Waiting
from bot.store.turns import TurnBatch

GROUP_LINE_LIVES_US = 3600 * 1_000_000


@dataclass(frozen=True, slots=True)
class _Said:
    """One event of a group."""

    where: Address
    event: Event
    received: int


async def answer_groups(batch: TurnBatch, kit: Kit, detector: AlarmDetector, ids: Ids, now: int) -> None:
    """Answer what groups said and finish their events, whatever they were."""
    if not batch.strangers:
        return
    said = [each for waiting in batch.strangers if (each := _read(waiting, detector)) is not None]
    for each in said:
        if isinstance(each.event, RoomMoved):
            await batch.rounds.move(each.where, each.event.new_room)
    await _count(batch, said, kit)
    sends: list[NewSend] = []
    for each in said:
        words = await _brought(batch, each, kit) or _reply(each, kit)
        if words:
            sends.append(_line(words, each.where, ids, now))
    await batch.send(sends)
    await batch.finish([waiting.id for waiting in batch.strangers])


def _read(waiting: Waiting, detector: AlarmDetector) -> _Said | None:
    if waiting.address is None:
        return None
    try:
        event = decode_event(waiting.kind, waiting.body)
    except WireError:
        return None
    if isinstance(event, TextReceived):
        event = replace(event, alarm=detector.check(event.text))
    return _Said(waiting.address, event, waiting.received)


async def _count(batch: TurnBatch, said: Sequence[_Said], kit: Kit) -> None:
    """Taps on cards; one that is too late, too early or forged counts for nothing."""
    taps = [
        (each, tap)
        for each in said
        if isinstance(each.event, ButtonTapped) and (tap := read_round_tap(each.event.data)) is not None
    ]
    rules = kit.library.thresholds.challenge
    running = await batch.rounds.find(sorted({tap.round for _, tap in taps}))
    ticks = []
    for each, tap in taps:
        found = running.get(tap.round)
        if found is None:
            continue
        if counts_now(tap, from_micros(each.received), found.zone, plan_of(found), rules):
            ticks.append(Tick(round=tap.round, person=person_of(each.where), day=tap.day.isoformat(), undo=tap.undo))
    await batch.rounds.tick(ticks)


async def _brought(batch: TurnBatch, said: _Said, kit: Kit) -> str | None:
    """`/start r_…` in a group shows a round there: its card is the answer."""
    event = said.event
    if not isinstance(event, TextReceived) or event.edited or _is_alarm(event):
        return None
    called = read_command(event.text)
    if called is None or called.command is not Command.START or not called.argument.startswith(ROOM_CODE):
        return None
    if await batch.rounds.bring(called.argument.removeprefix(ROOM_CODE), said.where):
        return ""
    return kit.catalogs[_language(event)].text("round/cannot-bring")


def _is_alarm(event: TextReceived) -> bool:
    return event.alarm is not None and event.alarm.level is not AlarmLevel.NONE


def _reply(said: _Said, kit: Kit) -> str | None:
    event = said.event
    if not isinstance(event, TextReceived) or _shows_round(event):
        return None
    return group_reply(event, kit, _language(event))


def _shows_round(event: TextReceived) -> bool:
    called = read_command(event.text)
    is_start = called is not None and called.command is Command.START and called.argument.startswith(ROOM_CODE)
    return is_start and not _is_alarm(event)


def _language(event: TextReceived) -> str:
    return "en" if event.language and not event.language.lower().startswith("de") else "de"


def _line(words: str, where: Address, ids: Ids, now: int) -> NewSend:
    message = Message(id=ids.next(now), text=words, priority=Priority.GROUP, kind=Kind.TALK)
    return NewSend(
        id=message.id,
        address=where,
        priority=int(message.priority),
        kind=message.kind.value,
        body=encode(message),
        expires=now + GROUP_LINE_LIVES_US,
    )
