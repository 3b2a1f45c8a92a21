"""From Telegram into an encrypted room in the middle of a question; and a room in which a third person turns up."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from tests.botapi import TOKEN, BotApi
from tests.botapi.people import Person
from tests.channel.matrix.member import MatrixMember
from tests.channel.matrix.running import matrix_settings
from tests.channel.running import ALL_ROLES, Clock, running
from tests.servers.synapse import Account, Synapse

CONSENT, CROWDED = "Darf ich mir deine Antworten merken", "mehr als wir zwei"


@pytest.fixture
async def double() -> AsyncIterator[BotApi]:
    async with await BotApi.start() as api:
        yield api


async def test_from_telegram_into_an_encrypted_room_in_the_middle_of_a_question(
    synapse: Synapse, coachs_account: Account, ada: MatrixMember, double: BotApi, tmp_path: Path
) -> None:
    clock = Clock()
    telegram = {"telegram_token": SecretStr(TOKEN), "telegram_api_url": double.url, "telegram_rate": 0}
    phone: Person = double.person(1001, language="de")
    async with running(matrix_settings(tmp_path, synapse, coachs_account, **telegram), ALL_ROLES, now=clock):
        await ada.invite(coachs_account.user)
        await ada.sees(CONSENT)
        await phone.send("/start")
        await phone.tap(await phone.sees(CONSENT), "Ja, einverstanden")
        await phone.sees("1 von 4")
        await phone.send("/verbinden")
        code = (await phone.sees("Dein Code")).text.split("Dein Code: ")[1].split()[0]

        await ada.answers(f"!verbinden {code}", "Diesen Ort mit Telegram verbinden")
        assert "Auch Telegram selbst kann dort mitlesen" in ada.showing("Diesen Ort mit Telegram verbinden")[-1].body
        await ada.answers("Ja, verbinden", "Jetzt frage ich am anderen Ort")
        await phone.tap(await phone.sees("Diesen Ort mit Matrix verbinden"), "Ja, verbinden")
        await phone.sees("Verbunden mit Matrix")
        await ada.sees("Verbunden mit Telegram")

        await ada.answers("na so was Privates", "1 von 4")  # the talk goes on here, where it stopped
        clock.advance(seconds=40)
        await ada.answers("nein", "2 von 4")
        clock.advance(seconds=40)
        await ada.answers("nein", "Wie alt bist du")
        texts = await phone.wait_for(lambda room: [message.text for message in room.messages])
        for private in ("2 von 4", "Wie alt bist du", "so was Privates", "Nein, nichts davon ✓"):
            assert not any(private in text for text in texts)

        await phone.send("/trennen dort")
        await phone.sees("Der andere Ort ist getrennt")
        await ada.sees("Dieser Ort ist getrennt")


async def test_before_a_third_person_the_coach_stops_and_goes_on_in_a_new_room(
    synapse: Synapse, coachs_account: Account, ada: MatrixMember, tmp_path: Path
) -> None:
    clock = Clock()
    async with running(matrix_settings(tmp_path, synapse, coachs_account), ALL_ROLES, now=clock):
        await ada.invite(coachs_account.user)
        await ada.sees(CONSENT)
        await ada.answers("ja", "1 von 4")
        carol = await MatrixMember.at(synapse, "carol")
        try:
            await ada.client.room_invite(ada.room, carol.account.user)
            said = await ada.sees(CROWDED)
            assert "neuen Raum" in said.body
            assert not any(word in said.body for word in ("Schmerz", "Rücken", "Übung", "Gesundheit"))
            await carol.client.join(ada.room)
            carol.room = ada.room
            await ada.says("nein")
            before = len(ada.showing("1 von 4"))
            await ada.invite(coachs_account.user)
            await ada.sees("1 von 4", before + 1)  # what was written before a stranger is no answer: it is asked again
            clock.advance(seconds=40)
            await ada.answers("nein", "2 von 4")
            assert not carol.showing("von 4")
        finally:
            await carol.aclose()
