"""The worker's desk for moving together: what one transaction does about it. Nothing counts before it ends."""

from collections.abc import Collection, Sequence

from sqlalchemy import select, text

from bot.dialogue.events import Address, RoundNews, Tapped
from bot.dialogue.messages import Kind
from bot.dialogue.rounds import TapAnswer
from bot.store import (
    hearing,
    round_hosts,
    round_minors,
    round_moves,
    round_peace,
    round_rooms,
    round_ticks,
    rounds,
    tidying,
)
from bot.store.card_desk import CardDesk
from bot.store.ids import first_id
from bot.store.round_hosts import SeenRound
from bot.store.round_rooms import Brought, StoredRound, person_of
from bot.store.round_ticks import Tick
from bot.store.schema import OPEN, address, challenge, outbox
from bot.store.translation import translated

OVER_FOR = 14 * 24 * 3600 * 1_000_000  # so long a round that ended can go on


class RoundDesk(CardDesk):
    """What people do in rounds, beside the cards that show it."""

    async def trusts_clock(self) -> bool:
        """Whether it has not jumped within the last day, as far as the upkeep has seen."""
        with translated():
            return await tidying.trusts(self._connection, self._now)

    async def start(self, new: StoredRound, most: int, host: str = "") -> bool:
        """False when the starter has `most` running ones. `host`: the starter (`person_of`) if a guest."""
        with translated():
            return await round_hosts.start(self._connection, new, most, self._now, host)

    async def is_host(self, number: int, member: int, people: Collection[str]) -> bool:
        """Whether this member, or a guest of these platform ids (`person_of`), started the round."""
        with translated():
            return await round_hosts.is_host(self._connection, number, member, people)

    async def is_lone_host(self, number: int, person: str) -> bool:
        """Whether a guest (`person_of`) started the round, of whom no document is left."""
        with translated():
            return await round_hosts.is_lone_host(self._connection, number, person)

    async def members_of(self, people: Collection[str]) -> dict[str, int]:
        """The members behind platform ids (`person_of`)."""
        with translated():
            return await round_ticks.members_of(self._connection, people)

    async def hosts_of(self, number: int) -> list[int]:
        """The member who started the round, if one who can be told anything."""
        with translated():
            return await round_hosts.hosts_of(self._connection, number)

    async def lone_host_at(self, number: int) -> tuple[Address, str] | None:
        """The private card of a guest who started the round and has no document, and the language it speaks."""
        with translated():
            return await round_hosts.lone_host_at(self._connection, number)

    async def seen(self, member: int, people: Collection[str]) -> list[SeenRound]:
        """The rounds of one person, also those of their own that have just ended."""
        with translated():
            return await round_hosts.seen(self._connection, member, people, self._now - OVER_FOR)

    async def shown_at(self, where: Address) -> StoredRound | None:
        """The round of a group, also one that has just ended; none if other groups see it too."""
        with translated():
            return await round_hosts.shown_at(self._connection, where, self._now - OVER_FOR)

    async def change(self, changed: StoredRound) -> None:
        """What was agreed in a running round; its cards follow without a word."""
        with translated():
            await round_hosts.change(self._connection, changed, self._now)

    async def find_over(self, number: int) -> StoredRound | None:
        """A round that has just ended and has not gone on."""
        with translated():
            return await round_hosts.find_over(self._connection, number, self._now - OVER_FOR)

    async def go_on(self, over: StoredRound, begins: str, most: int) -> StoredRound | None:
        """The same once more, from that ISO day on; `None` when its starter has `most` running ones."""
        with translated():
            return await round_hosts.go_on(self._connection, self._ids, over, begins, most, self._now)

    async def bring(self, room_code: str, where: Address, language: str = "") -> Brought | None:
        """Show a round in a group; `None` if the code does not fit there.

        It speaks the language that the person at `where` speaks with the coach, else `language`, else the round's.
        """
        with translated():
            spoken = (await rounds.languages_of(self._connection, [person_of(where)])).get(person_of(where), language)
            return await round_rooms.bring(self._connection, self._ids, room_code, where, spoken, self._now)

    async def bring_only(self, where: Address) -> bool:
        """Show the one running round of the person at `where` in that group; false if there is none, or several."""
        with translated():
            starters = (await round_ticks.members_of(self._connection, [person_of(where)])).values()
            spoken = (await rounds.languages_of(self._connection, [person_of(where)])).get(person_of(where), "")
            return await round_rooms.bring_only(self._connection, self._ids, where, list(starters), spoken, self._now)

    async def place_privately(self, number: int, where: Address, language: str = "") -> None:
        """A card of their own in somebody's private room; `language`: a guest's, as far as the platform tells it."""
        with translated():
            await round_rooms.place_privately(self._connection, self._ids, number, where, language, self._now)

    async def end_here(self, where: Address) -> bool:
        """End what is shown in this group, there only; false if there is nothing."""
        with translated():
            return await round_rooms.end_here(self._connection, where, self._now)

    async def lost(self, where: Address) -> None:
        """The coach is in this room no more."""
        with translated():
            await round_moves.lost(self._connection, where.channel, where.account, where.room, self._now)

    async def revive(self, where: Address) -> bool:
        """The coach may write in this group again; false if no round was lost here."""
        with translated():
            return await round_moves.revive(self._connection, where, self._now)

    async def come_again(self, where: Address) -> None:
        """The coach was asked into this room; it may have been there before."""
        with translated():
            await round_rooms.come_again(self._connection, where, self._now)

    async def left_over(self, channel: str, account: str, before: int) -> list[str]:
        """Rooms whose last round ended before then."""
        with translated():
            return await round_rooms.left_over(self._connection, channel, account, before)

    async def pin_again(self, where: Address) -> None:
        """The coach may do more in this group than before."""
        with translated():
            await round_rooms.pin_again(self._connection, where, self._now)

    async def note_hearing(self, where: Address, *, hears: bool) -> None:
        """Whether the coach could hear every word in this group; without a room, in all of the account."""
        with translated():
            await hearing.note(self._connection, where, hears=hears)

    async def reached_member_of(self, where: Address) -> int | None:
        """The member behind a person in a group, if anything written to them in private can arrive."""
        with translated():
            found = await round_ticks.members_of(self._connection, [person_of(where)])
            query = select(address.c.member_id).where(address.c.member_id.in_(found.values()), address.c.reachable)
            return (await self._connection.execute(query.limit(1))).scalar()

    async def has_line(self, where: Address, since: int) -> bool:
        """Whether anything but a card was said in this room from that moment on (epoch microseconds)."""
        query = select(outbox.c.id).where(
            outbox.c.id >= first_id(since),
            outbox.c.address_key == where.key,
            outbox.c.member_id.is_(None),
            outbox.c.kind == Kind.TALK.value,
        )
        with translated():
            return (await self._connection.execute(query.limit(1))).first() is not None

    async def help_said(self, where: Address, since: int) -> list[bytes]:
        """The emergency texts for this room from that moment on (epoch microseconds)."""
        query = select(outbox.c.body).where(
            outbox.c.id >= first_id(since),
            outbox.c.kind == Kind.EMERGENCY.value,
            outbox.c.member_id.is_(None),
            outbox.c.body != b"",
            outbox.c.address_key.startswith(f"{where.channel}\n{where.account}\n", autoescape=True),
            outbox.c.address_key.endswith(f"\n{where.room}", autoescape=True),
        )
        with translated():
            return list((await self._connection.execute(query)).scalars())

    async def reads_along(self, number: int, person: str) -> bool:
        """Whether this person (`person_of`) sees the round's posts in a group."""
        with translated():
            return await rounds.reads_along(self._connection, number, person)

    async def is_covered(self, number: int, person: str, today: str) -> bool:
        """Whether this person (`person_of`) is left in peace on that ISO day."""
        with translated():
            return await round_peace.is_covered(self._connection, number, person, today, self._now)

    async def join(self, code: str, where: Address, member: int, *, name: str, shares: bool) -> StoredRound | None:
        """Take part, as somebody who has said that they are of age; `None` for a code of no running round."""
        person = person_of(where)
        with translated():
            await round_minors.lift(self._connection, [person])
            return await rounds.join(
                self._connection, self._ids, code, person, member, name=name, shares=shares, now=self._now
            )

    async def find(self, numbers: Sequence[int]) -> dict[int, StoredRound]:
        """Those of these rounds that are running."""
        if not numbers:
            return {}
        with translated():
            query = select(challenge).where(challenge.c.id.in_(numbers), text(OPEN))
            found = [round_rooms.read_round(row) for row in await self._connection.execute(query)]
        return {each.id: each for each in found}

    async def find_code(self, code: str) -> StoredRound | None:
        """The running round that this code joins."""
        with translated():
            query = select(challenge).where(challenge.c.code == code, text(OPEN))
            row = (await self._connection.execute(query)).first()
        return None if row is None else round_rooms.read_round(row)

    async def tick(self, ticks: Sequence[Tick]) -> list[TapAnswer]:
        """Taps, each counted once; what became of each.

        A member who leaves on a card learns of it: their commands must not offer it.
        """
        if not ticks:
            return []
        leaving = [each for each in ticks if each.what is Tapped.LEAVE]
        with translated():
            gone = [(each, await rounds.members_in(self._connection, each.round, [each.person])) for each in leaving]
            answers = await rounds.tick(self._connection, self._ids, ticks, self._now)
        for each, members in gone:
            await self._tell_gone(each.round, members)
        return answers

    async def bar(self, people: Collection[str]) -> None:
        """These people (`person_of`) are, or may be, under 18: cards are no way in for them for a while."""
        with translated():
            await round_minors.bar(self._connection, people, self._now)

    async def admit(self, people: Collection[str]) -> None:
        """These people (`person_of`) are 18 or older after all."""
        with translated():
            await round_minors.lift(self._connection, people)

    async def has_moved(self, number: int, person: str, day: str) -> bool:
        """Whether this ISO day has counted for a person (`person_of`), wherever they tapped."""
        with translated():
            return await round_ticks.has_moved(self._connection, number, person, day)

    async def languages_of(self, people: Sequence[str]) -> dict[str, str]:
        """What the members among these people (`person_of`) speak with the coach."""
        if not people:
            return {}
        with translated():
            return await rounds.languages_of(self._connection, people)

    async def language_in(self, where: Address) -> str:
        """What the card of this room speaks; empty where there is none."""
        with translated():
            return await round_rooms.language_in(self._connection, where)

    async def reactions(self, events: Sequence[str]) -> dict[str, tuple[str, str]]:
        """Whose these reactions were (`person_of`), and the data of what taking them back means; known ones only."""
        with translated():
            return await round_ticks.reactions(self._connection, events)

    async def shared_by(self, member: int) -> list[StoredRound]:
        """The running rounds in which this member's finished sessions count by themselves."""
        with translated():
            return await rounds.shared_by(self._connection, member)

    async def sharers(self, members: Sequence[int]) -> set[int]:
        """Those of these members of whom `shared_by` finds anything; asked of many at once."""
        with translated():
            return await rounds.sharers(self._connection, members)

    async def tick_member(self, member: int, day: str, number: int, people: Sequence[str] = ()) -> bool:
        """A member, or a guest of these platform ids, moved in a running round; false if they are not in it."""
        with translated():
            return await rounds.tick_member(self._connection, member, day, self._now, number, people)

    async def also_at(self, number: int, member: int, where: Address) -> None:
        """Whoever takes part is known at this place of theirs too."""
        with translated():
            await rounds.also_at(self._connection, self._ids, number, member, person_of(where), self._now)

    async def leave(self, number: int, member: int, people: Collection[str] = ()) -> None:
        """A member, or a guest of these platform ids, takes part no more."""
        with translated():
            await rounds.leave(self._connection, number, member, people, self._now)

    async def end(self, number: int, member: int) -> None:
        """For all; this member has said so and needs no telling."""
        with translated():
            is_over = await rounds.end(self._connection, number, self._now)
            others = [each for each in await rounds.members_in(self._connection, number) if each != member]
        if is_over:
            await self._tell_gone(number, others)

    async def _tell_gone(self, number: int, members: Sequence[int]) -> None:
        for who in members:
            await self.inform(who, RoundNews(what="gone", round=number))

    async def move(self, where: Address, new_room: str) -> None:
        """A group lives on under another id."""
        with translated():
            await round_moves.room_moved(self._connection, where.channel, where.account, where.room, new_room)

    async def spare(self, member: int, until: str) -> None:
        """A flare-up or a crisis: up to and including that ISO day their rounds write the member nothing."""
        with translated():
            await round_peace.spare(self._connection, member, until)
