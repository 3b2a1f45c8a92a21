"""Groups in which a round runs: their people tap the card evenly, while something else is measured."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import count
from zoneinfo import ZoneInfo

from bot.dialogue.events import Address
from bot.store.round_rooms import StoredRound
from bot.store.store import Store
from tests.botapi.double import BotApi
from tests.botapi.groups import Group
from tests.botapi.people import Person, Tap
from tests.botapi.wire import Wire

FIRST = 20_000_000  # their persons' ids
GOAL, WEEKS = 900, 2


def zone_of_noon() -> str:
    """Where it is about noon: a round's day neither begins nor ends while it is measured, whenever that is."""
    behind = datetime.now(UTC).hour - 12
    return f"Etc/GMT{behind:+d}"


async def begin_rounds(store: Store, account: str, groups: Sequence[int], now: int) -> None:
    """A round in each group, in the file in which the coach will find it. `groups`: their ids."""
    zone = zone_of_noon()
    today = datetime.fromtimestamp(now / 1e6, ZoneInfo(zone)).date().isoformat()  # where the rounds are, not in UTC
    async with store.rounds(now) as desk:
        for number, group in enumerate(groups, 1):
            made = StoredRound(
                id=number, starter=number, code=f"C{number}", room_code=f"R{number}", name="team", language="de",
                zone=zone, begins=today, weeks=WEEKS, goal=GOAL,
            )  # fmt: skip
            assert await desk.start(made, 5)
            assert await desk.bring(f"R{number}", Address("telegram", account, "1", str(group), private=False))


class Gathering:
    """So many groups of as many people, everybody in one group only."""

    def __init__(self, double: BotApi, groups: int, people: int) -> None:
        ids = count(FIRST)
        self._changed = double.world.changed
        self._members = [[double.person(next(ids)) for _ in range(people)] for _ in range(groups)]
        self.groups = [double.group(members, kind="supergroup") for members in self._members]
        self._taps: list[Tap] = []
        self._tapping: asyncio.Task[None] | None = None

    async def until_shown(self, patience: float) -> int:
        """Waits for every group's card; how many have one."""
        await self._changed.until(lambda: all(map(_has_card, self.groups)), patience)
        return sum(map(_has_card, self.groups))

    def begin(self, rate: float) -> None:
        """From now on so many taps a second, one group after the other, nobody twice."""
        self._tapping = asyncio.create_task(self._all_tap(rate))

    async def _all_tap(self, rate: float) -> None:
        loop = asyncio.get_running_loop()
        began = loop.time()
        for number, (person, group) in enumerate(self._in_turn()):
            await asyncio.sleep(max(0.0, began + number / rate - loop.time()))
            card = next(message for message in group.messages if message.buttons)
            self._taps.append(await person.tap(card, card.buttons[0][0].text))

    def _in_turn(self) -> list[tuple[Person, Group]]:
        rows = zip(*self._members, strict=True)
        return [pair for row in rows for pair in zip(row, self.groups, strict=True)]

    async def end(self) -> Wire:
        """Nobody taps any more: how many have, and to how many of them the coach has answered."""
        if self._tapping is not None and not self._tapping.cancel():
            self._tapping.result()  # they are through, or something went wrong
        return {"taps": len(self._taps), "answered": sum(tap.query.answered for tap in self._taps)}


def _has_card(group: Group) -> bool:
    return any(message.buttons for message in group.messages)
