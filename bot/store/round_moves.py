"""Rooms of rounds that live on under another id, cannot be written in any more, or can be again."""

from sqlalchemy import exists, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.dialogue.events import Address
from bot.store import hearing
from bot.store.round_rooms import IS_PRIVATE, LEFT, at_group, drop_rooms, one_at_a_time, person_of, place_of, running_at
from bot.store.schema import challenge, challenge_room, met_in, private_card

REST = 24 * 3600 * 1_000_000  # so long a private card waits whose person could not be reached
_ANEW = {"card": 0, "shown": 0, "due": 0}


async def room_moved(connection: AsyncConnection, channel: str, account: str, old_room: str, new_room: str) -> None:
    """The old card cannot be edited from the new room: it gets one of its own at once. Who was met there goes along.

    Also a round that is over, for it may go on; and one that was lost because leaving the old room was told first.
    Where a round stands already, it stays: whoever moved the group has asked the coach in there.
    """
    old, new = (Address(channel, account, "", room, private=False) for room in (old_room, new_room))
    await one_at_a_time(connection, place_of(new))
    await connection.execute(update(met_in).where(met_in.c.place == place_of(old)).values(place=place_of(new)))
    await hearing.moved(connection, old, new)
    standing = select(challenge_room.c.id).where(*running_at(new), ~IS_PRIVATE).limit(1)
    if (await connection.execute(standing)).first() is not None:
        double = select(challenge_room.c.id).where(*running_at(old), ~IS_PRIVATE)
        await drop_rooms(connection, list((await connection.execute(double)).scalars()))
    await connection.execute(update(challenge_room).where(*running_at(old)).values(**_ANEW))
    await connection.execute(update(challenge_room).where(*at_group(old)).values(room=new_room))
    await revive(connection, new, 0)


async def person_moved(connection: AsyncConnection, channel: str, account: str, person: str, new_room: str) -> None:
    """A private card follows its person into their new private room; one of a round that is over, for it may go on."""
    whose = person_of(Address(channel, account, person, new_room))
    theirs = exists().where(private_card.c.room_id == challenge_room.c.id, private_card.c.person == whose)
    moves = (theirs, challenge_room.c.room != new_room)
    await connection.execute(update(challenge_room).where(*moves, challenge_room.c.settled == 0).values(**_ANEW))
    await connection.execute(update(challenge_room).where(*moves).values(room=new_room))


async def lost(connection: AsyncConnection, channel: str, account: str, room: str, now: int) -> None:
    """Nothing can be written in a room any more. A topic may just be gone: the group itself is tried once instead.

    Whoever could not be reached in private may be back tomorrow.
    """
    where = Address(channel, account, "", room)
    here = (*running_at(where), ~IS_PRIVATE)
    if where.house != room:
        anew = {**_ANEW, "room": where.house, "due": now}
        await connection.execute(update(challenge_room).where(*here, challenge_room.c.room == room).values(**anew))
        return
    await connection.execute(update(challenge_room).where(*here).values(settled=now))
    rests = {"shown": now + REST, "due": now + REST}
    await connection.execute(update(challenge_room).where(*running_at(where), IS_PRIVATE).values(**rests))


async def revive(connection: AsyncConnection, where: Address, now: int) -> bool:
    """The coach may write in a group again: a running round that was lost here is shown anew. False: there is none."""
    await one_at_a_time(connection, place_of(where))
    standing = select(challenge_room.c.id).where(*running_at(where), ~IS_PRIVATE).limit(1)
    if (await connection.execute(standing)).first() is not None:
        return False
    lost_here = select(challenge_room.c.id).join(challenge, challenge.c.id == challenge_room.c.challenge_id)
    lost_here = lost_here.where(*at_group(where), challenge_room.c.week != LEFT, challenge.c.settled == 0)
    lost_here = lost_here.where(
        ~exists().where(private_card.c.room_id == challenge_room.c.id).correlate(challenge_room)
    )
    found = (await connection.execute(lost_here.order_by(challenge_room.c.id.desc()).limit(1))).scalar()
    if found is not None:
        anew = {**_ANEW, "settled": 0, "due": now}
        await connection.execute(update(challenge_room).where(challenge_room.c.id == found).values(**anew))
    return found is not None
