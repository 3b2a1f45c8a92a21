"""Where rounds are shown: in groups, and on the private cards of people who take part. One card a room.

A group's card follows every tap; somebody else's private card follows the others' taps at leisure, because a company's
round has thousands of them.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, SelectLabelStyle, delete, exists, func, insert, or_, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.dialogue.events import Address
from bot.store import hearing
from bot.store.ending import closed, ready
from bot.store.ids import Ids
from bot.store.intake import upsert
from bot.store.rows import State
from bot.store.schema import (
    OPEN,
    challenge,
    challenge_room,
    member,
    outbox,
    participant,
    private_card,
    spoken_in,
)

SHOW_EVERY = 4 * 1_000_000  # a card is edited no more often, however many tap
SHOW_OWN_EVERY = 1_000_000  # a private card, when its own person has tapped there: it is the answer
SHOW_OTHERS_EVERY = 15 * 60 * 1_000_000  # a private card, when others tap
LEFT = -1  # stands for the week of a card that is written once more and never again
_LABELS = SelectLabelStyle.LABEL_STYLE_TABLENAME_PLUS_COL
IS_PRIVATE = exists().where(private_card.c.room_id == challenge_room.c.id)


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
class DueRoom:
    """A room whose card must be looked at. `card`: the outbox row of the last one, 0 before the first.

    `person`: whose private room it is (`person_of`), empty in a group. `shown` is 0 where a card is to be pinned again.
    `language`: the person's own, or the group's. `waits`: that card has not left yet, or just now. `hears`: a group in
    which the coach could hear every word.
    """

    id: int
    round: StoredRound
    channel: str
    account: str
    room: str
    person: str
    card: int
    week: int
    shown: int
    language: str
    waits: bool = False
    hears: bool = False

    @property
    def where(self) -> Address:
        """Of a group's own messages."""
        return Address(self.channel, self.account, "", self.room, private=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """A round stands in a group. `is_new`: it did not before."""

    round: StoredRound
    is_new: bool


def place_of(where: Address) -> str:
    """The group behind an address, whatever the topic."""
    return f"{where.channel}\n{where.account}\n{where.house}"


def person_of(where: Address) -> str:
    """The person behind an address, whatever the room."""
    return f"{where.channel}\n{where.account}\n{where.person}"


async def bring(
    connection: AsyncConnection, ids: Ids, room_code: str, where: Address, language: str, now: int
) -> Brought | None:
    """Show a round in a group; `None` for an unknown code, an ended round, or a group that has another one.

    `language`: that of the group; empty for the round's.
    """
    with_code = select(challenge).where(challenge.c.room_code == room_code, text(OPEN))
    found = (await connection.execute(with_code)).first()
    if found is None:
        return None
    is_new = place_of(where) not in await places(connection, found.id)
    stands = await _show_in_group(connection, ids, found.id, where, language, now)
    return Brought(round=read_round(found), is_new=is_new) if stands else None


async def bring_only(
    connection: AsyncConnection, ids: Ids, where: Address, starters: Sequence[int], language: str, now: int
) -> bool:
    """Show the one running round of a starter who asked the coach into this group; false if it is not clear which."""
    theirs = select(challenge.c.id).where(challenge.c.starter.in_(starters), text(OPEN)).limit(2)
    found = list((await connection.execute(theirs)).scalars())
    return len(found) == 1 and await _show_in_group(connection, ids, found[0], where, language, now)


async def _show_in_group(
    connection: AsyncConnection, ids: Ids, number: int, where: Address, language: str, now: int
) -> bool:
    """A group has one running round, also where it is divided into topics."""
    await one_at_a_time(connection, place_of(where))
    query = select(challenge_room.c.challenge_id).where(*running_at(where), ~IS_PRIVATE)
    standing = (await connection.execute(query)).scalar()
    if standing is None:
        await place(connection, ids, number, where, language, now)
    return standing is None or standing == number


async def place_privately(
    connection: AsyncConnection, ids: Ids, number: int, where: Address, language: str, now: int
) -> None:
    """A card in somebody's private room; one that stands there already stays. `language`: a guest's, if known."""
    person = person_of(where)
    await one_at_a_time(connection, person)
    query = select(challenge_room.c.id).join(private_card, private_card.c.room_id == challenge_room.c.id)
    query = query.where(
        private_card.c.person == person, challenge_room.c.challenge_id == number, challenge_room.c.settled == 0
    )
    standing = (await connection.execute(query)).scalar()
    if standing is None:
        row = await place(connection, ids, number, where, language, now)
        await connection.execute(insert(private_card).values(room_id=row, person=person))
    else:
        await _wake(connection, now, challenge_room.c.id == standing)


async def _wake(connection: AsyncConnection, now: int, *which: ColumnElement[bool]) -> None:
    """Whoever could not be reached, and whose card rests therefore, is here again."""
    resting = (*which, challenge_room.c.settled == 0, challenge_room.c.shown > now)
    await connection.execute(update(challenge_room).where(*resting).values(shown=0, due=now))


async def one_at_a_time(connection: AsyncConnection, place: str) -> None:
    """Two workers never look at an empty place together. SQLite has one writer; PostgreSQL waits until commit."""
    if connection.dialect.name == "postgresql":
        number = int.from_bytes(hashlib.sha256(place.encode()).digest()[:8], "big", signed=True)
        await connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": number})


async def place(connection: AsyncConnection, ids: Ids, number: int, where: Address, language: str, now: int) -> int:
    row = ids.next(now)
    place = {"channel": where.channel, "account": where.account, "room": where.room}
    await connection.execute(
        insert(challenge_room).values(**place, id=row, challenge_id=number, card=0, week=0, shown=0, due=now, settled=0)
    )
    if language:
        await connection.execute(insert(spoken_in).values(room_id=row, language=language))
    return row


async def due_rooms(connection: AsyncConnection, now: int, limit: int, most_private: int) -> list[DueRoom]:
    """The rooms to look at, groups first, then the longest waiting; of private ones at most so many.

    They are held until the transaction ends: whoever taps meanwhile makes them due again, and nothing is missed
    between counting and showing. What others hold is left to the next look.
    """
    found = await _due(connection, private_card.c.person.is_(None), now, limit)
    if len(found) < limit and most_private > 0:
        theirs = private_card.c.person.is_not(None)
        found += await _due(connection, theirs, now, min(limit - len(found), most_private))
    loud = await hearing.among(connection, [room.where for room in found if not room.person])
    return [replace(room, hears=True) if room.where in loud else room for room in found]


async def _due(connection: AsyncConnection, which: ColumnElement[bool], now: int, limit: int) -> list[DueRoom]:
    joined = challenge_room.join(challenge, challenge.c.id == challenge_room.c.challenge_id)
    joined = joined.outerjoin(private_card, private_card.c.room_id == challenge_room.c.id)
    joined = joined.outerjoin(spoken_in, spoken_in.c.room_id == challenge_room.c.id)
    theirs = (participant.c.challenge_id == challenge.c.id) & (participant.c.person == private_card.c.person)
    joined = joined.outerjoin(participant, theirs).outerjoin(member, member.c.id == participant.c.member_id)
    # By when it has left, not by when it was written: in a rush it waits for its turn between the two.
    open_or_new = or_(outbox.c.settled == 0, outbox.c.settled > now - SHOW_EVERY)
    waits = exists().where(outbox.c.id == challenge_room.c.card, open_or_new).label("waits")
    query = select(challenge_room, challenge, private_card.c.person, spoken_in.c.language, member.c.locale, waits)
    query = query.select_from(joined).with_for_update(of=challenge_room, skip_locked=True)
    query = query.where(challenge_room.c.settled == 0, challenge_room.c.due <= now, which)
    query = query.order_by(challenge_room.c.due, challenge_room.c.id).limit(limit).set_label_style(_LABELS)
    return [_due_room(row) for row in await connection.execute(query)]


async def places(connection: AsyncConnection, number: int) -> set[str]:
    """The groups (`place_of`) that see a round's posts; also one that has just seen the last of them."""
    query = select(challenge_room.c.channel, challenge_room.c.account, challenge_room.c.room)
    query = query.join(challenge, challenge.c.id == challenge_room.c.challenge_id).where(challenge.c.id == number)
    ended = (challenge.c.settled > 0) & (challenge_room.c.settled >= challenge.c.settled)
    query = query.where(~IS_PRIVATE, or_(challenge_room.c.settled == 0, ended))
    return {place_of(Address(row[0], row[1], "", row[2])) for row in await connection.execute(query)}


async def language_in(connection: AsyncConnection, where: Address) -> str:
    """Of the group behind an address, or of a private room, as far as a round stands there."""
    joined = challenge_room.join(challenge, challenge.c.id == challenge_room.c.challenge_id)
    joined = joined.outerjoin(spoken_in, spoken_in.c.room_id == challenge_room.c.id)
    query = select(func.coalesce(spoken_in.c.language, challenge.c.language)).select_from(joined)
    query = query.where(*at_group(where)).order_by(challenge_room.c.id.desc()).limit(1)
    return (await connection.execute(query)).scalar() or ""


async def shown(
    connection: AsyncConnection, room: int, *, card: int, week: int, shown_at: int, due: int, settled: int
) -> None:
    """What the room shows now, and when to look again. A tap of this very moment stays due."""
    values = {"card": card, "week": week, "shown": shown_at, "due": due, "settled": settled}
    await connection.execute(update(challenge_room).where(challenge_room.c.id == room).values(**values))


async def put_off(connection: AsyncConnection, room: int, due: int) -> None:
    await connection.execute(update(challenge_room).where(challenge_room.c.id == room).values(due=due))


async def call_off(connection: AsyncConnection, rounds: Sequence[int], now: int) -> None:
    """Cards that wait to leave are not sent: somebody whose name they show has just gone. The next one follows."""
    shown = select(challenge_room.c.card).where(challenge_room.c.challenge_id.in_(rounds), challenge_room.c.card != 0)
    waiting = update(outbox).where(outbox.c.id.in_(shown), text(OPEN), ready())
    await connection.execute(waiting.values(closed(State.DROPPED, "cancelled", now)))


async def touch(
    connection: AsyncConnection,
    rounds: Sequence[int],
    now: int,
    *,
    people: Iterable[str] = (),
    rooms: Iterable[str] = (),
) -> None:
    """The cards of these rounds are looked at as soon as the pace allows.

    Private cards have time, but for those of `people`, and those in `rooms`, on which somebody has just tapped.
    """
    if not rounds:
        return
    here = (challenge_room.c.challenge_id.in_(rounds), challenge_room.c.settled == 0)
    # Whoever counts holds the rooms. Without waiting, PostgreSQL would pass over what was due before they were shown.
    await connection.execute(select(challenge_room.c.id).where(*here).order_by(challenge_room.c.id).with_for_update())
    people, rooms = list(people), list(rooms)
    if rooms and now:
        await _wake(connection, now, challenge_room.c.room.in_(rooms), IS_PRIVATE)
    concerned = or_(private_card.c.person.in_(people), challenge_room.c.room.in_(rooms))
    theirs = exists().where(private_card.c.room_id == challenge_room.c.id, concerned)
    paces = ((~IS_PRIVATE, SHOW_EVERY), (theirs, SHOW_OWN_EVERY), (IS_PRIVATE, SHOW_OTHERS_EVERY))
    for which, every in paces:
        soon = _not_before(connection, challenge_room.c.shown + every, now)
        await connection.execute(
            update(challenge_room).where(*here, which, challenge_room.c.due > soon).values(due=soon)
        )


def _not_before(connection: AsyncConnection, pace: ColumnElement[int], now: int) -> ColumnElement[int]:
    if not now:
        return pace
    return func.max(pace, now) if connection.dialect.name == "sqlite" else func.greatest(pace, now)


async def end_here(connection: AsyncConnection, where: Address, now: int) -> bool:
    """Whoever may change a group ends the round there, and everywhere if it was the last; false if there is none."""
    here = (*running_at(where), ~IS_PRIVATE)
    found = (await connection.execute(select(challenge_room.c.challenge_id).where(*here))).scalar()
    if found is None:
        return False
    await connection.execute(update(challenge_room).where(*here).values(week=LEFT, due=now))
    open_rooms = (challenge_room.c.challenge_id == found, challenge_room.c.settled == 0)
    elsewhere = select(challenge_room.c.id).where(*open_rooms, challenge_room.c.week != LEFT, ~IS_PRIVATE).limit(1)
    if (await connection.execute(elsewhere)).first() is None:
        await connection.execute(update(challenge).where(challenge.c.id == found, text(OPEN)).values(settled=now))
        await connection.execute(update(challenge_room).where(*open_rooms).values(due=now))
    return True


async def left_over(connection: AsyncConnection, channel: str, account: str, before: int) -> list[str]:
    """Rooms whose last round ended before then."""
    here = (challenge_room.c.channel == channel, challenge_room.c.account == account, ~IS_PRIVATE)
    running = func.min(challenge_room.c.settled) == 0
    query = select(challenge_room.c.room).where(*here).group_by(challenge_room.c.room)
    query = query.having(~running, func.max(challenge_room.c.settled) < before)
    return list((await connection.execute(query)).scalars())


async def come_again(connection: AsyncConnection, where: Address, now: int) -> None:
    """The coach was asked into a room once more: as if its last round had ended only now."""
    here = (challenge_room.c.channel == where.channel, challenge_room.c.account == where.account)
    over = (challenge_room.c.room == where.room, challenge_room.c.settled > 0)
    await connection.execute(update(challenge_room).where(*here, *over).values(settled=now))


async def pin_again(connection: AsyncConnection, where: Address, now: int) -> None:
    """The coach may do more in this group than before."""
    here = (*running_at(where), ~IS_PRIVATE)
    await connection.execute(update(challenge_room).where(*here).values(shown=0, due=now))


async def take_away(connection: AsyncConnection, number: int, people: Sequence[str], now: int) -> None:
    """The private cards of people who leave become a line without buttons, in the language they had until then."""
    here = (challenge_room.c.challenge_id == number, challenge_room.c.settled == 0, private_card.c.person.in_(people))
    cards = challenge_room.join(private_card, private_card.c.room_id == challenge_room.c.id)
    theirs = (participant.c.challenge_id == number) & (participant.c.person == private_card.c.person)
    query = select(challenge_room.c.id, member.c.locale).where(*here)
    query = query.select_from(
        cards.outerjoin(participant, theirs).outerjoin(member, member.c.id == participant.c.member_id)
    )
    found = (await connection.execute(query)).all()
    if found:
        leaving = challenge_room.c.id.in_([row.id for row in found])
        await connection.execute(update(challenge_room).where(leaving).values(week=LEFT, due=now))
    if spoken := [{"room_id": row.id, "language": row.locale} for row in found if row.locale]:
        statement = upsert(connection, spoken_in)
        kept = {"language": statement.excluded.language}
        await connection.execute(statement.on_conflict_do_update(index_elements=["room_id"], set_=kept), spoken)


async def forget_cards(connection: AsyncConnection, people: Iterable[str]) -> None:
    """Erasure: their private cards, whole."""
    rows = select(private_card.c.room_id).where(private_card.c.person.in_(list(people)))
    await drop_rooms(connection, list((await connection.execute(rows)).scalars()))


async def drop_rooms(connection: AsyncConnection, rooms: Sequence[int]) -> None:
    if rooms:
        for table in (private_card, spoken_in):
            await connection.execute(delete(table).where(table.c.room_id.in_(rooms)))
        await connection.execute(delete(challenge_room).where(challenge_room.c.id.in_(rooms)))


def at_group(where: Address) -> tuple[ColumnElement[bool], ...]:
    """The rooms of a group, whatever the topic."""
    house = challenge_room.c.room == where.house
    topic = challenge_room.c.room.startswith(f"{where.house}/", autoescape=True)
    return challenge_room.c.channel == where.channel, challenge_room.c.account == where.account, or_(house, topic)


def running_at(where: Address) -> tuple[ColumnElement[bool], ...]:
    return *at_group(where), challenge_room.c.settled == 0


def read_round(row: Any, prefix: str = "") -> StoredRound:
    return StoredRound(**{name: getattr(row, f"{prefix}{name}") for name in StoredRound.__slots__})


def _due_room(row: Any) -> DueRoom:
    columns = ("id", "channel", "account", "room", "card", "week", "shown")
    values = {name: getattr(row, f"challenge_room_{name}") for name in columns}
    found, person = read_round(row, "challenge_"), row.private_card_person or ""
    language = row.member_locale or row.spoken_in_language or found.language
    return DueRoom(round=found, person=person, language=language, waits=row.waits, **values)
