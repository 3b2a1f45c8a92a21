"""Moving together: rounds, who takes part and which days were active. What all have reached is in `round_sums`.

A guest is a platform id and day ticks. Unique keys make every tap count once, however often it is delivered; a member
with several places counts as one person, wherever they tap.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, timedelta
from itertools import groupby

from sqlalchemy import ColumnElement, bindparam, delete, or_, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.dialogue.events import Tapped
from bot.dialogue.rounds import TapAnswer
from bot.store import round_hosts, round_rooms, round_sums
from bot.store.hot import run
from bot.store.ids import Ids
from bot.store.intake import upsert
from bot.store.round_rooms import StoredRound, read_round
from bot.store.round_ticks import Tick, members_of, tick_all
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
)


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


async def tick(connection: AsyncConnection, ids: Ids, ticks: Sequence[Tick], now: int) -> list[TapAnswer]:
    """Many taps at once, in order, and what became of each. The first one also joins; what is not there stays so."""
    answers: list[TapAnswer] = []
    for is_leaving, some in groupby(ticks, lambda each: each.what is Tapped.LEAVE):
        for each in some if is_leaving else ():
            await _leave(connection, each.round, participant.c.person == each.person, now)
            answers.append(TapAnswer.LEFT)
        if not is_leaving:
            answers += await tick_all(connection, ids, list(some), now)
    return answers


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


_SHARERS = (
    select(participant.c.member_id)
    .join(challenge, challenge.c.id == participant.c.challenge_id)
    .where(
        participant.c.member_id.in_(bindparam("numbers", expanding=True)),
        participant.c.shares,
        text(f"challenge.{OPEN}"),
    )
    .distinct()
)


async def sharers(connection: AsyncConnection, members: Sequence[int]) -> set[int]:
    """Those of these members whose finished sessions count by themselves in some running round."""
    return {row.member_id for row in (await run(connection, _SHARERS, {"numbers": list(members)})).rows}


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


async def also_at(connection: AsyncConnection, ids: Ids, number: int, who: int, person: str, now: int) -> None:
    """A member who takes part is known at this place of theirs too, which gets a card of its own."""
    mine = select(participant.c.name, participant.c.shares)
    mine = mine.where(participant.c.challenge_id == number, participant.c.member_id == who).limit(1)
    known = (await connection.execute(mine)).first() if who else None
    if known is not None:
        here = {"id": ids.next(now), "challenge_id": number, "person": person, "member_id": who, "joined": now}
        statement = upsert(connection, participant).on_conflict_do_nothing(index_elements=["challenge_id", "person"])
        await connection.execute(statement, {**here, "name": known.name, "shares": known.shares})


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
    if found:  # before they are forgotten, with their language
        people = {row.person for row in found} | await _places_of(connection, members)
        await round_rooms.take_away(connection, number, sorted(people), now)
    await _forget(connection, sorted({row.id for row in found}), now)
    if found:
        await round_hosts.hand_over(connection, members, {row.person for row in found}, number)
        await round_rooms.touch(connection, [number], now)


async def _places_of(connection: AsyncConnection, members: Collection[int]) -> set[str]:
    """A card may stand where its person has never tapped."""
    query = select(address.c.channel, address.c.account, address.c.person).where(address.c.member_id.in_(members))
    return {"\n".join(row) for row in await connection.execute(query)} if members else set()


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


async def unlink(connection: AsyncConnection, members: Sequence[int], *, named: bool = False) -> None:
    """These members are no more: who took part is a guest now. A guest who started a round is known as its host.

    `named`: the name that they chose to be shown with stays.
    """
    theirs = update(participant).where(participant.c.member_id.in_(members))
    kept = {"member_id": 0, "shares": False}
    await connection.execute(theirs.values(**kept if named else {**kept, "name": ""}))
    await connection.execute(update(challenge).where(challenge.c.starter.in_(members)).values(starter=0))


async def languages_of(connection: AsyncConnection, people: Iterable[str]) -> dict[str, str]:
    """What members behind platform ids speak with the coach; nothing for guests."""
    members = await members_of(connection, people)
    query = select(member.c.id, member.c.locale).where(member.c.id.in_(members.values()), member.c.locale != "")
    spoken = {row.id: row.locale for row in await connection.execute(query)} if members else {}
    return {person: spoken[number] for person, number in members.items() if number in spoken}


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


async def _forget(connection: AsyncConnection, participants: Sequence[int], now: int) -> None:
    if participants:
        gone = participant.c.id.in_(participants)
        named = select(participant.c.challenge_id).where(gone, participant.c.name != "").distinct()
        await round_rooms.call_off(connection, list((await connection.execute(named)).scalars()), now)
        await round_sums.leave_behind(connection, participants, now)
        for table in (reaction, active_day, met_in):
            await connection.execute(delete(table).where(table.c.participant_id.in_(participants)))
        await connection.execute(delete(participant).where(gone))
