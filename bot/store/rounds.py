"""Moving together: rounds, their rooms, who takes part and which days were active. Counts leave here, never a person's.

A guest is a platform id and day ticks. Unique keys make every tap count once, however often it is delivered.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Integer, SelectLabelStyle, and_, cast, delete, func, insert, or_, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.dialogue.events import Address
from bot.store.ids import Ids
from bot.store.intake import upsert
from bot.store.schema import OPEN, active_day, address, challenge, challenge_room, member, participant, spared

CHUNK = 500
_LABELS = SelectLabelStyle.LABEL_STYLE_TABLENAME_PLUS_COL
SHOW_EVERY = 4 * 1_000_000  # a card is edited no more often, however many tap


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredRound:
    """`begins`: ISO date. `settled`: when it ended, 0 while it runs."""

    id: int
    starter: int
    code: str
    room_code: str
    name: str
    language: str
    zone: str
    begins: str
    weeks: int
    goal: int
    settled: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """`day`: ISO date. `undo` takes it back."""

    round: int
    person: str
    day: str
    undo: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DueRoom:
    """A room whose card must be looked at. `card`: the outbox row of the last one, 0 before the first."""

    id: int
    round: StoredRound
    channel: str
    account: str
    room: str
    card: int
    week: int
    shown: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """`active`: taps of each ISO day by those who may train; `covered`: how many of `people` may not."""

    active: dict[str, int]
    people: int
    covered: int
    names: tuple[str, ...]


def person_of(where: Address) -> str:
    """The person behind an address, whatever the room."""
    return f"{where.channel}\n{where.account}\n{where.person}"


async def start(connection: AsyncConnection, new: StoredRound, most: int, now: int) -> bool:
    """False when the starter has enough running ones."""
    running = select(func.count()).select_from(challenge).where(challenge.c.starter == new.starter, text(OPEN))
    if (await connection.execute(running)).scalar_one() >= most:
        return False
    columns = {name: getattr(new, name) for name in StoredRound.__slots__}
    await connection.execute(insert(challenge).values(**columns, created=now))
    return True


async def bring(connection: AsyncConnection, ids: Ids, room_code: str, where: Address, now: int) -> bool:
    """Show a round in a group; false for an unknown code, an ended round, or a group that has one already."""
    found = (
        await connection.execute(select(challenge.c.id).where(challenge.c.room_code == room_code, text(OPEN)))
    ).scalar()
    if found is None:
        return False
    here = (
        challenge_room.c.channel == where.channel,
        challenge_room.c.account == where.account,
        challenge_room.c.room == where.room,
    )
    taken = select(challenge_room.c.id).where(*here, challenge_room.c.settled == 0)
    if (await connection.execute(taken)).first() is not None:
        return False
    row = {"channel": where.channel, "account": where.account, "room": where.room, "card": 0, "week": 0}
    await connection.execute(
        insert(challenge_room).values(**row, id=ids.next(now), challenge_id=found, shown=0, due=now, settled=0)
    )
    return True


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
    await _touch(connection, [row.id], now)
    return read_round(row)


async def tick(connection: AsyncConnection, ids: Ids, ticks: Sequence[Tick], now: int) -> None:
    """Many taps at once; the first one also joins. What is ticked stays, what is not there cannot be undone."""
    for first in range(0, len(ticks), CHUNK):
        await _tick(connection, ids, ticks[first : first + CHUNK], now)


async def _tick(connection: AsyncConnection, ids: Ids, ticks: Sequence[Tick], now: int) -> None:
    running = await _running(connection, {each.round for each in ticks})
    ticks = [each for each in ticks if each.round in running]
    if not ticks:
        return
    await _welcome(connection, ids, [each for each in ticks if not each.undo], now)
    people = await _people(connection, ticks)
    # The last of several taps of one person on one day is what they meant.
    wanted = {
        (people[each.round, each.person], each.day): each for each in ticks if (each.round, each.person) in people
    }
    added = [
        {"participant_id": number, "day": day, "challenge_id": each.round}
        for (number, day), each in wanted.items()
        if not each.undo
    ]
    if added:
        statement = upsert(connection, active_day).on_conflict_do_nothing(index_elements=["participant_id", "day"])
        await connection.execute(statement, added)
    undone = [
        and_(active_day.c.participant_id == n, active_day.c.day == day) for (n, day), e in wanted.items() if e.undo
    ]
    if undone:
        await connection.execute(delete(active_day).where(or_(*undone)))
    await _touch(connection, sorted({each.round for each in ticks}), now)


async def tick_member(connection: AsyncConnection, who: int, day: str, now: int, round_id: int = 0) -> None:
    """A member moved: in one round by their own word, or by a finished session in those where they wanted that."""
    mine = select(participant.c.id, participant.c.challenge_id).join(
        challenge, challenge.c.id == participant.c.challenge_id
    )
    which = participant.c.challenge_id == round_id if round_id else participant.c.shares
    mine = mine.where(participant.c.member_id == who, which, challenge.c.settled == 0)
    rows = [
        {"participant_id": row.id, "day": day, "challenge_id": row.challenge_id}
        for row in await connection.execute(mine)
    ]
    if rows:
        statement = upsert(connection, active_day).on_conflict_do_nothing(index_elements=["participant_id", "day"])
        await connection.execute(statement, rows)
        await _touch(connection, [row["challenge_id"] for row in rows], now)


async def leave(connection: AsyncConnection, round_id: int, who: int, now: int) -> None:
    """A member is on no list any more; nothing is announced."""
    gone = select(participant.c.id).where(participant.c.challenge_id == round_id, participant.c.member_id == who)
    await _forget(connection, list((await connection.execute(gone)).scalars()))
    await _touch(connection, [round_id], now)


async def end(connection: AsyncConnection, round_id: int, starter: int, now: int) -> bool:
    """By its starter; the rooms get their last card. False if it is not theirs or over."""
    mine = (challenge.c.id == round_id, challenge.c.starter == starter, text(OPEN))
    done = await connection.execute(update(challenge).where(*mine).values(settled=now))
    if not done.rowcount:
        return False
    await _touch(connection, [round_id], now)
    return True


async def forget(connection: AsyncConnection, members: Sequence[int], keys: Iterable[str]) -> None:
    """Erasure: out of every list, guest or member."""
    persons = {key.rsplit("\n", 1)[0] for key in keys}
    theirs = or_(participant.c.member_id.in_(members), participant.c.person.in_(persons))
    rows = (await connection.execute(select(participant.c.id, participant.c.challenge_id).where(theirs))).all()
    await _forget(connection, [row.id for row in rows])
    await _touch(connection, sorted({row.challenge_id for row in rows}), 0)


async def unlink(connection: AsyncConnection, members: Sequence[int]) -> None:
    """These members are no more: who took part is a guest now, and the rounds they started go on without them."""
    theirs = update(participant).where(participant.c.member_id.in_(members))
    await connection.execute(theirs.values(member_id=0, name="", shares=False))
    await connection.execute(update(challenge).where(challenge.c.starter.in_(members)).values(starter=0))


async def due_rooms(connection: AsyncConnection, now: int, limit: int) -> list[DueRoom]:
    """The rooms to look at, the longest waiting first."""
    query = select(challenge_room, challenge).join(challenge, challenge.c.id == challenge_room.c.challenge_id)
    query = query.where(challenge_room.c.settled == 0, challenge_room.c.due <= now)
    query = query.order_by(challenge_room.c.due, challenge_room.c.id).limit(limit).set_label_style(_LABELS)
    return [_due_room(row) for row in await connection.execute(query)]


async def shown(
    connection: AsyncConnection, room: int, *, card: int, week: int, shown_at: int, due: int, settled: int
) -> None:
    """What the room shows now, and when to look again. A tap of this very moment stays due."""
    values = {"card": card, "week": week, "shown": shown_at, "due": due, "settled": settled}
    await connection.execute(update(challenge_room).where(challenge_room.c.id == room).values(**values))


async def put_off(connection: AsyncConnection, room: int, due: int) -> None:
    await connection.execute(update(challenge_room).where(challenge_room.c.id == room).values(due=due))


async def spare(connection: AsyncConnection, who: int, until: str) -> None:
    """In all their rounds a member counts as the average up to and including that ISO day."""
    statement = upsert(connection, spared)
    statement = statement.on_conflict_do_update(
        index_elements=["member_id"], set_={"until": until}, where=spared.c.until < until
    )
    await connection.execute(statement, {"member_id": who, "until": until})


async def tally(connection: AsyncConnection, round_id: int, today: str) -> Tally:
    """Counts of days. Who is locked, or spared on the ISO day `today`, is covered: their ticks are not looked at."""
    joined = participant.outerjoin(member, member.c.id == participant.c.member_id)
    joined = joined.outerjoin(spared, spared.c.member_id == participant.c.member_id)
    is_covered = or_(func.coalesce(member.c.lock, "") != "", func.coalesce(spared.c.until, "") >= today)
    people = select(func.count(), func.coalesce(func.sum(cast(is_covered, Integer)), 0)).select_from(joined)
    count, covered = (await connection.execute(people.where(participant.c.challenge_id == round_id))).one()
    days = select(active_day.c.day, func.count()).select_from(
        active_day.join(joined, participant.c.id == active_day.c.participant_id)
    )
    days = days.where(active_day.c.challenge_id == round_id, ~is_covered).group_by(active_day.c.day)
    named = select(participant.c.name).where(participant.c.challenge_id == round_id, participant.c.name != "")
    names = (await connection.execute(named.order_by(participant.c.name))).scalars()
    active = {row[0]: row[1] for row in await connection.execute(days)}
    return Tally(active=active, people=count, covered=int(covered), names=tuple(names))


async def room_moved(connection: AsyncConnection, channel: str, account: str, old_room: str, new_room: str) -> None:
    here = (
        challenge_room.c.channel == channel,
        challenge_room.c.account == account,
        challenge_room.c.room == old_room,
        challenge_room.c.settled == 0,
    )
    await connection.execute(update(challenge_room).where(*here).values(room=new_room))


async def settle_rounds(connection: AsyncConnection, over: Sequence[int], now: int) -> None:
    if over:
        await connection.execute(update(challenge).where(challenge.c.id.in_(over), text(OPEN)).values(settled=now))


async def purge(connection: AsyncConnection, before: int) -> int:
    """One round that ended before, with everything in it; how many."""
    old = select(challenge.c.id).where(challenge.c.settled > 0, challenge.c.settled < before).limit(1)
    number = (await connection.execute(old)).scalar()
    if number is None:
        return 0
    for table in (active_day, participant, challenge_room):
        await connection.execute(delete(table).where(table.c.challenge_id == number))
    await connection.execute(delete(challenge).where(challenge.c.id == number))
    return 1


async def _running(connection: AsyncConnection, rounds: set[int]) -> set[int]:
    query = select(challenge.c.id).where(challenge.c.id.in_(rounds), text(OPEN))
    return set((await connection.execute(query)).scalars())


async def _welcome(connection: AsyncConnection, ids: Ids, ticks: Sequence[Tick], now: int) -> None:
    """Guests who are members on this platform are known as such, so that a lock covers them; nothing else is linked."""
    new = {(each.round, each.person) for each in ticks}
    if not new:
        return
    keys = {f"{person}\n{person.rsplit(chr(10), 1)[1]}": person for _, person in new}
    query = select(address.c.key, address.c.member_id).where(address.c.key.in_(keys))
    members = {keys[row.key]: row.member_id for row in await connection.execute(query)}
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
    statement = upsert(connection, participant).on_conflict_do_nothing(index_elements=["challenge_id", "person"])
    await connection.execute(statement, rows)


async def _people(connection: AsyncConnection, ticks: Sequence[Tick]) -> dict[tuple[int, str], int]:
    query = select(participant.c.id, participant.c.challenge_id, participant.c.person).where(
        participant.c.challenge_id.in_({each.round for each in ticks}),
        participant.c.person.in_({each.person for each in ticks}),
    )
    return {(row.challenge_id, row.person): row.id for row in await connection.execute(query)}


async def _touch(connection: AsyncConnection, rounds: Sequence[int], now: int) -> None:
    """Their cards are looked at as soon as the pace allows."""
    if not rounds:
        return
    pace = challenge_room.c.shown + SHOW_EVERY
    soon = pace if not now else func.max(pace, now) if connection.dialect.name == "sqlite" else func.greatest(pace, now)
    here = (challenge_room.c.challenge_id.in_(rounds), challenge_room.c.settled == 0, challenge_room.c.due > soon)
    await connection.execute(update(challenge_room).where(*here).values(due=soon))


async def _forget(connection: AsyncConnection, participants: Sequence[int]) -> None:
    if participants:
        await connection.execute(delete(active_day).where(active_day.c.participant_id.in_(participants)))
        await connection.execute(delete(participant).where(participant.c.id.in_(participants)))


def read_round(row: Any, prefix: str = "") -> StoredRound:
    return StoredRound(**{name: getattr(row, f"{prefix}{name}") for name in StoredRound.__slots__})


def _due_room(row: Any) -> DueRoom:
    columns = ("id", "channel", "account", "room", "card", "week", "shown")
    values = {name: getattr(row, f"challenge_room_{name}") for name in columns}
    return DueRoom(round=read_round(row, "challenge_"), **values)
