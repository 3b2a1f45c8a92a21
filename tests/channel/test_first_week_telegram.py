"""The first week of three members over the Bot API: healthy, acute at eleven at night, doctor first."""

from dataclasses import dataclass

import pytest

from bot.runtime.lifecycle import Coach
from tests.botapi import BotApi
from tests.botapi.people import Person
from tests.channel.first_week import WEEKS, Line, Week
from tests.channel.running import Clock


@dataclass
class TelegramHands:
    person: Person

    async def lines(self) -> list[Line]:
        return [
            Line(m.text, tuple(m.labels), picture=m.media is not None, rings=not m.silent) for m in self.person.messages
        ]

    async def tap(self, label: str) -> None:
        newest = next(message for message in reversed(self.person.messages) if label in message.labels)
        await self.person.tap(newest, label)

    async def write(self, text: str) -> None:
        await self.person.send(text)

    async def shot(self, name: str) -> None:
        """Nothing to look at: the double keeps words."""


@pytest.mark.parametrize("member", WEEKS)
async def test_a_first_week(coach: Coach, double: BotApi, clock: Clock, member: str) -> None:
    person = double.person(4001, language="de" if member == "healthy" else "en")

    await WEEKS[member](Week(coach, TelegramHands(person), clock))

    assert [request for request in double.requests if request.status == 400] == []
    assert await coach.store.dead_events() == []
