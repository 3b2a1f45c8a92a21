"""Taps on cards as rows: each person and day once, however often a tap is delivered, and what became of each."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, delete, or_, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.dialogue.events import Tapped
from bot.dialogue.rounds import TapAnswer
from bot.store import round_minors, round_rooms, round_sums
from bot.store.ids import Ids
from bot.store.intake import upsert
from bot.store.schema import OPEN, active_day, address, challenge, met_in, participant, reaction

CHUNK = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """`day`: ISO date, for what counts or is taken back. `reaction`: the one behind it, which may be taken back.

    `back` is the data of the tap that this would be. `place`: the group it was made in (`round_rooms.place_of`);
    `room`: where it was made, whose card is shown anew at once. `adult`: its person has just said that they are of age.
    """

    round: int
    person: str
    day: str
    what: Tapped = Tapped.MOVED
    reaction: str = ""
    back: str = ""
    place: str = ""
    room: str = ""
    adult: bool = False


async def tick_all(connection: AsyncConnection, ids: Ids, ticks: Sequence[Tick], now: int) -> list[TapAnswer]:
    answers: list[TapAnswer] = []
    for first in range(0, len(ticks), CHUNK):
        answers += await _tick(connection, ids, ticks[first : first + CHUNK], now)
    return answers


async def _tick(connection: AsyncConnection, ids: Ids, all_ticks: Sequence[Tick], now: int) -> list[TapAnswer]:
    running = await _running(connection, {each.round for each in all_ticks})
    barred = await _barred(connection, all_ticks, now)
    ticks = [each for each in all_ticks if each.round in running and not _is_barred(each, barred)]
    if not ticks:
        return _answers(all_ticks, running, barred, {}, set(), set())
    new = await _welcome(connection, ids, [each for each in ticks if each.what is not Tapped.UNDO], now)
    people = await _people(connection, ticks)
    # The last of several taps of one person on one day is what they meant, at whichever of their places.
    wanted = {
        (each.round, _who(people[each.round, each.person]), each.day): each
        for each in ticks
        if (each.round, each.person) in people and each.what is not Tapped.JOIN
    }
    moved = [each for each in wanted.values() if each.what is Tapped.MOVED]
    gone = await round_sums.left_behind(connection, [(each.round, each.person, each.day) for each in moved])
    had = await _had(connection, ticks, people)
    added = [
        {"participant_id": people[each.round, each.person][0], "day": each.day, "challenge_id": each.round}
        for each in moved
        if (each.round, each.person, each.day) not in gone
    ]
    if added:
        statement = upsert(connection, active_day).on_conflict_do_nothing(index_elements=["participant_id", "day"])
        await connection.execute(statement, added)
    for each in wanted.values():
        if each.what is Tapped.UNDO:
            await _undo(connection, each.round, people[each.round, each.person], each.day)
    await _note_reactions(connection, ticks, people)
    await _note_places(connection, ticks, people)
    await round_rooms.touch(
        connection, sorted({each.round for each in ticks}), now, rooms=sorted({each.room for each in ticks})
    )
    begun = {one for one, (row, _) in people.items() if row in new}
    had |= {(number, _who(people[number, person]), day) for number, person, day in gone if (number, person) in people}
    return _answers(all_ticks, running, barred, people, begun, had)


def _answers(
    ticks: Sequence[Tick],
    running: set[int],
    barred: set[str],
    people: dict[tuple[int, str], tuple[int, int]],
    new: set[tuple[int, str]],
    had: set[tuple[int, int, str]],
) -> list[TapAnswer]:
    """What became of each, in order. `new`: who was not in it before; `had`: the days that had counted before."""
    answers, new, had = [], set(new), set(had)
    for each in ticks:
        one = (each.round, each.person)
        day = (each.round, _who(people.get(one, (0, 0))), each.day)
        if each.round not in running:
            answer = TapAnswer.ENDED
        elif _is_barred(each, barred):
            answer = TapAnswer.ADULTS
        elif each.what is Tapped.JOIN:
            answer = TapAnswer.JOINED
        elif each.what is Tapped.UNDO:
            answer = TapAnswer.UNDONE if day in had else TapAnswer.NOTHING
            had.discard(day)
        else:
            answer = TapAnswer.AGAIN if day in had else TapAnswer.FIRST if one in new else TapAnswer.COUNTED
            had.add(day)
        new.discard(one)
        answers.append(answer)
    return answers


async def _barred(connection: AsyncConnection, ticks: Sequence[Tick], now: int) -> set[str]:
    """Who of these said lately that they are, or may be, under 18."""
    await round_minors.lift(connection, {each.person for each in ticks if each.adult})
    return await round_minors.barred(connection, {each.person for each in ticks}, now)


def _is_barred(tick: Tick, barred: set[str]) -> bool:
    """Taking back takes part in nothing."""
    return tick.person in barred and tick.what is not Tapped.UNDO


def _who(one: tuple[int, int]) -> int:
    """As `round_sums.WHO` tells them: a member by number, a guest by their row."""
    row, who = one
    return who or -row


async def _had(
    connection: AsyncConnection, ticks: Sequence[Tick], people: dict[tuple[int, str], tuple[int, int]]
) -> set[tuple[int, int, str]]:
    """Which of these days have counted already, by round and person, wherever they tapped."""
    rows, members = {row for row, _ in people.values()}, {who for _, who in people.values()} - {0}
    theirs: ColumnElement[bool] = participant.c.id.in_(rows)
    if members:
        in_these = participant.c.challenge_id.in_({each.round for each in ticks})
        theirs = or_(theirs, in_these & participant.c.member_id.in_(members))
    query = select(participant.c.challenge_id, round_sums.WHO, active_day.c.day).distinct()
    query = query.select_from(active_day.join(participant, participant.c.id == active_day.c.participant_id))
    query = query.where(theirs, active_day.c.day.in_({each.day for each in ticks}))
    return {(row[0], row[1], row[2]) for row in await connection.execute(query)}


async def has_moved(connection: AsyncConnection, round_id: int, person: str, day: str) -> bool:
    """Whether this ISO day has counted for a person, wherever they tapped."""
    people = await _people(connection, [Tick(round=round_id, person=person, day=day)])
    return bool(people and await _had(connection, [Tick(round=round_id, person=person, day=day)], people))


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


async def members_of(connection: AsyncConnection, people: Iterable[str]) -> dict[str, int]:
    """The members behind platform ids, by whatever private room they are known."""
    wanted = set(people)
    ids = {person.rsplit("\n", 1)[1] for person in wanted}
    query = select(address.c.channel, address.c.account, address.c.person, address.c.member_id)
    rows = await connection.execute(query.where(address.c.person.in_(ids)))
    found = {f"{row.channel}\n{row.account}\n{row.person}": row.member_id for row in rows}
    return {person: number for person, number in found.items() if person in wanted}


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


async def _running(connection: AsyncConnection, rounds: set[int]) -> set[int]:
    query = select(challenge.c.id).where(challenge.c.id.in_(rounds), text(OPEN))
    return set((await connection.execute(query)).scalars())


async def _welcome(connection: AsyncConnection, ids: Ids, ticks: Sequence[Tick], now: int) -> set[int]:
    """Guests who are members on this platform are known as such, to be left in peace under a lock; nothing else.

    The rows of whoever was not there before are among those returned.
    """
    new = {(each.round, each.person) for each in ticks}
    if not new:
        return set()
    members = await members_of(connection, {person for _, person in new})
    rows: list[dict[str, Any]] = [
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
    return {row["id"] for row in rows}


async def _people(connection: AsyncConnection, ticks: Sequence[Tick]) -> dict[tuple[int, str], tuple[int, int]]:
    """The row and the member (0: a guest) behind each round and person."""
    query = select(participant.c.id, participant.c.challenge_id, participant.c.person, participant.c.member_id).where(
        participant.c.challenge_id.in_({each.round for each in ticks}),
        participant.c.person.in_({each.person for each in ticks}),
    )
    return {(row.challenge_id, row.person): (row.id, row.member_id) for row in await connection.execute(query)}
