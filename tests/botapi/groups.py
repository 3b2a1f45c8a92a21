"""Groups that a test plays: who is in them, the bot's coming and going, and the upgrade to a supergroup."""

from typing import Literal

from tests.botapi.people import Person, push_membership
from tests.botapi.rooms import Room
from tests.botapi.wire import Wire
from tests.botapi.world import World

Kind = Literal["group", "supergroup"]
SUPERGROUPS = -1_000_000_000_000  # supergroup ids begin below


class Group(Room):
    def __init__(self, world: World, id: int, title: str, kind: Kind, members: list[Person]) -> None:  # noqa: A002 - the protocol's word
        super().__init__(world, {"id": id, "type": kind, "title": title})
        self.kind: Kind = kind
        self.title = title
        self.members = members

    @property
    def _first(self) -> Person:
        return self.members[0]

    def _service(self, by: Wire, **content: object) -> None:
        record = self.world.keep(self.chat, by, content, "")
        self.world.updates.push("message", record.wire, self.id)

    async def invite_bot(self) -> None:
        """The first member adds the bot: a change of membership and a service message."""
        self.chat.refusal = None
        push_membership(self.world, self.chat.wire, self._first.wire, "left", "member")
        bot = {k: self.world.bot[k] for k in ("id", "is_bot", "first_name", "username")}
        self._service(self._first.wire, new_chat_members=[bot])

    async def promote_bot(self) -> None:
        push_membership(self.world, self.chat.wire, self._first.wire, "member", "administrator")

    async def demote_bot(self) -> None:
        push_membership(self.world, self.chat.wire, self._first.wire, "administrator", "member")

    def admin(self, person: Person) -> None:
        """This member may change the group."""
        self.chat.admins.add(person.id)

    async def kick_bot(self) -> None:
        self.chat.refusal = f"bot was kicked from the {self.kind} chat"
        push_membership(self.world, self.chat.wire, self._first.wire, "member", "kicked")

    async def join(self, person: Person) -> None:
        self.members.append(person)
        self._service(person.wire, new_chat_members=[person.wire])

    async def leave(self, person: Person) -> None:
        self.members.remove(person)
        self._service(person.wire, left_chat_member=person.wire)

    async def upgrade(self) -> "Group":
        """Becomes a supergroup under a new id; the old one refuses sends and names the new."""
        new = Group(self.world, SUPERGROUPS + self.id, self.title, "supergroup", self.members)
        self._service(self._first.wire, migrate_to_chat_id=new.id)
        self.chat.moved_to = new.id
        new._service(self._first.wire, migrate_from_chat_id=self.id)
        return new
