"""The screening lists. A yes or unsure takes effect in the turn it is given; what follows can only lower it."""

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from bot.coach.disposition import Disposition, worst
from bot.dialogue.facts import Cleared, Disposed, Screened
from bot.dialogue.flows.following import can_lower, clarified, followed, is_unclear
from bot.dialogue.flows.lines import (
    CLEAR,
    UNDECIDED,
    Line,
    SafetyPage,
    Screening,
    YesNoUnsure,
    close_for_now,
    judge,
    written,
)
from bot.dialogue.messages import Kind
from bot.dialogue.questions import Choice, ListAnswer, Many, Marked, SafetyChoice, SafetyList
from bot.dialogue.steps import Flow, FlowDef, ask, cancel, record, say
from bot.dialogue.text import Joined, Text, text
from bot.library.quick import altered

CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮"


@dataclass(frozen=True, slots=True, kw_only=True)
class ScreeningStart:
    """`floor`: the disposition that stood before; lists asked later never leave less than it.

    `lead`: the key of what stands before the first list, where it is not the usual. `singly`: list 1 line by line.
    """

    pages: tuple[SafetyPage, ...]
    intro: bool = False
    lead: str = ""
    singly: bool = False
    floor: str = "go"

    def without(self, items: set[str]) -> "ScreeningStart":
        """The same lists without lines whose answer is known; empty lists are left out."""
        pages = tuple(page.without(items) for page in self.pages)
        return altered(self, pages=tuple(page for page in pages if page.lines))

    def only(self, items: frozenset[str] | set[str]) -> "ScreeningStart":
        """Nothing but these lines, as parts of their lists."""
        rest = self.without({line.item for page in self.pages for line in page.lines} - items)
        return altered(rest, pages=tuple(altered(page, part=True) for page in rest.pages))


class Meant(StrEnum):
    """Whether a yes was meant, where it locks nothing and so has no room with [Vertippt]."""

    RIGHT = "right"
    MISTAKE = "mistake"


def _line_question(page: SafetyPage, item: str, *, locked: bool) -> SafetyChoice[YesNoUnsure]:
    line = Text(f"screening/{item}")
    return SafetyChoice(
        id=f"line/{item}",
        text=text("screening/next-line", line=line, doctor=page.doctor)
        if locked
        else text("screening/one-line", line=line),
        options=tuple(YesNoUnsure),
        labels="screening/single",
        row=3,
        kind=Kind.EMERGENCY if locked else Kind.TALK,
        done="screening/line-done",
    )


def _new_line(item: str, lead: str, number: int, of: int) -> Text:
    line = Text(f"screening/{item}")
    if lead:
        return text("lists/first-line", lead=Text(lead), line=line, number=number, of=of)
    return text("lists/line", line=line, number=number, of=of)


def _answers_of(page: SafetyPage, named: frozenset[str], given: str) -> dict[str, str]:
    return {line.item: given if line.item in named else "no" for line in page.lines}


def _page(page: SafetyPage, lead: str) -> Flow[Screening]:
    """One list, from the first look to what it decides."""
    items = tuple(line.item for line in page.lines)
    shown = Joined(
        tuple(
            text("screening/numbered", mark=CIRCLED[index], line=Text(f"screening/{item}"))
            for index, item in enumerate(items)
        )
    )
    answer = yield from ask(
        SafetyList(
            id=f"list-{page.number}",
            text=_list_text(page, Text(lead), shown),
            items=items,
            done="screening/list-done",
            corner=page.corner,
            links=("emergency",),
        )
    )
    if answer.marked is not Marked.NONE:
        return (yield from _marked(page, answer))
    if answer.hasty:
        yield from say(text("screening/hasty"))
        return (yield from _line_by_line(page))
    none = dict.fromkeys(items, "no")
    yield from record(Screened(list=page.gone_through, answers=written(page.lines, none)))
    return CLEAR


def _list_text(page: SafetyPage, lead: Text, lines: Joined) -> Text:
    """A list that stands alone needs no place among others."""
    if page.of == 1:
        return text("screening/list-alone", lead=lead, lines=lines)
    return text(f"screening/list-{page.number}", lead=lead, lines=lines, place=page.place, of=page.of)


def _line_by_line(page: SafetyPage, lead: str = "") -> Flow[Screening]:
    """Every line alone. The first yes or unsure locks in its own turn; graver ones may still join it.

    `lead`: the list begins with its lines, instead of being gone through again.
    """
    answers: dict[str, str] = {}
    locked = False
    for number, line in enumerate(page.lines, start=1):
        question = _line_question(page, line.item, locked=locked)
        if lead and not locked:
            question = altered(
                question, text=_new_line(line.item, lead if number == 1 else "", number, len(page.lines))
            )
        given = (yield from ask(question)).value
        answers[line.item] = given
        if given != "no":
            yield from record(Screened(list=0, answers=((line.item, given),)), at_once=True)
            judged = judge(page.lines, answers)
            yield from close_for_now(judged)
            locked = judged.locked
    return (yield from _decided(page, answers))


def _marked(page: SafetyPage, answer: ListAnswer) -> Flow[Screening]:
    """Lock at once for the worst the list can mean, then ask which line it is; that can only lower it."""
    given = "yes" if answer.marked is Marked.SOME else "unsure"
    if answer.items:
        return (yield from _decided(page, _answers_of(page, frozenset(answer.items), given)))
    everything = _answers_of(page, frozenset(line.item for line in page.lines), given)
    alone = tuple(altered(line, beside=()) for line in page.lines)  # nobody has named two lines yet
    yield from close_for_now(judge(alone, everything))
    named = yield from ask(
        Many(
            id=f"which-{page.number}",
            text=text("screening/which", doctor=page.doctor),
            done="screening/which-done",
            options=_item_enum(tuple(line.item for line in page.lines)),
            labels="screening/short",
            kind=Kind.EMERGENCY,
            back=False,
        )
    )
    chosen = frozenset(item.value for item in named)
    if not chosen:
        return (yield from _decided(page, everything, follow=False))
    return (yield from _decided(page, _answers_of(page, chosen, given)))


def _decided(page: SafetyPage, answers: dict[str, str], *, follow: bool = True) -> Flow[Screening]:
    """Write the answers down in the turn they are given, ask what may lower them, and decide."""
    judged = judge(page.lines, answers)
    first = Screened(list=page.gone_through, answers=written(page.lines, answers))
    yield from record(first, at_once=judged != CLEAR)
    if follow and any(is_unclear(line, answers) for line in page.lines):
        answers = yield from clarified(page.lines, answers)
        judged = judge(page.lines, answers)
        second = Screened(list=page.gone_through, answers=written(page.lines, answers))
        if second != first:
            first = second
            yield from record(first, at_once=True)
    if follow and any(can_lower(line, answers) for line in page.lines):
        yield from close_for_now(judged)
        answers = yield from followed(page, answers)
        judged = judge(page.lines, answers)
        last = Screened(list=page.gone_through, answers=written(page.lines, answers))
        if last != first:
            yield from record(last, at_once=True)
    if judged != CLEAR:
        yield from cancel(UNDECIDED, at_once=True)
        yield from record(Disposed(disposition=judged.disposition, items=judged.items), at_once=True)
    return judged


def _meant(page: SafetyPage, judged: Screening, floor: str) -> Flow[Screening]:
    """A line that only keeps loads low counts already; a mistaken tap is taken back here, once, line by line."""
    item, *_ = judged.items
    meant = yield from ask(
        Choice(
            id=f"meant-{page.number}",
            text=text("screening/meant", line=Text(f"screening/{item}")),
            options=tuple(Meant),
            labels="screening/meant-reply",
            done="screening/meant-done",
            back=False,
        )
    )
    if meant is Meant.RIGHT:
        return judged
    answers: dict[str, str] = {}
    for line in page.lines:
        question = altered(_line_question(page, line.item, locked=False), id=f"correct/{line.item}")
        question = altered(question, text=text("correction/line", line=Text(f"screening/{line.item}")))
        answers[line.item] = (yield from ask(question)).value
    answers = yield from clarified(page.lines, answers)
    corrected = judge(page.lines, answers)
    yield from record(Screened(list=page.gone_through, answers=written(page.lines, answers)), at_once=True)
    yield from record(Cleared(by="correction", disposition=judged.disposition), at_once=True)
    stands = floor if corrected == CLEAR else corrected.disposition
    yield from record(Disposed(disposition=stands, items=corrected.items, corrected=True), at_once=True)
    if corrected == CLEAR:
        yield from say(text("correction/clear"))
    return corrected


@lru_cache(maxsize=256)
def _item_enum(items: tuple[str, ...]) -> tuple[StrEnum, ...]:
    """The lines of one list as options; each page has its own set, so the enum is made from it."""
    return tuple(StrEnum("ScreeningItem", {item: item for item in items}))  # type: ignore[arg-type]  # functional API


def _lead(start: ScreeningStart, page: SafetyPage) -> str:
    if page is not start.pages[0]:
        return "screening/again"
    return start.lead or ("screening/intro" if start.intro else "screening/again")


def _screening(start: ScreeningStart) -> Flow[Screening]:
    """The lists in order; the first one that locks ends it. Otherwise the highest of all."""
    top, unsure = CLEAR, False
    for page in start.pages:
        lead = _lead(start, page)
        singly = start.singly and page.number == 1
        judged = yield from (_line_by_line(page, lead) if singly else _page(page, lead))
        if judged.disposition == Disposition.DOCTOR_SOFT != start.floor:
            judged = yield from _meant(page, judged, start.floor)
        if judged.locked:
            return judged
        unsure = unsure or judged.unsure
        if worst((Disposition(judged.disposition), Disposition(top.disposition))).value != top.disposition:
            top = judged
    if top != CLEAR and worst((Disposition(start.floor), Disposition(top.disposition))).value != top.disposition:
        yield from record(Disposed(disposition=start.floor), at_once=True)
    return altered(top, unsure=unsure)


_SAMPLE_LINES = (
    Line(item="rf_saddle", yes="emergency", unsure="urgent", known="caution", follow="since"),
    Line(item="rf_trauma", yes="emergency", unsure="urgent", known="caution", late="urgent", follow="accident"),
    Line(item="rf_legs", yes="emergency", unsure="urgent"),
    Line(item="rf_bilat", yes="urgent", unsure="urgent", beside=("rf_saddle", "rf_legs"), together="emergency"),
)
_SAMPLE_SOFT = (
    Line(item="rf_cancer", yes="doctor_first", unsure="caution", known="caution", follow="checked"),
    Line(item="rf_walk", yes="doctor_soft", unsure="caution"),
    Line(item="rf_heart", yes="doctor_first", unsure="caution", known="doctor_first", clarify=True),
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
        Screening("caution", ("rf_cancer",), unsure=True),
        Screening("doctor_soft", ("rf_walk",)),
        Screening("doctor_first", ("rf_cancer",)),
        Screening("urgent", ("rf_bilat",)),
        Screening("emergency", ("rf_legs",)),
    ),
    samples=(SAMPLE_SCREENING,),
    parkable=False,
)

__all__ = [
    "CLEAR",
    "SAMPLE_SCREENING",
    "SCREENING",
    "UNDECIDED",
    "Line",
    "SafetyPage",
    "Screening",
    "ScreeningStart",
    "YesNoUnsure",
    "judge",
]
