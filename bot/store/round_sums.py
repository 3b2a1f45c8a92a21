"""What all in a round have reached together. Counts leave here, never a person's, and no count ever falls by itself.

Whoever leaves takes name and id along and leaves their days behind, as a number a day: a sum that fell would tell the
group how many they were. Nobody's lock or flare-up is looked at, for the same reason.
"""

import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import BindParameter, bindparam, case, distinct, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.dialogue.moment import from_micros
from bot.store.hot import run
from bot.store.intake import upsert
from bot.store.schema import active_day, carried, forgotten, gone_day, participant, told

# One person once: a member by number, a guest by the (negative) number of their row.
WHO = case((participant.c.member_id != 0, participant.c.member_id), else_=-participant.c.id)
CAN_COUNT_FOR = timedelta(days=2)  # a tap is never for an older day, so that nobody can count it a second time
_ALL = (told, carried, gone_day)
_ROUNDS: BindParameter[Any] = bindparam("rounds", expanding=True)
_HERE, _TICKED = participant.c.challenge_id, active_day.c.challenge_id
_TICKS = active_day.join(participant, participant.c.id == active_day.c.participant_id)
_SO_MANY = func.count(distinct(WHO)).label("number")
_PEOPLE = select(_HERE, _SO_MANY).where(_HERE.in_(_ROUNDS)).group_by(_HERE)
_MOVERS = select(_TICKED, _SO_MANY).select_from(_TICKS).where(_TICKED.in_(_ROUNDS)).group_by(_TICKED)
_DAYS = (
    select(_TICKED, active_day.c.day, _SO_MANY)
    .select_from(_TICKS)
    .where(_TICKED.in_(_ROUNDS))
    .group_by(_TICKED, active_day.c.day)
)
_GONE = select(gone_day.c.challenge_id, gone_day.c.day, gone_day.c.people.label("number")).where(
    gone_day.c.challenge_id.in_(_ROUNDS)
)
_NAMES = (
    select(_HERE, participant.c.name)
    .where(_HERE.in_(_ROUNDS), participant.c.name != "")
    .distinct()
    .order_by(participant.c.name)
)
_CARRIED = select(carried.c.challenge_id, carried.c.week, carried.c.days).where(carried.c.challenge_id.in_(_ROUNDS))
_TOLD = select(told.c.challenge_id).where(told.c.challenge_id.in_(_ROUNDS))


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """`active`: people who moved, by ISO day. `people` take part now; so many of them, `movers`, have ever moved.

    `carried`: days made up for, by finished week. `is_told`: the sums have been told before.
    `left`: days that those who left have left behind, so at least as many as they are.
    """

    active: dict[str, int]
    people: int
    movers: int
    names: tuple[str, ...]
    carried: dict[int, int]
    is_told: bool
    left: int = 0


async def tally(connection: AsyncConnection, round_id: int) -> Tally:
    """All sums of a round, as they stand."""
    return (await tallies(connection, [round_id]))[round_id]


async def tallies(connection: AsyncConnection, rounds: Collection[int]) -> dict[int, Tally]:
    """The same of several rounds: as many statements as for one."""
    sums = {each: _Sums() for each in rounds}
    if not sums:
        return {}
    wanted = {"rounds": sorted(sums)}
    for row in (await run(connection, _PEOPLE, wanted)).rows:
        sums[row.challenge_id].people = row.number
    for row in (await run(connection, _MOVERS, wanted)).rows:
        sums[row.challenge_id].movers = row.number
    for statement in (_DAYS, _GONE):
        for row in (await run(connection, statement, wanted)).rows:
            days = sums[row.challenge_id].active
            days[row.day] = days.get(row.day, 0) + row.number
            sums[row.challenge_id].left += row.number if statement is _GONE else 0
    for row in (await run(connection, _NAMES, wanted)).rows:
        sums[row.challenge_id].names.append(row.name)
    for row in (await run(connection, _CARRIED, wanted)).rows:
        sums[row.challenge_id].carried[row.week] = row.days
    for row in (await run(connection, _TOLD, wanted)).rows:
        sums[row.challenge_id].is_told = True
    return {each: found.whole() for each, found in sums.items()}


@dataclass(slots=True)
class _Sums:
    """A `Tally` that is still being added up."""

    active: dict[str, int] = field(default_factory=dict)
    people: int = 0
    movers: int = 0
    names: list[str] = field(default_factory=list)
    carried: dict[int, int] = field(default_factory=dict)
    is_told: bool = False
    left: int = 0

    def whole(self) -> Tally:
        return Tally(
            active=self.active,
            people=self.people,
            movers=self.movers,
            names=tuple(self.names),
            carried=self.carried,
            is_told=self.is_told,
            left=self.left,
        )


async def own_days(connection: AsyncConnection, round_id: int, first: str, last: str) -> list[int]:
    """Active days of each person who takes part, between two ISO days, both counted; nobody knows whose they are."""
    within = (active_day.c.participant_id == participant.c.id, active_day.c.day.between(first, last))
    joined = participant.outerjoin(active_day, within[0] & within[1])
    query = select(func.count(distinct(active_day.c.day))).select_from(joined)
    query = query.where(participant.c.challenge_id == round_id).group_by(WHO)
    return list((await connection.execute(query)).scalars())


async def carry(connection: AsyncConnection, round_id: int, week: int, days: int) -> None:
    """A finished week is made up for, once."""
    statement = upsert(connection, carried).on_conflict_do_nothing(index_elements=["challenge_id", "week"])
    await connection.execute(statement, {"challenge_id": round_id, "week": week, "days": days})


async def tell(connection: AsyncConnection, round_id: int, *, is_told: bool) -> None:
    """From now on the sums of this round are told, or no more."""
    if not is_told:
        await connection.execute(told.delete().where(told.c.challenge_id == round_id))
        return
    statement = upsert(connection, told).on_conflict_do_nothing(index_elements=["challenge_id"])
    await connection.execute(statement, {"challenge_id": round_id})


async def leave_behind(connection: AsyncConnection, participants: Sequence[int], now: int) -> None:
    """The days of people who go, before they do. For two days a hash keeps them from counting the same day again."""
    ticks = active_day.join(participant, participant.c.id == active_day.c.participant_id)
    theirs = participant.c.id.in_(participants)
    days = select(active_day.c.challenge_id, active_day.c.day, func.count(distinct(WHO))).select_from(ticks)
    days = days.where(theirs).group_by(active_day.c.challenge_id, active_day.c.day)
    left = [{"challenge_id": row[0], "day": row[1], "people": row[2]} for row in (await connection.execute(days)).all()]
    if not left:
        return
    statement = upsert(connection, gone_day)
    statement = statement.on_conflict_do_update(
        index_elements=["challenge_id", "day"], set_={"people": gone_day.c.people + statement.excluded.people}
    )
    await connection.execute(statement, left)
    marks = await _marks(connection, participants, (from_micros(now) - CAN_COUNT_FOR).date().isoformat())
    if marks:
        until = now + CAN_COUNT_FOR // timedelta(microseconds=1)
        known = upsert(connection, forgotten).on_conflict_do_nothing(index_elements=["hash"])
        await connection.execute(known, [{"hash": mark, "until": until} for mark in sorted(marks)])


async def _marks(connection: AsyncConnection, participants: Sequence[int], since: str) -> set[str]:
    """Of each late day of a person at each of their places, wherever they had tapped."""
    theirs = participant.c.id.in_(participants)
    late = select(WHO, active_day.c.challenge_id, active_day.c.day).select_from(
        active_day.join(participant, participant.c.id == active_day.c.participant_id)
    )
    days: dict[tuple[int, int], set[str]] = {}
    for who, round_id, day in await connection.execute(late.where(theirs, active_day.c.day >= since)):
        days.setdefault((who, round_id), set()).add(day)
    found = await connection.execute(select(WHO, participant.c.challenge_id, participant.c.person).where(theirs))
    return {_mark(round_id, person, day) for who, round_id, person in found for day in days.get((who, round_id), set())}


async def left_behind(connection: AsyncConnection, taps: Iterable[tuple[int, str, str]]) -> set[tuple[int, str, str]]:
    """Those of these taps (round, person, ISO day) that had counted before their person left."""
    marks = {_mark(*tap): tap for tap in taps}
    found = await connection.execute(select(forgotten.c.hash).where(forgotten.c.hash.in_(list(marks))))
    return {marks[mark] for mark in found.scalars()}


async def purge(connection: AsyncConnection, round_id: int) -> None:
    for table in _ALL:
        await connection.execute(table.delete().where(table.c.challenge_id == round_id))


def _mark(round_id: int, person: str, day: str) -> str:
    return hashlib.sha256(f"left\n{round_id}\n{person}\n{day}".encode(errors="replace")).hexdigest()
