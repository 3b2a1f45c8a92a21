"""Bad days on Matrix: a burst, SIGKILL while it sends, yesterday's backup, a third person in the room."""

import asyncio
import random
import shutil
from pathlib import Path

import pytest

from bot.channels.matrix.checkup import look_at
from tests.channel.matrix.member import MatrixMember
from tests.channel.matrix.parts import Seat, delivery, in_a_room
from tests.channel.matrix.running import matrix_settings
from tests.channel.matrix.test_matrix_receiving import has_text, texts
from tests.channel.running import ALL_ROLES, Clock, running
from tests.crowd.bots import Bot, coach_settings
from tests.servers.proxy import proxy_to
from tests.servers.synapse import Account, Synapse

BURST, AT_ONCE = 400, 16
ASKED, KILLS = 8, 1
DAYS = 66  # what was sent is kept for sixty
CONSENT, HELP = "Darf ich mir deine Antworten merken", "!heute – deine Übungen"
REMINDER = "Es fehlen noch"
UNWELL = {"errcode": "M_UNKNOWN", "error": "Internal server error"}


async def test_four_hundred_messages_while_the_coach_is_away_arrive_in_order_and_once(
    seat: Seat, ada: MatrixMember
) -> None:
    await in_a_room(seat, ada)
    await ada.falls_silent()  # her own client need not read them all again
    for start in range(0, BURST, AT_ONCE):
        await asyncio.gather(*(ada.says(f"number {number}") for number in range(start, start + AT_ONCE)))

    async with seat.taken():
        await seat.inbox.until(lambda inbox: len(texts(inbox)) > BURST)
        await ada.says("Ende")
        await seat.inbox.until(has_text("Ende"))
    assert [arrival.source for arrival in seat.inbox.arrivals[1:]] == await ada.own_messages_on_the_server()
    assert sorted(texts(seat.inbox)[1:-1]) == sorted(f"number {number}" for number in range(BURST))


async def test_a_coach_killed_while_it_sends_shows_every_answer_once(
    synapse: Synapse, coachs_account: Account, ada: MatrixMember, tmp_path: Path
) -> None:
    environment = coach_settings("", tmp_path) | {
        "RUECKGRAT_MATRIX_HOMESERVER": synapse.url,
        "RUECKGRAT_MATRIX_USER": coachs_account.user,
        "RUECKGRAT_MATRIX_PASSWORD": coachs_account.password,
        "RUECKGRAT_MATRIX_STORE": str(tmp_path / "matrix"),
    }
    environment = {name: value for name, value in environment.items() if "TELEGRAM" not in name}
    chance = random.Random(20261129)
    await ada.invite(coachs_account.user)
    coach = await Bot.start(["-m", "bot", "run"], environment, tmp_path / "coach.log")
    try:
        await ada.sees(CONSENT)
        for kill in range(KILLS + 1):
            for _ in range(ASKED // (KILLS + 1)):
                await ada.says("!hilfe")
            due = kill * ASKED // (KILLS + 1) + chance.randint(1, 3)
            await ada.sees(HELP, due)
            if kill < KILLS:
                await coach.kill()
                coach = await Bot.start(["-m", "bot", "run"], environment, tmp_path / "coach.log")
        await ada.says("!hilfe")  # answered last: whatever came twice has come by then
        await ada.sees(HELP, ASKED + 1)
        assert await coach.end() == 0, coach.said()
    finally:
        await coach.kill()

    assert len(ada.showing(HELP)) == ASKED + 1
    assert not ada.showing("undecryptable")


@pytest.mark.parametrize("what", ["rueckgrat.db*", "*"], ids=["database", "keys-too"])
async def test_yesterdays_backup_shows_nothing_twice(
    synapse: Synapse, coachs_account: Account, ada: MatrixMember, tmp_path: Path, what: str
) -> None:
    """What waited in it has been sent since; so has a prompt that was booked in it; and what Ada wrote was answered.

    With the keys brought back too, the device is a new one: it can read nothing of it, and the homeserver knows none of
    its numbers.
    """
    folder, clock = tmp_path / "coach", Clock()
    folder.mkdir()
    async with proxy_to(synapse.url) as proxy:
        settings = matrix_settings(folder, synapse, coachs_account, matrix_homeserver=proxy.url)
        await ada.invite(coachs_account.user)
        async with running(settings, ALL_ROLES, now=clock) as coach:
            await ada.sees(CONSENT)
            await ada.answers("ja", "1 von 4")
            refused = proxy.fails(r"PUT .*/send/m\.room", status=502, body=UNWELL, times=1000)
            await ada.says("!hilfe")
            await refused.happened.wait()
            assert not ada.showing(HELP)
        backup = shutil.copytree(folder, tmp_path / "backup")
        proxy.faults.clear()
        async with running(settings, ALL_ROLES, now=clock) as coach:
            await ada.sees(HELP)
            if what != "*":  # a new device could not read it: then the question stands open again, and is asked
                clock.shift_us += 60_000_000  # nobody reads a list faster
                await ada.answers("nein", "2 von 4")
            clock.shift_us += max(0, (await coach.store.next_due() or 0) - clock())
            await ada.sees(REMINDER)
            await ada.until(lambda member: "von 9" in member.coachs[-1].body, "the open question behind it")
            await coach.store.upkeep(clock())
        seen = set(ada.shown)
        for path in folder.glob(what):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        for path in backup.glob(what):
            shutil.copytree(path, folder / path.name) if path.is_dir() else shutil.copy(path, folder)
        async with running(settings, ALL_ROLES, now=clock) as coach:
            await ada.answers("!hilfe", HELP, 2)  # asked anew, answered anew
    fresh = [each.body for each in ada.coachs if each.event not in seen]
    assert len([body for body in fresh if HELP in body]) == 1, fresh
    behind = [
        body for body in fresh if HELP not in body
    ]  # the open question stands last again, where it is seen in time
    assert len(behind) <= 1, fresh
    assert all("von 9" in body for body in behind), fresh
    assert not ada.showing("undecryptable")


async def test_after_sent_messages_are_tidied_away_new_ones_are_shown(
    synapse: Synapse, coachs_account: Account, ada: MatrixMember, tmp_path: Path
) -> None:
    """A homeserver drops what comes under a number it has seen: no number is ever given again."""
    clock, settings = Clock(), matrix_settings(tmp_path, synapse, coachs_account)
    await ada.invite(coachs_account.user)
    async with running(settings, ALL_ROLES - {"clock"}, now=clock) as coach:
        await ada.sees(CONSENT)
        await ada.answers("ja", "1 von 4")
        await ada.answers("!hilfe", HELP)
        tidied = 0
        for _ in range(DAYS):  # not more than a day at once: a clock that jumps is not believed
            clock.advance(hours=23)
            tidied += (await coach.store.upkeep(clock())).sends
        assert tidied >= 3
    async with running(settings, ALL_ROLES, now=clock):
        await ada.answers("!hilfe", HELP, 2)
        await ada.answers("!hilfe", HELP, 3)
    assert len(ada.showing(HELP)) == 3


async def test_keys_from_yesterday_are_noticed_and_replaced(seat: Seat, ada: MatrixMember) -> None:
    """With them the coach would write what nobody can read, and read nothing."""
    await in_a_room(seat, ada)
    async with seat.taken() as coach:
        await coach.channel.send(delivery(seat, ada, "gestern"))
        await ada.sees("gestern")
        before = coach.channel.device
    backup = shutil.copytree(seat.folder / "matrix", seat.folder / "backup")
    async with seat.taken() as coach:
        await ada.says("heute")
        await seat.inbox.until(has_text("heute"))
        await coach.channel.send(delivery(seat, ada, "heute auch", number=2))
        await ada.sees("heute auch")
    shutil.rmtree(seat.folder / "matrix")
    shutil.copytree(backup, seat.folder / "matrix")
    async with seat.taken() as coach:
        assert coach.channel.device != before
        await ada.says("lesbar?")
        await seat.inbox.until(has_text("lesbar?"))
        await coach.channel.send(delivery(seat, ada, "lesbar!", number=3))
        await ada.sees("lesbar!")
        assert "cross-signed" in await look_at(seat.access)
    assert not ada.showing("undecryptable")
