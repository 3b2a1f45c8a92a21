"""A start before the database is there, on Matrix."""

from pathlib import Path

from pydantic import SecretStr

from tests.channel.late_start import starting_late
from tests.channel.matrix.member import MatrixMember
from tests.channel.matrix.running import matrix_settings
from tests.channel.running import running
from tests.servers.postgres import Postgres
from tests.servers.synapse import Account, Synapse

CARD = "Ruf jetzt 112 an"
CONSENT = "Darf ich mir deine Antworten merken"


async def test_calls_for_help_are_answered_while_the_start_waits_and_are_worked_on_behind_it(
    postgres: Postgres,
    postgres_url: str,
    synapse: Synapse,
    coachs_account: Account,
    ada: MatrixMember,
    tmp_path: Path,
) -> None:
    """Who joins meanwhile is greeted afterwards, and keys that came meanwhile are not asked for again."""
    settings = matrix_settings(tmp_path, synapse, coachs_account, database_url=SecretStr(postgres_url))
    async with running(settings):
        await ada.invite(coachs_account.user)
        await ada.sees(CONSENT)
    ben = await MatrixMember.at(synapse, "ben")
    try:
        async with starting_late(postgres, settings) as start:
            await ben.invite(coachs_account.user)
            await ada.says("Ich will nicht mehr leben")  # her first words: the key comes with them
            await ada.sees(CARD)
            assert not ben.coachs
            async with start.comes():
                await ada.sees("Das klingt sehr schwer")
                await ben.sees(CONSENT)
    finally:
        await ben.aclose()
