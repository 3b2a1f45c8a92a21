"""The people: each answers the bot's newest question once, as soon as it is seen; repeated questions are counted.

One in a conversation: her next line leaves only after the last one was answered, as with people.
"""

import asyncio
import itertools
import time
from array import array
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.botapi.double import BotApi
from tests.botapi.people import Person
from tests.botapi.wire import Wire
from tests.botapi.world import Query
from tests.crowd.gathering import Gathering
from tests.crowd.manners import Habit, chosen, is_list, is_mendable


@dataclass(slots=True)
class Talk:
    """One person's conversation. `asked`: the keyboards she has answered, as the data of their first button."""

    person: Person
    habit: Habit
    said: list[str] = field(default_factory=list)
    asked: set[str] = field(default_factory=set)
    spoke: float = 0.0
    turns: int = 0
    repeated: int = 0
    waiting: bool = True

    @property
    def closing(self) -> bool:
        return self.habit.closes and self.waiting and self.turns + 1 == self.habit.turns

    @property
    def done(self) -> bool:
        return self.turns >= self.habit.turns


class Crowd:
    """All people of a run. `tally` counts answered turns; `latencies` holds the seconds from a line to its answer."""

    def __init__(self, double: BotApi) -> None:
        self.double = double
        self._ids = itertools.count(1_000_000)
        self.changed = double.world.changed
        self.gathering: Gathering | None = None
        self.talks: dict[int, Talk] = {}
        self.talking: set[int] = set()  # who has turns left
        self.tally = 0
        self.latencies = array("d")
        self.last = 0.0
        self.stopped = False
        self._queries = itertools.count(1)
        self.ready: deque[Callable[[], None]] = deque()  # what paced people will do next

    def come(self, people: int, habit: Habit) -> list[int]:
        """So many new people say hello."""
        self.stopped = False
        return [self._one_comes(habit) for _ in range(people)]

    def _one_comes(self, habit: Habit) -> int:
        number = next(self._ids)
        self.talks[number] = talk = Talk(self.double.person(number), habit)
        self.talking.add(number)
        self._say(talk, "/start")
        return number

    def settle(self, people: int, habit: Habit, first: int) -> None:
        """People who have talked to the bot before, ids from `first` on; they say nothing by themselves."""
        for number in range(first, first + people):
            self.talks[number] = Talk(self.double.person(number, started=True), habit, waiting=False)

    async def written(self, lines: list[tuple[int, str]], patience: float) -> list[float | None]:
        """People write; the milliseconds until each one saw a new message of the bot, None if none came in time."""
        world = self.double.world
        began = self.double.inject(lines)

        def came(number: int) -> float | None:
            records = reversed(world.chats[number].records.values())
            at = [r.at for r in records if r.at > began and r.wire["from"]["is_bot"]]
            return (min(at) - began) * 1000 if at else None

        await world.changed.until(lambda: all(came(number) is not None for number, _ in lines), patience)
        return [came(number) for number, _ in lines]

    def sees(self, message: Wire) -> None:
        """A message as it is now: new, or edited."""
        talk = self.talks.get(message["chat"]["id"])
        rows = message.get("reply_markup", {}).get("inline_keyboard")
        if talk is None or is_mendable(rows):
            return
        if not rows:
            if talk.closing and "edit_date" not in message:
                self._answered(talk)
            return
        key = f"{message.get('text') or message.get('caption')}|{rows[0][0].get('callback_data')}"
        if key in talk.asked:
            talk.repeated += 1
            return
        talk.asked.add(key)
        self._answered(talk)
        if talk.done:
            if talk.habit.renewed and not self.stopped:
                self._one_comes(talk.habit)
        elif not self.stopped:
            self._reply(talk, message, rows)

    def _answered(self, talk: Talk) -> None:
        now = time.monotonic()
        talk.waiting = False
        talk.turns += 1
        self.tally += 1
        self.last = now
        self.latencies.append(now - talk.spoke)
        if talk.done:
            self.talking.discard(talk.person.id)
            self.changed.ring()

    def _reply(self, talk: Talk, message: Wire, rows: list[list[Wire]]) -> None:
        button = chosen(rows)
        act: Callable[[], None]
        if talk.habit.manner == "tap":
            number = message["message_id"]
            act = lambda: self._tap(talk, number, button)  # noqa: E731  one of two acts, both without arguments
        else:
            act = lambda: self._say(talk, button["text"].removeprefix("✓ "))  # noqa: E731  see above
        if talk.habit.paced:
            self.ready.append(act)
        elif talk.habit.reads and is_list(rows):
            asyncio.get_running_loop().call_later(talk.habit.reads, act)
        else:
            act()

    def _tap(self, talk: Talk, message_id: int, button: Wire) -> None:
        talk.said.append(button["text"])
        self._speaks(talk)
        person, world = talk.person, self.double.world
        number = f"crowd-{next(self._queries)}"
        world.queries[number] = Query()
        body = {"id": number, "from": person.wire, "chat_instance": str(person.id), "data": button["callback_data"]}
        world.updates.push("callback_query", body | {"message": person.chat.records[message_id].wire}, person.id)

    def _say(self, talk: Talk, text: str) -> None:
        talk.said.append(text)
        self._speaks(talk)
        self.double.inject([(talk.person.id, text)])

    @staticmethod
    def _speaks(talk: Talk) -> None:
        talk.waiting = True
        talk.spoke = time.monotonic()
