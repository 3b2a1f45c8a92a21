"""What came while the store is away: kept in memory, so that receiving goes on and a cry for help is heard.

The saved position stays where it is: what is lost with the process is told again by the homeserver.
"""

from dataclasses import dataclass, field

from bot.channels.matrix.position import Position
from bot.channels.matrix.timeline import Batch

MOST = 20_000  # arrivals. What comes after them is only looked at, and asked for again once the store is back


@dataclass(slots=True)
class Unwritten:
    """`position`: up to which everything is in the batch; `None`: nothing waits."""

    batch: Batch = field(default_factory=Batch)
    position: Position | None = None
    is_full: bool = False

    def take(self, batch: Batch, following: Position) -> None:
        """In order: once something did not fit, nothing that came after it is taken."""
        waiting = len(self.batch.arrivals)
        self.is_full = self.is_full or (waiting > 0 and waiting + len(batch.arrivals) > MOST)
        if not self.is_full:
            self.batch.add(batch)
            self.position = following

    def written(self) -> Batch:
        """It is; what it was."""
        done, self.batch, self.position, self.is_full = self.batch, Batch(), None, False
        return done
