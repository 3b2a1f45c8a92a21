"""Traps of the protocol that lock a room, lose a word or say one too many, each once."""

import asyncio
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

import pytest

from bot.channels.channel import EditGoneError, UnreachableError
from bot.channels.matrix.channel import Patience
from bot.dialogue.events import MediaReceived, Unreadable
from tests.channel.matrix.member import MatrixMember
from tests.channel.matrix.parts import Seat, delivery, in_a_room
from tests.channel.matrix.running import matrix_settings
from tests.channel.matrix.test_matrix_receiving import UNKNOWN, has_media, has_reach, has_text
from tests.channel.running import ALL_ROLES, Clock, running
from tests.servers.proxy import proxy_to
from tests.servers.synapse import TIMELINE, Account, Synapse

UNWELL = {"errcode": "M_UNKNOWN", "error": "Bad gateway"}
BURST, AT_ONCE = 2 * TIMELINE, 10  # more than a sync tells
PATIENCE_S = 120  # on a busy machine the homeserver needs most of it
ANSWERS = [("Ja", "1.0.abcd.yes"), ("Nein", "1.0.abcd.no")]


async def test_a_send_that_its_caller_gives_up_locks_no_room(seat: Seat, ada: MatrixMember) -> None:
    await in_a_room(seat, ada)
    async with proxy_to(seat.synapse.url) as proxy:
        seat.homeserver = proxy.url
        async with seat.taken() as coach:
            stuck = proxy.hangs("PUT .*sendToDevice/m.room.encrypted")  # the room's first key is on its way
            given_up = asyncio.create_task(coach.channel.send(delivery(seat, ada, "eins")))
            await stuck.happened.wait()
            given_up.cancel()
            with suppress(asyncio.CancelledError):
                await given_up
            proxy.goes_on(stuck)
            await coach.channel.send(delivery(seat, ada, "zwei", number=2))
            await ada.sees("zwei")
            await ada.sees("eins")
    assert not ada.showing("undecryptable")


async def test_nothing_is_sent_after_being_put_out(seat: Seat, ada: MatrixMember) -> None:
    await in_a_room(seat, ada)
    async with seat.taken() as coach:
        await coach.channel.send(delivery(seat, ada, "eins"))
        await ada.client.room_kick(ada.room, seat.account.user)
        await seat.inbox.until(has_reach(reachable=False))
        with pytest.raises(UnreachableError):
            await coach.channel.send(delivery(seat, ada, "zwei", number=2))


async def test_an_invitation_is_carried_out_after_a_restart(seat: Seat, ada: MatrixMember) -> None:
    async with proxy_to(seat.synapse.url) as proxy:
        seat.homeserver = proxy.url
        refused = proxy.fails("POST .*join/", status=502, body=UNWELL, times=100)
        async with seat.taken():
            await ada.invite(seat.account.user)
            await refused.happened.wait()
            await seat.inbox.until(lambda inbox: ada.room in inbox.positions.get("sync", ""))
        refused.times = 0
        async with seat.taken():
            await seat.inbox.until(has_text("/start"))
            await ada.coach_is_in(seat.account.user)


async def test_a_message_that_names_no_device_is_told_of_too(seat: Seat, ada: MatrixMember) -> None:
    await in_a_room(seat, ada)
    async with seat.taken(patience=Patience(tell_s=0.2)):
        nameless = {name: value for name, value in UNKNOWN.items() if name not in {"sender_key", "device_id"}}
        await ada.sends_raw("m.room.encrypted", {**nameless, "session_id": "x"})
        await seat.inbox.until(has_media(Unreadable.UNDECRYPTED))


async def test_that_something_cannot_be_read_is_said_once_a_day_whatever_restarts(
    seat: Seat, ada: MatrixMember
) -> None:
    await in_a_room(seat, ada)
    clock, told = Clock(), MediaReceived(what=Unreadable.UNDECRYPTED)
    for number, times in enumerate((1, 1, 2)):
        if number == 2:
            clock.advance(hours=25)
        async with seat.taken(patience=Patience(tell_s=0.2), now=clock):
            await ada.sends_raw("m.room.encrypted", {**UNKNOWN, "session_id": f"session {number}"})
            await ada.says(f"danach {number}")
            await seat.inbox.until(has_text(f"danach {number}"))
            await seat.inbox.until(lambda inbox: inbox.positions["sync"].count("true") > 0)
            await seat.inbox.until(lambda inbox, times=times: inbox.events.count(told) == times)  # type: ignore[misc]  # the loop
    assert seat.inbox.events.count(told) == 2


async def test_reading_is_shown_once_a_batch_and_typing_only_while_somebody_waits(
    seat: Seat, ada: MatrixMember
) -> None:
    await in_a_room(seat, ada)
    for number in range(5):
        await ada.says(f"number {number}")
    async with proxy_to(seat.synapse.url) as proxy:
        seat.homeserver, told = proxy.url, proxy.hangs("read_markers")
        async with seat.taken() as coach:
            await seat.inbox.until(has_text("number 4"))
            await coach.channel.send(delivery(seat, ada, "gleich da"))
            await ada.sees("gleich da")
            await asyncio.wait_for(told.happened.wait(), 10)
            proxy.goes_on(told)
            assert proxy.count("read_markers") == 1
            assert not proxy.count("/typing/")


async def test_after_a_restart_the_old_question_still_loses_its_answers(seat: Seat, ada: MatrixMember) -> None:
    await in_a_room(seat, ada)
    async with seat.taken() as coach:
        first = await coach.channel.send(delivery(seat, ada, "Frage eins", buttons=ANSWERS))
        shown = await ada.sees("Frage eins")
        assert shown.body.endswith("2. Nein")
    async with seat.taken() as coach:
        with pytest.raises(EditGoneError):
            await coach.channel.send(delivery(seat, ada, "Frage zwei", number=2, buttons=ANSWERS, edits=first.remote))
        await ada.until(lambda member: member.showing("Frage eins")[-1].body == "Frage eins", "only the words are left")


async def test_a_burst_while_the_coach_listens_stands_in_the_real_inbox_in_order_and_once(
    synapse: Synapse, coachs_account: Account, ada: MatrixMember, tmp_path: Path
) -> None:
    async with running(matrix_settings(tmp_path, synapse, coachs_account), ALL_ROLES):
        await ada.invite(coachs_account.user)
        await ada.sees("Darf ich mir deine Antworten merken")
        for start in range(0, BURST, AT_ONCE):  # no answers: a no to what is asked would erase what was heard
            now = range(start, start + AT_ONCE)
            await asyncio.gather(*(ada.says(f"{number} von vielen Worten") for number in now))
        said = await ada.own_messages_on_the_server()
        heard: list[str] = []
        with suppress(TimeoutError):  # what is missing by then says more
            async with asyncio.timeout(PATIENCE_S):
                while len(heard) < BURST:
                    await asyncio.sleep(0.2)
                    heard = in_the_inbox(tmp_path / "rueckgrat.db")
    assert len(said) == BURST
    assert [number for number, event in enumerate(said) if event not in heard] == []
    assert heard == said


def in_the_inbox(database: Path) -> list[str]:
    """Texts by their event, as they were written."""
    with closing(sqlite3.connect(database)) as store:
        rows = store.execute("SELECT source FROM inbox WHERE channel = 'matrix' AND source LIKE '$%' ORDER BY id")
        return [source for (source,) in rows]
