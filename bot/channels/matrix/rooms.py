"""Who is in a room, as nio's client last heard. A private room holds the coach and one person, invited ones counted."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from bot.channels.matrix.updates import Origin, address_of, at_of, identifier
from bot.channels.matrix.wire import Wire, WireError
from bot.dialogue.events import Arrival, ReachChanged

MODERATOR = 50  # the usual level of whoever may change a room
IN, OUT = {"join", "invite"}, {"leave", "ban"}


@dataclass(frozen=True, slots=True)
class InvitePolicy:
    """Everyone, or the people and servers named: `example.org,@ada:example.com`. The settings have checked it."""

    names: frozenset[str] = frozenset()

    @classmethod
    def parse(cls, text: str) -> "InvitePolicy":
        names = frozenset(part.strip() for part in text.split(",") if part.strip())
        return cls() if names == {"everyone"} else cls(names)

    def admits(self, person: str) -> bool:
        return not self.names or person in self.names or person.partition(":")[2] in self.names


@dataclass(slots=True)
class Rooms:
    """Views on the client's rooms."""

    client: Any
    account: str

    def known(self, room: str) -> bool:
        return room in self.client.rooms

    def encrypted(self, room: str) -> bool:
        return self.known(room) and bool(self.client.rooms[room].encrypted)

    def others(self, room: str) -> list[str]:
        """Everybody but the coach, invited ones too: whoever is invited can already read along."""
        if not self.known(room):
            return []
        return sorted(person for person in self.client.rooms[room].users if person != self.account)

    def was_encrypted(self, room: str) -> bool:
        """Also of a room that we are no longer in."""
        return self.encrypted(room) or room in self.client.encrypted_rooms

    def private_with(self, person: str) -> list[str]:
        """Asked for each word that is heard, so in little time."""
        rooms = [name for name, room in self.client.rooms.items() if len(room.users) == 2 and person in room.users]
        return [name for name in rooms if self.partner(name) == person]

    def crowded(self, room: str) -> bool:
        return len(self.others(room)) > 1

    def partner(self, room: str) -> str | None:
        """The one other person of a private room, if that person is in it and it is encrypted."""
        others = self.others(room)
        if len(others) != 1 or not self.encrypted(room) or self.client.rooms[room].users[others[0]].invited:
            return None
        return others[0]

    def private(self) -> list[tuple[str, str]]:
        """Private rooms and the person in each."""
        alone = ((room, self.partner(room)) for room in list(self.client.rooms))
        return [(room, person) for room, person in alone if person is not None]

    def shared_with(self, person: str) -> list[str]:
        """Private rooms with this person."""
        return [room for room in self.client.rooms if self.others(room) == [person]]

    def forget(self, room: str) -> None:
        """What nio does not do: it keeps rooms that were left; sending there would raise."""
        self.client.rooms.pop(room, None)
        self.client.invited_rooms.pop(room, None)

    def moved_to(self, room: str) -> str | None:
        """Where a room that was upgraded lives on."""
        found = getattr(self.client.rooms.get(room), "replacement_room", None)
        return identifier(found)

    def is_awaited(self, room: str) -> bool:
        """A room of ours says that it lives on as this one, and we are not there yet."""
        return not self.known(room) and self.is_successor(room)

    def is_successor(self, room: str) -> bool:
        return bool(self.forebears(room))

    def forebears(self, room: str) -> list[str]:
        """The rooms that this one replaces."""
        return [old for old in self.client.rooms if old != room and self.moved_to(old) == room]

    def is_space(self, room: str) -> bool:
        """A folder of rooms, in which nobody talks."""
        return getattr(self.client.rooms.get(room), "room_type", None) == "m.space"

    async def governs(self, room: str, person: str) -> bool:
        """Whether this person may change the room: a moderator, or its creator, whom newer rooms do not list."""
        found = self.client.rooms.get(room)
        if found is None or found.users.get(person) is None:
            return False
        levels = found.power_levels
        if levels.get_user_level(person) >= max(MODERATOR, levels.defaults.state_default):
            return True
        try:
            made = await Wire(self.client).get(f"rooms/{quote(room, safe='')}/state/m.room.create?format=event")
        except WireError:
            return False
        return bool(made.get("sender") == person)


def joined_at(events: list[Any], account: str) -> int:
    """The place behind our own last join: what stands before it is older than this membership."""
    behind = 0
    for place, event in enumerate(events):
        if is_own_join(event, account):
            behind = place + 1
    return behind


def is_own_join(event: Any, account: str) -> bool:
    held = event if isinstance(event, Mapping) else {}
    return held.get("type") == "m.room.member" and held.get("state_key") == account and _change(held) == "join"


def reach(event: Any, origin: Origin, others: list[str]) -> list[Arrival]:
    """Somebody came or went; who is there now decides who can be reached in private, and whom we only asked in cannot.

    `others`: whoever is there now; of a room that has been a group for long nothing changes for anybody.
    """
    held = event if isinstance(event, Mapping) else {}
    person, source = identifier(held.get("state_key")), identifier(held.get("event_id"))
    change = _change(held)
    if held.get("type") != "m.room.member" or person in {None, origin.account} or source is None or change is None:
        return []
    if (others == [person] and not _is_in(held)) or (not others and _was_asked(held)):
        return []
    at = at_of(held, origin.now)
    private = Origin(origin.account, origin.room, True, origin.now)
    return [
        Arrival(source=f"{source}.{place}", address=address_of(private, who), event=ReachChanged(reachable=yes), at=at)
        for place, (who, yes) in enumerate(_reached(str(person), change, others))
    ]


def has_gone(events: list[Mapping[str, Any]], person: str) -> bool:
    """Left, or declined."""
    theirs = [each for each in events if each.get("type") == "m.room.member" and each.get("state_key") == person]
    return bool(theirs) and _change(theirs[-1]) == "leave"


def is_put_out(events: list[Mapping[str, Any]], account: str) -> bool:
    """By somebody else, out of a room that we were in."""
    ours = [each for each in events if each.get("type") == "m.room.member" and each.get("state_key") == account]
    return bool(ours) and ours[-1].get("sender") != account and memberships(ours[-1])[0] == "join"


def _reached(person: str, change: str, others: list[str]) -> list[tuple[str, bool]]:
    """Whoever was here before the change, and whether it can be spoken to in private now."""
    if len(others) == 1:
        return [(others[0], True)]
    if change == "join":
        return [(other, False) for other in others if other != person] if len(others) == 2 else []
    return [(person, False)] if not others else []


def successor_of(event: Any) -> tuple[str, str] | None:
    """The room that replaces this one, and who says so. Only whoever may end a room can: the server sees to it."""
    held = event if isinstance(event, Mapping) else {}
    content, sender = held.get("content"), identifier(held.get("sender"))
    new = identifier(content.get("replacement_room")) if isinstance(content, Mapping) else None
    if held.get("type") != "m.room.tombstone" or held.get("state_key") != "" or new is None or sender is None:
        return None
    return new, sender


def _is_in(held: Mapping[str, Any]) -> bool:
    return memberships(held)[1] == "join"


def _was_asked(held: Mapping[str, Any]) -> bool:
    """And declined."""
    return memberships(held)[0] == "invite"


def memberships(held: Mapping[str, Any]) -> tuple[object, object]:
    """Before and after."""
    content, unsigned = held.get("content"), held.get("unsigned")
    after = content.get("membership") if isinstance(content, Mapping) else None
    previous = unsigned.get("prev_content") if isinstance(unsigned, Mapping) else None
    return previous.get("membership") if isinstance(previous, Mapping) else None, after


def _change(held: Mapping[str, Any]) -> str | None:
    """`join` or `leave` if this changed anything; a new name or picture does not."""
    before, after = memberships(held)
    if not isinstance(after, str):
        return None
    if after in IN:
        return None if before == after else "join"
    return "leave" if after in OUT else None
