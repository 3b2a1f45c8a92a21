"""Facts about moving together. Counts live in tables, not here: a company's round has thousands of ticks."""

from dataclasses import dataclass
from typing import ClassVar, TypeAlias


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundsAsked:
    """The wish to see one's rounds: the store knows them, and answers. `leaving`: whoever asks wants out."""

    kind: ClassVar[str] = "rounds-asked"
    leaving: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundWished:
    """A round to be started: `name` is one of those offered or typed, `begins` an ISO date, `goal` in days of all.

    `shown`: the starter's own name on the card; empty for none. `shares`: as in `RoundJoining`. `guest`: the starter
    has no profile and is known by platform id only.
    """

    kind: ClassVar[str] = "round-wished"
    name: str
    weeks: int
    goal: int
    begins: str
    shown: str = ""
    shares: bool = True
    guest: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundChanged:
    """What was agreed is to be something else. `granted`: when its group let this admin do so (epoch microseconds)."""

    kind: ClassVar[str] = "round-changed"
    round: int
    name: str
    weeks: int
    goal: int
    begins: str
    granted: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundAgain:
    """A round that is over is to go on, with the same people and groups, from that ISO day on."""

    kind: ClassVar[str] = "round-again"
    round: int
    begins: str
    granted: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundJoining:
    """The wish to take part. `shares`: a finished private session counts by itself; `shown`: a name on the card.

    `anew`: they take part already, and choose otherwise.
    """

    kind: ClassVar[str] = "round-joining"
    code: str
    shares: bool
    shown: str = ""
    anew: bool = False


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
    """Left, or ended for all by its starter, or by an admin of its group (`granted`, as in `RoundChanged`)."""

    kind: ClassVar[str] = "round-parted"
    round: int
    ends: bool = False
    granted: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundSeen:
    """One of somebody's rounds, as the store tells it: what was agreed, and what they may do there.

    `room_code`, which brings it into a group: its starter's only. `is_over`: it can go on. `granted`: an admin of its
    group asked for it then (epoch microseconds), and may change it for a while.
    """

    round: int
    name: str
    code: str
    begins: str
    weeks: int
    goal: int
    zone: str
    room_code: str = ""
    starts: bool = False
    takes_part: bool = False
    is_over: bool = False
    granted: int = 0


RoundFact: TypeAlias = (
    RoundsAsked
    | RoundWished
    | RoundChanged
    | RoundAgain
    | RoundJoining
    | RoundKnown
    | RoundMoved
    | RoundParted
    | RoundGone
)
