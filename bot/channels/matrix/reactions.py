"""A reaction to a message of ours as the tap it stands for. What the message offered stands in the message itself.

A reaction that is taken back is a tap too, where the message says what that means.
"""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from bot.channels.matrix.drawing import Content, taken_back, tapped
from bot.channels.matrix.reading import content_of_event
from bot.channels.matrix.sending import Sending
from bot.channels.matrix.updates import Origin, address_of, at_of, identifier, reaction_of
from bot.channels.matrix.wire import Wire, WireError
from bot.dialogue.events import Address, Arrival, ButtonTapped, MediaReceived, Unreadable

REMEMBERED = 5000


@dataclass(slots=True)
class Reactions:
    """Of one account. After a restart the message is asked of the homeserver."""

    client: Any
    sending: Sending
    _made: OrderedDict[str, tuple[str, str]] = field(default_factory=OrderedDict)  # reaction → who, what takes it back

    async def arrivals(self, event: object, origin: Origin) -> list[Arrival]:
        """Nothing for reactions to what asks nothing, and for our own."""
        reaction = reaction_of(event)
        held: Mapping[str, Any] = event if isinstance(event, Mapping) else {}
        person, source = identifier(held.get("sender")), identifier(held.get("event_id"))
        if person is None or source is None or person == origin.account:
            return []
        if reaction is None:
            return self._taken_back(held, source, address_of(origin, person), origin.now)
        content = self.sending.shown.get(reaction.event) or await self._fetched(origin, reaction.event)
        data = None if content is None else tapped(content, reaction.key)
        if data is None:
            return []
        happened: ButtonTapped | MediaReceived = MediaReceived(what=Unreadable.REACTION)
        if data:
            happened = ButtonTapped(data=data, message=reaction.event)
            self._remember(source, person, taken_back(content or {}, reaction.key))
        address = address_of(origin, person)
        return [Arrival(source=source, address=address, event=happened, at=at_of(held, origin.now))]

    def _remember(self, source: str, person: str, back: str) -> None:
        if back:
            self._made[source] = (person, back)
            while len(self._made) > REMEMBERED:
                self._made.popitem(last=False)

    def _taken_back(self, held: Mapping[str, Any], source: str, where: Address, now: int) -> list[Arrival]:
        """By the same person: whoever else removes a reaction undoes nothing of theirs."""
        if held.get("type") != "m.room.redaction":
            return []
        content = held.get("content")
        named = held.get("redacts") or (content.get("redacts") if isinstance(content, Mapping) else None)
        person, back = self._made.pop(named, ("", "")) if isinstance(named, str) else ("", "")
        if person != where.person or not back:
            return []
        return [Arrival(source=source, address=where, event=ButtonTapped(data=back), at=at_of(held, now))]

    async def _fetched(self, origin: Origin, name: str) -> Content | None:
        """The message as it stands now: the last edit, where the homeserver tells one."""
        try:
            path = f"rooms/{quote(origin.room, safe='')}/event/{quote(name, safe='')}"
            found = await Wire(self.client).get(path)
        except WireError:
            return None
        if found.get("sender") != origin.account:
            return None
        relations = found.get("unsigned", {}).get("m.relations", {})
        edit = relations.get("m.replace") if isinstance(relations, dict) else None
        shown = edit if isinstance(edit, dict) and "content" in edit else found
        content = content_of_event(self.client, shown, origin.room)
        new = content.get("m.new_content")
        return new if isinstance(new, dict) else content
