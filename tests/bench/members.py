"""Many members who had their first session yesterday, put straight into a fresh SQLite file."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import insert, text

from bot.dialogue.events import Address
from bot.dialogue.flows.session import PROMPT
from bot.dialogue.member import VERSION, Member, dump_member
from bot.store.ids import bucket, first_id
from bot.store.schema import address, appointment, member
from bot.store.store import Store
from tests.botapi.double import TOKEN
from tests.dialogue.room import Room

ZONE = "UTC"
ACCOUNT = TOKEN.partition(":")[0]
FIRST_PERSON = 7_654_321  # stands in no point in time
HOUR_US = 3_600_000_000
FAR_DUE_US = 30 * 86_400_000_000
_BACKLOG = """
INSERT INTO appointment (id, member_id, bucket, kind, local_date, due, nature, settled)
WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < :many)
SELECT i + 1, :first + i % :members, (:first + i % :members) % 256, 'later', 'day ' || (i / :members), :due + i * 1000,
       'reminder', 0
FROM n
"""


def experienced(now: datetime) -> Member:
    """Somebody after the first day whose prompt is due in this hour, wherever and whenever the bench runs."""
    yesterday = (now - timedelta(days=1)).replace(hour=10, minute=0)  # a first day takes minutes, none crosses midnight
    room = Room(channel="telegram", now=yesterday)
    room.member = replace(room.member, zone=ZONE)  # from the start: late in the evening Berlin's day is the next one
    room.first_day()
    about = replace(room.member.known.about, country="DE")
    return replace(room.member, known=replace(room.member.known, prompt_time=f"{now:%H:%M}", about=about))


async def settle(store: Store, people: int, now: int, *, due: int | None) -> int:
    """Write so many members, persons from FIRST_PERSON on; the first member's id. `due`: when their prompts are."""
    moment = datetime.fromtimestamp(now / 1e6, UTC)
    document = dump_member(experienced(moment))
    first, booked = first_id(now - 2 * HOUR_US), first_id(now - HOUR_US)  # ids of the past, which nobody hands out now
    numbers = range(first, first + people)
    common = {"status": "active", "locale": "de", "zone": ZONE, "lock": "", "revision": 1, "document": document}
    when = {"created": now, "seen": now}
    members = [{"id": n, "bucket": bucket(n), "document_version": VERSION, **common, **when} for n in numbers]
    async with store.database.write() as connection:
        await connection.execute(insert(member), members)
        await connection.execute(insert(address), [_address(n, FIRST_PERSON + n - first, now) for n in numbers])
        if due is not None:
            day = f"{datetime.fromtimestamp(due / 1e6, UTC):%Y-%m-%d}"
            plan = {"kind": PROMPT, "local_date": day, "due": due, "nature": "courtesy", "settled": 0}
            rows = [{"id": booked + n - first, "member_id": n, "bucket": bucket(n), **plan} for n in numbers]
            await connection.execute(insert(appointment), rows)
    return first


def _address(number: int, person: int, now: int) -> dict[str, object]:
    where = Address("telegram", ACCOUNT, str(person), str(person))
    return {
        "id": number,
        "member_id": number,
        "bucket": bucket(number),
        "key": where.key,
        "channel": where.channel,
        "account": where.account,
        "person": where.person,
        "room": where.room,
        "preferred": True,
        "reachable": True,
        "created": now,
    }


async def pile_up(store: Store, many: int, *, first: int, members: int, now: int) -> None:
    """So many appointments that are not due for a month."""
    values = {"many": many, "first": first, "members": members, "due": now + FAR_DUE_US}
    async with store.database.write() as connection:
        await connection.execute(text(_BACKLOG), values)
