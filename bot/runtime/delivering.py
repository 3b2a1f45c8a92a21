"""One send: what the channel answered becomes a settlement, and sometimes an event for the member."""

import logging
from dataclasses import dataclass

from bot.channels.channel import (
    AmbiguousError,
    Channel,
    Delivery,
    DeliveryError,
    EditGoneError,
    NotSentError,
    RefusedError,
    RetryLaterError,
    RoomMovedError,
    TokenRefusedError,
    UnreachableError,
)
from bot.coach.disposition import Disposition, forbids
from bot.dialogue.events import ReachChanged, SendRefused
from bot.dialogue.member import Status
from bot.dialogue.messages import Kind, Priority
from bot.dialogue.wire import WireError, decode_message
from bot.store.rows import Posted, SendRow, Settlement

log = logging.getLogger(__name__)

BACK_OFF_S = (1, 2, 4, 8, 16, 32, 60)
SECOND = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """`pause_s`: the platform asked to wait. `moved_to`: the room lives on under another id."""

    row: SendRow
    settlement: Settlement
    posted: tuple[Posted, ...] = ()
    pause_s: float = 0.0
    whole_platform: bool = False
    moved_to: str | None = None
    token_refused: bool = False


def reason_to_drop(row: SendRow) -> str | None:
    """Looked at again at the last moment: lock, pause and opt-out count for what still waits in the outbox."""
    if row.lock and row.kind in {kind.value for kind in forbids(Disposition(row.lock))}:
        return "locked"
    is_prompt = row.priority >= Priority.PROMPT and row.kind != Kind.EMERGENCY.value
    if is_prompt and row.status in {Status.PAUSED.value, Status.LEFT.value}:
        return row.status
    if row.only_edit and row.replaces_remote is None:
        return "nothing to edit"
    return None


async def deliver(channel: Channel, row: SendRow, now: int) -> Delivered:
    """Try once. Never raises for what a platform answers."""
    try:
        message = decode_message(row.body)
    except WireError:
        return Delivered(row=row, settlement=Settlement.dropped(row.id, "damaged"))
    delivery = Delivery(address=row.address, message=message, edits=row.replaces_remote)
    try:
        try:
            receipt = await channel.send(delivery)
        except EditGoneError:
            if row.only_edit:
                return Delivered(row=row, settlement=Settlement.dropped(row.id, "edit gone"))
            receipt = await channel.send(Delivery(address=row.address, message=message))
    except DeliveryError as error:
        return _failed(row, error, now)
    return Delivered(row=row, settlement=Settlement.sent(row.id, receipt.remote))


def _failed(row: SendRow, error: DeliveryError, now: int) -> Delivered:
    match error:
        case RetryLaterError(after_s=after, whole_platform=whole):
            later = Settlement.later(row.id, now + int(after * SECOND))
            return Delivered(row=row, settlement=later, pause_s=after, whole_platform=whole)
        case NotSentError():
            return Delivered(row=row, settlement=_back_off(row, now))
        case AmbiguousError():
            again = _back_off(row, now) if row.repeat else Settlement.unknown(row.id)
            return Delivered(row=row, settlement=again)
        case RoomMovedError(new_room=room):
            return Delivered(row=row, settlement=Settlement.later(row.id, now), moved_to=room)
        case UnreachableError():
            event = ReachChanged(reachable=False)
            posted = _posted(row, Posted(member=row.member_id or 0, event=event, source=f"reach:{row.id}"))
            return Delivered(row=row, settlement=Settlement.dropped(row.id, "unreachable"), posted=posted)
        case RefusedError(reason=reason):
            refused = SendRefused(row=row.id, reason=reason)
            posted = _posted(row, Posted(member=row.member_id or 0, event=refused, source=f"refused:{row.id}"))
            log.error("a message was refused", extra={"action": "send-refused", "row": row.id, "reason": reason})
            return Delivered(row=row, settlement=Settlement.dropped(row.id, reason), posted=posted)
        case TokenRefusedError():
            return Delivered(row=row, settlement=Settlement.later(row.id, now), token_refused=True)
        case _:
            return Delivered(row=row, settlement=Settlement.dropped(row.id, type(error).__name__))


def _back_off(row: SendRow, now: int) -> Settlement:
    wait = BACK_OFF_S[min(row.attempts, len(BACK_OFF_S) - 1)]
    return Settlement.later(row.id, now + wait * SECOND)


def _posted(row: SendRow, posted: Posted) -> tuple[Posted, ...]:
    if row.member_id is None:
        return ()
    return (Posted(member=posted.member, event=posted.event, source=posted.source, address=row.address),)
