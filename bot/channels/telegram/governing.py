"""Who governs a group: asked of Telegram, all at once, for a moment only.

Anybody may write /stopp in any group they add the coach to, so the answer must never hold up what others write: a
question that takes too long counts as no, and for a minute nobody is asked again.
"""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from telegram.error import TelegramError

from bot.channels.channel import Arrival
from bot.channels.telegram.api import Api
from bot.dialogue.events import TextReceived

ASK_S = 0.7  # seconds
KEPT_S = 60.0  # an answer, and the rest after a question that took too long
AT_ONCE = 10  # questions a batch; who comes after them may try again
REMEMBERED = 1000
_GOVERNS = {"creator", "administrator"}


@dataclass(slots=True)
class Governing:
    """Of one account. `clock`: seconds, monotonic."""

    api: Api
    clock: Callable[[], float] = time.monotonic
    _known: OrderedDict[tuple[str, str], tuple[float, bool]] = field(default_factory=OrderedDict)
    _rests_until: float = 0.0

    async def known(self, arrivals: Sequence[Arrival]) -> list[Arrival]:
        """The same, with whether their writers govern their groups."""
        wanted = {(arrival.address.house, arrival.address.person) for arrival in arrivals}
        await self._ask([who for who in wanted if not self._is_known(who)][:AT_ONCE])
        return [self._marked(arrival) for arrival in arrivals]

    def _is_known(self, who: tuple[str, str]) -> bool:
        return who in self._known and self._known[who][0] > self.clock()

    def _marked(self, arrival: Arrival) -> Arrival:
        event, who = arrival.event, (arrival.address.house, arrival.address.person)
        if not isinstance(event, TextReceived):
            return arrival
        return replace(arrival, event=replace(event, governs=self._is_known(who) and self._known[who][1]))

    async def _ask(self, whom: Sequence[tuple[str, str]]) -> None:
        if not whom or self._rests_until > self.clock():
            return
        tasks = {asyncio.create_task(self._governs(*who)): who for who in whom}
        done, late = await asyncio.wait(tasks, timeout=ASK_S)
        for task in late:
            task.cancel()
        if late:
            self._rests_until = self.clock() + KEPT_S
        for task in done:
            if (governs := task.result()) is not None:
                self._known[tasks[task]] = self.clock() + KEPT_S, governs
                self._known.move_to_end(tasks[task])
        while len(self._known) > REMEMBERED:
            self._known.popitem(last=False)

    async def _governs(self, group: str, person: str) -> bool | None:
        try:
            found = await self.api.call("getChatMember", {"chat_id": int(group), "user_id": int(person)})
        except (TelegramError, ValueError):
            return None
        return isinstance(found, dict) and found.get("status") in _GOVERNS
