"""Who may change a round: whoever started it, member or guest, or an admin of its only group. And how one goes on."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, delete, exists, func, insert, or_, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.dialogue.events import Address
from bot.store import round_rooms
from bot.store.ids import Ids
from bot.store.round_rooms import IS_PRIVATE, LEFT, StoredRound, read_round
from bot.store.schema import (
    OPEN,
    active_day,
    challenge,
    challenge_room,
    hosted,
    member,
    participant,
    private_card,
    spoken_in,
)

_CONTINUED = "over-"  # begins the codes of a round that goes on: the next one has taken its own over


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenRound:
    """A round as one person sees it in private: whether they take part, and what they chose; whether it is theirs."""

    round: StoredRound
    starts: bool
    takes_part: bool = False
    shares: bool = False
    shown: bool = False


async def start(connection: AsyncConnection, new: StoredRound, most: int, now: int, host: str = "") -> bool:
    """False when the starter has enough running ones. `host`: the platform id of a starter who is a guest."""
    if await _running(connection, new.starter, [host] if host else []) >= most:
        return False
    columns = {name: getattr(new, name) for name in StoredRound.__slots__}
    await connection.execute(insert(challenge).values(**columns, created=now))
    if host:
        await connection.execute(insert(hosted).values(challenge_id=new.id, person=host))
    return True


async def _running(connection: AsyncConnection, starter: int, people: Collection[str]) -> int:
    running = select(func.count()).select_from(challenge).where(_theirs(starter, people), text(OPEN))
    return int((await connection.execute(running)).scalar_one())


def _theirs(who: int, people: Collection[str]) -> ColumnElement[bool]:
    by_id = exists().where(hosted.c.challenge_id == challenge.c.id, hosted.c.person.in_(people))
    return or_((challenge.c.starter == who), by_id) if people else challenge.c.starter == who


async def is_host(connection: AsyncConnection, number: int, who: int, people: Collection[str]) -> bool:
    """Whether this member, or somebody with one of these platform ids, started the round."""
    query = select(challenge.c.id).where(challenge.c.id == number, _theirs(who, people))
    return (await connection.execute(query)).first() is not None


async def seen(connection: AsyncConnection, who: int, people: Collection[str], since: int) -> list[SeenRound]:
    """The running rounds somebody takes part in or started; their own ones also if they ended after `since`."""
    mine = or_(participant.c.member_id == who, participant.c.person.in_(people))
    rows = await connection.execute(select(participant).where(mine).order_by(participant.c.id))
    part = {row.challenge_id: row for row in rows}
    started = set((await connection.execute(select(challenge.c.id).where(_theirs(who, people)))).scalars())
    over = (challenge.c.id.in_(started)) & (challenge.c.settled >= since) & ~challenge.c.code.startswith(_CONTINUED)
    query = select(challenge).where(challenge.c.id.in_(started | set(part)), or_(text(OPEN), over))
    return [
        SeenRound(
            round=read_round(row),
            starts=row.id in started,
            takes_part=row.id in part,
            shares=row.id in part and part[row.id].shares,
            shown=row.id in part and bool(part[row.id].name),
        )
        for row in await connection.execute(query.order_by(challenge.c.id))
    ]


async def shown_at(connection: AsyncConnection, where: Address, since: int) -> StoredRound | None:
    """The last round of this group, if it runs or ended after `since` and no other group sees it."""
    group = where.house
    here = (challenge_room.c.channel == where.channel, challenge_room.c.account == where.account, ~IS_PRIVATE)
    same = or_(challenge_room.c.room == group, challenge_room.c.room.startswith(f"{group}/", autoescape=True))
    joined = challenge.join(challenge_room, challenge_room.c.challenge_id == challenge.c.id)
    query = select(challenge).select_from(joined).where(*here, same, challenge_room.c.week != LEFT)
    query = query.where(or_(challenge.c.settled == 0, challenge.c.settled >= since))
    row = (await connection.execute(query.order_by(challenge_room.c.id.desc()).limit(1))).first()
    if row is None or row.code.startswith(_CONTINUED):
        return None
    groups = await round_rooms.places(connection, row.id)
    return read_round(row) if groups <= {round_rooms.place_of(where)} else None


async def change(connection: AsyncConnection, changed: StoredRound, now: int) -> None:
    """Name, beginning, weeks and goal of a running round; its cards follow."""
    values = {name: getattr(changed, name) for name in ("name", "begins", "weeks", "goal")}
    await connection.execute(update(challenge).where(challenge.c.id == changed.id, text(OPEN)).values(**values))
    await round_rooms.touch(connection, [changed.id], now)


async def hand_over(
    connection: AsyncConnection, members: Collection[int], people: Collection[str], number: int | None = None
) -> None:
    """Whoever started a round is gone from it: it goes on, and the admins of its group look after it."""
    which: ColumnElement[bool] = challenge.c.starter.in_(members)
    guests: ColumnElement[bool] = hosted.c.person.in_(people)
    if number is not None:
        which, guests = which & (challenge.c.id == number), guests & (hosted.c.challenge_id == number)
    await connection.execute(update(challenge).where(which).values(starter=0))
    await connection.execute(delete(hosted).where(guests))


async def pass_on(connection: AsyncConnection, lost: int, kept: int) -> None:
    """Two members turned out to be one person."""
    await connection.execute(update(challenge).where(challenge.c.starter == lost).values(starter=kept))


async def hosts_of(connection: AsyncConnection, number: int) -> list[int]:
    """The member who started a round, if it is one who can be told anything; nobody for a guest who is a stranger."""
    known = select(challenge.c.starter).where(challenge.c.id == number)
    query = select(member.c.id).where(member.c.id.in_(known))
    return list((await connection.execute(query)).scalars())


async def is_lone_host(connection: AsyncConnection, number: int, person: str) -> bool:
    """Whether this platform id started the round, as a guest whose document is gone: no turn can tell them anything."""
    known = exists().where(member.c.id == challenge.c.starter)
    query = select(hosted.c.person).join(challenge, challenge.c.id == hosted.c.challenge_id)
    query = query.where(hosted.c.challenge_id == number, hosted.c.person == person, ~known)
    return (await connection.execute(query)).first() is not None


async def lone_host_at(connection: AsyncConnection, number: int) -> tuple[Address, str] | None:
    """Where such a host has a private card, and what it speaks."""
    joined = hosted.join(challenge, challenge.c.id == hosted.c.challenge_id)
    joined = joined.join(challenge_room, challenge_room.c.challenge_id == challenge.c.id)
    same = (private_card.c.room_id == challenge_room.c.id) & (private_card.c.person == hosted.c.person)
    joined = joined.join(private_card, same).outerjoin(spoken_in, spoken_in.c.room_id == challenge_room.c.id)
    known = exists().where(member.c.id == challenge.c.starter)
    spoken = func.coalesce(spoken_in.c.language, challenge.c.language).label("spoken")
    query = select(challenge_room, hosted.c.person, spoken).select_from(joined)
    query = query.where(hosted.c.challenge_id == number, challenge_room.c.settled == 0, ~known)
    row = (await connection.execute(query.limit(1))).first()
    if row is None:
        return None
    return Address(row.channel, row.account, row.person.rpartition("\n")[2], row.room), row.spoken


async def find_over(connection: AsyncConnection, number: int, since: int) -> StoredRound | None:
    """A round that ended after `since` and has not gone on yet."""
    ended = (challenge.c.settled > 0, challenge.c.settled >= since, ~challenge.c.code.startswith(_CONTINUED))
    row = (await connection.execute(select(challenge).where(challenge.c.id == number, *ended))).first()
    return None if row is None else read_round(row)


async def go_on(
    connection: AsyncConnection, ids: Ids, old: StoredRound, begins: str, most: int, now: int
) -> StoredRound | None:
    """The same round once more: codes, groups, private cards, and everybody who moved in it. Its sums begin anew.

    `None` when its starter, whoever asks for it, has enough running ones.
    """
    hosts = (await connection.execute(select(hosted.c.person).where(hosted.c.challenge_id == old.id))).scalars().all()
    if await _running(connection, old.starter, hosts) >= most:
        return None
    new = replace(old, id=ids.next(now), begins=begins, settled=0)
    gone = {"code": f"{_CONTINUED}{old.id}", "room_code": f"{_CONTINUED}{old.id}"}
    await connection.execute(update(challenge).where(challenge.c.id == old.id).values(**gone))
    columns = {name: getattr(new, name) for name in StoredRound.__slots__}
    await connection.execute(insert(challenge).values(**columns, created=now))
    await connection.execute(update(hosted).where(hosted.c.challenge_id == old.id).values(challenge_id=new.id))
    people = await _take_along(connection, ids, old.id, new.id, now)
    await _place_again(connection, ids, old, new.id, people, now)
    return new


async def _take_along(connection: AsyncConnection, ids: Ids, old: int, new: int, now: int) -> set[str]:
    """Whoever moved takes part again as before; who never did is asked by the card, like everybody."""
    moved = exists().where(active_day.c.participant_id == participant.c.id)
    rows = (await connection.execute(select(participant).where(participant.c.challenge_id == old, moved))).all()
    values = [
        {
            "id": ids.next(now),
            "challenge_id": new,
            "person": row.person,
            "member_id": row.member_id,
            "name": row.name,
            "shares": row.shares,
            "joined": now,
        }
        for row in rows
    ]
    if values:
        await connection.execute(insert(participant), values)
    return {row.person for row in rows}


async def _place_again(
    connection: AsyncConnection, ids: Ids, old: StoredRound, new: int, people: Collection[str], now: int
) -> None:
    """Every room that saw the old one to its end; a private one only of whoever goes on."""
    joined = challenge_room.outerjoin(private_card, private_card.c.room_id == challenge_room.c.id)
    joined = joined.outerjoin(spoken_in, spoken_in.c.room_id == challenge_room.c.id)
    saw_it = or_(challenge_room.c.settled == 0, challenge_room.c.settled >= old.settled)
    query = select(challenge_room, private_card.c.person.label("whose"), spoken_in.c.language.label("spoken"))
    query = query.select_from(joined).where(challenge_room.c.challenge_id == old.id, saw_it)
    for row in (await connection.execute(query.where(challenge_room.c.week != LEFT))).all():
        if row.whose is not None and row.whose not in people:
            continue
        taken = () if row.whose is not None else await _others_at(connection, row, {old.id, new})
        if not taken:
            where = Address(row.channel, row.account, (row.whose or "").rpartition("\n")[2], row.room)
            number = await round_rooms.place(connection, ids, new, where, row.spoken or "", now)
            if row.whose is not None:
                await connection.execute(insert(private_card).values(room_id=number, person=row.whose))


async def _others_at(connection: AsyncConnection, row: Any, known: Collection[int]) -> Sequence[int]:
    """Rounds that have begun in this group meanwhile."""
    here = (challenge_room.c.channel == row.channel, challenge_room.c.account == row.account, ~IS_PRIVATE)
    group = row.room.partition("/")[0]
    same = or_(challenge_room.c.room == group, challenge_room.c.room.startswith(f"{group}/", autoescape=True))
    query = select(challenge_room.c.challenge_id).where(*here, same, challenge_room.c.settled == 0)
    return list((await connection.execute(query.where(challenge_room.c.challenge_id.not_in(known)))).scalars())
