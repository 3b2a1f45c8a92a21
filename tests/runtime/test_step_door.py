"""`POST /steps` over a real socket: a member's key keeps days, everything else is refused."""

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path

import aiohttp
import pytest
from starlette.applications import Starlette

from bot.runtime.http import Front, steps_route
from bot.runtime.step_door import PER_HOUR, StepDoor
from bot.store.store import Store
from tests.dialogue.room import the_kit
from tests.runtime.places import TELEGRAM, Places, trained
from tests.store.given import NOW

DAY = "2026-03-01"  # the places' clock begins on the day behind it


@dataclass
class Door:
    places: Places
    url: str
    key: str = ""

    async def tells(self, body: str, key: str | None = None) -> int:
        headers = {"authorization": f"Bearer {self.key if key is None else key}"}
        async with aiohttp.ClientSession() as session, session.post(self.url, data=body, headers=headers) as answer:
            return answer.status

    async def steps(self) -> dict[str, int]:
        await self.places.works()
        member = await self.places.member(TELEGRAM)
        assert member is not None
        return {walk.day: walk.steps for walk in member.known.walks}


@pytest.fixture
async def door(tmp_path: Path) -> AsyncIterator[Door]:
    store = await Store.open(f"sqlite+aiosqlite:///{tmp_path / 'coach.db'}")
    await store.migrate()
    await store.node("door", NOW)
    front = Front("127.0.0.1", 0)
    url = f"http://127.0.0.1:{front.port}/steps"
    kit = the_kit()
    places = Places(store, kit=replace(kit, operator=replace(kit.operator, steps_address=url)))
    await places.knows(TELEGRAM, trained())
    made = Door(places, url)
    made.key = await new_key(made)
    serving = asyncio.create_task(
        front.serve(Starlette(routes=[steps_route(StepDoor(store, lambda: places.now, lambda: 0.0).take)]))
    )
    yield made
    await front.stop()
    await serving
    front.close()
    await store.aclose()


async def new_key(door: Door) -> str:
    said = "\n".join(await door.places.says(TELEGRAM, "/schritte automatisch"))
    found = re.search(r"[0-9a-f]+-[\w-]{32}", said)
    assert found is not None, said
    return found[0]


@pytest.mark.parametrize(
    "body",
    [f'{{"date": "{DAY}", "steps": 6500}}', f'{{"days": [{{"date": "{DAY}", "steps": "6500"}}]}}', f"{DAY},6500"],
)
async def test_a_phone_with_the_members_key_tells_a_day_and_nobody_is_written_to(door: Door, body: str) -> None:
    before = len(await door.places.messages(TELEGRAM))

    assert await door.tells(body) == 202

    assert await door.steps() == {DAY: 6500}
    assert len(await door.places.messages(TELEGRAM)) == before


async def test_without_a_right_key_nothing_is_kept_and_guessing_ends(door: Door) -> None:
    number = door.key.partition("-")[0]
    told = [await door.tells(f"{DAY} 1", key) for key in ("", "x", f"{number}-", f"{number}-wrong", "1-wrong", "ff-x")]

    assert told == [401] * 5 + [429]
    assert await door.steps() == {}


async def test_a_renewed_or_taken_away_key_opens_no_longer(door: Door) -> None:
    old = door.key
    door.key = await new_key(door)

    assert (await door.tells(f"{DAY} 6500", old), await door.tells(f"{DAY} 6500")) == (401, 202)
    await door.places.says(TELEGRAM, "/schritte aus")
    assert await door.tells(f"{DAY} 7000") == 401
    assert await door.steps() == {DAY: 6500}


async def test_what_is_no_steps_too_much_or_too_often_is_refused(door: Door) -> None:
    assert await door.tells("x" * 9000) == 413
    assert await door.tells('{"steps": 6500}') == 400
    assert await door.tells("[1, 2]") == 400

    assert [await door.tells(f"{DAY} 6500") for _ in range(PER_HOUR - 1)].count(202) == PER_HOUR - 2
    assert await door.tells(f"{DAY} 6500") == 429
