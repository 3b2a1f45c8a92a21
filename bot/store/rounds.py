"""Moving together: rounds, who takes part and which days were active. What all have reached is in `round_sums`.

A guest is a platform id and day ticks. Unique keys make every tap count once, however often it is delivered; a member
with several places counts as one person, wherever they tap.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, delete, func, or_, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.dialogue.events import Tapped
from bot.store import round_hosts, round_rooms, round_sums
from bot.store.ids import Ids
from bot.store.intake import upsert
from bot.store.round_rooms import StoredRound, read_round
from bot.store.schema import (
    OPEN,
    active_day,
    address,
    challenge,
    challenge_room,
    hosted,
    member,
    met_in,
    participant,
    reaction,
    spared,
)

CHUNK = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """`day`: ISO date, for what counts or is taken back. `reaction`: the one behind it, which may be taken back.

    `back` is the data of the tap that this would be. `place`: the group it was made in (`round_rooms.place_of`);
    `room`: where it was made, whose card is shown anew at once.
    """

    round: int
    person: str
    day: str
    what: Tapped = Tapped.MOVED
    reaction: str = ""
    back: str = ""
    place: str = ""
    room: str = ""


async def join(
    connection: AsyncConnection, ids: Ids, code: str, person: str, who: int, *, name: str, shares: bool, now: int
) -> StoredRound | None:
    """Take part as a member; a guest who is one becomes the member. `None`: no such round is running."""
    row = (await connection.execute(select(challenge).where(challenge.c.code == code, text(OPEN)))).first()
    if row is None:
        return None
    statement = upsert(connection, participant)
    statement = statement.on_conflict_do_update(
        index_elements=["challenge_id", "person"], set_={"member_id": who, "name": name, "shares": shares}
    )
    values = {"challenge_id": row.id, "person": person, "member_id": who, "name": name, "shares": shares}
    await connection.execute(statement, [{**values, "id": ids.next(now), "joined": now}])
    elsewhere = (participant.c.challenge_id == row.id, participant.c.member_id == who, participant.c.member_id != 0)
    await connection.execute(update(participant).where(*elsewhere).values(name=name, shares=shares))
    await round_rooms.touch(connection, [row.id], now, people=[person])
    return read_round(row)


async def tick(connection: AsyncConnection, ids: Ids, ticks: Sequence[Tick], now: int) -> None:
    """Many taps at once, in order; the first one also joins. What is not there cannot be undone."""
    counting: list[Tick] = []
    for each in ticks:
        if each.what is not Tapped.LEAVE:
            counting.append(each)
            continue
        await _tick_all(connection, ids, counting, now)
        counting = []
        await _leave(connection, each.round, participant.c.person == each.person, now)
    await _tick_all(connection, ids, counting, now)


async def _tick_all(connection: AsyncConnection, ids: Ids, ticks: Sequence[Tick], now: int) -> None:
    for first in range(0, len(ticks), CHUNK):
        await _tick(connection, ids, ticks[first : first + CHUNK], now)


async def _tick(connection: AsyncConnection, ids: Ids, ticks: Sequence[Tick], now: int) -> None:
    running = await _running(connection, {each.round for each in ticks})
    ticks = [each for each in ticks if each.round in running]
    if not ticks:
        return
    await _welcome(connection, ids, [each for each in ticks if each.what is not Tapped.UNDO], now)
    people = await _people(connection, ticks)
    # The last of several taps of one person on one day is what they meant.
    wanted = {
        (people[each.round, each.person], each.day): each
        for each in ticks
        if (each.round, each.person) in people and each.what is not Tapped.JOIN
    }
    moved = {one: each for one, each in wanted.items() if each.what is Tapped.MOVED}
    had = await round_sums.left_behind(connection, [(each.round, each.person, each.day) for each in moved.values()])
    added = [
        {"participant_id": one[0], "day": day, "challenge_id": each.round}
        for (one, day), each in moved.items()
        if (each.round, each.person, each.day) not in had
    ]
    if added:
        statement = upsert(connection, active_day).on_conflict_do_nothing(index_elements=["participant_id", "day"])
        await connection.execute(statement, added)
    for (one, day), each in wanted.items():
        if each.what is Tapped.UNDO:
            await _undo(connection, each.round, one, day)
    await _note_reactions(connection, ticks, people)
    await _note_places(connection, ticks, people)
    await round_rooms.touch(
        connection, sorted({each.round for each in ticks}), now, rooms=sorted({each.room for each in ticks})
    )


async def _note_reactions(
    connection: AsyncConnection, ticks: Sequence[Tick], people: dict[tuple[int, str], tuple[int, int]]
) -> None:
    rows = {
        each.reaction: {"event": each.reaction, "participant_id": people[each.round, each.person][0], "back": each.back}
        for each in ticks
        if each.reaction and (each.round, each.person) in people
    }
    if rows:
        statement = upsert(connection, reaction).on_conflict_do_nothing(index_elements=["event"])
        await connection.execute(statement, list(rows.values()))


async def _note_places(
    connection: AsyncConnection, ticks: Sequence[Tick], people: dict[tuple[int, str], tuple[int, int]]
) -> None:
    places = {
        people[each.round, each.person][0]: each.place
        for each in ticks
        if each.place and (each.round, each.person) in people
    }
    if places:
        statement = upsert(connection, met_in)
        statement = statement.on_conflict_do_update(
            index_elements=["participant_id"],
            set_={"place": statement.excluded.place},
            where=met_in.c.place != statement.excluded.place,
        )
        rows = [{"participant_id": number, "place": place} for number, place in sorted(places.items())]
        await connection.execute(statement, rows)


async def reads_along(connection: AsyncConnection, number: int, person: str) -> bool:
    """Whether this person has tapped in a group that sees the round's posts, or has just seen its last one."""
    who = select(participant.c.member_id).where(
        participant.c.challenge_id == number, participant.c.person == person, participant.c.member_id != 0
    )
    theirs = or_(participant.c.person == person, participant.c.member_id.in_(who))
    met = select(met_in.c.place).join(participant, participant.c.id == met_in.c.participant_id)
    met = met.where(participant.c.challenge_id == number, theirs)
    places = set((await connection.execute(met)).scalars())
    return bool(places) and not places.isdisjoint(await round_rooms.places(connection, number))


async def reactions(connection: AsyncConnection, events: Sequence[str]) -> dict[str, tuple[str, str]]:
    """By the platform's id: whose reaction it was, and the data of what taking it back means."""
    query = select(reaction.c.event, participant.c.person, reaction.c.back)
    query = query.join(participant, participant.c.id == reaction.c.participant_id).where(reaction.c.event.in_(events))
    return {row.event: (row.person, row.back) for row in await connection.execute(query)}


async def _undo(connection: AsyncConnection, number: int, one: tuple[int, int], day: str) -> None:
    """Also what a finished session, or a tap at another place of the same person, has counted."""
    row, who = one
    theirs = participant.c.id == row
    if who:
        theirs = or_(theirs, participant.c.member_id == who)
    rows = select(participant.c.id).where(participant.c.challenge_id == number, theirs)
    statement = delete(active_day).where(active_day.c.participant_id.in_(rows), active_day.c.day == day)
    await connection.execute(statement)


async def shared_by(connection: AsyncConnection, who: int) -> list[StoredRound]:
    """The running rounds in which this member wants finished sessions to count by themselves."""
    theirs = select(participant.c.challenge_id).where(participant.c.member_id == who, participant.c.shares)
    query = select(challenge).where(challenge.c.id.in_(theirs), text(OPEN)).order_by(challenge.c.id)
    return [read_round(row) for row in await connection.execute(query)]


async def tick_member(
    connection: AsyncConnection, who: int, day: str, now: int, round_id: int, people: Sequence[str] = ()
) -> bool:
    """Somebody moved in this round on that ISO day, by their own word or by a finished session. False: not in it.

    `people`: the platform ids of a guest, of whom the rows know no member.
    """
    mine = select(participant.c.id, participant.c.challenge_id, participant.c.person)
    theirs = or_(participant.c.member_id == who, participant.c.person.in_(people))
    mine = mine.where(theirs, participant.c.challenge_id == round_id)
    found = (await connection.execute(mine)).all()
    had = await round_sums.left_behind(connection, [(round_id, row.person, day) for row in found])
    rows = [{"participant_id": row.id, "day": day, "challenge_id": row.challenge_id} for row in found]
    if rows and not had:
        statement = upsert(connection, active_day).on_conflict_do_nothing(index_elements=["participant_id", "day"])
        await connection.execute(statement, rows)
        await round_rooms.touch(connection, [round_id], now, people=[row.person for row in found])
    return bool(rows)


async def members_in(connection: AsyncConnection, round_id: int, people: Sequence[str] | None = None) -> list[int]:
    """The members who take part; `people`: those of them who are known by these platform ids."""
    query = select(participant.c.member_id).distinct()
    query = query.where(participant.c.challenge_id == round_id, participant.c.member_id != 0)
    if people is not None:
        query = query.where(participant.c.person.in_(people))
    return list((await connection.execute(query.order_by(participant.c.member_id))).scalars())


async def leave(connection: AsyncConnection, round_id: int, who: int, people: Iterable[str], now: int) -> None:
    """A member, or a guest of these platform ids, is on no list any more; nothing is announced."""
    theirs = or_(participant.c.member_id == who, participant.c.person.in_(list(people)))
    await _leave(connection, round_id, theirs, now)


async def _leave(connection: AsyncConnection, number: int, who: ColumnElement[bool], now: int) -> None:
    """Whoever leaves at one place has left everywhere; no sum falls."""
    query = select(participant.c.id, participant.c.person, participant.c.member_id)
    found = (await connection.execute(query.where(participant.c.challenge_id == number, who))).all()
    members = {row.member_id for row in found} - {0}
    if members:
        theirs = (participant.c.challenge_id == number, participant.c.member_id.in_(members))
        found = [*found, *(await connection.execute(query.where(*theirs))).all()]
    await _forget(connection, sorted({row.id for row in found}), now)
    if found:
        await round_hosts.hand_over(connection, members, {row.person for row in found}, number)
        await round_rooms.take_away(connection, number, sorted({row.person for row in found}), now)
        await round_rooms.touch(connection, [number], now)


async def end(connection: AsyncConnection, round_id: int, now: int) -> bool:
    """For all; the rooms get their last card. False if it is over already."""
    running = (challenge.c.id == round_id, text(OPEN))
    done = await connection.execute(update(challenge).where(*running).values(settled=now))
    if not done.rowcount:
        return False
    statement = update(challenge_room).where(challenge_room.c.challenge_id == round_id, challenge_room.c.settled == 0)
    await connection.execute(statement.values(due=now))
    return True


async def forget(connection: AsyncConnection, members: Sequence[int], keys: Iterable[str], now: int) -> None:
    """Erasure: out of every list, guest or member; a round they started goes on, and is nobody's."""
    persons = {key.rsplit("\n", 1)[0] for key in keys}
    await round_hosts.hand_over(connection, members, persons)
    theirs = or_(participant.c.member_id.in_(members), participant.c.person.in_(persons))
    query = select(participant.c.id, participant.c.challenge_id, participant.c.person).where(theirs)
    rows = (await connection.execute(query)).all()
    await _forget(connection, [row.id for row in rows], now)
    await round_rooms.forget_cards(connection, persons | {row.person for row in rows})
    await round_rooms.touch(connection, sorted({row.challenge_id for row in rows}), 0)


async def unlink(connection: AsyncConnection, members: Sequence[int]) -> None:
    """These members are no more: who took part is a guest now. A guest who started a round is known as its host."""
    theirs = update(participant).where(participant.c.member_id.in_(members))
    await connection.execute(theirs.values(member_id=0, name="", shares=False))
    await connection.execute(update(challenge).where(challenge.c.starter.in_(members)).values(starter=0))


async def spare(connection: AsyncConnection, who: int, until: str) -> None:
    """All their rounds leave a member in peace up to and including that ISO day."""
    statement = upsert(connection, spared)
    statement = statement.on_conflict_do_update(
        index_elements=["member_id"], set_={"until": until}, where=spared.c.until < until
    )
    await connection.execute(statement, {"member_id": who, "until": until})


def _is_covered(today: str) -> ColumnElement[bool]:
    return or_(func.coalesce(member.c.lock, "") != "", func.coalesce(spared.c.until, "") >= today)


_JOINED = participant.outerjoin(member, member.c.id == participant.c.member_id).outerjoin(
    spared, spared.c.member_id == participant.c.member_id
)


async def is_covered(connection: AsyncConnection, round_id: int, person: str, today: str) -> bool:
    """Whether this person is left in peace on the ISO day `today`."""
    here = (participant.c.challenge_id == round_id, participant.c.person == person, _is_covered(today))
    return (await connection.execute(select(participant.c.id).select_from(_JOINED).where(*here))).first() is not None


async def members_of(connection: AsyncConnection, people: Iterable[str]) -> dict[str, int]:
    """The members behind platform ids, by whatever private room they are known."""
    wanted = set(people)
    ids = {person.rsplit("\n", 1)[1] for person in wanted}
    query = select(address.c.channel, address.c.account, address.c.person, address.c.member_id)
    rows = await connection.execute(query.where(address.c.person.in_(ids)))
    found = {f"{row.channel}\n{row.account}\n{row.person}": row.member_id for row in rows}
    return {person: number for person, number in found.items() if person in wanted}


async def language_of(connection: AsyncConnection, person: str) -> str:
    """What a member behind a platform id speaks with the coach; empty for a guest."""
    members = (await members_of(connection, [person])).values()
    query = select(member.c.locale).where(member.c.id.in_(members))
    return (await connection.execute(query)).scalar() or ""


async def settle_rounds(connection: AsyncConnection, over: Sequence[int], now: int) -> bool:
    """Whether any of them was still running."""
    if not over:
        return False
    ending = update(challenge).where(challenge.c.id.in_(over), text(OPEN)).values(settled=now)
    return bool((await connection.execute(ending)).rowcount)


async def settle_unseen(connection: AsyncConnection, today: date, now: int) -> int:
    """Rounds that no room shows end by themselves, some days after their last one; how many."""
    query = select(challenge.c.id, challenge.c.begins, challenge.c.weeks).where(text(OPEN))
    over = [
        row.id
        for row in await connection.execute(query)
        if date.fromisoformat(row.begins) + timedelta(weeks=row.weeks, days=2) < today
    ]
    await settle_rounds(connection, over, now)
    return len(over)


async def purge(connection: AsyncConnection, before: int) -> int:
    """One round that ended before, with everything in it; how many."""
    old = select(challenge.c.id).where(challenge.c.settled > 0, challenge.c.settled < before).limit(1)
    number = (await connection.execute(old)).scalar()
    if number is None:
        return 0
    rooms = select(challenge_room.c.id).where(challenge_room.c.challenge_id == number)
    await round_rooms.drop_rooms(connection, list((await connection.execute(rooms)).scalars()))
    gone = select(participant.c.id).where(participant.c.challenge_id == number)
    for noted in (reaction, met_in):
        await connection.execute(delete(noted).where(noted.c.participant_id.in_(gone)))
    for table in (active_day, participant):
        await connection.execute(delete(table).where(table.c.challenge_id == number))
    await round_sums.purge(connection, number)
    await connection.execute(delete(hosted).where(hosted.c.challenge_id == number))
    await connection.execute(delete(challenge).where(challenge.c.id == number))
    return 1


async def _running(connection: AsyncConnection, rounds: set[int]) -> set[int]:
    query = select(challenge.c.id).where(challenge.c.id.in_(rounds), text(OPEN))
    return set((await connection.execute(query)).scalars())


async def _welcome(connection: AsyncConnection, ids: Ids, ticks: Sequence[Tick], now: int) -> None:
    """Guests who are members on this platform are known as such, to be left in peace under a lock; nothing else."""
    new = {(each.round, each.person) for each in ticks}
    if not new:
        return
    members = await members_of(connection, {person for _, person in new})
    rows = [
        {
            "id": ids.next(now),
            "challenge_id": number,
            "person": person,
            "member_id": members.get(person, 0),
            "name": "",
            "shares": False,
            "joined": now,
        }
        for number, person in sorted(new)
    ]
    statement = upsert(connection, participant)
    statement = statement.on_conflict_do_update(
        index_elements=["challenge_id", "person"],
        set_={"member_id": statement.excluded.member_id},
        where=(participant.c.member_id == 0) & (statement.excluded.member_id != 0),
    )
    await connection.execute(statement, rows)


async def _people(connection: AsyncConnection, ticks: Sequence[Tick]) -> dict[tuple[int, str], tuple[int, int]]:
    """The row and the member (0: a guest) behind each round and person."""
    query = select(participant.c.id, participant.c.challenge_id, participant.c.person, participant.c.member_id).where(
        participant.c.challenge_id.in_({each.round for each in ticks}),
        participant.c.person.in_({each.person for each in ticks}),
    )
    return {(row.challenge_id, row.person): (row.id, row.member_id) for row in await connection.execute(query)}


async def _forget(connection: AsyncConnection, participants: Sequence[int], now: int) -> None:
    if participants:
        await round_sums.leave_behind(connection, participants, now)
        for table in (reaction, active_day, met_in):
            await connection.execute(delete(table).where(table.c.participant_id.in_(participants)))
        await connection.execute(delete(participant).where(participant.c.id.in_(participants)))
