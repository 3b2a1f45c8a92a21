"""What goes wrong for one member, or one group, is theirs alone; and a cry for help is answered through all of it."""

from dataclasses import replace
from datetime import date

import pytest
from pydantic import SecretStr
from sqlalchemy import select, update

from bot.dialogue.events import Address, Arrival, ButtonTapped
from bot.dialogue.flows.disposed import DISPOSED
from bot.dialogue.member import VERSION, Member, dump_member, load_member
from bot.dialogue.messages import Kind
from bot.dialogue.moment import from_micros
from bot.dialogue.rounds import tap_data
from bot.library.quick import altered_by
from bot.runtime.doctor import examine
from bot.runtime.worker import NEWER_WAITS_US, RETRY_AFTER_US
from bot.settings import read_settings
from bot.store.round_rooms import StoredRound
from bot.store.schema import member, outbox
from bot.store.store import Store
from tests.bench.members import ACCOUNT, FIRST_PERSON, settle
from tests.runtime.test_bad_days import MEMBERS, TROUBLE, Coach, help_card, rewrite, where
from tests.runtime.trouble import BROKEN, raising_flow, refuse, with_document
from tests.store.given import NOW

CRY = "Ich will nicht mehr leben"


async def three_tries(coach: Coach) -> None:
    for _ in range(3):
        await coach.works()
        coach.now += RETRY_AFTER_US


async def silent(coach: Coach, people: int) -> list[int]:
    """To whom nothing was written."""
    async with coach.store.database.read() as connection:
        told = set((await connection.execute(select(outbox.c.address_key))).scalars())
    return [person for person in range(people) if where(person).key not in told]


async def lock_of(coach: Coach, number: int) -> str:
    stored = await coach.store.member(number)
    assert stored is not None
    return stored.lock


@pytest.mark.parametrize("how", BROKEN)
async def test_a_cry_for_help_is_heard_at_once_whatever_is_broken(store: Store, how: str) -> None:
    """Also behind something that fails and comes again."""
    coach = Coach(store)
    first = await settle(store, 3, NOW, due=None)
    for person in range(3):
        await rewrite(store, first + person, BROKEN[how])
    await coach.hears((0, CRY), (1, "/notfall"), (2, "hallo"), (2, CRY))

    await coach.works()

    for person in range(3):
        said = [message for message in await coach.messages_to(person) if message.kind is Kind.EMERGENCY]
        assert said, await coach.said_to(person)
        assert "112" in said[0].text
    assert [await lock_of(coach, first + person) for person in range(3)] == ["crisis", "", "crisis"]

    await three_tries(coach)
    assert [await lock_of(coach, first + person) for person in range(3)] == ["crisis", "", "crisis"]
    assert all(TROUBLE not in line for line in [*await coach.said_to(0), *await coach.said_to(1)])


async def test_a_lock_the_document_could_not_hold_reaches_it_with_the_next_turn(store: Store) -> None:
    coach = Coach(store)
    first = await settle(store, 1, NOW, due=None)
    stored = await store.member(first)
    assert stored is not None
    whole = stored.document or b""
    await rewrite(store, first, BROKEN["document"])
    await coach.hears((0, CRY))
    await coach.works()
    assert await coach.said_to(0) == [help_card()]
    await rewrite(store, first, lambda _: whole)

    await coach.hears((0, "/heute"))
    await coach.works()

    document = await coach.document(first)
    assert document.known.lock is not None
    assert document.known.lock.disposition == await lock_of(coach, first) == "crisis"
    assert document.alarm is not None
    assert {message.kind for message in await coach.messages_to(0)} <= {Kind.EMERGENCY, Kind.TALK}


REFUSED = {
    "row": ("member", "UPDATE", "NEW.id = {member}"),
    "message": ("outbox", "INSERT", "NEW.member_id = {member}"),
    "every message": ("outbox", "INSERT", "NEW.address_key LIKE '%{person}'"),
}


@pytest.mark.parametrize(
    ("what", "place", "people"), [("row", MEMBERS - 1, MEMBERS), ("message", 0, 20), ("every message", 7, 20)]
)
async def test_one_member_whom_the_database_refuses_holds_nobody_up(
    store: Store, what: str, place: int, people: int
) -> None:
    coach = Coach(store)
    first = await settle(store, people, NOW, due=None)
    table, when, which = REFUSED[what]
    await refuse(store, table, when, which.format(member=first + place, person=FIRST_PERSON + place))
    await coach.hears(*((person, "hallo") for person in range(people)))

    await coach.works()

    assert await silent(coach, people) == [place]
    await three_tries(coach)
    (dead,) = await store.dead_events()
    assert dead.member_id in {None, first + place}
    assert dead.error == "BadArrivalError"
    said = await coach.said_to(place)
    assert [TROUBLE in line for line in said] == ([] if what == "every message" else [True])


async def test_a_cry_for_help_of_one_whom_the_database_refuses_is_answered_at_once(store: Store) -> None:
    coach = Coach(store)
    first = await settle(store, 3, NOW, due=None)
    await refuse(store, "member", "UPDATE", f"NEW.id = {first}")
    await coach.hears((0, CRY), (1, "hallo"), (2, CRY))

    await coach.works()

    assert await coach.said_to(0) == [help_card()]
    assert await coach.said_to(1)
    assert await lock_of(coach, first + 2) == "crisis"


async def test_one_among_three_hundred_with_everything_broken_ends_in_the_doctor(store: Store, url: str) -> None:
    """Document, flow and history: their events are set aside after three tries, all others are answered."""
    coach = Coach(store)
    first = await settle(store, MEMBERS, NOW, due=None)
    broken = {7: "document", 8: "flow", 9: "history"}
    for place, how in broken.items():
        await rewrite(store, first + place, BROKEN[how])
    await coach.hears(*((person, "/heute" if person == 9 else "hallo") for person in range(MEMBERS)))

    await coach.works()
    assert await silent(coach, MEMBERS) == list(broken)
    await three_tries(coach)

    for place in broken:
        (line,) = await coach.said_to(place)
        assert TROUBLE in line
    settings = read_settings({}, operator_name="Praxis Probe", operator_contact="probe@example.org")
    findings = await examine(settings.model_copy(update={"database_url": SecretStr(url)}))
    seen = [finding.seen for finding in findings if finding.what == "set aside"]
    for place, error in zip(broken, ("DocumentError", "IndexError", "ValueError"), strict=True):
        assert [error in line for line in seen if f"member {first + place})" in line] == [True]
    assert len(seen) == len(broken)


async def test_what_newer_code_wrote_is_left_to_it(store: Store) -> None:
    """Nothing is lost or set aside, nobody else waits, and a cry for help is answered all the same, once."""
    coach = Coach(store)
    first = await settle(store, 4, NOW, due=None)
    newer = range(first, first + 3)
    async with store.database.write() as connection:
        await connection.execute(
            update(member)
            .where(member.c.id.in_(newer))
            .values(document=b'{"version": 2}', document_version=VERSION + 1)
        )
    await coach.hears((0, "hallo"), (1, "hallo"), (1, CRY), (2, "/notfall"), (3, "hallo"))

    for _ in range(5):
        await coach.works()
        coach.now += NEWER_WAITS_US

    assert await silent(coach, 4) == [0]
    for person in (1, 2):
        assert await coach.said_to(person) == [help_card()]
    assert [await lock_of(coach, number) for number in newer] == ["", "crisis", ""]
    assert await store.dead_events() == []
    async with store.database.write() as connection:  # the newer code is there
        whole = (await connection.execute(select(member.c.document).where(member.c.id == first + 3))).scalar()
        await connection.execute(
            update(member).where(member.c.id.in_(newer)).values(document=whole, document_version=VERSION)
        )
    await coach.works()
    assert await coach.said_to(0)
    crisis = (await coach.document(first + 1)).known.lock
    assert crisis is not None
    assert crisis.disposition == "crisis"


@pytest.mark.parametrize("slot", ["open", "alarm"])
async def test_a_flow_that_raises_ends_at_the_third_trouble_in_a_row(store: Store, slot: str) -> None:
    """What is known stays; an answer that works starts the count anew."""
    coach = Coach(store)
    first = await settle(store, 1, NOW, due=None)
    stored = await store.member(first)
    assert stored is not None
    calm = load_member(stored.document or b"")

    async def breaks(member: Member) -> None:
        await rewrite(store, first, lambda _: dump_member(altered_by(member, **{slot: raising_flow()})))

    await breaks(calm)
    for time in range(2):
        await coach.hears((0, "hallo"), source=f"first {time} ")
        await three_tries(coach)
    assert (await coach.document(first)).troubles == 2
    await rewrite(store, first, lambda document: dump_member(altered_by(load_member(document), **{slot: None})))
    await coach.hears((0, "hallo"), source="well ")
    await coach.works()
    assert (await coach.document(first)).troubles == 0

    await breaks(await coach.document(first))
    for time in range(3):
        assert getattr(await coach.document(first), slot) is not None
        await coach.hears((0, "hallo"), source=f"second {time} ")
        await three_tries(coach)
    ended = await coach.document(first)
    assert getattr(ended, slot) is None
    assert ended.known == calm.known
    assert len(await store.dead_events()) == 5
    await coach.hears((0, "hallo"), source="last ")
    await coach.works()
    assert TROUBLE not in (await coach.said_to(0))[-1]


async def test_a_session_that_fails_counts_what_was_done_and_a_raising_room_opens_anew(store: Store) -> None:
    coach = Coach(store)
    first = await settle(store, 2, NOW, due=None)
    await coach.hears((0, "/heute"), (1, CRY))
    await coach.works()
    for token in ("go", "3"):
        await coach.taps(0, token)
    sessions = len((await coach.document(first)).known.sessions)
    await rewrite(store, first, with_document(lambda m: replace(m, alarm=raising_flow())))
    await rewrite(store, first + 1, with_document(lambda m: replace(m, alarm=raising_flow())))
    for time in range(3):
        await coach.hears((0, "hallo"), (1, "hallo"), source=f"{time} ")
        await three_tries(coach)

    trained, locked = await coach.document(first), await coach.document(first + 1)
    assert trained.open is None
    assert len(trained.known.sessions) == sessions + 1
    assert trained.known.sessions[-1].finished is False  # it has been ended by its own rule
    assert locked.alarm is not None
    assert locked.alarm.flow == DISPOSED.name
    assert await lock_of(coach, first + 1) == "crisis"


async def test_one_round_that_raises_holds_up_no_member_and_no_other_group(store: Store) -> None:
    coach = Coach(store)
    await settle(store, 1, NOW, due=None)
    day = f"{from_micros(NOW):%Y-%m-%d}"
    sound = StoredRound(
        id=77, starter=0, code="A", room_code="RA", name="team", language="de", zone="UTC", begins=day, weeks=1, goal=20
    )
    poisoned = replace(sound, id=78, code="B", room_code="RB", zone="No/Where")
    async with store.rounds(NOW) as desk:
        for each in (poisoned, sound):
            await desk.start(each, 5)
    taps = [(78, "a"), (77, "b"), (77, "c")]
    await store.receive(
        [
            Arrival(
                source=f"tap {who}",
                address=Address("telegram", ACCOUNT, who, "-100", private=False),
                event=ButtonTapped(data=tap_data(number, date.fromisoformat(day))),
                at=NOW,
            )
            for number, who in taps
        ],
        now=NOW,
    )
    await coach.hears((0, "hallo"))

    await coach.works()

    assert await coach.said_to(0)
    async with store.rounds(NOW) as desk:
        assert (await desk.tally(77)).active == {day: 2}
    assert await store.dead_events() == []
    await three_tries(coach)
    (dead,) = await store.dead_events()
    assert dead.error == "ZoneInfoNotFoundError"


async def test_a_round_that_raises_undoes_no_turn_of_its_members(store: Store) -> None:
    """Above all no alarm: it locks and is answered as ever."""
    coach = Coach(store)
    first = await settle(store, 2, NOW, due=None)
    await refuse(store, "spared", "INSERT", f"NEW.member_id = {first}")
    await coach.hears((0, CRY), (1, CRY))

    await coach.works()

    for number in (first, first + 1):
        locked = (await coach.document(number)).known.lock
        assert locked is not None
        assert locked.disposition == await lock_of(coach, number) == "crisis"
    assert await coach.said_to(0) == await coach.said_to(1)
    assert await store.dead_events() == []
