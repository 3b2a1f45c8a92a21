"""How long what comes now may have waited at Telegram: taps tell no time, and those that waited are nobody's fault."""

from dataclasses import dataclass

SECOND = 1_000_000
KEPT_S = 24 * 3600  # so long Telegram keeps what it could not deliver
CATCHING_UP_S = 600  # a webhook is told in Telegram's own time what it missed


@dataclass(slots=True)
class Backlog:
    """`missed_at`: when something could not be delivered, or the start. `empty_at`: when last nothing waited there.

    Epoch microseconds.
    """

    missed_at: int
    empty_at: int | None = None

    def polled_s(self, now: int) -> int:
        """For updates that were fetched."""
        return KEPT_S if self.empty_at is None else min(KEPT_S, max(0, now - self.empty_at) // SECOND)

    def posted_s(self, now: int) -> int:
        """For an update that Telegram brought: only after a time when it could not."""
        return KEPT_S if 0 <= now - self.missed_at < CATCHING_UP_S * SECOND else 0
