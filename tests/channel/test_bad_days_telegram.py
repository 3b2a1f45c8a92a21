"""Bad days on Telegram: floods, forgeries, hostile texts, edits, blocks, a revoked token. Real coach, judged double."""

import asyncio
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.dialogue.events import Address
from bot.dialogue.member import load_member
from bot.runtime.lifecycle import Coach
from bot.runtime.sender import OPEN_SENDS
from tests.bench.members import FIRST_PERSON, settle
from tests.botapi import TOKEN, BotApi
from tests.botapi.people import Person
from tests.channel.running import Clock, running, settings_for

SECOND, DAY = 1_000_000, 24 * 3600 * 1_000_000
FLOOD = 5_000
AT_ONCE = 2_000
PROMPTS = 400
UNDER_WAY = OPEN_SENDS + 8  # when the cry comes, and some that begin before it is read
PATIENCE = 60.0
NEW_TOKEN = f"{TOKEN.partition(':')[0]}:{'n' * 35}"
RTL, ZERO_WIDTH = "\u202e", "\u200b"


async def member_of(coach: Coach, person: Person) -> int | None:
    account = coach.opened.channels[0].account
    stored = await coach.store.member_by_address(Address("telegram", account, str(person.id), str(person.id)).key)
    return None if stored is None else stored.member


async def answers_of(coach: Coach, person: Person) -> list[str]:
    """The questions that count as answered."""
    stored = await coach.store.member(await member_of(coach, person) or 0)
    state = load_member(stored.document or b"").open if stored is not None else None
    return [] if state is None else [answered.question for answered in state.answers]


async def consents(person: Person) -> None:
    await person.send("/start")
    asked = await person.sees("Darf ich mir deine Antworten merken")
    await person.tap(asked, "Ja, einverstanden")
    await person.wait_for(lambda room: "1 von 4" in room.now(asked).text)


async def settled(coach: Coach, double: BotApi) -> None:
    """Everything that came is worked on, everything that follows is sent."""
    await double.drained(PATIENCE)
    async with asyncio.timeout(PATIENCE):
        while True:
            counts = await coach.store.counts()
            if not counts["inbox waiting"] and not await waiting_sends(coach):
                return
            await asyncio.sleep(0.05)


async def waiting_sends(coach: Coach) -> int:
    channel = coach.opened.channels[0]
    return await coach.store.waiting_sends(channel.name, channel.account)


async def test_five_thousand_messages_of_one_member_keep_nobody_waiting(coach: Coach, double: BotApi) -> None:
    loud, quiet = double.person(2001), double.person(2002)
    await consents(loud)
    before = len(loud.messages)

    double.inject([(loud.id, f"hallo {n}") for n in range(FLOOD)])
    await quiet.send("/start")
    await quiet.sees("Darf ich mir deine Antworten merken", PATIENCE)
    still_waiting = double.pending + (await coach.store.counts())["inbox waiting"]
    await settled(coach, double)

    assert still_waiting > 0
    assert len(loud.messages) - before < FLOOD / 10  # over thirty texts a minute only alarm words are answered


async def test_alarm_words_are_answered_in_the_midst_of_a_flood(coach: Coach, double: BotApi) -> None:
    loud = double.person(2001)
    await consents(loud)
    double.inject([(loud.id, f"hallo {n}") for n in range(100)])
    await settled(coach, double)

    await loud.send("Ich will nicht mehr leben")

    await loud.sees("0800", PATIENCE)


async def test_a_cry_for_help_overtakes_the_mornings_prompts(double: BotApi, tmp_path: Path, clock: Clock) -> None:
    given = {"telegram_token": SecretStr(TOKEN), "telegram_api_url": double.url}  # at the default rate
    async with running(settings_for(tmp_path, **given), now=clock) as coach:
        people = [double.person(FIRST_PERSON + n, started=True) for n in range(PROMPTS)]
        await settle(coach.store, PROMPTS, clock(), due=clock() - SECOND)
        await people[0].world.changed.until(lambda: double.world.sent > PROMPTS / 10, PATIENCE)
        last = next(person for person in reversed(people) if not person.messages)

        before = len(double.requests)
        await last.send("Ich will nicht mehr leben")
        await last.sees("0800", PATIENCE)

        log = double.requests[before:]
        answer = next(place for place, request in enumerate(log) if request.chat_id == last.id)
        assert answer <= UNDER_WAY
        assert sum(not person.messages for person in people) > PROMPTS / 2


@pytest.mark.parametrize("strangers", [200, pytest.param(100_000, marks=[pytest.mark.slow, pytest.mark.timeout(3600)])])
async def test_strangers_who_never_consent_leave_nothing_after_a_day(
    coach: Coach, double: BotApi, clock: Clock, strangers: int
) -> None:
    assert (await coach.store.counts())["member"] == 0
    for first in range(0, strangers, AT_ONCE):  # the double remembers what it has not delivered
        double.inject([(10_000 + number, "/start") for number in range(first, min(first + AT_ONCE, strangers))])
        await settled(coach, double)
    assert (await coach.store.counts())["member"] == strangers
    await coach.store.upkeep(clock())
    clock.advance(hours=23)
    await coach.store.upkeep(clock())
    clock.advance(hours=2)

    await coach.store.upkeep(clock())

    found = await coach.store.counts()
    assert found["member"] == 0
    assert found["address"] == 0


async def test_forged_buttons_are_refused_kindly_and_change_nothing(coach: Coach, double: BotApi) -> None:
    ada, eve = double.person(2001), double.person(2002)
    await consents(ada)
    await consents(eve)
    card = ada.last
    others = eve.last.buttons[0][0].data
    assert others is not None
    own = card.buttons[0][0].data
    assert own is not None
    run, _, check, token = own.split(".")
    before = await answers_of(coach, ada)
    refused = [
        f"{run}.1.{check}.yes",  # no answer of this question
        f"{run}.7.{check}.{token}",  # of a question that is not there yet
        f"{run}.1.0000.{token}",  # of another question
        others,  # of somebody else's
        f"{others.rpartition('.')[0]}.yes",
        "x" * 64,
        "9.9.9.9",
        "../../etc",
        "'; DROP TABLE member",
    ]
    for data in (f"{run}.0.{check}.{token}", *refused):  # the first is of a question that is answered: a double tap
        tap = await ada.forge(card, data)
        await tap.answered()
    await settled(coach, double)

    assert await answers_of(coach, ada) == before
    assert sum("gilt nicht mehr" in text for text in ada.texts) == len(refused)
    assert "1 von 4" in ada.last.text  # the question still stands
    assert (await coach.store.dead_events()) == []


@pytest.mark.parametrize(
    "hostile",
    [
        "<b>fett",
        "</code>&lt;script&gt;",
        f"{RTL}rennurab",
        f"a{ZERO_WIDTH * 40}b",
        "[x](tg://user?id=1)",
        "**x** *y*",
        "🦴" * 900,
    ],
)
async def test_markup_bidi_and_links_in_what_is_written_break_no_answer(
    coach: Coach, double: BotApi, hostile: str
) -> None:
    ada = double.person(2001, name=hostile[:60])
    await consents(ada)

    await ada.send(hostile)
    await settled(coach, double)

    assert "1 von 4" in ada.last.text  # asked again, well-formed in the judge's eyes
    refused = [request for request in double.requests if request.status == 400]
    assert refused == []


async def test_an_edited_old_message_that_now_names_an_alarm_is_heard(coach: Coach, double: BotApi) -> None:
    ada = double.person(2001)
    await consents(ada)
    old = await ada.send("hm")
    await settled(coach, double)

    await ada.edit(old, "Seit heute bin ich im Schritt taub und kann nicht mehr pinkeln")

    await ada.sees("112", PATIENCE)


async def test_who_blocks_the_coach_gets_nothing_until_she_is_back(coach: Coach, double: BotApi) -> None:
    ada = double.person(2001)
    await consents(ada)
    await ada.block()
    await settled(coach, double)
    number = await member_of(coach, ada)
    assert number is not None
    assert [known.reachable for known in await coach.store.addresses(number)] == [False]

    await ada.unblock()
    await ada.send("/hilfe")

    await ada.wait_for(lambda room: "/notfall" in "".join(room.texts), PATIENCE)
    assert [known.reachable for known in await coach.store.addresses(number)] == [True]


async def test_a_revoked_token_ends_with_a_failure_and_loses_nothing(
    double: BotApi, tmp_path: Path, clock: Clock
) -> None:
    """What was written meanwhile is answered under the new token, once."""
    given = {"telegram_token": SecretStr(TOKEN), "telegram_api_url": double.url, "telegram_rate": 0}
    ada = double.person(2001)
    async with running(settings_for(tmp_path, **given), now=clock) as coach:
        await consents(ada)
        double.revoke(NEW_TOKEN)
        async with asyncio.timeout(PATIENCE):
            await ada.send("/hilfe")
            await coach.until_ended(asyncio.Event())
        assert any("telegram" in part for part in coach.failed)

    given["telegram_token"] = SecretStr(NEW_TOKEN)
    async with running(settings_for(tmp_path, **given), now=clock) as coach:
        await ada.wait_for(lambda room: any("/daten" in text for text in room.texts), PATIENCE)
        await settled(coach, double)

    assert sum("/daten" in text for text in ada.texts) == 1
