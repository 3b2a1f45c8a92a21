"""One process at a time on the folder of Matrix keys."""

import asyncio
from pathlib import Path

from bot.runtime.matrix import take_keys
from tests.channel.running import settings_for


async def test_a_second_process_waits_until_the_first_has_ended(tmp_path: Path) -> None:
    settings = settings_for(tmp_path, matrix_store=tmp_path / "keys")
    first = await take_keys(settings)
    second = asyncio.create_task(take_keys(settings))
    await asyncio.sleep(0)
    assert not second.done()
    first.release()
    (await second).release()
