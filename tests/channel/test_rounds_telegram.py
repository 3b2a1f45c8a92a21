"""Moving together in a Telegram group: guests, double taps, taking back, midnight, weeks, an upgrade, no leaks."""

import asyncio
import itertools
import re
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import select

from bot.dialogue.events import Address
from bot.runtime.lifecycle import Coach
from bot.store.round_rooms import StoredRound
from bot.store.schema import inbox, participant
from tests.botapi import TOKEN, BotApi
from tests.botapi.groups import Group
from tests.botapi.people import Person
from tests.botapi.rooms import Room
from tests.botapi.views import Message, view
from tests.channel.rounds_parts import hurried, sketched, started
from tests.channel.running import Clock, running, seen_passing, settings_for
from tests.group_words import wrong_lines
from tests.store.given import HOUR

_ids = itertools.count(2000)


@pytest.fixture(scope="module")
async def double() -> AsyncIterator[BotApi]:
    async with await BotApi.start() as api:
        yield api


@pytest.fixture(scope="module")
def clock() -> Clock:
    clock = Clock()
    clock.until(1, 12)
    return clock


@pytest.fixture(scope="module")
async def coach(double: BotApi, tmp_path_factory: pytest.TempPathFactory, clock: Clock) -> AsyncIterator[Coach]:
    given = {"telegram_token": SecretStr(TOKEN), "telegram_api_url": double.url, "telegram_rate": 0}
    async with running(settings_for(tmp_path_factory.mktemp("rounds"), **given), now=clock) as it:
        yield hurried(await sketched(it))
    groups = [room for number, room in double.world.chats.items() if number < 0]
    said = [view(room, record, double.world.files).text for room in groups for record in room.records.values()]
    assert len(said) > 20
    assert wrong_lines([text for text in said if not text.startswith("/")], ["Kim"]) == []


def people(double: BotApi, count: int) -> list[Person]:
    return [double.person(next(_ids), language="de") for _ in range(count)]


async def shown(group: Room, words: str) -> Message:
    return await group.wait_for(lambda room: next((m for m in room.messages if words in m.text), None))


def total(message: Message) -> int:
    found = re.search(r"Gemeinsam: (\d+) Tage", message.text)
    assert found, message.text
    return int(found.group(1))


async def tapped(folks: list[Person], group: Group, button: str = "Heute bewegt") -> list[str | None]:
    """What each is answered beside the button."""
    card = next(m for m in reversed(group.messages) if m.buttons)
    return [await (await person.tap(card, button)).answered() for person in folks]


async def test_two_weeks_of_a_group(double: BotApi, coach: Coach, clock: Clock) -> None:
    folks = people(double, 6)
    group = double.group(folks)
    made = await started(coach, clock)
    await folks[0].send(f"/start r_{made.room_code}", chat=group)
    card = await shown(group, "Gemeinsam bewegt")
    await group.wait_for(lambda room: room.pinned == [card.id])
    assert "Ab vier Leuten" in card.text

    assert {words and words.split(".")[0] for words in await tapped(folks[:3], group)} == {"Schön, dass du mitmachst"}
    again = await tapped(folks[:3], group)  # double taps are forgiven
    assert set(again) == {"Heute zählt schon. Nochmal tippen ändert nichts."}
    clock.advance(seconds=5)
    await folks[3].tap(group.now(card), "Heute bewegt")
    clock.advance(seconds=5)
    seen = await shown(group, "Heute bewegt: 4")
    assert (seen.id, total(seen)) == (card.id, 4)

    await tapped(folks[:1], group, "Zurücknehmen")
    clock.advance(seconds=5)
    await shown(group, "Ab vier Leuten")  # three are no sum, though a fourth was there for a moment

    evening = group.now(card)
    clock.until(1, 2, 30)  # half past two at night: still the same day
    await tapped(folks[4:5], group)
    clock.advance(seconds=5)
    await shown(group, "Heute bewegt: 4")
    clock.until(0, 3, 1)
    await shown(group, "Woche 1 von 2\nGemeinsam: 4 Tage")  # nothing says that nobody has moved yet
    late = await (await folks[5].tap(evening, "Heute bewegt")).answered()  # yesterday's button counts for nothing now
    assert "der vorbei ist" in str(late)
    clock.advance(seconds=5)
    await tapped(folks[:1], group)
    clock.advance(seconds=5)
    assert total(await shown(group, "Heute bewegt: 1")) == 5

    await seen_passing(coach, clock, 7)
    clock.advance(days=7)
    assert (await shown(group, "Woche 1 ist geschafft")).photo
    second = await shown(group, "Woche 2 von 2")
    assert second.id != card.id
    assert group.now(card).buttons == ()

    group = await group.upgrade()
    clock.until(1, 12)  # the next day's card is written where the group is now
    await shown(group, "Woche 2 von 2")
    await tapped(folks[1:2], group)
    clock.advance(seconds=5)
    await shown(group, "Heute bewegt: 1")
    await seen_passing(coach, clock, 8)
    clock.advance(days=8)
    over = await shown(group, "ist zu Ende")
    assert "gemeinsam" in over.text
    assert over.photo
    assert all(message.silent for message in group.messages)


async def brought(
    double: BotApi, coach: Coach, clock: Clock, folks: list[Person]
) -> tuple[Group, Message, StoredRound]:
    """A group with a running round, and its card."""
    group = double.group(folks, kind="supergroup")
    made = await started(coach, clock)
    await folks[0].send(f"/start r_{made.room_code}", chat=group)
    return group, await shown(group, "Gemeinsam bewegt"), made


async def test_a_guest_leaves_with_one_tap_and_no_sum_tells_of_it(double: BotApi, coach: Coach, clock: Clock) -> None:
    folks = people(double, 5)
    group, card, made = await brought(double, coach, clock, folks[:4])
    await tapped(folks, group)  # the fifth is no member of the group, but sees it: a guest like the others
    clock.advance(seconds=5)
    assert total(await shown(group, "Heute bewegt: 5")) == 5

    await tapped(folks[4:], group, "Aussteigen")
    await tapped(folks[:1], group, "Zurücknehmen")
    clock.advance(seconds=5)
    assert total(await shown(group, "Heute bewegt: 4")) == 4  # one took a tap back; the day of who left stays
    async with coach.store.rounds(clock()) as desk:
        assert (await desk.tally(made.id)).people == 4

    await tapped([folks[4], folks[0]], group)  # back again, and the same day counts no second time
    clock.advance(days=1)
    await shown(group, "Woche 1 von 2\nGemeinsam: 5 Tage")
    assert len(group.messages) == 1  # nothing is announced
    assert group.now(card).id == card.id


async def test_taps_of_an_evening_when_the_coach_was_down_count_for_that_day(tmp_path: Path) -> None:
    clock = Clock()
    clock.until(1, 22)
    async with await BotApi.start() as double:
        settings = settings_for(tmp_path, telegram_token=SecretStr(TOKEN), telegram_api_url=double.url, telegram_rate=0)
        async with running(settings, now=clock) as coach:
            group, *_ = await brought(double, hurried(await sketched(coach)), clock, folks := people(double, 5))
        await tapped_unheard(folks, group)
        await tapped_unheard(folks[4:], group, "Zurücknehmen")
        clock.until(1, 8)
        async with running(settings, now=clock) as coach:
            hurried(await sketched(coach))
            await shown(group, "Woche 1 von 2\nGemeinsam: 4 Tage")


async def tapped_unheard(folks: list[Person], group: Group, button: str = "Heute bewegt") -> None:
    """Nobody is there to answer."""
    card = next(m for m in reversed(group.messages) if m.buttons)
    for person in folks:
        await person.tap(card, button)


async def test_before_it_begins_guests_can_say_that_they_come(double: BotApi, coach: Coach, clock: Clock) -> None:
    folks = people(double, 4)
    group = double.group(folks)
    made = await started(coach, clock, in_days=2)
    await folks[0].send(f"/start r_{made.room_code}", chat=group)
    await shown(group, "Wochen ab")
    await tapped(folks, group, "Mitmachen")

    clock.advance(days=2)
    await shown(group, "Woche 1 von 2")
    clock.advance(seconds=5)
    await tapped(folks[:3], group)
    clock.advance(seconds=5)
    await shown(group, "Ab vier Leuten")
    await tapped(folks[3:], group)
    clock.advance(seconds=5)
    await shown(group, "Gemeinsam: 4 Tage")  # four have moved: a sum is told


async def test_a_card_stands_in_the_topic_it_was_asked_for(double: BotApi, coach: Coach, clock: Clock) -> None:
    folks = people(double, 4)
    group = double.group(folks, kind="supergroup")
    made = await started(coach, clock)
    for topic in (7, 8):  # a group has one round, whatever its topics
        await folks[0].send_content(
            chat=group, text=f"/start r_{made.room_code}", message_thread_id=topic, is_topic_message=True
        )
    card = await shown(group, "Woche 1 von 2")
    assert card.wire["message_thread_id"] == 7
    await tapped(folks, group)
    clock.advance(seconds=5)
    assert (await shown(group, "Heute bewegt: 4")).id == card.id
    assert len(group.messages) == 1


async def test_an_admin_ends_it_and_nobody_else(double: BotApi, coach: Coach, clock: Clock) -> None:
    folks = people(double, 4)
    group, *_ = await brought(double, coach, clock, folks)
    await folks[1].send("/stopp", chat=group)
    await shown(group, "Das machen wir besser privat")
    group.admin(folks[2])
    await folks[2].send("/stopp", chat=group)

    await shown(group, "ist zu Ende")
    assert not any(message.buttons for message in group.messages)


async def test_an_admin_changes_it_in_private_and_nobody_else(double: BotApi, coach: Coach, clock: Clock) -> None:
    """A guest, known to the coach since a private word."""
    folks = people(double, 4)
    group, card, _ = await brought(double, coach, clock, folks)
    admin = folks[2]
    await admin.send("/runde")
    await admin.sees("Was zählt")
    await folks[1].send("/gruppe", chat=group)
    assert (await shown(group, "Das machen wir besser privat")).text.endswith("?start=round")
    await folks[1].send("/start round")  # whoever taps that is not asked about health, but for a round of their own
    await folks[1].sees("Eine Runde starten kann jeder ab 18")
    group.admin(admin)
    await admin.send("/gruppe", chat=group)
    for label in ("Runde ändern", "Name", "Pause mit Schwung", "So übernehmen"):
        await admin.tap(await admin.wait_for(partial(_offering, label=label)), label)
    await admin.sees("Übernommen: Pause mit Schwung")
    clock.advance(seconds=5)

    assert (await shown(group, "Pause mit Schwung")).id == card.id
    assert len([message for message in group.messages if message.buttons]) == 1


def _offering(room: Room, *, label: str) -> Message | None:
    return next((m for m in reversed(room.messages) for row in m.buttons for b in row if b.text == label), None)


async def test_an_admin_who_writes_anonymously_is_one(double: BotApi, coach: Coach, clock: Clock) -> None:
    group = double.group(people(double, 4), kind="supergroup")
    made = await started(coach, clock)
    nobody = double.person(1087968824)
    nobody.wire["is_bot"] = True
    await nobody.send_content(chat=group, text=f"/start r_{made.room_code}", sender_chat=group.chat.wire)
    await shown(group, "Woche 1 von 2")
    await nobody.send_content(chat=group, text="/stopp", sender_chat=group.chat.wire)
    await shown(group, "ist zu Ende")


async def test_put_out_the_coach_writes_no_more_and_promoted_it_pins(
    double: BotApi, coach: Coach, clock: Clock
) -> None:
    folks = people(double, 4)
    group, card, made = await brought(double, coach, clock, folks)
    await group.wait_for(lambda room: room.pinned == [card.id])
    group.chat.pinned.clear()  # as if there had been no right to
    await group.promote_bot()
    await group.wait_for(lambda room: room.pinned == [card.id])
    assert "Ich könnte hier alles lesen" in (await shown(group, "könnte hier alles")).text
    await group.demote_bot()
    clock.advance(seconds=5)
    await shown(group, "Ich lese hier nur, was an mich gerichtet ist.")

    await group.kick_bot()
    await until_settled(coach, clock, group)
    group.chat.refusal = None
    await tapped(folks, group)
    clock.advance(days=1)
    other = double.group(folks)
    await folks[0].send(f"/start r_{made.room_code}", chat=other)  # elsewhere it goes on, with what was counted
    assert total(await shown(other, "Woche 1 von 2")) == 4
    assert [message.text for message in group.messages] == [group.now(card).text]
    assert "Heute bewegt" not in group.now(card).text


async def until_settled(coach: Coach, clock: Clock, room: Room, *, within_us: int = 10**15) -> None:
    for _ in range(200):
        async with coach.store.rounds(clock() + within_us) as desk:
            if str(room.id) not in {due.room for due in await desk.due(99)}:
                return
        await asyncio.sleep(0.02)
    raise AssertionError("the coach still writes there")


async def test_words_of_alarm_get_one_line_without_a_name_or_a_private_question(
    double: BotApi, coach: Coach, clock: Clock
) -> None:
    ada, ben, *_ = folks = people(double, 4)
    group, *_ = await brought(double, coach, clock, folks)
    alarm = "/heute mein Arm ist taub und ich habe Druck auf der Brust"
    await ben.send(alarm, chat=group)
    said = await shown(group, "Im Notfall: 112")
    assert "https://t.me/" in said.text
    assert str(ben.wire["first_name"]) not in said.text

    await ada.send("/start")
    await ada.tap(await ada.sees("Darf ich mir deine Antworten merken"), "Ja, einverstanden")
    await ada.sees("1 von 4")
    await ada.send(alarm, chat=group)
    await ada.sees("ruf jetzt 112")
    assert len([text for text in group.texts if "112" in text]) == 1
    assert await words_kept(coach, "Brust") == 0


async def words_kept(coach: Coach, word: str) -> int:
    """In how many events these words stand, done or not."""
    async with coach.store.database.read() as connection:
        bodies = (await connection.execute(select(inbox.c.body))).scalars()
        return sum(word.encode() in bytes(body) for body in bodies)


async def test_a_member_has_a_card_in_private_where_nobody_sees_the_tap(
    double: BotApi, coach: Coach, clock: Clock
) -> None:
    folks = people(double, 5)
    group, _, made = await brought(double, coach, clock, folks)
    await tapped(folks[:4], group)
    clock.advance(seconds=5)
    await shown(group, "Heute bewegt: 4")
    ada = folks[4]
    async with coach.store.rounds(clock()) as desk:
        home = Address("telegram", coach.opened.channels[0].account, str(ada.id), str(ada.id))
        ada.chat.started = True
        found = await desk.join(made.code, home, 0, name="Kim", shares=False)
        assert found is not None
        await desk.place_privately(found.id, home)
    mine = await shown(ada, "Heute bewegt: 4")
    await (await ada.tap(mine, "Heute bewegt")).answered()
    clock.advance(seconds=5)
    assert "Dabei: Kim" in (await shown(group, "Heute bewegt: 5")).text
    assert (await shown(ada, "Heute bewegt: 5")).id == mine.id
    await (await ada.tap(mine, "Aussteigen")).answered()
    clock.advance(seconds=5)
    await group.wait_for(lambda room: all("Kim" not in m.text for m in room.messages))
    await shown(group, "Heute bewegt: 5")  # their day stays, of nobody
    await shown(ada, "auf keiner Liste")
    assert ada.now(mine).buttons == ()


async def test_a_guest_takes_part_in_private_without_a_question(double: BotApi, coach: Coach, clock: Clock) -> None:
    folks = people(double, 5)
    group, _, made = await brought(double, coach, clock, folks[:4])
    await tapped(folks[:4], group)
    guest = folks[4]
    await guest.send(f"/start g_{made.code}")
    invited = await shown(guest, "lädt dich ein")
    assert len(guest.messages) == 1  # nobody who only wants to join is asked about health
    await (await guest.tap(invited, "Mitmachen, bin 18+")).answered()
    card = await shown(guest, "Woche 1 von 2")
    await (await guest.tap(card, "Heute bewegt")).answered()
    clock.advance(seconds=5)
    await shown(group, "Heute bewegt: 5")
    async with coach.store.database.read() as connection:
        row = (
            await connection.execute(select(participant).where(participant.c.person.endswith(f"\n{guest.id}")))
        ).one()
    assert (row.name, row.shares) == ("", False)

    await guest.tap(invited, "Auch mit Coach üben")
    await shown(guest, "Darf ich mir deine Antworten merken")


async def test_whoever_had_blocked_the_coach_has_the_card_again(double: BotApi, coach: Coach, clock: Clock) -> None:
    (guest,) = people(double, 1)
    made = await started(coach, clock)
    await guest.send(f"/start g_{made.code}")
    await guest.tap(await shown(guest, "lädt dich ein"), "Mitmachen, bin 18+")
    card = await shown(guest, "Woche 1 von 2")
    await guest.block()
    clock.until(1, 12)  # the card of that day does not arrive
    await until_settled(coach, clock, guest, within_us=20 * HOUR)
    await guest.unblock()
    clock.advance(days=1, seconds=5)
    await guest.wait_for(lambda room: room.now(card).buttons != card.buttons)
    counted = await (await guest.tap(guest.now(card), "Heute bewegt")).answered()
    assert str(counted).startswith("Zählt für heute")


async def test_a_code_of_no_running_round_says_so(double: BotApi, coach: Coach) -> None:
    del coach
    (guest,) = people(double, 1)
    await guest.send("/start g_NOSUCHCODE")
    await guest.tap(await shown(guest, "lädt dich ein"), "Mitmachen, bin 18+")
    await shown(guest, "läuft keine Runde")
