"""Two whole days in an encrypted room, while everybody is ended and comes back in the middle of a question."""

from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.dialogue.messages import Form, Picture
from bot.runtime.lifecycle import Coach
from tests.channel.matrix.member import MatrixMember
from tests.channel.matrix.running import matrix_settings
from tests.channel.running import ALL_ROLES, Clock, running
from tests.servers.synapse import Account, Synapse

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

AFTER, WENT = "Und wie stark", "1. Ging gut"
LEAST_S = 30  # nobody reads a list faster


@pytest.fixture
async def bea(synapse: Synapse, tmp_path: Path) -> AsyncIterator[MatrixMember]:
    """A member whose client keeps its keys on disk."""
    folder = tmp_path / "client"
    folder.mkdir()
    member = await MatrixMember.of(synapse, await synapse.person("bea"), folder)
    yield member
    await member.aclose()


async def talks(member: MatrixMember, clock: Clock, *turns: tuple[str, str]) -> None:
    for typed, then in turns:
        clock.advance(seconds=LEAST_S)
        await member.answers(typed, then)


async def trains(member: MatrixMember, clock: Clock) -> None:
    """All goes well until the pain afterwards is asked."""
    while True:
        await member.until(
            lambda one: one.coachs[-1].body.startswith(AFTER) or WENT in one.coachs[-1].body, "a question"
        )
        if member.coachs[-1].body.startswith(AFTER):
            return
        clock.advance(seconds=LEAST_S)
        shown = member.coachs[-1]
        await member.says("ging gut")
        await member.until(lambda _, shown=shown: shown.edits > 0, "the answer")  # type: ignore[misc]  # the loop's own


async def test_two_days_while_everybody_comes_and_goes(
    synapse: Synapse, coachs_account: Account, bea: MatrixMember, tmp_path: Path
) -> None:
    clock, settings = Clock(), matrix_settings(tmp_path, synapse, coachs_account)
    await bea.invite(coachs_account.user)
    async with running(settings, ALL_ROLES, now=clock) as coach:
        await coach.pictures.picture(Picture(figure="beckenkippen", form=Form.CLIP))  # drawing takes seconds
        await bea.sees("Darf ich mir deine Antworten merken")
        await talks(bea, clock, ("ja", "1 von 4"), ("nein", "2 von 4"))
    # The coach is away in the middle of list 2; the answer was written meanwhile.
    clock.advance(seconds=LEAST_S)
    await bea.says("nein")
    async with running(settings, ALL_ROLES, now=clock) as coach:
        await bea.sees("Wie alt bist du")
        await talks(bea, clock, ("18 bis 44", "Wie lange"), ("Über 12 Wochen", "3 von 4"))
        # The server is away in the middle of list 3, under a coach that runs on.
        synapse.stop()
        await synapse.start()
        await talks(bea, clock, ("nein", "4 von 4"))
        # The member's client is ended in the middle of list 4.
        await bea.restarts()
        await talks(bea, clock, ("nein", "Worauf muss ich"), ("nichts davon", "Wie stark ist der Schmerz"))
        await talks(bea, clock, ("3", "Wir fangen klein an"), ("1", "Beckenkippen mit dem Atem"))
        await trains(bea, clock)
        await talks(bea, clock, ("2", "Wann passt es dir morgen"), ("8", "Bei dir ist es jetzt"))
        await talks(bea, clock, ("stimmt", "woran hängen wir es"), ("nach dem Kaffee", "ein bewegter Tag"))

        clock.until(1, 8)
        await bea.until(lambda member: "0 · 1 · 2" in member.coachs[-1].body, "the morning's question")
        await bea.restarts()
        await talks(bea, clock, ("3", "1. Los geht's"))
    async with running(settings, ALL_ROLES, now=clock) as coach:
        await bea.says("1")
        await trains(bea, clock)
        await talks(bea, clock, ("2", "Das war's für heute"))
        await nothing_is_lost_or_twice(coach, bea)


async def nothing_is_lost_or_twice(coach: Coach, member: MatrixMember) -> None:
    assert await coach.store.dead_events() == []
    assert not any("undecryptable" in each.body for each in member.shown.values())
    lines = Counter(each.body.partition("\n")[0] for each in member.coachs)
    assert lines["Sicherheit: Nein, nichts davon ✓"] == 4
    assert lines["Schmerz danach: 2 ✓"] == lines["Beckenkippen: Ging gut ✓"] == 2
    assert not [line for line, count in lines.items() if "?" in line and count], "every question became its answer"
    assert await member.kinds_on_the_server() == {"m.room.encrypted", "m.reaction"}
