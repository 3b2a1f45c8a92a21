"""What intake and worker of one process know together about calls for help: who was answered, who still waits.

What is written down may stay unanswered: on a full disk a message may still fit where its turn does not. And a slow
store may have written what was answered from static text meanwhile; then the turn says nothing more.
"""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

REMEMBERED = 2000


@dataclass(slots=True)
class Helped:
    """`stuck`: the worker cannot save. Each entry of `_waiting` answers what is urgent among some arrivals."""

    stuck: bool = False
    _given: OrderedDict[tuple[str, str], None] = field(default_factory=OrderedDict)  # channel, source
    _waiting: list[Callable[[], None]] = field(default_factory=list)

    def note(self, channel: str, source: str) -> None:
        """A call for help was answered, and the answer delivered."""
        self._given[channel, source] = None
        while len(self._given) > REMEMBERED:
            self._given.popitem(last=False)

    def knows(self, channel: str, source: str) -> bool:
        return (channel, source) in self._given

    def written(self, help_them: Callable[[], None]) -> None:
        """Arrivals were written down. If nothing can be worked on, whoever calls for help among them is answered."""
        if self.stuck:
            help_them()
        else:
            self._waiting = [*self._waiting[-REMEMBERED:], help_them]

    def worked(self) -> None:
        """All that was written so far has been worked on, or is about to be."""
        self.stuck = False
        self._waiting.clear()

    def cannot_work(self) -> None:
        self.stuck = True
        waiting, self._waiting = self._waiting, []
        for help_them in waiting:
            help_them()
