"""Events of groups: read in memory, answered with one public line or nothing, stored nowhere."""

from dataclasses import replace

from bot.coach.alarm import AlarmDetector
from bot.dialogue.events import TextReceived
from bot.dialogue.groups import group_reply
from bot.dialogue.kit import Kit
from bot.dialogue.messages import Kind, Message, Priority
from bot.dialogue.wire import WireError, decode_event, encode
from bot.store.ids import Ids
from bot.store.rows import NewSend, Waiting
from bot.store.turns import TurnBatch

GROUP_LINE_LIVES_US = 3600 * 1_000_000


async def answer_groups(batch: TurnBatch, kit: Kit, detector: AlarmDetector, ids: Ids, now: int) -> None:
    """Answer what groups said and finish their events, whatever they were."""
    sends = [send for waiting in batch.strangers if (send := _answer(waiting, kit, detector, ids, now)) is not None]
    await batch.send(sends)
    await batch.finish([waiting.id for waiting in batch.strangers])


def _answer(waiting: Waiting, kit: Kit, detector: AlarmDetector, ids: Ids, now: int) -> NewSend | None:
    if waiting.address is None:
        return None
    try:
        event = decode_event(waiting.kind, waiting.body)
    except WireError:
        return None
    language = "de"
    if isinstance(event, TextReceived):
        event = replace(event, alarm=detector.check(event.text))
        language = "en" if event.language and not event.language.lower().startswith("de") else "de"
    words = group_reply(event, kit, language)
    if words is None:
        return None
    message = Message(id=ids.next(now), text=words, priority=Priority.GROUP, kind=Kind.TALK)
    return NewSend(
        id=message.id,
        address=waiting.address,
        priority=int(message.priority),
        kind=message.kind.value,
        body=encode(message),
        expires=now + GROUP_LINE_LIVES_US,
    )
