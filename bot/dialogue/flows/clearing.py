"""The way back: what the practice said, when and who, then the lists again. Only this opens what a red flag locked."""

from dataclasses import dataclass, replace
from enum import StrEnum

from bot.dialogue.facts import Cleared, Decided, Disposed, PracticeSaid
from bot.dialogue.flows.changes import CHANGES, SAMPLE_CHANGES, Changed, ChangesStart
from bot.dialogue.flows.screening import SAMPLE_SCREENING, SCREENING, ScreeningStart
from bot.dialogue.questions import Choice, Place
from bot.dialogue.steps import Flow, FlowDef, ask, record, run, say
from bot.dialogue.text import text


@dataclass(frozen=True, slots=True, kw_only=True)
class ClearanceStart:
    """`practice` is false where no practice has to agree (a crisis, violence): the member's own wish opens.

    `changes`: the other half of a full screen. `needs_sure`: an answer that stays unsure opens nothing.
    `before`: visits that were before the flag, as answers of `Seen`: what was not there yet was not looked at.
    `places`: where each exercise begins again, as decisions of the rules (invariant I16).
    """

    disposition: str
    screening: ScreeningStart
    changes: ChangesStart | None = None
    needs_sure: bool = False
    practice: bool = True
    before: tuple[str, ...] = ()
    places: tuple[Decided, ...] = ()


class Said(StrEnum):
    OKAY = "okay"
    PARTLY = "partly"
    NOT_YET = "not_yet"


class Wish(StrEnum):
    AGAIN = "again"
    NOT_YET = "not_yet"


class By(StrEnum):
    FAMILY = "family"
    SPECIALIST = "specialist"
    CLINIC = "clinic"


class Seen(StrEnum):
    TODAY = "today"
    YESTERDAY = "yesterday"
    WEEK = "week"
    EARLIER = "earlier"


class Found(StrEnum):
    NOTHING = "nothing"
    KNOWN = "known"
    OPEN = "open"


class Opened(StrEnum):
    """How it ended: open again, locked by the lists, or not opened by anybody yet."""

    OPEN = "open"
    LOCKED = "locked"
    NOT_YET = "not_yet"


def _question(name: str, options: type[StrEnum], *, row: int = 1) -> Choice[StrEnum]:
    return Choice(
        id=f"clearance-{name}",
        text=text(f"clearance/{name}"),
        options=tuple(options),
        labels=f"clearance/{name}-reply",
        row=row,
        place=Place.BELOW if name in {"said", "wish"} else Place.CARD,
        done="clearance/done",
    )


def _clearance(start: ClearanceStart) -> Flow[Opened]:
    """The full screen again; clear means: open, at caution, in the lowest forms or two down."""
    soft = start.disposition == "doctor_soft"
    allowed = yield from (_practice(start.before, soft=soft) if start.practice else _wish())
    if allowed is None:
        return Opened.NOT_YET
    judged = yield from run(SCREENING, start.screening)
    if judged.locked:
        return Opened.LOCKED
    if start.changes is not None and (yield from run(CHANGES, start.changes)) is Changed.LOCKED:
        return Opened.LOCKED
    if start.needs_sure and judged.unsure:
        yield from say(text("clearance/unsure"))
        return Opened.NOT_YET
    by = "practice" if start.practice else "member"
    yield from record(Cleared(by=by, disposition=start.disposition), at_once=True)
    # "only some things" keeps loads low and lets nothing rise until someone says more
    opened = "doctor_soft" if allowed is Said.PARTLY or judged.disposition == "doctor_soft" else "caution"
    yield from record(Disposed(disposition=opened, items=judged.items), at_once=True)
    for place in start.places:
        yield from record(place)
    if allowed is Said.PARTLY:
        yield from say(text("clearance/partly"), links=("limits",))
    yield from say(
        text("clearance/more" if soft else "clearance/open" if start.practice else "clearance/open-own"),
        links=("today",),
    )
    return Opened.OPEN


def _practice(before: tuple[str, ...], *, soft: bool) -> Flow[StrEnum | None]:
    """What was said, by whom, when, and what was found; `None`: it stays as it is."""
    question = _question("said", Said)
    said = yield from ask(replace(question, text=text("clearance/said-soft")) if soft else question)
    not_yet = text("clearance/still-soft" if soft else "clearance/not-yet")
    if said == Said.NOT_YET:
        yield from record(PracticeSaid(said=said.value))
        yield from say(not_yet)
        return None
    by = yield from ask(_question("by", By))
    seen = yield from ask(_question("seen", Seen, row=2))
    if seen in before:
        yield from record(PracticeSaid(said=said.value, by=by.value, seen=seen.value))
        yield from say(text("clearance/too-early"))
        return None
    found = yield from ask(_question("found", Found))
    yield from record(PracticeSaid(said=said.value, by=by.value, seen=seen.value, found=found.value), at_once=True)
    if found == Found.OPEN:
        yield from say(not_yet)
        return None
    return Said(said.value)


def _wish() -> Flow[StrEnum | None]:
    wish = yield from ask(_question("wish", Wish))
    if wish == Wish.NOT_YET:
        yield from say(text("clearance/no-hurry"))
        return None
    return Said.OKAY


_BRIDGE = Decided(
    exercise="bruecke", change="level_down", rule="R_FLAG", level=1, dose_step=1, sets=2, sources=("D_DESIGN",)
)
CLEARANCE: FlowDef[ClearanceStart, Opened] = FlowDef(
    name="clearance",
    start=ClearanceStart,
    body=_clearance,
    results=tuple(Opened),
    samples=(
        ClearanceStart(disposition="doctor_first", screening=SAMPLE_SCREENING),
        ClearanceStart(
            disposition="emergency",
            screening=SAMPLE_SCREENING,
            changes=SAMPLE_CHANGES,
            needs_sure=True,
            before=("earlier",),
            places=(_BRIDGE,),
        ),
        ClearanceStart(disposition="crisis", screening=SAMPLE_SCREENING, practice=False),
        ClearanceStart(disposition="doctor_soft", screening=SAMPLE_SCREENING),
    ),
    parkable=False,
)
