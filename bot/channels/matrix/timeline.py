"""One room's part of a sync as arrivals, and what is to be done there once they are written down."""

import logging
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from bot.channels.matrix.company import company_at, company_of
from bot.channels.matrix.invitations import Invitations
from bot.channels.matrix.marks import Marks
from bot.channels.matrix.position import Invitation
from bot.channels.matrix.reactions import Reactions
from bot.channels.matrix.rooms import Rooms, has_gone, is_put_out, joined_at, reach, successor_of
from bot.channels.matrix.undecrypted import Undecrypted
from bot.channels.matrix.updates import Origin, address_of, arrivals_of, is_undecrypted, not_understood, whole
from bot.dialogue.commands import GOVERNED, read_command
from bot.dialogue.events import (
    Address,
    Arrival,
    GroupChange,
    GroupChanged,
    MediaReceived,
    ReachChanged,
    RoomMoved,
    TextReceived,
    Unreadable,
)
from bot.dialogue.failures import StoreAwayError

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Batch:
    """What a sync brought. `homes`: people and the room that is their private one from now on.

    The rest is done after the arrivals are written, and lost with the process: `read` up to which event, rooms that are
    `plain`, and rooms to `leave`.
    """

    arrivals: list[Arrival] = field(default_factory=list)
    homes: list[Invitation] = field(default_factory=list)
    read: dict[str, str] = field(default_factory=dict)
    plain: list[str] = field(default_factory=list)
    leave: list[str] = field(default_factory=list)

    def add(self, later: "Batch") -> None:
        """What came after this."""
        self.arrivals += later.arrivals
        self.homes += later.homes
        self.read |= later.read
        self.plain += later.plain
        self.leave += later.leave


@dataclass(slots=True)
class Timeline:
    """Of one account."""

    rooms: Rooms
    undecrypted: Undecrypted
    invitations: Invitations
    reactions: Reactions
    marks: Marks
    rooms_of: Callable[[str], Awaitable[list[str]]]  # where a person is known
    crowded: dict[str, str] = field(default_factory=dict)  # rooms where that is still to be said, and why
    behind: dict[str, str] = field(default_factory=dict)  # rooms that are still to be left, and where we are instead
    _alone: dict[str, str] = field(default_factory=dict)  # private rooms as of the last look, and their person

    def origin(self, room: str, now: int) -> Origin:
        return Origin(self.rooms.account, room, self.rooms.partner(room) is not None, now)

    async def take(self, batch: Batch, room: str, events: list[Any], now: int, *, earlier: bool = False) -> None:
        """Events of a room, oldest first. What is older than our own joining is not ours.

        `earlier`: of them, our own were sent before this process began.
        """
        sources = [whole(event) for event in events]
        current = events[self.own_from(sources) :]
        if earlier:
            own = [source for source in sources if source.get("sender") == self.rooms.account]
            self.marks.hear(own, blind=any(is_undecrypted(each) for each in sources if each not in own))
        await self._hear(batch, room, current, await company_of(self.rooms, room), now)
        if not self.rooms.known(room):
            return
        self._enter(batch, room, now, sources)
        self._look(room)
        is_empty = bool(current) and not self.rooms.others(room)
        if is_empty and room not in self.invitations.pending and not self.invitations.opening:
            batch.leave.append(room)

    def own_from(self, sources: list[Mapping[str, Any]]) -> int:
        """The place behind our own last joining; 0 where we were in the room all the time."""
        return joined_at(sources, self.rooms.account)

    async def _hear(self, batch: Batch, room: str, events: list[Any], company: list[str] | None, now: int) -> None:
        """Each as it was said: somebody may have come or gone behind it. Of rooms that we are out of, only words."""
        sources = [whole(event) for event in events]
        there = [None] * len(events) if company is None else company_at(sources, company, self.rooms.account)
        for event, source, others in zip(events, sources, there, strict=True):
            if self.rooms.known(room) or "state_key" not in source:
                await self._safely(batch, event, self._said_in(room, source, others, now))

    def _said_in(self, room: str, source: Mapping[str, Any], others: Collection[str] | None, now: int) -> Origin:
        """In private, if nobody but the one who spoke was there, whoever is there now."""
        sender = str(source.get("sender"))
        alone = others is not None and set(others) <= {sender} and self.rooms.was_encrypted(room)
        return Origin(self.rooms.account, room, alone, now)

    def _look(self, room: str) -> None:
        partner = self.rooms.partner(room)
        if partner is None:
            self._alone.pop(room, None)
        else:
            self._alone[room] = partner

    async def _safely(self, batch: Batch, event: Any, origin: Origin) -> None:
        """One event must not make the coach deaf; its sender is told."""
        try:
            await self._one(batch, event, origin)
        except Exception as error:  # noqa: BLE001  whatever it is
            log.error("an event fails", extra={"action": "matrix-event", "error": type(error).__name__})  # noqa: TRY400  it may quote
            batch.arrivals += not_understood(whole(event), origin)

    async def _one(self, batch: Batch, event: Any, origin: Origin) -> None:
        source, room = whole(event), origin.room
        if is_undecrypted(source):
            if source.get("sender") != origin.account:
                self.undecrypted.hold(room, event)
            return
        arrived = arrivals_of(source, origin) or await self.reactions.arrivals(source, origin)
        if arrived and self.rooms.known(room):
            batch.read[room] = arrived[0].source
        arrived = [await self._governed(arrival) for arrival in arrived]
        changed = reach(source, origin, self._others(source, room)) if room not in self.behind else []
        if changed and self.rooms.crowded(room):
            self.crowded[room] = changed[0].source
        batch.arrivals += [*arrived, *changed]
        successor = successor_of(source)
        if successor is not None:
            self._follow(batch, room, successor, origin)

    def _others(self, source: Mapping[str, Any], room: str) -> list[str]:
        """Whoever is there; when several come into a private room at once, each ends it for the one who was there."""
        others, alone = self.rooms.others(room), self._alone.get(room)
        came = source.get("state_key")
        return [alone, came] if alone in others and came in others and alone != came and len(others) > 2 else others

    async def _governed(self, arrival: Arrival) -> Arrival:
        """Whoever wants to end or change something in a group: whether they may."""
        event, where = arrival.event, arrival.address
        if where.private or not isinstance(event, TextReceived):
            return arrival
        called = read_command(event.text)
        if called is None or called.command not in GOVERNED:
            return arrival
        return replace(arrival, event=replace(event, governs=await self.rooms.governs(where.room, where.person)))

    def _follow(self, batch: Batch, room: str, successor: tuple[str, str], origin: Origin) -> None:
        """A group's round moves at once; what is sent meanwhile waits until we are there."""
        new, person = successor
        self.invitations.follow(new, person)
        if self.rooms.crowded(room):
            moved = RoomMoved(new_room=new)
            where = self._group(room, person)
            batch.arrivals.append(Arrival(source=f"moved.{room}.{new}", address=where, event=moved, at=origin.now))

    def _group(self, room: str, person: str) -> Address:
        return address_of(Origin(self.rooms.account, room, False, 0), person)

    def _enter(self, batch: Batch, room: str, now: int, sources: list[Mapping[str, Any]]) -> None:
        """A room that we were asked into and are in: a private one is greeted, a group's round may be shown there.

        One that we made ourselves waits until whom we asked has come, or has declined.
        """
        invitation = self.invitations.pending.get(room)
        if invitation is None:
            return
        if invitation.ours and self.rooms.partner(room) != invitation.person:
            if has_gone(sources, invitation.person):
                self.invitations.entered(room)
            return
        old = self.rooms.forebears(room)
        if self.rooms.is_space(room):
            batch.leave.append(room)
        elif self.rooms.crowded(room):
            batch.leave += old
            if not old:
                came, where = GroupChanged(what=GroupChange.ENTERED), self._group(room, invitation.person)
                source = f"invited.{room}.{invitation.at}"
                batch.arrivals.append(Arrival(source=source, address=where, event=came, at=now))
        elif not self.rooms.encrypted(room):
            batch.plain.append(room)
            return
        elif self.rooms.partner(room) == invitation.person:
            address = address_of(self.origin(room, now), invitation.person)
            source = f"invited.{room}.{invitation.at}"
            batch.arrivals.append(Arrival(source=source, address=address, event=TextReceived(text="/start"), at=now))
            batch.homes.append(invitation)
            self.behind |= dict.fromkeys(
                (old for old in self.rooms.shared_with(invitation.person) if old != room), room
            )
        else:
            batch.leave.append(room)
        self.invitations.entered(room)

    async def left(self, batch: Batch, room: str, events: list[Any], stamp: str, now: int) -> None:
        """We were put out: whoever is there can no longer be reached. `events`: what happened there before."""
        others, sources = self.rooms.others(room), [whole(event) for event in events]
        self.rooms.forget(room)
        self._alone.pop(room, None)
        company = await company_of(self.rooms, room) if events else None
        await self._hear(batch, room, events, company, now)
        self.behind.pop(room, None)
        if not others and is_put_out(sources, self.rooms.account):  # while we were away
            others = company or []
        if len(others) > 1:
            gone, where = GroupChanged(what=GroupChange.LEFT), self._group(room, others[0])
            batch.arrivals.append(Arrival(source=f"left.{room}.{stamp}", address=where, event=gone, at=now))
            others = []
        for place, person in enumerate(others):
            address = address_of(Origin(self.rooms.account, room, True, now), person)
            lost = ReachChanged(reachable=False)
            batch.arrivals.append(Arrival(source=f"left.{room}.{stamp}.{place}", address=address, event=lost, at=now))

    async def catch_up(self, batch: Batch, now: int) -> None:
        """Messages that can be read by now, and people to be told that theirs cannot."""
        for room, event in await self.undecrypted.retried():
            origin = self._said_in(room, whole(event), await company_of(self.rooms, room), now)
            await self._safely(batch, event, origin)
        for room in self.undecrypted.overdue():
            partner = self.rooms.partner(room)
            if partner is None:
                continue
            told = MediaReceived(what=Unreadable.UNDECRYPTED)
            source = f"undecrypted.{room}.{self.undecrypted.told[room]}"
            address = address_of(self.origin(room, now), partner)
            batch.arrivals.append(Arrival(source=source, address=address, event=told, at=now))

    async def bring_home(self, batch: Batch) -> None:
        """What somebody says in a room that is not theirs, alone with us, is said in the one where they are known.

        As in one that was given up for another, or in a group whose others have gone. A card there stays what it is.
        """
        entered = {home.room for home in batch.homes} | set(self.invitations.pending)
        for place, arrival in enumerate(batch.arrivals):
            where, event = arrival.address, arrival.event
            home = self.behind.get(where.room) if not isinstance(event, ReachChanged) else None
            is_said = where.private and isinstance(event, TextReceived | MediaReceived)
            if home is None and is_said and where.room not in entered:
                home = await self._home_of(where)
            if home is not None:
                batch.arrivals[place] = replace(arrival, address=replace(where, room=home))

    async def _home_of(self, where: Address) -> str | None:
        """Another room, if it is the one."""
        shared = self.rooms.private_with(where.person)
        if not set(shared) - {where.room}:
            return None
        try:
            known = await self.rooms_of(where.person)
        except StoreAwayError:
            return None
        return None if where.room in known else next((room for room in shared if room in known), None)
