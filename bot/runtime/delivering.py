"""One send: what the channel answered becomes a settlement, and sometimes an event for the member."""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Protocol

from bot.channels.channel import (
    AmbiguousError,
    CalledOffError,
    Channel,
    Delivery,
    DeliveryError,
    EditGoneError,
    NotSentError,
    PaperFile,
    Receipt,
    RefusedError,
    RetryLaterError,
    RoomMovedError,
    TokenRefusedError,
    UnreachableError,
)
from bot.coach.disposition import Disposition, forbids
from bot.dialogue.events import ReachChanged, SendRefused
from bot.dialogue.failures import StoreAwayError
from bot.dialogue.member import Status
from bot.dialogue.messages import Attachment, Kind, Message, Priority
from bot.dialogue.wire import WireError, decode_message
from bot.store.rows import Posted, SendRow, Settlement
from bot.store.store import Store

log = logging.getLogger(__name__)

BACK_OFF_S = (1, 2, 4, 8, 16, 32, 60)
LEAST_PAUSE_S = 1.0  # whatever a platform says: no hot loop
BROKEN_TRIES = 3
SECOND = 1_000_000
STORE_AWAY_S = 5.0
EVERY_KIND = frozenset(kind.value for kind in Kind) - {Kind.EMERGENCY.value, Kind.TALK.value, Kind.EXPORT.value}


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """`pause_s`: the platform asked to wait; `only_here`: it is well, whatever else waits.

    `moved_to`: the room lives on under another id. `never_left`: the platform could not be reached at all.
    `lost`: a round's card can no longer be shown there.
    `unfinished`: it left without the picture it should have. `help_here`: an emergency text could not be delivered; the
    plain card goes to the other addresses, and if true to this one.
    """

    row: SendRow
    settlement: Settlement
    posted: tuple[Posted, ...] = ()
    pause_s: float = 0.0
    whole_platform: bool = False
    only_here: bool = False
    moved_to: str | None = None
    token_refused: bool = False
    never_left: bool = False
    lost: bool = False
    unfinished: Message | None = None
    help_here: bool | None = None


def reason_to_drop(row: SendRow) -> str | None:
    """Looked at again at the last moment: lock, pause and opt-out count for what still waits in the outbox."""
    if row.kind in _forbidden(row.lock):
        return "locked"
    is_prompt = row.priority >= Priority.PROMPT and row.kind != Kind.EMERGENCY.value
    if is_prompt and row.lock and row.kind == Kind.TALK.value:
        return "locked"  # "Good morning, how is the pain?" has no place after a cry for help
    # In a pause a round's private card still shows, in silence, what its owner joined and tapped.
    resting = {Status.LEFT.value} if row.member_id is None else {Status.PAUSED.value, Status.LEFT.value}
    if is_prompt and row.status in resting:
        return row.status
    if row.only_edit and row.replaces_remote is None:
        return "nothing to edit"
    return None


def _forbidden(lock: str) -> frozenset[str]:
    """A lock of newer code, which this code cannot read, forbids everything that can be forbidden."""
    if not lock:
        return frozenset()
    try:
        return frozenset(kind.value for kind in forbids(Disposition(lock)))
    except ValueError:
        return EVERY_KIND


class Papers(Protocol):
    """Makes the files that go with messages. Raises `StoreAwayError`."""

    async def of(self, number: int, which: Attachment) -> PaperFile | None: ...


async def _paper(papers: Papers, number: int | None, which: Attachment) -> PaperFile | None:
    if number is None:
        return None
    try:
        return await papers.of(number, which)
    except StoreAwayError as error:
        raise RetryLaterError(STORE_AWAY_S) from error


def look_at(store: Store, row: SendRow) -> Callable[[], Awaitable[None]] | None:
    """Reads lock and status anew. Most answers need no look: no lock forbids them."""
    if row.member_id is None and not _is_private_card(row):
        return None
    if not (row.kind in EVERY_KIND or row.priority >= Priority.PROMPT or row.only_edit):
        return None

    async def look() -> None:
        try:
            standing = await store.look.standing(row)
        except StoreAwayError as error:
            raise RetryLaterError(STORE_AWAY_S) from error
        if standing is None or standing.overtaken:
            raise CalledOffError("cancelled" if standing is None else "overtaken")
        reason = reason_to_drop(replace(row, lock=standing.lock, status=standing.status))
        if reason is not None:
            raise CalledOffError(reason)

    return look


def _is_private_card(row: SendRow) -> bool:
    """Of a round: its row knows no member, its address does. What only edits takes buttons away, and always may."""
    return row.address.private and row.kind == Kind.CHALLENGE.value and not row.only_edit


async def deliver(
    channel: Channel,
    row: SendRow,
    now: Callable[[], int],
    papers: Papers | None = None,
    look: Callable[[], Awaitable[None]] | None = None,
) -> Delivered:
    """Try once. Raises nothing, not even what is our own mistake: one message must not hold the others up."""
    message = _message(row)
    if message is None:
        log.error("a message cannot be read", extra={"action": "send-damaged", "row": row.id})
        return Delivered(row=row, settlement=Settlement.dropped(row.id, "damaged"))
    paper = None if papers is None or message.file is None else partial(_paper, papers, row.member_id, message.file)
    delivery = Delivery(address=row.address, message=message, edits=row.replaces_remote, paper=paper, look=look)
    try:
        receipt = await _send(channel, delivery, only_edit=row.only_edit)
    except CalledOffError as error:
        return Delivered(row=row, settlement=Settlement.dropped(row.id, error.reason))
    except DeliveryError as error:
        return _failed(row, error, now())
    except Exception as error:  # noqa: BLE001  a channel that raises what it did not promise
        return _broken(row, error, now())
    if receipt is None:
        return Delivered(row=row, settlement=Settlement.dropped(row.id, "edit gone"))
    completes = row.replaces if row.only_edit and message.picture is not None else None
    return Delivered(
        row=row,
        settlement=Settlement.sent(row.id, _storable(receipt.remote), completes=completes),
        unfinished=message if receipt.unfinished and not row.only_edit else None,
    )


def _storable(remote: str) -> str | None:
    """A platform's id that no database takes is no id: the message cannot be edited later, which harms nobody."""
    try:
        return None if b"\0" in remote.encode() else remote
    except UnicodeEncodeError:
        return None


def _message(row: SendRow) -> Message | None:
    try:
        return decode_message(row.body)
    except WireError:
        return None


async def _send(channel: Channel, delivery: Delivery, *, only_edit: bool) -> Receipt | None:
    """A message whose edit is no longer possible is sent as a new one; `None` if it was nothing but an edit."""
    try:
        return await channel.send(delivery)
    except EditGoneError:
        if only_edit:
            return None
    return await channel.send(replace(delivery, edits=None))


def _failed(row: SendRow, error: DeliveryError, now: int) -> Delivered:
    match error:
        case RetryLaterError(after_s=asked, whole_platform=whole, only_here=here):
            after = max(LEAST_PAUSE_S, asked)
            later = Settlement.later(row.id, now + int(after * SECOND))
            return Delivered(row=row, settlement=later, pause_s=after, whole_platform=whole, only_here=here)
        case NotSentError():
            return Delivered(row=row, settlement=_back_off(row, now), never_left=True)
        case AmbiguousError():
            again = _back_off(row, now) if row.repeat else Settlement.unknown(row.id)
            return Delivered(row=row, settlement=again)
        case RoomMovedError(new_room=room):
            later = Settlement.later(row.id, now) if row.attempts == 0 else _back_off(row, now)
            return Delivered(row=row, settlement=later, moved_to=room)
        case UnreachableError():
            posted = _posted(row, ReachChanged(reachable=False), f"reach:{row.id}")
            dropped, is_card = Settlement.dropped(row.id, "unreachable"), row.member_id is None
            return Delivered(row=row, settlement=dropped, posted=posted, lost=is_card, help_here=_help(row, here=False))
        case TokenRefusedError():
            return Delivered(row=row, settlement=Settlement.later(row.id, now), token_refused=True)
        case RefusedError(reason=reason):
            return _refused(row, reason)
        case _:
            return _refused(row, type(error).__name__)


def _refused(row: SendRow, reason: str) -> Delivered:
    log.error("a message was refused", extra={"action": "send-refused", "row": row.id, "reason": reason})
    posted = _posted(row, SendRefused(row=row.id, reason=reason), f"refused:{row.id}")
    dropped = Settlement.dropped(row.id, reason)
    return Delivered(row=row, settlement=dropped, posted=posted, help_here=_help(row, here=True))


def _help(row: SendRow, *, here: bool) -> bool | None:
    return here if row.priority == Priority.EMERGENCY and not row.instead else None


def _broken(row: SendRow, error: Exception, now: int) -> Delivered:
    """It may have left. The error is named only: its text may quote the message."""
    name = type(error).__name__
    log.error("sending failed in our own code", extra={"action": "send-broken", "row": row.id, "error": name})
    if not row.repeat:
        return Delivered(row=row, settlement=Settlement.unknown(row.id))
    if row.attempts + 1 >= BROKEN_TRIES:
        return _refused(row, name)
    return Delivered(row=row, settlement=_back_off(row, now))


def _back_off(row: SendRow, now: int) -> Settlement:
    wait = BACK_OFF_S[min(row.attempts, len(BACK_OFF_S) - 1)]
    return Settlement.later(row.id, now + wait * SECOND)


def _posted(row: SendRow, event: ReachChanged | SendRefused, source: str) -> tuple[Posted, ...]:
    """A group's post belongs to nobody who could be told."""
    if row.member_id is None:
        return ()
    return (Posted(member=row.member_id, event=event, source=source, address=row.address),)
