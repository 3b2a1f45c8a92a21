"""What a turn wants of the member's places: the store carries it out in the transaction that saves the turn."""

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class MakeCode:
    """A code for linking, asked for here."""


@dataclass(frozen=True, slots=True)
class RedeemCode:
    """A code of another place, given here."""

    code: str


@dataclass(frozen=True, slots=True)
class Agree:
    """One side confirms. `keep`: whose history stays, `here` or `there`; empty where only one side has one."""

    link: int
    keep: str = ""


@dataclass(frozen=True, slots=True)
class Decline:
    """One side does not want it."""

    link: int


@dataclass(frozen=True, slots=True)
class Part:
    """Take this place away, or all the others."""

    here: bool


@dataclass(frozen=True, slots=True)
class PreferHere:
    """Prompts come here from now on."""


@dataclass(frozen=True, slots=True)
class MakeStepsKey:
    """A key with which the member's phone tells steps."""


PlaceWish: TypeAlias = MakeCode | RedeemCode | Agree | Decline | Part | PreferHere | MakeStepsKey
