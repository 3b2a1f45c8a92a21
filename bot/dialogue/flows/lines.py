"""The lines of a screening list as plain values, what an answer leads to, and the lock that stands while one is open.

Sources and rules of every line stand in content/screening.yaml; a list asked yesterday still means the same today.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from bot.coach.disposition import Disposition, forbids_exercise, worst
from bot.dialogue.appointments import Nature
from bot.dialogue.facts import Disposed
from bot.dialogue.steps import After, Flow, book, record
from bot.library.quick import altered, quick

UNDECIDED = "undecided"  # unanswered for 10 minutes, the undecided yes counts
WAITS = timedelta(minutes=10)
KNOWN = "known"  # long there, unchanged, known to a doctor
LATE = "late"  # an accident of three days to four weeks ago; stands for `LATE_ITEM` in the journal
LATE_ITEM = "rf_trauma_late"
_PRESENT = {"yes", "unsure"}


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a list, with what each answer leads to.

    `beside`: with yes to this line, yes or unsure to any of these leads to `together` (both legs and a weak leg).
    `follow`: which question may lower it (content/screening.yaml). Empty `known` and `late` lower nothing.
    """

    item: str
    yes: str
    unsure: str
    known: str = ""
    late: str = ""
    follow: str = "none"
    clarify: bool = False  # an unsure is asked about once more before it counts
    beside: tuple[str, ...] = ()
    together: str = ""
    ages: tuple[str, ...] = ()
    episodes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SafetyPage:
    """One list: its number, its place ("1 of 4") and its lines. `part`: only some of those that concern the member."""

    number: int
    place: int
    of: int
    lines: tuple[Line, ...]
    doctor: str = "112"  # whom to call meanwhile: emergency number, or the doctor on call for list 3
    corner: tuple[int, int] | None = None
    part: bool = False

    @property
    def gone_through(self) -> int:
        """Which list is answered with it; 0 for a part, which answers its own lines."""
        return 0 if self.part else self.number

    def without(self, items: set[str]) -> "SafetyPage":
        return altered(self, lines=tuple(line for line in self.lines if line.item not in items))


@dataclass(frozen=True, slots=True)
class Screening:
    """What the lists said: the highest disposition and the lines behind it. `unsure`: an answer stayed unsure."""

    disposition: str
    items: tuple[str, ...] = ()
    unsure: bool = False

    @property
    def locked(self) -> bool:
        return forbids_exercise(Disposition(self.disposition))


class YesNoUnsure(StrEnum):
    NO = "no"
    YES = "yes"
    UNSURE = "unsure"


CLEAR = Screening("go")


def leads_to(line: Line, given: str, answers: dict[str, str]) -> Disposition:
    """What one answer leads to beside the others; anything but no."""
    match given:
        case "yes" if any(answers.get(other) in _PRESENT for other in line.beside):
            return Disposition(line.together)
        case "yes":
            return Disposition(line.yes)
        case "known":
            return Disposition(line.known or line.yes)
        case "late":
            return Disposition(line.late or line.yes)
        case _:
            return Disposition(line.unsure)


def judge(lines: tuple[Line, ...], answers: dict[str, str]) -> Screening:
    """The highest disposition the answers lead to, and the lines that lead there or lock."""
    given = [(line, answers.get(line.item, "no")) for line in lines]
    found = [(leads_to(line, answer, answers), line.item) for line, answer in given if answer != "no"]
    if not found:
        return CLEAR
    top = worst(tuple(disposition for disposition, _ in found))
    items = tuple(item for disposition, item in found if disposition is top)
    return Screening(top.value, items, unsure=any(answer == "unsure" for _, answer in given))


def written(lines: tuple[Line, ...], answers: dict[str, str]) -> tuple[tuple[str, str], ...]:
    """The answers as the journal keeps them: an accident some time ago is a line of its own."""
    found: list[tuple[str, str]] = []
    for line in lines:
        given = answers.get(line.item, "no")
        found.append((line.item, KNOWN if given == LATE else given))
        if line.late:
            found.append((LATE_ITEM, "yes" if given == LATE else "no"))
    return tuple(found)


def close_for_now(judged: Screening) -> Flow[None]:
    """Lock in this very turn; follow-ups can only lower it, and after ten minutes without an answer it counts."""
    yield from record(Disposed(disposition=judged.disposition, items=judged.items, provisional=True), at_once=True)
    yield from book(UNDECIDED, After(WAITS), nature=Nature.SAFETY, at_once=True)
