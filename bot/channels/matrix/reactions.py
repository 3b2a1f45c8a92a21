"""A reaction to a message of ours as the tap it stands for. What the message offered stands in the message itself.

A reaction that is taken back is told by its id alone: the homeserver has forgotten what it was.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.channels.matrix.drawing import taken_back, tapped
from bot.channels.matrix.reading import own_message
from bot.channels.matrix.sending import Sending
from bot.channels.matrix.updates import Origin, address_of, age_of, at_of, identifier, reaction_of, redacted_by
from bot.channels.wall_clock import now_us
from bot.dialogue.events import Arrival, ButtonTapped, Event, MediaReceived, ReactionTakenBack, Unreadable


@dataclass(slots=True)
class Reactions:
    """Of one account. After a restart the message is asked of the homeserver. `clock`: epoch microseconds."""

    client: Any
    sending: Sending
    clock: Callable[[], int] = now_us

    async def arrivals(self, event: object, origin: Origin) -> list[Arrival]:
        """Nothing for reactions to what asks nothing, and for our own."""
        reaction = reaction_of(event)
        held: Mapping[str, Any] = event if isinstance(event, Mapping) else {}
        person, source = identifier(held.get("sender")), identifier(held.get("event_id"))
        if person is None or source is None or person == origin.account:
            return []
        if reaction is None:
            gone = redacted_by(held)
            return [] if gone is None else [self._arrival(held, source, origin, ReactionTakenBack(reaction=gone))]
        content = self.sending.shown.get(reaction.event) or await own_message(self.client, origin.room, reaction.event)
        data = None if content is None else tapped(content, reaction.key)
        if data is None:
            return []
        happened: ButtonTapped | MediaReceived = MediaReceived(what=Unreadable.REACTION)
        if data:
            back = taken_back(content or {}, reaction.key)
            happened = ButtonTapped(data=data, message=reaction.event, reaction=source if back else "", back=back)
        return [self._arrival(held, source, origin, happened)]

    def _arrival(self, held: Mapping[str, Any], source: str, origin: Origin, event: Event) -> Arrival:
        address, waited = address_of(origin, str(held["sender"])), age_of(held, self.clock()) // 1_000_000
        return Arrival(source=source, address=address, event=event, at=at_of(held, origin.now), waited_s=waited)
