"""A real coach with one round on both platforms is killed between taps and the edits of its cards.

Both platforms refuse the edits until then, so that it surely dies in between. Every tap counts once, and both cards say
it: also a double tap, what is tapped while nobody is there, and a reaction taken back afterwards.
"""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.channels.wall_clock import now_us
from bot.dialogue.events import Address
from bot.dialogue.rounds import DAY_SIGNS
from bot.store.round_rooms import StoredRound
from bot.store.store import Store
from tests.botapi import BotApi
from tests.botapi.groups import Group
from tests.botapi.views import Message
from tests.channel.matrix.member import ENCRYPTED, MatrixMember
from tests.crowd.bots import Bot, start_coach
from tests.servers.proxy import proxy_to
from tests.servers.synapse import Account, Synapse

NOON = 12
UNWELL = {"errcode": "M_UNKNOWN", "error": "Bad gateway"}


def round_at_noon() -> StoredRound:
    """One in whose zone it is midday now: its day does not end during the test."""
    now = datetime.now(UTC)
    ahead = NOON - now.hour
    today = (now + timedelta(hours=ahead)).date()
    zone = f"Etc/GMT{-ahead:+d}"  # these zones count westwards
    return StoredRound(
        id=1, starter=1, code="C1", room_code="R1", name="team", language="de", zone=zone, begins=today.isoformat(),
        weeks=2, goal=90,
    )  # fmt: skip


async def prepared(folder: Path, made: StoredRound, group: Address) -> None:
    """In the file in which the coach will find it."""
    store = await Store.open(f"sqlite+aiosqlite:///{folder / 'r.db'}")
    await store.migrate()
    await store.node("test", now_us())
    async with store.rounds(now_us()) as desk:
        assert await desk.start(made, 5)
        assert await desk.bring(made.room_code, group)
    await store.aclose()


def counted(folder: Path) -> int:
    with closing(sqlite3.connect(folder / "r.db")) as file:
        return int(file.execute("SELECT count(*) FROM active_day").fetchone()[0])


def card(group: Group) -> Message:
    (found,) = [message for message in group.messages if message.buttons]
    return found


async def test_a_coach_killed_between_taps_and_their_cards(
    synapse: Synapse, coachs_account: Account, ada: MatrixMember, tmp_path: Path
) -> None:
    made, ben = round_at_noon(), await MatrixMember.at(synapse, "ben")
    sign = DAY_SIGNS[datetime.fromisoformat(made.begins).weekday()]
    async with await BotApi.start() as double, proxy_to(synapse.url) as proxy:
        folks = [double.person(number) for number in range(501, 505)]
        group = double.group(folks)
        there = Address("telegram", str(double.world.bot["id"]), "501", str(group.id), private=False)
        await prepared(tmp_path, made, there)

        async def begin() -> Bot:
            matrix = {"HOMESERVER": proxy.url, "USER": coachs_account.user, "PASSWORD": coachs_account.password}
            matrix |= {"STORE": str(tmp_path / "matrix")}
            return await start_coach(double.url, tmp_path, **{f"MATRIX_{name}": it for name, it in matrix.items()})

        coach = await begin()
        try:
            room = await ada.client.room_create(invite=[ben.account.user], initial_state=[ENCRYPTED])
            ada.room = ben.room = str(room.room_id)
            await ben.client.join(ben.room)
            await ada.client.room_invite(ada.room, coachs_account.user)
            await ada.sees("Ich bin für eine Bewegungsrunde hier")
            await ada.says(f"!start r_{made.room_code}")
            theirs = [await member.sees("Ab vier Leuten") for member in (ada, ben)]
            await group.wait_for(lambda g: any("Ab vier Leuten" in message.text for message in g.messages))

            here = double.fault("server_error", "editMessageText", times=None)
            gone = proxy.fails("PUT .*/send/m.room.encrypted", status=502, body=UNWELL, times=10_000)
            for number in (0, 1, 2, 2):
                await (await folks[number].tap(card(group), "Heute bewegt")).answered()
            reactions = [await member.reacts(shown, sign) for member, shown in zip((ada, ben), theirs, strict=True)]
            await gone.happened.wait()
            await double.world.changed.until(lambda: here.hits > 0, 60)
            await coach.kill()
            assert "Ab vier Leuten" in card(group).text
            assert "Ab vier Leuten" in theirs[0].body

            double.heal()
            gone.times = 0
            await folks[3].tap(card(group), "Heute bewegt")
            await folks[0].tap(card(group), "Heute bewegt")
            coach = await begin()
            await says(6, group, ada)
            await ben.client.room_redact(ben.room, reactions[1])
            await says(5, group, ada)
            assert counted(tmp_path) == 5
            assert len([each for each in ada.coachs if "Woche 1 von 2" in each.body]) == 1
            assert await coach.end() == 0, coach.said()
        finally:
            await coach.kill()
            await ben.aclose()


async def says(people: int, group: Group, member: MatrixMember) -> None:
    """Both cards do; before it lie a start beside other work and edits four seconds apart."""
    words = f"Heute bewegt: {people}\nGemeinsam: {people} Tage"
    await group.wait_for(lambda _: words in card(group).text, timeout=60)
    await member.sees(words)
