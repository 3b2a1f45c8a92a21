"""Every process knows by which ways people come to this coach, also one that opens no channel."""

from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from bot.dialogue.doors import Doors
from bot.runtime.doors import OTHER_BOT, doors_of
from bot.store.store import Store
from tests.channel.running import settings_for
from tests.store.given import NOW

TELEGRAM = {"telegram_token": SecretStr("123456:token")}
MATRIX = {
    "matrix_homeserver": "https://matrix.example.org", "matrix_user": "@coach:example.org",
    "matrix_password": SecretStr("password"),
}  # fmt: skip
WEB: dict[str, Any] = {"web_port": 0, "web_origin": "https://coach.example.org"}


@pytest.mark.parametrize(
    ("given", "doors"),
    [
        (TELEGRAM, Doors(telegram="the_bot")),
        (MATRIX, Doors(matrix="@coach:example.org")),  # a bot that was here once leads nowhere
        (TELEGRAM | MATRIX | WEB, Doors(telegram="the_bot", matrix="@coach:example.org", web=WEB["web_origin"])),
        ({}, Doors()),
    ],
)
async def test_the_ways_are_those_of_the_settings(
    store: Store, tmp_path: Path, given: dict[str, Any], doors: Doors
) -> None:
    settings = settings_for(tmp_path, **given)
    assert (await doors_of(settings, store)).telegram == ""  # nobody has asked Telegram for it yet
    await store.receive([], cursor=("telegram", OTHER_BOT, "name", "the_bot"), now=NOW)

    assert await doors_of(settings, store) == doors
