"""What fails around the coach on Matrix, and that nobody in need waits for it: the store, one room, slow servers."""

import asyncio
import shutil
import sqlite3
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing, suppress
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from bot.channels.matrix import account, unwritten
from bot.channels.matrix.position import load
from tests.channel.matrix.member import MatrixMember
from tests.channel.matrix.parts import CROWDED, Seat, delivery, in_a_room
from tests.channel.matrix.running import matrix_settings
from tests.channel.matrix.test_matrix_receiving import has_text, texts
from tests.channel.running import ALL_ROLES, Clock, running
from tests.channel.telegram_parts import Inbox
from tests.servers.proxy import proxy_to
from tests.servers.synapse import TIMELINE, Account, Synapse

UNWELL = {"errcode": "M_UNKNOWN", "error": "Internal server error"}
SOON_S = 15.0  # a try at the locked database, a sync, two encrypted messages on a slow machine
CARD, CARD_EN = "Ruf jetzt 112 an", "Call 112 now"
CONSENT, CONSENT_EN = "Darf ich mir deine Antworten merken", "May I remember your answers"
LONG = TIMELINE + 10
REMINDER, HELP = "Es fehlen noch", "!heute – deine Übungen"


@asynccontextmanager
async def database_away(folder: Path) -> AsyncIterator[None]:
    """Somebody else holds the only writer's place: every transaction of the coach fails."""
    with closing(sqlite3.connect(folder / "rueckgrat.db", isolation_level=None, timeout=0)) as other:
        while not other.in_transaction:
            with suppress(sqlite3.OperationalError):  # the coach is writing
                other.execute("BEGIN IMMEDIATE")
            await asyncio.sleep(0.01)
        yield
        other.execute("ROLLBACK")


def quick_to_fail(folder: Path, synapse: Synapse, account: Account, **given: Any) -> Any:
    database = SecretStr(f"sqlite+aiosqlite:///{folder}/rueckgrat.db?timeout=0.1")
    return matrix_settings(folder, synapse, account, database_url=database, **given)


def was_looked_at(words: str) -> Any:
    """Whether it is urgent, while nothing could be written."""

    def found(inbox: Inbox) -> bool:
        return any(words in str(each.event) for each in inbox.urgent)

    return found


async def within(seconds: float, member: MatrixMember, words: str, count: int = 1) -> None:
    async with asyncio.timeout(seconds):
        await member.sees(words, count)


async def test_while_the_database_is_away_every_cry_for_help_is_answered_once_and_nothing_is_lost(
    synapse: Synapse, coachs_account: Account, ada: MatrixMember, tmp_path: Path
) -> None:
    ben = await MatrixMember.at(synapse, "ben")
    try:
        async with running(quick_to_fail(tmp_path, synapse, coachs_account), ALL_ROLES, now=Clock()):
            for member in (ada, ben):
                await member.invite(coachs_account.user)
                await member.sees(CONSENT)
            async with database_away(tmp_path):
                await ada.says("hallo")  # brings the key of the room, and a batch that cannot be written
                await asyncio.sleep(1)
                await ada.says("!notfall")
                await within(SOON_S, ada, CARD)
                await ben.says("Ich will nicht mehr leben")  # the very first words of somebody else
                await within(SOON_S, ben, CARD)
                await ben.says("!notfall")
                await within(SOON_S, ben, CARD, 2)
            await ada.says("ja")
            await ada.sees("1 von 4")
            await ben.sees("Das klingt sehr schwer")  # and the alarm itself, once it can be written

        assert len(ada.showing(CARD)) == 1
    finally:
        await ben.aclose()


async def test_in_an_outage_help_stands_in_both_languages_where_nobody_knows_which_is_spoken(
    synapse: Synapse, coachs_account: Account, ada: MatrixMember, tmp_path: Path
) -> None:
    settings = quick_to_fail(tmp_path, synapse, coachs_account, default_locale="en")
    async with running(settings, ALL_ROLES, now=Clock()):
        await ada.invite(coachs_account.user)
        await ada.sees(CONSENT_EN)
        async with database_away(tmp_path):
            await ada.says("!emergency")
            await within(SOON_S, ada, CARD_EN)
        card = ada.showing(CARD_EN)[0].body
        assert card.index(CARD_EN) < card.index(CARD)
        assert card.count("0800 1110111") == 2


async def test_what_does_not_fit_into_memory_is_heard_and_asked_for_again(
    seat: Seat, ada: MatrixMember, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unwritten, "MOST", 3)
    await in_a_room(seat, ada)
    said = [f"number {number}" for number in range(8)]
    async with seat.taken():
        await ada.says("vorher")
        await seat.inbox.until(has_text("vorher"))
        seat.inbox.away = True
        for words in said:
            await ada.says(words)
            await asyncio.sleep(0.1)
        await seat.inbox.until(was_looked_at(said[-1]))
        seat.inbox.away = False
        await seat.inbox.until(has_text(said[-1]))

        assert texts(seat.inbox) == ["/start", "vorher", *said]


async def test_what_could_be_read_only_while_memory_was_full_is_not_forgotten(
    seat: Seat, ada: MatrixMember, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unwritten, "MOST", 3)
    await in_a_room(seat, ada)
    phone = await ada.another_device(seat.synapse)
    try:
        async with seat.taken():
            keys = await ada.keeps_the_key_back()
            await ada.says("noch ohne Schlüssel")
            await seat.inbox.until(lambda inbox: len(load(inbox.positions["sync"]).unread) == 1)
            seat.inbox.away = True
            for number in range(8):
                await phone.says(f"number {number}")
                await seat.inbox.until(was_looked_at(f"number {number}"))
            await ada.hands_over(keys)
            await seat.inbox.until(was_looked_at("noch ohne Schlüssel"))
            seat.inbox.away = False
            await seat.inbox.until(has_text("noch ohne Schlüssel"))
    finally:
        await phone.aclose()


@asynccontextmanager
async def with_ben(seat: Seat, ada: MatrixMember) -> AsyncIterator[MatrixMember]:
    """Two members, each in a room with the coach."""
    await in_a_room(seat, ada)
    ben = await MatrixMember.at(seat.synapse, "ben")
    try:
        async with seat.taken():
            await ben.invite(seat.account.user)
            await ben.coach_is_in(seat.account.user)
            await seat.inbox.holds(2)
        yield ben
    finally:
        await ben.aclose()


async def test_a_room_of_which_the_homeserver_tells_nothing_keeps_nobody_else_waiting(
    seat: Seat, ada: MatrixMember
) -> None:
    async with with_ben(seat, ada) as ben, proxy_to(seat.synapse.url) as proxy:
        for number in range(LONG):
            await ada.says(f"number {number}")
        seat.homeserver = proxy.url
        broken = proxy.fails(r"GET .*/messages", status=500, body=UNWELL, times=1000)
        async with seat.taken():
            await ben.says("hörst du mich")
            await seat.inbox.until(has_text("hörst du mich"))
            assert has_text(f"number {LONG - 1}")(seat.inbox)
            assert not has_text("number 0")(seat.inbox)
        broken.times = 0
        async with seat.taken():  # a restart forgets no gap
            await seat.inbox.until(has_text("number 0"))
            await seat.inbox.until(lambda inbox: '"gaps": []' in inbox.positions["sync"])

    heard = [words for words in texts(seat.inbox) if words.startswith("number")]
    assert sorted(heard) == sorted(f"number {number}" for number in range(LONG))


async def test_what_was_left_out_waits_for_no_courtesy(
    seat: Seat, ada: MatrixMember, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(account, "REQUEST_S", 600)
    await in_a_room(seat, ada)
    for number in range(LONG):
        await ada.says(f"number {number}")
    async with proxy_to(seat.synapse.url) as proxy:
        seat.homeserver = proxy.url
        proxy.fails(r"GET .*/messages", status=502, body=UNWELL)
        stuck = proxy.hangs("read_markers")
        async with seat.taken():
            await stuck.happened.wait()
            await seat.inbox.until(has_text("number 0"))
        proxy.goes_on(stuck)


async def test_a_homeserver_that_does_not_answer_keeps_nobody_else_waiting(seat: Seat, ada: MatrixMember) -> None:
    async with with_ben(seat, ada) as ben, proxy_to(seat.synapse.url) as proxy:
        seat.homeserver = proxy.url
        async with seat.taken() as coach:
            await coach.channel.send(delivery(seat, ada, "vorher"))
            stuck = [proxy.hangs(call) for call in ("POST .*keys/query", "POST .*join/")]
            phone = await ben.another_device(seat.synapse)
            try:
                await ben.invite(seat.account.user)
                for each in stuck:
                    await asyncio.wait_for(each.happened.wait(), SOON_S)
                asked = time.monotonic()
                await ada.says("Notfall")
                await seat.inbox.until(has_text("Notfall"))
                await coach.channel.send(delivery(seat, ada, "ich höre dich", number=2))
                await ada.sees("ich höre dich")
                assert time.monotonic() - asked < SOON_S
            finally:
                for each in stuck:
                    proxy.goes_on(each)
                await phone.aclose()


async def test_that_somebody_else_is_there_is_said_also_after_a_refusal_and_a_restart(
    seat: Seat, ada: MatrixMember, synapse: Synapse
) -> None:
    await in_a_room(seat, ada)
    carol = await synapse.person("carol")
    async with proxy_to(synapse.url) as proxy:
        seat.homeserver = proxy.url
        refused = proxy.fails(r"PUT .*/send/m\.room", status=502, body=UNWELL, times=1000)
        async with seat.taken():
            await ada.client.room_invite(ada.room, carol.user)
            await refused.happened.wait()
            await seat.inbox.until(lambda inbox: '"crowded": {"!' in inbox.positions["sync"])
        proxy.faults.clear()
        async with seat.taken():
            await ada.sees(CROWDED)
            await seat.inbox.until(lambda inbox: '"crowded": {}' in inbox.positions["sync"])
    assert len(ada.showing(CROWDED)) == 1


async def test_what_the_channel_says_itself_is_in_the_members_language(
    synapse: Synapse, coachs_account: Account, ada: MatrixMember, tmp_path: Path
) -> None:
    carol = await synapse.person("carol")
    async with running(matrix_settings(tmp_path, synapse, coachs_account), ALL_ROLES, now=Clock()):
        await ada.invite(coachs_account.user)
        await ada.sees(CONSENT)
        await ada.answers("English", CONSENT_EN)
        await ada.client.room_invite(ada.room, carol.user)
        await ada.sees("more than the two of us")
        assert not ada.showing("mehr als wir zwei")

        bob = await MatrixMember.at(synapse, "bob")
        try:
            await bob.invite(coachs_account.user, encrypted=False)
            line = await bob.sees("112")
            assert "verschlüsselten Raum" in line.body
            assert "encrypted room " in line.body  # nobody knows Bob: both languages
            assert line.body.count("0800 1110111") == 2
        finally:
            await bob.aclose()


async def test_a_prompt_that_a_kill_caught_under_way_arrives_once(
    synapse: Synapse, coachs_account: Account, ada: MatrixMember, tmp_path: Path
) -> None:
    """What a SIGKILL leaves on the disk is copied while the homeserver has the prompt and its answer is lost."""
    folder, clock = tmp_path / "coach", Clock()
    folder.mkdir()
    async with proxy_to(synapse.url) as proxy:
        settings = matrix_settings(folder, synapse, coachs_account, matrix_homeserver=proxy.url)
        await ada.invite(coachs_account.user)
        async with running(settings, ALL_ROLES, now=clock) as coach:
            await ada.sees(CONSENT)
            await ada.answers("ja", "1 von 4")
            stuck = proxy.hangs(r"PUT .*/send/m\.room")
            while not stuck.seen:
                clock.shift_us += max(0, (await coach.store.next_due() or 0) - clock())
                with suppress(TimeoutError):  # what is due gets its time: the next day's message is another one
                    await asyncio.wait_for(stuck.happened.wait(), SOON_S)
            killed = shutil.copytree(folder, tmp_path / "killed")
            proxy.fails(r"PUT .*/send/m\.room", status=502, body=UNWELL, times=1000)
            proxy.goes_on(stuck)
        before = len(ada.showing(REMINDER))
        proxy.faults.clear()
        async with running(matrix_settings(killed, synapse, coachs_account), ALL_ROLES, now=clock):
            await ada.sees(REMINDER)
            await ada.answers("!hilfe", HELP)
        assert before <= 1
        assert len(ada.showing(REMINDER)) == 1
