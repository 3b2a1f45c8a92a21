"""Who is next: the oldest waiting events, at most a few of each member, so that a flood delays nobody.

Looks at the oldest rows of the inbox by index. If one flood fills that view, the oldest event of each of the others is
looked up by grouping.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, bindparam, func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.dialogue.events import Address
from bot.store.hot import run
from bot.store.schema import OPEN, inbox

Subject = int | str  # a member's id, or the key of an address

VIEW = 1200  # rows looked at
LONGEST = 60 * 1_000_000  # nothing is put off longer; more means that the clock has stepped back meanwhile
INTERNAL = ""  # the channel of the clock's and the sender's events


@dataclass(frozen=True, slots=True)
class Glimpse:
    """A waiting row without its body."""

    id: int
    member_id: int | None
    address_key: str | None
    private: bool
    available_at: int

    @property
    def subject(self) -> Subject:
        return self.member_id if self.member_id is not None else (self.address_key or "")


@dataclass(slots=True)
class Queue:
    """Waiting rows in view, by subject, the subject that waits longest first."""

    by_subject: dict[Subject, list[int]] = field(default_factory=dict)
    put_off: set[Subject] = field(default_factory=set)  # their first event waits for a later try
    groups: list[int] = field(default_factory=list)
    is_full: bool = False  # there may be more subjects behind the view
    last: int = 0

    def add(self, rows: Iterable[Glimpse], now: int) -> None:
        for row in rows:
            self.last = max(self.last, row.id)
            if row.private:
                events = self.by_subject.setdefault(row.subject, [])
                if not events and waits(row.available_at, now):
                    self.put_off.add(row.subject)
                events.append(row.id)
            elif not waits(row.available_at, now):
                self.groups.append(row.id)

    def ready(self) -> list[Subject]:
        """The subjects whose turn it is, the one that waits longest first."""
        return [subject for subject in self.by_subject if subject not in self.put_off]

    def of(self, subjects: Iterable[Subject]) -> list[int]:
        """The rows of one member under all its names, in order."""
        return sorted(number for subject in subjects for number in self.by_subject.get(subject, ()))


def waits(available_at: int, now: int) -> bool:
    """Whether a waiting event was put off to a moment that is still to come (epoch microseconds)."""
    return now < available_at <= now + LONGEST


def address_of(key: str, *, private: bool) -> Address:
    channel, account, person, room = key.split("\n")
    return Address(channel, account, person, room, private)


async def look(connection: AsyncConnection, view: int, buckets: Collection[int] | None, now: int) -> Queue:
    """The oldest `view` waiting rows, what people sent before what the clock brought.

    Otherwise a morning's ten thousand prompts would stand before one cry for help. A quarter of the view is the
    clock's, so that a rush never starves it.
    """
    from_people = view - view // 4
    of_people, of_clock = _waiting(people=True, shared=buckets is not None), _waiting(shared=buckets is not None)
    shares = {} if buckets is None else {"shares": list(buckets)}
    people = (await run(connection, of_people, {"most": from_people, **shares})).rows
    clock = (await run(connection, of_clock, {"most": view - len(people), **shares})).rows
    queue = Queue(is_full=len(people) == from_people or len(people) + len(clock) == view)
    queue.add((Glimpse(*row) for row in (*people, *clock)), now)
    return queue


@cache
def _waiting(*, people: bool = False, shared: bool = False) -> Select[Any]:
    """Waiting rows of people or of the clock, the oldest first; `shared`: only those of some buckets."""
    query = select(inbox.c.id, inbox.c.member_id, inbox.c.address_key, inbox.c.private, inbox.c.available_at)
    query = query.where(text(OPEN), inbox.c.channel != INTERNAL if people else inbox.c.channel == INTERNAL)
    if shared:
        query = query.where(inbox.c.bucket.in_(bindparam("shares", expanding=True)))
    return query.order_by(inbox.c.id).limit(bindparam("most", type_=Integer))


async def look_behind(
    connection: AsyncConnection, queue: Queue, limit: int, buckets: Collection[int] | None, now: int
) -> Queue:
    """The first waiting row of each subject that the view does not show."""
    first = func.min(inbox.c.id)
    query = select(first, inbox.c.member_id, inbox.c.address_key, inbox.c.private, func.min(inbox.c.available_at))
    query = query.where(text(OPEN), inbox.c.id > queue.last, inbox.c.private, *_shares(buckets))
    query = query.group_by(inbox.c.member_id, inbox.c.address_key, inbox.c.private).order_by(first)
    behind = Queue()
    # As many more as the view has subjects: those are answered out of the view.
    rows = (await connection.execute(query.limit(limit + len(queue.by_subject)))).all()
    behind.add((glimpse for row in rows if (glimpse := Glimpse(*row)).subject not in queue.by_subject), now)
    return behind


def _shares(buckets: Collection[int] | None) -> tuple[ColumnElement[bool], ...]:
    return () if buckets is None else (inbox.c.bucket.in_(buckets),)
