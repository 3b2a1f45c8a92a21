"""Edits of members with several places: a message is edited where it stands, and hears nothing of another place's talk.

What was asked on Telegram and answered on Matrix becomes a neutral line on Telegram; what goes on goes on here.
"""

from collections.abc import Sequence
from dataclasses import replace

from bot.dialogue.events import Address
from bot.dialogue.messages import Message
from bot.dialogue.wire import decode_message, encode
from bot.runtime.lived import Lived
from bot.store.ids import Ids
from bot.store.places import PlaceDesk
from bot.store.rows import NewSend


async def place_edits(desk: PlaceDesk, lives: Sequence[Lived], ids: Ids, now: int) -> None:
    """Changes the sends of those who are reached in several places; all others are left alone, at no cost."""
    several = [lived for lived in lives if len(lived.addresses) > 1]
    wanted = {send.replaces for lived in several for send in lived.outcome.sends if send.replaces is not None}
    if not wanted:
        return
    stored = await desk.where(wanted)
    for lived in several:
        sends = lived.outcome.sends
        stands = stored | {send.id: send.address.key for send in sends}
        places = {address.key: address for address in lived.addresses}
        placed = [one for send in sends for one in _placed(send, stands, places, ids, now)]
        lived.outcome = replace(lived.outcome, sends=tuple(placed))


def _placed(send: NewSend, stands: dict[int, str], places: dict[str, Address], ids: Ids, now: int) -> list[NewSend]:
    there = stands.get(send.replaces) if send.replaces is not None else None
    if there is None or there == send.address.key:
        return [send]
    message = decode_message(send.body)
    found: list[NewSend] = []
    if there in places and message.away:
        found.append(_closing(send, message, places[there], send.id if send.only_edit else ids.next(now)))
    if not send.only_edit:
        found.append(replace(send, replaces=None, body=encode(replace(message, replaces=None))))
    return found


def _closing(send: NewSend, message: Message, there: Address, number: int) -> NewSend:
    """The old message without its buttons."""
    line = Message(id=number, text=message.away, replaces=send.replaces, only_edit=True, priority=message.priority)
    return replace(send, id=number, address=there, only_edit=True, kind=line.kind.value, body=encode(line))
