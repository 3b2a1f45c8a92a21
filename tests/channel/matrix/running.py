"""Settings of a coach with an account on the tests' homeserver."""

from pathlib import Path
from typing import Any

from pydantic import SecretStr

from bot.settings import Settings
from tests.channel.running import settings_for
from tests.servers.synapse import Account, Synapse


def matrix_settings(folder: Path, synapse: Synapse, account: Account, **given: Any) -> Settings:
    values = {
        "matrix_homeserver": synapse.url,
        "matrix_user": account.user,
        "matrix_password": SecretStr(account.password),
        "matrix_store": folder / "matrix",
        **given,
    }
    return settings_for(folder, **values)
