"""Hello to the second morning in an encrypted Matrix room, on a real homeserver, with restarts in the middle."""

from pathlib import Path

from bot.dialogue.messages import Form, Picture
from tests.channel.matrix.member import MatrixMember, Shown
from tests.channel.matrix.running import matrix_settings
from tests.channel.running import ALL_ROLES, Clock, running
from tests.servers.synapse import Account, Synapse


def films(member: MatrixMember) -> list[Shown]:
    return [each for each in member.coachs if each.content.get("msgtype") == "m.video"]


async def test_a_member_gets_to_the_second_day(
    synapse: Synapse, coachs_account: Account, ada: MatrixMember, tmp_path: Path
) -> None:
    clock, settings = Clock(), matrix_settings(tmp_path, synapse, coachs_account)
    await ada.invite(coachs_account.user)
    async with running(settings, ALL_ROLES, now=clock) as coach:
        await coach.pictures.picture(Picture(figure="beckenkippen", form=Form.CLIP))  # drawing takes seconds
        await ada.sees("Darf ich mir deine Antworten merken")
        for typed, then in (
            ("ja", "1 von 4"),
            ("nein", "2 von 4"),
            ("nein", "Wie alt bist du"),
            ("18 bis 44", "Wie lange"),
        ):
            clock.advance(seconds=30)  # nobody reads a list faster
            await ada.answers(typed, then)
    clock.advance(seconds=30)
    await ada.says("Über 12 Wochen")  # while the coach is away
    synapse.stop()
    await synapse.start()
    async with running(settings, ALL_ROLES, now=clock):
        await ada.sees("3 von 4")
        for typed, then in (
            ("nein", "4 von 4"),
            ("nein", "Worauf muss ich"),
            ("nichts davon", "Wie stark ist der Schmerz"),
            ("3", "Wir fangen klein an"),
            ("1", "Beckenkippen mit dem Atem"),
            ("ging gut", "Katze-Kuh im Sitzen"),
            ("ging gut", "Und wie stark"),
            ("2", "Wann passt es dir morgen"),
            ("8", "Bei dir ist es jetzt"),
            ("stimmt", "woran hängen wir es"),
            ("nach dem Kaffee", "ein bewegter Tag"),
        ):
            clock.advance(seconds=30)
            await ada.answers(typed, then)
        assert (await ada.downloads(films(ada)[0].content))[4:8] == b"ftyp"

        clock.until(1, 8)
        await ada.until(lambda member: "0 · 1 · 2" in member.coachs[-1].body, "the morning's question")
        before = len(films(ada))
        await ada.answers("3", "1. Los geht's")
        await ada.says("1")
        await ada.until(lambda member: len(films(member)) > before, "the second day's exercise")
    assert await ada.kinds_on_the_server() == {"m.room.encrypted", "m.reaction"}
