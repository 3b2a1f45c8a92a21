"""Facts about the several places of one person."""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True, kw_only=True)
class United:
    """What another place of the same person brought when it was linked: its flags and nothing else of its history.

    `locks`: disposition, since when (epoch microseconds) and items, the gravest first. `marks`: ISO day and what.
    `before`: the disposition apart from all locks; `soft`: ISO day since which a practice should look at something.
    """

    kind: ClassVar[str] = "united"
    channel: str
    disposition: str = ""
    locks: tuple[tuple[str, int, tuple[str, ...]], ...] = ()
    answers: tuple[tuple[str, str], ...] = ()
    once: tuple[str, ...] = ()  # lines that once were there and still count for what to mind
    tags: tuple[str, ...] = ()
    crisis_on: str = ""
    marks: tuple[tuple[str, str], ...] = ()
    limits: tuple[str, ...] = ()  # a physiotherapist's
    before: str = ""
    soft: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unlinked:
    """A place was taken away: the one that asked for it, or the others. `sealed`: one of all was encrypted."""

    kind: ClassVar[str] = "unlinked"
    here: bool
    sealed: bool = False
