"""The screening lists. A yes or unsure takes effect in the turn it is given; what follows can only lower it.

Sources and rules of every line stand in content/screening.yaml; they come in as plain values (`Line`), so that a list
asked yesterday still means the same today.
"""

from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from functools import lru_cache

from bot.coach.disposition import Disposition, forbids_exercise, worst
from bot.dialogue.appointments import Nature
from bot.dialogue.facts import Cleared, Disposed, Screened
from bot.dialogue.messages import Kind
from bot.dialogue.questions import ListAnswer, Many, Marked, SafetyChoice, SafetyList
from bot.dialogue.steps import After, Flow, FlowDef, ask, book, cancel, record, run, say
from bot.dialogue.text import Joined, Text, text

UNDECIDED = "undecided"  # unanswered for 10 minutes, the undecided yes counts
CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a list, with what each answer leads to.

    `beside`: with yes to this line, yes or unsure to any of these leads to `together` (both legs and a weak leg).
    """

    item: str
    yes: str
    unsure: str
    beside: tuple[str, ...] = ()
    together: str = ""
    ages: tuple[str, ...] = ()
    episodes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SafetyPage:
    """One list: its number, its place ("1 of 4") and its lines."""

    number: int
    place: int
    of: int
    lines: tuple[Line, ...]
    doctor: str = "112"  # whom to call meanwhile: emergency number, or the doctor on call for list 3
    corner: tuple[int, int] | None = None

    def without(self, items: set[str]) -> "SafetyPage":
        return replace(self, lines=tuple(line for line in self.lines if line.item not in items))


@dataclass(frozen=True, slots=True, kw_only=True)
class ScreeningStart:
    pages: tuple[SafetyPage, ...]
    intro: bool = False

    def without(self, items: set[str]) -> "ScreeningStart":
        """The same lists without lines whose answer is known; empty lists are left out."""
        pages = tuple(page.without(items) for page in self.pages)
        return replace(self, pages=tuple(page for page in pages if page.lines))


@dataclass(frozen=True, slots=True)
class Screening:
    """What the lists said: the highest disposition and the lines behind it."""

    disposition: str
    items: tuple[str, ...] = ()

    @property
    def locked(self) -> bool:
        return forbids_exercise(Disposition(self.disposition))


class YesNoUnsure(StrEnum):
    NO = "no"
    YES = "yes"
    UNSURE = "unsure"


CLEAR = Screening("go")


def _line_question(item: str, labels: str = "screening/single") -> SafetyChoice[YesNoUnsure]:
    return SafetyChoice(
        id=f"line/{item}",
        text=text("screening/one-line", line=Text(f"screening/{item}")),
        options=tuple(YesNoUnsure),
        labels=labels,
        row=3,
        kind=Kind.TALK,
        done="screening/line-done",
    )


def judge(lines: tuple[Line, ...], answers: dict[str, str]) -> Screening:
    """The highest disposition the answers lead to, and the lines that lead there or lock."""
    found: list[tuple[Disposition, str]] = []
    for line in lines:
        given = answers.get(line.item, "no")
        if given == "no":
            continue
        decided = Disposition(line.yes if given == "yes" else line.unsure)
        if given == "yes" and any(answers.get(other, "no") != "no" for other in line.beside):
            decided = Disposition(line.together)
        found.append((decided, line.item))
    if not found:
        return CLEAR
    top = worst(tuple(disposition for disposition, _ in found))
    return Screening(top.value, tuple(item for disposition, item in found if disposition is top))


def _answers_of(page: SafetyPage, named: frozenset[str], given: str) -> dict[str, str]:
    return {line.item: given if line.item in named else "no" for line in page.lines}


def _page(page: SafetyPage, *, intro: bool) -> Flow[Screening]:
    """One list, from the first look to what it decides."""
    items = tuple(line.item for line in page.lines)
    shown = Joined(
        tuple(
            text("screening/numbered", mark=CIRCLED[index], line=Text(f"screening/{item}"))
            for index, item in enumerate(items)
        )
    )
    lead = "screening/intro" if intro else "screening/again"
    answer = yield from ask(
        SafetyList(
            id=f"list-{page.number}",
            text=text(f"screening/list-{page.number}", lead=Text(lead), lines=shown, place=page.place, of=page.of),
            items=items,
            done="screening/list-done",
            corner=page.corner,
            links=("emergency",),
        )
    )
    if answer.marked is not Marked.NONE:
        answers = yield from _which_lines(page, answer)
    elif answer.hasty:
        yield from say(text("screening/hasty"))
        answers = yield from _line_by_line(items)
    else:
        answers = dict.fromkeys(items, "no")
    judged = judge(page.lines, answers)
    yield from record(Screened(list=page.number, answers=tuple(answers.items())), at_once=judged != CLEAR)
    if judged != CLEAR:
        yield from record(Disposed(disposition=judged.disposition, items=judged.items), at_once=True)
    return judged


def _line_by_line(items: tuple[str, ...]) -> Flow[dict[str, str]]:
    answers: dict[str, str] = {}
    for item in items:
        answers[item] = (yield from ask(_line_question(item))).value
    return answers


def _which_lines(page: SafetyPage, answer: ListAnswer) -> Flow[dict[str, str]]:
    """Lock at once for the worst the list can mean, then ask which line it is; that can only lower it."""
    given = "yes" if answer.marked is Marked.SOME else "unsure"
    if answer.items:
        return _answers_of(page, frozenset(answer.items), given)
    everything = _answers_of(page, frozenset(line.item for line in page.lines), given)
    worst = judge(page.lines, everything)
    yield from record(Disposed(disposition=worst.disposition, items=worst.items, provisional=True), at_once=True)
    yield from book(UNDECIDED, After(timedelta(minutes=10)), nature=Nature.SAFETY, at_once=True)
    options = tuple(line.item for line in page.lines)
    named = yield from ask(
        Many(
            id=f"which-{page.number}",
            text=text("screening/which", doctor=page.doctor),
            options=_item_enum(options),
            labels="screening/short",
            kind=Kind.EMERGENCY,
            back=False,
        )
    )
    yield from cancel(UNDECIDED, at_once=True)
    chosen = frozenset(item.value for item in named)
    return _answers_of(page, chosen, given) if chosen else everything


@lru_cache(maxsize=256)
def _item_enum(items: tuple[str, ...]) -> tuple[StrEnum, ...]:
    """The lines of one list as options; each page has its own set, so the enum is made from it."""
    return tuple(StrEnum("ScreeningItem", {item: item for item in items}))  # type: ignore[arg-type]  # functional API


def _screening(start: ScreeningStart) -> Flow[Screening]:
    """The lists in order; the first one that locks ends it. Otherwise the highest of all."""
    top = CLEAR
    for page in start.pages:
        judged = yield from _page(page, intro=start.intro and page is start.pages[0])
        if judged.locked:
            return judged
        if worst((Disposition(judged.disposition), Disposition(top.disposition))).value != top.disposition:
            top = judged
    return top


_SAMPLE_LINES = (
    Line(item="rf_saddle", yes="emergency", unsure="urgent"),
    Line(item="rf_legs", yes="emergency", unsure="urgent"),
    Line(item="rf_bilat", yes="urgent", unsure="urgent", beside=("rf_saddle", "rf_legs"), together="emergency"),
)
_SAMPLE_SOFT = (
    Line(item="rf_cancer", yes="doctor_first", unsure="caution"),
    Line(item="rf_walk", yes="doctor_soft", unsure="caution"),
)
SAMPLE_SCREENING = ScreeningStart(
    pages=(
        SafetyPage(number=1, place=1, of=2, lines=_SAMPLE_LINES),
        SafetyPage(number=4, place=2, of=2, lines=_SAMPLE_SOFT, doctor="116117"),
    ),
    intro=True,
)
SCREENING: FlowDef[ScreeningStart, Screening] = FlowDef(
    name="screening",
    start=ScreeningStart,
    body=_screening,
    results=(
        CLEAR,
        Screening("caution", ("rf_cancer",)),
        Screening("doctor_soft", ("rf_walk",)),
        Screening("doctor_first", ("rf_cancer",)),
        Screening("urgent", ("rf_bilat",)),
        Screening("emergency", ("rf_legs",)),
    ),
    samples=(SAMPLE_SCREENING,),
    parkable=False,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClearanceStart:
    """After a practice gave its okay: the lists again; what the practice knows is no longer asked."""

    disposition: str
    screening: ScreeningStart


def _clearance(start: ClearanceStart) -> Flow[bool]:
    """The full screen again; clear means: open, at caution, in the lowest forms. Returns whether it opened."""
    judged = yield from run(SCREENING, start.screening)
    if judged.locked:
        return False
    yield from record(Cleared(by="practice", disposition=start.disposition), at_once=True)
    yield from record(Disposed(disposition="caution", items=judged.items), at_once=True)
    yield from say(text("clearance/open"), links=("today",))
    return True


CLEARANCE: FlowDef[ClearanceStart, bool] = FlowDef(
    name="clearance",
    start=ClearanceStart,
    body=_clearance,
    results=(True, False),
    samples=(ClearanceStart(disposition="doctor_first", screening=SAMPLE_SCREENING),),
    parkable=False,
)
