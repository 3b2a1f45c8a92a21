"""Messages of a turn as rows for the outbox, one for each address a message goes to."""

from collections.abc import Sequence
from dataclasses import replace

from bot.dialogue.events import Address, Due, Event
from bot.dialogue.messages import Message, Priority, Where
from bot.dialogue.wire import encode
from bot.store.ids import Ids
from bot.store.rows import Claim, NewSend, StoredAddress, Waiting

MINUTE = 60 * 1_000_000
KNOWS_REPEATS = {"matrix"}  # shows what is sent again under the same number once: no prompt need be given up for that


def sends_of(
    claim: Claim, origin: Address | None, messages: Sequence[Message], ids: Ids, now: int, cause: str = ""
) -> list[NewSend]:
    """`origin`: where the event came from, `None` for the clock's. `now`: epoch microseconds. `cause`: its name."""
    rows: list[NewSend] = []
    for place, message in enumerate(messages):
        same = sum(earlier.text == message.text for earlier in messages[:place])
        for index, address in enumerate(_targets(claim, origin, message)):
            copy = message if index == 0 else replace(message, id=ids.next(now), replaces=None)
            if cause and address.channel in KNOWS_REPEATS:
                copy = replace(copy, cause=f"{cause} {same}" if same else cause)
            rows.append(_row(copy, address, now))
    return rows


def cause_of(waiting: Waiting, event: Event) -> str:
    """The event's name, the same when it comes again to an older database.

    A date may have another row there, and its member another second of the minute. What was put off rings anew.
    """
    return f"due {event.kind} {event.local_date} {event.due_at // MINUTE}" if isinstance(event, Due) else waiting.source


def _targets(claim: Claim, origin: Address | None, message: Message) -> list[Address]:
    """Answers go where the event came from, prompts to the preferred address, emergencies everywhere."""
    known = list(claim.addresses)
    reachable = [stored.address for stored in known if stored.reachable] or [stored.address for stored in known]
    home = origin or _preferred(known)
    if home is None:
        return []
    if message.where is Where.ORIGIN:
        return [home]
    preferred = _preferred(known) or home
    if message.where is Where.PREFERRED:
        return [preferred]
    others = [address for address in reachable if address != home]
    return others if message.where is Where.ELSEWHERE else [home, *others]


def _preferred(known: Sequence[StoredAddress]) -> Address | None:
    chosen = next((stored for stored in known if stored.preferred and stored.reachable), None)
    chosen = chosen or next((stored for stored in known if stored.reachable), None)
    return chosen.address if chosen else (known[0].address if known else None)


def _row(message: Message, address: Address, now: int) -> NewSend:
    return NewSend(
        id=message.id,
        address=address,
        priority=int(message.priority),
        kind=message.kind.value,
        body=encode(message),
        expires=now + message.lives_s * 1_000_000,
        replaces=message.replaces,
        only_edit=message.only_edit,
        repeat=message.priority < Priority.PROMPT or address.channel in KNOWS_REPEATS,
        silent=message.silent,
    )
