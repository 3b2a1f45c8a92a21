"""Facts about moving together. Counts live in tables, not here: a company's round has thousands of ticks."""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundWished:
    """A round to be started: `name` is one of those offered, `begins` an ISO date, `goal` in active days of all.

    `shown`: the starter's own name on the card; empty for none.
    """

    kind: ClassVar[str] = "round-wished"
    name: str
    weeks: int
    goal: int
    begins: str
    shown: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundJoining:
    """The wish to take part. `shares`: a finished private session counts by itself; `shown`: a name on the card."""

    kind: ClassVar[str] = "round-joining"
    code: str
    shares: bool
    shown: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundKnown:
    """A round the member takes part in; the codes are known to its starter only, the first one to all."""

    kind: ClassVar[str] = "round-known"
    round: int
    name: str
    code: str
    begins: str
    weeks: int
    room_code: str = ""
    zone: str = ""  # where its days begin and end; empty in what was stored before: the member's own


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundGone:
    """It was ended for all, or left on its card: the member takes part in it no more."""

    kind: ClassVar[str] = "round-gone"
    round: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundMoved:
    """Moved on this day (ISO, the round's), whatever it was. Whether it counts, the store knows."""

    kind: ClassVar[str] = "round-moved"
    round: int
    day: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundParted:
    """Left, or ended for all by its starter."""

    kind: ClassVar[str] = "round-parted"
    round: int
    ends: bool = False
